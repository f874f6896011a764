"""Options that several tasks share."""
