"""The four stages, and the case that moves through them."""
