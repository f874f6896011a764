"""`lamion design`: what a measurement needs for the precision that is wanted."""
