"""What changed between two revisions, who breaks, and how it is told."""
