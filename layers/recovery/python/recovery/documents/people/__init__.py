"""What a person told, asks for and has a right to, as requests."""
