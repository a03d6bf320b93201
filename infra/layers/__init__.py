"""The Lambda layers and how they are built."""
