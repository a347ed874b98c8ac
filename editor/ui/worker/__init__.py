"""Pixel work on the background thread."""
