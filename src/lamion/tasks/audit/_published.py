"""What both comparisons with published points share: the verdict and the figure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lamion.quantities import Quantity
from lamion.quantities.constants import ZERO_CELSIUS
from lamion.quantities.figure import Axis, Labels, Panel, Points, Rule, Trace
from lamion.substances.published import Compared, PublishedPoint, Standing

ENOUGH = 10
"""Cited points with every property, below which nothing is judged."""
_SHARP = 0.5
"""Share of the points that may be unbeaten among themselves: beyond it nearly anything would be."""
_COLOURS = (0, 5, 2, 3, 1, 4, 6, 7)
_NOT_STATED = "not stated"


@dataclass(frozen=True)
class Judged:
    """A verdict and why."""

    verdict: str
    reason: str


def counts(points: Sequence[PublishedPoint], found: Standing) -> dict[str, Quantity]:
    """Return how many points there are, how many state everything, and how many of those are better in what."""
    numbers = {"cited": len(points), "complete": len(found.complete)}
    numbers |= {f"better.{name}": number for name, number in found.better.items()}
    return {name: Quantity(float(number), None, "1", "cited points") for name, number in numbers.items()}


def table(points: Sequence[PublishedPoint], properties: Mapping[str, Compared]) -> dict[str, list[float | str | None]]:
    """Return what every point states, with its source; an empty cell is not stated."""
    columns: dict[str, list[float | str | None]] = {"Name": [one.name for one in points]}
    for name, what in properties.items():
        column = [one.values[name].value if name in one.values else None for one in points]
        columns[f"{name.capitalize()} / {what.unit}"] = list(column)
    texts = {"Temperature": [_said(one) for one in points], "Basis": [one.basis for one in points]}
    columns |= {title: list(column) for title, column in texts.items() if any(column)}
    return columns | {title: [getattr(one, title.lower()) for one in points] for title in ("DOI", "Seen", "Grade")}


def judged(
    name: str,
    found: Standing,
    points: Sequence[PublishedPoint],
    properties: Sequence[str],
    own: Mapping[str, Quantity] | None = None,
) -> Judged:
    """Judge only where enough cited points state everything; then by whether any of them is better all round."""
    count = len(found.complete)
    unsaid = [one for one in properties if own is not None and one not in own]
    if unsaid:
        return Judged("not computed", f"Of {name} itself no {unsaid[0]} is stated; {_few(points, properties, count)}")
    asked = _listed(properties)
    if count < ENOUGH:
        few = _few(points, properties, count)
        return Judged("not computed", few[0].upper() + few[1:])
    ahead = ", ".join(f"{number} in {one}" for one, number in found.better.items())
    said = f"Of {count} cited points that state {asked} these are better: {ahead}. "
    if found.beaten_by:
        return Judged("disagrees", f"{said}At least as good in all of them: {', '.join(found.beaten_by)}.")
    share = found.unbeaten / count
    said += (
        f"None is at least as good in all as {name}; {found.unbeaten} of the {count} could say the same of each other."
    )
    return Judged("agrees" if share <= _SHARP else "undecided", said)


def _few(points: Sequence[PublishedPoint], properties: Sequence[str], count: int) -> str:
    lacking = ", ".join(f"{sum(one in p.missing(properties) for p in points)} lack {one}" for one in properties)
    return (
        f"table not available: of {len(points)} cited points {count or 'none'} state{'s' * (count < 2)} "
        f"{_listed(properties)}, and {ENOUGH} are needed ({lacking}). They are shown, and nothing is judged."
    )


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def panel(
    points: Sequence[PublishedPoint],
    own: Mapping[str, Quantity],
    name: str,
    x: str,
    y: str,
    properties: Mapping[str, Compared],
    temperature: Quantity | None = None,
) -> Panel:
    """Draw two properties against each other; a number that a work does not state has a place of its own."""
    across, up = (_scale(one, properties[one], points, own) for one in (x, y))
    traces: list[Trace] = []
    for number, kind in enumerate(dict.fromkeys(one.kind for one in points)):
        of_kind = [one for one in points if one.kind == kind]
        for marker in dict.fromkeys(_marker(one, temperature) for one in of_kind):
            some = [one for one in of_kind if _marker(one, temperature) == marker]
            places = [[scale.place(one.values.get(what)) for one in some] for what, scale in ((x, across), (y, up))]
            color = _COLOURS[number % len(_COLOURS)]
            traces.append(Points(places[0], places[1], kind, color, marker=marker, also=_sources(some)))
            kind = ""
    traces.append(Points([across.place(own.get(x))], [up.place(own.get(y))], name, "ink", marker="star"))
    stated = [one for one in points if x in one.values and y in one.values]
    names = [one.name for one in stated]
    traces.append(
        Labels([across.place(one.values[x]) for one in stated], [up.place(one.values[y]) for one in stated], names)
    )
    traces += [Rule(scale.beside, axis) for axis, scale in (("x", across), ("y", up)) if scale.lacks]
    return Panel(traces, across.axis(x), up.axis(y), legend="")


def _marker(point: PublishedPoint, temperature: Quantity | None) -> str:
    if temperature is None or (point.temperature is not None and point.comparable(temperature)):
        return "circle"
    return "square" if point.room else "up"


def _sources(points: Sequence[PublishedPoint]) -> dict[str, list[str]]:
    return {
        "name": [one.name for one in points],
        "temperature": [_said(one) for one in points],
        "source": [f"doi:{one.doi}" for one in points],
    }


def _said(point: PublishedPoint) -> str:
    if point.temperature is None:
        return "room" if point.room else ""
    return f"{point.temperature.si - ZERO_CELSIUS:.3g} degC"


@dataclass(frozen=True)
class _Scale:
    """A logarithmic axis with a place beyond its end for what is not stated."""

    unit: str
    low: float
    high: float
    lacks: bool

    @property
    def beside(self) -> float:
        """Where the stated numbers end."""
        return float(self.high * (self.high / self.low) ** 0.12)

    @property
    def nowhere(self) -> float:
        """Where the others stand."""
        return float(self.high * (self.high / self.low) ** 0.26)

    def place(self, value: Quantity | None) -> float:
        return self.nowhere if value is None else value.to(self.unit).value

    def axis(self, label: str) -> Axis:
        """Name decades, and the place of what is not stated, with room between."""
        last = self.high * (0.9 if self.lacks else 1.0)
        wide = self.high / self.low
        low, high = self.low / wide**0.06, (self.nowhere if self.lacks else self.high) * wide**0.08
        decades = range(math.ceil(math.log10(low)), math.floor(math.log10(last)) + 1)
        ticks = [(10.0**k, f"{10.0**k:g}") for k in decades]
        if len(ticks) < 2:
            ticks = [(v, f"{v:g}") for v in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if low <= v <= last]
        if self.lacks:
            ticks.append((self.nowhere, _NOT_STATED))
        return Axis(label, self.unit, "log", low=low, high=high, ticks=ticks)


def _scale(name: str, one: Compared, points: Sequence[PublishedPoint], own: Mapping[str, Quantity]) -> _Scale:
    given = [point.values[name] for point in points if name in point.values] + [q for q in (own.get(name),) if q]
    values = [value.to(one.unit).value for value in given] or [1.0]
    low, high = min(values), max(values)
    if high < 3 * low:
        low, high = low / 2, high * 2
    return _Scale(one.unit, low, high, any(name not in p.values for p in points) or name not in own)
