"""Judicial recovery: which procedure a claim may take, and what stands in its way."""
