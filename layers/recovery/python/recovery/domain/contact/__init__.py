"""Who may receive which message, when and by which channel."""
