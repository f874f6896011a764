"""Spectra against frequency, beside the complex plane: modulus, phase and what the fit leaves over."""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping, Sequence
from typing import Any

from lamion.quantities.figure import Axis, Figure, FigureData, Line, Panel, Points, Rule, Trace, prefixed

_ALSO = {"Point / 1": "number"}


def bode(title: str, spectra: Sequence[Mapping[str, Any]]) -> FigureData:
    """Return the figure of spectra against frequency: |Z|, the phase and, where there is a fit, its residuals.

    Parameters
    ----------
    title : str
        What it shows.
    spectra : sequence of Mapping
        As :func:`~lamion.quantities.nyquist.nyquist` takes and keeps them; each with its ``frequency``.

    Returns
    -------
    FigureData
        Panels below each other that share the axis of frequency.

    Examples
    --------
    >>> figure = bode("cell", [{"label": "", "frequency": [10.0, 1.0], "re": [3.0, 3.0], "im": [-4.0, 0.0]}])
    >>> [panel["traces"][0]["y"] for panel in figure.data["panels"]][0]
    [5.0, 3.0]
    """
    size, unit = prefixed(max(map(abs, (z for one in spectra for z in _impedance(one)))), "ohm")
    modulus = [trace for k, one in enumerate(spectra) for trace in _traces(one, k, lambda z: abs(z) / size)]
    phase = [trace for k, one in enumerate(spectra) for trace in _traces(one, k, _degrees)]
    frequency = Axis("frequency", "Hz", "log")
    panels = [
        Panel(modulus, frequency, Axis("|Z|", unit, "log"), legend="best" if len(spectra) > 1 else ""),
        Panel(phase, frequency, Axis("−phase", "deg"), legend=""),
    ]
    left_over = [trace for k, one in enumerate(spectra) for trace in _residuals(one, k, alone=len(spectra) == 1)]
    if left_over:
        zero = Rule(0.0, "y", dash="solid", color="faint")
        panels.append(Panel([zero, *left_over], frequency, Axis("residual", "% of |Z|"), legend="best"))
    return Figure(panels, size=(5.6, 1.9 * len(panels) + 0.6), share_x=True).entitled(title)


def _impedance(one: Mapping[str, Any], prefix: str = "") -> list[complex]:
    return [complex(re, im) for re, im in zip(one[f"{prefix}re"], one[f"{prefix}im"], strict=True)]


def _degrees(z: complex) -> float:
    return -math.degrees(cmath.phase(z))


def _traces(one: Mapping[str, Any], color: int, read: Any) -> list[Trace]:
    also = {title: one[key] for title, key in _ALSO.items() if key in one}
    fitted = "fit_re" in one
    values = list(map(read, _impedance(one)))
    found: list[Trace] = [
        Points(one["frequency"], values, one["label"], color, open=True, joined=not fitted, also=also)
    ]
    if fitted:
        found.append(Line(one["frequency"], list(map(read, _impedance(one, "fit_"))), color=color))
    left = one.get("left_out")
    if left:
        also = {"Point / 1": left["number"]}
        y = list(map(read, _impedance(left)))
        found.append(Points(left["frequency"], y, "", "ink", marker="diamond", open=True, also=also))
    return found


def _residuals(one: Mapping[str, Any], color: int, *, alone: bool) -> list[Trace]:
    """Return the fit less the data, relative to |Z|, in percent: both parts of one spectrum, the size of several."""
    if "fit_re" not in one:
        return []
    off = [100.0 * (fit - z) / abs(z) for fit, z in zip(_impedance(one, "fit_"), _impedance(one), strict=True)]
    if not alone:
        return [Points(one["frequency"], list(map(abs, off)), "", color, joined=True)]
    return [
        Points(one["frequency"], [z.real for z in off], "real part", 0, joined=True),
        Points(one["frequency"], [z.imag for z in off], "imaginary part", 5, marker="square", joined=True),
    ]
