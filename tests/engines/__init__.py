"""Independent models that the tests hold lamion against."""
