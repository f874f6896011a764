"""The printed number in the figure of the step that is held against it.

A figure says which results its axes and points show; where one of them settles a claim, the claim's number is drawn at
the same place, in the axis' unit. Nothing is guessed from names or units alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from lamion.quantities import Answer, FigureData, InputError, units
from lamion.quantities.figure import Axis, Figure, Panel, Points, Rule, Trace, figure_of
from lamion.report.claim_views import printed
from lamion.study.claims import Claim
from lamion.study.study_file import Study

_ROOM = 0.05
_KIND = "xy"


def held_against(study: Study, step: str, answer: Answer) -> dict[str, list[Claim]]:
    """Return the printed numbers that a step is held against, by the result that they are numbers of.

    Parameters
    ----------
    study : Study
        With its claims.
    step : str
        The step.
    answer : Answer
        Of it.
    """
    found: dict[str, list[Claim]] = {}
    for name, result in study.steps[step].settles.items():
        spoken_of = answer.computed if result == "verdict" else result
        if spoken_of in answer.results and study.claims[name].value is not None:
            found.setdefault(spoken_of, []).append(study.claims[name])
    return found


def with_printed(figure: FigureData, claims: Mapping[str, Sequence[Claim]]) -> FigureData:
    """Return a figure with the printed numbers in it; the same where none has a place in it.

    Parameters
    ----------
    figure : FigureData
        Of an answer.
    claims : Mapping of str to sequence of Claim
        By result.
    """
    if figure.kind != _KIND or not claims:
        return figure
    drawn = figure_of(figure.data)
    named = bool(drawn.legend) or any(panel.legend for panel in drawn.panels)
    panels = [_panel(panel, claims, named=bool(panel.legend or drawn.legend) or not named) for panel in drawn.panels]
    if all(new is old for new, old in zip(panels, drawn.panels, strict=True)):
        return figure
    known = Figure.__dataclass_fields__
    also = {name: item for name, item in figure.data.items() if name not in known}
    return replace(drawn, panels=panels).entitled(figure.title, **also)


def _panel(panel: Panel, claims: Mapping[str, Sequence[Claim]], *, named: bool) -> Panel:
    """Return a panel with its marks; one without a legend says nothing where another does."""
    marks: list[Trace] = []
    axes = {}
    for name, axis in (("x", panel.x), ("y", panel.y)):
        rules = [
            Rule(at, name, label=f"printed, {printed(claim)}" if named else "", dash="dashed")
            for claim, at in _on_axis(axis, claims)
        ]
        marks += rules
        axes[name] = _widened(axis, [rule.at for rule in rules])
    for points in (trace for trace in panel.traces if isinstance(trace, Points) and trace.results):
        marks += _beside(points, panel.y, claims)
    if not marks:
        return panel
    legend = panel.legend or ("best" if named else "")
    return replace(panel, traces=[*panel.traces, *marks], x=axes["x"], y=axes["y"], legend=legend)


def _on_axis(axis: Axis, claims: Mapping[str, Sequence[Claim]]) -> Iterator[tuple[Claim, float]]:
    for result, mine in claims.items():
        if any(fnmatchcase(result, pattern) for pattern in axis.results):
            for claim in mine:
                at = _place(claim, axis)
                if at is not None:
                    yield claim, at


def _place(claim: Claim, axis: Axis) -> float | None:
    """Return where a printed number stands on an axis; None where it cannot stand there."""
    try:
        at = units.convert(claim.value or 0.0, claim.unit, axis.unit)
    except InputError:
        return None
    return None if axis.scale == "log" and at <= 0 else at


def _widened(axis: Axis, places: Sequence[float]) -> Axis:
    """Return an axis whose stated ends leave the places in view."""
    if not places:
        return axis
    low = None if axis.low is None else min(axis.low, *places)
    high = None if axis.high is None else max(axis.high, *places)
    if low is not None and high is not None and axis.scale == "linear":
        room = _ROOM * (high - low)
        low, high = low - room * (low != axis.low), high + room * (high != axis.high)
    return replace(axis, low=low, high=high)


def _beside(points: Points, axis: Axis, claims: Mapping[str, Sequence[Claim]]) -> list[Trace]:
    """Return the printed numbers of points, each above or below its own."""
    found = [
        (x, at)
        for x, result in zip(points.x, points.results, strict=True)
        for claim in claims.get(result, ())
        if x is not None and (at := _place(claim, axis)) is not None
    ]
    if not found:
        return []
    x, y = zip(*found, strict=True)
    return [Points(x, y, "printed", "ink", marker="diamond", open=True)]
