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

from lamion.models.atomistic.energies.calculators import engine
from lamion.models.atomistic.energies.hosts import Host, with_multiplicity
from lamion.models.atomistic.energies.placement import starts
from lamion.models.atomistic.energies.relaxation import RelaxationSettings, Relaxed, relax
from lamion.models.atomistic.structure.molecules import Species
from lamion.progress import Progress, silent
from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.store import Store
from lamion.substances.molecule import Molecule

_MILLI = 3
_LONGEST = 2.6
"""Angstrom: longer contacts are no bonds to a metal."""
_FAR_ABOVE = 0.5
"""eV by which a spin of the host above its default one is worth a warning."""


@dataclass(frozen=True)
class Search:
    """What is searched.

    Parameters
    ----------
    calculator : str
        An engine's name.
    contacts : int
        How many hosts the molecule touches.
    kept : int
        How many of the starts, the best by their energy as they stand, are relaxed.
    conformers : int
        How many conformers are placed, the best by their relaxed energy.
    force : float
        The largest force that may remain, eV/angstrom.
    """

    calculator: str = "gfn2"
    contacts: int = 1
    kept: int = 4
    conformers: int = 3
    force: float = 0.02

    def settings(self, steps: int = 600) -> RelaxationSettings:
        """Return how each structure is relaxed, or with 0 steps computed as it stands."""
        return RelaxationSettings(self.calculator, self.force, steps)


@dataclass(frozen=True)
class BindingContact:
    """Where a molecule touches a host.

    Parameters
    ----------
    donor : str
        The element of the molecule's nearest atom that binds.
    acceptor : str
        The element of the host's site.
    distance : float
        Angstrom.
    """

    donor: str
    acceptor: str
    distance: float


@dataclass(frozen=True, eq=False)
class Adsorbed:
    """What a search found.

    Parameters
    ----------
    place, species : Host, Species
        What was asked for.
    complex, host, guest : Relaxed
        The best complex, one host alone, the molecule alone.
    contacts : tuple of BindingContact
        One for each host in the complex.
    tried : tuple of float
        E_b of every start that was relaxed, eV, best first.
    failed : tuple of str
        What became of the starts that were given up.
    """

    place: Host
    species: Species
    complex: Relaxed
    host: Relaxed
    guest: Relaxed
    contacts: tuple[BindingContact, ...]
    tried: tuple[float, ...]
    failed: tuple[str, ...]

    @property
    def energy(self) -> float:
        """E_b, eV."""
        return self.complex.energy - len(self.contacts) * self.host.energy - self.guest.energy


def binding_energy_raw(
    place: Host,
    guest: Species,
    search: Search | None = None,
    *,
    store: Store | None = None,
    progress: Progress = silent,
) -> Adsorbed:
    """Search the best complex of a host and a molecule.

    Parameters
    ----------
    place : Host
        From :func:`~lamion.models.atomistic.energies.hosts.host` or
        :func:`~lamion.models.atomistic.energies.hosts.own_host`.
    guest : Species
        From :func:`~lamion.models.atomistic.structure.molecules.species` or
        :func:`~lamion.models.atomistic.structure.molecules.own_species`.
    search : Search, optional
        Engine, contacts, effort.
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
        When the molecule has too few donors, the charge or multiplicity is impossible, or every start failed; the
        reason is that of the first.

    Examples
    --------
    >>> from lamion.models.atomistic.energies.hosts import host
    >>> from lamion.models.atomistic.structure.molecules import species
    >>> found = binding_energy_raw(host("paddlewheel"), species("h2o"), Search(kept=1))
    >>> -0.51 < found.energy < -0.45
    True
    """
    search = search or Search()
    if not 1 <= search.contacts <= 3:
        raise InputError(f"{search.contacts} contacts are not 1 to 3.")
    if len(guest.donors) < search.contacts:
        raise InputError(f"{guest.name} has {len(guest.donors)} atom(s) that bind, not {search.contacts}.")
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
            f"No start of {guest.name} on {place.name} gave a complex.",
            failed[0] if failed else "Every start had atoms too close to each other.",
            "Try another host, another engine or fewer contacts.",
        )
    found.sort(key=lambda one: one.energy)
    base = search.contacts * alone.energy + best.energy
    contacts = _contacts(found[0].molecule, place, guest, search.contacts)
    tried = tuple(round(one.energy - base, _MILLI) for one in found)
    return Adsorbed(place, guest, found[0], alone, best, contacts, tried, tuple(failed))


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


def _contacts(complex_: Molecule, place: Host, guest: Species, hosts: int) -> tuple[BindingContact, ...]:
    size = len(place.molecule)
    found = []
    for k in range(hosts):
        site = k * size + place.site.atom
        apart = [np.linalg.norm(complex_.positions[hosts * size + d] - complex_.positions[site]) for d in guest.donors]
        nearest = guest.donors[int(np.argmin(apart))]
        symbols = complex_.symbols[hosts * size + nearest], complex_.symbols[site]
        found.append(BindingContact(*symbols, float(min(apart))))
    return tuple(found)


def binding_energy(
    place: Host,
    guest: Species,
    search: Search | None = None,
    *,
    store: Store | None = None,
    progress: Progress = silent,
) -> Answer:
    """Return the binding energy of a molecule on a host; arguments as in :func:`binding_energy_raw`.

    Parameters
    ----------
    place : Host
        What the molecule sits on.
    guest : Species
        The molecule.
    search : Search, optional
        Engine, contacts, effort.
    store : Store, optional
        Keeps every relaxed structure.
    progress : Progress
        Told before each structure.

    Returns
    -------
    Answer
        ``binding_energy`` (eV, to 1 meV), ``energy_per_contact``, ``contact_distance`` (angstrom) of each host; charge,
        multiplicity, dispersion and counterpoise under notes; one row per relaxed start as series; all geometries in
        the figure's data.

    Examples
    --------
    >>> from lamion.models.atomistic.energies.hosts import host
    >>> from lamion.models.atomistic.structure.molecules import species
    >>> answer = binding_energy(host("paddlewheel"), species("co"), Search(kept=1))
    >>> answer.notes["multiplicity of the complex"], answer.notes["contacts"]
    (3, ['C on Cu'])
    """
    search = search or Search()
    found = binding_energy_raw(place, guest, search, store=store, progress=progress)
    used = engine(search.calculator)
    energy = round(found.energy, _MILLI)
    distances = {
        f"contact_distance{'' if len(found.contacts) == 1 else k}": Quantity(
            round(contact.distance, 2), None, "angstrom", used.method
        )
        for k, contact in enumerate(found.contacts, start=1)
    }
    per_contact = round(energy / len(found.contacts), _MILLI)
    return Answer(
        {
            "binding_energy": Quantity(energy, None, "eV", f"{used.method}, {place.name}, {guest.name}"),
            "energy_per_contact": Quantity(per_contact, None, "eV", used.method),
            **distances,
        },
        {
            "Relaxed start": [float(k) for k in range(1, len(found.tried) + 1)],
            "Binding energy / eV": list(found.tried),
        },
        notes=_notes(found, search),
        warnings=(*_long_contacts(found), *_high_spin(found, search, store)),
        figures={"complex": complex_figure(found, energy)},
        method=f"Energy of the best of {len(found.tried)} relaxed complexes less those of the relaxed "
        f"{'hosts' if len(found.contacts) > 1 else 'host'} and molecule, by {used.method}.",
    )


def _notes(found: Adsorbed, search: Search) -> dict[str, Any]:
    used = engine(search.calculator)
    hosts = len(found.contacts)
    return {
        "host": found.place.meaning + (f", {hosts} of them" if hosts > 1 else ""),
        "adsorbate": found.species.meaning,
        "method": used.method,
        "counterpoise": used.counterpoise,
        "charge": found.complex.molecule.charge,
        "multiplicity of the complex": found.complex.molecule.multiplicity,
        "multiplicity of the host": found.host.molecule.multiplicity,
        "contacts": [f"{contact.donor} on {contact.acceptor}" for contact in found.contacts],
        "starts given up": sorted(set(found.failed)),
        "uncertainty": "none is given: the spread over hosts, spins and engines says how far the number can be trusted",
    }


def _long_contacts(found: Adsorbed) -> tuple[str, ...]:
    far = [contact for contact in found.contacts if contact.distance > _LONGEST]
    if not far:
        return ()
    return (f"{len(far)} of {len(found.contacts)} contacts are longer than {_LONGEST:g} angstrom: no bond there.",)


def _high_spin(found: Adsorbed, search: Search, store: Store | None) -> tuple[str, ...]:
    """Warn when a host was put in a spin far above its own."""
    place, own = found.place, found.place.own_multiplicity
    if own is None or own == place.molecule.multiplicity or place.cell is not None:
        return ()
    above = found.host.energy - relax(with_multiplicity(place, own).molecule, search.settings(), store=store).energy
    if above < _FAR_ABOVE:
        return ()
    return (
        f"The host lies {above:.2f} eV higher in multiplicity {place.molecule.multiplicity} than in {own}: the energy "
        "is that of an excited state.",
    )


def complex_figure(found: Adsorbed, energy: float) -> FigureData:
    """Return every geometry of a search as a figure's data.

    Parameters
    ----------
    found : Adsorbed
        From :func:`binding_energy_raw`.
    energy : float
        E_b for its title, eV.
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
    data["binding_energy_eV"] = energy
    return FigureData("complex", f"{found.species.name} on {found.place.name}, {energy:.2f} eV", data)
