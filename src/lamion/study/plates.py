"""Plates: numbered figures of a study, each of lettered panels that show what steps have drawn.

A plate owns no numbers: every panel is a figure of a step, a part of one, or several laid over each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lamion.quantities import InputError, Quantity
from lamion.tasks.declaring.value import did_you_mean

_NAME = re.compile(r"[\w-]{1,20}")
_HEIGHT = 56.0
"""Of a row, mm."""
_LARGEST_HEIGHT = 240.0
_MOST_COLUMNS = 12

_PLATE: Mapping[str, type] = {"id": str, "title": str, "panel": list, "columns": int, "heights": list}
_PART: Mapping[str, type] = {"step": str, "figure": str, "part": int, "label": str, "traces": list}
_PANEL: Mapping[str, type] = {
    "letter": str,
    "title": str,
    "wide": int,
    "absent": str,
    "overlay": list,
    "legend": str,
    **_PART,
}
_CORNERS = (*(f"{y} {x}" for y in ("upper", "center", "lower") for x in ("left", "right")), "above")
_KINDS: Mapping[type, str] = {str: "a text", int: "a whole number above zero", list: "a list"}


@dataclass(frozen=True)
class Part:
    """A figure of a step, or one panel of it.

    Parameters
    ----------
    step : str
        Whose figure.
    figure : str
        Its name; empty where the step draws a single one.
    part : int
        The panel of it, counted from 1; 0 for the whole.
    label : str
        What tells its traces from others laid over them.
    traces : tuple of str
        Labels of the traces to show; empty for all.
    """

    step: str
    figure: str = ""
    part: int = 0
    label: str = ""
    traces: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlatePanel:
    """A lettered panel.

    Parameters
    ----------
    letter : str
        Its letter.
    title : str
        What it shows, a few words.
    parts : tuple of Part
        What is drawn in it; several are laid over each other.
    absent : str
        Why there is nothing to draw.
    wide : int
        How many of the plate's columns it takes.
    legend : str
        The corner of its legend, such as ``"lower left"``, or ``"above"``; empty: as its step has it.
    """

    letter: str
    title: str = ""
    parts: tuple[Part, ...] = ()
    absent: str = ""
    wide: int = 1
    legend: str = ""


@dataclass(frozen=True)
class Plate:
    """A numbered figure of a study.

    Parameters
    ----------
    id : str
        Its number, which names its files.
    title : str
        What it shows.
    panels : tuple of PlatePanel
        From the upper left, row by row.
    columns : int
        Columns of the page.
    heights : tuple of float
        Of the rows, mm; the last holds for all that follow.
    """

    id: str
    title: str
    panels: tuple[PlatePanel, ...]
    columns: int = 3
    heights: tuple[float, ...] = (_HEIGHT,)

    @property
    def drawn(self) -> tuple[PlatePanel, ...]:
        """The panels that show something."""
        return tuple(panel for panel in self.panels if panel.parts)


def plates(tables: Iterable[Mapping[str, Any]], steps: Mapping[str, Any], file: str) -> tuple[Plate, ...]:
    """Read the [[plate]] tables of a study file; `steps` are those it has."""
    found = tuple(_plate(table, steps, f"{file}, [[plate]] '{table.get('id', '')}'") for table in tables)
    _refuse_twice([plate.id for plate in found], f"{file}: the plate")
    return found


def _plate(table: Mapping[str, Any], steps: Mapping[str, Any], place: str) -> Plate:
    _check(table, _PLATE, ("id", "title", "panel"), place)
    _check_name(table["id"], "id", place)
    columns = table.get("columns", 3)
    if columns > _MOST_COLUMNS:
        raise InputError(f"{place}: {columns} columns are too many for a page.", "", f"Give {_MOST_COLUMNS} at most.")
    panels = tuple(_panel(one, steps, columns, place) for one in _tables(table["panel"], "panel", place))
    _refuse_twice([panel.letter for panel in panels], f"{place}: the letter")
    if not any(panel.parts for panel in panels):
        raise InputError(f"{place}: no panel shows anything.", "", "Give one of them a step.")
    heights = tuple(_millimetres(text, place) for text in table.get("heights", ()))
    return Plate(table["id"], table["title"], panels, columns, heights or (_HEIGHT,))


def _panel(table: Mapping[str, Any], steps: Mapping[str, Any], columns: int, plate: str) -> PlatePanel:
    place = f"{plate}, panel '{table.get('letter', '')}'"
    _check(table, _PANEL, ("letter",), place)
    _check_name(table["letter"], "letter", place)
    if sum(word in table for word in ("step", "overlay", "absent")) != 1:
        raise InputError(
            f"{place}: it needs one of 'step', 'overlay' and 'absent'.",
            "A panel shows a figure of a step, or those of several, or says why there is none.",
            'Write step = "...", overlay = [{ step = "..." }, ...] or absent = "why".',
        )
    if table.get("wide", 1) > columns:
        raise InputError(f"{place}: it is wider than the plate's {columns} columns.", "", "Make it as wide at most.")
    own = {word: item for word, item in table.items() if word in _PART}
    written = [own] if "step" in table else _tables(table.get("overlay", []), "overlay", place)
    parts = tuple(_part(one, steps, place) for one in written)
    if table.get("legend", _CORNERS[0]) not in _CORNERS:
        corner = table["legend"]
        raise InputError(
            f"{place}: '{corner}' is no corner.", did_you_mean(corner, _CORNERS), f"Use one of: {', '.join(_CORNERS)}."
        )
    texts = {word: table[word] for word in ("letter", "title", "absent", "legend") if word in table}
    return PlatePanel(**texts, parts=parts, wide=table.get("wide", 1))


def _part(table: Mapping[str, Any], steps: Mapping[str, Any], place: str) -> Part:
    _check(table, _PART, ("step",), place)
    if table["step"] not in steps:
        step = table["step"]
        raise InputError(f"{place}: there is no step '{step}'.", did_you_mean(step, steps), "Check its id.")
    texts = {word: table[word] for word in ("step", "figure", "label") if word in table}
    return Part(**texts, part=table.get("part", 0), traces=tuple(map(str, table.get("traces", ()))))


def _check(table: Mapping[str, Any], shape: Mapping[str, type], needed: Iterable[str], place: str) -> None:
    for word, item in table.items():
        if word not in shape:
            raise InputError(
                f"{place}: '{word}' is not known here.", did_you_mean(word, shape), f"Known are: {', '.join(shape)}."
            )
        wrong = not isinstance(item, shape[word]) or isinstance(item, bool) or not item
        if wrong or (isinstance(item, int) and item < 1):
            raise InputError(f"{place}: '{word}' is not as it should be.", "", f"Write {_KINDS[shape[word]]}.")
    for word in needed:
        if word not in table:
            raise InputError(f"{place}: '{word}' is missing.", "", "Add it.")


def _tables(items: list[Any], word: str, place: str) -> list[Mapping[str, Any]]:
    if not all(isinstance(item, Mapping) for item in items):
        raise InputError(f"{place}: '{word}' is not a list of tables.", "", "See the documentation of studies.")
    return items


def _check_name(name: str, word: str, place: str) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{place}: the {word} is made of letters, digits, '-' and '_', 20 at most.", "", f'Write {word} = "3b".'
        )


def _refuse_twice(names: list[str], what: str) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"{what} '{twice}' stands twice.", "", "Give each its own.")


def _millimetres(text: Any, place: str) -> float:
    if not isinstance(text, str):
        raise InputError(f"{place}: a height is not a text.", "", 'Write heights = ["56 mm"].')
    height = Quantity(text).to("mm").value
    if not 0 < height <= _LARGEST_HEIGHT:
        raise InputError(f"{place}: no page is {text} high.", "", f"Give {_LARGEST_HEIGHT:g} mm at most.")
    return height
