"""Diffraction of a crystal as an answer: numbers, a table, a figure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.diffraction.profile import WIDTH, profile, samples
from lamion.models.atomistic.diffraction.reflections import DiffractionPeak, PatternSettings, powder_pattern_raw
from lamion.models.atomistic.diffraction.scattering import without_anomalous
from lamion.quantities import Answer, FigureData, Quantity
from lamion.quantities.figure import Axis, Figure, Labels, Line, Panel, Points, Rule, Trace
from lamion.substances.crystal import Crystal

_LISTED = 5
_NAMED = 0.02
_IN_TABLE = 1e-3
_STILL = 1e-12
_SOURCE = "structure factors of the crystal"


def powder_pattern(
    crystals: Sequence[Crystal],
    settings: PatternSettings,
    *,
    measured: Mapping[str, Sequence[float]] | None = None,
    width: float = WIDTH,
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
        Full width at half maximum of the drawn peaks, degrees; peaks closer than that count as one.

    Returns
    -------
    Answer
        ``peak1.two_theta`` (deg), ``peak1.d`` (angstrom) and ``peak1.relative_intensity`` of the five strongest peaks;
        ``notes.hkl``, ``notes.single_peak``; every peak above 0.1 % as series. An uncertainty is how far the peak's
        strongest reflection moves in the variants, to first order; there is none where it does not move.

    Examples
    --------
    >>> salt = Crystal("CsCl", 4.123 * np.eye(3), ("Cs", "Cl"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    >>> print(powder_pattern([salt], PatternSettings()).results["peak1.two_theta"])
    30.6668 deg
    """
    peaks = powder_pattern_raw(crystals[0], settings)
    results: dict[str, Quantity] = {}
    for number, peak in enumerate(peaks[:_LISTED], start=1):
        results |= _named(f"peak{number}", peak, _spread(peak.hkl, crystals))
    table = [peak for peak in peaks if peak.intensity >= _IN_TABLE]
    inside = _inside(measured, settings)
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
            "single_peak": profile(peaks, settings, width).is_single(),
            "single_peak_means": f"drawn {width:g} deg wide, every other maximum is below a tenth of the highest",
            **_conditions(crystals[0], settings),
        },
        _warnings(crystals[0], settings, outside=measured is not None and not inside),
        {"diffraction": _pattern_figure(_label(crystals[0], settings), peaks, settings, width, inside)},
        method="Kinematic intensities of the crystal's reflections"
        + (
            ", as of a powder." if settings.march == 1 else f", with a March-Dollase texture of r = {settings.march:g}."
        ),
    )


def _label(crystal: Crystal, settings: PatternSettings) -> str:
    return crystal.name + (", powder" if settings.march == 1 else f", r = {settings.march:g}")


def _named(name: str, peak: DiffractionPeak, spread: float | None) -> dict[str, Quantity]:
    """Return a peak's results; `spread` is the relative uncertainty of its 1/d."""
    angle = None if spread is None else math.degrees(2 * math.tan(math.radians(peak.two_theta / 2)) * spread)
    return {
        f"{name}.two_theta": Quantity(peak.two_theta, angle, "deg", _SOURCE),
        f"{name}.d": Quantity(peak.d, None if spread is None else peak.d * spread, "angstrom", _SOURCE),
        f"{name}.relative_intensity": Quantity(peak.intensity, None, "1", _SOURCE),
    }


def _spread(hkl: tuple[int, int, int], crystals: Sequence[Crystal]) -> float | None:
    """Return the relative change of a reflection's 1/d in all the variants together; None where it stays."""
    first, *others = (float(np.linalg.norm(np.linalg.inv(crystal.cell) @ hkl)) for crystal in crystals)
    moved = math.hypot(*(other / first - 1 for other in others))
    return moved if moved > _STILL else None


def _conditions(crystal: Crystal, settings: PatternSettings) -> dict[str, Any]:
    b = settings.displacement
    lacking = settings.anomalous and without_anomalous(crystal.symbols, settings.wavelength)
    return {
        "texture": f"March-Dollase r = {settings.march:g}" + (", a powder" if settings.march == 1 else ""),
        "wavelength_angstrom": settings.wavelength,
        "form_factors": "f0" if lacking or not settings.anomalous else "f0 + f' + i f''",
        **_occupancies(crystal),
        "atoms": f"B = {b:g} angstrom2, each of them" if b else "static, B = 0: high angles come out too strong",
    }


def _occupancies(crystal: Crystal) -> dict[str, str]:
    partial = int(np.sum(crystal.shares < 1.0))
    said = f"below one at {partial} of {len(crystal)} places: the pattern of the mean cell, without short-range order"
    return {"occupancies": said} if partial else {}


def _warnings(crystal: Crystal, settings: PatternSettings, *, outside: bool) -> tuple[str, ...]:
    found = []
    lacking = without_anomalous(crystal.symbols, settings.wavelength) if settings.anomalous else []
    if lacking:
        elements = ", ".join(lacking)
        found.append(
            f"No f' and f'' of {elements} are tabulated at {settings.wavelength:g} angstrom: f0 alone is used."
        )
    if outside:
        found.append(
            f"The measured pattern is not drawn: it has no point between {settings.lowest:g} and {settings.highest:g} "
            "degrees."
        )
    return tuple(found)


def _inside(measured: Mapping[str, Sequence[float]] | None, settings: PatternSettings) -> dict[str, list[float]] | None:
    """Return the part of a measured pattern that lies in the range; None where there is none."""
    if measured is None:
        return None
    kept = [k for k, x in enumerate(measured["two_theta_deg"]) if settings.lowest <= x <= settings.highest]
    return {name: [column[k] for k in kept] for name, column in measured.items()} if kept else None


def comparison_figure(
    title: str,
    named: Sequence[tuple[str, Sequence[DiffractionPeak]]],
    settings: PatternSettings,
    width: float,
    marked: Rule,
) -> FigureData:
    """Return the figure of several patterns above each other, with an angle marked in all of them."""
    angles = samples([peaks for _, peaks in named], settings, width)
    panels = [
        _panel([marked, *_traces("", peaks, settings, width, angles, number)], settings, title=label)
        for number, (label, peaks) in enumerate(named)
    ]
    size = (6.4, 0.9 + 1.25 * len(panels))
    return Figure(panels, size=size, share_x=True, share_y=True, legend="above").entitled(title)


def _pattern_figure(
    label: str,
    peaks: Sequence[DiffractionPeak],
    settings: PatternSettings,
    width: float,
    measured: Mapping[str, Sequence[float]] | None,
) -> FigureData:
    traces: list[Trace] = []
    if measured is not None:
        above = np.array(measured["intensity"]) - min(measured["intensity"])
        relative = above / (above.max() or 1.0)
        traces.append(Points(measured["two_theta_deg"], relative, "measured", "ink", marker="dot"))
    traces += _traces(label, peaks, settings, width, samples([peaks], settings, width), 0)
    figure = Figure([_panel(traces, settings, legend="above")], size=(6.4, 3.2 if measured else 2.6))
    return figure.entitled(f"Diffraction of {label}")


def _traces(
    label: str,
    peaks: Sequence[DiffractionPeak],
    settings: PatternSettings,
    width: float,
    angles: NDArray[np.float64],
    number: int,
) -> list[Trace]:
    """Draw a pattern and name its peaks."""
    drawn = np.round(profile(peaks, settings, width, angles).intensity, 5)
    strong = sorted((peak for peak in peaks if peak.intensity >= _NAMED), key=lambda peak: -peak.intensity)
    places = np.array([peak.two_theta for peak in strong])
    names = ["\u2009".join(map(str, peak.hkl)) for peak in strong]
    line = Line(np.round(angles, 4), drawn, label, number)
    return [line, Labels(np.round(places, 4), np.round(np.interp(places, angles, drawn), 5), names)]


def _panel(traces: Sequence[Trace], settings: PatternSettings, **look: Any) -> Panel:
    angle = Axis("2θ", "deg", low=settings.lowest, high=settings.highest, results=("peak*.two_theta",))
    ticks = [(share, f"{share:g}") for share in (0.0, 0.5, 1.0)]
    intensity = Axis("relative intensity", low=-0.06, high=1.25, ticks=ticks)
    return Panel(traces, angle, intensity, grid="", **look)
