"""accord holds an HTTP API to its schema."""
