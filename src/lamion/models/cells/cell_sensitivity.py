"""What a better or worse electrolyte, interface or cathode would do to a cell's capacity and voltage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from lamion.models.cells.cell_simulator import CellSimulator, Discharge, rate_label
from lamion.models.cells.discharge_end import discharge_ends, end_notes, end_warnings
from lamion.models.cells.discretisation import discretisation, mesh_warnings
from lamion.models.cells.lithium_metal_cell import LithiumMetalCell, scaled_film_conductivity
from lamion.models.cells.rate_table import NOMINAL, SOURCE, cell_warnings
from lamion.models.cells.stated_cell import StatedCell
from lamion.progress import Progress, silent
from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Bars, Figure, Panel, Rule, Trace

Change = Callable[[LithiumMetalCell, float], LithiumMetalCell]


@dataclass(frozen=True)
class CellPart:
    """One property of a cell that can be multiplied.

    Parameters
    ----------
    label : str
        For people.
    group : str
        ``"electrolyte"`` (film and lithium interface), ``"catholyte"`` or ``"cathode"``.
    change : callable
        From a cell and a factor to the changed cell.
    """

    label: str
    group: str
    change: Change


def _scaled(name: str, cell: LithiumMetalCell, factor: float) -> LithiumMetalCell:
    return replace(cell, **{name: getattr(cell, name) * factor})


def _scaled_anion(cell: LithiumMetalCell, factor: float) -> LithiumMetalCell:
    return replace(cell, transference=1 - min((1 - cell.transference) * factor, 0.98))


def _scaled_material(name: str, cell: LithiumMetalCell, factor: float) -> LithiumMetalCell:
    return cell.with_material(**{name: getattr(cell.material, name) * factor})


PARTS: Mapping[str, CellPart] = {
    "thickness": CellPart("film's thickness", "electrolyte", partial(_scaled, "thickness")),
    "conductivity": CellPart("film's conductivity", "electrolyte", scaled_film_conductivity),
    "anion_share": CellPart("anion's share, 1 − t₊", "electrolyte", _scaled_anion),
    "lithium_resistance": CellPart("lithium's R_ct", "electrolyte", partial(_scaled, "lithium_resistance")),
    "concentration": CellPart("salt concentration", "electrolyte", partial(_scaled, "concentration")),
    "catholyte": CellPart("catholyte's conductivity", "catholyte", partial(_scaled, "catholyte_ratio")),
    "diffusion_rate": CellPart("solid diffusion, D/R²", "cathode", partial(_scaled_material, "diffusion_rate")),
    "exchange_current": CellPart("cathode's kinetics", "cathode", partial(_scaled_material, "exchange_current")),
}


@dataclass(frozen=True)
class Effect:
    """What a property divided and multiplied by a factor does.

    Parameters
    ----------
    name : str
        A key of :data:`PARTS`.
    capacity : (float, float)
        Changes of the capacity, C/kg.
    voltage : (float, float)
        Changes of the average voltage, V.
    """

    name: str
    capacity: tuple[float, float]
    voltage: tuple[float, float]

    @property
    def size(self) -> float:
        """The larger change of the capacity, C/kg."""
        return max(map(abs, self.capacity))


def effects(
    cell: LithiumMetalCell,
    base: Discharge,
    factor: float,
    *,
    simulator: CellSimulator,
    progress: Progress = silent,
) -> tuple[Effect, ...]:
    """Discharge a cell again with each property divided and multiplied by the same factor.

    Parameters
    ----------
    cell : LithiumMetalCell
        The cell.
    base : Discharge
        The cell as it is.
    factor : float
        Larger than 1.
    simulator : CellSimulator
        Keeps its builds.
    progress : Progress
        Told after each property.

    Returns
    -------
    tuple of Effect
        One a property.
    """
    found = []
    for index, (name, part) in enumerate(PARTS.items()):
        progress(index, len(PARTS), part.label)
        low, high = (simulator.discharge(part.change(cell, f), base.rate) for f in (1 / factor, factor))
        found.append(
            Effect(
                name,
                (low.capacity - base.capacity, high.capacity - base.capacity),
                (low.average_voltage - base.average_voltage, high.average_voltage - base.average_voltage),
            )
        )
    return tuple(found)


def cell_sensitivity(
    inputs: StatedCell,
    rate: float,
    factor: float = 2.0,
    *,
    simulator: CellSimulator | None = None,
    progress: Progress = silent,
) -> Answer:
    """Say what a cell's capacity and voltage depend on, and what a perfect film and interface would buy.

    Parameters
    ----------
    inputs : StatedCell
        The cell.
    rate : float
        In units of 1C.
    factor : float
        Each property is divided and multiplied by it; 1.01 to 100.
    simulator : CellSimulator, optional
        Keeps its builds.
    progress : Progress
        Told after each property.

    Returns
    -------
    Answer
        ``capacity``, ``average_voltage`` of the cell; ``largest.electrolyte``, ``largest.catholyte``,
        ``largest.cathode`` (mAh/g), the largest change that a property of each group makes; ``gain.capacity`` and
        ``gain.voltage`` of a film and a lithium interface a hundred times better. The series has one row a property.

    Raises
    ------
    InputError
        As :meth:`~lamion.models.cells.cell_simulator.CellSimulator.discharge`; a factor out of its range.

    Notes
    -----
    The film's conductivity is changed in the film alone; the catholyte is a property of its own.
    """
    if not 1.01 <= factor <= 100:
        raise InputError(f"The factor {factor:g} is not between 1.01 and 100.", "", "Give one such as 2.")
    simulator = simulator or CellSimulator()
    cell = inputs.cell()
    base = simulator.discharge(cell, rate)
    found = effects(cell, base, factor, simulator=simulator, progress=progress)
    better = replace(scaled_film_conductivity(cell, 100), lithium_resistance=cell.lithium_resistance / 100)
    perfect = simulator.discharge(better, rate)
    (part,), ends = discretisation(simulator, cell, [base]), discharge_ends(simulator, cell, [base])
    open_by_mesh = (part.capacity / 3600, part.average_voltage) if part else (None, None)
    return Answer(
        {
            "capacity": Quantity(base.capacity / 3600, open_by_mesh[0], "mAh/g", SOURCE),
            "average_voltage": Quantity(base.average_voltage, open_by_mesh[1], "V", SOURCE),
            **_largest(found),
            "gain.capacity": Quantity((perfect.capacity - base.capacity) / 3600, None, "mAh/g", SOURCE),
            "gain.voltage": Quantity(1e3 * (perfect.average_voltage - base.average_voltage), None, "mV", SOURCE),
        },
        {
            "Property": [PARTS[item.name].label for item in found],
            "Capacity Change Divided / mAh/g": [item.capacity[0] / 3600 for item in found],
            "Capacity Change Multiplied / mAh/g": [item.capacity[1] / 3600 for item in found],
            "Voltage Change Divided / mV": [1e3 * item.voltage[0] for item in found],
            "Voltage Change Multiplied / mV": [1e3 * item.voltage[1] for item in found],
        },
        {
            "rate": rate_label(rate),
            "factor": factor,
            "ended": end_notes(ends),
            "assumptions": inputs.assumptions(),
        },
        (*cell_warnings(inputs), *end_warnings(ends), *mesh_warnings(simulator.mesh, [base], [part])),
        {"sensitivity": _figure(found, base, rate, factor, inputs)},
        method=f"Doyle, Fuller and Newman's model at {rate_label(rate)}, each of {len(found)} properties divided and "
        f"multiplied by {factor:g} alone.{NOMINAL}",
    )


def _largest(found: Sequence[Effect]) -> dict[str, Quantity]:
    groups = dict.fromkeys(part.group for part in PARTS.values())
    return {
        f"largest.{group}": Quantity(
            max(item.size for item in found if PARTS[item.name].group == group) / 3600, None, "mAh/g", SOURCE
        )
        for group in groups
    }


def _figure(found: Sequence[Effect], base: Discharge, rate: float, factor: float, inputs: StatedCell) -> FigureData:
    rows = sorted(found, key=lambda item: item.size)
    names = [(float(place), PARTS[item.name].label) for place, item in enumerate(rows)]
    panels = [
        Panel(
            _changes(rows, [getattr(item, name) for item in rows], size),
            Axis(f"change of {name}", unit),
            Axis(ticks=names),
            f"pale: divided by {factor:g}; full: times {factor:g}",
            grid="x",
        )
        for name, unit, size in (("capacity", "mAh/g", 3600.0), ("voltage", "mV", 1e-3))
    ]
    title = f"{inputs.cathode.name}|Li at {rate_label(rate)}: each property divided and multiplied by {factor:g}"
    return Figure(panels, columns=2, size=(7.6, 4.1), share_y=True, legend="above").entitled(title)


_GROUPS = {"electrolyte": ("film and lithium", 0), "catholyte": ("catholyte", 2), "cathode": ("active material", 1)}


def _changes(rows: Sequence[Effect], changes: Sequence[Sequence[float]], size: float) -> list[Trace]:
    """Return pale bars for a property divided and full ones for it multiplied, a colour for each group."""
    traces: list[Trace] = []
    for group, (name, color) in _GROUPS.items():
        own = [place for place, item in enumerate(rows) if PARTS[item.name].group == group]
        for turn, opacity in enumerate((0.45, 1.0) if own else ()):
            at = [place + 0.2 - 0.4 * turn for place in own]
            ends = [changes[place][turn] / size for place in own]
            label = name if turn else ""
            traces.append(Bars(at, [0.0] * len(own), ends, label, color, 0.38, across=True, opacity=opacity))
    return [*traces, Rule(0.0, dash="solid")]
