"""Import portfolios."""
