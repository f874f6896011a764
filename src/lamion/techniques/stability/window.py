"""One end of an electrolyte's window, from a sweep of the potential."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, Line, Panel, Rule, Span, Trace, prefixed
from lamion.records.measurements import CurrentTransient, CyclingRecord, PolarisationCurve, Voltammogram
from lamion.records.record import check_area
from lamion.techniques.stability.onset import (
    BACKGROUNDS,
    Onset,
    Sweep,
    background_noise,
    first_sweep,
    onset_by_tangent,
    onset_by_threshold,
)

Swept = Voltammogram | CurrentTransient | CyclingRecord | PolarisationCurve

THRESHOLD = Quantity(10.0, None, "uA/cm2")
"""Often used; it is read at half and at twice as much, too."""
_SOURCE = "onset of a voltammogram; the interval is the spread over rules"
_CM2 = 1e-4


@dataclass(frozen=True)
class Conditions:
    """What a voltammogram does not say.

    Parameters
    ----------
    area : Quantity, optional
        Of the working electrode.
    threshold : Quantity
        A current density.
    resistance : Quantity, optional
        Not corrected by the instrument, in ohm.
    scan_rate : Quantity, optional
        Where the file has no times.
    reduction : bool
        Whether the lower end is meant.
    electrode, reference : str
        Of which material; against what the potential is counted.
    """

    area: Quantity | None = None
    threshold: Quantity = THRESHOLD
    resistance: Quantity | None = None
    scan_rate: Quantity | None = None
    reduction: bool = False
    electrode: str = ""
    reference: str = ""


def window(record: Swept, under: Conditions | None = None) -> Answer:
    """Find the onset of oxidation, or of reduction, by threshold and by tangent.

    Parameters
    ----------
    record : Voltammogram, CurrentTransient, CyclingRecord or PolarisationCurve
        Current against potential; its first long sweep in the direction that is asked for is taken.
    under : Conditions
        What it does not say.

    Returns
    -------
    Answer
        ``onset.threshold`` and ``onset.tangent`` (V), each with the spread over reasonable backgrounds, thresholds and
        widths as its interval; the potential, corrected, the current, and the current without background as series.

    Raises
    ------
    InputError
        When there is no voltage, or no sweep of twenty points in that direction.

    Notes
    -----
    The two rules answer different questions and are not averaged: a threshold says where a stated current flows, a
    tangent where the main reaction would begin if it set in at once.

    Examples
    --------
    >>> E = np.linspace(3.0, 5.0, 401)
    >>> I = 1e-7 + 1e-4 * np.clip(E - 4.5, 0, None)
    >>> answer = window(Voltammogram(E, I), Conditions(area=Quantity("1 cm2")))
    >>> round(answer["onset.threshold"].value, 2), round(answer["onset.tangent"].value, 2)
    (4.6, 4.5)
    """
    under = under or Conditions()
    area = _area(record, under.area)
    ohm = 0.0 if under.resistance is None else under.resistance.si
    U = record.measured_voltage if isinstance(record, CurrentTransient) else record.voltage
    time = getattr(record, "time", None)
    sweep = first_sweep(U, record.current, reduction=under.reduction, resistance=ohm, time=time)
    found = {"tangent": onset_by_tangent(sweep)}
    if area is not None:
        found = {"threshold": onset_by_threshold(sweep, under.threshold.si * area)} | found
    return Answer(
        {f"onset.{rule}": _quantity(one) for rule, one in found.items() if one.value is not None},
        _series(sweep, area),
        _notes(found, sweep, under, record.metadata),
        _doubts(found, sweep, under, area),
        {"window": _figure(found, sweep, under, area)},
        {f"onset.{rule}": "V" for rule, one in found.items() if one.value is None},
        method=f"The first sweep to {'smaller' if under.reduction else 'larger'} potentials, {len(sweep.potential)} "
        f"points, less a background; the interval spans {found['tangent'].choices} choices of background and window.",
        assumptions=() if under.resistance is not None else ("No resistance is left between the electrodes.",),
    )


def _area(record: Swept, given: Quantity | None) -> float | None:
    own: float | None = getattr(record, "area", None)
    if own is not None:
        check_area(record, own if given is None else given.si)
    return own if given is None else given.si


def _quantity(onset: Onset) -> Quantity:
    if onset.value is None:
        raise InputError("The onset was not reached.")
    ends = (onset.low, onset.high)
    return Quantity(onset.value, None, "V", _SOURCE, ends, ends)


def _series(sweep: Sweep, area: float | None) -> dict[str, list[float | str | None]]:
    scale, unit = (1e6, "uA") if area is None else (1e6 * _CM2 / area, "uA/cm2")
    return {"Potential / V": sweep.potential.tolist(), f"Current / {unit}": (scale * sweep.current).tolist()}


def _notes(found: dict[str, Onset], sweep: Sweep, under: Conditions, header: Mapping[str, str]) -> dict[str, object]:
    rate = under.scan_rate.to("mV/s").value if under.scan_rate is not None else None
    rate = 1e3 * sweep.rate if rate is None and sweep.rate is not None else rate
    return {
        "scan_rate_mV_s": rate,
        "electrode": under.electrode or header.get("Electrode material", "") or "not said",
        "potential_against": under.reference or header.get("Reference electrode", "") or "not said",
        "threshold": str(under.threshold),
        "rules": {rule: one.choices for rule, one in found.items()},
        "backgrounds": [
            f"first {100 * share:.0f} %, {'line' if degree else 'constant'}" for share, degree in BACKGROUNDS
        ],
        "direction": "reduction" if under.reduction else "oxidation",
    }


def _doubts(found: dict[str, Onset], sweep: Sweep, under: Conditions, area: float | None) -> list[str]:
    doubts = []
    if area is None:
        doubts.append("No area was given: a threshold is a current density, so only the tangent is read. Give --area.")
    elif 3 * background_noise(sweep) > under.threshold.si * area / 2:
        doubts.append("The background scatters by as much as half the threshold: the onset by threshold is noise's.")
    if any(one.value is None for one in found.values()):
        end = float(sweep.potential[-1])
        doubts.append(f"The sweep ends at {end:.3g} V before a rule is met: the window reaches at least to there.")
    if not under.electrode:
        doubts.append(
            "An onset belongs to its electrode: one of large area, such as carbon, shows it earlier than a flat metal. "
            "Say --electrode."
        )
    if under.scan_rate is None and sweep.rate is None:
        doubts.append("The scan rate is not known: a faster sweep shows a later onset. Say --scan-rate.")
    return doubts


def _figure(found: dict[str, Onset], sweep: Sweep, under: Conditions, area: float | None) -> FigureData:
    amperes = sweep.current if area is None else sweep.current * _CM2 / area
    size, unit = prefixed(float(np.max(np.abs(amperes))), "A")
    traces: list[Trace] = [Line(sweep.potential, amperes / size, "measured")]
    for color, (rule, one) in enumerate(found.items(), start=1):
        if one.value is not None:
            traces.append(Rule(one.value, label=f"by {rule}", color=color, dash="dashed"))
        if one.low is not None and one.high is not None:
            traces.append(Span(one.low, one.high, color=color))
    against = f" against {under.reference}" if under.reference else ""
    x = Axis(f"potential{against}", "V", results=("onset.*",))
    y = Axis("current", unit if area is None else f"{unit}/cm2")
    return Figure([Panel(traces, x, y)]).entitled("Onset of the current")
