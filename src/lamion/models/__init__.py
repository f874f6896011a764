"""Property to prediction."""
