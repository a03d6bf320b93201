"""Events for other systems: their shape on the bus, and its JSON Schema."""
