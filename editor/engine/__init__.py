"""What the editor does, without a window: edits, looks, export, restoring."""
