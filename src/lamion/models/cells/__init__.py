"""From an electrolyte's properties to the voltage, the capacity and the energy of cells."""
