"""A table of components: what is known of them before a fit, or what the fit found, in one form."""

from __future__ import annotations

import csv
import io

from lamion.quantities.errors import InputError
from lamion.techniques.peaks.component import Component, Setting
from lamion.techniques.peaks.shapes import SHAPES

_OWN = ("name", "shape")
PARAMETERS = ("position", "width", "area", *dict.fromkeys(e.name for shape in SHAPES.values() for e in shape.extras))
_LARGEST = 1 << 20
_MOST = 200


def read_components(data: bytes, name: str = "The table of components") -> tuple[Component, ...]:
    r"""Read a table: a header, and a line for each component.

    Parameters
    ----------
    data : bytes
        Of a CSV file in UTF-8 with the columns ``name``, and where they are wanted ``shape``, ``position``, ``width``,
        ``area``, ``mixing``, ``asymmetry``; other columns, such as uncertainties, are passed over. An empty cell is
        found by the fit, and a line that begins with # is passed over.
    name : str
        For messages.

    Raises
    ------
    InputError
        When it has no names, a line is short or long, or a cell says nothing that can be.

    Examples
    --------
    >>> pair = read_components(b"name,position,width\nfree,740,\nbound,free + 5,free\n")
    >>> pair[1].setting("position").tie.offset
    5.0
    """
    if len(data) > _LARGEST:
        raise InputError(f"{name} is larger than a table of components can be.", "", "Name the right file.")
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{name} is no CSV in UTF-8: {error}.", "", "Save it as CSV in UTF-8.") from error
    rows = [row for row in rows if any(cell.strip() for cell in row) and not row[0].lstrip().startswith("#")]
    if not rows:
        raise InputError(f"{name} is empty.", "", f"Write a header with {', '.join((*_OWN, *PARAMETERS[:3]))}.")
    titles = [title.partition("/")[0].strip().lower() for title in rows[0]]
    twice = [title for title in titles if title in (*_OWN, *PARAMETERS) and titles.count(title) > 1]
    if "name" not in titles or twice or len(rows) > _MOST + 1:
        found = f"twice '{twice[0]}'" if twice else f"{len(rows) - 1} lines under {', '.join(rows[0][:6])}"
        raise InputError(f"{name} has {found}.", "", "Give it one column 'name', and a line for each component.")
    return tuple(_component(row, titles, line, name) for line, row in enumerate(rows[1:], 2))


def _component(row: list[str], titles: list[str], line: int, name: str) -> Component:
    if len(row) != len(titles):
        raise InputError(
            f"{name}, row {line}: {len(row)} cells under {len(titles)} titles.",
            "A comma may stand inside a cell.",
            'Write such a cell in quotation marks: "740, 738 to 742".',
        )
    cells = dict(zip(titles, (cell.strip() for cell in row), strict=True))
    try:
        settings = {key: Setting.read(cells[key]) for key in PARAMETERS if cells.get(key)}
        if not cells["name"]:
            raise InputError("a component has no name.", "", "Give it one.")
        return Component(cells["name"], cells.get("shape") or "pseudo-voigt", settings)
    except InputError as error:
        raise InputError(f"{name}, row {line}: {error.happened}", error.cause, error.remedy) from error
