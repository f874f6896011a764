"""The sites that a CIF lists, and the atoms that symmetry makes of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats.cif.block import DataBlock, Printed
from lamion.formats.cif.symmetry import Symmetry
from lamion.substances.elements import ATOMIC_NUMBERS

Array = NDArray[np.float64]
_AXES = ("_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z")
_TOGETHER = 0.1
_MOST = 5000
_WIDEST = 3.0
_WHOLE = 1e-3
_RESOLVE = (
    "Choose one of the alternatives: delete the other sites, give the kept ones the occupancy 1, correct the formula. "
    "A powder pattern (lamion simulate diffraction) takes the file as it is."
)
_FULL = Printed(1.0, 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Sites:
    """The rows of the list of sites.

    Parameters
    ----------
    labels : tuple of str
        As printed; empty where there is none.
    elements : tuple of str
        Symbols, ``D`` for deuterium.
    fractions : array, shape (n, 3)
        Places.
    occupancies : tuple of Printed
        Which share of the cells has each.
    rows : tuple of int
        Which row of the file each is.
    listed : int
        How many rows the file has.
    """

    labels: tuple[str, ...]
    elements: tuple[str, ...]
    fractions: Array
    occupancies: tuple[Printed, ...]
    rows: tuple[int, ...]
    listed: int


@dataclass(frozen=True, eq=False)
class Atoms:
    """Every atom of the cell.

    Parameters
    ----------
    elements : tuple of str
        Symbols, ``D`` for deuterium.
    fractions : array, shape (n, 3)
        Places.
    sites : array of int, shape (n,)
        Which site each stems from.
    occupancies : array, shape (n,)
        Which share of the cells has each.
    multiplicities : tuple of int
        How many atoms each site stands for; also of a site that repeats another one.
    """

    elements: tuple[str, ...]
    fractions: Array
    sites: NDArray[np.int64]
    occupancies: Array
    multiplicities: tuple[int, ...]

    @property
    def counts(self) -> Counter[str]:
        """Element to its mean number in a cell."""
        found: Counter[str] = Counter()
        for element, share in zip(self.elements, self.occupancies.tolist(), strict=True):
            found[element] += share
        return found


def read_sites(block: DataBlock, formula: frozenset[str], *, partial: bool = False) -> Sites:
    """Read the sites of a block.

    Parameters
    ----------
    block : DataBlock
        Dummy sites (``dum`` under ``_atom_site_calc_flag``) are left out.
    formula : frozenset of str
        The elements of the declared formula, which decide whether ``CO1`` is cobalt or carbon; may be empty.
    partial : bool
        Whether sites may be partly occupied or disordered.

    Raises
    ------
    FileFormatError
        When a place is no number, a site is partly occupied or disordered though it may not be, or its element cannot
        be told.
    """
    listed = len(block.tags[_AXES[0]])
    if listed > _MOST:
        raise block.refused(f"at most {_MOST} sites", f"{listed}", "Give a smaller cell, such as a primitive one.")
    labels = [label or "" for label in block.column("_atom_site_label", listed)]
    flags = block.column("_atom_site_calc_flag", listed)
    rows = [row for row in range(listed) if (flags[row] or "").lower() != "dum"]
    if not rows:
        raise block.refused("sites that are atoms", "dummy sites alone", "Name the file with the structure.")
    if not partial:
        _check_disorder(block, rows)
    _check_hydrogens(block, labels, rows)
    occupancies = _occupancies(block, labels, rows, partial=partial)
    types = block.column("_atom_site_type_symbol", listed)
    columns = [block.column(axis, listed) for axis in _AXES]
    places = [[_coordinate(block, labels[row], axis, columns[k][row]) for k, axis in enumerate(_AXES)] for row in rows]
    elements = tuple(_element(block, types[row], labels[row], formula) for row in rows)
    own = tuple(labels[row] for row in rows)
    return Sites(own, elements, np.array(places).reshape(-1, 3), occupancies, tuple(rows), listed)


def _coordinate(block: DataBlock, label: str, tag: str, text: str | None) -> float:
    if text is None:
        raise block.refused(
            f"a number for {tag} of the site {label}",
            "none (? or .)",
            "Place that atom, or delete the site and correct the formula.",
        )
    value = block.parsed(f"{tag} of the site {label}", text).value
    if not abs(value) <= _WIDEST:
        raise block.refused(
            f"a fraction of the cell within {_WIDEST:g} for {tag} of the site {label}",
            text[:40],
            "A decimal point may be lost: mend it, or export the structure again.",
        )
    return value


def _occupancies(block: DataBlock, labels: list[str], rows: list[int], *, partial: bool) -> tuple[Printed, ...]:
    """Read which share of the cells has each site; one without a number is full."""
    column = block.column("_atom_site_occupancy", len(labels))
    found = []
    for row in rows:
        text = column[row]
        share = _FULL if text is None else block.parsed(f"_atom_site_occupancy of the site {labels[row]}", text)
        said = f"an occupancy of {(text or '')[:20]} at {labels[row]}"
        if not -_WHOLE <= share.value <= 1.0 + _WHOLE:
            raise block.refused("occupancies from 0 to 1", said, "Correct it.")
        if not partial and share.value < 1.0 - _WHOLE:
            raise block.refused("fully occupied sites", said, _RESOLVE)
        found.append(_FULL if share.value >= 1.0 - _WHOLE else share)
    return tuple(found)


def _check_disorder(block: DataBlock, rows: list[int]) -> None:
    listed = len(block.tags[_AXES[0]])
    groups = block.column("_atom_site_disorder_group", listed)
    assemblies = block.column("_atom_site_disorder_assembly", listed)
    found = {(assemblies[row], groups[row]) for row in rows if groups[row] is not None}
    several = Counter(assembly for assembly, _ in found)
    if any((group or "").startswith("-") for _, group in found) or any(count > 1 for count in several.values()):
        raise block.refused("one place for every atom", "disorder (_atom_site_disorder_group)", _RESOLVE)


def _check_hydrogens(block: DataBlock, labels: list[str], rows: list[int]) -> None:
    hydrogens = block.column("_atom_site_attached_hydrogens", len(labels))
    for row in rows:
        if hydrogens[row] not in (None, "0"):
            raise block.refused(
                "a place for every hydrogen",
                f"hydrogens without one at {labels[row]} (_atom_site_attached_hydrogens)",
                "Add the hydrogens with a structure editor.",
            )


def _element(block: DataBlock, kind: str | None, label: str, formula: frozenset[str]) -> str:
    """Tell a site's element by its type symbol, else by its label, with the formula's help."""
    letters = re.match(r"[A-Za-z]*", kind or label)
    word = letters[0] if letters else ""
    two, one = (symbol if is_element(symbol) else "" for symbol in (word[:2].capitalize(), word[:1].upper()))
    found = _from_label(word, two, one, formula) if kind is None else {1: one, 2: two}.get(len(word), "")
    if found and found != "D" and found not in ATOMIC_NUMBERS:
        raise block.refused("elements up to radon", f"{found} at the site {label}", "lamion knows no others.")
    if found:
        return found
    asked = f"the type {kind}" if kind is not None else "its label alone"
    raise block.refused(
        f"an element for the site {label}",
        f"{asked}, which names none for certain",
        "Give the element's symbol under _atom_site_type_symbol; delete sites that are no atoms.",
    )


def _from_label(word: str, two: str, one: str, formula: frozenset[str]) -> str:
    if len(word) < 2 or not two:
        return one
    if not one:
        return two
    likely = [symbol for symbol in (two, one) if symbol in formula] if formula else [two, one]
    if len(likely) == 2 and word[1].isupper():
        return ""
    return likely[0] if likely else ""


def is_element(symbol: str) -> bool:
    """Tell whether a text is the symbol of an element; so is ``D``.

    Parameters
    ----------
    symbol : str
        Case matters.
    """
    import gemmi

    found = gemmi.Element(symbol)
    return found.atomic_number > 0 and found.name == symbol


def expand(block: DataBlock, sites: Sites, symmetry: Symmetry, cell: Array) -> Atoms:
    """Let symmetry make every atom of the cell.

    A site within 0.1 angstrom of one of its own images stands on a special position and is moved there, to the mean
    of these images; a full site that coincides with another one's atom of the same element is the same atom, and so is
    a partly occupied one of the same label.

    Parameters
    ----------
    block : DataBlock
        For messages.
    sites : Sites
        What is listed.
    symmetry : Symmetry
        The operations.
    cell : array, shape (3, 3)
        Vectors as rows, angstrom.

    Raises
    ------
    FileFormatError
        When a site is too near its own images, or there are too many atoms.
    """
    places = np.empty((_MOST + len(symmetry), 3))
    owners = np.empty(len(places), dtype=np.int64)
    kinds = np.empty(len(places), dtype="<U2")
    names, shares = np.array(sites.labels), np.array([share.value for share in sites.occupancies])
    multiplicities: list[int] = []
    count = 0
    for number, (element, place) in enumerate(zip(sites.elements, sites.fractions, strict=True)):
        orbit = _orbit(block, sites.labels[number], place, symmetry, cell)
        multiplicities.append(len(orbit))
        again = _near(places[:count], orbit[0], cell) & (kinds[:count] == element)
        if np.any(again & ((shares[number] == 1.0) | (names[owners[:count]] == names[number]))):
            continue
        new = slice(count, count + len(orbit))
        places[new], owners[new], kinds[new] = orbit, number, element
        count += len(orbit)
        if count > _MOST:
            raise block.refused(
                f"at most {_MOST} atoms in the cell", "more", "Give a smaller cell, such as a primitive one."
            )
    own = owners[:count]
    return Atoms(tuple(map(str, kinds[:count])), places[:count], own, shares[own], tuple(multiplicities))


def _orbit(block: DataBlock, label: str, place: Array, symmetry: Symmetry, cell: Array) -> Array:
    images = symmetry.rotations @ place + symmetry.translations
    own = _near(images, place, cell)
    around = images[own] - np.round(images[own] - place)
    images = symmetry.rotations @ around.mean(axis=0) + symmetry.translations
    images -= np.floor(images + 1e-9)
    orbit: list[Array] = []
    left = images
    while len(left):
        orbit.append(left[0])
        left = left[~_near(left, left[0], cell)]
    if len(orbit) * int(own.sum()) != len(symmetry):
        raise block.refused(
            f"the site {label} on a symmetry element or clear of it",
            "it nearly on one, so that its images overlap",
            "Check its coordinates, or choose one of its images and export the structure in P 1.",
        )
    return np.array(orbit)


def _near(places: Array, place: Array, cell: Array) -> NDArray[np.bool_]:
    apart = places - place
    apart -= np.round(apart)
    apart = apart @ cell
    return np.asarray(np.einsum("ij,ij->i", apart, apart) < _TOGETHER**2)
