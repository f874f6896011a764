r"""Binding energies of density-functional theory at geometries relaxed with GFN2-xTB.

.. math:: E_b^\mathrm{CP} = E_{sa} - E_s - E_a + \left(E_s^{*} - E_s^{*,sa}\right) + \left(E_a^{*} - E_a^{*,sa}\right)

The stars are the parts as they stand in the complex, with their own basis and with the whole complex's: the
counterpoise correction of Boys and Bernardi.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lamion.models.atomistic.energies.adsorption import Adsorbed, Search, binding_energy_raw, complex_figure
from lamion.models.atomistic.energies.dft import DftEnergy, DftSettings, single_point
from lamion.models.atomistic.energies.hosts import Host
from lamion.models.atomistic.structure.molecules import Species
from lamion.progress import Progress, silent
from lamion.quantities import Answer, InputError, Quantity
from lamion.store import Store
from lamion.substances.molecule import Molecule

_MILLI = 3


@dataclass(frozen=True)
class Binding:
    """A binding energy of density-functional theory, in eV.

    Parameters
    ----------
    corrected : float
        With the counterpoise correction and dispersion.
    superposition : float
        The counterpoise correction, positive.
    dispersion : float
        The part of D3(BJ) in it, negative.
    spin_square : float
        The expectation value of S2 in the complex; S (S + 1) where no other spin mixes in.
    """

    corrected: float
    superposition: float
    dispersion: float
    spin_square: float


def binding(
    complex_: Molecule,
    host: Molecule,
    guest: Molecule,
    settings: DftSettings | None = None,
    *,
    store: Store | None = None,
    progress: Progress = silent,
) -> Binding:
    """Compute a binding energy at given geometries.

    Parameters
    ----------
    complex_ : Molecule
        The host's atoms first, then the guest's.
    host, guest : Molecule
        Each alone, in its own geometry.
    settings : DftSettings, optional
        By default PBE-D3(BJ)/def2-SVP.
    store : Store, optional
        Keeps every single point, so that a computation that was cut off goes on.
    progress : Progress
        Told before each of the seven single points.

    Returns
    -------
    Binding

    Raises
    ------
    MissingExtraError, InputError
        As :func:`~lamion.models.atomistic.energies.dft.single_point`.

    References
    ----------
    S. F. Boys, F. Bernardi, Mol. Phys. 19 (1970) 553, doi:10.1080/00268977000101561.

    Examples
    --------
    >>> binding(complex_, host, guest).corrected  # doctest: +SKIP
    -0.45
    """
    size = len(host)
    inner_host = replace(host, positions=complex_.positions[:size], name=f"{host.name} in the complex")
    inner_guest = replace(guest, positions=complex_.positions[size:], name=f"{guest.name} in the complex")
    jobs: list[tuple[Molecule, Molecule | None]] = [
        (complex_, None),
        (host, None),
        (guest, None),
        (inner_host, None),
        (inner_host, inner_guest),
        (inner_guest, None),
        (inner_guest, inner_host),
    ]
    found: list[DftEnergy] = []
    for done, (molecule, ghosts) in enumerate(jobs):
        progress(done, len(jobs), molecule.name)
        found.append(single_point(molecule, settings, ghosts=ghosts, store=store))
    whole, alone, free, host_own, host_full, guest_own, guest_full = found
    superposition = (host_own.electronic - host_full.electronic) + (guest_own.electronic - guest_full.electronic)
    raw = whole.total - alone.total - free.total
    dispersion = whole.dispersion - alone.dispersion - free.dispersion
    return Binding(raw + superposition, superposition, dispersion, whole.spin_square)


def binding_energy_dft(
    place: Host,
    guest: Species,
    search: Search | None = None,
    *,
    settings: DftSettings | None = None,
    store: Store | None = None,
    progress: Progress = silent,
) -> Answer:
    """Relax with GFN2-xTB and compute the binding energy with density-functional theory.

    Parameters
    ----------
    place, guest, search, store, progress
        As in :func:`~lamion.models.atomistic.energies.adsorption.binding_energy_raw`; one contact.
    settings : DftSettings, optional
        By default PBE-D3(BJ)/def2-SVP.

    Returns
    -------
    Answer
        ``binding_energy`` with the counterpoise correction, ``superposition_error``, ``dispersion`` and
        ``binding_energy_without_dispersion`` (eV); charge, multiplicity and spin under notes; all geometries in the
        figure's data.

    Raises
    ------
    MissingExtraError, InputError
        As :func:`~lamion.models.atomistic.energies.adsorption.binding_energy_raw` and
        :func:`~lamion.models.atomistic.energies.dft.single_point`, and for several contacts or a periodic host.

    Examples
    --------
    >>> binding_energy_dft(host("paddlewheel"), species("dme")).results["binding_energy"]  # doctest: +SKIP
    """
    search = replace(search or Search(), calculator="gfn2")
    if search.contacts != 1 or place.cell is not None:
        raise InputError(
            "Single points of density-functional theory take one contact at a cut-out of the sheet.",
            "",
            "Ask for one contact and another host than the whole sheet, or use gfn2.",
        )
    found = binding_energy_raw(place, guest, search, store=store, progress=progress)
    parts = (found.complex.molecule, found.host.molecule, found.guest.molecule)
    energies = binding(*parts, settings, store=store, progress=progress)
    figure = complex_figure(found, round(energies.corrected, _MILLI))
    return replace(_answer(energies, found, settings or DftSettings()), figures={"complex": figure})


def _answer(energies: Binding, found: Adsorbed, settings: DftSettings) -> Answer:
    dispersion = "-D3(BJ)" if settings.dispersion else ""
    method = f"{settings.functional.upper()}{dispersion}/{settings.basis} at GFN2-xTB geometries"

    def quantity(value: float) -> Quantity:
        return Quantity(round(value, _MILLI), None, "eV", method)

    whole = found.complex.molecule
    spin = (whole.multiplicity - 1) / 2
    notes: dict[str, Any] = {
        "method": method,
        "counterpoise": "Boys and Bernardi",
        "charge": whole.charge,
        "multiplicity of the complex": whole.multiplicity,
        "multiplicity of the host": found.host.molecule.multiplicity,
        "S2 of the complex": f"{energies.spin_square:.3f}, without other spins {spin * (spin + 1):g}",
    }
    return Answer(
        {
            "binding_energy": quantity(energies.corrected),
            "superposition_error": quantity(energies.superposition),
            "dispersion": quantity(energies.dispersion),
            "binding_energy_without_dispersion": quantity(energies.corrected - energies.dispersion),
        },
        notes=notes,
        method=f"Energy of the complex less those of its parts by {method}, corrected for basis set superposition.",
    )
