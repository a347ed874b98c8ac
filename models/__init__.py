"""Image processing: operators, networks, codes, containers."""
