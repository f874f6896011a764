"""CH Instruments' text export of the technique "A.C. Impedance", as the CHI660E writes it.

The imaginary part is printed with its own sign. The header's limits of frequency are those that were asked for;
the instrument may have measured fewer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lamion.formats import limits, spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import names_frequency, understand
from lamion.formats.table import headers, separator_of
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError

_TECHNIQUE = "A.C. Impedance"
_LONGEST_HEADER = 60
_FIELD = re.compile(r"(?P<name>[^=:]+?)\s*[=:]\s*(?P<value>.*)")


def _matches(raw: RawFile) -> bool:
    return raw.text.line(2).strip() == _TECHNIQUE


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    titles = _titles(text)
    separator = separator_of(titles.text)
    labels = headers(titles.text, separator)
    headings = understand(text.file, titles.number, labels)
    spectra.require_columns(text.file, titles.number, labels, headings)
    found = spectra.from_table(text, text.lines[titles.number :], headings, len(labels), separator)
    metadata = _metadata(text.lines[: titles.number - 1])
    high, low = (limits.declared(metadata.get(f"{end} Frequency (Hz)", ""), "Hz") for end in ("High", "Low"))
    return Parsed(found.spectra, metadata, (*limits.compare(high, low, found.spectra), *found.warnings))


FORMAT = Format("CHI A.C. Impedance text", _matches, _read)


def _titles(text: Text) -> TextLine:
    """Return the line of column headers."""
    for line in text.lines[:_LONGEST_HEADER]:
        if names_frequency(headers(line.text, separator_of(line.text))):
            return line
    raise FileFormatError(
        text.file,
        "",
        "the line of column headers, Freq/Hz, Z'/ohm, Z\"/ohm, ...",
        f"none among the first {min(len(text.lines), _LONGEST_HEADER)} lines",
        "The line was removed or the file was cut: export it again from the CHI program.",
    )


def _metadata(lines: Sequence[TextLine]) -> dict[str, str]:
    found = {"Date": lines[0].text.strip(), "Technique": _TECHNIQUE}
    for line in lines[2:]:
        match = _FIELD.fullmatch(line.text.strip())
        if match is not None:
            found.setdefault(match["name"], match["value"])
        elif line.text.strip():
            found.setdefault(line.text.strip(), "")
    return found
