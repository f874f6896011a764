"""Diffusion and resistances from the readings of a titration or of interruptions, for people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from lamion.models.cells.particle_diffusion import Particle
from lamion.quantities import Answer, FigureData, InputError, Quantity, units
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points
from lamion.records.measurements import CyclingRecord
from lamion.techniques.cycling.titration import Reading
from lamion.texts import counted

_LONG = 0.05
"""A line in the root of time that gives another D by more is said to."""


def diffusion_answer(
    readings: Sequence[Reading],
    record: CyclingRecord,
    particle: Particle,
    length: Quantity,
    *,
    each: str,
    source: str,
    columns: Mapping[str, Iterable[float]],
    notes: Mapping[str, object],
    doubts: Sequence[str],
) -> Answer:
    """Turn readings into an answer: medians of what is determined, a row a reading.

    Parameters
    ----------
    readings : sequence of Reading
        In order.
    record : CyclingRecord
        What they were found in.
    particle : Particle
        The shape.
    length : Quantity
        Its L.
    each, source : str
        What a reading is called, and the method.
    columns : Mapping
        What else stands in the series.
    notes : Mapping
        What else is known.
    doubts : sequence of str
        Warnings of the method.

    Raises
    ------
    InputError
        When no reading determines D; a length that is no positive length.
    """
    if not units.same_dimension(length.unit, "m") or length.si <= 0:
        raise InputError(f"The {particle.length} is not a positive length.", "", "Give it as in '5 um'.")
    known = [one for one in readings if one.diffusion.determined]
    if not known:
        raise InputError(
            f"No {each} of {len(readings)} determines a diffusion coefficient.",
            "The voltage hardly changes with the charge, as on a plateau, or does not stand out of its noise"
            + (", or the record ends long before lithium has crossed the layer." if particle.dimension == 1 else "."),
            f"Give a record with longer {each}s or less noise, or one off the plateau.",
        )
    known = [one for one in known if one.diffusion.beyond == 0] or known
    middle = sorted(known, key=lambda one: one.diffusion.time)[(len(known) - 1) // 2]
    spread = math.hypot(middle.diffusion.log_std, 2 * length.si_std / length.si)
    D = 1e4 * length.si**2 / middle.diffusion.time
    ends = (D * math.exp(-spread), D * math.exp(spread))
    results = {
        "diffusivity": Quantity(D, D * spread, "cm2/s", source, ends if spread > 0.1 else None),
        "ohmic_resistance": _median([(one.ohmic, one.ohmic_std) for one in known], source),
        "kinetic_resistance": _median([(one.kinetic, one.kinetic_std) for one in known], source),
    }
    return Answer(
        results,
        {name: _listed(values) for name, values in {**_columns(readings, length), **columns}.items()},
        {
            "counted": len(known),
            "left_out_s": float(np.median([one.diffusion.start for one in known])),
            "first_sample_s": float(np.median([one.response.time[0] for one in known])),
            "duration_over_L2_D": float(np.median([one.lengths for one in known])),
            "uncertainty": {"fit": middle.diffusion.log_std, particle.length: 2 * length.si_std / length.si},
            **notes,
        },
        (*_doubts(readings, known, record, each), *doubts),
        {
            "diffusion": _figure([one for one in readings if one.diffusion.determined], length),
            each: _one_figure(middle, each),
        },
        method=f"{particle.length.capitalize()} {length} of a {particle.name}; exact diffusion fitted to each of "
        f"{counted(len(known), each)}, medians over them.",
        assumptions=(
            "D is constant within each " + each + ", and the current was switched at the last row before its first.",
        ),
    )


def _median(values: Sequence[tuple[float, float]], source: str) -> Quantity:
    """Return the value in the middle with its own uncertainty."""
    value, std = sorted(values)[(len(values) - 1) // 2]
    return Quantity(value, std, "ohm", source)


def _columns(readings: Sequence[Reading], length: Quantity) -> dict[str, list[float]]:
    size = 1e4 * length.si**2
    known = [one.diffusion.determined for one in readings]
    shown = [(one, size / one.diffusion.time if good else math.nan) for one, good in zip(readings, known, strict=True)]
    return {
        "Charge Passed / mAh": [one.content / 3.6 for one in readings],
        "Equilibrium Voltage / V": [one.voltage for one in readings],
        "Current / A": [one.current for one in readings],
        "Diffusivity / cm2/s": [D for _, D in shown],
        "Diffusivity Uncertainty / cm2/s": [D * one.diffusion.log_std for one, D in shown],
        "Diffusivity by a Line / cm2/s": [size / one.diffusion.plain for one in readings],
        "Ohmic Resistance / ohm": [one.ohmic for one in readings],
        "Kinetic Resistance / ohm": [one.kinetic for one in readings],
    }


def _listed(values: Iterable[float]) -> list[float | None]:
    return [float(value) if math.isfinite(value) else None for value in values]


def _doubts(readings: Sequence[Reading], known: Sequence[Reading], record: CyclingRecord, each: str) -> list[str]:
    said = []
    lost = sum(not one.diffusion.determined for one in readings)
    if lost:
        said.append(
            f"{lost} of {len(readings)} {each}s do not determine D: the voltage hardly changes with the charge there, "
            "or runs against it."
        )
    ratio = float(np.median([one.diffusion.time / one.diffusion.plain for one in known]))
    if abs(ratio - 1) > _LONG:
        lengths = float(np.median([one.lengths for one in known]))
        said.append(
            f"A line in the root of time would give {ratio:.2g} times this D: a {each} lasts {lengths:.2g} L2/D, the "
            "curve bends, or an interface still charges. All three are counted; the series has both."
        )
    outside = sum(one.diffusion.determined and one.diffusion.beyond > 0 for one in readings)
    if outside:
        kept = "All do" if known[0].diffusion.beyond else "The medians leave them out"
        said.append(
            f"In {counted(outside, each)} the surface goes beyond the contents whose voltage is known, where the curve "
            f"is taken as straight; how it bends within is in their interval. {kept}."
        )
    if record.area is not None:
        said.append(f"The record's current is per area: resistances are those of {1e4 * record.area:g} cm2.")
    return said


def _figure(known: Sequence[Reading], length: Quantity) -> FigureData:
    V = [one.voltage for one in known]
    D = np.array([1e4 * length.si**2 / one.diffusion.time for one in known])
    width = np.array([one.diffusion.log_std for one in known])
    line = [1e4 * length.si**2 / one.diffusion.plain for one in known]
    upper = [
        Points(V, line, "by a line in √t", 1, open=True, marker="square"),
        Points(V, D, "exact", 0, low=D * np.exp(-width), high=D * np.exp(width)),
    ]
    lower = [
        Points(V, [one.ohmic for one in known], "ohmic", 0, y_error=[one.ohmic_std for one in known]),
        Points(
            V, [one.kinetic for one in known], "kinetic", 2, y_error=[one.kinetic_std for one in known], marker="up"
        ),
    ]
    voltage = Axis("equilibrium voltage", "V")
    return Figure(
        [
            Panel(upper, voltage, Axis("diffusivity", "cm2/s", scale="log")),
            Panel(lower, voltage, Axis("resistance", "ohm")),
        ],
        size=(6.0, 5.4),
        share_x=True,
    ).entitled("Diffusion and resistances over the voltage")


def _one_figure(one: Reading, each: str) -> FigureData:
    root = np.sqrt(one.response.time)
    used = (one.response.time >= one.diffusion.start).tolist()
    traces = [
        Points(root, one.response.voltage, "measured", open=True, used=used),
        Line(root, one.diffusion.model, "exact diffusion", 1),
    ]
    panel = Panel(traces, Axis("√time", "s^0.5"), Axis("voltage", "V"))
    return Figure([panel]).entitled(f"The {each} in the middle of all, by its D")
