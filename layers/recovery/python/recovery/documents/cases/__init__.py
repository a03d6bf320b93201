"""Signals as the input and output of executions."""
