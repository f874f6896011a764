"""File to record, one file per instrument or exchange format."""
