"""Programs that prepare data, train the networks and evaluate them (`python -m`)."""
