"""Judicial recovery: which procedure a claim may take, for how much, and until when."""
