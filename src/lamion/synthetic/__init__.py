"""Known truth and stated noise to record, one file per instrument."""
