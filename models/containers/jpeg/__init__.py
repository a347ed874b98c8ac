"""JPEG containers: the photo in the quantised coefficients of its look's file."""
