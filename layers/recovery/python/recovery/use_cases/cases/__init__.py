"""A case's execution: its steps, its signals, and what people decide."""
