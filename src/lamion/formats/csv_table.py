"""Delimited tables whose headers say what the columns hold.

They are written under the Battery Data Format's names, and read under those and under many others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lamion import atomic
from lamion.formats import spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import Headings, Meaning, understand
from lamion.formats.table import headers, parse_number, separator_of, split
from lamion.formats.text import Line, Text
from lamion.quantities import FileFormatError, InputError
from lamion.records import ImpedanceSpectrum


@dataclass(frozen=True)
class _Layout:
    """A table's comments, its column headers and the lines below them."""

    comments: Mapping[str, str]
    titles: Line
    separator: str
    labels: tuple[str, ...]
    headings: Headings
    body: Sequence[Line]


_TELLING = (Meaning.FREQUENCY, Meaning.REAL, Meaning.IMAGINARY, Meaning.MODULUS)


def _matches(raw: RawFile) -> bool:
    """Tell an impedance table by two of its headers, so that one with a damaged header is refused by name."""
    headings = _layout(raw.text).headings
    return sum(meaning in headings for meaning in _TELLING) >= 2


def _read(raw: RawFile) -> Parsed:
    layout = _layout(raw.text)
    spectra.require_columns(raw.name, layout.titles.number, layout.labels, layout.headings)
    found = spectra.from_table(raw.text, layout.body, layout.headings, len(layout.labels), layout.separator)
    return Parsed(found.spectra, layout.comments, (*spectra.unit_warnings(layout.headings), *found.warnings))


FORMAT = Format("table with column headers", _matches, _read)


def refusal(raw: RawFile) -> FileFormatError:
    """Return the error for a file that no format recognises: which headers were found and which are missing.

    Parameters
    ----------
    raw : RawFile
        Any file; raises the error for bytes that are no text.
    """
    layout = _layout(raw.text)
    cells = [cell for cell in split(layout.titles.text, layout.separator) if cell]
    if all(parse_number(cell.replace(",", ".")) is not None for cell in cells):
        return FileFormatError(
            raw.name,
            f"line {layout.titles.number}",
            "column headers",
            f"numbers ({', '.join(cells[:4])})",
            'The file has no headers: say which columns to take, as in --columns "f=1,re=2,im=-3" (im=-3: the '
            "third column holds -Z''), in Hz and ohm.",
        )
    return spectra.missing_columns_error(raw.name, layout.titles.number, layout.labels, layout.headings)


def to_text(spectrum: ImpedanceSpectrum, comments: Sequence[str] = ()) -> str:
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
    >>> print(to_text(ImpedanceSpectrum([1e3], [10 - 1j]), ["synthetic"]), end="")
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


def write(path: Path, spectrum: ImpedanceSpectrum, comments: Sequence[str] = ()) -> None:
    """Write a spectrum to a file that :func:`lamion.formats.read` reads back exactly.

    Parameters
    ----------
    path : Path
        The file to make or to replace; its folder must exist.
    spectrum, comments
        As for :func:`to_text`.
    """
    atomic.write(path, to_text(spectrum, comments))


def _layout(text: Text) -> _Layout:
    comments, lines = split_comments(text)
    if not lines:
        raise FileFormatError(
            text.file, "", "a table with column headers", "comments alone", "Export the measurement again."
        )
    titles = lines[0]
    separator = separator_of(titles.text)
    labels = headers(titles.text, separator)
    return _Layout(comments, titles, separator, labels, understand(text.file, titles.number, labels), lines[1:])


def split_comments(text: Text) -> tuple[dict[str, str], Sequence[Line]]:
    """Split off the leading lines that begin with ``#``, as name and value where they have a colon.

    Parameters
    ----------
    text : Text
        The whole file.
    """
    found: dict[str, str] = {}
    for position, line in enumerate(text.lines):
        comment = line.text.strip()
        if comment and not comment.startswith("#"):
            return found, text.lines[position:]
        name, colon, value = (part.strip() for part in comment.lstrip("#").partition(":"))
        if name:
            found.setdefault(name if colon else f"line {line.number}", value if colon else name)
    return found, ()
