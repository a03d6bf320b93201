"""Judicial: what can be claimed on a loan, from its record."""
