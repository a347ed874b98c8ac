"""Picture files: reading, writing, metadata and colour spaces."""
