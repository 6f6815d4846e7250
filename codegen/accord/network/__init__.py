"""One request over one connection: limits, manners, and secrets that are put in at the last moment."""
