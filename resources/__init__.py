"""Files shipped with the program: weights, icons, the sample photo, translations."""
