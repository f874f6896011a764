"""BioLogic EC-Lab's text exports of impedance (.mpt and .txt): a header of declared length, then a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lamion.formats import limits, spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import understand
from lamion.formats.table import headers
from lamion.formats.text import Line, Text
from lamion.quantities import FileFormatError

_SIGNATURES = ("EC-Lab ASCII FILE", "BT-Lab ASCII FILE")
_DECLARED = re.compile(r"Nb header lines\s*:\s*(\d{1,6})", re.ASCII)
_SETTING_WIDTH = 20


def _matches(raw: RawFile) -> bool:
    return raw.text.line(1).strip() in _SIGNATURES


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    titles = text.lines[_header_length(text) - 1]
    labels = headers(titles.text, "\t")
    headings = understand(text.file, titles.number, labels)
    spectra.require_columns(text.file, titles.number, labels, headings)
    found = spectra.from_table(text, text.lines[titles.number :], headings, len(labels), "\t")
    metadata = _metadata(text.lines[2 : titles.number - 1])
    first, last = (
        limits.declared(metadata.get(name, ""), metadata.get(f"unit {name}", "")) for name in ("fi", "ff")
    )
    return Parsed(found.spectra, metadata, (*limits.compare(first, last, found.spectra), *found.warnings))


FORMAT = Format("EC-Lab text", _matches, _read)


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
    if text.line(declared).lower().lstrip("\"'").startswith("freq/"):
        return declared
    actual = [line.number for line in text.lines if line.text.lower().startswith("freq/")]
    found = f"them on line {actual[0]}" if actual else "none that begin with freq/Hz"
    raise FileFormatError(
        text.file,
        "line 2",
        f"column headers on line {declared}, as 'Nb header lines' declares",
        found,
        "Lines were removed or added, or the technique is not an impedance: export the file again from EC-Lab.",
    )


def _metadata(lines: Sequence[Line]) -> dict[str, str]:
    """Collect 'name : value' lines and the settings, whose values start in a fixed column."""
    found: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.text.partition(" : ")
        if not colon:
            name, value = line.text[:_SETTING_WIDTH], line.text[_SETTING_WIDTH:]
        if name.strip():
            found.setdefault(name.strip(), value.strip())
    return found
