"""Mechanics: elastic moduli from indentation."""
