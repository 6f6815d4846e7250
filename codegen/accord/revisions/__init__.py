"""Two revisions of one contract side by side."""
