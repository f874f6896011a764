r"""Electron affinities and frontier orbitals against lithium: a qualitative hint at what is reduced there.

.. math:: A = E(N) - E(N+1) - \delta, \qquad E_\mathrm{red} \approx A/e - 1.40\,\mathrm{V}

with lithium's electrode 1.40 V below the vacuum level: 4.44 V of the hydrogen electrode less 3.04 V. The energies are
those of IPEA1-xTB, made for this, with its shift delta of 4.846 eV. Solvation, which stabilises an anion by one to two
volts, is left out, so the potentials are lower bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lamion.models.atomistic.energies.hosts import HOSTS, host
from lamion.models.atomistic.energies.relaxation import relax
from lamion.models.atomistic.structure.molecules import SPECIES, species
from lamion.progress import Progress, silent
from lamion.quantities import Answer, InputError, MissingExtraError, Quantity
from lamion.quantities.constants import BOHR, HARTREE
from lamion.store import Store
from lamion.substances.elements import ATOMIC_NUMBERS
from lamion.substances.molecule import Molecule

_LITHIUM = 4.44 - 3.04
"""V against vacuum: S. Trasatti, Pure Appl. Chem. 58 (1986) 955, doi:10.1351/pac198658070955, and the standard
potential of lithium."""

_SHIFT = 4.846
_ERROR = 0.5
MEASURED = (
    "copper tetraphenylporphyrin in solution takes its first electron at about -1.2 V against the calomel electrode, "
    "2.1 V above lithium: R. H. Felton, H. Linschitz, J. Am. Chem. Soc. 88 (1966) 1113; the number was not read in the "
    "paper itself"
)
"""What the porphyrin's potential can be held against."""
PARTS = ("porphyrin", "paddlewheel", "glyme", "sn")
"""What the default answer compares: the sheet's two copper sites, PEO's and SN's molecules."""


@dataclass(frozen=True)
class Frontier:
    """What a molecule does with electrons, eV.

    Parameters
    ----------
    donor : float or None
        The highest orbital that holds an electron, GFN2-xTB; None where no valence electron is left.
    acceptor : float
        The lowest orbital that has room for one, GFN2-xTB; a singly occupied one has.
    affinity : float
        The vertical electron affinity, IPEA1-xTB, in the better of the anion's spins.
    """

    donor: float | None
    acceptor: float
    affinity: float

    @property
    def reduction(self) -> float:
        """The potential against Li+/Li at which an electron comes to the bare molecule, V."""
        return self.affinity - _LITHIUM


def frontier(molecule: Molecule) -> Frontier:
    """Return affinity and frontier orbitals of a molecule as it stands.

    Parameters
    ----------
    molecule : Molecule
        With charge and multiplicity.

    Returns
    -------
    Frontier

    Raises
    ------
    MissingExtraError
        Without tblite.
    InputError
        When the SCF does not converge.

    References
    ----------
    V. Asgeirsson, C. A. Bauer, S. Grimme, Chem. Sci. 8 (2017) 4879, doi:10.1039/C7SC00601B.

    Examples
    --------
    >>> found = frontier(species("h2o").conformers[0])
    >>> found.donor < -10.0 < found.acceptor, found.affinity < 0
    (True, True)
    """
    orbitals = _single_point(molecule, "GFN2-xTB")
    energies = np.asarray(orbitals.get("orbital-energies")).ravel() * HARTREE
    occupations = np.asarray(orbitals.get("orbital-occupations")).ravel()
    neutral = float(_single_point(molecule, "IPEA1-xTB").get("energy"))
    spins = [spin for spin in (molecule.multiplicity - 1, molecule.multiplicity + 1) if spin >= 1]
    anions = [replace(molecule, charge=molecule.charge - 1, multiplicity=spin) for spin in spins]
    negative = min(float(_single_point(anion, "IPEA1-xTB").get("energy")) for anion in anions)
    affinity = (neutral - negative) * HARTREE - _SHIFT
    held, free = energies[occupations > 0.5], energies[occupations < 1.5]
    return Frontier(float(held.max()) if len(held) else None, float(free.min()), affinity)


def _single_point(molecule: Molecule, method: str) -> Any:
    try:
        from tblite.exceptions import TBLiteRuntimeError
        from tblite.interface import Calculator
    except ImportError as error:
        raise MissingExtraError("atomistic", "Orbital energies") from error
    numbers = np.array([ATOMIC_NUMBERS[symbol] for symbol in molecule.symbols])
    engine = Calculator(method, numbers, molecule.positions / BOHR, molecule.charge, molecule.multiplicity - 1)
    engine.set("verbosity", 0)
    try:
        return engine.singlepoint()
    except (RuntimeError, TBLiteRuntimeError) as error:
        raise InputError(f"The SCF of {molecule.name} did not converge.", f"{method} says: {error}.") from error


def redox_levels(parts: Sequence[str] = PARTS, *, store: Store | None = None, progress: Progress = silent) -> Answer:
    """Compare a framework's parts and its guests with lithium.

    Parameters
    ----------
    parts : sequence of str
        Names of hosts or molecules.
    store : Store, optional
        Keeps relaxed structures.
    progress : Progress
        Told before each part.

    Returns
    -------
    Answer
        ``reduction.NAME`` (V against Li+/Li, without solvation) of each part, with an interval open upwards, a cation's
        with none; affinities and orbital energies as series.

    Raises
    ------
    InputError
        When a name is unknown.

    Examples
    --------
    >>> redox_levels(["h2o"]).results["reduction.h2o"].interval[1] is None
    True
    """
    rows: list[tuple[str, Frontier]] = []
    results: dict[str, Quantity] = {}
    for done, name in enumerate(parts):
        progress(done, len(parts), name)
        molecule = _part(name)
        found = frontier(relax(molecule, store=store).molecule)
        rows.append((name, found))
        results[f"reduction.{name}"] = _potential(found.reduction, molecule.charge)
    order = [name for name, _ in sorted(rows, key=lambda row: -row[1].reduction)]
    return Answer(
        results,
        {
            "Part": [name for name, _ in rows],
            "Electron affinity / eV": [round(found.affinity, 2) for _, found in rows],
            "Highest donor / eV": [None if found.donor is None else round(found.donor, 2) for _, found in rows],
            "Lowest acceptor / eV": [round(found.acceptor, 2) for _, found in rows],
        },
        {
            "order of reduction": order,
            "uncertainty": "open upwards: 0.5 V is what IPEA1-xTB is off by for small molecules, and solvation, one to "
            "two volts, comes on top and raises molecules and anions; a cation it lowers, which so has no interval",
            **({"measured": MEASURED} if "porphyrin" in parts else {}),
            "qualitative": "single molecules in vacuum as they stand: the order means something, and a part above 0 V "
            "would take an electron from lithium; kinetics and interphases are not in it. Orbital energies of GFN2-xTB "
            "are shown for their order alone",
        },
        method="Vertical electron affinities of the relaxed parts by IPEA1-xTB, in vacuum; a potential is the "
        "affinity over e less 1.40 V.",
    )


def _part(name: str) -> Molecule:
    if name.lower() not in HOSTS:
        if name.lower() not in SPECIES:
            raise InputError(f"There is no part '{name}'.", "", f"Known are: {', '.join([*HOSTS, *SPECIES])}.")
        return species(name).conformers[0]
    place = host(name)
    if place.cell is not None:
        raise InputError(
            f"'{name}' is periodic, and affinities are computed of single molecules.",
            "",
            "Name its parts: porphyrin, paddlewheel or benzoate.",
        )
    return place.molecule


def _potential(potential: float, charge: int) -> Quantity:
    """Return the potential of a bare part: solvation raises it, save a cation's, of which nothing can be said."""
    interval = (round(potential - _ERROR, 2), None) if charge <= 0 else None
    return Quantity(round(potential, 2), None, "V", "vertical electron affinity, IPEA1-xTB", interval)
