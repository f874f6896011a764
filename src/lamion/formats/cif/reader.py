r"""Crystals in the Crystallographic Information File format (CIF).

Any CIF of the core dictionary is read, with any space group: gemmi parses the syntax and knows the symmetry, and
around it stand the checks that make a damaged file a refusal. Whatever the file says about its own content is held
against the atoms: the cell's volume, the formula, the formula units, the weight, the density, the sites'
multiplicities, the labels of other lists and the lengths of bonds.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from lamion.formats.cif.block import CELL, DataBlock, structure_block
from lamion.formats.cif.evidence import StatedContent, check_content, check_volume, read_stated_content
from lamion.formats.cif.sites import Sites, expand, read_sites
from lamion.formats.cif.symmetry import Symmetry, symmetries
from lamion.formats.content import RawFile
from lamion.formats.loading import load
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError, InputError
from lamion.substances.crystal import Crystal, cell_from_parameters

_LARGEST = 4 * 2**20


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
    What the file cannot show is not seen: a wrong digit in a coordinate, or two of its columns exchanged, where no list
    of bond lengths contradicts it and no atoms come too near; and, in a file without formula, density or bonds, a whole
    lost line of the list of sites.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from lamion.formats.cif.writer import cif_text
    >>> salt = Crystal("CsCl", 4.123 * np.eye(3), ("Cs", "Cl"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "salt.cif")
    ...     _ = file.write_text(cif_text(salt))
    ...     read_crystal(file).symbols
    ('Cs', 'Cl')
    """
    return read_raw_crystal(load(path))


def read_raw_crystal(raw: RawFile, *, partial: bool = False) -> Crystal:
    """Read a crystal from a file in memory; as :func:`read_crystal`.

    Parameters
    ----------
    raw : RawFile
        The file.
    partial : bool
        Whether sites may be shared or partly occupied: the crystal then says with which occupancies.

    Examples
    --------
    >>> from lamion.formats.cif.writer import cif_text
    >>> salt = Crystal("CsCl", 4.123 * np.eye(3), ("Cs", "Cl"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    >>> read_raw_crystal(RawFile("salt.cif", cif_text(salt).encode())).symbols
    ('Cs', 'Cl')
    """
    if raw.size > _LARGEST:
        found = f"{raw.size / 2**20:.1f} MiB"
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
    claims = read_stated_content(block)
    sites = read_sites(block, frozenset(claims.formula), partial=partial)
    _check_end(raw, block, sites)
    return _the_one(block, cell, claims, sites, symmetries(block))


def _parameters(block: DataBlock) -> tuple[float, float, float, float, float, float]:
    values = []
    for tag in CELL:
        number = block.parsed(tag, block.text(tag))
        if "angle" in tag and not 0 < number.value < 180:
            raise block.refused(f"an angle below 180 degrees for {tag}", f"{number.value:g}", "Mend it.")
        if "length" in tag and not 0.5 < number.value < 1000:
            raise block.refused(f"0.5 to 1000 angstrom for {tag}", f"{number.value:g}", "Mend it.")
        values.append(number.value)
    a, b, c, alpha, beta, gamma = values
    return a, b, c, alpha, beta, gamma


def _the_one(block: DataBlock, cell: Any, claims: StatedContent, sites: Sites, possible: list[Symmetry]) -> Crystal:
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


def _crystal(block: DataBlock, cell: Any, claims: StatedContent, sites: Sites, symmetry: Symmetry) -> Crystal:
    atoms = expand(block, sites, symmetry, cell)
    check_content(block, claims, sites, atoms, symmetry, cell)
    symbols = tuple("H" if element == "D" else element for element in atoms.elements)
    try:
        return Crystal(
            Path(block.file).stem,
            cell,
            symbols,
            atoms.fractions,
            _said(block, symbols, atoms.occupancies, cell, symmetry),
            occupancies=None if np.all(atoms.occupancies == 1.0) else atoms.occupancies,
        )
    except InputError as error:
        raise block.refused(
            "a possible crystal",
            f"with {symmetry.name}: {str(error).rstrip('.')}",
            "Check the sites and the symmetry: for a list of every atom of the cell the space group is P 1.",
        ) from error


def _said(block: DataBlock, symbols: tuple[str, ...], shares: Any, cell: Any, symmetry: Symmetry) -> dict[str, str]:
    """Return what the crystal is, for people."""
    lengths = np.linalg.norm(cell, axis=1)
    cosines = [cell[i] @ cell[j] / (lengths[i] * lengths[j]) for i, j in ((1, 2), (0, 2), (0, 1))]
    angles = ", ".join(f"{np.degrees(np.arccos(c)):.5g}" for c in cosines)
    names = ("_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m")
    group = next((text for name in names for text in block.tags.get(name, ()) if text), None)
    return {
        "formula": _formula(symbols, shares),
        "cell": f"{', '.join(f'{length:.5g}' for length in lengths)} angstrom; {angles} deg",
        "space group": group or symmetry.name,
        "atoms": str(len(symbols)),
    }


def _formula(symbols: tuple[str, ...], shares: Any) -> str:
    """Return the smallest whole formula; of partly occupied sites the mean content of a cell."""
    counts = Counter(symbols)
    if np.any(shares < 1.0):
        means = {symbol: float(shares[np.array(symbols) == symbol].sum()) for symbol in counts}
        return " ".join(f"{symbol}{'' if mean == 1 else f'{mean:.4g}'}" for symbol, mean in means.items())
    units = math.gcd(*counts.values())
    formula = " ".join(f"{symbol}{counts[symbol] // units if counts[symbol] > units else ''}" for symbol in counts)
    return f"{formula}, {units} in the cell" if units > 1 else formula


def _check_end(raw: RawFile, block: DataBlock, sites: Sites) -> None:
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
