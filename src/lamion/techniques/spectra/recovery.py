r"""T1 from decays at several times after the spins were saturated or turned over.

.. math:: I(\tau) = I_\infty \left(1 - f\, e^{-\tau/T_1}\right)

with f = 1 after a perfect saturation and 2 after a perfect inversion; it is fitted, since pulses are neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.numerics.least_squares import Fit, fit
from lamion.numerics.profile_interval import profile_interval
from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points
from lamion.quantities.level import coverage_factor
from lamion.records import InductionDecay, RecoverySeries

Array = NDArray[np.float64]

_FEWEST = 4
_REACHED = 3.0
"""Times T1 that the longest recovery lasts, so that the end is measured and not extrapolated."""
_SOURCE = "fit of a recovery"
_FAR = 12.0
_ROUNDS = 200


@dataclass(frozen=True, eq=False)
class Recovery:
    """How magnetisation comes back.

    Parameters
    ----------
    relaxation : float
        T1, s.
    low, high : float or None
        Its interval; None for an open end.
    fraction : float
        f.
    end : float
        I at long times.
    fit : Fit
        Of end, f and the logarithm of T1.
    """

    relaxation: float
    low: float | None
    high: float | None
    fraction: float
    end: float
    fit: Fit


def recovery_raw(delays: ArrayLike, intensity: ArrayLike) -> Recovery:
    """Fit T1 to intensities.

    Parameters
    ----------
    delays : array-like, shape (n,)
        s.
    intensity : array-like, shape (n,)
        In any unit.

    Raises
    ------
    InputError
        When there are fewer than four delays, or all intensities are alike.

    Examples
    --------
    >>> tau = np.array([0.8, 1.5, 3.0, 6.0, 11.0, 21.0, 41.0, 80.0])
    >>> round(recovery_raw(tau, 5.0 * (1 - np.exp(-tau / 7.0))).relaxation, 3)
    7.0
    """
    tau, seen = np.asarray(delays, dtype=np.float64), np.asarray(intensity, dtype=np.float64)
    if len(np.unique(tau)) < _FEWEST or np.ptp(seen) == 0:
        raise InputError(
            f"{len(np.unique(tau))} delays do not determine a T1.",
            "",
            f"Give {_FEWEST} or more, from short ones to some times T1.",
        )
    scale = float(np.abs(seen).max())

    def residuals(p: Array) -> Array:
        return np.asarray(p[0] * (1 - p[1] * np.exp(-tau / np.exp(np.clip(p[2], -50.0, 50.0)))) - seen / scale)

    longest = seen[np.argmax(tau)] / scale
    shortest = 1 - seen[np.argmin(tau)] / seen[np.argmax(tau)]
    starts = [np.array([longest, shortest, np.log(t)]) for t in np.geomspace(tau[tau > 0].min(), tau.max(), 8)]
    best = min((fit(residuals, start) for start in starts), key=lambda one: one.sum_of_squares)
    noise = best.noise or 1e-12
    scaled = fit(lambda p: residuals(p) / noise, best.parameters, absolute_weights=True)
    found = profile_interval(
        lambda p: residuals(p) / noise, scaled, 2, _FAR, factor=coverage_factor(freedom=max(len(tau) - 3, 1))
    )
    ends = [None if end is None else float(np.exp(end)) for end in (found.low, found.high)]
    end, fraction, logarithm = (float(value) for value in best.parameters)
    return Recovery(float(np.exp(logarithm)), ends[0], ends[1], fraction, end * scale, best)


def recovery(series: RecoverySeries | Sequence[InductionDecay]) -> Answer:
    r"""Read T1 from a series of decays, or of intensities.

    .. math:: I(\tau) = I_\infty \left(1 - f\, e^{-\tau/T_1}\right)

    Parameters
    ----------
    series : RecoverySeries or sequence of InductionDecay
        Intensities, or decays each with its recovery, s.

    Returns
    -------
    Answer
        ``relaxation_time`` (s) with the interval of the profile, and ``saturated_fraction``, f.

    Raises
    ------
    InputError
        When the decays say no recovery, or are fewer than four.

    Notes
    -----
    The intensity of each decay is how much it has of what all have in common. Where the line has parts with T1 of
    their own, the one that is read is a mean of them.

    References
    ----------
    E. Fukushima, S. B. W. Roeder, Experimental Pulse NMR, Addison-Wesley 1981, doi:10.1201/9780429493867, chapter 3.
    """
    tau, intensity = (series.recovery, series.intensity) if isinstance(series, RecoverySeries) else _of_decays(series)
    found = recovery_raw(tau, intensity)
    order = np.argsort(tau)
    ends = (found.low, found.high)
    closed = found.low is not None and found.high is not None
    deviation = (found.high - found.low) / 2 if closed else None  # type: ignore[operator]
    return Answer(
        {
            "relaxation_time": Quantity(found.relaxation, deviation, "s", _SOURCE, ends),
            "saturated_fraction": Quantity(found.fraction, float(found.fit.standard_errors[1]), "1", _SOURCE),
        },
        {"Recovery / s": tau[order].tolist(), "Intensity": intensity[order].tolist()},
        {"delays": len(tau), "longest_over_T1": float(tau.max() / found.relaxation)},
        _doubts(found, float(tau.max())),
        {"recovery": _figure(tau, intensity, found)},
        method=f"An exponential recovery fitted to {len(tau)} intensities.",
        headline=("relaxation_time",),
    )


def _of_decays(decays: Sequence[InductionDecay]) -> tuple[Array, Array]:
    """Return the times of recovery and the intensities of decays."""
    known = [(one.recovery, one) for one in decays if one.recovery is not None]
    if len(known) < _FEWEST:
        raise InputError(
            f"The file holds {len(known)} decays with a time of recovery.",
            "It may be a single measurement.",
            f"Give a series of {_FEWEST} or more.",
        )
    return np.array([time for time, _ in known]), _intensities([one for _, one in known])


def _intensities(decays: Sequence[InductionDecay]) -> Array:
    """Return how much of one shape each decay holds, by what it has in common with the others.

    A decay's product with itself holds its noise too, so only products with others count: for all that are alike
    they are the products of their intensities.
    """
    signals = [one.real + 1j * one.imaginary for one in decays]
    if any(one.shape != signals[0].shape for one in signals):
        raise InputError("The decays differ in their points.", "", "Give one series in one file.")
    stacked = np.stack(signals)
    common = (stacked.conj() @ stacked.T).real
    np.fill_diagonal(common, 0.0)
    if common.max() <= 0:
        raise InputError("The decays have nothing in common.", "They may be noise.", "Give another measurement.")
    found = common.sum(axis=1) / np.sqrt(common.sum())
    for _ in range(_ROUNDS):
        square = found**2
        found = common @ found / np.maximum(square.sum() - square, 1e-300)
    return np.asarray(found / np.abs(found).max())


def _doubts(found: Recovery, longest: float) -> tuple[str, ...]:
    if longest < _REACHED * found.relaxation:
        return (
            f"The longest recovery is {longest / found.relaxation:.1f} T1: its end is extrapolated. Measure up to five "
            "T1.",
        )
    return ()


def _figure(tau: Array, intensity: Array, found: Recovery) -> FigureData:
    x = np.geomspace(tau.min() / 2, tau.max() * 1.5, 120)
    y = found.end * (1 - found.fraction * np.exp(-x / found.relaxation))
    traces = [Points(tau, intensity, "decays", color="ink"), Line(x, y, f"T1 = {found.relaxation:.3g} s")]
    panel = Panel(traces, Axis("recovery", "s", scale="log"), Axis("intensity"), legend="lower right")
    return Figure([panel]).entitled("Recovery of the magnetisation")
