"""Pictures that carry their original: one file per kind of container."""
