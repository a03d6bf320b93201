"""Agreements: the yes by a code, and the letters that say what was agreed."""
