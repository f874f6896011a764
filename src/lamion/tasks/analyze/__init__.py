"""Raw files to a property."""
