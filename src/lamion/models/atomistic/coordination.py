r"""Lithium ions between ethers and nitriles.

.. math:: E_n = E(\mathrm{Li}L_1 \ldots L_n^+) - E(\mathrm{Li}^+) - \sum_i E(L_i)

and what it costs to put one ligand in the place of another, in which most of an engine's error cancels:

.. math:: \Delta E = E(\mathrm{Li}AB^+) + E(A) - E(\mathrm{Li}AA^+) - E(B)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.calculators import engine
from lamion.models.atomistic.molecules import species
from lamion.models.atomistic.placement import outward, rotation_onto
from lamion.models.atomistic.relaxation import RelaxationSettings, Relaxed, relax
from lamion.models.atomistic.store import Store
from lamion.progress import Progress, silent
from lamion.quantities import Answer, InputError, Quantity
from lamion.substances.molecule import Molecule

Array = NDArray[np.float64]

_DISTANCE = 1.95
_MILLI = 3
_VERTICES = np.array([[1.0, 1, 1], [-1, -1, 1], [-1, 1, -1], [1, -1, -1]]) / math.sqrt(3)
SHELLS = (("dme",), ("sn",), ("glyme",), ("dme", "dme"), ("dme", "sn"), ("sn", "sn"))
"""The shells of the default answer."""

LITHIUM_DIMETHYL_ETHER = Quantity(
    -1.71,
    0.11,
    "eV",
    "M. B. More, E. D. Glendening, D. Ray, D. Feller, P. B. Armentrout, J. Phys. Chem. 100 (1996) 1605",
)
"""The measured energy of Li+ with one dimethyl ether at 0 K: what the engine's bias is shown against."""


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
    """

    ligands: tuple[str, ...]
    energy: float
    complex: Relaxed


def shell(ligands: Sequence[str], settings: RelaxationSettings | None = None, *, store: Store | None = None) -> Shell:
    """Relax a lithium ion with one to four ligands, each on a corner of a tetrahedron and bound by its first donor.

    Parameters
    ----------
    ligands : sequence of str
        Keys of :data:`~lamion.models.atomistic.molecules.SPECIES`.
    settings : RelaxationSettings, optional
        Engine and when to stop.
    store : Store, optional
        Keeps every structure.

    Returns
    -------
    Shell
        Of the best combination of the ligands' conformers.

    Raises
    ------
    InputError
        When there are none or more than four, a name is unknown, or every start failed.

    Examples
    --------
    >>> round(shell(["dme"]).energy, 1)
    -2.0
    """
    if not 1 <= len(ligands) <= 4:
        raise InputError(f"{len(ligands)} ligands are not 1 to 4.")
    alone = {name: _free(name, settings, store) for name in dict.fromkeys(ligands)}
    lithium = relax(species("li+").conformers[0], settings, store=store)
    sizes = (1, *(len(species(name).conformers[0]) for name in ligands))
    found: list[Relaxed] = []
    failed: list[str] = []
    most = max(len(species(name).conformers) for name in ligands)
    for number in range(min(most, 3)):
        start = _start(ligands, number)
        try:
            found.append(relax(start, settings, parts=sizes, store=store))
        except InputError as error:
            failed.append(error.happened)
    if not found:
        raise InputError(f"No start of Li+ with {' and '.join(ligands)} held together.", failed[0])
    best = min(found, key=lambda one: one.energy)
    energy = best.energy - lithium.energy - sum(alone[name].energy for name in ligands)
    return Shell(tuple(ligands), round(energy, _MILLI), best)


def _free(name: str, settings: RelaxationSettings | None, store: Store | None) -> Relaxed:
    rested = [relax(one, settings, store=store) for one in species(name).conformers]
    return min(rested, key=lambda one: one.energy)


def _start(ligands: Sequence[str], number: int) -> Molecule:
    symbols: tuple[str, ...] = ("Li",)
    places = [np.zeros((1, 3))]
    charge = 1
    for name, vertex in zip(ligands, _VERTICES, strict=False):
        kind = species(name)
        one = kind.conformers[number % len(kind.conformers)]
        donor = kind.donors[0]
        turn = rotation_onto(outward(one, donor), -vertex)
        places.append((one.positions - one.positions[donor]) @ turn.T + _DISTANCE * vertex)
        symbols += one.symbols
        charge += one.charge
    return Molecule(f"Li+ with {' and '.join(ligands)}", symbols, np.vstack(places), charge)


def coordination_answer(calculator: str = "gfn2", *, store: Store | None = None, progress: Progress = silent) -> Answer:
    """Return how lithium ions sit between ether oxygens and nitriles.

    Parameters
    ----------
    calculator : str
        An engine's name.
    store : Store, optional
        Keeps every structure.
    progress : Progress
        Told before each shell.

    Returns
    -------
    Answer
        ``binding.dme``, ``binding.sn``, ``binding.dme_sn`` ... (eV); ``exchange.first`` and ``exchange.second``: what
        it costs to put SN in the place of the first and of the second ether; ``bias``: the engine's energy of Li+
        with dimethyl ether less the measured one.

    Notes
    -----
    Gas-phase clusters without the rest of the electrolyte: signs and orders of magnitude of the competition, no free
    energies.
    """
    settings = RelaxationSettings(calculator)
    shells: dict[str, Shell] = {}
    for done, ligands in enumerate(SHELLS):
        progress(done, len(SHELLS), f"Li+ with {' and '.join(ligands)}")
        shells["_".join(ligands)] = shell(ligands, settings, store=store)
    method = engine(calculator).method

    def quantity(value: float) -> Quantity:
        return Quantity(round(value, _MILLI), None, "eV", method)

    first = shells["sn"].energy - shells["dme"].energy
    second = shells["dme_sn"].energy - shells["dme_dme"].energy
    bias = shells["dme"].energy - LITHIUM_DIMETHYL_ETHER.value
    results = {f"binding.{name}": quantity(one.energy) for name, one in shells.items()}
    results |= {"exchange.first": quantity(first), "exchange.second": quantity(second)}
    results["bias"] = Quantity(round(bias, _MILLI), LITHIUM_DIMETHYL_ETHER.std, "eV", LITHIUM_DIMETHYL_ETHER.source)
    return Answer(
        results,
        {
            "Ligands": [" + ".join(one.ligands) for one in shells.values()],
            "Binding energy / eV": [one.energy for one in shells.values()],
        },
        {
            "method": method,
            "reading": f"one SN in the place of an ether: {first:+.2f} eV at the bare ion, {second:+.2f} eV with "
            "another ether there; two oxygens of one chain hold Li+ "
            f"{shells['glyme'].energy - shells['dme_dme'].energy:+.2f} eV against two separate ones",
            "meaning": "gas-phase clusters: energies, not free energies, and no counter-ion",
        },
        (
            f"{method} binds Li+ to dimethyl ether by {-shells['dme'].energy:.2f} eV against "
            f"{-LITHIUM_DIMETHYL_ETHER.value:.2f} eV measured: read differences between ligands, not the energies.",
        ),
    )
