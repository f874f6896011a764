"""Scribner's ZPlot data files (.z): a header that declares the number of points, its last lines the column names.

The columns ``Z'(a)`` and ``Z''(b)`` are the real and the imaginary part in ohm, with their own signs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lamion.formats import limits, spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import Heading, Meaning, understand
from lamion.formats.side_columns import Layout, check_count, check_rising
from lamion.formats.table import headers, separator_of
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError

_END = "End Comments"
_POINTS = "Data Points"
_MARK = re.compile(r"\([ab]\)$", re.ASCII)
_FIELD = re.compile(r"(?P<name>[^:]+?):\s*(?P<value>.*)")


def _matches(raw: RawFile) -> bool:
    return raw.text.line(1).strip().upper() == "ZPLOT2 ASCII"


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    titles = _titles(text)
    separator = separator_of(titles.text)
    printed = headers(titles.text, separator)
    lines = text.lines[titles.number + 1 :]
    found = spectra.from_table(
        text, lines, understand_marked(text.file, titles.number, printed), len(printed), separator
    )
    metadata = _metadata(text.lines[1 : titles.number - 1])
    high, low = (limits.declared(metadata.get(f"vs Freq-{end}", ""), "Hz") for end in ("Initial", "Final"))
    layout = Layout(printed, separator)
    table = layout.rows(text.file, lines)
    warnings = [
        *_declared_count(text, metadata, len(table)),
        *_area(metadata),
        *limits.compare(high, low, found.spectra),
        *found.warnings,
        *check_rising(table, layout.column(text.file, table, "Time(Sec)")),
    ]
    return Parsed(found.spectra, metadata, tuple(warnings))


FORMAT = Format("ZPlot data file", _matches, _read)


def understand_marked(file: str, line: int, printed: Sequence[str]) -> dict[Meaning, Heading]:
    """Understand column names of which the impedance's carry the marks (a) and (b) in place of a unit.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    line : int
        The line they stand on.
    printed : sequence of str
        The names, such as ``Freq(Hz)`` and ``Z'(a)``.

    Raises
    ------
    FileFormatError
        When they make no spectrum.
    """
    labels = [_MARK.sub("", label) for label in printed]
    headings = understand(file, line, labels)
    spectra.require_columns(file, line, printed, headings)
    return headings


def _titles(text: Text) -> TextLine:
    """Return the line of column names, which stands above the end of the comments."""
    for line in text.lines[1:]:
        if line.text.strip() == _END:
            return text.lines[line.number - 2]
    raise FileFormatError(
        text.file,
        "",
        f"the line '{_END}' that ends the header",
        "no such line",
        "The file was cut or changed: copy it again, or save it again from ZPlot or ZView.",
    )


def _metadata(lines: Sequence[TextLine]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        match = _FIELD.fullmatch(line.text.strip())
        if match is not None:
            found.setdefault(match["name"], match["value"])
    return found


def _declared_count(text: Text, metadata: Mapping[str, str], found: int) -> list[str]:
    value = metadata.get(_POINTS, "")
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII):
        return [f"The header declares no number of points under '{_POINTS}': the table may have been cut."]
    where = next(line.number for line in text.lines if line.text.strip().startswith(_POINTS))
    return check_count(text.file, f"line {where}", int(value), found)


def _area(metadata: Mapping[str, str]) -> list[str]:
    area = metadata.get("Surface Area", "1")
    if area in ("", "0", "1"):
        return []
    return [f"The header gives a surface area of {area} cm2; the impedance was taken in ohm, not in ohm cm2."]
