"""Pores of stacked sheets or of a crystal, and which ions pass them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from lamion.models.atomistic.pores.pores import crystal_pores, slipped_pores
from lamion.models.atomistic.structure.molecules import species
from lamion.quantities import Answer, InputError, Quantity
from lamion.substances.elements import ATOMIC_NUMBERS
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.options.sheet import CrystalOptions

_GUESTS = ("li+", "tfsi-", "dfob-", "sn")
_GRID = Quantity(0.7, None, "angstrom")
_SMALLEST, _LARGEST = 0.1, 5.0


@dataclass(frozen=True)
class ProbeOptions:
    """How the free space is probed."""

    grid: Annotated[
        Quantity | None,
        Option("boxes that the search begins with and then halves", unit="m", otherwise=str(_GRID)),
    ] = None
    guests: Annotated[
        tuple[str, ...] | None, Option("which may pass", example="li+,sn", otherwise=",".join(_GUESTS), empty=True)
    ] = None
    radius: Annotated[
        Mapping[str, Quantity],
        Option(
            "van der Waals radius of an element, in angstrom without a unit, instead of the stored one",
            unit=("m", "1"),
            example="Al=1.84",
            positive=False,
        ),
    ] = field(default_factory=dict)


@task(
    results={
        "largest_sphere": Result("angstrom", "diameter of the largest sphere that fits", headline=True),
        "limiting_sphere": Result("angstrom", "diameter of the largest sphere that passes", headline=True),
    },
    evidence="geometry",
    example='--stacking AA --spacing "9.28 angstrom" --lattice "16.7 angstrom" --guests li+,sn',
    cites=("willems2012", "bondi1964", "alvarez2013", "shannon1976"),
    extra="atomistic",
    heavy=True,
)
def pores(
    crystal: CrystalOptions,
    probe: ProbeOptions,
    context: Context,
    slips: Annotated[bool, Option("the mean over every slip of the sheets without a clash, guests left aside")] = False,
) -> Answer:
    """Probe the pores."""
    if slips:
        _refuse_beside_slips(crystal, probe)
        return slipped_pores(crystal.sheet(), 1e10 * crystal.distance.si, progress=context.progress)
    names = _GUESTS if probe.guests is None else probe.guests
    guests = [(name, species(name).conformers) for name in names]
    spacing = 1e10 * (probe.grid or _GRID).si
    first, *moved = crystal.crystals()
    return crystal_pores(first, guests, spacing, radii=_radii(probe.radius), moved=moved)


def _refuse_beside_slips(crystal: CrystalOptions, probe: ProbeOptions) -> None:
    idle = [name for name in ("structure", "stacking", "slip") if getattr(crystal, name)]
    idle += [name for name in ("grid", "guests", "radius") if getattr(probe, name)]
    if idle:
        raise InputError(
            f"{' and '.join(idle).capitalize()} beside slips {'says' if len(idle) == 1 else 'say'} nothing.",
            "Every slip of built sheets is probed, without guests.",
            "Leave slips or the others away.",
        )


def _radii(given: Mapping[str, Quantity]) -> dict[str, float]:
    found = {}
    for symbol, radius in given.items():
        if symbol not in ATOMIC_NUMBERS:
            raise InputError(f"The radius of '{symbol}' names no element.", "", "Write it like Al=1.84, in angstrom.")
        size = radius.si if radius.unit == "1" else 1e10 * radius.si
        if not _SMALLEST <= size <= _LARGEST:
            raise InputError(
                f"A radius of {size:g} angstrom is not between {_SMALLEST:g} and {_LARGEST:g}.",
                "It may be in another unit, or a diameter.",
                "Give it in angstrom.",
            )
        found[symbol] = size
    return found
