"""Programs for developers: the benchmark of the window, translations."""
