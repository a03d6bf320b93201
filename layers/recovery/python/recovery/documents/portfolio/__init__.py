"""Lists of loans, and reports about them."""
