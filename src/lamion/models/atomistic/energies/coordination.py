r"""Lithium ions between ethers and nitriles.

.. math:: E_n = E(\mathrm{Li}L_1 \ldots L_n^+) - E(\mathrm{Li}^+) - \sum_i E(L_i)

and what it costs to put one ligand in the place of another that makes as many contacts:

.. math:: \Delta E = E_n(\ldots B) - E_n(\ldots A)
"""

from __future__ import annotations

import itertools
import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.energies.calculators import engine
from lamion.models.atomistic.energies.placement import rotation_onto
from lamion.models.atomistic.energies.relaxation import RelaxationSettings, Relaxed, relax
from lamion.models.atomistic.structure.bonding import outward
from lamion.models.atomistic.structure.molecules import species
from lamion.progress import Progress, silent
from lamion.quantities import Answer, InputError, Quantity
from lamion.store import Store
from lamion.substances.molecule import Molecule

Array = NDArray[np.float64]
Ligands = tuple[str, ...]

_DISTANCE = 1.95
_CONTACT = 2.4
"""Angstrom from lithium within which an oxygen or a nitrogen counts as bound."""
_MOST_STARTS = 8
_MILLI = 3
_VERTICES = np.array([[1.0, 1, 1], [-1, -1, 1], [-1, 1, -1], [1, -1, -1]]) / math.sqrt(3)

SHELLS: tuple[Ligands, ...] = (
    ("dme",),
    ("sn-trans",),
    ("glyme",),
    ("sn",),
    ("dme", "dme"),
    ("dme", "sn-trans"),
    ("sn-trans", "sn-trans"),
)
"""The shells of the default answer: one contact, two of one molecule, two of two molecules."""

EXCHANGES: dict[str, tuple[Ligands, Ligands]] = {
    "exchange.first": (("dme",), ("sn-trans",)),
    "exchange.second": (("dme", "dme"), ("dme", "sn-trans")),
    "exchange.chelate": (("glyme",), ("sn",)),
}
"""By result, the shell with ethers and the one with a nitrile in the place of one; both make as many contacts."""

MEASURED: dict[Ligands, Quantity] = {
    ("dme",): Quantity(
        -1.71,
        0.11,
        "eV",
        "M. B. More, E. D. Glendening, D. Ray, D. Feller, P. B. Armentrout, J. Phys. Chem. 100 (1996) 1605; "
        "the number was not read in the paper itself",
    ),
    ("glyme",): Quantity(
        -2.50,
        0.19,
        "eV",
        "D. Ray, D. Feller, M. B. More, E. D. Glendening, P. B. Armentrout, J. Phys. Chem. 100 (1996) 16116; "
        "the number was not read in the paper itself",
    ),
}
"""Measured energies of Li+ with one molecule at 0 K: what an engine's bias is shown against."""


@dataclass(frozen=True, eq=False)
class Shell:
    """Ligands round a lithium ion.

    Parameters
    ----------
    ligands : tuple of str
        Names.
    energy : float
        E_n, eV.
    complex : Relaxed
        Lithium first.
    distances : tuple of float
        From lithium to each oxygen and nitrogen within 2.4 angstrom, angstrom, shortest first.
    """

    ligands: Ligands
    energy: float
    complex: Relaxed
    distances: tuple[float, ...]


def shell(ligands: Sequence[str], settings: RelaxationSettings | None = None, *, store: Store | None = None) -> Shell:
    """Relax a lithium ion with one to four ligands, each on a corner of a tetrahedron and bound by its first donor.

    Parameters
    ----------
    ligands : sequence of str
        Keys of :data:`~lamion.models.atomistic.structure.molecules.SPECIES`.
    settings : RelaxationSettings, optional
        Engine and when to stop.
    store : Store, optional
        Keeps every structure.

    Returns
    -------
    Shell
        The best over the combinations of the ligands' conformers, eight of them at most.

    Raises
    ------
    InputError
        When there are none or more than four, a name is unknown, or every start failed.

    Examples
    --------
    >>> found = shell(["dme"])
    >>> round(found.energy, 1), len(found.distances)
    (-2.0, 1)
    """
    if not 1 <= len(ligands) <= 4:
        raise InputError(f"{len(ligands)} ligands are not 1 to 4.")
    alone = {name: _free(name, settings, store) for name in dict.fromkeys(ligands)}
    lithium = relax(species("li+").conformers[0], settings, store=store)
    sizes = (1, *(len(species(name).conformers[0]) for name in ligands))
    found: list[Relaxed] = []
    failed: list[str] = []
    for start in itertools.islice(_starts(ligands), _MOST_STARTS):
        try:
            found.append(relax(start, settings, parts=sizes, store=store))
        except InputError as error:
            failed.append(error.happened)
    if not found:
        raise InputError(f"No start of Li+ with {' and '.join(ligands)} held together.", failed[0])
    best = min(found, key=lambda one: one.energy)
    energy = best.energy - lithium.energy - sum(alone[name].energy for name in ligands)
    return Shell(tuple(ligands), round(energy, _MILLI), best, _contacts(best.molecule))


def _free(name: str, settings: RelaxationSettings | None, store: Store | None) -> Relaxed:
    rested = [relax(one, settings, store=store) for one in species(name).conformers]
    return min(rested, key=lambda one: one.energy)


def _starts(ligands: Sequence[str]) -> itertools.starmap[Molecule]:
    """Go through the combinations of conformers."""
    kinds = [species(name) for name in ligands]
    choices = itertools.product(*(kind.conformers for kind in kinds))
    donors = [kind.donors[0] for kind in kinds]
    return itertools.starmap(lambda *conformers: _start(ligands, conformers, donors), choices)


def _start(ligands: Sequence[str], conformers: Sequence[Molecule], donors: Sequence[int]) -> Molecule:
    symbols: tuple[str, ...] = ("Li",)
    places = [np.zeros((1, 3))]
    charge = 1
    for one, donor, vertex in zip(conformers, donors, _VERTICES, strict=False):
        turn = rotation_onto(outward(one, donor), -vertex)
        places.append((one.positions - one.positions[donor]) @ turn.T + _DISTANCE * vertex)
        symbols += one.symbols
        charge += one.charge
    return Molecule(f"Li+ with {' and '.join(ligands)}", symbols, np.vstack(places), charge)


def _contacts(complex_: Molecule) -> tuple[float, ...]:
    apart = np.linalg.norm(complex_.positions - complex_.positions[0], axis=1)
    binding = [float(d) for d, symbol in zip(apart, complex_.symbols, strict=True) if symbol in "ON"]
    return tuple(sorted(round(d, _MILLI) for d in binding if d < _CONTACT))


def parse_shells(text: str) -> tuple[Ligands, ...]:
    """Read shells as people write them.

    Parameters
    ----------
    text : str
        Shells with commas between, ligands with plus signs between.

    Raises
    ------
    InputError
        When a shell is empty or a name unknown.

    Examples
    --------
    >>> parse_shells("dme, dme + sn, li+ + glyme")
    (('dme',), ('dme', 'sn'), ('li+', 'glyme'))
    """
    # A plus sign at the end of a name is an ion's.
    shells = tuple(tuple(name.strip() for name in re.split(r"\+(?=\s*\w)", part)) for part in text.split(","))
    return tuple(tuple(species(name).name for name in one) for one in shells)


def lithium_coordination(
    calculator: str = "gfn2",
    shells: Sequence[Ligands] = SHELLS,
    *,
    store: Store | None = None,
    progress: Progress = silent,
) -> Answer:
    """Return how lithium ions sit between ether oxygens and nitriles.

    Parameters
    ----------
    calculator : str
        An engine's name.
    shells : sequence of tuple of str
        The ligands of each.
    store : Store, optional
        Keeps every structure.
    progress : Progress
        Told before each shell.

    Returns
    -------
    Answer
        ``binding.dme``, ``binding.dme_sn-trans`` ... (eV); of the default shells ``exchange.first``,
        ``exchange.second`` and ``exchange.chelate``: what it costs to put SN in the place of an ether that makes as
        many contacts, with the standard deviation of GFN2-xTB and GFN1-xTB as uncertainty; ``bias.dme`` and
        ``bias.glyme``: the engine's energy less the measured one. An exchange whose shells turn out to make different
        numbers of contacts is left out.

    Notes
    -----
    Gas-phase clusters without the rest of the electrolyte: signs and orders of magnitude of the competition, no free
    energies.

    Examples
    --------
    >>> print(lithium_coordination(shells=[("dme",)]).results["bias.dme"])
    -0.29(11) eV
    """
    other = {"gfn2": "gfn1", "gfn1": "gfn2"}.get(calculator)
    engines = (calculator,) if other is None else (calculator, other)
    jobs = [(name, tuple(one)) for name in engines for one in dict.fromkeys(map(tuple, shells))]
    found: dict[tuple[str, Ligands], Shell] = {}
    for done, (name, ligands) in enumerate(jobs):
        progress(done, len(jobs), f"Li+ with {' and '.join(ligands)}, {name}")
        found[name, ligands] = shell(ligands, RelaxationSettings(name), store=store)
    own = [found[calculator, ligands] for name, ligands in jobs if name == calculator]
    method = engine(calculator).method
    energies = {f"binding.{'_'.join(one.ligands)}": Quantity(one.energy, None, "eV", method) for one in own}
    known = [one for one in own if one.ligands in MEASURED]
    biases = {f"bias.{'_'.join(one.ligands)}": _bias(one.energy, MEASURED[one.ligands]) for one in known}
    return Answer(
        energies | _exchanges(found, engines, method) | biases,
        {
            "Ligands": [" + ".join(one.ligands) for one in own],
            "Contacts": [float(len(one.distances)) for one in own],
            "Distances / angstrom": [" ".join(f"{d:.2f}" for d in one.distances) for one in own],
            **{f"{name} / eV": [found[name, one.ligands].energy for one in own] for name in engines},
            "Measured / eV": [MEASURED[one.ligands].value if one.ligands in MEASURED else None for one in own],
        },
        {
            "method": method,
            "exchange": "positive where the ether holds lithium better; compared are shells with as many contacts, and "
            "the uncertainty is the standard deviation of two engines",
            "meaning": "gas-phase clusters: energies, not free energies, and no counter-ion",
        },
        tuple(_warning(method, one) for one in known),
        method=f"Energies of {len(own)} relaxed clusters less those of ion and ligands, by {method}, in vacuum.",
    )


def _exchanges(found: dict[tuple[str, Ligands], Shell], engines: Sequence[str], method: str) -> dict[str, Quantity]:
    results = {}
    for name, (ether, nitrile) in EXCHANGES.items():
        if (engines[0], ether) not in found or (engines[0], nitrile) not in found:
            continue
        pairs = [(found[one, ether], found[one, nitrile]) for one in engines]
        if any(len(first.distances) != len(second.distances) for first, second in pairs):
            continue
        costs = [second.energy - first.energy for first, second in pairs]
        spread = round(statistics.stdev(costs), _MILLI) if len(costs) > 1 else None
        results[name] = Quantity(round(costs[0], _MILLI), spread, "eV", method)
    return results


def _bias(energy: float, measured: Quantity) -> Quantity:
    return Quantity(round(energy - measured.value, _MILLI), measured.std, "eV", measured.source)


def _warning(method: str, one: Shell) -> str:
    return (
        f"{method} binds Li+ to {one.ligands[0]} by {-one.energy:.2f} eV against {-MEASURED[one.ligands].value:.2f} eV "
        "measured: read differences between ligands, and those with care."
    )
