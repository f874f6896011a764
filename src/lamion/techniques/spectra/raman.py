"""Bands of a Raman spectrum, and which share of an anion is coordinated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.figure import Axis, Bars, Figure, FigureData, Panel
from lamion.quantities.level import central_percentiles
from lamion.records import RamanSpectrum
from lamion.techniques.peaks.axes import Curve, curve_of
from lamion.techniques.peaks.component import Component
from lamion.techniques.peaks.fit import PeakFit, fit_peaks
from lamion.techniques.peaks.peaks import Choice, answer_of, components_of
from lamion.techniques.spectra.shift_calibration import ShiftCalibration, calibrated
from lamion.techniques.spectra.spikes import spikes_of

FREE, COORDINATED = "free", "coordinated"
FRACTION = "apparent_coordinated_fraction"
_SOURCE = "fit of components"
_CAVEAT = (
    "The fraction is apparent: ions in contact whose band overlaps the free one count as free, and the two bands are "
    "taken to scatter alike (Henderson et al., 10.1149/1945-7111/ac71d4)."
)
_UNCALIBRATED = "The shift is as the instrument gives it: no standard was measured beside it."


@dataclass(frozen=True)
class Measured:
    """What a person says of Raman spectra.

    Parameters
    ----------
    choice : Choice
        Bands, range, baseline.
    calibration : ShiftCalibration, optional
        Of the spectrometer.
    keep_spikes : bool
        Whether points of cosmic rays count.
    """

    choice: Choice = field(default_factory=Choice)
    calibration: ShiftCalibration | None = None
    keep_spikes: bool = False


def anion_bands(free: float, coordinated: float, shape: str = "voigt") -> tuple[Component, ...]:
    """Return the bands of an anion that is free and one that is coordinated, each near where it is said to be.

    Parameters
    ----------
    free, coordinated : float
        1/cm; each stays on its side of the middle between them.
    shape : str
        Of both, with one mixing.

    Examples
    --------
    >>> [one.name for one in anion_bands(740.0, 747.0)]
    ['free', 'coordinated']
    """
    if free == coordinated:
        raise InputError("The free and the coordinated band are said to be at one place.", "", "Say both places.")
    middle, reach = (free + coordinated) / 2, abs(coordinated - free)

    def one(name: str, at: float, **others: str) -> Component:
        low, high = sorted((middle, at + np.sign(at - middle) * reach))
        return Component.of(name, shape, position=f"{at}, {low} to {high}", **others)

    return one(FREE, free), one(COORDINATED, coordinated, mixing=FREE)


def raman(records: Sequence[RamanSpectrum], measured: Measured | None = None) -> Answer:
    r"""Fit the bands of a Raman spectrum, or of each point of a map.

    .. math:: x_\mathrm{coordinated} = \frac{A_\mathrm{coordinated}}{A_\mathrm{free} + A_\mathrm{coordinated}}

    Parameters
    ----------
    records : sequence of RamanSpectrum
        One, or those of a map over one shift.
    measured : Measured
        What is known of them.

    Returns
    -------
    Answer
        ``NAME.position``, ``NAME.width``, ``NAME.area``, ``NAME.area_fraction`` of each band, 1/cm, as
        :func:`lamion.techniques.peaks.peaks.peaks` gives them; ``apparent_coordinated_fraction`` where the bands are
        called free and coordinated. Of a map each number is the median of its points, its interval what holds their
        central share, and the series has a row for each point.

    Raises
    ------
    InputError
        When the spectra of a map have several abscissae, or the range holds too few points.

    References
    ----------
    W. A. Henderson et al., J. Electrochem. Soc. 169 (2022) 060515, doi:10.1149/1945-7111/ac71d4.

    Examples
    --------
    >>> x = np.arange(715.0, 775.0, 0.5)
    >>> line = lambda centre, width: np.exp(-4 * np.log(2) * ((x - centre) / width) ** 2)
    >>> y = 100.0 + 900 * line(740.0, 6.0) + 300 * line(747.0, 7.0) + np.random.default_rng(1).normal(0.0, 3.0, len(x))
    >>> answer = raman([RamanSpectrum(x, y)], Measured(Choice(anion_bands(740.0, 747.0))))
    >>> bool(abs(answer["apparent_coordinated_fraction"].value - 0.28) < 0.03)
    True
    """
    measured = measured or Measured()
    if len(records) == 1:
        return _one(records[0], measured)
    return _map(records, measured)


def _one(record: RamanSpectrum, measured: Measured) -> Answer:
    curve, spikes = _prepared(record, measured)
    choice = measured.choice
    answer = answer_of(curve.within(choice.low, choice.high), choice, accuracy=_accuracy(curve, measured))
    results = dict(answer.results)
    if f"{COORDINATED}.area_fraction" in results and len(choice.components) == 2:
        results = {FRACTION: results[f"{COORDINATED}.area_fraction"]} | results
    return replace(
        answer,
        results=results,
        notes={**answer.notes, "spikes_removed": int(spikes)},
        warnings=(*_of_spikes(int(spikes)), *answer.warnings),
        assumptions=(*answer.assumptions, *_assumed(measured, FRACTION in results)),
        headline=(FRACTION, "*.position", "*.area_fraction") if FRACTION in results else answer.headline,
    )


def _prepared(record: RamanSpectrum, measured: Measured) -> tuple[Curve, int]:
    """Return a spectrum's curve, calibrated and without spikes, and how many points these were."""
    curve = curve_of(record)
    if measured.calibration is not None:
        curve = calibrated(curve, measured.calibration)
    spikes = np.zeros(len(curve.x), dtype=bool) if measured.keep_spikes else spikes_of(curve.y)
    inside = np.ones(len(curve.x), dtype=bool)
    low, high = measured.choice.low, measured.choice.high
    inside &= (curve.x >= (-np.inf if low is None else low)) & (curve.x <= (np.inf if high is None else high))
    return replace(curve, x=curve.x[~spikes], y=curve.y[~spikes]), int(np.count_nonzero(spikes & inside))


def _accuracy(curve: Curve, measured: Measured) -> float:
    if measured.calibration is None:
        return 0.0
    low, high = measured.choice.low, measured.choice.high
    ends = (curve.x[0] if low is None else low, curve.x[-1] if high is None else high)
    return measured.calibration.uncertainty_at(float(np.mean(ends)))


def _of_spikes(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    points = "1 point of a cosmic ray was" if count == 1 else f"{count} points of cosmic rays were"
    return (f"{points} left out; --keep-spikes keeps them.",)


def _assumed(measured: Measured, anion: bool) -> tuple[str, ...]:
    return (*([_CAVEAT] if anion else []), *([_UNCALIBRATED] if measured.calibration is None else []))


def _map(records: Sequence[RamanSpectrum], measured: Measured) -> Answer:
    """Fit every point of a map at once; spikes are bridged, since all share one abscissa."""
    first, _ = _prepared(records[0], replace(measured, keep_spikes=True))
    rows, spikes = [], 0
    for record in records:
        curve, _ = _prepared(record, replace(measured, keep_spikes=True))
        if curve.x.shape != first.x.shape or not np.allclose(curve.x, first.x):
            raise InputError(
                "The spectra of the map have several abscissae.",
                "Several measurements may be joined in one file.",
                "Give each in a file of its own.",
            )
        found = np.zeros(len(curve.y), dtype=bool) if measured.keep_spikes else spikes_of(curve.y)
        spikes += int(np.count_nonzero(found))
        rows.append(np.interp(curve.x, curve.x[~found], curve.y[~found]))
    choice = measured.choice
    mean = replace(first, y=np.mean(rows, axis=0)).within(choice.low, choice.high)
    kept = (first.x >= mean.x[0]) & (first.x <= mean.x[-1])
    components, _ = components_of(mean, choice)
    fit = fit_peaks(mean.x, np.stack(rows)[:, kept], components, baseline=choice.baseline, noise=choice.noise)
    return _of_map(records, fit, spikes, measured)


def _of_map(records: Sequence[RamanSpectrum], fit: PeakFit, spikes: int, measured: Measured) -> Answer:
    names = [one.name for one in fit.layout.components]
    areas = np.stack([fit.parameter(name, "area") for name in names])
    shares = areas / np.maximum(areas.sum(axis=0), 1e-300)
    columns = {f"{name}.position": (fit.parameter(name, "position"), "1/cm") for name in names}
    columns |= {f"{name}.width": (fit.parameter(name, "width"), "1/cm") for name in names}
    columns |= {f"{name}.area": (fit.parameter(name, "area"), "1") for name in names}
    if len(names) > 1:
        columns |= {f"{name}.area_fraction": (share, "1") for name, share in zip(names, shares, strict=True)}
    anion = {FREE, COORDINATED} == set(names)
    if anion:
        columns = {FRACTION: (shares[names.index(COORDINATED)], "1")} | columns
    series: dict[str, list[float | str | None]] = {
        "x / um": [None if one.x is None else 1e6 * one.x for one in records],
        "y / um": [None if one.y is None else 1e6 * one.y for one in records],
    }
    series |= {key if unit == "1" else f"{key} / {unit}": values.tolist() for key, (values, unit) in columns.items()}
    lost = int(np.count_nonzero(~fit.converged))
    doubts = (f"{lost} of {len(records)} points have no fit that arrived.",) if lost else ()
    headline = (FRACTION,) if anion else ("*.position", "*.area_fraction")
    return Answer(
        {key: _over(values, unit) for key, (values, unit) in columns.items()},
        series,
        {"points": len(records), "spikes_removed": spikes, "baseline": measured.choice.baseline},
        (*_of_spikes(spikes), *doubts),
        {"map": _figure(columns, headline[0])},
        method=f"{len(names)} components and a {measured.choice.baseline} baseline at each of {len(records)} points; "
        "each number is the median over them, and its interval holds their central share.",
        assumptions=_assumed(measured, anion),
        headline=headline,
    )


def _over(values: NDArray[np.float64], unit: str) -> Quantity:
    low, high = (float(end) for end in np.percentile(values, central_percentiles()))
    middle = float(np.median(values))
    return Quantity(middle, (high - low) / 2, unit, _SOURCE, (min(low, middle), max(high, middle)))


def _figure(columns: dict[str, tuple[NDArray[np.float64], str]], pattern: str) -> FigureData:
    """Return how the headline's numbers are distributed over the map."""
    from fnmatch import fnmatchcase

    panels = []
    for key, (values, unit) in columns.items():
        if fnmatchcase(key, pattern):
            counts, edges = np.histogram(values, bins="auto")
            bars = Bars((edges[:-1] + edges[1:]) / 2, np.zeros(len(counts)), counts, width=float(np.diff(edges)[0]))
            panels.append(Panel([bars], Axis(key.replace("_", " "), unit), Axis("points of the map"), legend=""))
    return Figure(panels, size=(6.0, 2.6 * len(panels))).entitled("Over the map")
