"""Text in and out: the documents the system reads and writes."""
