"""Money, dates and errors, shared by every rule."""
