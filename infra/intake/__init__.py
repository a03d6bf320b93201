"""Portfolios that come in as files."""
