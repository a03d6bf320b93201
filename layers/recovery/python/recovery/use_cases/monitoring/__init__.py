"""Review loans and read their standing."""
