"""Programs that prepare data and train the networks (`python -m`)."""
