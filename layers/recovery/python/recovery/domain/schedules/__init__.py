"""Schedules of instalments from a loan's terms."""
