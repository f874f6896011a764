"""The voltage at equilibrium against content, through what a record itself gives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EquilibriumCurve:
    """Voltage against content, straight beyond its ends.

    Parameters
    ----------
    sign : float
        1 where it was passed through in charging, -1 in discharging.
    content : array, shape (n,)
        The charge passed times the sign, A s, rising; n at least 2.
    voltage : array, shape (n,)
        V.
    std : array, shape (n,)
        Standard uncertainties, V.
    """

    sign: float
    content: Array
    voltage: Array
    std: Array

    def __call__(self, content: Array) -> Array:
        """Return the voltage in V at contents in A s."""
        x = self.sign * content
        inside = np.clip(x, self.content[0], self.content[-1])
        ends = self.end_slopes
        return np.asarray(self._inner(inside) + np.where(x < inside, ends[0], ends[1]) * (x - inside))

    @cached_property
    def _inner(self) -> PchipInterpolator:
        return PchipInterpolator(self.content, self.voltage)

    @cached_property
    def end_slopes(self) -> Array:
        """The slopes with which it goes on beyond its ends, V per A s."""
        return np.asarray(self._inner(self.content[[0, -1]], 1))

    @property
    def chords(self) -> Array:
        """The slopes from point to point, V per A s of charge passed in its direction."""
        return np.asarray(np.diff(self.voltage) / np.diff(self.content))

    def beyond(self, content: Array) -> float:
        """Return the share by which the slope may change on the way to contents in A s beyond the ends.

        It is that by which the mean slope over as long a way within differs from the slope at the end.
        """
        x, length = self.sign * content, self.content[-1] - self.content[0]
        share = 0.0
        for end, inwards, far in (
            (0, 1.0, self.content[0] - float(np.min(x))),
            (-1, -1.0, float(np.max(x)) - self.content[-1]),
        ):
            way = min(max(far, 0.0), length)
            if way > 0.0 and self.end_slopes[end] != 0.0:
                rise = inwards * float(self._inner(self.content[end] + inwards * way) - self.voltage[end])
                share += abs(rise / way / self.end_slopes[end] - 1.0) * far / way
        return share

    def near(self, content: Array) -> range:
        """Return the points that its part at contents in A s depends on."""
        low, high = np.searchsorted(
            self.content, self.sign * np.array([content.min(), content.max()])[:: int(self.sign)]
        )
        return range(max(int(low) - 3, 0), min(int(high) + 3, len(self.content)))
