"""Plates as they are drawn: each panel with the figure it shows and what that rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lamion.quantities import FigureData, InputError
from lamion.quantities.figure import Axis, Figure, Line, Note, Panel, Points, Rule, Trace, figure_of
from lamion.report.printed import held_against, with_printed
from lamion.study.plates import Part, Plate, PlatePanel
from lamion.study.results import Results
from lamion.tasks.declaring.value import did_you_mean

_SYNTHETIC = "Synthetic: "


@dataclass(frozen=True)
class ShownPanel:
    """A lettered panel with what it shows.

    Parameters
    ----------
    letter, title : str
        Its letter and what it shows.
    evidence : str
        What its numbers rest on; ``"synthetic"`` where any of it is.
    steps : tuple of str
        Whose numbers they are.
    wide : int
        How many columns it takes.
    figure : FigureData or None
        What is drawn; None where nothing is.
    part : int
        The panel of a figure that is no plot, counted from 1; 0 for the whole.
    absent : str
        Why nothing is drawn.
    """

    letter: str
    title: str
    evidence: str = ""
    steps: tuple[str, ...] = ()
    wide: int = 1
    figure: FigureData | None = None
    part: int = 0
    absent: str = ""


@dataclass(frozen=True)
class ShownPlate:
    """A plate with what its panels show.

    Parameters
    ----------
    plate : Plate
        As the study declares it.
    panels : tuple of ShownPanel
        In its order.
    """

    plate: Plate
    panels: tuple[ShownPanel, ...]

    @property
    def drawn(self) -> list[ShownPanel]:
        """The panels that show something."""
        return [panel for panel in self.panels if panel.figure is not None]

    @property
    def absent(self) -> list[ShownPanel]:
        """The others."""
        return [panel for panel in self.panels if panel.figure is None]

    def rows(self) -> Iterator[tuple[Mapping[str, Any], FigureData]]:
        """Go through the figures, each with what its rows in the table begin with."""
        for panel in self.panels:
            if panel.figure is not None:
                head = {"letter": panel.letter, "evidence": panel.evidence, "steps": " ".join(panel.steps)}
                yield head, panel.figure

    def to_json(self) -> dict[str, Any]:
        """Return all that is drawn as JSON values."""
        return {"plate": self.plate.id, "title": self.plate.title, "panels": [_json(panel) for panel in self.panels]}


def _json(panel: ShownPanel) -> dict[str, Any]:
    head = {"letter": panel.letter, "title": panel.title}
    if panel.figure is None:
        return {**head, "absent": panel.absent}
    figure = panel.figure
    drawn = {"kind": figure.kind, "title": figure.title, "data": figure.data}
    return {**head, "evidence": panel.evidence, "steps": list(panel.steps), "part": panel.part, "figure": drawn}


def shown(results: Results) -> list[ShownPlate]:
    """Look up what every plate of a study shows; a figure that its step does not have is refused."""
    return [_shown(plate, results) for plate in results.outcome.study.plates]


def _shown(plate: Plate, results: Results) -> ShownPlate:
    return ShownPlate(
        plate, tuple(_panel(one, results, f"plate {plate.id}, panel {one.letter}") for one in plate.panels)
    )


def _panel(panel: PlatePanel, results: Results, place: str) -> ShownPanel:
    nothing = ShownPanel(panel.letter, panel.title, absent=panel.absent)
    if not panel.parts:
        return nothing
    missing = [part.step for part in panel.parts if part.step not in results.outcome.answers]
    if missing:
        return replace(nothing, absent=f"the step '{missing[0]}' has no answer")
    steps = tuple(dict.fromkeys(part.step for part in panel.parts))
    evidence = list(dict.fromkeys(results.evidence[step] for step in steps))
    found = [_figure(part, results, place) for part in panel.parts]
    figure = (
        _one(_held(found[0], steps[0], results), panel.parts[0], place)
        if len(found) == 1
        else _overlaid(found, panel.parts, place)
    )
    figure = _with_legend(figure, panel.legend)
    whole = figure.kind == "xy"
    return ShownPanel(
        panel.letter,
        panel.title or figure.title.removeprefix(_SYNTHETIC),
        "synthetic" if "synthetic" in evidence else ", ".join(evidence),
        steps,
        panel.wide,
        figure,
        0 if whole else panel.parts[0].part,
    )


def _figure(part: Part, results: Results, place: str) -> FigureData:
    figures = results.outcome.answers[part.step].figures
    if not figures:
        raise InputError(f"{place}: the step '{part.step}' draws no figure.", "", "Name another step, or say 'absent'.")
    if not part.figure and len(figures) > 1:
        known = ", ".join(figures)
        raise InputError(f"{place}: the step '{part.step}' draws several figures.", "", f"Name one of: {known}.")
    name = part.figure or next(iter(figures))
    if name not in figures:
        raise InputError(
            f"{place}: the step '{part.step}' draws no figure '{name}'.",
            did_you_mean(name, figures),
            f"It draws: {', '.join(figures)}.",
        )
    return figures[name]


def _held(figure: FigureData, step: str, results: Results) -> FigureData:
    """Draw the printed numbers that a step is held against into its figure."""
    outcome = results.outcome
    return with_printed(figure, held_against(outcome.study, step, outcome.answers[step]))


def _one(figure: FigureData, part: Part, place: str) -> FigureData:
    """Return a figure with the panel and the traces that are asked for."""
    if figure.kind != "xy":
        return figure
    whole = figure_of(figure.data)
    if not part.part and (len(whole.panels) > 1 or not part.traces):
        return figure
    panel = _chosen(whole, part, place)
    return Figure([panel], size=whole.size, colors=whole.colors).entitled(figure.title)


def _with_legend(figure: FigureData, corner: str) -> FigureData:
    """Put the legend of a plot into the corner that is asked for."""
    if not corner or figure.kind != "xy":
        return figure
    whole = figure_of(figure.data)
    return replace(whole, panels=[replace(one, legend=corner) for one in whole.panels]).entitled(figure.title)


def _chosen(whole: Figure, part: Part, place: str) -> Panel:
    if part.part > len(whole.panels):
        raise InputError(
            f"{place}: the figure of the step '{part.step}' has no panel {part.part}.",
            "",
            f"It has {len(whole.panels)}, counted row by row.",
        )
    panel = whole.panels[max(part.part, 1) - 1]
    if whole.legend and not panel.legend:
        panel = replace(panel, legend="best")
    if not part.traces:
        return panel
    labels = {getattr(trace, "label", "") for trace in panel.traces} - {""}
    unknown = [label for label in part.traces if label not in labels]
    if unknown:
        raise InputError(
            f"{place}: the step '{part.step}' draws no trace '{unknown[0]}'.",
            did_you_mean(unknown[0], labels),
            f"It draws: {', '.join(sorted(labels))}.",
        )
    return replace(panel, traces=[trace for trace in panel.traces if getattr(trace, "label", "") in part.traces])


def _overlaid(figures: Sequence[FigureData], parts: Sequence[Part], place: str) -> FigureData:
    """Lay the traces of several panels over each other, each part in a colour of its own."""
    panels = []
    for figure, part in zip(figures, parts, strict=True):
        whole = figure_of(figure.data) if figure.kind == "xy" else None
        if whole is None or (len(whole.panels) > 1 and not part.part):
            raise InputError(
                f"{place}: the figure of the step '{part.step}' is no single plot, and nothing can be laid over it.",
                "",
                "Choose one panel of it with 'part', or a panel of the plate for each.",
            )
        panels.append(_chosen(whole, part, place))
    traces = [
        trace
        for number, (panel, part) in enumerate(zip(panels, parts, strict=True))
        for trace in _coloured(panel.traces, number, part.label)
    ]
    x, y = (_shared([getattr(panel, name) for panel in panels], place) for name in ("x", "y"))
    one = replace(panels[0], traces=traces, x=x, y=y, title="", legend="best")
    return Figure([one]).entitled(figures[0].title)


_COLOURS = (0, 5, 2, 3, 1, 4)
"""Of the palette, those that stay apart best first."""


def _coloured(traces: Sequence[Trace], number: int, label: str) -> list[Trace]:
    """Give traces one colour, and the first of them the name of all."""
    found: list[Trace] = []
    named = False
    for trace in traces:
        if isinstance(trace, Note | Rule):
            continue
        changed: dict[str, Any] = {}
        if getattr(trace, "color", "faint") not in ("faint", "paper"):
            changed["color"] = _COLOURS[number % len(_COLOURS)]
        if label and hasattr(trace, "label"):
            changed["label"] = "" if named or not isinstance(trace, Points | Line) else label
            named = named or bool(changed["label"])
        found.append(replace(trace, **changed))  # type: ignore[type-var]
    return found


def _shared(axes: Sequence[Axis], place: str) -> Axis:
    """Return the axis that several share: as long as all of them together."""
    if len({(axis.title, axis.scale) for axis in axes}) > 1:
        titles = " and ".join(sorted({axis.title or "without a name" for axis in axes}))
        raise InputError(
            f"{place}: figures on different axes cannot be laid over each other: {titles}.",
            "",
            "Give each a panel of its own.",
        )
    lows = [axis.low for axis in axes if axis.low is not None]
    highs = [axis.high for axis in axes if axis.high is not None]
    every = len(axes)
    return replace(
        axes[0], low=min(lows) if len(lows) == every else None, high=max(highs) if len(highs) == every else None
    )
