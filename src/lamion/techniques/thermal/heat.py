"""A run's heat flow over the sample's mass, positive where heat is taken up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError, Quantity
from lamion.records.thermal import ThermalCurve
from lamion.techniques.thermal.ramps import named

Array = NDArray[np.float64]
Way = Literal["up", "down"]


@dataclass(frozen=True, eq=False)
class Heat:
    """A heat flow.

    Parameters
    ----------
    taken_up : array, shape (n,)
        W/kg, positive where the sample takes heat up.
    exothermic : str
        Which way is exothermic in the record.
    relative : float
        The standard uncertainty of the mass, over it; 0 where none is known.
    warnings : tuple of str
        Whole sentences.
    """

    taken_up: Array
    exothermic: Way
    relative: float
    warnings: tuple[str, ...]


def heat_of(record: ThermalCurve, exothermic: Way | None = None, mass: Quantity | None = None) -> Heat:
    """Return a record's heat flow.

    Parameters
    ----------
    record : ThermalCurve
        The run.
    exothermic : str or None
        Which way is exothermic, where the file is silent.
    mass : Quantity or None
        Of the sample, where the file is silent.

    Raises
    ------
    InputError
        When there is no heat flow, or the mass or the way that is exothermic is not known.

    Examples
    --------
    >>> run = ThermalCurve(range(300, 310), heat_flow=[2e-3] * 10, sample_mass=4e-6, exothermic="up")
    >>> round(float(heat_of(run).taken_up[0]), 6)
    -500.0
    """
    way = _way(record, exothermic)
    warnings = list(_doubts(record, exothermic, mass))
    sign = -1.0 if way == "up" else 1.0
    if record.specific_heat_flow is not None:
        return Heat(sign * record.specific_heat_flow, way, 0.0, tuple(warnings))
    if record.heat_flow is None:
        voltage = record.sensor_voltage is not None
        cause = "It holds the sensor's voltage, which nobody calibrated." if voltage else "It is a mass alone."
        raise InputError(f"{named(record)} holds no heat flow.", cause, "Give a calibrated DSC run.")
    grams = mass.si if mass is not None else record.sample_mass
    if not grams:
        raise InputError(
            f"The sample's mass of {named(record)} is not known.",
            "The file is silent, and its heat flow is in W.",
            'Say it: --mass "4.2 mg"; mass = in a step, mass= in Python.',
        )
    relative = mass.std / mass.value if mass is not None and mass.std else 0.0
    return Heat(sign * record.heat_flow / grams, way, relative, tuple(warnings))


def _way(record: ThermalCurve, said: Way | None) -> Way:
    way = said or record.exothermic
    if way == "up":
        return "up"
    if way == "down":
        return "down"
    raise InputError(
        f"Which way is exothermic in {named(record)} is not known.",
        "The file is silent, and vendors differ: of one curve melting would be a peak upwards or downwards.",
        "Say it: --exothermic up or --exothermic down.",
    )


def _doubts(record: ThermalCurve, exothermic: Way | None, mass: Quantity | None) -> Iterator[str]:
    if exothermic and record.exothermic and exothermic != record.exothermic:
        yield (
            f"The file says that exothermic is {record.exothermic}, and {exothermic} was said: what was said counts, "
            "and every enthalpy has the other sign."
        )
    if mass is not None and record.specific_heat_flow is not None:
        yield "The file gives its heat flow over the mass: the mass that was said is not used."
    elif mass is not None and record.sample_mass and abs(mass.si / record.sample_mass - 1.0) > _APART:
        yield (
            f"The file says that the sample weighs {1e6 * record.sample_mass:.4g} mg, and {1e6 * mass.si:.4g} mg was "
            "said: what was said counts."
        )


_APART = 0.01
