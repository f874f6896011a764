"""What a file looks like that no format recognises: by its first bytes, or by the words of its headers."""

from __future__ import annotations

import itertools
import re
import struct
import zipfile

from lamion.formats import declared_tables, spectra
from lamion.formats.content import RawFile
from lamion.formats.headers import understand
from lamion.formats.suggestion import OPEN, is_whole, known_in, needed_of, of_impedance, written_out
from lamion.formats.table import headers, separator_of
from lamion.formats.table_reader import is_number, number_in, over_numbers
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError
from lamion.records.column import EXAMPLE, as_written, named, split_label
from lamion.records.impedance import COLUMNS
from lamion.records.record import Table, with_article

_AS_TEXT = "Export the measurement as text or CSV from the program that wrote it."
_SIGNATURES = (
    (b"\xff\xd8\xff", "an image (JPEG)", "Give the measurement that it shows, as numbers."),
    (b"GIF8", "an image (GIF)", "Give the measurement that it shows, as numbers."),
    (b"%PDF", "a PDF", "Give the measurement itself, as the instrument wrote it."),
    (b"\xd0\xcf\x11\xe0", "a file of an old Office program, such as an Excel workbook (.xls)", "Export it as CSV."),
    (b"\x1f\x8b", "a compressed file (gzip)", "Unpack it, and give the file within."),
    (b"BZh", "a compressed file (bzip2)", "Unpack it, and give the file within."),
    (b"\xfd7zXZ", "a compressed file (xz)", "Unpack it, and give the file within."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it, and give one of its files."),
    (b"Rar!", "a RAR archive", "Unpack it, and give one of its files."),
    (b"\x89HDF", "an HDF5 file", _AS_TEXT),
    (b"CDF", "a NetCDF file", _AS_TEXT),
    (b"SQLite format 3", "an SQLite database", _AS_TEXT),
    (b"RAW2", "a powder pattern (Bruker RAW, an old layout)", "Export the pattern as two columns (.xy)."),
    (b"RAW ", "a powder pattern (Siemens RAW)", "Export the pattern as two columns (.xy)."),
    (b"RMN.LEOJ", "an NMR measurement (JEOL JDF) with its bytes in reverse", _AS_TEXT),
    (b"\\*File list", "a microscope's image (Nanoscope)", "Export the image as a segmented TIFF."),
    (b"?*File list", "a microscope's image (Nanoscope)", "Export the image as a segmented TIFF."),
    (b"SOFH", "a photoelectron spectrum (PHI MultiPak)", "Export it as two columns."),
    (b"\x93NUMPY", "a NumPy array (.npy)", "Save it again with numpy.save."),
)  # fmt: skip
_ZIPPED = (
    ("Streams/", "a thermal analysis (Netzsch .ngb)", _AS_TEXT),
    ("xl/workbook", "an Excel workbook", "Export its sheet as CSV."),
    ("content.xml", "a spreadsheet (.ods)", "Export its sheet as CSV."),
    ("RawData", "a powder pattern (Bruker .brml)", "Export the pattern as two columns, angle and intensity (.xy)."),
    ("Profile", "a powder pattern (Rigaku .rasx)", "Export the pattern as two columns, angle and intensity (.xy)."),
    ("word/document", "a Word document", "Give the measurement itself."),
)
_TEXTS = (
    (r"(?s:.{0,400}?\nName\tPosition\tFWHM\t)", "CasaXPS' results of a fit, without its spectrum",
     "Give the VAMAS file that the fit stands in; lamion analyze xps holds it against this table (--results-file)."),
    (r"<\?xml[\s\S]{0,2000}xrdMeasurement", "a powder pattern (PANalytical XRDML)",
     "Export the pattern as two columns, angle and intensity (.xy)."),
    (r"<\?xml", "an XML document", _AS_TEXT),
    (r"(?s:.*?_FILEVERSION|.*?_2THETACOUNTS)", "a powder pattern (Bruker UXD)",
     "Export the pattern as two columns, angle and intensity (.xy)."),
    (r"[\[{]\s*(?:[\[{\"\]}]|[-\d])", "a JSON document", "Give the measurement that it came from."),
    (r"(?:#[^\n]*\n|\s*\n)*\[[A-Za-z_.\" -]+\]\s*\n\s*[\w.\"-]+\s*=", "a file of settings (TOML or INI)",
     "A study is run with lamion run."),
)  # fmt: skip
_WORDS = (
    ("impedance", r"impedance|\bfreq|\bz'|re\(z\)|zreal|zimag|\bzmod\b|phase"),
    ("a powder pattern", r"2[ _-]?theta|two[ _-]?theta|2θ|angle.*(?:intensity|counts|cps)"),
    ("a Raman spectrum", r"raman|wave[ _]?number|shift.*cm"),
    ("an infrared spectrum", r"absorbance|transmittance|infrared"),
    ("a photoelectron spectrum", r"binding energy|\bbe/ev|kinetic energy"),
    ("a calorimetry measurement (DSC)", r"heat ?flow|\bdsc\b"),
    ("a weight measurement (TGA)", r"\bmass\b|weight|\btga?\b"),
    ("a sorption isotherm", r"p/p0|relative pressure|uptake|adsorbed|adsorption"),
    ("a cycler's table", r"capacity|\bcycle|charge|step"),
    ("an NMR spectrum", r"\bppm\b|chemical shift|\bfid\b"),
    ("an indentation", r"indent|\bload\b.*\bdepth|displacement"),
    ("a measurement of current or voltage", r"current|voltage|potential|\bewe\b|\bi/ma"),
)
_LONGEST_LINE = 2**17
_BLANK = b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"
_MARKDOWN = re.compile(r"\s*(?:#{1,6} \S|\|.*\|\s*$)")


def refuse_long_lines(raw: RawFile) -> None:
    """Refuse a text with a line longer than any table's, before every format splits it; JSON and XML may have one.

    Parameters
    ----------
    raw : RawFile
        Any text.

    Raises
    ------
    FileFormatError
        When it has one among the lines that it begins with.
    """
    longest = max(map(len, raw.top.content.splitlines()), default=0)
    if longest > _LONGEST_LINE and not raw.start.lstrip(_BLANK).startswith((b"{", b"[", b"<")):
        what = f"a line of {longest} bytes or more"
        raise _refused(raw, what, "Its line ends may have been lost: export the measurement again.")


def refuse_binary(raw: RawFile) -> None:
    """Refuse a binary file by what its first bytes say it is.

    Parameters
    ----------
    raw : RawFile
        Any file.

    Raises
    ------
    FileFormatError
        When its first bytes are those of a known kind.
    """
    start = raw.start
    if start.startswith(b"PK\x03\x04"):
        names = "\n".join(names_within(raw))
        found = next(((what, remedy) for mark, what, remedy in _ZIPPED if mark in names), None)
        raise _refused(raw, *(found or ("a ZIP archive", "Unpack it, and give one of its files.")))
    for mark, what, remedy in _SIGNATURES:
        if start.startswith(mark):
            raise _refused(raw, what, remedy)


def names_within(raw: RawFile) -> list[str]:
    """Return the names in a ZIP archive, none of a damaged one.

    Parameters
    ----------
    raw : RawFile
        Any file.
    """
    try:
        with raw.opened() as file, zipfile.ZipFile(file) as archive:
            return archive.namelist()[:1000]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, UnicodeDecodeError):
        return []


def refusal(raw: RawFile) -> FileFormatError:
    """Return the error for a file of text that no format recognises: what it looks like, and what would help.

    Parameters
    ----------
    raw : RawFile
        Any file; raises the error for bytes that are no text.
    """
    top = raw.top
    lines = [line for line in top.text.lines if line.text.strip()]
    text = "\n".join(line.text for line in top.text.lines[:400])
    for pattern, what, remedy in _TEXTS:
        if re.match(pattern, text.lstrip()):
            return _refused(raw, what, remedy)
    if not any(not line.text.lstrip().startswith("#") for line in lines):
        return FileFormatError(
            raw.name, "", "a table with column headers", "comments alone", "Export the measurement again."
        )
    table = _table(lines)
    if table is None:
        what = "a text with tables (Markdown)" if any(_MARKDOWN.match(line.text) for line in lines) else "a text"
        return _refused(raw, f"{what} without a table of numbers", "Name the file with the measurement.")
    return _of_table(raw, lines, *table)


def _of_table(raw: RawFile, lines: list[TextLine], place: int, separator: str) -> FileFormatError:
    cells = headers(lines[place].text, separator)
    labels = _labels(lines, place, separator, len(cells))
    if not labels:
        return _bare(raw, lines, place, separator)
    line = lines[place - 1].number
    said = " ".join(labels).lower()
    told = [word for word, pattern in _WORDS if re.search(pattern, said)]
    shown = ", ".join(f"'{label[:30]}'" for label in labels[:8]) + (" and more" if len(labels) > 8 else "")
    found = f"a table of {len(cells)} cells a row with the headers {shown}"
    if "impedance" in told and any(named(label, COLUMNS) for label in labels):
        return spectra.missing_columns_error(raw.name, line, labels, understand(raw.name, line, labels))
    likely = next((word for word in told if word != "impedance"), "")
    remedy = "Name its columns as one of the tables that lamion reads, with units as in 'Time / s' and 'Voltage / V'."
    if likely == "a powder pattern":
        remedy = "Say --record diffraction, if it is one."
    elif any(not split_label(label)[1] for label in labels):
        remedy = "Write the units into the headers, as in 'Time / s' and 'Voltage / V'."
    found += f", perhaps {likely}" if likely else ""
    at_top = all(one.text.lstrip().startswith("#") for one in lines[: place - 1])
    kinds = [one for one in _kinds_of(likely) if at_top or not one.kind.at_top]
    remedy = f"{remedy} {_line_that_would_read(over_numbers(labels, cells), kinds, likely)}".strip()
    return _refused(raw, found, remedy, f"line {line}")


_SEVERAL = ("", "a cycler's table", "a measurement of current or voltage")
"""What may be of several kinds of record."""


def _kinds_of(likely: str) -> list[type[Table]]:
    """Return the kinds of record that a table may be of, by what its headers speak of."""
    kinds = declared_tables.kinds()
    return kinds if likely in _SEVERAL else [k for k in kinds if with_article(k.kind.words) == likely]


def _line_that_would_read(labels: list[str], kinds: list[type[Table]], likely: str) -> str:
    """Return how to say the columns, of the kind of record that most of the headers belong to; N where one is open."""
    anything, spectrum = likely in _SEVERAL, of_impedance(labels)
    found = {spectrum: "impedance spectrum"} if anything and spectrum != EXAMPLE and is_whole(spectrum) else {}
    for kind in kinds:
        line = written_out(labels, kind.kind.columns, needed_of(kind.kind.columns))
        by_name = {named(label, kind.kind.columns) for label in labels} - {None}
        told = bool(by_name & set(kind.kind.told_by)) if kind.kind.told_by else True
        # Units alone may tell a table of two columns, not one of more.
        if (
            told
            and (by_name or line.count("=") <= 2)
            and (is_whole(line) or (likely and 2 * known_in(line) >= len(line.split(","))))
        ):
            found.setdefault(line, kind.kind.words)
    whole = [line for line in found if is_whole(line)]
    best = max(whole or found, key=known_in, default="")
    if not best:
        return f"Or say what its columns are, as in {as_written(_TWO)}." if anything else ""
    open_one = "" if whole else f", with a number for {OPEN}"
    return f"Or say its columns, of {with_article(found[best])}{open_one}: {as_written(best)}."


def _bare(raw: RawFile, lines: list[TextLine], place: int, separator: str) -> FileFormatError:
    """Say what numbers without headers may be."""
    cells = headers(lines[place].text, separator)
    ends = lines[place : place + 50] + lines[max(place + 50, len(lines) - 50) :]
    first = [headers(line.text, separator)[:1] for line in ends]
    values = [value for cell in first if cell and (value := number_in(cell[0])) is not None]
    rises = len(values) > 3 and all(a < b for a, b in itertools.pairwise(values))
    falls = len(values) > 3 and all(a > b for a, b in itertools.pairwise(values))
    remedy = 'Write a line of headers above it, with units as in "Time / s,Voltage / V".'
    guess = ""
    if len(cells) == 2 and rises and values[0] >= 1 and values[-1] < 180:
        guess, remedy = (
            ", perhaps a powder pattern",
            "Say --record diffraction, if it is one; otherwise write headers above.",
        )
    elif len(cells) == 2 and (rises or falls) and _are_shifts(min(values), max(values)):
        guess = ", perhaps a Raman spectrum"
        remedy = "Say --record raman, if it is Raman shifts in 1/cm and counts; otherwise write headers above."
    if len(cells) >= 3:
        line = _impedance_in(lines[place : place + _ROWS], separator)
        example = f"as in {as_written()}" if not line else as_written(line)
        remedy += f" Or say which columns hold frequency, real and imaginary part, in Hz and ohm: {example}."
    else:
        remedy += f" Or say what its columns are, as in {as_written(_TWO)}."
    found = f"{len(cells)} numbers a row ({', '.join(cells[:4])}){guess}"
    return FileFormatError(raw.name, f"line {lines[place].number}", "column headers", found, remedy)


def _are_shifts(low: float, high: float) -> bool:
    """Tell whether numbers, in 1/cm, run as Raman shifts do; times begin near zero."""
    return low > -500.0 and 450.0 < high < 4500.0 and abs(low) > 20.0


_ROWS = 1000
_TWO = "time=1 s,voltage=2 V"


def _impedance_in(lines: list[TextLine], separator: str) -> str:
    """Return which columns hold an impedance: frequencies go one way over a decade, most Z'' are negative."""
    rows = [[number_in(cell) for cell in headers(line.text, separator)] for line in lines]
    width = len(rows[0])
    whole = [row for row in rows if len(row) == width]
    columns = {place: [row[place] for row in whole] for place in range(width)}
    numbers = {place: [v for v in column if v is not None] for place, column in columns.items() if None not in column}
    sweeps = [place for place, column in numbers.items() if _is_sweep(column)]
    if not sweeps or len(numbers) < 3:
        return ""
    real, imaginary = [place for place in numbers if place != sweeps[0]][:2]
    minus = "-" if sum(value > 0 for value in numbers[imaginary]) > len(whole) / 2 else ""
    return f"f={sweeps[0] + 1},re={real + 1},im={minus}{imaginary + 1}"


def _is_sweep(values: list[float]) -> bool:
    low, high = min(values), max(values)
    one_way = sorted(values) in (values, values[::-1])
    return low > 0 and high >= 10 * low and one_way


def _table(lines: list[TextLine]) -> tuple[int, str] | None:
    """Return where the first two rows of numbers stand, and what separates their cells."""
    for place, line in enumerate(lines):
        separator = separator_of(line.text)
        rows = [headers(row.text, separator) for row in lines[place : place + 2]]
        if len(rows[0]) >= 2 and all(len(row) == len(rows[0]) and _mostly_numbers(row) for row in rows):
            return place, separator
    return None


def _mostly_numbers(cells: tuple[str, ...]) -> bool:
    numbers = [cell for cell in cells if is_number(cell)]
    return len(numbers) >= 2 and 2 * len(numbers) >= len([cell for cell in cells if cell])


def _labels(lines: list[TextLine], place: int, separator: str, width: int) -> tuple[str, ...]:
    """Return the headers above a table: the lines just above with as many cells, such as names and units."""
    above = [headers(line.text.lstrip("#"), separator) for line in lines[max(0, place - 3) : place]]
    like = [cells for cells in above if len(cells) == width and not any(map(is_number, cells))]
    return tuple(" ".join(filter(None, stacked)) for stacked in zip(*like, strict=True))


def _refused(raw: RawFile, found: str, remedy: str, where: str = "") -> FileFormatError:
    return FileFormatError(raw.name, where, "a measurement that lamion reads", f"what looks like {found}", remedy)
