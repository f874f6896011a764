"""Facts about substances, with unit, conditions, source and grade; formulations and electrolytes."""
