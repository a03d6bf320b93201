"""Intake: money that arrives, and the loans it is for."""
