"""Audit: roots under lock, made every day; exports for auditors."""
