"""Crystals in the Crystallographic Information File format (CIF)."""

from lamion.formats.cif.reader import read_crystal, read_raw_crystal
from lamion.formats.cif.writer import cif_text

__all__ = ["read_crystal", "read_raw_crystal", "cif_text"]
