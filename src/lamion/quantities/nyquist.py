"""Spectra in the complex plane, as every technique and model that has some shows them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from lamion.quantities.figure import Axis, Figure, FigureData, Line, Panel, Points, Trace, prefixed

Spectrum = Mapping[str, Any]
_ALSO = {"Frequency / Hz": "frequency", "Point / 1": "number"}
_FAR = 1.5
"""Times the spectrum's size at which a point that does not count, or a resistance, is beyond the figure."""
_CLOSER = 0.7
"""Of the spectrum's size, from which the part around the resistance is worth a panel of its own."""


def nyquist(title: str, spectra: Sequence[Spectrum]) -> FigureData:
    """Return the figure of spectra with their fits: all of each, and the part around a resistance that is far smaller.

    Parameters
    ----------
    title : str
        What it shows.
    spectra : sequence of Mapping
        Each with ``label``, ``re`` and ``im`` in ohm; where known ``frequency`` in Hz, each point's ``number`` in its
        file, ``fit_re`` and ``fit_im`` in ohm; where one was read ``resistance`` and its standard uncertainty
        ``resistance_std`` in ohm; where points do not count ``left_out`` with their ``number``, ``frequency``, ``re``
        and ``im``: they are drawn hollow.

    Returns
    -------
    FigureData
        With -Im upwards and equal axes. Its data keep ``spectra``, in ohm.

    Examples
    --------
    >>> nyquist("cell", [{"label": "", "re": [1.0, 2.0], "im": [-0.5, -0.1]}]).data["panels"][0]["traces"][0]["y"]
    [0.5, 0.1]
    """
    whole = max(abs(value) for one in spectra for value in (*one["re"], *one["im"]))
    beside = [abs(v) for one in spectra for part in ("re", "im") for v in one.get("left_out", {}).get(part, [])]
    whole = max(whole, *(value for value in beside if value < _FAR * whole), 0.0)
    read = [one["resistance"] for one in spectra if "resistance" in one]
    near = 2.2 * max(read, default=0.0)
    if not read or near > _CLOSER * whole:
        span = max(whole, *(value for value in read if value < _FAR * whole), 0.0) if read else 0.0
        plane = _plane(spectra, whole, "", 1.08 * span, marked=True)
        return Figure([plane], size=(4.8, 4.2)).entitled(title, spectra=list(spectra))
    panels = [
        _plane(spectra, whole, "whole spectrum", 1.08 * whole),
        _plane(spectra, near, "around the resistance", 1.08 * near, marked=True),
    ]
    named = len(spectra) > 1 or spectra[0]["label"]
    figure = Figure(panels, columns=2, size=(7.6, 3.6 + 0.2 * (len(spectra) > 1)), legend="below" if named else "")
    return figure.entitled(title, spectra=list(spectra))


def _plane(spectra: Sequence[Spectrum], extent: float, title: str, span: float, *, marked: bool = False) -> Panel:
    size, unit = prefixed(extent, "ohm")
    traces = [
        trace
        for number, one in enumerate(spectra)
        for trace in _spectrum(one, number, size, _FAR * extent if marked else 0.0)
    ]
    traces += _left_out(spectra, size)
    x, y = Axis("Re Z", unit), Axis("−Im Z", unit)
    if span:
        span /= size
        every = [part for one in spectra for part in (one, one.get("left_out", {})) if part]
        low = max(min(0.0, *(-value / size for one in every for value in one["im"])), -0.3 * span) - 0.04 * span
        # A point that does not count may stand at the very edge.
        left = -0.04 * span if len(every) > len(spectra) else 0.0
        x, y = Axis("Re Z", unit, low=left, high=span), Axis("−Im Z", unit, low=low, high=span)
    named = len(spectra) > 1 or any("left_out" in one for one in spectra)
    return Panel(traces, x, y, title, equal=True, legend="best" if named else "")


def _left_out(spectra: Sequence[Spectrum], size: float) -> list[Trace]:
    """Return the points of all spectra that do not count."""
    found = [one["left_out"] for one in spectra if "left_out" in one]
    if not found:
        return []
    every = {name: [value for one in found for value in one[name]] for name in ("re", "im", "frequency", "number")}
    also = {"Frequency / Hz": every["frequency"], "Point / 1": every["number"]}
    x, y = [value / size for value in every["re"]], [-value / size for value in every["im"]]
    return [Points(x, y, "left out", "ink", marker="diamond", open=True, also=also)]


def _spectrum(one: Spectrum, number: int, size: float, farthest: float) -> list[Trace]:
    """Return a spectrum's points and fit, and the mark of its resistance, unless that lies farther."""
    fitted = "fit_re" in one
    points = Points(
        [value / size for value in one["re"]],
        [-value / size for value in one["im"]],
        one["label"],
        number,
        open=True,
        joined=not fitted,
        also={title: one[key] for title, key in _ALSO.items() if key in one},
    )
    traces: list[Trace] = [points]
    if fitted:
        fit = [value / size for value in one["fit_re"]], [-value / size for value in one["fit_im"]]
        traces.append(Line(*fit, color=number))
    if one.get("resistance", math.inf) < farthest:
        found, std = one["resistance"] / size, one["resistance_std"] / size
        traces.append(Points([found], [0.0], color="ink", marker="bar", x_error=[std]))
    return traces
