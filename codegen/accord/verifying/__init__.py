"""Recordings held to a contract, a part at a time, as tallies that add up."""
