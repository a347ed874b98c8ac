"""The quasi-invertible network and the other networks of restoring."""
