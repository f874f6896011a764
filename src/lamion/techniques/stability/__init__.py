"""Within which voltages an electrolyte is stable."""
