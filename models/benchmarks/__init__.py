"""What things cost, beside named references."""
