"""Sizes of crystallites by the widths of fitted peaks, each alone and all together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lamion.quantities import Quantity
from lamion.techniques.diffraction.measured import Measured
from lamion.techniques.diffraction.radiation import Radiation
from lamion.techniques.diffraction.reading import ReadPeak
from lamion.techniques.diffraction.size import Breadth, Line, breadth, scherrer_raw, williamson_hall_raw, without

_FEWEST = 3
_PLAIN = 0.1
"""Relative: of a smaller uncertainty the interval is symmetric enough."""


@dataclass(frozen=True)
class Sizes:
    """Sizes of each peak, and of all together."""

    of_peak: dict[str, dict[str, Quantity]]
    together: dict[str, Quantity]
    unreached: dict[str, str]
    warnings: tuple[str, ...]


def sizes_of(read: Sequence[ReadPeak], measured: Measured, radiation: Radiation) -> Sizes:
    """Return Scherrer's sizes, and a straight line through the breadths of three peaks or more."""
    nanometres = radiation.wavelength / 10.0
    if measured.instrument is None:
        bounds = {
            one.peak.name: {f"{one.peak.name}.smallest_size": _size(one, _bare(one), nanometres, measured.constant)}
            for one in read
        }
        return Sizes(bounds, {}, {}, ())
    width, uncertain = map(math.radians, measured.instrument)
    of_peak: dict[str, dict[str, Quantity]] = {}
    unreached: dict[str, str] = {}
    used: list[ReadPeak] = []
    for one in read:
        name = f"{one.peak.name}.size"
        found = breadth(*one.observed, width, uncertain)
        if not found.value > found.deviation:
            unreached[name] = "nm"
            continue
        of_peak[one.peak.name] = {name: _size(one, found, nanometres, measured.constant)}
        used.append(one)
    warnings = []
    if unreached:
        names = ", ".join(name.removesuffix(".size") for name in unreached)
        warnings.append(
            f"The width of {names} is the instrument's own within its uncertainty: the crystallites are larger than "
            "what this width can tell."
        )
    together = _together(used, (width, uncertain), nanometres, measured.constant)
    return Sizes(of_peak, together, unreached, tuple(warnings))


def _bare(one: ReadPeak) -> Breadth:
    return Breadth(*one.observed, 0.0, 0.0)


def _size(one: ReadPeak, found: Breadth, wavelength: float, constant: tuple[float, float]) -> Quantity:
    """Return Scherrer's size of a peak, nm; its interval is that of the breadth, which it falls with."""
    value = float(scherrer_raw(found.value, one.two_theta, wavelength, constant[0]))
    relative = math.hypot(found.deviation / found.value, constant[1] / constant[0])
    low = value / (1.0 + relative)
    high = value / (1.0 - relative) if relative < 1.0 else None
    deviation = value * relative if math.isfinite(relative) else None
    interval = None if relative < _PLAIN else (low, high)
    return Quantity(value, deviation, "nm", "Scherrer's equation", interval)


def _together(
    used: Sequence[ReadPeak], instrument: tuple[float, float], wavelength: float, constant: tuple[float, float]
) -> dict[str, Quantity]:
    """Return Williamson and Hall's size and strain; what all breadths share moves the whole line."""
    if len(used) < _FEWEST:
        return {}
    width, uncertain = instrument

    def line(convention: str = "parabolic", instrument: float = width) -> Line:
        breadths = [without(one.observed[0], min(instrument, 0.99 * one.observed[0]), convention) for one in used]
        deviations = [one.observed[1] for one in used]
        return williamson_hall_raw(breadths, deviations, [one.two_theta for one in used], wavelength, constant[0])

    own, thin, thick, shifted = line(), line("lorentzian"), line("gaussian"), line(instrument=width + uncertain)
    shared = math.hypot((thick.strain - thin.strain) / math.sqrt(12.0), shifted.strain - own.strain)
    source = "Williamson and Hall's line"
    strain = Quantity(own.strain, math.hypot(own.strain_deviation, shared), "1", source)
    if not own.intercept > 0.0:
        return {"strain": strain}
    spread = math.hypot((thick.intercept - thin.intercept) / math.sqrt(12.0), shifted.intercept - own.intercept)
    relative = math.hypot(math.hypot(own.intercept_deviation, spread) / own.intercept, constant[1] / constant[0])
    value = constant[0] * wavelength / own.intercept
    low, high = value / (1.0 + relative), value / (1.0 - relative) if relative < 1.0 else None
    deviation = None if high is None else (high - low) / 2.0
    return {"size": Quantity(value, deviation, "nm", source, (low, high)), "strain": strain}
