r"""Molecules and clusters in the XYZ format: a count, a comment, and one line per atom.

The extended form is written, whose comment names charge and multiplicity; both are read back, and default to 0 and to
the lowest multiplicity that the electrons allow. A comment that gives a lattice makes the file a crystal, which is
refused here: crystals are read from CIF.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import RawFile
from lamion.formats.loading import load
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError, InputError
from lamion.substances.elements import ATOMIC_NUMBERS
from lamion.substances.molecule import Molecule

_LARGEST = 4 * 2**20
_MOST = 5000
_COLUMNS = "species:s:1:pos:r:3"
_ENTRY = re.compile(r"(?:^|(?<=\s))(\w+)\s*=\s*(\"[^\"]*\"|\S+)", re.ASCII)


def xyz_text(molecule: Molecule, cell: NDArray[np.float64] | None = None) -> str:
    """Write a molecule, or the atoms of a crystal's cell.

    Parameters
    ----------
    molecule : Molecule
        With its charge and multiplicity.
    cell : array, shape (3, 3), optional
        The vectors a, b and c of a crystal as rows, angstrom; then no charge and no multiplicity are written, since a
        piece of a crystal has none of its own.

    Returns
    -------
    str

    Examples
    --------
    >>> print(xyz_text(Molecule("helium", ("He",), np.zeros((1, 3)))), end="")
    1
    Properties=species:S:1:pos:R:3 charge=0 multiplicity=1 name="helium"
    He 0.000000 0.000000 0.000000
    """
    name = re.sub(r"[^\w +.-]", "_", molecule.name)
    head = f'charge={molecule.charge} multiplicity={molecule.multiplicity} name="{name}"'
    if cell is not None:
        vectors = " ".join(f"{value:.6f}" for value in (cell + 0.0).ravel())
        head = f'Lattice="{vectors}" pbc="T T T" name="{name}"'
    lines = [str(len(molecule)), f"Properties=species:S:1:pos:R:3 {head}"]
    for symbol, place in zip(molecule.symbols, molecule.positions + 0.0, strict=True):
        lines.append(" ".join([symbol, *(f"{value:.6f}" for value in place)]))
    return "\n".join(lines) + "\n"


def read_molecule(path: str | Path) -> Molecule:
    """Read a molecule from a file.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Molecule

    Raises
    ------
    InputError
        When the file cannot be read.
    FileFormatError
        When it is no XYZ, contradicts itself, has other columns than element and place, or is periodic (``Lattice=``).
    """
    return read_raw_molecule(load(path))


def read_raw_molecule(raw: RawFile) -> Molecule:
    r"""Read a molecule from a file in memory; as :func:`read_molecule`.

    Parameters
    ----------
    raw : RawFile
        The file.

    Examples
    --------
    >>> read_raw_molecule(RawFile("a.xyz", b"1\ncharge=1\nLi 0 0 0\n")).electrons
    2
    """
    if raw.size > _LARGEST:
        raise _refused(raw, "", f"at most {_LARGEST >> 20} MiB", f"{raw.size / 2**20:.1f} MiB")
    lines = [line.text for line in raw.text.lines]
    while lines and not lines[-1].strip():
        lines.pop()
    count = _count(raw, lines)
    said = _entries(raw, lines[1] if len(lines) > 1 else "")
    _check_entries(raw, said)
    rows = lines[2:]
    if len(rows) != count:
        raise _refused(raw, "line 1", f"{len(rows)}, the number of lines with atoms", f"{count}")
    if not raw.text.terminated:
        raise _refused(raw, f"line {len(lines)}", "a line end behind the last atom", "a cut line")
    atoms = [_atom(raw, number, row) for number, row in enumerate(rows, start=3)]
    symbols = tuple(symbol for symbol, _ in atoms)
    charge = _declared(raw, said, "charge", 0)
    electrons = sum(ATOMIC_NUMBERS[symbol] for symbol in symbols) - charge
    multiplicity = _declared(raw, said, "multiplicity", 1 + electrons % 2)
    try:
        places = np.array([place for _, place in atoms])
        return Molecule(
            Path(raw.name).stem, symbols, places, charge, multiplicity, _said(symbols, charge, multiplicity)
        )
    except InputError as error:
        raise _refused(raw, "", "a possible molecule", str(error).rstrip(".")) from error


def _said(symbols: tuple[str, ...], charge: int, multiplicity: int) -> dict[str, str]:
    """Return what the molecule is, for people."""
    counts = {symbol: symbols.count(symbol) for symbol in dict.fromkeys(symbols)}
    formula = " ".join(f"{symbol}{count if count > 1 else ''}" for symbol, count in counts.items())
    said = {"formula": formula, "charge": str(charge), "multiplicity": str(multiplicity)}
    return {**said, "atoms": str(len(symbols))}


def _entries(raw: RawFile, comment: str) -> dict[str, str]:
    """Return the comment's entries, ``key=value`` in any case and with any spaces."""
    found: dict[str, str] = {}
    for key, value in _ENTRY.findall(comment):
        if key.lower() in found:
            raise _refused(raw, "line 2", f"one value for {key}", "two", f"Keep the {key} that is meant.")
        found[key.lower()] = value.strip('"')
    for key in ("charge", "multiplicity"):
        if key not in found and re.search(rf"(?:^|\W){key}(?:\W|$)", comment, re.IGNORECASE):
            raise _refused(raw, "line 2", f"{key}=N", repr(comment[:60]), f"Write it like {key}=1, or leave it away.")
    return found


def _check_entries(raw: RawFile, entries: dict[str, str]) -> None:
    """Refuse an extended comment that makes the atoms something else than a molecule."""
    periodic = [word[:1].upper() for word in entries.get("pbc", "T").split()]
    if not set(periodic) <= {"T", "F"}:
        raise _refused(raw, "line 2", "pbc of T and F", entries["pbc"][:40], 'Write pbc="F F F" for a molecule.')
    if "lattice" in entries and "T" in periodic:
        advice = "Export the crystal as a CIF; to read its atoms as a molecule, delete Lattice and pbc from line 2."
        raise _refused(raw, "line 2", "a molecule", "a periodic structure (Lattice)", advice)
    columns = entries.get("properties", _COLUMNS)
    if columns.lower() != _COLUMNS:
        advice = "Export the molecule with element and place alone."
        raise _refused(raw, "line 2", f"the columns {_COLUMNS}", columns[:60], advice)


def _count(raw: RawFile, lines: list[str]) -> int:
    first = lines[0].strip() if lines else ""
    if not re.fullmatch(r"\d{1,5}", first) or not 1 <= int(first) <= _MOST:
        raise _refused(raw, "line 1", f"the number of atoms, 1 to {_MOST}", repr(first[:40]))
    return int(first)


def _atom(raw: RawFile, number: int, row: str) -> tuple[str, tuple[float, float, float]]:
    cells = row.split()
    if len(cells) != 4 or cells[0] not in ATOMIC_NUMBERS:
        raise _refused(raw, f"line {number}", "an element and three numbers", repr(row[:60]))
    found = [parse_number(cell) for cell in cells[1:]]
    if any(value is None for value in found):
        raise _refused(raw, f"line {number}", "three numbers", repr(row[:60]))
    x, y, z = (value[0] for value in found if value is not None)
    return cells[0], (x, y, z)


def _declared(raw: RawFile, entries: dict[str, str], name: str, default: int) -> int:
    if name not in entries:
        return default
    if not re.fullmatch(r"[-+]?\d{1,3}", entries[name]):
        raise _refused(raw, "line 2", f"a whole number for {name}", repr(entries[name][:40]))
    return int(entries[name])


def _refused(
    raw: RawFile, where: str, expected: str, found: str, advice: str = "Export the molecule again."
) -> FileFormatError:
    return FileFormatError(raw.name, where, expected, found, advice)
