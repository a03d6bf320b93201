"""A case's execution: its steps, its signals and people's decisions."""
