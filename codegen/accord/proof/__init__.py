"""Two schemas as two sets: containment proved, or refuted by the simplest value that shows it."""
