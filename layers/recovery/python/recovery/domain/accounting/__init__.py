"""What is due, paid and unpaid on a loan: every money fact taken up by its date."""
