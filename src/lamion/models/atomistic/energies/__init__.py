"""Energies of structures: adsorption, coordination, reduction."""
