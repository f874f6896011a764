"""A number with the parts of its uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A value with the parts of its standard uncertainty.

    Parameters
    ----------
    value : float
        In SI.
    parts : dict of str to float
        By what they come from.
    """

    value: float
    parts: dict[str, float]

    @property
    def std(self) -> float:
        """All parts in quadrature."""
        return math.sqrt(sum(part**2 for part in self.parts.values()))
