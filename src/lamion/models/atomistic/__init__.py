"""From atoms to predictions: sheets, their diffraction and pores, energies of adsorption and coordination.

Lengths are in angstrom and energies in eV throughout this room, as in the field and in ASE.
"""
