"""Adapters to AWS, one file per service; they make no decisions."""
