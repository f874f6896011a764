"""Eco Chemie's data files of the FRA program (.dfr): a number a line, nine for each point.

Of the nine the first are the frequency in Hz, Z' and -Z'' in ohm; behind the points stand three numbers, the dates of
the measurement and of its procedure, and five more numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from lamion.formats import points
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.table import parse_number
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError

_SIGNATURE = re.compile(r"VERSION\d+\.\d+", re.ASCII)
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}:\d{2}", re.ASCII)
_HEAD, _EACH, _TAIL = 3, 9, 10
_DATES = (3, 4)
"""Their places behind the points."""
_REMEDY = "Lines were removed, added or changed: copy the file again, or export it again from the FRA program."


def _matches(raw: RawFile) -> bool:
    return _SIGNATURE.fullmatch(raw.text.line(1).strip()) is not None


def _read(raw: RawFile) -> Parsed:
    lines = [line for line in raw.text.lines if line.text.strip()]
    count = _count(raw.name, lines)
    dates = [lines[_HEAD + _EACH * count + place] for place in _DATES]
    for line in dates:
        if not _DATE.fullmatch(line.text.strip()):
            raise _unexpected(raw.name, line, "a date and a time")
    numbers = np.array([_number(raw.name, line) for line in lines if line not in (lines[0], *dates)])
    table = numbers[_HEAD - 1 : _HEAD - 1 + _EACH * count].reshape(count, _EACH)
    spectrum = points.spectrum_of(raw.name, table[:, 0], table[:, 1] - 1j * table[:, 2])
    metadata = {"Program": lines[0].text.strip(), "Date": dates[0].text.strip()}
    return Parsed((spectrum,), metadata, tuple(points.oddities([spectrum])))


FORMAT = Format("Eco Chemie data file (.dfr)", _matches, _read)


def _count(file: str, lines: Sequence[TextLine]) -> int:
    """Return the declared number of points, which that of the lines must be."""
    declared = lines[1].text.strip() if len(lines) > 1 else ""
    held = len(lines) - _HEAD - _TAIL
    if not re.fullmatch(r"\d{1,7}", declared, re.ASCII) or held != _EACH * int(declared) or held <= 0:
        found = f"{max(held, 0)} lines of points and '{declared[:20]}'"
        raise FileFormatError(file, "line 2", "a number of points, and nine lines for each", found, _REMEDY)
    return int(declared)


def _number(file: str, line: TextLine) -> float:
    parsed = parse_number(line.text.strip())
    if parsed is None:
        raise _unexpected(file, line, "a number")
    return parsed[0]


def _unexpected(file: str, line: TextLine, expected: str) -> FileFormatError:
    return FileFormatError(file, f"line {line.number}", expected, f"'{line.text.strip()[:40]}'", _REMEDY)
