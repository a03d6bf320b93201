"""Build instalment schedules from loan terms."""
