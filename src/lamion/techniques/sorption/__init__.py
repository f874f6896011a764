"""From an isotherm to an area and a width of pores."""
