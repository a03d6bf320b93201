"""Questions to the engine alone, and their answers."""
