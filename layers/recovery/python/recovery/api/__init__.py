"""The HTTP API: one router per capability, and one table that maps errors to answers."""
