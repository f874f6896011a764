"""Record to property, one folder per field and one file per method."""
