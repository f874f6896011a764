"""Why a discharge ended before the cathode was full: what each limit, put a hundred times further away, would give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lamion.models.cells.cell_simulator import CellSimulator, Discharge, rate_label
from lamion.models.cells.lithium_metal_cell import LithiumMetalCell
from lamion.quantities import InputError

_AWAY = 100.0
_SHORT = 0.05
_CAUSES = {
    "salt": ("salt ran short", "a hundred times the salt's diffusivity"),
    "resistance": (
        "the resistance of film, interfaces and contacts took the voltage",
        "a hundredth of that resistance",
    ),
    "solid diffusion": ("the particles were full at their surface", "a hundred times the solid diffusion"),
}
_FULL, _SEVERAL, _UNKNOWN = "full", "several", "unknown"


@dataclass(frozen=True)
class DischargeEnd:
    """The end of a discharge at the lower voltage.

    Parameters
    ----------
    discharge : Discharge
        That ended.
    at_rest : float
        What the window holds at rest, C/kg.
    without : Mapping of str to float
        Capacity with each limit a hundred times further away, C/kg; empty where the cathode was full.
    """

    discharge: Discharge
    at_rest: float
    without: Mapping[str, float]

    @property
    def cause(self) -> str:
        """``"full"``, ``"salt"``, ``"resistance"``, ``"solid diffusion"``, ``"several"`` or ``"unknown"``.

        A limit is the cause where half of what is missing comes back without it, and more than without any other.
        """
        missing = self.at_rest - self.discharge.capacity
        if missing <= _SHORT * self.at_rest:
            return _FULL
        if not self.without:
            return _UNKNOWN
        name = max(self.without, key=lambda limit: self.without[limit])
        return name if self.without[name] - self.discharge.capacity > missing / 2 else _SEVERAL


def discharge_ends(
    simulator: CellSimulator, cell: LithiumMetalCell, discharges: Sequence[Discharge]
) -> tuple[DischargeEnd, ...]:
    """Say why discharges of a cell ended.

    Parameters
    ----------
    simulator : CellSimulator
        That gave them.
    cell : LithiumMetalCell
        The cell.
    discharges : sequence of Discharge
        At several rates; each that is short of what the window holds is run again without each limit.

    Notes
    -----
    Without the limit of salt its diffusivity is a hundredfold at the same conductivity, so that none is depleted;
    without that of resistance the conductivity is a hundredfold at the same diffusivity, and every interface and
    contact a hundred times better; without that of solid diffusion D/R2 is a hundredfold.
    """
    return tuple(_ended(simulator, cell, discharge) for discharge in discharges)


def _ended(simulator: CellSimulator, cell: LithiumMetalCell, discharge: Discharge) -> DischargeEnd:
    end = DischargeEnd(discharge, cell.capacity_at_rest, {})
    return end if end.cause == _FULL else replace(end, without=dict(_without(simulator, cell, discharge.rate)))


def _without(simulator: CellSimulator, cell: LithiumMetalCell, rate: float) -> Iterator[tuple[str, float]]:
    for name, changed in _changed(cell).items():
        try:
            yield name, simulator.discharges(changed, (rate,))[0].capacity
        except InputError:
            continue


def _changed(cell: LithiumMetalCell) -> Mapping[str, LithiumMetalCell]:
    material = cell.material
    conducting = replace(
        cell.with_material(exchange_current=_AWAY * material.exchange_current),
        conductivity=_AWAY * cell.conductivity,
        diffusivity=cell.salt_diffusivity,
        lithium_resistance=cell.lithium_resistance / _AWAY,
        contact_resistance=cell.contact_resistance / _AWAY,
    )
    return {
        "salt": replace(cell, diffusivity=_AWAY * cell.salt_diffusivity),
        "resistance": conducting,
        "solid diffusion": cell.with_material(diffusion_rate=_AWAY * material.diffusion_rate),
    }


def end_notes(ends: Sequence[DischargeEnd]) -> dict[str, str]:
    """Return one sentence for each rate.

    Parameters
    ----------
    ends : sequence of DischargeEnd
        At several rates.
    """
    return {rate_label(end.discharge.rate): _said([end]) for end in ends}


def end_warnings(ends: Sequence[DischargeEnd]) -> tuple[str, ...]:
    """Say why discharges ended short of what the window holds, rates of one cause together.

    Parameters
    ----------
    ends : sequence of DischargeEnd
        At several rates.
    """
    causes = dict.fromkeys(end.cause for end in ends if end.cause != _FULL)
    groups = [[end for end in ends if end.cause == cause] for cause in causes]
    return tuple(f"At {_listed([rate_label(end.discharge.rate) for end in group])} {_said(group)}." for group in groups)


def _said(ends: Sequence[DischargeEnd]) -> str:
    """Return why discharges of one cause ended."""
    cause = ends[0].cause
    got = f"{_listed([f'{end.discharge.capacity / 3600:.1f}' for end in ends])} of {ends[0].at_rest / 3600:.1f} mAh/g"
    if cause == _FULL:
        return f"the cathode was full: {got}"
    if cause == _UNKNOWN:
        return f"the discharge ended at {got}, and why is not known: the cell cannot be solved without its limits"
    if cause == _SEVERAL:
        parts = _listed([_freed(ends, name) for name in ends[0].without])
        return f"the discharge ended at {got} by several limits together: {parts}"
    places = f" {_salt_text(ends)}" if cause == "salt" else ""
    return f"the discharge ended at {got} because {_CAUSES[cause][0]}{places}: {_freed(ends, cause)}"


def _freed(ends: Sequence[DischargeEnd], name: str) -> str:
    given = [f"{end.without[name] / 3600:.1f}" for end in ends if name in end.without]
    return f"{_listed(given)} mAh/g with {_CAUSES[name][1]}"


def _salt_text(ends: Sequence[DischargeEnd]) -> str:
    """Return where the least salt was, and how much."""
    least = [min(end.discharge.least_salt.items(), key=lambda item: item[1]) for end in ends]
    places, left = dict.fromkeys(place for place, _ in least), [f"{100 * max(share, 0.0):.1f} %" for _, share in least]
    return f"in the {_listed(list(places))} ({_listed(left)} left)"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
