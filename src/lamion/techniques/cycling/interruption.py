r"""Intermittent current interruption: short rests within one charge or discharge.

The voltage after the current stops falls at once by I R and then in :math:`\sqrt{t}`. With the slope of the voltage
without I R over the charge that passed, as in :mod:`lamion.techniques.cycling.titration`, it gives D; at short times

.. math:: U(t) = U(0) - I k \sqrt{t}, \qquad D = \frac{4}{\pi}\left(\frac{L}{n}\,\frac{dU/dt}{I k}\right)^2
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.models.cells.particle_diffusion import Particle
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
    SharedPoint,
    Skips,
    excess,
    fit_response,
    response_of,
)

Array = NDArray[np.float64]

_LEAST_SAMPLES = 6
_OF_A_LAYER = (
    "In a layer the profile grows through the whole charge, so each D rests on the L2/D that all interruptions agree "
    "on; it is taken as one through the charge, and its uncertainty is in each interval."
)
_CROSSED = 0.25
"""The share of L2/D after which what a layer holds tells of its other side."""


@dataclass(frozen=True, eq=False)
class Interruptions:
    """All interruptions of a record.

    Parameters
    ----------
    readings : tuple of Reading
        In order; the current is the one that was interrupted, the voltage what is left of it at once without I R.
    passed_over : int
        Rests that are no interruption of one current.
    """

    readings: tuple[Reading, ...]
    passed_over: int


def ici_raw(
    time: Array,
    voltage: Array,
    current: Array,
    particle: Particle,
    *,
    charge: Array | None = None,
    skip: float | None = None,
) -> Interruptions:
    """Find the interruptions of a current, and fit L2/D and the jump of the voltage to each.

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
        What to leave out after each interruption, s; found by the residuals without it.

    Returns
    -------
    Interruptions

    Raises
    ------
    InputError
        When there are not two interruptions of one current.

    Notes
    -----
    The surface's profile from before is counted as linear diffusion with one L2/D gives it, that on which the
    interruptions agree (:mod:`lamion.techniques.cycling.diffusion_history`); its uncertainty is in each interval. In a
    layer that profile grows throughout, and interruptions long before L2/D has passed say little of it.

    References
    ----------
    Y.-C. Chien, H. Liu, A. S. Menon, W. R. Brant, D. Brandell, M. J. Lacey, Nat. Commun. 14 (2023) 2289,
    doi:10.1038/s41467-023-37989-6.

    Examples
    --------
    >>> from lamion.models.cells.particle_diffusion import SPHERE
    >>> from lamion.synthetic.titration import HalfCell, ici_programme, titration
    >>> record = titration(HalfCell(SPHERE, 1e4, 10.0), ici_programme(1e-3, 300.0, 10.0, 10))
    >>> found = ici_raw(record.time, record.voltage, record.current, SPHERE)
    >>> [round(float(1e-4 * one.diffusion.time), 1) for one in found.readings[2:5]]
    [1.0, 1.0, 1.0]
    """
    record = stretches(time, current, charge)
    runs = [run for run in _runs(record) if len(run) > 1]
    if not runs:
        raise InputError(
            "There are no two interruptions of one current.",
            "They are short rests within a charge or a discharge, of six samples at least; a current below a hundredth "
            "of the largest is a rest.",
            "Give the record of such a charge, with the samples of its rests.",
        )
    readings = [one for run in runs for one in _fit_run(time, voltage, record, run, particle, skip)]
    return Interruptions(tuple(readings), int(np.sum(record.current == 0)) - len(readings))


def _runs(record: Stretches) -> list[list[int]]:
    """Group rests behind one current with nothing but that current between them."""
    runs = list[list[int]]()
    for place in range(1, len(record)):
        before = record.current[place - 1]
        long = record.samples[place] >= _LEAST_SAMPLES
        if record.current[place] != 0 or before == 0 or not record.steady[place - 1] or not long:
            continue
        if runs and place == runs[-1][-1] + 2 and before * record.current[runs[-1][-1] - 1] > 0:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _fit_run(
    time: Array, voltage: Array, record: Stretches, run: Sequence[int], particle: Particle, skip: float | None
) -> list[Reading]:
    responses = [response_of(time, voltage, record, place, max(at - 1, 0)) for at, place in enumerate(run)]

    starts = [skip or 0.0] * len(run)

    def fitted(history: float, skips: Skips) -> list[Diffusion]:
        levels = [_at_once(*one, particle, history) for one in zip(responses, starts, strict=True)]
        level, std = (np.array([getattr(one, name) for one in levels]) for name in ("voltage", "std"))
        curve = _curve(record, run, level, std, particle, history)
        points = [SharedPoint(place, one.weights) for place, one in enumerate(levels)]
        every = zip(responses, skips, points, strict=True)
        found = [fit_response(one, curve, record, particle, history, left_out, own) for one, left_out, own in every]
        starts[:] = [one.start for one in found]
        return found

    return [
        _reading(record, response, one, float(voltage[record.last[response.place - 1]]))
        for response, one in zip(responses, settled(fitted, [skip] * len(run)), strict=True)
    ]


@dataclass(frozen=True, eq=False)
class _Level:
    """The voltage at an interruption: a sum of its samples by weights."""

    voltage: float
    std: float
    weights: Array


def _at_once(response: Response, start: float, particle: Particle, history: float) -> _Level:
    """Return the voltage at the interruption, by a parabola in the excess that decays."""
    kept = response.time >= start
    t = response.time[kept]
    decay = particle.excess(t / history) if history else np.sqrt(t)
    columns = np.stack([np.ones_like(t), decay, decay**2], axis=1)
    size = np.max(np.abs(columns), axis=0)
    inverse = np.linalg.pinv(columns / size)
    values = inverse @ response.voltage[kept]
    left = response.voltage[kept] - columns / size @ values
    noise = math.sqrt(float(left @ left) / max(len(t) - 3, 1))
    weights = np.zeros_like(response.time)
    weights[kept] = inverse[0]
    return _Level(float(values[0]), noise * float(np.linalg.norm(weights)), weights)


def _curve(
    record: Stretches, run: Sequence[int], level: Array, std: Array, particle: Particle, history: float
) -> EquilibriumCurve:
    """Return the voltages without I R at the contents that the surface then has."""
    sign = math.copysign(1.0, record.current[run[0] - 1])
    ahead = np.array([excess(particle, record, place, np.zeros(1), history)[0] for place in run])
    content = sign * (record.passed[list(run)] + ahead)
    content = content if np.all(np.diff(content) > 0) else sign * record.passed[list(run)]
    return EquilibriumCurve(sign, content, level, std)


def _reading(record: Stretches, response: Response, found: Diffusion, before: float) -> Reading:
    place = response.place
    current, drop = float(record.current[place - 1]), before - found.begin
    return Reading(
        response,
        found,
        float(record.duration[place]),
        current,
        float(record.passed[place]),
        found.begin,
        drop / current,
        math.hypot(found.begin_std, found.noise) / abs(current),
        (drop + found.offset - found.first) / current,
        math.sqrt(2) * found.noise / abs(current),
    )


def ici(record: CyclingRecord, particle: Particle, length: Quantity, *, skip: float | None = None) -> Answer:
    """Find D and the resistances of each interruption of a current.

    Parameters
    ----------
    record : CyclingRecord
        A charge or a discharge, or several, with short rests.
    particle : Particle
        What the lithium diffuses into.
    length : Quantity
        Its L: the radius of a sphere, the thickness of a layer that lithium enters from one side.
    skip : float, optional
        What to leave out after each interruption, s.

    Returns
    -------
    Answer
        ``diffusivity`` (cm2/s), ``ohmic_resistance``, ``kinetic_resistance`` (ohm), ``diffusion_resistance`` (k, ohm
        s^-0.5): medians; a row an interruption.

    Raises
    ------
    InputError
        As :func:`ici_raw`; when no interruption determines D.

    References
    ----------
    doi:10.1038/s41467-023-37989-6.

    Examples
    --------
    >>> from lamion.models.cells.particle_diffusion import SPHERE
    >>> from lamion.synthetic.titration import HalfCell, ici_programme, titration
    >>> record = titration(HalfCell(SPHERE, 1e4, 10.0), ici_programme(1e-3, 300.0, 10.0, 10), noise=1e-7)
    >>> print(ici(record, SPHERE, Quantity("10 um"))["diffusivity"].value.__round__(12))
    1e-10
    """
    found = ici_raw(record.time, record.voltage, record.current, particle, charge=record.charge, skip=skip)
    k = [-one.diffusion.slope / one.current for one in found.readings]
    answer = diffusion_answer(
        found.readings,
        record,
        particle,
        length,
        each="interruption",
        source="intermittent current interruption (Chien et al.)",
        columns={"Diffusion Resistance / ohm/s^0.5": k},
        notes={"interruptions": len(found.readings), "passed_over": found.passed_over},
        doubts=_doubts(found, record) if particle.dimension == 1 else [],
    )
    middle = Quantity(float(np.median(k)), None, "ohm/s^0.5")
    return replace(answer, results={**answer.results, "diffusion_resistance": middle})


def _doubts(found: Interruptions, record: CyclingRecord) -> list[str]:
    """Return what is to be said of a layer."""
    lasted = float(np.ptp(record.time[record.current != 0]))
    share = lasted / float(np.nanmedian([one.diffusion.time for one in found.readings]))
    if not share < _CROSSED:
        return [_OF_A_LAYER]
    return [
        _OF_A_LAYER,
        f"The current lasts only {share:.2g} L2/D: lithium has hardly reached the other side of the layer, D hangs on "
        "little and may be too high by more than its interval says. Record a longer charge, or a thinner layer.",
    ]
