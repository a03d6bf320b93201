"""Post and reverse payments."""
