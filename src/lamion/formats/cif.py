r"""Crystals in the Crystallographic Information File format (CIF).

Files are written with every atom of the cell in P1. They are parsed by ASE, which knows the space groups; around it
stand the checks that make a damaged file a refusal: the text is decoded strictly, the formula and the formula units
that a file declares are held against its atoms, and partial occupancies are refused.
"""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from lamion.formats.content import RawFile
from lamion.formats.loading import load
from lamion.quantities import FileFormatError, InputError, MissingExtraError
from lamion.substances.crystal import Crystal

_LARGEST = 4 * 2**20
_FROM_ASE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
    UserWarning,
)


def to_text(crystal: Crystal) -> str:
    r"""Write a crystal.

    Parameters
    ----------
    crystal : Crystal
        Its name becomes the data block's.

    Returns
    -------
    str
        The same crystal gives the same text.

    Examples
    --------
    >>> salt = Crystal("CsCl", 4.123 * np.eye(3), ("Cs", "Cl"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    >>> to_text(salt).splitlines()[0]
    'data_CsCl'
    """
    name = re.sub(r"[^A-Za-z0-9]+", "_", crystal.name).strip("_") or "crystal"
    tags = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
    lines = [f"data_{name}", f"_chemical_formula_sum '{_formula(crystal)}'", "_cell_formula_units_Z 1"]
    lines += [f"_cell_{tag} {value:.6f}" for tag, value in zip(tags, crystal.lengths_and_angles, strict=True)]
    lines += ["_symmetry_space_group_name_H-M 'P 1'", "loop_", "_symmetry_equiv_pos_as_xyz", "'x, y, z'", "loop_"]
    lines += ["_atom_site_label", "_atom_site_type_symbol"]
    lines += [f"_atom_site_fract_{axis}" for axis in "xyz"]
    for number, (symbol, place) in enumerate(zip(crystal.symbols, crystal.fractions, strict=True), start=1):
        x, y, z = (f"{value:.8f}" for value in _wrapped(place))
        lines.append(f"{symbol}{number} {symbol} {x} {y} {z}")
    return "\n".join(lines) + "\n"


def _wrapped(place: Any) -> list[float]:
    return [value % 1.0 if round(value % 1.0, 8) < 1.0 else 0.0 for value in map(float, place)]


def _formula(crystal: Crystal) -> str:
    counts = Counter(crystal.symbols)
    return " ".join(f"{symbol}{count if count > 1 else ''}" for symbol, count in sorted(counts.items()))


def read_crystal(path: str | Path) -> Crystal:
    """Read a crystal from a file.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Crystal
        Every atom of the cell.

    Raises
    ------
    InputError
        When the file cannot be read.
    FileFormatError
        When it is no CIF, holds several structures or partial occupancies, or contradicts itself.
    MissingExtraError
        Without ASE.
    """
    return read_raw_crystal(load(path))


def read_raw_crystal(raw: RawFile) -> Crystal:
    """Read a crystal from a file in memory; as :func:`read_crystal`.

    Parameters
    ----------
    raw : RawFile
        The file.

    Examples
    --------
    >>> salt = Crystal("CsCl", 4.123 * np.eye(3), ("Cs", "Cl"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    >>> read_raw_crystal(RawFile("salt.cif", to_text(salt).encode())).symbols  # doctest: +SKIP
    ('Cs', 'Cl')
    """
    if len(raw.content) > _LARGEST:
        raise _refused(raw, "", f"at most {_LARGEST >> 20} MiB", f"{len(raw.content) / 2**20:.1f} MiB")
    text = "\n".join(line.text for line in raw.text.lines) + "\n"
    if not raw.text.terminated and not raw.text.lines[-1].text.startswith("#"):
        raise _refused(raw, f"line {len(raw.text.lines)}", "a line end", "a line that may have been cut")
    block = _only_block(raw, text)
    _check_tags(raw, text, block)
    from ase.spacegroup.spacegroup import SpacegroupError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            atoms = block.get_atoms(store_tags=False, fractional_occupancies=True)
    except (*_FROM_ASE, SpacegroupError) as error:
        raise _refused(raw, "", "a whole crystal structure", _said(error)) from error
    symbols = tuple(str(symbol) for symbol in atoms.get_chemical_symbols())
    _check_formula(raw, block, symbols)
    try:
        return Crystal(Path(raw.name).stem, np.array(atoms.cell), symbols, np.array(atoms.get_scaled_positions()))
    except InputError as error:
        raise _refused(raw, "", "a possible crystal", str(error).rstrip(".")) from error


def _only_block(raw: RawFile, text: str) -> Any:
    try:
        from ase.io.cif import parse_cif
    except ImportError as error:
        raise MissingExtraError("atomistic", "Reading a CIF") from error
    if "_atom_site_" not in text:
        raise _refused(raw, "", "a CIF with atoms", "none of their tags")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            blocks = [block for block in parse_cif(io.StringIO(text), reader="ase") if block.has_structure()]
    except _FROM_ASE as error:
        raise _refused(raw, "", "a CIF", _said(error)) from error
    if len(blocks) != 1:
        raise _refused(raw, "", "one structure", f"{len(blocks)}")
    return blocks[0]


def _said(error: BaseException) -> str:
    return f"something that cannot be read ({type(error).__name__}: {str(error)[:80]})"


def _check_tags(raw: RawFile, text: str, block: Any) -> None:
    """Refuse what ASE would pass over: tags that stand twice, numbers that are none, partial occupancies."""
    tags = Counter(line.split()[0].lower() for line in text.splitlines() if line.startswith("_"))
    twice = [tag for tag, count in tags.items() if count > 1]
    if twice:
        raise _refused(raw, "", "each tag once", f"'{twice[0]}' twice")
    for axis in "xyz":
        column = block.get(f"_atom_site_fract_{axis}")
        if not isinstance(column, list) or not all(isinstance(value, int | float) for value in column):
            raise _refused(raw, "", f"numbers under _atom_site_fract_{axis}", "something else")
    occupancy = block.get("_atom_site_occupancy") or []
    if any(not isinstance(value, int | float) or abs(value - 1) > 1e-6 for value in occupancy):
        raise _refused(raw, "", "fully occupied sites", "a partial or unreadable occupancy")
    for name in ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"):
        if not isinstance(block.get(f"_cell_{name}"), int | float):
            raise _refused(raw, "", f"a number for _cell_{name}", repr(block.get(f"_cell_{name}")))
        if "angle" in name and not 0 < block.get(f"_cell_{name}") < 180:
            raise _refused(raw, "", f"an angle below 180 degrees for _cell_{name}", f"{block.get(f'_cell_{name}')}")


def _check_formula(raw: RawFile, block: Any, symbols: tuple[str, ...]) -> None:
    """Hold the declared formula against the atoms; without one a cut file could not be told from a whole one."""
    declared = block.get("_chemical_formula_sum")
    if not isinstance(declared, str):
        raise _refused(raw, "", "a declared formula (_chemical_formula_sum)", "none, so a lost atom would go unseen")
    counts = {name: float(count or 1) for name, count in re.findall(r"([A-Z][a-z]?)(\d*\.?\d*)", declared)}
    found = Counter(symbols)
    units = block.get("_cell_formula_units_z")
    ratio = found[next(iter(counts))] / next(iter(counts.values())) if counts else 0.0
    expected = float(units) if isinstance(units, int | float) else ratio
    if set(counts) != set(found) or any(abs(found[s] - expected * n) > 1e-6 for s, n in counts.items()):
        said = " ".join(f"{symbol}{count}" for symbol, count in sorted(found.items()))
        raise _refused(raw, "", f"{expected:g} times the declared formula {declared}", said)


def _refused(raw: RawFile, where: str, expected: str, found: str) -> FileFormatError:
    return FileFormatError(raw.name, where, expected, found, "Export the structure again, every site fully occupied.")
