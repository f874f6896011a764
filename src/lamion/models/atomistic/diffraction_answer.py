"""Diffraction of a crystal as an answer: numbers, a table, a figure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lamion.models.atomistic.diffraction import PatternSettings, Peak, pattern
from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.substances.crystal import Crystal

_LISTED = 5
_IN_TABLE = 1e-3
_ALONE = 0.1
_SOURCE = "structure factors of the built crystal"


def pattern_answer(
    crystals: Sequence[Crystal],
    settings: PatternSettings,
    *,
    measured: Mapping[str, Sequence[float]] | None = None,
    width: float = 0.3,
) -> Answer:
    """Return the pattern of a crystal, with the spread of its angles over variants of it.

    Parameters
    ----------
    crystals : sequence of Crystal
        The crystal, then variants of it with one input moved by its standard uncertainty.
    settings : PatternSettings
        Wavelength, range, texture.
    measured : Mapping, optional
        ``two_theta_deg`` and ``intensity`` of a measured pattern, drawn with the computed one.
    width : float
        Full width at half maximum of the drawn peaks, degrees.

    Returns
    -------
    Answer
        ``peak1.two_theta`` (deg), ``peak1.d`` (angstrom) and ``peak1.relative_intensity`` of the five strongest peaks;
        ``notes.hkl``, ``notes.single_peak``; every peak above 0.1 % as series.

    Examples
    --------
    >>> salt = Crystal("CsCl", 4.123 * np.eye(3), ("Cs", "Cl"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    >>> print(pattern_answer([salt], PatternSettings()).results["peak1.two_theta"])
    30.6668 deg
    """
    peaks = pattern(crystals[0], settings)
    others = [pattern(crystal, settings) for crystal in crystals[1:]]
    results: dict[str, Quantity] = {}
    for number, peak in enumerate(peaks[:_LISTED], start=1):
        spread = _spread(peak, others)
        cosine = 1 / math.tan(math.radians(peak.two_theta / 2)) * math.radians(0.5)
        results[f"peak{number}.two_theta"] = Quantity(peak.two_theta, spread, "deg", _SOURCE)
        d_spread = None if spread is None else peak.d * cosine * spread
        results[f"peak{number}.d"] = Quantity(peak.d, d_spread, "angstrom", _SOURCE)
        results[f"peak{number}.relative_intensity"] = Quantity(peak.intensity, None, "1", _SOURCE)
    table = [peak for peak in peaks if peak.intensity >= _IN_TABLE]
    return Answer(
        results,
        {
            "Two theta / deg": [peak.two_theta for peak in table],
            "d / angstrom": [peak.d for peak in table],
            "Relative intensity / 1": [peak.intensity for peak in table],
            "hkl / 1": [" ".join(map(str, peak.hkl)) for peak in table],
        },
        {
            "hkl": {f"peak{n}": " ".join(map(str, peak.hkl)) for n, peak in enumerate(peaks[:_LISTED], start=1)},
            "single_peak": is_single(peaks),
            "texture": f"March-Dollase r = {settings.march:g}" + (", a powder" if settings.march == 1 else ""),
            "wavelength_angstrom": settings.wavelength,
        },
        figures={"diffraction": _pattern_figure([(crystals[0].name, peaks)], settings, width, measured)},
    )


def is_single(peaks: Sequence[Peak]) -> bool:
    """Tell whether a pattern shows one peak: every other one has less than a tenth of the strongest.

    Parameters
    ----------
    peaks : sequence of Peak
        Strongest first.
    """
    return len(peaks) < 2 or peaks[1].intensity < _ALONE


def _spread(peak: Peak, others: Sequence[Sequence[Peak]]) -> float | None:
    """Return how far the peak moves in the variants, all together; None without variants."""
    moved = [
        min((abs(other.two_theta - peak.two_theta) for other in peaks if other.hkl == peak.hkl), default=0.0)
        for peaks in others
    ]
    return math.hypot(*moved) if moved else None


def comparison_figure(named: Sequence[tuple[str, Sequence[Peak]]], settings: PatternSettings) -> FigureData:
    """Return the figure of several patterns above each other.

    Parameters
    ----------
    named : sequence of (str, sequence of Peak)
        Label and pattern.
    settings : PatternSettings
        For the range.
    """
    return _pattern_figure(named, settings, 0.3, None)


def _pattern_figure(
    named: Sequence[tuple[str, Sequence[Peak]]],
    settings: PatternSettings,
    width: float,
    measured: Mapping[str, Sequence[float]] | None,
) -> FigureData:
    if not 0.01 <= width <= 5.0:
        raise InputError(f"Peaks {width:g} degrees wide cannot be drawn.", "", "Give 0.01 to 5 degrees.")
    angles = np.linspace(settings.lowest, settings.highest, 1201)
    curves: list[dict[str, Any]] = []
    for label, peaks in named:
        profile = np.zeros_like(angles)
        for peak in peaks:
            profile += peak.intensity * np.exp(-4 * math.log(2) * ((angles - peak.two_theta) / width) ** 2)
        strong = [peak for peak in peaks if peak.intensity >= 0.02]
        sticks = [[round(p.two_theta, 4), round(p.intensity, 5), " ".join(map(str, p.hkl))] for p in strong]
        curves.append({"label": label, "intensity": np.round(profile / profile.max(), 5).tolist(), "sticks": sticks})
    data: dict[str, Any] = {"two_theta_deg": np.round(angles, 4).tolist(), "curves": curves}
    if measured is not None:
        data["measured"] = {name: list(column) for name, column in measured.items()}
    return FigureData("diffraction", "Diffraction of the stacked sheets", data)
