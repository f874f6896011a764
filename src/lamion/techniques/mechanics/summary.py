"""Several unloadings together: means, their scatter, and the budget of what is open."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Quantity
from lamion.quantities.level import coverage_factor
from lamion.techniques.mechanics.cycle_reading import CycleReading

Array = NDArray[np.float64]
NAMES = ("modulus", "hardness", "reduced_modulus")
_OTHER_LOAD = 1.2
"""Times as large, from which loads are others."""


@dataclass(frozen=True, eq=False)
class Summary:
    """All unloadings of one sample.

    Parameters
    ----------
    tests : sequence of sequence of CycleReading
        One inner sequence an indent, none empty.
    """

    tests: Sequence[Sequence[CycleReading]]

    @cached_property
    def every(self) -> list[CycleReading]:
        """All of them in their order."""
        return list(itertools.chain.from_iterable(self.tests))

    @cached_property
    def of_tests(self) -> Array:
        """Mean of each indent, shape (tests, 3), Pa."""
        return np.array([np.mean([one.values for one in test], axis=0) for test in self.tests])

    @property
    def values(self) -> Array:
        """Mean over the indents, Pa."""
        return np.asarray(self.of_tests.mean(axis=0))

    @cached_property
    def scatter(self) -> Array:
        """Standard deviation between indents, or of one between its unloadings; nan of a single one."""
        rows = self.of_tests if len(self.tests) > 1 else np.array([one.values for one in self.every])
        return np.std(rows, axis=0, ddof=1) if len(rows) > 1 else np.full(3, math.nan)

    @cached_property
    def parts(self) -> dict[str, Array]:
        """Standard uncertainties of the means by source: what every unloading shares is not averaged away."""
        names = dict.fromkeys(name for one in self.every for name in one.parts)
        found = {name: np.mean([one.parts.get(name, np.zeros(3)) for one in self.every], axis=0) for name in names}
        if "fit" in found:
            found["fit"] = found["fit"] / math.sqrt(len(self.every))
        count = len(self.tests) if len(self.tests) > 1 else len(self.every)
        if count > 1:  # the scatter holds the noise of each fit already
            scattered = coverage_factor(freedom=count - 1) * self.scatter / math.sqrt(count)
            found["scatter"] = np.sqrt(np.maximum(scattered**2 - found.get("fit", np.zeros(3)) ** 2, 0.0))
        if (trend := self._trend()) is not None:
            found["trend with load"] = trend
        return found

    def _trend(self) -> Array | None:
        """Return the deviation between the means at several loads; None where there is one load."""
        groups: list[list[CycleReading]] = []
        for one in sorted(self.every, key=lambda one: one.cycle.peak):
            if groups and one.cycle.peak < _OTHER_LOAD * groups[-1][0].cycle.peak:
                groups[-1].append(one)
            else:
                groups.append([one])
        if len(groups) < 2:
            return None
        return np.asarray(np.std([np.mean([one.values for one in group], axis=0) for group in groups], axis=0, ddof=1))

    @property
    def uncertainty(self) -> Array:
        """All parts in quadrature, Pa."""
        return np.asarray(np.sqrt(np.sum([size**2 for size in self.parts.values()], axis=0)))

    @property
    def statistical(self) -> Array:
        """That of noise and scatter alone, Pa."""
        return np.asarray(np.hypot(self.parts.get("fit", np.zeros(3)), self.parts.get("scatter", np.zeros(3))))

    def quantities(self, source: str) -> dict[str, Quantity]:
        """Return the means in GPa by name."""
        return {
            name: Quantity(float(value), float(std), "GPa", source)
            for name, value, std in zip(NAMES, self.values / 1e9, self.uncertainty / 1e9, strict=True)
        }
