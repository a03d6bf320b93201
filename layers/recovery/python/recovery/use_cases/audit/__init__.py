"""Audit: daily roots, exports as known on a day."""
