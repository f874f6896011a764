"""The Z60W text that Autolab's programs export for ZView: notes, limits, the number of points, a table."""

from __future__ import annotations

import re

from lamion.formats import limits, spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.side_columns import Layout, check_count, check_rising
from lamion.formats.table import split
from lamion.formats.text import Text, TextLine
from lamion.formats.zplot import understand_marked
from lamion.quantities import FileFormatError

_SIGNATURE = "Z60W Data File:"
_LONGEST_HEADER = 40
_SEPARATOR = ","
_GAP = re.compile(r"\s{2,}")
_COUNT = re.compile(r"\d{1,9}", re.ASCII)


def _matches(raw: RawFile) -> bool:
    return raw.text.line(1).strip().strip('"').startswith(_SIGNATURE)


def read_quoted(raw: RawFile) -> Parsed:
    """Read notes in quotes, limits, the number of points, column names in quotes, and a table with commas."""
    text = raw.text
    titles = _titles(text)
    printed = tuple(_GAP.split(titles.text.strip().strip('"').strip()))
    headings = understand_marked(text.file, titles.number, printed)
    lines = text.lines[titles.number :]
    found = spectra.from_table(text, lines, headings, len(printed), _SEPARATOR)
    layout = Layout(printed, _SEPARATOR)
    table = layout.rows(text.file, lines)
    warnings = [
        *check_count(text.file, f"line {titles.number - 1}", _declared_count(text, titles.number - 1), len(table)),
        *_limits(text, titles.number - 2, found),
        *found.warnings,
        *check_rising(table, layout.column(text.file, table, "Time(Sec)")),
    ]
    return Parsed(found.spectra, _metadata(text, titles.number), tuple(warnings))


FORMAT = Format("Autolab text for ZView (Z60W)", _matches, read_quoted)


def _titles(text: Text) -> TextLine:
    """Return the line of column names."""
    for line in text.lines[:_LONGEST_HEADER]:
        if line.text.strip().strip('"').strip().lower().startswith("freq") and "Z'" in line.text:
            return line
        if "Z''" in line.text and "Freq" in line.text:
            return line
    raise FileFormatError(
        text.file,
        "",
        "the line of column names, Freq (Hz), Ampl, Bias, Time(Sec), Z'(a), Z''(b), ...",
        f"none among the first {min(len(text.lines), _LONGEST_HEADER)} lines",
        "The line was removed or the file was cut: export it again.",
    )


def _declared_count(text: Text, line: int) -> int:
    value = text.line(line).strip()
    if not _COUNT.fullmatch(value):
        raise FileFormatError(
            text.file,
            f"line {line}",
            "the number of points above the column names",
            f"'{value[:40]}'",
            "Lines were removed or added: export the file again.",
        )
    return int(value)


def _limits(text: Text, line: int, found: spectra.TableSpectra) -> list[str]:
    """Compare the sweep with the last two numbers of the line above the count, its limits in Hz."""
    ends = [limits.declared(value, "Hz") for value in split(text.line(line), _SEPARATOR)[-2:]]
    if len(ends) < 2 or None in ends:
        return []
    return list(limits.compare(ends[0], ends[1], found.spectra))


def _metadata(text: Text, titles: int) -> dict[str, str]:
    notes = [line.text.strip().strip('"').strip() for line in text.lines[1 : max(1, titles - 3)]]
    program = text.line(1).strip().strip('"')
    return {"Program": program, "Notes": " ".join(note for note in notes if note)}
