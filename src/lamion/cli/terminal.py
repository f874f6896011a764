"""What a terminal adds to plain lines: colour, bold, its width, a bar, a question. A pipe or a file gets none of it.

Colours never stand alone: a verdict keeps its word and a warning its "warning:".
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

    from lamion.progress import Progress
    from lamion.quantities.showing import ShownLine

_WIDEST, _NARROWEST = 100, 40
_NO = ("not ", "does not ", "disagrees", "no ")


def is_styled() -> bool:
    """Tell whether standard output takes colour: a terminal does, unless the user or the terminal says otherwise."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def width() -> int:
    """Return how wide lines may be: as the terminal, and never wider than what reads well."""
    if not sys.stdout.isatty():
        return _WIDEST
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns))


def put(lines: Iterable[ShownLine]) -> None:
    """Print lines, in style where standard output is a terminal that has some."""
    shown = list(lines)
    if not is_styled():
        print("\n".join(line.text for line in shown))
        return
    from rich.console import Console

    console = Console(force_terminal=True, highlight=False, markup=False, emoji=False)
    for line in shown:
        console.print(_text(line), soft_wrap=True)


def ask(question: str) -> bool:
    """Put a question to the person at the terminal; where there is none the answer is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


@contextmanager
def progress_bar(*, shown: bool = True) -> Iterator[Progress]:
    """Draw a progress bar on the terminal; nothing where there is none, or where nothing takes long."""
    if not shown:
        from lamion.progress import silent

        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with RichProgress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("planning", total=None)

        def progress(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what[:40] or "finishing")

        yield progress


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
