"""Princeton Applied Research PowerSuite's text export of an impedance: three columns without units, in Hz and ohm.

Its lines may end with two carriage returns, which makes every second line a blank one.
"""

from __future__ import annotations

from lamion.formats import spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import understand
from lamion.formats.table import headers

_SEPARATOR = "\t"
_TITLES = ("Frequency", "Zre", "Zimg")


def _matches(raw: RawFile) -> bool:
    return sorted(headers(raw.text.line(1), _SEPARATOR)) == sorted(_TITLES)


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    labels = headers(text.line(1), _SEPARATOR)
    headings = understand(text.file, 1, labels)
    doubled = not any(line.text.strip() for line in text.lines[1::2])
    lines = text.lines[2::2] if doubled else text.lines[1:]
    found = spectra.from_table(text, lines, headings, len(labels), _SEPARATOR)
    return Parsed(found.spectra, {}, found.warnings)


FORMAT = Format("PowerSuite text", _matches, _read)
