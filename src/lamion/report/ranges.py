"""Every comparison as one range: what was computed, at 95 %, over what is printed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lamion.quantities import Quantity, units
from lamion.quantities.formatting import format_number
from lamion.quantities.level import LEVEL_95, coverage_factor
from lamion.study.claims import Claim, half_last_digit
from lamion.study.judgement import Together
from lamion.study.results import Results
from lamion.study.verdicts import Verdict

RATIO = "ratio"
LIMIT = "limit"
DIGITS = "digits"
_VIEWS = (1.25, 2.0, 5.0, 10.0, 100.0)
"""How far the axis of quotients may go to either side of 1."""
_ENDS = {LIMIT: 3.0, DIGITS: 12.0}
"""How far the axes of differences go to either side of the printed value: in limits, in units of the last digit."""
_IN_VIEW = 0.8
"""The share of the ends of ranges that the axis shows; the others get an arrow."""
_TICKS = {
    1.25: (0.8, 0.9, 1.0, 1.1, 1.25),
    2.0: (0.5, 0.7, 1.0, 1.4, 2.0),
    5.0: (0.2, 0.5, 1.0, 2.0, 5.0),
    10.0: (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
    100.0: (0.01, 0.1, 1.0, 10.0, 100.0),
}
_PARTS = (-1.0, -2 / 3, -1 / 3, 0.0, 1 / 3, 2 / 3, 1.0)
"""Where the ticks of a difference stand, in ends of its axis."""


@dataclass(frozen=True)
class Range:
    """One comparison.

    Parameters
    ----------
    claims : tuple of str
        The claims that it judges; several where they rest on one unknown.
    name : str
        What is compared.
    subject : str
        What it is about.
    verdict : Verdict
        What came of it.
    value : float
        The computed value over the printed one, or how far it is off: in limits of the claim, or, for a simulated
        measurement, in units of the last printed digit.
    low, high : float
        The 95 % range of the same; infinite where it is open.
    rounding : float
        How far the printed value's own range (its rounding, at 95 %) goes to either side.
    scale : str
        ``"ratio"``, ``"limit"`` or ``"digits"``.
    """

    claims: tuple[str, ...]
    name: str
    subject: str
    verdict: Verdict
    value: float
    low: float
    high: float
    rounding: float
    scale: str = RATIO

    @property
    def said(self) -> str:
        """The value with its range, as ``"1.03 (0.81 to 1.20)"``; the value alone where it has no range.

        Examples
        --------
        >>> from lamion.study.verdicts import Verdict
        >>> Range(("a",), "width", "film", Verdict("agrees", "", ""), 1.03, 0.81, math.inf, 0.0).said
        '0.81 or more'
        """
        low, value, high = (_written(one, self._decimals, self.scale) for one in (self.low, self.value, self.high))
        if self.low == self.high:
            return value
        if math.isinf(self.low) and math.isinf(self.high):
            return "not bounded"
        if math.isinf(self.low):
            return f"{high} or less"
        return f"{low} or more" if math.isinf(self.high) else f"{value} ({low} to {high})"

    @property
    def _decimals(self) -> int:
        """How many decimals two digits of the range have; of the value, where it has none."""
        width = self.high - self.low
        size = width if 0 < width < math.inf else 0.1 * abs(self.value)
        return min(max(1 - math.floor(math.log10(size or 1.0)), 0), 5)


def _written(value: float, decimals: int, scale: str) -> str:
    """Write a number with so many decimals; a quotient with two digits at least, a difference with its sign."""
    if scale == RATIO and value and math.isfinite(value):
        decimals = max(decimals, min(1 - math.floor(math.log10(abs(value))), 5))
    # Adding zero takes the sign from a zero.
    return f"{round(value, decimals) + 0.0:{'' if scale == RATIO else '+'}.{decimals}f}"


@dataclass(frozen=True)
class Ranges:
    """What can be drawn, and what cannot.

    Parameters
    ----------
    drawn : sequence of Range
        In the order of the claims.
    without : Mapping of str to str
        The claims that have no range, by id, each with why; inputs and what was not computed are not among them.
    """

    drawn: Sequence[Range]
    without: Mapping[str, str]


def ranges(results: Results) -> Ranges:
    """Collect the comparisons of a run.

    Parameters
    ----------
    results : Results
        Of the run.
    """
    study = results.outcome.study
    together = {name: one for one in study.comparisons if one.step for name in one.claims}
    drawn: list[Range] = []
    without: dict[str, str] = {}
    seen: set[str] = set()
    for name, verdict in results.verdicts.items():
        one = together.get(name)
        if verdict.verdict in ("input", "not computed"):
            continue
        if one is not None and one.step in results.outcome.answers:
            if one.name not in seen:
                seen.add(one.name)
                drawn.append(_of_an_unknown(one, verdict, results))
            continue
        found = _of_a_claim(study.claims[name], verdict)
        if isinstance(found, Range):
            drawn.append(found)
        else:
            without[name] = found
    return Ranges(drawn, without)


def _of_a_claim(claim: Claim, verdict: Verdict) -> Range | str:
    """Return the range of a claim, or why there is none."""
    if claim.value is None:
        return "a statement, no number"
    if verdict.simulated is not None:
        return _of_a_simulation(claim, verdict, verdict.simulated)
    if verdict.computed is None:
        return "judged without one computed number"
    computed = verdict.computed.to(claim.unit)
    if claim.limit is not None:
        return _off(claim, verdict, computed, claim.limit, LIMIT)
    if claim.value == 0 or _has_an_offset(claim.unit):
        return "a scale without a natural zero, and no limit of its own"
    value, low, high = (one / claim.value for one in (computed.value, *_ends(computed)))
    name, subject = _named(claim)
    rounding = _rounding(claim) / abs(claim.value)
    return Range((claim.id,), name, subject, verdict, value, min(low, high), max(low, high), rounding)


def _of_a_simulation(claim: Claim, verdict: Verdict, simulated: Quantity) -> Range | str:
    """Return the scatter of a simulated measurement; its truth must have been this claim's number."""
    found = _off(claim, verdict, simulated.to(claim.unit), 2 * half_last_digit(claim.printed), DIGITS)
    return found if found.low <= 0 <= found.high else "simulated around another number"


def _off(claim: Claim, verdict: Verdict, found: Quantity, unit: float, scale: str) -> Range:
    """Return how far a number is off the printed one, in a unit of its own."""
    value, low, high = ((one - (claim.value or 0.0)) / unit for one in (found.value, *_ends(found)))
    return Range((claim.id,), *_named(claim), verdict, value, low, high, _rounding(claim) / unit, scale)


def _named(claim: Claim) -> tuple[str, str]:
    return claim.quantity, "" if claim.sample == "-" else claim.sample


def _ends(quantity: Quantity) -> tuple[float, float]:
    """Return the 95 % range, infinite where it is open."""
    low, high = quantity.at_95
    return -math.inf if low is None else low, math.inf if high is None else high


def _rounding(claim: Claim) -> float:
    return coverage_factor(LEVEL_95) * (claim.as_quantity.std or 0.0)


def _has_an_offset(unit: str) -> bool:
    return units.convert(0.0, unit, units.si_unit(unit)) != 0


def _of_an_unknown(one: Together, verdict: Verdict, results: Results) -> Range:
    """Return the range of claims that rest on one unknown: as known independently, over as fitted to them."""
    answer = results.outcome.answers[one.step]
    fitted = answer.results[one.fitted]
    known = answer.results[one.independent].to(fitted.unit)
    value, low, high = (one / fitted.value for one in (known.value, *_ends(known)))
    half = _half(fitted) / abs(fitted.value)
    return Range(one.claims, one.name, f"{len(one.claims)} claims, one unknown", verdict, value, low, high, half)


def _half(quantity: Quantity) -> float:
    low, high = quantity.at_95
    return 0.0 if low is None or high is None else (high - low) / 2


@dataclass(frozen=True)
class Scale:
    """An axis: places along it are percents of its width.

    Parameters
    ----------
    kind : str
        ``"ratio"``, drawn by its logarithm, ``"limit"`` or ``"digits"``.
    end : float
        Where it ends; a ratio's begins at its inverse, the others at its opposite.
    """

    kind: str
    end: float

    def place(self, value: float) -> float:
        """Return where a value stands, beyond 0 or 100 where it is out of view.

        Examples
        --------
        >>> Scale("ratio", 10.0).place(1.0), Scale("limit", 3.0).place(-3.0)
        (50.0, 0.0)
        """
        if self.kind != RATIO:
            return 50.0 + 50.0 * value / self.end
        return 50.0 + 50.0 * math.log(value) / math.log(self.end) if value > 0 else -math.inf

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """The places of its ticks with their names."""
        values = _TICKS[self.end] if self.kind == RATIO else [round(part * self.end) for part in _PARTS]
        return [(self.place(value), format_number(float(value), None).replace("-", "−")) for value in values]


@dataclass(frozen=True)
class Drawn:
    """A range on its scale, in percents of the width.

    Parameters
    ----------
    left, right : float
        Its ends, cut at the ends of the scale.
    at : float or None
        Its value; None where that is out of view.
    before, beyond : bool
        Whether it goes on, or lies, out of view to the left, to the right: an arrow is drawn there.
    band : (float, float)
        The range of the printed value.
    """

    left: float
    right: float
    at: float | None
    before: bool
    beyond: bool
    band: tuple[float, float]


def scale_of(drawn: Iterable[Range]) -> Scale:
    """Return the narrowest axis of quotients that shows most ends of ranges."""
    ends = [abs(math.log(end)) for one in drawn for end in (one.low, one.high) if 0 < end < math.inf]
    for view in _VIEWS:
        if sum(end <= math.log(view) for end in ends) >= _IN_VIEW * len(ends):
            return Scale(RATIO, view)
    return Scale(RATIO, _VIEWS[-1])


DIFFERENCES = tuple(Scale(kind, end) for kind, end in _ENDS.items())
"""The axes of numbers that are subtracted, not divided."""


def on_scale(one: Range, scale: Scale) -> Drawn:
    """Place a range on an axis.

    Examples
    --------
    >>> from lamion.study.verdicts import Verdict
    >>> one = Range(("a",), "width", "film", Verdict("agrees", "", ""), 1.0, 0.5, 40.0, 0.0)
    >>> on_scale(one, Scale("ratio", 10.0)).beyond
    True
    """
    middle = 1.0 if scale.kind == RATIO else 0.0
    low, at, high = (scale.place(value) for value in (one.low, one.value, one.high))
    band = (scale.place(middle - one.rounding), scale.place(middle + one.rounding))
    return Drawn(
        left=_cut(low),
        right=_cut(high),
        at=round(at, 2) if 0 <= at <= 100 else None,
        before=low < 0 or at < 0,
        beyond=high > 100 or at > 100,
        band=(_cut(band[0]), _cut(band[1])),
    )


def _cut(place: float) -> float:
    return round(min(max(place, 0.0), 100.0), 2)
