"""Records of a polarised cell to the transport properties of its electrolyte."""
