"""What containers and operators cost, compared with named references."""
