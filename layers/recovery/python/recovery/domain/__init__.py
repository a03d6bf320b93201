"""The rules: pure functions over frozen values, with the date passed in."""
