"""The learned operators (the non-invertible branch)."""
