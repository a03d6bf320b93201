"""Payments from outside."""
