"""The daily review and its state machine."""
