"""Delimited tables whose headers say what the columns hold.

They are written under the Battery Data Format's names, and read under those and under many others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lamion import atomic
from lamion.formats import spectra, table_reader
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import Headings, Meaning, understand
from lamion.formats.table import headers, headers_above, separator_of
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError, InputError
from lamion.records import ImpedanceSpectrum


@dataclass(frozen=True)
class _Layout:
    """A table's comments, its column headers and the lines below them."""

    comments: Mapping[str, str]
    titles: TextLine
    separator: str
    labels: tuple[str, ...]
    headings: Headings
    body: Sequence[TextLine]
    warnings: tuple[str, ...] = ()


_TELLING = (Meaning.FREQUENCY, Meaning.REAL, Meaning.IMAGINARY, Meaning.MODULUS)


def _matches(raw: RawFile) -> bool:
    """Tell an impedance table by two of its headers, so that one with a damaged header is refused by name."""
    return _tells(_layout(raw.text).headings)


def _read(raw: RawFile) -> Parsed:
    layout = _layout(raw.text)
    spectra.require_columns(raw.name, layout.titles.number, layout.labels, layout.headings)
    found = spectra.from_table(raw.text, layout.body, layout.headings, len(layout.labels), layout.separator)
    warnings = (*layout.warnings, *spectra.unit_warnings(layout.headings), *found.warnings)
    return Parsed(found.spectra, layout.comments, warnings)


FORMAT = Format("table with column headers", _matches, _read, kinds=("impedance",))


def spectrum_text(spectrum: ImpedanceSpectrum, comments: Sequence[str] = ()) -> str:
    r"""Write a spectrum as comma-separated text under the Battery Data Format's column names.

    Parameters
    ----------
    spectrum : ImpedanceSpectrum
        Frequencies in Hz, impedances in ohm.
    comments : sequence of str
        Lines to stand above the table, each behind ``# ``; such as ``"sample: A1"``.

    Returns
    -------
    str
        Every number as its shortest decimal form, so that it reads back as the same number.

    Raises
    ------
    InputError
        When a comment holds a line end.

    Examples
    --------
    >>> print(spectrum_text(ImpedanceSpectrum([1e3], [10 - 1j]), ["synthetic"]), end="")
    # synthetic
    Frequency / Hz,Real Impedance / ohm,Imaginary Impedance / ohm
    1000.0,10.0,-1.0
    """
    if any("\n" in comment or "\r" in comment for comment in comments):
        raise InputError("A comment above a table holds a line end.", "", "Give one comment per line.")
    columns = spectrum.columns()
    lines = [f"# {comment}" for comment in comments]
    lines.append(",".join(columns))
    lines += [",".join(map(repr, values)) for values in zip(*columns.values(), strict=True)]
    return "\n".join(lines) + "\n"


def write_spectrum(path: Path, spectrum: ImpedanceSpectrum, comments: Sequence[str] = ()) -> None:
    """Write a spectrum to a file that :func:`lamion.formats.read` reads back exactly.

    Parameters
    ----------
    path : Path
        The file to make or to replace; its folder must exist.
    spectrum, comments
        As for :func:`spectrum_text`.
    """
    atomic.write(path, spectrum_text(spectrum, comments))


def _layout(text: Text) -> _Layout:
    comments, lines = split_comments(text)
    if not lines:
        raise FileFormatError(
            text.file, "", "a table with column headers", "comments alone", "Export the measurement again."
        )
    first = _below(text, comments, lines)
    if _tells(first.headings):
        return first
    for place, line in enumerate(lines[1:_LONGEST_PREAMBLE], start=1):
        if not _may_be_headers(line.text):
            continue
        try:
            found = _below(text, comments, lines[place:])
        except FileFormatError:
            continue
        if not spectra.missing_columns(found.headings) and _stands_above_numbers(found):
            return replace(found, comments=table_reader.preamble(text.lines[: line.number - 1]))
    return first


_LONGEST_PREAMBLE = 1000
_GAP = re.compile(r"\s{2,}")


def _below(text: Text, comments: Mapping[str, str], lines: Sequence[TextLine]) -> _Layout:
    titles = lines[0]
    separator = separator_of(titles.text)
    below = next((line.text for line in lines[1:] if line.text.strip()), "")
    every = headers(titles.text, separator)
    labels = headers_above(titles.text, separator, below)
    if separator == " ":
        apart = tuple(_GAP.split(titles.text.strip()))
        # Headers with blanks of their own stand further apart than their words.
        labels = apart if len(apart) == len(headers(below, separator)) else labels
    headings = understand(text.file, titles.number, labels)
    width = len(headers(below, separator))
    behind = max((heading.index for heading in headings.values()), default=0) < width < len(labels) < len(every)
    warnings = [_EMPTY.format(label=label) for label in labels[width:] if behind]
    labels = labels[: len(labels) - len(warnings)]
    return _Layout(comments, titles, separator, labels, headings, lines[1:], tuple(warnings))


_EMPTY = "No row has a cell for the last header, '{label}': the others were taken in their order."


def _tells(headings: Headings) -> bool:
    return sum(meaning in headings for meaning in _TELLING) >= 2


def _may_be_headers(text: str) -> bool:
    return bool(text.strip()) and not text.lstrip()[0].isdigit()


def _stands_above_numbers(layout: _Layout) -> bool:
    below = next((line.text for line in layout.body if line.text.strip()), "")
    cells = headers(below, layout.separator)
    return len(cells) == len(layout.labels) and any(
        table_reader.is_number(cells[heading.index]) for heading in layout.headings.values()
    )


def split_comments(text: Text) -> tuple[dict[str, str], Sequence[TextLine]]:
    """Split off the leading lines that begin with ``#``, as name and value where they have a colon.

    Parameters
    ----------
    text : Text
        The whole file.
    """
    for position, line in enumerate(text.lines):
        if line.text.strip() and not line.text.lstrip().startswith("#"):
            return table_reader.preamble(text.lines[:position]), text.lines[position:]
    return table_reader.preamble(text.lines), ()
