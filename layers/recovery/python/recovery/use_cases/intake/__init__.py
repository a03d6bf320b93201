"""A portfolio taken up."""
