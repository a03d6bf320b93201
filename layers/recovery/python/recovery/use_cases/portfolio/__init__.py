"""Loans that change hands, and reports about many of them."""
