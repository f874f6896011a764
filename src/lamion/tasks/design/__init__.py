"""What a measurement needs for the precision that is wanted."""
