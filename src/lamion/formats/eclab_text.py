"""BioLogic EC-Lab's text exports of impedance (.mpt and .txt): a header of declared length, then a table.

EC-Lab ends its files without a line end behind the last number; whether the sweep is complete shows in the limits
of frequency, ``fi`` and ``ff``, that the header declares.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lamion.formats import limits, spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import names_frequency, understand
from lamion.formats.table import headers
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError

_SIGNATURES = ("EC-Lab ASCII FILE", "BT-Lab ASCII FILE")
_DECLARED = re.compile(r"Nb header lines\s*:\s*(\d{1,6})", re.ASCII)
_SEPARATOR = "\t"
_SETTING_WIDTH = 20

_OTHER_TECHNIQUE = (
    "Of EC-Lab's own files lamion reads spectra alone: export another technique as a table with time and voltage."
)


def _matches(raw: RawFile) -> bool:
    return raw.text.line(1).strip() in _SIGNATURES


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    titles = text.lines[_header_length(text) - 1]
    labels = headers(titles.text, _SEPARATOR)
    headings = understand(text.file, titles.number, labels)
    spectra.require_columns(text.file, titles.number, labels, headings)
    metadata = _metadata(text.lines[2 : titles.number - 1])
    first, last = (_declared(metadata, name) for name in ("fi", "ff"))
    found = spectra.from_table(
        text,
        text.lines[titles.number :],
        headings,
        len(labels),
        _SEPARATOR,
        may_end_open=first is not None and last is not None,
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
    titles = [line.number for line in text.lines if names_frequency(headers(line.text, _SEPARATOR))]
    if declared in titles:
        return declared
    found = f"them on line {titles[0]}" if titles else "no line with a header 'freq/Hz'"
    raise FileFormatError(
        text.file,
        "line 2",
        f"column headers on line {declared}, as 'Nb header lines' declares",
        found,
        "Lines were removed or added: export the file again from EC-Lab." if titles else _OTHER_TECHNIQUE,
    )


def _metadata(lines: Sequence[TextLine]) -> dict[str, str]:
    """Collect 'name : value' lines and the settings, whose values start in a fixed column."""
    technique = next((line.text.strip() for line in lines if line.text.strip()), "")
    found = {"Technique": technique}
    for line in lines:
        name, colon, value = line.text.partition(" : ")
        if not colon:
            name, value = line.text[:_SETTING_WIDTH], line.text[_SETTING_WIDTH:]
        if name.strip() and line.text.strip() != technique:
            found.setdefault(name.strip(), value.strip())
    return found


def _declared(metadata: Mapping[str, str], name: str) -> float | None:
    return limits.declared(metadata.get(name, ""), metadata.get(f"unit {name}", ""))
