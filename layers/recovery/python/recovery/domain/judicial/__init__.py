"""Judicial: what the law lets a lender claim, by which route, and until when."""
