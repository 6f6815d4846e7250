"""What is found, weighed: what shows one cause, how small it can be, how much it counts, however exchanges came by."""
