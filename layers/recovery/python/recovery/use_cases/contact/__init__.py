"""Send messages, or record why not."""
