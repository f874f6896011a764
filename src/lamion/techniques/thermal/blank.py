"""A run with the empty crucible, taken off a run with the sample: buoyancy and drift that both have in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError
from lamion.records.thermal import ThermalCurve
from lamion.techniques.thermal.ramps import named, ramps_raw, run_of

Array = NDArray[np.float64]
_RATES = 0.05
"""Relative: rates of one programme."""
_SHORT = 0.02
"""Of the run: how much earlier the blank may end."""


def without_blank(record: ThermalCurve, blank: ThermalCurve) -> Array:
    r"""Return a run's mass in kg less what the blank's changes at the same time of the programme.

    .. math:: m'(t) = m(t) - [m_b(t) - m_b(0)]

    Parameters
    ----------
    record, blank : ThermalCurve
        Each with a mass in kg, and a time.

    Raises
    ------
    InputError
        When one of them has no mass in kg or no time, the programmes differ, or the blank is shorter.

    Examples
    --------
    >>> t = [float(k) for k in range(60)]
    >>> T = [300.0 + k for k in t]
    >>> run = ThermalCurve(T, t, mass=[1e-5 + 1e-8 * k for k in t])
    >>> empty = ThermalCurve(T, t, mass=[1e-8 * k for k in t])
    >>> bool(np.allclose(without_blank(run, empty), 1e-5))
    True
    """
    for one in (record, blank):
        if one.mass is None or one.time is None:
            raise InputError(
                f"{named(one)} cannot be part of a blank's subtraction.",
                "It holds no mass in mg, or no time.",
                "Give both runs as the balance wrote them, in mg against time.",
            )
    run, empty = run_of(record), run_of(blank)
    assert record.mass is not None and blank.mass is not None  # noqa: S101, PT018  checked above
    rates = [[ramp.rate for ramp in ramps_raw(one.time, one.temperature)] for one in (run, empty)]
    same = len(rates[0]) == len(rates[1]) and np.allclose(rates[0], rates[1], rtol=_RATES)
    if not same:
        said = " and ".join(", ".join(f"{60 * rate:.3g}" for rate in part) or "none" for part in rates)
        raise InputError(
            "The blank ran through another programme than the sample.",
            f"Their ramps have {said} K/min.",
            "Measure the blank with the sample's programme, crucible and gas.",
        )
    if empty.time[-1] - empty.time[0] < (1.0 - _SHORT) * (run.time[-1] - run.time[0]):
        raise InputError(
            "The blank is shorter than the run.",
            f"It takes {empty.time[-1] - empty.time[0]:.0f} s of {run.time[-1] - run.time[0]:.0f} s.",
            "Give the blank of the whole programme.",
        )
    change = np.interp(run.time - run.time[0], empty.time - empty.time[0], empty.of(blank.mass) - blank.mass[0])
    return np.asarray(run.of(record.mass) - change)
