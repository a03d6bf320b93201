"""Offline: fit the early warning's weights, and test them on a portfolio's own past."""
