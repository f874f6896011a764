"""Bruker's text of DIFFRAC.EVA (.xy): one line of names and values in quotation marks, then angles and intensities."""

from __future__ import annotations

import re

from lamion.formats import evidence
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import Heading, Meaning
from lamion.formats.powder import Conditions, line_of, pattern_of, positive
from lamion.formats.side_columns import Layout
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError

_FIELD = re.compile(r'(?P<name>[A-Za-z][\w ]{0,40}): "(?P<value>[^"]*)"')
_MARKS = ("Scantype", "Anode")
_LABELS = ("2Theta", "Intensity")
_AXIS = "twotheta"
_AGAIN = "A number was changed or lines were moved: export the file again from DIFFRAC.EVA."


def _header(line: str) -> dict[str, str]:
    """Return the names and values of the first line, none where it has another form."""
    inside = line.strip().removeprefix("'").strip()
    if not line.startswith("'") or _FIELD.sub("", inside).strip():
        return {}
    return {match["name"]: match["value"].strip() for match in _FIELD.finditer(inside)}


def _matches(raw: RawFile) -> bool:
    first = raw.text.line(1)
    return first.startswith("'") and any(f'{mark}: "' in first for mark in _MARKS)


def _read(raw: RawFile) -> Parsed:
    said = _header(raw.text.line(1))
    if not said:
        expected = "names and values in quotation marks"
        raise FileFormatError(raw.name, "line 1", expected, f"'{raw.text.line(1)[:40]}'", _AGAIN)
    scan = said.get("Scantype", "")
    if _AXIS not in scan.replace(" ", "").lower():
        remedy = "It is another measurement: give a scan over two theta."
        raise FileFormatError(raw.name, "line 1", "a scan over two theta", f"'{scan}'", remedy)
    body = raw.text.lines[1:]
    layout = Layout(_LABELS, "\t" if any("\t" in line.text for line in body[:1]) else " ")
    table = layout.rows(raw.name, body)
    angle, intensity = (layout.column(raw.name, table, label) for label in _LABELS)
    assert angle is not None and intensity is not None  # noqa: S101, PT018  they are the layout's own
    time = parse_number(said.get("TimePerStep", ""))
    known = Conditions(said.get("Anode") or None, counted=positive(time[0]) if time else None)
    record, odd = pattern_of(raw.name, angle.values, intensity.values, line_of(table), known, _AGAIN)
    warnings = [*odd]
    if not raw.text.terminated:
        headings = {Meaning.REAL: Heading(Meaning.REAL, 1, _LABELS[1])}
        warnings.append(evidence.check_last_line(raw.name, table, headings))
    return Parsed((record,), {name: value for name, value in said.items() if value}, tuple(warnings))


FORMAT = Format("Bruker DIFFRAC.EVA text (.xy)", _matches, _read)
