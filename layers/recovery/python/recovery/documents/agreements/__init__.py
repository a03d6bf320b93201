"""Agreements as documents."""
