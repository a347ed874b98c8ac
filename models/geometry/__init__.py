"""Which part of a photo is shown, and which way up."""
