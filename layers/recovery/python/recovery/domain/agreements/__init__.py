"""New schedules for a loan in difficulty, and what they cost."""
