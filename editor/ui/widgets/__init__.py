"""Small widgets and the theme that all others share."""
