"""What the capabilities stand on: table, key, bus, functions, queues, alerts."""
