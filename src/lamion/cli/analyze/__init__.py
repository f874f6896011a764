"""`lamion analyze`: raw files to a property, one file per analysis."""
