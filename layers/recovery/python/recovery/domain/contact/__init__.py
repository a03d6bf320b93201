"""Who may be told what, when and by which channel."""
