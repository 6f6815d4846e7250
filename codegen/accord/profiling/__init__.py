"""What a body of values looks like, place by place, and what of a contract it has touched."""
