"""Portfolio-level figures."""
