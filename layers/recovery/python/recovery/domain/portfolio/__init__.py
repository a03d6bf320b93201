"""Figures of many loans together."""
