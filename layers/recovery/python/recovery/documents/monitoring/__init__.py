"""The standing of a loan as JSON."""
