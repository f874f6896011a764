"""What a cell delivers to what limits it."""
