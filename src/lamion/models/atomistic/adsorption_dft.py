r"""Binding energies of density-functional theory at geometries relaxed with GFN2-xTB.

.. math:: E_b^\mathrm{CP} = E_{sa} - E_s - E_a + \left(E_s^{*} - E_s^{*,sa}\right) + \left(E_a^{*} - E_a^{*,sa}\right)

The stars are the parts as they stand in the complex, with their own basis and with the whole complex's: the
counterpoise correction of Boys and Bernardi.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lamion.models.atomistic.adsorption import Search, adsorb
from lamion.models.atomistic.dft import DftEnergy, DftSettings, single_point
from lamion.models.atomistic.relaxation import Store
from lamion.progress import Progress, silent
from lamion.quantities import Answer, Quantity
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
    """

    corrected: float
    superposition: float
    dispersion: float


def binding(
    complex_: Molecule,
    host: Molecule,
    guest: Molecule,
    settings: DftSettings | None = None,
    *,
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
    progress : Progress
        Told before each of the seven single points.

    Returns
    -------
    Binding

    Raises
    ------
    MissingExtraError, InputError
        As :func:`~lamion.models.atomistic.dft.single_point`.

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
        found.append(single_point(molecule, settings, ghosts=ghosts))
    whole, alone, free, host_own, host_full, guest_own, guest_full = found
    superposition = (host_own.electronic - host_full.electronic) + (guest_own.electronic - guest_full.electronic)
    raw = whole.total - alone.total - free.total
    dispersion = whole.dispersion - alone.dispersion - free.dispersion
    return Binding(raw + superposition, superposition, dispersion)


def dft_answer(
    host_name: str,
    guest_name: str,
    search: Search | None = None,
    *,
    settings: DftSettings | None = None,
    store: Store | None = None,
    progress: Progress = silent,
) -> Answer:
    """Relax with GFN2-xTB and compute the binding energy with density-functional theory.

    Parameters
    ----------
    host_name, guest_name, search, store, progress
        As in :func:`~lamion.models.atomistic.adsorption.adsorb`; one contact.
    settings : DftSettings, optional
        By default PBE-D3(BJ)/def2-SVP.

    Returns
    -------
    Answer
        ``binding_energy`` with the counterpoise correction, ``superposition_error`` and ``dispersion`` (eV).
    """
    found = adsorb(
        host_name, guest_name, replace(search or Search(), calculator="gfn2"), store=store, progress=progress
    )
    parts = (found.complex.molecule, found.host.molecule, found.guest.molecule)
    return binding_answer(binding(*parts, settings, progress=progress), *parts, settings)


def binding_answer(
    found: Binding, complex_: Molecule, host: Molecule, guest: Molecule, settings: DftSettings | None = None
) -> Answer:
    """Return a binding energy as an answer.

    Parameters
    ----------
    found : Binding
        From :func:`binding`.
    complex_, host, guest : Molecule
        Its geometries.
    settings : DftSettings, optional
        As they were used.
    """
    used = settings or DftSettings()
    source = f"{used.functional.upper()}{'-D3(BJ)' if used.dispersion else ''}/{used.basis} at GFN2-xTB geometries"

    def quantity(value: float) -> Quantity:
        return Quantity(round(value, _MILLI), None, "eV", source)

    notes: dict[str, Any] = {
        "method": source,
        "counterpoise": "Boys and Bernardi",
        "charge": complex_.charge,
        "multiplicity of the complex": complex_.multiplicity,
        "multiplicity of the host": host.multiplicity,
    }
    return Answer(
        {
            "binding_energy": quantity(found.corrected),
            "superposition_error": quantity(found.superposition),
            "dispersion": quantity(found.dispersion),
        },
        notes=notes,
    )
