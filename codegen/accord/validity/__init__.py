"""Is a value valid? The authority, and the accept filter that stands in front of it."""
