r"""Galvanostatic intermittent titration: pulses of current, each with a rest behind it.

Each pulse gives D from the voltage while it flows, with the equilibrium voltages of the rests, as in
:mod:`lamion.techniques.cycling.titration`; in the limit of a short pulse and a straight curve that is

.. math:: D = \frac{4}{\pi}\left(\frac{L}{n\,t_p}\right)^2\left(\frac{\Delta U_s}{dU/d\sqrt{t}}\right)^2
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.models.cells.particle_diffusion import Particle
from lamion.numerics.residual_correlation import local_noise
from lamion.quantities import Answer, InputError, Quantity
from lamion.records.measurements import CyclingRecord
from lamion.techniques.cycling.constant_currents import Stretches, stretches
from lamion.techniques.cycling.diffusion_answer import diffusion_answer
from lamion.techniques.cycling.diffusion_history import settled
from lamion.techniques.cycling.equilibrium_curve import EquilibriumCurve
from lamion.techniques.cycling.titration import (
    Diffusion,
    Reading,
    Response,
    Skips,
    excess,
    fit_response,
    response_of,
)

Array = NDArray[np.float64]

_END = 0.25
"""The last part of a rest, which a line goes through."""
_SIGNAL = 3.0
_LEAST_SAMPLES = 6


@dataclass(frozen=True, eq=False)
class Rest:
    """The end of a rest.

    Parameters
    ----------
    voltage, std : float
        V.
    drift, drift_std : float
        How fast it still moves, V/s.
    duration : float
        s.
    """

    voltage: float
    std: float
    drift: float
    drift_std: float
    duration: float

    @property
    def moves(self) -> bool:
        """Whether a drift is seen."""
        return abs(self.drift) > _SIGNAL * self.drift_std

    def left(self, explained: float) -> float:
        """Return how far it may still go beside what diffusion explains of its drift in V/s, V.

        It is what a decay as long as the rest leaves, and half of what one in 1/sqrt(t) does.
        """
        rest = abs(self.drift - explained)
        return rest * self.duration if rest > _SIGNAL * self.drift_std else 0.0


@dataclass(frozen=True, eq=False)
class Titration:
    """All pulses of a record.

    Parameters
    ----------
    pulses : tuple of Reading
        In order; the voltage is that after the pulse.
    rests : tuple of Rest
        Behind each.
    passed_over : int
        Stretches with current that are no pulse between two rests at one current.
    """

    pulses: tuple[Reading, ...]
    rests: tuple[Rest, ...]
    passed_over: int


def gitt_raw(
    time: Array,
    voltage: Array,
    current: Array,
    particle: Particle,
    *,
    charge: Array | None = None,
    skip: float | None = None,
) -> Titration:
    r"""Find pulses and rests, and fit L2/D and the jump of the voltage to each pulse.

    Parameters
    ----------
    time : array, shape (n,)
        s, not falling.
    voltage : array, shape (n,)
        V.
    current : array, shape (n,)
        A, positive when it charges.
    particle : Particle
        What the lithium diffuses into.
    charge : array, shape (n,), optional
        The instrument's own net charge, A s.
    skip : float, optional
        What to leave out after each switch, s; found by the residuals without it.

    Returns
    -------
    Titration

    Raises
    ------
    InputError
        When there is no pulse between two rests, or the record is none of a titration.

    Notes
    -----
    The current counts as switched at the last row of the stretch before. What a rest leaves of a profile is counted
    with the L2/D on which the pulses agree: the rest's last voltage then belongs to the surface's content, not to the
    mean. How far the voltage would still go as it is seen to drift is an uncertainty of that rest, on top of its noise.

    References
    ----------
    W. Weppner, R. A. Huggins, J. Electrochem. Soc. 124 (1977) 1569, doi:10.1149/1.2133112.

    Examples
    --------
    >>> from lamion.models.cells.particle_diffusion import SPHERE
    >>> from lamion.synthetic.titration import HalfCell, gitt_programme, titration
    >>> record = titration(HalfCell(SPHERE, 1e5, 10.0), gitt_programme(1e-3, 1000.0, 40000.0, 3))
    >>> found = gitt_raw(record.time, record.voltage, record.current, SPHERE)
    >>> [round(float(1e-5 * pulse.diffusion.time), 2) for pulse in found.pulses]
    [1.0, 1.0, 1.0]
    """
    record = stretches(time, current, charge)
    places = _pulses(record)
    if not places:
        raise InputError(
            "There is no pulse of current between two rests.",
            "A titration rests before and after every pulse; a current below a hundredth of the largest is a rest.",
            "Give the record of such a titration; short rests within one charge are for 'analyze ici'.",
        )
    pulses, rests = list[Reading](), list[Rest]()
    for run in _runs(record, places):
        ends = [_rest(time, voltage, record, place) for place in (run[0] - 1, *(place + 1 for place in run))]
        pulses += _fit_run(time, voltage, record, run, ends, particle, skip)
        rests += ends[1:]
    return Titration(tuple(pulses), tuple(rests), int(np.sum(record.current != 0)) - len(pulses))


def _pulses(record: Stretches) -> list[int]:
    rest = record.current == 0
    long = record.samples >= _LEAST_SAMPLES
    found = ~rest & record.steady & long & (record.duration > 0)
    return [place for place in range(1, len(record) - 1) if found[place] and rest[place - 1] and rest[place + 1]]


def _runs(record: Stretches, places: Sequence[int]) -> list[list[int]]:
    """Group pulses in one direction with nothing but one rest between them."""
    runs = [[places[0]]]
    for place in places[1:]:
        last = runs[-1][-1]
        if place == last + 2 and record.current[place] * record.current[last] > 0:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _rest(time: Array, voltage: Array, record: Stretches, place: int) -> Rest:
    """Put a line through the end of a rest."""
    rows = np.arange(record.first[place], record.last[place] + 1)
    ago = record.end[place] - time[rows]
    late = ago <= _END * record.duration[place]
    x, y = -ago[late], voltage[rows][late]
    duration = float(record.duration[place])
    if len(x) < 4 or np.ptp(x) == 0.0:
        noise = local_noise(voltage[rows][None, -8:]) if len(rows) > 3 else 0.0
        return Rest(float(y[-1]), noise, 0.0, 0.0, duration)
    (drift, end), covariance = np.polyfit(x, y, 1, cov=True)
    found = Rest(float(end), math.sqrt(covariance[1, 1]), float(drift), math.sqrt(covariance[0, 0]), duration)
    mean, std = float(np.mean(y)), float(np.std(y, ddof=1)) / math.sqrt(len(y))
    return found if found.moves else replace(found, voltage=mean, std=std)


def _fit_run(
    time: Array,
    voltage: Array,
    record: Stretches,
    run: Sequence[int],
    rests: Sequence[Rest],
    particle: Particle,
    skip: float | None,
) -> list[Reading]:
    responses = [response_of(time, voltage, record, place, chord) for chord, place in enumerate(run)]

    def fitted(history: float, skips: Skips) -> list[Diffusion]:
        curve = _curve(record, run, rests, particle, history)
        every = zip(responses, skips, strict=True)
        return [fit_response(one, curve, record, particle, history, left_out) for one, left_out in every]

    found = settled(fitted, [skip] * len(run))
    plain = fitted(0.0, [one.start for one in found])
    return [
        _reading(record, response, one.beside(first), rests[chord], rests[chord + 1])
        for chord, (response, one, first) in enumerate(zip(responses, found, plain, strict=True))
    ]


def _reading(record: Stretches, response: Response, found: Diffusion, before: Rest, after: Rest) -> Reading:
    place = response.place
    current = float(record.current[place])
    return Reading(
        response,
        found,
        float(record.duration[place]),
        current,
        float(record.passed[place]),
        after.voltage,
        found.offset / current,
        found.offset_std / abs(current),
        found.first / current,
        math.hypot(found.noise, before.std) / abs(current),
    )


def _curve(
    record: Stretches, run: Sequence[int], rests: Sequence[Rest], particle: Particle, history: float
) -> EquilibriumCurve:
    """Return the voltages of the rests at the contents that the surface then has."""
    sign = math.copysign(1.0, record.current[run[0]])
    places = [run[0] - 1, *(place + 1 for place in run)]
    late = [record.duration[place] * np.array([1 - _END, 1.0]) for place in places]
    every = zip(places, late, strict=True)
    ahead = np.array([excess(particle, record, place + 1, t - t[-1], history) for place, t in every])
    mean = np.array([record.passed[run[0]], *record.passed[places[1:]]])
    content, voltage = sign * (mean + ahead[:, 1]), np.array([one.voltage for one in rests])
    content = content if np.all(np.diff(content) > 0) else sign * mean
    slope = np.gradient(voltage, content) * sign
    explained = slope * np.diff(ahead)[:, 0] / (_END * np.array([one.duration for one in rests]))
    left = [one.left(drift) for one, drift in zip(rests, explained, strict=True)]
    return EquilibriumCurve(sign, content, voltage, np.hypot([one.std for one in rests], left))


def gitt(record: CyclingRecord, particle: Particle, length: Quantity, *, skip: float | None = None) -> Answer:
    """Find D and the resistances of each pulse of a titration.

    Parameters
    ----------
    record : CyclingRecord
        Pulses, a rest before and behind each.
    particle : Particle
        What the lithium diffuses into.
    length : Quantity
        Its L: the radius of a sphere, the thickness of a layer that lithium enters from one side.
    skip : float, optional
        What to leave out after each switch, s.

    Returns
    -------
    Answer
        ``diffusivity`` (cm2/s), ``ohmic_resistance``, ``kinetic_resistance`` (ohm): medians; a row a pulse.

    Raises
    ------
    InputError
        As :func:`gitt_raw`; when no pulse determines D.

    Examples
    --------
    >>> from lamion.models.cells.particle_diffusion import SPHERE
    >>> from lamion.synthetic.titration import HalfCell, gitt_programme, titration
    >>> record = titration(HalfCell(SPHERE, 1e5, 10.0), gitt_programme(1e-3, 1000.0, 40000.0, 5), noise=1e-6)
    >>> print(gitt(record, SPHERE, Quantity("10 um"))["diffusivity"].value.__round__(13))
    1e-11
    """
    found = gitt_raw(record.time, record.voltage, record.current, particle, charge=record.charge, skip=skip)
    drifts = [3.6e6 * rest.drift if rest.moves else 0.0 for rest in found.rests]
    return diffusion_answer(
        found.pulses,
        record,
        particle,
        length,
        each="pulse",
        source="galvanostatic intermittent titration (Weppner and Huggins)",
        columns={"Drift / mV/h": drifts},
        notes={"pulses": len(found.pulses), "passed_over": found.passed_over},
        doubts=_doubts(found, drifts),
    )


def _doubts(found: Titration, drifts: Sequence[float]) -> list[str]:
    moving = sum(drift != 0.0 for drift in drifts)
    if not moving:
        return []
    effect = float(np.median([one.diffusion.unrelaxed for one in found.pulses if one.diffusion.determined] or [0.0]))
    return [
        f"{moving} of {len(drifts)} rests end before the voltage has settled, at up to "
        f"{max(map(abs, drifts)):.2g} mV/h. What they leave is counted, changes D by {100 * effect:.2g} % and "
        "is in its interval. Rest for longer."
    ]
