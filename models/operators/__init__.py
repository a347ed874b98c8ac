"""The reference image operators: one file per look, all of one shape, listed by `registry`."""
