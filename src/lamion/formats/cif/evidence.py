r"""What a CIF says about its own content, held against the atoms that were read.

The cell's volume, the formula and the number of formula units in the cell, the formula weight, the density

.. math:: \rho = \frac{\sum_i m_i}{N_A V},

and the lengths of bonds are compared where the file has them; in a file without a formula also the multiplicities of
the sites, the labels that other lists use and the sum of the charges. In any file, atoms that are nearer to each other
than any bond is long are refused.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats.cif.block import CELL, DataBlock, Printed
from lamion.formats.cif.sites import Atoms, Sites, is_element
from lamion.formats.cif.symmetry import Symmetry
from lamion.quantities.constants import AVOGADRO
from lamion.substances.crystal import OCCUPANCY_SLACK

Array = NDArray[np.float64]
_VOLUME = 3e-4
_COARSEST = 0.01
_WEIGHT = 0.002
_DENSITY = 0.002
_BOND = 0.03
_MOST_BONDS = 5000
_NEIGHBOURS = 8
_CLOSEST = 0.6
_WIDEST_RADIUS = 1.1
_REACH = 1.4
_PART = re.compile(r"([A-Z][a-z]?)(\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})?\s*", re.ASCII)
_LONGEST_FORMULA = 500


@dataclass(frozen=True)
class StatedContent:
    """What a block says about its content.

    Parameters
    ----------
    formula : dict of str to float
        Element to number in a formula unit; empty where there is none.
    units : float or None
        Formula units in the cell, Z.
    weight : Printed or None
        Of a formula unit, g/mol.
    density : Printed or None
        From the cell's content, g/cm3.
    """

    formula: dict[str, float]
    units: float | None
    weight: Printed | None
    density: Printed | None


def read_stated_content(block: DataBlock) -> StatedContent:
    """Read what a block says about its content.

    Parameters
    ----------
    block : DataBlock
        The block.

    Raises
    ------
    FileFormatError
        When a formula or a number cannot be read.
    """
    units = block.number("_cell_formula_units_z")
    if units is not None and not units.value > 0:
        raise block.refused("formula units above zero (_cell_formula_units_Z)", f"{units.value:g}", "Correct it.")
    return StatedContent(
        _formula(block, block.text("_chemical_formula_sum")),
        None if units is None else units.value,
        block.number("_chemical_formula_weight"),
        block.number("_exptl_crystal_density_diffrn"),
    )


def _formula(block: DataBlock, text: str | None) -> dict[str, float]:
    if text is None:
        return {}
    counts: Counter[str] = Counter()
    plain = re.sub(r"\s+", " ", text).strip()
    whole = len(plain) <= _LONGEST_FORMULA and re.fullmatch(rf"(?:{_PART.pattern})+", plain, re.ASCII)
    for symbol, count in _PART.findall(plain) if whole else ():
        counts[symbol] += float(count) if count else 1.0  # type: ignore[assignment]
    if not whole or min(counts.values()) < 1e-3 or not all(map(is_element, counts)):
        raise block.refused(
            "a formula such as 'C8 H4 Cu2 O8' (_chemical_formula_sum)",
            repr(text[:40]),
            "Write it with each element once and its number in the formula unit.",
        )
    return dict(counts)


def check_volume(block: DataBlock, volume: float, parameters: tuple[float, ...]) -> None:
    """Hold the printed volume against the cell's, within 0.03 % and what is lost in printing, but for 1 % at most.

    The volumes of 465 real files were within 0.024 % of their cells'.

    Parameters
    ----------
    block : DataBlock
        The block.
    volume : float
        Of the cell, cubic angstrom.
    parameters : tuple of float
        The cell's lengths and angles.

    Raises
    ------
    FileFormatError
        When they differ.
    """
    stated = block.number("_cell_volume")
    if stated is None:
        return
    printed = [block.number(tag) for tag in CELL[:3]]
    lost = sum(0.5 * p.step / value for p, value in zip(printed, parameters, strict=False) if p is not None)
    if not abs(volume - stated.value) <= min(_VOLUME + lost, _COARSEST) * volume + stated.slack:
        raise block.refused(
            f"a cell of {stated.value:g} angstrom3 (_cell_volume)",
            f"lengths and angles that make {volume:.6g}",
            "A length, an angle or the volume is wrong: compare them with the publication.",
        )


def check_content(
    block: DataBlock, claims: StatedContent, sites: Sites, atoms: Atoms, symmetry: Symmetry, cell: Array
) -> None:
    """Hold the atoms of the cell against everything that a block says about them.

    Parameters
    ----------
    block : DataBlock
        The block.
    claims : StatedContent
        What it says about its content.
    sites : Sites
        What it lists.
    atoms : Atoms
        What was made of it.
    symmetry : Symmetry
        By these operations.
    cell : array, shape (3, 3)
        Vectors as rows, angstrom.

    Raises
    ------
    FileFormatError
        When something differs, or no symmetry is given and nothing bears P 1 out.
    """
    units = _check_formula(block, claims, sites, atoms, symmetry)
    weighed = _check_weights(block, claims, atoms, float(np.linalg.det(cell)), units)
    if not symmetry.declared and not weighed and not (claims.formula and claims.units is not None):
        raise block.refused(
            "a space group or symmetry operations",
            "none, and neither a formula with _cell_formula_units_Z nor a density to show that every atom is listed",
            "Add _space_group_name_H-M_alt and the operations; 'P 1' if every atom of the cell is listed.",
        )
    if not claims.formula:
        _check_multiplicities(block, sites, atoms, symmetry)
        _check_labels(block, sites)
        _check_charges(block, sites, atoms)
    _check_bonds(block, sites, atoms, cell)
    _check_contacts(block, sites, atoms, cell)


def _check_formula(
    block: DataBlock, claims: StatedContent, sites: Sites, atoms: Atoms, symmetry: Symmetry
) -> float | None:
    """Return the formula units in the cell by the declared formula; None without one."""
    if not claims.formula:
        return claims.units
    found, formula, slack = atoms.counts, dict(claims.formula), _occupancy_slack(sites, atoms)
    if "D" in found and "D" not in formula:
        found["H"] += found.pop("D")
        slack["H"] += slack.pop("D")
    ratios = {symbol: found[symbol] / count for symbol, count in formula.items()}
    units = claims.units
    if units is None:
        units = float(max(1, round(min((ratio for ratio in ratios.values() if ratio > 0), default=0.0))))
    elif found == formula and not any(count % units for count in formula.values()):
        return 1.0  # Some programs print the whole cell's formula beside the number of the smallest units in it.
    wrong = sorted(
        symbol
        for symbol in set(formula) | set(found)
        if abs(found[symbol] - units * formula.get(symbol, 0.0)) > 1e-3 * units + slack[symbol]
    )
    if not wrong:
        return units
    said = " ".join(f"{symbol}{units * count:g}" for symbol, count in sorted(formula.items()))
    told = "" if claims.units is None else f", Z = {claims.units:g}"
    raise block.refused(
        f"the atoms {said} in the cell (formula {_written(formula)}{told})",
        f"{_written(dict(found))} with {symmetry.name}",
        _advice(wrong, found, formula, units),
    )


def _occupancy_slack(sites: Sites, atoms: Atoms) -> Counter[str]:
    """Return by how much the number of each element may be off for what is lost in printing occupancies."""
    found: Counter[str] = Counter()
    for element, site in zip(atoms.elements, atoms.sites, strict=True):
        found[element] += sites.occupancies[site].slack
    return found


def _advice(wrong: list[str], found: Counter[str], formula: dict[str, float], units: float) -> str:
    if all(found[symbol] < units * formula.get(symbol, 0.0) for symbol in wrong):
        if set(wrong) <= {"H", "D"}:
            return "The file leaves hydrogens out: add them with a structure editor, or correct the formula."
        return "Atoms are not listed, such as a solvent's, or lines are lost: add them, or correct formula and Z."
    return "Correct whichever is wrong: a site, the formula, Z or the symmetry."


def _written(counts: dict[str, float]) -> str:
    return " ".join(
        f"{symbol}{'' if count == 1 else f'{count:g}'}" for symbol, count in sorted(counts.items()) if count
    )


def _check_weights(block: DataBlock, claims: StatedContent, atoms: Atoms, volume: float, units: float | None) -> bool:
    """Hold the mass of the cell's atoms against weight and density; tell whether either bears their number out.

    Printed densities of 207 real files were within 0.08 %, formula weights of 27 within 0.02 %.
    """
    import gemmi

    mass = sum(gemmi.Element(symbol).weight * count for symbol, count in atoms.counts.items())
    confirmed = False
    if claims.weight is not None and units is not None:
        _compare(block, "a formula weight (_chemical_formula_weight)", claims.weight, mass / units, _WEIGHT)
        confirmed = claims.units is not None
    if claims.density is not None:
        density = mass / AVOGADRO / (volume * 1e-24)
        _compare(block, "a density in g/cm3 (_exptl_crystal_density_diffrn)", claims.density, density, _DENSITY)
        confirmed = True
    return confirmed


def _compare(block: DataBlock, what: str, stated: Printed, found: float, part: float) -> None:
    if not abs(found - stated.value) <= part * found + stated.slack:
        raise block.refused(
            f"{what} of {stated.value:g}",
            f"atoms and a cell that make {found:.5g}",
            "Atoms may be missing or doubled, or Z, the cell or the number is wrong: compare with the publication.",
        )


def _check_multiplicities(block: DataBlock, sites: Sites, atoms: Atoms, symmetry: Symmetry) -> None:
    """Hold how often each site occurs against the file; programs print either that or the site symmetry's order."""
    for tag in (
        "_atom_site_site_symmetry_multiplicity",
        "_atom_site_symmetry_multiplicity",
        "_atom_site_site_symmetry_order",
    ):
        column = block.column(tag, sites.listed)
        stated = [(k, column[row]) for k, row in enumerate(sites.rows) if re.fullmatch("[0-9]{1,4}", column[row] or "")]
        found = [atoms.multiplicities[k] for k, _ in stated]
        printed = [int(text or 0) for _, text in stated]
        orders = [len(symmetry) // multiplicity for multiplicity in found]
        if printed in (found, orders, [len(symmetry)] * len(found)):
            continue
        worst = next(k for k in range(len(found)) if printed[k] != found[k])
        raise block.refused(
            f"{printed[worst]} atoms of the site {sites.labels[stated[worst][0]]} ({tag})",
            f"{found[worst]} with {symmetry.name}",
            "Its coordinates, the number or the symmetry is wrong: compare with the publication.",
        )


def _check_labels(block: DataBlock, sites: Sites) -> None:
    """Refuse a lost site: one that other lists name."""
    known = {label for label in block.tags.get("_atom_site_label", ()) if label is not None}
    for tag in ("_atom_site_aniso_label", "_geom_bond_atom_site_label_1", "_geom_bond_atom_site_label_2"):
        for label in block.tags.get(tag, ()):
            if label is not None and label not in known:
                raise block.refused(
                    f"the site {label}, which {tag} names",
                    "none of that label",
                    "A line may be lost or a label changed: fetch the file again, or delete what names the site.",
                )


def _check_charges(block: DataBlock, sites: Sites, atoms: Atoms) -> None:
    """Refuse a charged cell where every site has a charge: a lost site mostly leaves one."""
    for tag in ("_atom_site_charge", "_atom_site_partial_charge"):
        column = block.column(tag, sites.listed)
        if any(column[row] is None for row in sites.rows):
            continue
        charges = [block.parsed(tag, column[row]) for row in sites.rows]
        lists = zip(atoms.sites, atoms.occupancies, strict=True)
        total = sum(charges[site].value * share for site, share in lists)
        lost = sum(
            charges[site].slack + abs(charges[site].value) * sites.occupancies[site].slack for site in atoms.sites
        )
        if abs(total) > 0.05 + lost:
            raise block.refused(
                f"a cell without charge ({tag})",
                f"one of {total:+.3g}",
                "Sites may be lost or left out, such as cations: add them, or delete the column of charges.",
            )


def _check_bonds(block: DataBlock, sites: Sites, atoms: Atoms, cell: Array) -> None:
    """Hold the printed lengths of bonds against the distances from one site to all images of the other."""
    tags = ("_geom_bond_atom_site_label_1", "_geom_bond_atom_site_label_2", "_geom_bond_distance")
    columns = [block.tags.get(tag, ()) for tag in tags]
    if len({len(column) for column in columns}) != 1 or len(columns[0]) > _MOST_BONDS:
        return
    numbers = {label: k for k, label in enumerate(sites.labels)}
    if len(numbers) != len(sites.labels):
        return
    shifts = np.array(np.meshgrid(*[[-1.0, 0.0, 1.0]] * 3)).reshape(3, -1).T @ cell
    for first, second, length in zip(*columns, strict=True):
        if first not in numbers or second not in numbers or length is None:
            continue
        stated = block.parsed(tags[2], length)
        others = atoms.fractions[atoms.sites == numbers[second]]
        apart = others - sites.fractions[numbers[first]]
        apart = ((apart - np.round(apart)) @ cell)[:, None, :] + shifts
        distances = np.linalg.norm(apart, axis=-1)
        if distances.size and np.abs(distances - stated.value).min() > _BOND + stated.slack:
            nearest = distances.flat[int(np.abs(distances - stated.value).argmin())]
            raise block.refused(
                f"{stated.value:g} angstrom from {first} to {second} (_geom_bond_distance)",
                f"{nearest:.4g} at best",
                "A coordinate, the cell or the symmetry is wrong: compare with the publication.",
            )


def _check_contacts(block: DataBlock, sites: Sites, atoms: Atoms, cell: Array) -> None:
    """Refuse atoms nearer than 0.6 of the sum of their covalent radii: leftovers of disorder, or a wrong digit.

    Atoms that are never in one cell, whose occupancies sum to one at most, may be as near as they like.
    Radii above 1.1 angstrom count as that, since pressure brings the atoms of a metal nearer than any bond does.
    """
    import gemmi
    from scipy.spatial import cKDTree

    wrapped = atoms.fractions % 1.0
    margin = _REACH * np.linalg.norm(np.linalg.inv(cell), axis=0)
    shifts = np.array(np.meshgrid(*[[0.0, -1.0, 1.0]] * 3, indexing="ij")).reshape(3, -1).T
    images = (wrapped[None] + shifts[:, None]).reshape(-1, 3)
    owners = np.tile(np.arange(len(wrapped)), len(shifts))
    within = np.all((images > -margin) & (images < 1.0 + margin), axis=1)
    images, owners = images[within] @ cell, owners[within]
    radii = np.array([min(gemmi.Element(symbol).covalent_r, _WIDEST_RADIUS) for symbol in atoms.elements])
    most = _CLOSEST * 2.0 * _WIDEST_RADIUS
    distances, others = cKDTree(images).query(wrapped @ cell, k=_NEIGHBOURS, distance_upper_bound=most)
    found = np.isfinite(distances)
    partners = owners[np.where(found, others, 0)]
    least = _CLOSEST * (radii[:, None] + radii[partners])
    # An atom is nothing from itself; one on its own copy in another cell is left to the crystal's own check.
    together = atoms.occupancies[:, None] + atoms.occupancies[partners] > 1.0 + OCCUPANCY_SLACK
    distances = np.where(found & together & (distances < least) & (distances > 1e-6), distances, np.inf)
    if np.isfinite(distances).any():
        atom, place = np.unravel_index(int(np.argmin(distances)), distances.shape)
        first, second = (sites.labels[int(atoms.sites[k])] for k in (atom, partners[atom, place]))
        raise block.refused(
            "atoms at distances that bonds have",
            f"{distances[atom, place]:.2f} angstrom from {first} to {second}",
            "If they are alternatives of a disorder, delete one; else a coordinate, the cell or the symmetry is wrong.",
        )
