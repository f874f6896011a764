"""What printed numbers say of each other."""
