"""What is due, paid and unpaid on a loan, from its dated money facts."""
