"""A fitted peak on the corrected scale: its angle, the distance of its planes, its width and area."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lamion.quantities import Quantity
from lamion.records.measurements import Pattern
from lamion.techniques.diffraction.angles import Scale, standard_lines
from lamion.techniques.diffraction.lines import Peak
from lamion.techniques.diffraction.measured import Measured
from lamion.techniques.diffraction.radiation import Radiation
from lamion.techniques.peaks.decomposition import Estimate, moved
from lamion.techniques.peaks.peaks import SOURCE


@dataclass(frozen=True, eq=False)
class ReadPeak:
    """A peak on the corrected scale."""

    peak: Peak
    position: Estimate
    width: Estimate
    area: Estimate
    radiation: Radiation

    @classmethod
    def of(cls, peak: Peak, scale: Scale, radiation: Radiation) -> ReadPeak:
        """Put a fitted peak on a scale."""
        own = peak.parameter("position")
        shifted = moved(own, scale.shift(own.value))
        return cls(
            peak,
            replace(shifted, scale=scale.uncertainty(own.value)),
            peak.parameter("width"),
            peak.parameter("area"),
            radiation,
        )

    @property
    def two_theta(self) -> float:
        """Radians."""
        return math.radians(self.position.value)

    @property
    def observed(self) -> tuple[float, float]:
        """The width and its standard uncertainty, radians."""
        return math.radians(self.width.value), math.radians(self.width.deviation or math.inf)

    def results(self) -> dict[str, Quantity]:
        """Return position, distance of planes, width and area."""
        name = self.peak.name
        position = self.position.quantity("deg", SOURCE)
        return {
            f"{name}.position": position,
            f"{name}.d": self.spacing(position),
            f"{name}.width": self.width.quantity("deg", SOURCE),
            f"{name}.area": self.area.quantity("1", SOURCE),
        }

    def spacing(self, position: Quantity) -> Quantity:
        """Return the distance of planes: it falls with the angle, so that the ends of intervals change places."""
        value = float(self.radiation.spacing(position.value))
        slope = value / (2.0 * math.tan(math.radians(position.value / 2.0)))
        std = None if position.std is None else slope * math.radians(position.std)

        def turned(ends: Any) -> Any:
            if ends is None:
                return None
            low, high = ends
            at = [None if end is None or not 0.0 < end < 180.0 else float(self.radiation.spacing(end)) for end in ends]
            return (at[1], at[0]) if (low, high) != (None, None) else None

        interval = turned(position.interval) if position.std is None or not is_plain(position) else None
        return Quantity(value, std, "angstrom", SOURCE, interval, turned(position.interval_95))


def is_plain(one: Quantity) -> bool:
    """Tell whether an interval is the value with its standard uncertainty on both sides."""
    low, high = one.interval or (None, None)
    if low is None or high is None or one.std is None:
        return False
    return abs((high + low) / 2.0 - one.value) <= 0.05 * one.std


def scale_of(
    record: Pattern, measured: Measured, radiation: Radiation, peaks: Sequence[Peak]
) -> tuple[Scale, list[str]]:
    """Return the angle scale, sharpened by a standard where one is named, and what is odd about it."""
    scale = Scale.of(measured.zero, measured.displacement, measured.radius or record.radius)
    if measured.standard is None:
        return scale, []
    read = [peak.value("position") for peak in peaks]
    which, expected = standard_lines(measured.standard, radiation, read)
    estimates = [peaks[place].parameter("position") for place in which]
    deviations = np.array([math.hypot(one.deviation or 0.01, 0.0) for one in estimates])
    found = scale.with_standard(np.array(read)[which], expected, deviations)
    left = np.array(read)[which] + [found.shift(read[place]) for place in which] - expected
    size = float(np.sqrt(np.mean((left / np.maximum(deviations, 1e-6)) ** 2)))
    if len(which) > 2 and size > 3.0:
        rms = float(np.sqrt(np.mean(left**2)))
        return found, [
            f"The standard's lines lie {rms:.3f} deg beside the corrected scale, {size:.1f} times their own "
            "uncertainty: another line was taken for one of them, or the wavelength is another."
        ]
    return found, []
