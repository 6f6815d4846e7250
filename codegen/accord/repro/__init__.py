"""A finding seen again: the claim it makes, as data, as a shell line, as a program."""
