"""Use cases: one action each, working through ports."""
