"""One thing each, through ports."""
