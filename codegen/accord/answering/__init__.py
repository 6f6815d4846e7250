"""How the embedded service reads a request and what it answers."""
