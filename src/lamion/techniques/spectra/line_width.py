"""The width of a static line: a broad part of spins that rest and a narrow one of those that move, over temperature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.constants import ZERO_CELSIUS
from lamion.quantities.figure import Axis, Figure, Panel, Points
from lamion.records import InductionDecay
from lamion.techniques.peaks.axes import Curve, curve_of
from lamion.techniques.peaks.component import Component
from lamion.techniques.peaks.decomposition import Decomposition, Description, decompose
from lamion.techniques.peaks.figure import spectrum_figure
from lamion.techniques.peaks.number import CLEARLY
from lamion.techniques.spectra.decay_transform import transformed
from lamion.techniques.spectra.side_bands import noise_of_ends

_SOURCE = "fit of a static line"
_CLEAR = 5.0
_MARGIN = 2.0
"""Of the range in which the line stands out, to either side."""
_MOST = 2000
"""Points over the line: more are averaged, since neighbours of a filled transform tell nothing new."""
_WIDEST = 0.5
"""Of the range: a line that is broader is a baseline."""
_BROADER = 8.0
"""Times the narrow part's width, where the broad one begins."""


@dataclass(frozen=True, eq=False)
class StaticLine:
    """A line and its parts.

    Parameters
    ----------
    curve : Curve
        The spectrum about the line.
    found : Decomposition
        Of one part or two.
    hertz : float
        Of one ppm.
    """

    curve: Curve
    found: Decomposition
    hertz: float


def static_line(decay: InductionDecay, frequency: float | None = None) -> StaticLine:
    """Transform a decay and fit its line by a narrow Lorentzian, and a broad Gaussian where that is clearly needed."""
    spectrum = transformed(decay, frequency=frequency)
    curve = _about_the_line(curve_of(spectrum))
    parts = _parts(curve)
    single = decompose(curve.x, curve.y, Description(parts[:1], "constant", shapes=False))
    both = decompose(curve.x, curve.y, Description(parts, "constant", shapes=False))
    narrow, broad = (float(both.fit.parameter(name, "width")[0]) for name in ("narrow", "broad"))
    wider = narrow < broad < _WIDEST * float(np.ptp(curve.x))
    better = both.fit.aicc() < single.fit.aicc() - CLEARLY
    return StaticLine(curve, both if better and wider else single, 1e-6 * float(spectrum.frequency or 0.0))


def _parts(curve: Curve) -> tuple[Component, Component]:
    """Return a narrow Lorentzian and a broad Gaussian at one place, each with a start."""
    above = curve.y - np.median(curve.y) > 0.5 * (curve.y.max() - np.median(curve.y))
    width = max(int(np.count_nonzero(above)), 2) * float(np.median(np.diff(curve.x)))
    at = float(curve.x[int(np.argmax(curve.y))])
    narrow = Component.of("narrow", "lorentzian", position=at, width=width)
    return narrow, Component.of("broad", "gaussian", position="narrow", width=_BROADER * width)


def _about_the_line(curve: Curve) -> Curve:
    noise = noise_of_ends(curve.y)
    clear = np.flatnonzero(curve.y - np.median(curve.y) > _CLEAR * noise)
    if len(clear) < 3:
        return curve
    first, last = float(curve.x[clear[0]]), float(curve.x[clear[-1]])
    margin = _MARGIN * (last - first)
    own = curve.within(first - margin, last + margin)
    together = max(len(own.x) // _MOST, 1)
    count = len(own.x) // together * together
    return replace(
        own, x=own.x[:count].reshape(-1, together).mean(axis=1), y=own.y[:count].reshape(-1, together).mean(axis=1)
    )


def line_width(decay: InductionDecay, frequency: float | None = None) -> Answer:
    r"""Read the widths of a static line.

    .. math:: S(\nu) = A_n L(\nu; w_n) + A_b G(\nu; w_b)

    Parameters
    ----------
    decay : InductionDecay
        Of a sample that does not spin.
    frequency : float, optional
        The spectrometer's for this nucleus, Hz, where the decay is silent.

    Returns
    -------
    Answer
        ``narrow.width`` and, where the line clearly has one, ``broad.width`` (kHz), and the narrow part's
        ``mobile_fraction`` of the area.

    Raises
    ------
    InputError
        When the decay names no frequency, or holds no signal.

    Notes
    -----
    A spin that moves faster than its rigid line is wide gives a narrow line: as the temperature rises the narrow part
    grows and narrows. A quadrupole's satellites may be too broad to be seen, so a fraction is one of what is seen.

    References
    ----------
    N. Bloembergen, E. M. Purcell, R. V. Pound, Phys. Rev. 73 (1948) 679, doi:10.1103/PhysRev.73.679.
    """
    line = static_line(decay, frequency)
    scale = line.hertz / 1e3
    results = {}
    for name in line.found.names:
        own = line.found.parameter(name, "width").quantity("ppm", _SOURCE)
        results[f"{name}.width"] = _scaled(own, scale)
    if len(line.found.names) == 2:
        results["mobile_fraction"] = line.found.share("narrow").quantity("1", _SOURCE)
    kelvin = decay.temperature
    return Answer(
        results,
        {"Temperature / K": [kelvin], **{f"{name} / {one.unit}": [one.value] for name, one in results.items()}},
        {"temperature_K": kelvin, "nucleus": decay.nucleus},
        _doubts(line, decay),
        {"line": spectrum_figure(line.curve, line.found.fit, "A static line")},
        method="A narrow Lorentzian and a broad Gaussian about one place, fitted to the transformed decay."
        if len(line.found.names) == 2
        else "One Lorentzian, fitted to the transformed decay: a second, broad part is not clearly needed.",
        headline=("*.width", "mobile_fraction"),
    )


def line_widths(decays: Sequence[InductionDecay], frequency: float | None = None) -> Answer:
    """Read the widths of a static line at several temperatures, and where it narrows.

    Parameters
    ----------
    decays : sequence of InductionDecay
        Of one sample, each with its temperature.
    frequency : float, optional
        The spectrometer's for this nucleus, Hz, where the decays are silent.

    Returns
    -------
    Answer
        ``narrowing_temperature``, between the two at which the whole line is more and less than half as wide as at the
        coldest; a row for each temperature.

    Raises
    ------
    InputError
        When a decay says no temperature.
    """
    unknown = [one.source.name if one.source else "a decay" for one in decays if one.temperature is None]
    if unknown:
        raise InputError(
            f"{unknown[0]} says no temperature.", "No sensor was connected.", "Give decays whose temperature is known."
        )
    ordered = sorted(decays, key=lambda one: one.temperature or 0.0)
    kelvin = [float(one.temperature or 0.0) for one in ordered]
    answers = [line_width(one, frequency) for one in ordered]
    widths = [_whole_width(static_line(one, frequency)) for one in ordered]
    found = _narrowing(kelvin, widths)
    names = ("narrow.width", "broad.width", "mobile_fraction")
    table: dict[str, list[float | str | None]] = {"Temperature / K": [*kelvin], "Width / kHz": [*widths]}
    for name in names:
        unit = "" if name == "mobile_fraction" else " / kHz"
        table[f"{name}{unit}"] = [one[name].value if name in one else None for one in answers]  # type: ignore[union-attr]
    return Answer(
        {} if found is None else {"narrowing_temperature": found},
        table,
        {"temperatures": len(kelvin)},
        tuple(dict.fromkeys(text for one in answers for text in one.warnings)),
        {"widths": _figure(kelvin, widths)},
        {} if found is not None else {"narrowing_temperature": "degC"},
        method=f"The whole line's width at half its height at {len(kelvin)} temperatures.",
        assumptions=("At the coldest of them the spins rest.",),
    )


def _whole_width(line: StaticLine) -> float:
    """Return the full width at half maximum of all parts together, kHz."""
    fit = line.found.fit
    parts = np.arange(len(line.found.names))
    x = np.linspace(line.curve.x[0], line.curve.x[-1], 20_001)
    fine = replace(fit.problem, x=x, layout=replace(fit.layout, baseline=np.zeros((len(fit.layout.baseline), len(x)))))
    y = fine.model(fit.parameters[[0]], baseline=False)[0][parts].sum(axis=0)
    above = x[y >= y.max() / 2]
    return float(np.ptp(above)) * line.hertz / 1e3


def _narrowing(kelvin: Sequence[float], widths: Sequence[float]) -> Quantity | None:
    """Return where the width passes half the coldest one's, between two temperatures; None where it does not."""
    half = widths[0] / 2
    after = next((place for place, width in enumerate(widths) if width < half), None)
    if after is None:
        return None
    low, high = kelvin[after - 1] - ZERO_CELSIUS, kelvin[after] - ZERO_CELSIUS
    share = np.log(widths[after - 1] / half) / np.log(widths[after - 1] / widths[after])
    return Quantity(low + float(share) * (high - low), None, "degC", _SOURCE, (low, high), (low, high))


def _figure(kelvin: Sequence[float], widths: Sequence[float]) -> FigureData:
    points = Points([one - ZERO_CELSIUS for one in kelvin], widths, joined=True)
    panel = Panel([points], Axis("temperature", "degC"), Axis("width of the line", "kHz", scale="log"), legend="")
    return Figure([panel]).entitled("Narrowing of the line")


def _scaled(one: Quantity, factor: float) -> Quantity:
    def ends(pair: tuple[float | None, float | None] | None) -> tuple[float | None, float | None] | None:
        return None if pair is None else tuple(None if end is None else factor * end for end in pair)  # type: ignore[return-value]

    std = None if one.std is None else factor * one.std
    return Quantity(factor * one.value, std, "kHz", one.source, ends(one.interval), ends(one.interval_95))


def _doubts(line: StaticLine, decay: InductionDecay) -> Sequence[str]:
    said = []
    if decay.spinning:
        said.append("The sample spun, which narrows a line: it is no static one.")
    if line.found.fit.misfit():
        said.append("The line is neither a Lorentzian nor the sum of one and a Gaussian, so its widths are rough.")
    return said
