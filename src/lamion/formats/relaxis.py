"""RelaxIS's spectrum export: three lines of header, the column names among them, then Hz, ohm and degrees."""

from __future__ import annotations

from lamion.formats import spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import understand
from lamion.formats.table import headers, parse_number
from lamion.formats.text import Text
from lamion.quantities import FileFormatError

_TITLES_LINE = 3
_DESCRIPTION_LINE = 4
_PREFIX = "Data: "


def _matches(raw: RawFile) -> bool:
    first = raw.text.line(1).strip()
    return first.startswith("RelaxIS") and first.endswith("Spectrum export")


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    labels = _labels(text)
    _check_description(text)
    headings = understand(text.file, _TITLES_LINE, labels)
    spectra.require_columns(text.file, _TITLES_LINE, labels, headings)
    found = spectra.from_table(text, text.lines[_DESCRIPTION_LINE:], headings, len(labels), "\t")
    return Parsed(found.spectra, _metadata(text), found.warnings)


FORMAT = Format("RelaxIS spectrum export", _matches, _read)


def _labels(text: Text) -> tuple[str, ...]:
    cells = headers(text.line(_TITLES_LINE), "\t")
    if not cells or not all(cell.startswith(_PREFIX) for cell in cells):
        raise FileFormatError(
            text.file,
            f"line {_TITLES_LINE}",
            "the column names, 'Data: Frequency', \"Data: Z'\", ...",
            f"'{text.line(_TITLES_LINE).strip()[:40]}'",
            "Lines were removed or added: export the spectrum again from RelaxIS.",
        )
    return tuple(cell.removeprefix(_PREFIX) for cell in cells)


def _check_description(text: Text) -> None:
    """Refuse numbers where the description of the spectrum stands: a line is missing above them."""
    first = text.line(_DESCRIPTION_LINE).partition("\t")[0].strip()
    if parse_number(first.replace(",", ".")) is not None:
        raise FileFormatError(
            text.file,
            f"line {_DESCRIPTION_LINE}",
            "the description of the spectrum",
            f"a number, '{first}'",
            "A line was removed: export the spectrum again from RelaxIS.",
        )


def _metadata(text: Text) -> dict[str, str]:
    date = text.line(2).partition(":")[2].strip()
    description = " ".join(text.line(_DESCRIPTION_LINE).split("\t")).strip()
    return {"Program": text.line(1).strip(), "Date": date, "Description": description}
