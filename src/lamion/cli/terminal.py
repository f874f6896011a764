"""What a terminal adds to plain lines: colour, bold, its width. A pipe or a file gets none of it.

Colours never stand alone: a verdict keeps its word and a warning its "warning:".
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lamion.quantities.showing import ShownLine

if TYPE_CHECKING:
    from rich.text import Text

_WIDEST = 100
_NO = ("not ", "does not ", "disagrees", "no ")


def is_styled() -> bool:
    """Tell whether standard output takes colour: a terminal does, unless the user or the terminal says otherwise."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def width() -> int:
    """Return how wide lines may be."""
    if not sys.stdout.isatty():
        return _WIDEST
    return max(40, min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns))


def put(lines: Iterable[ShownLine]) -> None:
    """Print lines, in style where standard output is a terminal that has some.

    Parameters
    ----------
    lines : iterable of ShownLine
        From :func:`lamion.quantities.showing.lines`.
    """
    shown = list(lines)
    if not is_styled():
        print("\n".join(line.text for line in shown))
        return
    from rich.console import Console

    console = Console(force_terminal=True, highlight=False, markup=False, emoji=False)
    for line in shown:
        console.print(_text(line), soft_wrap=True)


def _text(line: ShownLine) -> Text:
    from rich.text import Text

    if line.style == "result":
        end = len(line.text) - line.aside
        return Text.assemble(line.text[: line.name], (line.text[line.name : end], "bold"), (line.text[end:], "dim"))
    return Text(line.text, _style(line))


def _style(line: ShownLine) -> str:
    if line.style == "warning":
        return "yellow"
    if line.style == "detail":
        return "dim"
    if line.style == "verdict" and line.text.startswith("verdict: "):
        said = line.text.removeprefix("verdict: ")
        return "bold red" if said.startswith(_NO) else "bold green"
    return ""
