"""The state of the work: document, undo, settings, recovery after a crash."""
