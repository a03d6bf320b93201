"""Shared infrastructure: table, key, bus, functions, queues, alerts."""
