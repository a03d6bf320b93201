"""The recovery case and its state machine."""
