"""How late a loan is, since when, and what its payment behaviour shows."""
