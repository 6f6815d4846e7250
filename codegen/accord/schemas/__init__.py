"""JSON Schema as a language: its keywords, patterns, formats; what they mean together; older drafts lowered."""
