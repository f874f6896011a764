r"""Reported conductivities against the spectra that they were read from, where the electrodes' area was not told.

.. math:: A_i = \frac{L_i}{R_i \sigma_i}, \qquad \hat A_{-i} = \operatorname{median}_{j \ne i} A_j, \qquad
    q_i = \frac{\sigma_i}{L_i / (R_i \hat A_{-i})}

with each resistance read as an operator reads it. One area for all is fitted to the reports, and that for each file is
fitted without it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, Panel, Points, Rule
from lamion.quantities.level import coverage_factor
from lamion.records.impedance import ImpedanceSpectrum
from lamion.techniques.conduction.blocking_resistance import blocking_resistance
from lamion.techniques.conduction.plain_reading import OpenArcError, plain_reading

Array = NDArray[np.float64]
_MEDIAN_OF_NORMAL = 0.6745
_OF_A_MEDIAN = math.sqrt(math.pi / 2.0)
_FAR = 2.0
"""Times: a report further off its spectrum is no other reading of it."""
_NAMED = 3
"""Rows that are named for what is found."""
FEWEST = 4
"""Spectra that a common area needs: one is left out, and three still have a median and a spread."""


@dataclass(frozen=True, eq=False)
class CommonArea:
    """The one area with which spectra give what was reported of them.

    Parameters
    ----------
    area, std : float
        Median of all and its standard uncertainty, from their spread; in the unit of `each`.
    each : array, shape (n,)
        The area that each report alone implies; not a number where no resistance is known.
    without, without_std : array, shape (n,)
        The median without each row, and how far one more report would lie off it: their spread as well.
    """

    area: float
    std: float
    each: Array
    without: Array
    without_std: Array


def common_area_raw(thickness: Array, resistance: Array, reported: Array) -> CommonArea:
    r"""Fit one area to reported conductivities.

    Parameters
    ----------
    thickness : array, shape (n,)
        m.
    resistance : array, shape (n,)
        Ohm; not a number where the spectrum gives none.
    reported : array, shape (n,)
        S/m.

    Returns
    -------
    CommonArea
        In m2.

    Raises
    ------
    InputError
        With fewer than four resistances.

    Notes
    -----
    The median bears reports that belong to other samples, up to half of them. Its uncertainty is
    :math:`t\,s\sqrt{\pi/2m}` of m areas with the spread s from their median absolute deviation, in the logarithm; what
    it predicts of one more sample has s beside it, since neither the electrodes nor the readings are all alike.

    Examples
    --------
    >>> L, R = np.full(5, 1e-4), np.array([10.0, 20.0, 30.0, 40.0, 50.0])
    >>> found = common_area_raw(L, R, L / R / 2e-4 * np.array([1.0, 1.0, 1.0, 1.0, 100.0]))
    >>> round(found.area * 1e4, 9), [round(float(one) * 1e4, 9) for one in found.each]
    (2.0, [2.0, 2.0, 2.0, 2.0, 0.02])
    """
    each = thickness / (resistance * reported)
    known = np.isfinite(each)
    if known.sum() < FEWEST:
        raise InputError(
            f"{int(known.sum())} of {len(each)} spectra give a resistance; a common area needs {FEWEST}.",
            "",
            "Give more spectra, or the area itself.",
        )
    whole = _median(each[known])
    others = [_median(each[known & (np.arange(len(each)) != k)]) for k in range(len(each))]
    without = np.array([one.area for one in others])
    one_more = np.array([math.hypot(one.relative_std, one.spread) for one in others])
    return CommonArea(whole.area, whole.area * whole.relative_std, each, without, without * one_more)


@dataclass(frozen=True)
class _Median:
    """A median of areas, its relative standard uncertainty, and their relative spread, both with Student's factor."""

    area: float
    relative_std: float
    spread: float


def _median(areas: Array) -> _Median:
    logs = np.log(areas)
    middle = float(np.median(logs))
    student = coverage_factor(freedom=len(logs) - 1)
    spread = student * float(np.median(np.abs(logs - middle))) / _MEDIAN_OF_NORMAL
    return _Median(math.exp(middle), _OF_A_MEDIAN * spread / math.sqrt(len(logs)), spread)


@dataclass(frozen=True)
class Repeats:
    """Numbers that several rows share to the last digit.

    Parameters
    ----------
    groups : tuple of tuple of int
        The rows of each such number, by their places.
    by_chance : float
        Pairs that chance would make, of as many numbers with as many digits spread over as many decades.
    """

    groups: tuple[tuple[int, ...], ...]
    by_chance: float


def repeats_raw(values: Sequence[float]) -> Repeats:
    r"""Find the numbers that stand in several rows.

    .. math:: E = \binom n2 \frac1D \sum_k \lg^2\left(1 + \frac1k\right)

    over the k of as many digits as most of the numbers have, and D decades between the smallest and the largest.

    Parameters
    ----------
    values : sequence of float
        Positive, as printed.

    Examples
    --------
    >>> repeats_raw([6.46e-8, 2.08e-8, 6.46e-8, 1.55e-7]).groups
    ((0, 2),)
    """
    places: dict[float, list[int]] = {}
    for place, value in enumerate(values):
        places.setdefault(value, []).append(place)
    digits = int(np.median([len(f"{value:.12e}".split("e")[0].replace(".", "").rstrip("0")) for value in values]))
    whole = np.arange(10 ** (digits - 1), 10**digits, dtype=float)
    alike = float(np.sum(np.log10(1.0 + 1.0 / whole) ** 2))
    decades = max(math.log10(max(values) / min(values)), 1.0)
    pairs = len(values) * (len(values) - 1) / 2
    return Repeats(tuple(tuple(rows) for rows in places.values() if len(rows) > 1), pairs * alike / decades)


def reported(
    names: Sequence[str], spectra: Sequence[ImpedanceSpectrum], thickness: Array, conductivity: Array
) -> Answer:
    r"""Hold reported conductivities against their spectra.

    .. math:: q_i = \frac{\sigma_i R_i \hat A_{-i}}{L_i}

    Parameters
    ----------
    names : sequence of str, length n
        Of the spectra.
    spectra : sequence of ImpedanceSpectrum, length n
        Of blocking cells whose electrodes have one area.
    thickness : array, shape (n,)
        m.
    conductivity : array, shape (n,)
        As reported, S/m.

    Returns
    -------
    Answer
        ``area`` and, by name, ``area_without.*`` (cm2); a row for each report as series; a finding where
        values stand for several spectra, or lie further off their own than any reading.

    Raises
    ------
    InputError
        With fewer than four resistances, or a spectrum that shows none and bounds none.

    Examples
    --------
    >>> from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum
    >>> ohm = np.array([400.0, 500.0, 600.0, 700.0])
    >>> cells = [blocking_cell_spectrum(BlockingCell(one), seed=1) for one in ohm]
    >>> L = np.full(4, 1e-4)
    >>> answer = reported("abcd", cells, L, L / ohm / 2e-4 * np.array([1.0, 1.0, 1.0, 9.0]))
    >>> round(answer["area"].value, 2), answer.verdict
    (2.0, 'shown')
    """
    known, least = _resistances(spectra)
    area = common_area_raw(thickness, known, conductivity)
    own, most = thickness / (known * area.without), thickness / (least * area.without)
    rows = _Rows(list(names), conductivity / own, conductivity / most)
    found = [text for text in (_repeated(rows, conductivity, repeats_raw(conductivity.tolist())), _apart(rows)) if text]
    results = {"area": Quantity(area.area * 1e4, area.std * 1e4, "cm2", "fitted to reported conductivities")}
    for name, one, std in zip(names, area.without * 1e4, area.without_std * 1e4, strict=True):
        results[f"area_without.{name}"] = Quantity(one, std, "cm2", "fitted to the other reported conductivities")
    return Answer(
        results,
        {
            "File": list(names),
            "Reported / S/cm": (conductivity / 100.0).tolist(),
            "Resistance / ohm": _finite(known),
            "Lowest Resistance / ohm": _finite(least),
            "Area Implied / cm2": _finite(area.each * 1e4),
            "Reported over Spectrum / 1": _finite(rows.ratio),
            "Reported over Bound / 1": _finite(rows.over_bound),
        },
        verdict="shown" if found else "not shown",
        reason=" ".join(found) or "Every report is its own spectrum's.",
        method=f"The area is the median of what {int(np.isfinite(known).sum())} reports imply, each with Re Z where "
        "-Im Z is least, or its fit where only the electrodes show.",
        assumptions=("All electrodes have one area.", "An operator reads Re Z where -Im Z is least."),
        figures={"reports": _figure(rows, area)},
    )


@dataclass(frozen=True, eq=False)
class _Rows:
    """What each report is over what its spectrum gives, and over what an open arc allows at most."""

    names: list[str]
    ratio: Array
    over_bound: Array

    def named(self, places: Sequence[int]) -> str:
        """Name some rows."""
        return ", ".join(self.names[k] for k in places)

    @property
    def off(self) -> Array:
        """How many times each report stands off its spectrum; 1 where an open arc allows it."""
        closed = np.maximum(self.ratio, 1.0 / self.ratio)
        return np.where(np.isfinite(self.ratio), closed, np.fmax(self.over_bound, 1.0))


def _resistances(spectra: Sequence[ImpedanceSpectrum]) -> tuple[Array, Array]:
    """Return what is read of each spectrum, and what that of an open arc is larger than."""
    known, least = np.full((2, len(spectra)), np.nan)
    for k, spectrum in enumerate(spectra):
        try:
            known[k] = _resistance(spectrum)
        except OpenArcError as open_:
            least[k] = open_.at_least
        except InputError as error:
            raise InputError(f"{spectrum.name}: {error.happened}", error.cause, error.remedy) from error
    return known, least


def _resistance(spectrum: ImpedanceSpectrum) -> float:
    """Return what is read by eye, or fitted where an eye sees nothing but the electrodes."""
    order = np.argsort(spectrum.frequency, kind="stable")
    try:
        return plain_reading(spectrum.frequency[order], spectrum.impedance[order]).resistance
    except OpenArcError:
        raise
    except InputError:
        return blocking_resistance(spectrum.frequency, spectrum.impedance).resistance


def _repeated(rows: _Rows, values: Array, repeats: Repeats) -> str:
    """Say which reports several spectra share, and how far those stand off."""
    if not repeats.groups:
        return ""
    told = "; ".join(
        f"{Quantity(values[group[0]] / 100.0, None, 'S/cm')} ({rows.named(group)})" for group in repeats.groups[:_NAMED]
    )
    far = np.array([rows.off[k] for group in repeats.groups for k in group])
    apart = far[far > _FAR]
    off = f" {len(apart)} of their {len(far)} rows stand {_span(apart)} times off their spectra." if len(apart) else ""
    count = "1 value is" if len(repeats.groups) == 1 else f"{len(repeats.groups)} values are"
    chance = f"Chance would make {_short(repeats.by_chance)} such pairs."
    return f"{count} reported for several spectra: {told}. {chance}{off}{_same_digits(rows, values)}"


def _same_digits(rows: _Rows, values: Array) -> str:
    """Name rows off their spectra that share their digits at different powers of ten."""
    power = np.floor(np.log10(values))
    digits = [float(f"{one:.9g}") for one in values / 10.0**power]
    groups = [
        group
        for group in repeats_raw(digits).groups
        if len({power[k] for k in group}) > 1 and all(rows.off[k] > _FAR for k in group)
    ]
    told = "; ".join(f"{digits[group[0]]:g} ({rows.named(group)})" for group in groups[:_NAMED])
    return f" Rows off their spectra share their digits at other powers of ten: {told}." if groups else ""


def _apart(rows: _Rows) -> str:
    """Name the reports that are no reading of their spectra."""
    far = [k for k in np.argsort(-rows.off) if rows.off[k] > _FAR]
    if not far:
        return ""
    told = ", ".join(f"{rows.names[k]} ({_short(rows.off[k])} times)" for k in far[:_NAMED])
    more = f" and {len(far) - _NAMED} more" if len(far) > _NAMED else ""
    return f"{len(far)} of {len(rows.names)} reports are no reading of their spectra: {told}{more}."


def _span(numbers: Array) -> str:
    low, high = _short(numbers.min()), _short(numbers.max())
    return low if low == high else f"{low} to {high}"


def _short(number: float) -> str:
    return f"{float(f'{number:.2g}'):g}"


def _finite(numbers: Array) -> list[float | None]:
    return [float(one) if np.isfinite(one) else None for one in numbers]


def _figure(rows: _Rows, area: CommonArea) -> FigureData:
    """Draw every report over what its spectrum gives."""
    place = np.arange(len(rows.names), dtype=float)
    closed, open_ = np.isfinite(rows.ratio), np.isfinite(rows.over_bound)
    known = Points(rows.ratio[closed], place[closed], "over what the spectrum gives", 0)
    most = Points(rows.over_bound[open_], place[open_], "over the most that an open arc allows", 1, marker="square")
    traces = [Rule(1.0, color="ink", dash="solid"), known, *([most] if open_.any() else [])]
    ticks = list(zip(place.tolist(), rows.names, strict=True))
    up = Axis("", "1", low=-0.7, high=len(place) - 0.3, ticks=ticks, backwards=True)
    panel = Panel(traces, Axis("reported conductivity over that of its spectrum", "1", "log"), up)
    figure = Figure([panel], size=(7.0, 1.6 + 0.2 * len(place)), legend="below")
    return figure.entitled(f"Reported conductivities against their spectra, one area of {area.area * 1e4:.3g} cm²")
