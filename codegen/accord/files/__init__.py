"""What recordings are kept in: found, opened, unpacked, salvaged, and written whole."""
