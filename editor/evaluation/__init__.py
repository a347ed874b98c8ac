"""The quality table of this build, through real files."""
