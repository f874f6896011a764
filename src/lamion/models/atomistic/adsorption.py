r"""The energy with which a molecule sits on a sheet.

.. math:: E_b = E_{sa} - n E_s - E_a

of the complex, of each of n hosts and of the molecule, each relaxed on its own and the molecule in its best conformer;
negative where it binds. Conformers, donors, tilts and turns of the molecule are searched. The complex keeps the hosts'
and the molecule's charge and their spins, parallel, so nothing but the contact changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from lamion.models.atomistic.calculators import engine
from lamion.models.atomistic.hosts import Host, host
from lamion.models.atomistic.molecules import Species, species
from lamion.models.atomistic.placement import starts
from lamion.models.atomistic.relaxation import RelaxationSettings, Relaxed, relax
from lamion.models.atomistic.store import Store
from lamion.progress import Progress, silent
from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.substances.molecule import Molecule

_MILLI = 3
_NEAR = 1.3


@dataclass(frozen=True)
class Search:
    """What is searched.

    Parameters
    ----------
    calculator : str
        An engine's name.
    contacts : int
        How many hosts the molecule touches.
    multiplicity : int or None
        Of one host; by default that of the largest spin.
    kept : int
        How many of the starts, the best by their energy as they stand, are relaxed.
    conformers : int
        How many conformers are placed, the best by their relaxed energy.
    force : float
        The largest force that may remain, eV/angstrom.
    """

    calculator: str = "gfn2"
    contacts: int = 1
    multiplicity: int | None = None
    kept: int = 4
    conformers: int = 3
    force: float = 0.02

    def settings(self, steps: int = 600) -> RelaxationSettings:
        """Return how each structure is relaxed, or with 0 steps computed as it stands."""
        return RelaxationSettings(self.calculator, self.force, steps)


@dataclass(frozen=True, eq=False)
class Adsorbed:
    """What a search found.

    Parameters
    ----------
    complex, host, guest : Relaxed
        The best complex, one host alone, the molecule alone.
    contacts : int
        The number of hosts in the complex.
    distances : tuple of float
        From each host's metal to the nearest atom of the molecule, angstrom.
    tried : tuple of float
        E_b of every start that was relaxed, eV, best first.
    failed : tuple of str
        What became of the starts that were given up.
    """

    complex: Relaxed
    host: Relaxed
    guest: Relaxed
    contacts: int
    distances: tuple[float, ...]
    tried: tuple[float, ...]
    failed: tuple[str, ...]

    @property
    def energy(self) -> float:
        """E_b, eV."""
        return self.complex.energy - self.contacts * self.host.energy - self.guest.energy


def adsorb(
    host_name: str,
    guest_name: str,
    search: Search | None = None,
    *,
    store: Store | None = None,
    progress: Progress = silent,
) -> Adsorbed:
    """Search the best complex of a host and a molecule.

    Parameters
    ----------
    host_name, guest_name : str
        Keys of :data:`~lamion.models.atomistic.hosts.HOSTS` and
        :data:`~lamion.models.atomistic.molecules.SPECIES`.
    search : Search, optional
        Engine, contacts, spin, effort.
    store : Store, optional
        Keeps every relaxed structure, so that a search that was cut off goes on.
    progress : Progress
        Told before each structure.

    Returns
    -------
    Adsorbed

    Raises
    ------
    InputError
        When a name is unknown, the molecule has too few donors, the charge or multiplicity is impossible, or every
        start failed; the reason is that of the first.

    Examples
    --------
    >>> found = adsorb("paddlewheel", "h2o", Search(kept=1))
    >>> -0.51 < found.energy < -0.45
    True
    """
    search = search or Search()
    place, guest = host(host_name, multiplicity=search.multiplicity), species(guest_name)
    if not 1 <= search.contacts <= 3:
        raise InputError(f"{search.contacts} contacts are not 1 to 3.")
    if len(guest.donors) < search.contacts:
        raise InputError(f"{guest_name} has {len(guest.donors)} atom(s) that bind, not {search.contacts}.")
    if place.cell is not None and search.contacts > 1:
        raise InputError("A periodic host takes one contact.", "", "Give a cut-out for several.")
    alone, best, conformers = _parts(place, guest, search, store, progress)
    relaxed_host = replace(place, molecule=alone.molecule)
    ranked, failed = _ranked(relaxed_host, conformers, guest, search, store)
    found: list[Relaxed] = []
    sizes = (len(place.molecule),) * search.contacts + (len(best.molecule),)
    for number, start in enumerate(ranked[: search.kept], start=1):
        progress(number + 1, search.kept + 2, f"{start.name}, start {number}")
        try:
            fixed = sizes[0] if place.cell is not None else 0
            found.append(relax(start, search.settings(), parts=sizes, fixed=fixed, cell=place.cell, store=store))
        except InputError as error:
            failed.append(error.happened)
    if not found:
        raise InputError(
            f"No start of {guest_name} on {host_name} gave a complex.",
            failed[0] if failed else "Every start had atoms too close to each other.",
            "Try another host, another engine or fewer contacts.",
        )
    found.sort(key=lambda one: one.energy)
    base = search.contacts * alone.energy + best.energy
    distances = _distances(found[0].molecule, place, search.contacts)
    tried = tuple(round(one.energy - base, _MILLI) for one in found)
    return Adsorbed(found[0], alone, best, search.contacts, distances, tried, tuple(failed))


def _parts(
    place: Host, guest: Species, search: Search, store: Store | None, progress: Progress
) -> tuple[Relaxed, Relaxed, list[Molecule]]:
    """Relax the host and each conformer alone; return host, best conformer and the conformers to place."""
    progress(0, search.kept + 2, place.name)
    frozen = place.cell is not None
    alone = relax(place.molecule, search.settings(0 if frozen else 600), cell=place.cell, store=store)
    progress(1, search.kept + 2, guest.name)
    rested = [relax(one, search.settings(), cell=place.cell, store=store) for one in guest.conformers]
    order = sorted(range(len(rested)), key=lambda k: (rested[k].energy, k))
    chosen = order[: search.conformers]
    if search.contacts > 1 and 0 not in chosen:
        # The first conformer is the stretched one, which keeps several hosts apart.
        chosen.append(0)
    return alone, rested[order[0]], [rested[k].molecule for k in chosen]


def _ranked(
    place: Host, conformers: Sequence[Molecule], guest: Species, search: Search, store: Store | None
) -> tuple[list[Molecule], list[str]]:
    """Order the starts by their energy as they stand."""
    one = search.contacts == 1
    choices = [(k,) for k in guest.distinct_donors] if one else list(combinations(guest.donors, search.contacts))
    energies: list[tuple[float, int, Molecule]] = []
    failed: list[str] = []
    for conformer in conformers:
        for donors in choices:
            for start in starts(place, conformer, donors):
                try:
                    found = relax(start, search.settings(0), cell=place.cell, store=store)
                except InputError as error:
                    failed.append(error.happened)
                    continue
                energies.append((found.energy, len(energies), start))
    return [start for _, _, start in sorted(energies, key=lambda item: item[:2])], failed


def _distances(complex_: Molecule, place: Host, contacts: int) -> tuple[float, ...]:
    size = len(place.molecule)
    guest = complex_.positions[contacts * size :]
    metals = [complex_.positions[k * size + place.site.metal] for k in range(contacts)]
    return tuple(float(np.linalg.norm(guest - metal, axis=1).min()) for metal in metals)


def adsorption_answer(
    host_name: str,
    guest_name: str,
    search: Search | None = None,
    *,
    store: Store | None = None,
    progress: Progress = silent,
) -> Answer:
    """Return the binding energy of a molecule on a host; arguments as in :func:`adsorb`.

    Parameters
    ----------
    host_name, guest_name : str
        Names of host and molecule.
    search : Search, optional
        Engine, contacts, spin, effort.
    store : Store, optional
        Keeps every relaxed structure.
    progress : Progress
        Told before each structure.

    Returns
    -------
    Answer
        ``binding_energy`` (eV, to 1 meV), ``energy_per_contact``, ``contact_distance`` (angstrom) of each host; charge,
        multiplicity, dispersion and counterpoise under notes; all geometries in the figure's data.

    Examples
    --------
    >>> adsorption_answer("paddlewheel", "co", Search(kept=1)).notes["multiplicity of the complex"]
    3
    """
    search = search or Search()
    found = adsorb(host_name, guest_name, search, store=store, progress=progress)
    used = engine(search.calculator)
    energy = round(found.energy, _MILLI)
    distances = {
        f"contact_distance{'' if len(found.distances) == 1 else k}": Quantity(
            round(d, 2), None, "angstrom", used.method
        )
        for k, d in enumerate(found.distances, start=1)
    }
    per_contact = round(energy / found.contacts, _MILLI)
    return Answer(
        {
            "binding_energy": Quantity(energy, None, "eV", f"{used.method}, {host_name}, {guest_name}"),
            "energy_per_contact": Quantity(per_contact, None, "eV", used.method),
            **distances,
        },
        notes=_notes(found, host_name, guest_name, search),
        warnings=_doubts(found, search),
        figures={"complex": complex_figure(found, host_name, guest_name)},
    )


def _notes(found: Adsorbed, host_name: str, guest_name: str, search: Search) -> dict[str, Any]:
    used, place, guest = engine(search.calculator), host(host_name), species(guest_name)
    return {
        "host": f"{place.meaning}" + (f", {found.contacts} of them" if found.contacts > 1 else ""),
        "adsorbate": guest.meaning,
        "method": used.method,
        "counterpoise": used.counterpoise,
        "charge": found.complex.molecule.charge,
        "multiplicity of the complex": found.complex.molecule.multiplicity,
        "multiplicity of the host": found.host.molecule.multiplicity,
        "relaxed starts, E_b in eV": list(found.tried),
        "starts given up": sorted(set(found.failed)),
        "uncertainty": "none is given: the spread over hosts, spins and engines says how far the number can be trusted",
    }


def _doubts(found: Adsorbed, search: Search) -> tuple[str, ...]:
    far = [distance for distance in found.distances if distance > 2 * _NEAR]
    if not far:
        return ()
    return (f"{len(far)} of {found.contacts} contacts are longer than {2 * _NEAR:g} angstrom: no bond to the metal.",)


def complex_figure(found: Adsorbed, host_name: str, guest_name: str) -> FigureData:
    """Return every geometry of a search as a figure's data.

    Parameters
    ----------
    found : Adsorbed
        From :func:`adsorb`.
    host_name, guest_name : str
        For its title.
    """
    data: dict[str, Any] = {
        name: {
            "symbols": list(one.molecule.symbols),
            "positions": np.round(one.molecule.positions, 3).tolist(),
            "charge": one.molecule.charge,
            "multiplicity": one.molecule.multiplicity,
        }
        for name, one in (("complex", found.complex), ("host", found.host), ("adsorbate", found.guest))
    }
    return FigureData("complex", f"{guest_name} on {host_name}", data)
