"""Crystals (CIF) and molecules (XYZ) among the formats; their readers are imported when such a file comes."""

from __future__ import annotations

import re

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.table import parse_number

_BLOCK = re.compile(r"^\s*data_", re.IGNORECASE)
_STRUCTURE = re.compile(r"^\s*_(?:cell_length|atom_site)[._]", re.IGNORECASE)
_ELEMENT = re.compile(r"[A-Z][a-z]?")


def _is_cif(raw: RawFile) -> bool:
    if b"data_" not in raw.content.lower():
        return False
    lines = [line.text for line in raw.text.lines]
    return any(map(_BLOCK.match, lines)) and any(map(_STRUCTURE.match, lines))


def _read_cif(raw: RawFile) -> Parsed:
    from lamion.formats.cif.reader import read_raw_crystal

    crystal = read_raw_crystal(raw)
    return Parsed((crystal,), crystal.metadata)


def _is_xyz(raw: RawFile) -> bool:
    atom = raw.text.line(3).split()
    return bool(
        re.fullmatch(r"\s*\d{1,9}\s*", raw.text.line(1))
        and len(atom) >= 4
        and _ELEMENT.fullmatch(atom[0])
        and all(map(parse_number, atom[1:4]))
    )


def _read_xyz(raw: RawFile) -> Parsed:
    from lamion.formats.xyz import read_raw_molecule

    molecule = read_raw_molecule(raw)
    return Parsed((molecule,), molecule.metadata)


CIF = Format("Crystallographic Information File (CIF)", _is_cif, _read_cif, kinds=("crystal",))
XYZ = Format("XYZ of a molecule", _is_xyz, _read_xyz, kinds=("molecule",))
