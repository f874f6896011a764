"""List what each file of a folder is, and of the folders within it; with --csv, as a table.

Each file that lamion reads has its kind, how many points it holds, over what range, under which conditions, and what
looks odd; of the others stands why they were refused. Hidden files, links, devices and the sidecars of tables are left
out. The exit status is 1 where some files are refused, 2 where all are.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.output import check_outputs, show
from lamion.cli.parser import argument
from lamion.cli.several import ALL_REFUSED, SOME_REFUSED
from lamion.cli.terminal import progress_bar
from lamion.formats.overview import scan
from lamion.quantities import Answer
from lamion.quantities.showing import ShownLine
from lamion.texts import counted, shortened

ARGUMENTS = (argument("folder", metavar="FOLDER", type=Path, help="where the files lie"),)
EXAMPLES = ("lamion scan data", "lamion scan data --csv files.csv")
OUTPUT = {"figure": False, "unit": False}
_NAME = 36


def run(arguments: argparse.Namespace) -> int:
    """Look at every file and show the list."""
    check_outputs(arguments)
    with progress_bar() as progress:
        answer = scan(arguments.folder, progress=progress)
    show(answer, arguments, layout=lambda width: _screen(answer, width))
    files, refused = (int(answer.results[name].value) for name in ("files", "refused"))
    return 0 if not refused else SOME_REFUSED if refused < files else ALL_REFUSED


def _screen(answer: Answer, width: int) -> list[ShownLine]:
    """Give each file a line: its name, what it is or why it was refused."""
    rows = [dict(zip(answer.series, row, strict=True)) for row in zip(*answer.series.values(), strict=True)]
    column = min(_NAME, max((len(str(row["File"])) for row in rows), default=0))
    files, refused = (int(answer.results[name].value) for name in ("files", "refused"))
    told = [ShownLine("result", f"{counted(files, 'file')}, {refused} of them refused")]
    cut = False
    for row in rows:
        name = str(row["File"])
        shown = name if len(name) <= column else f"...{name[3 - column :]}"
        style = "detail" if row["Refused"] else "method"
        text = f"{shown:<{column}}  {_said(row, answer)}"
        cut = cut or len(text) > width or shown != name
        told.append(ShownLine(style, shortened(text, width)))  # type: ignore[arg-type]
    return [*told, ShownLine("detail", "--csv has the rest")] if cut else told


def _said(row: dict[str, float | str | None], answer: Answer) -> str:
    if row["Refused"]:
        return f"refused: {row['Refused']}"
    number = len(answer.notes["warnings"].get(row["File"], ()))
    warned = [counted(number, "warning")] if number else []
    points = answer.notes["counted"].get(row["File"], "")
    return ", ".join(str(part) for part in (row["Record"], points, row["Range"], *warned, row["Conditions"]) if part)
