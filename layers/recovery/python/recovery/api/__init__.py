"""The HTTP API: one router a capability, and one table of what an error becomes."""
