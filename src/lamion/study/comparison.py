"""A computed number beside a printed one: does it lie inside the computed range, and could the test have noticed?"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lamion.quantities import InputError, Quantity, units
from lamion.quantities.level import LEVEL_95, coverage_factor
from lamion.study.claims import Claim

MOST_REACH = 0.5
"""A test with a larger reach could not have noticed what it was made for."""

_CLEAR = 2.0
"""A printed value this many half ranges away is outside, whatever the reach."""


@dataclass(frozen=True)
class Comparison:
    r"""A number against the range that would have passed.

    .. math:: r = \frac{h - l}{2 |x|}, \qquad r = \sqrt{h / l} - 1

    the second for what is known to a factor.

    Parameters
    ----------
    low, high : float
        The range of values that would have passed; infinite where it is open.
    value : float
        The one that is tested.
    reach : float
        Half the range over the value, over twice the claim's own limit where it has one.
    """

    low: float
    high: float
    value: float
    reach: float

    @property
    def inside(self) -> bool:
        """Whether the value lies in the range."""
        return self.low <= self.value <= self.high

    @property
    def decided(self) -> bool:
        """Whether the test could have noticed a wrong value: by its reach, or because this one lies far outside."""
        if self.reach <= MOST_REACH:
            return True
        middle, half = (self.low + self.high) / 2, (self.high - self.low) / 2
        return math.isfinite(half) and abs(self.value - middle) > _CLEAR * half


def against_printed(claim: Claim, computed: Quantity) -> Comparison:
    """Compare with the printed number, the computed 95 % range widened by the printed number's rounding."""
    printed, found = claim.as_quantity, computed.to(claim.unit)
    rounding = coverage_factor(LEVEL_95) * (printed.std or 0.0)
    low, high = found.at_95
    low = -math.inf if low is None else found.value - math.hypot(found.value - low, rounding)
    high = math.inf if high is None else found.value + math.hypot(high - found.value, rounding)
    return Comparison(low, high, printed.value, (high - low) / 2 / _scale(claim, printed))


def _scale(claim: Claim, printed: Quantity) -> float:
    """Return what half the range is measured against: the value, or what makes the claim's own limit the limit."""
    if claim.limit is not None:
        return claim.limit / MOST_REACH
    if units.convert(0.0, claim.unit, units.si_unit(claim.unit)) != 0 or printed.value == 0:
        raise InputError(
            f"the claim '{claim.id}', {claim.printed} {claim.unit}, has no scale of its own.",
            "Nothing says which difference would matter: its unit has no natural zero, or its value is zero.",
            "Give it a limit in its own unit, such as limit = 2.",
        )
    return abs(printed.value)


def to_a_factor(fitted: Quantity, independent: Quantity) -> Comparison:
    """Compare two numbers that are known to a factor, in their logarithms."""
    known = independent.to(fitted.unit)
    bounds = [end for quantity in (fitted, known) for end in quantity.at_95]
    if any(end is not None and end <= 0 for end in bounds) or fitted.value <= 0 or known.value <= 0:
        raise InputError(
            f"{fitted} and {independent} cannot be compared by a factor.", "", "Both must lie above zero, ranges too."
        )
    below = math.hypot(_log(known.value, known.at_95[0]), _log(fitted.at_95[1], fitted.value))
    above = math.hypot(_log(known.at_95[1], known.value), _log(fitted.value, fitted.at_95[0]))
    reach = math.expm1(min((below + above) / 2, 700.0))
    return Comparison(_factor(known.value, -below), _factor(known.value, above), fitted.value, reach)


def _log(high: float | None, low: float | None) -> float:
    return math.inf if high is None or low is None else math.log(high / low)


def _factor(value: float, exponent: float) -> float:
    return value * math.exp(exponent) if exponent < 700.0 else math.inf
