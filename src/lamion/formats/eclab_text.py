"""BioLogic EC-Lab's text exports (.mpt and .txt) of every technique: a header of declared length, then a table.

EC-Lab ends its files without a line end behind the last number; whether a sweep is complete shows in the limits of
frequency, ``fi`` and ``ff``, that the header declares. Rows of 0 Hz are direct current.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lamion.formats import eclab, evidence, limits, spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.direct_current import sweeps
from lamion.formats.headers import understand
from lamion.formats.side_columns import Layout, check_rising, up_to
from lamion.formats.table import headers, print_shape
from lamion.formats.table_reader import Head, Title, read_tables
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError
from lamion.records import ImpedanceSpectrum
from lamion.records.column import Unit

_SIGNATURES = ("EC-Lab ASCII FILE", "BT-Lab ASCII FILE")
_DECLARED = re.compile(r"Nb header lines\s*:\s*(\d{1,6})", re.ASCII)
_SEPARATOR = "\t"
_SETTING_WIDTH = 20
_COMMENTS = "Comments"
_TELLING = (eclab.FREQUENCY, eclab.TIME)
"""One of these headers stands in every table."""
_OTHER_QUANTITY = re.compile(r"-?(?:Re|Im|Phase)\((?!Z\))|\|(?!Z\|)")
"""Headers of an admittance, a modulus, a permittivity and the like, or of another electrode's impedance."""


def _matches(raw: RawFile) -> bool:
    return raw.text.line(1).strip() in _SIGNATURES


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    titles = text.lines[_header_length(text) - 1]
    labels = headers(titles.text, _SEPARATOR)
    metadata = _metadata(text.lines[2 : titles.number - 1])
    found = _impedance(text, titles, labels, metadata) if set(eclab.IMPEDANCE) & set(labels) else None
    return found or _time_record(raw, titles, labels, metadata)


FORMAT = Format("EC-Lab text", _matches, _read)


def _impedance(text: Text, titles: TextLine, labels: Sequence[str], metadata: Mapping[str, str]) -> Parsed | None:
    """Read the sweeps, None where every row is direct current."""
    known = ["" if _OTHER_QUANTITY.match(label) else label for label in labels]
    headings = understand(text.file, titles.number, known)
    spectra.require_columns(text.file, titles.number, labels, headings)
    first, last = (_declared(metadata, name) for name in ("fi", "ff"))
    lines = text.lines[titles.number :]
    layout = Layout(tuple(labels), _SEPARATOR)
    table = layout.rows(text.file, lines)
    runs = sweeps(lines, headings, _SEPARATOR)
    if not runs:
        return None
    evidence.check_repeated_lines(text.file, table)
    closed = first is not None and last is not None
    found = [
        spectra.from_table(up_to(text, run[-1].number), run, headings, len(labels), _SEPARATOR, may_end_open=closed)
        for run in runs
    ]
    records = _numbered([spectrum for one in found for spectrum in one.spectra])
    warnings = [
        *eclab.direct_current_warnings(len(table) - sum(map(len, records))),
        *limits.compare(first, last, records),
        *(warning for one in found for warning in one.warnings),
        *check_rising(table, layout.column(text.file, table, eclab.TIME)),
    ]
    return Parsed(tuple(records), metadata, tuple(warnings))


def _numbered(found: list[ImpedanceSpectrum]) -> list[ImpedanceSpectrum]:
    """Give the sweeps numbers in the order of the file where their cycles do not tell them apart."""
    if len({spectrum.cycle for spectrum in found}) == len(found):
        return found
    return [replace(spectrum, cycle=number) for number, spectrum in enumerate(found, start=1)]


def _time_record(raw: RawFile, titles: TextLine, labels: Sequence[str], metadata: Mapping[str, str]) -> Parsed:
    used = {label: Title(index, label, Unit()) for index, label in enumerate(labels) if label in eclab.USED}
    if len(used) < len([label for label in labels if label in eclab.USED]):
        raise FileFormatError(
            raw.name, f"line {titles.number}", "every column once", "one twice", "Export the file again from EC-Lab."
        )
    _check_end(raw.text, labels)
    ((columns,), _) = read_tables(raw, Head(titles.number, "", _SEPARATOR, tuple(labels), metadata, True), used)
    found = eclab.time_record(raw.name, metadata["Technique"], columns.arrays, lambda row: f"line {columns.line(row)}")
    return Parsed((found.record,), metadata, found.warnings)


def _check_end(text: Text, labels: Sequence[str]) -> None:
    """Refuse a file that ends within a number of its last column; EC-Lab prints every number with all its digits."""
    last, above = ([line for line in text.lines if line.text.strip()][place] for place in (-1, -2))
    if text.terminated or last.text.endswith(_SEPARATOR) or labels[-1] not in eclab.USED:
        return
    printed, like = (headers(line.text, _SEPARATOR)[-1] for line in (last, above))
    if print_shape(printed) != print_shape(like):
        raise FileFormatError(
            text.file,
            f"line {last.number}",
            "a whole number at its end",
            f"'{printed[:40]}'",
            "The file was probably cut: export or copy it again.",
        )


def _header_length(text: Text) -> int:
    """Return the declared number of header lines, the last of which must be the column headers."""
    match = _DECLARED.fullmatch(text.line(2).strip())
    if match is None:
        raise FileFormatError(
            text.file,
            "line 2",
            "'Nb header lines : ' and a number",
            f"'{text.line(2).strip()[:40]}'",
            "Export the file again from EC-Lab.",
        )
    declared = int(match[1])
    if _is_titles(text.line(declared)):
        return declared
    titles = [line.number for line in text.lines if _is_titles(line.text)]
    raise FileFormatError(
        text.file,
        "line 2",
        f"column headers on line {declared}, as 'Nb header lines' declares",
        f"them on line {titles[0]}" if titles else "no line with a header 'freq/Hz' or 'time/s'",
        "Lines were removed or added: export the file again from EC-Lab.",
    )


def _is_titles(line: str) -> bool:
    return any(label in _TELLING for label in headers(line, _SEPARATOR))


def _metadata(lines: Sequence[TextLine]) -> dict[str, str]:
    """Collect 'name : value' lines and the settings, whose values start in a fixed column."""
    technique = next((line.text.strip() for line in lines if line.text.strip()), "")
    found = {"Technique": technique}
    for line in lines:
        name, colon, value = line.text.partition(" : ")
        if not colon:
            name, value = line.text[:_SETTING_WIDTH], line.text[_SETTING_WIDTH:]
        if name.strip() == _COMMENTS and found.get(_COMMENTS) and value.strip():
            found[_COMMENTS] += f"; {value.strip()}"
        elif name.strip() and line.text.strip() != technique:
            found.setdefault(name.strip(), value.strip())
    return found


def _declared(metadata: Mapping[str, str], name: str) -> float | None:
    return limits.declared(metadata.get(name, ""), metadata.get(f"unit {name}", ""))
