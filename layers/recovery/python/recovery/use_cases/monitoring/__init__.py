"""Loans reviewed and read."""
