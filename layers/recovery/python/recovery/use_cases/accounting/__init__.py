"""Payments taken and reversed."""
