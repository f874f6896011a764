r"""Crystals in the Crystallographic Information File format (CIF).

Files are written with every atom of the cell in P1. They are read from any CIF of the core dictionary, with any space
group: gemmi parses the syntax and knows the symmetry, and around it stand the checks that make a damaged file a
refusal. Whatever the file says about its own content is held against the atoms: the cell's volume, the formula, the
formula units, the weight, the density, the sites' multiplicities, the labels of other lists and the lengths of bonds.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from lamion.formats.cif_block import Block, structure_block
from lamion.formats.cif_evidence import Claims, check_content, check_volume, read_claims
from lamion.formats.cif_sites import Sites, expand, read_sites
from lamion.formats.cif_symmetry import Symmetry, symmetries
from lamion.formats.content import RawFile
from lamion.formats.loading import load
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError, InputError
from lamion.substances.crystal import Crystal, cell_from_parameters

_LARGEST = 4 * 2**20
_CELL = tuple(
    f"_cell_{name}" for name in ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
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
    r"""Read a crystal from a file.

    The symmetry is that of the listed operations; without these that of the Hall symbol, the Hermann-Mauguin name or
    the number, where a name that leaves the origin or the axes open is taken in the one setting that the rest of the
    file bears out. A file without any symmetry is read as P 1 where formula and Z, or the density, show that every
    atom is listed.

    Parameters
    ----------
    path : str or Path
        The file, of at most 4 MiB and 5000 atoms in the cell. ``4.594(1)``, ``?`` and ``.``, upper case, quotes and
        any line end are understood; a site on a special position is moved onto it where it is within 0.1 angstrom;
        a site without occupancy is full; deuterium is read as hydrogen, and dummy sites (``dum``) are left out.

    Returns
    -------
    Crystal
        Every atom of the cell.

    Raises
    ------
    InputError
        When the file cannot be read.
    FileFormatError
        When it is no CIF, holds no structure or several, is disordered, magnetic or modulated, leaves the symmetry
        open, or contradicts itself.
    MissingExtraError
        Without gemmi.

    Notes
    -----
    What the file cannot show is not seen: a wrong digit in a coordinate of a general position, where no list of bond
    lengths contradicts it; and, in a file without formula, density or bonds, a whole lost line of the list of sites.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> salt = Crystal("CsCl", 4.123 * np.eye(3), ("Cs", "Cl"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "salt.cif")
    ...     _ = file.write_text(to_text(salt))
    ...     read_crystal(file).symbols  # doctest: +SKIP
    ('Cs', 'Cl')
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
        found = f"{len(raw.content) / 2**20:.1f} MiB"
        raise FileFormatError(
            raw.name, "", f"at most {_LARGEST >> 20} MiB", found, "Delete the reflections, or give a smaller cell."
        )
    block = structure_block(raw)
    parameters = _parameters(block)
    try:
        cell = cell_from_parameters(*parameters)
    except InputError as error:
        raise block.refused("a possible cell", str(error).rstrip("."), "Mend its lengths and angles.") from error
    check_volume(block, float(np.linalg.det(cell)), parameters)
    claims = read_claims(block)
    sites = read_sites(block, frozenset(claims.formula))
    _check_end(raw, block, sites)
    return _the_one(block, cell, claims, sites, symmetries(block))


def _parameters(block: Block) -> tuple[float, float, float, float, float, float]:
    values = []
    for tag in _CELL:
        number = block.parsed(tag, block.text(tag))
        if "angle" in tag and not 0 < number.value < 180:
            raise block.refused(f"an angle below 180 degrees for {tag}", f"{number.value:g}", "Mend it.")
        if "length" in tag and not 0.5 < number.value < 1000:
            raise block.refused(f"0.5 to 1000 angstrom for {tag}", f"{number.value:g}", "Mend it.")
        values.append(number.value)
    a, b, c, alpha, beta, gamma = values
    return a, b, c, alpha, beta, gamma


def _the_one(block: Block, cell: Any, claims: Claims, sites: Sites, possible: list[Symmetry]) -> Crystal:
    """Return the crystal in the one setting of the space group that the file bears out."""
    fitting = [symmetry for symmetry in possible if symmetry.fits(cell)]
    if not fitting:
        raise block.refused(
            f"a cell of the symmetry of {possible[0].name}",
            "lengths and angles that do not have it",
            "A length, an angle, the space group or an operation is wrong: compare them with the publication.",
        )
    found, errors = [], []
    for symmetry in fitting:
        try:
            found.append(_crystal(block, cell, claims, sites, symmetry))
        except FileFormatError as error:
            errors.append(error)
    if len(found) > 1:
        raise block.refused(
            f"the origin or the axes of {fitting[0].name}",
            f"{len(found)} of its settings possible",
            "Write the symmetry operations into the file (_space_group_symop_operation_xyz).",
        )
    if not found:
        raise errors[0]
    return found[0]


def _crystal(block: Block, cell: Any, claims: Claims, sites: Sites, symmetry: Symmetry) -> Crystal:
    atoms = expand(block, sites, symmetry, cell)
    check_content(block, claims, sites, atoms, symmetry, cell)
    symbols = tuple("H" if element == "D" else element for element in atoms.elements)
    try:
        return Crystal(Path(block.file).stem, cell, symbols, atoms.fractions)
    except InputError as error:
        raise block.refused(
            "a possible crystal",
            f"with {symmetry.name}: {str(error).rstrip('.')}",
            "Check the sites and the symmetry: for a list of every atom of the cell the space group is P 1.",
        ) from error


def _check_end(raw: RawFile, block: Block, sites: Sites) -> None:
    """Refuse a last line without a line end whose last number, a coordinate, has fewer digits than the others."""
    if raw.text.terminated:
        return
    last = next(line.text for line in reversed(raw.text.lines) if line.text.strip()).split()
    for axis in "xyz":
        column = block.tags[f"_atom_site_fract_{axis}"]
        steps = [parsed[1] for parsed in (parse_number((text or "").partition("(")[0]) for text in column) if parsed]
        if steps and len(last) > 1 and last[-1] == column[-1] and steps[-1] > min(steps):
            raise block.refused(
                "a line end",
                f"none behind {last[-1]}, the last coordinate, which may be cut",
                "Fetch the file again; if it is whole, add an empty line at its end.",
                f"line {len(raw.text.lines)}",
            )
