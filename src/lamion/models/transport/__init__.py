"""Ion transport in the electrolyte: concentration, potential and current between two electrodes."""
