"""The user's word on which columns to read: ``f=1,re=2,im=-3``, ``time=1 h,voltage=2 mV``.

The keys are the names of the columns of a record, as headers have them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lamion.formats import csv_table, declared_tables, spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import Heading, Headings, Meaning
from lamion.formats.suggestion import OPEN, key_of, needed_of
from lamion.formats.table import headers, separator_of, split
from lamion.formats.table_reader import Head, Title, is_number, preamble
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError, InputError
from lamion.records import ImpedanceSpectrum
from lamion.records.column import EXAMPLE, Column, HeaderError, Unit, meant, named
from lamion.records.impedance import COLUMNS
from lamion.records.record import KINDS, Record, Table, with_article
from lamion.texts import counted

_NAME = "table with columns given by number"
IMPEDANCE = "impedance"
_PART = re.compile(
    r"\s*(?P<key>[^=,;]*[^=,;\s])\s*=\s*(?P<sign>-?)(?P<column>[1-9]\d{0,3})(?:\s+(?P<unit>\S[^=]*?))?\s*", re.ASCII
)
_LONGEST = 1000


def kinds() -> list[type[Record]]:
    """Return the kinds of record whose columns can be said."""
    return [ImpedanceSpectrum, *declared_tables.kinds()]


def of_names(names: Sequence[str]) -> list[type[Record]]:
    """Return kinds by the names of their classes; those that are no tables are passed over."""
    every: list[type[Record]] = [ImpedanceSpectrum, *KINDS.values()]
    return [kind for kind in every if kind.__name__ in names]


def parse_columns(specification: str, kind: type[Record] = ImpedanceSpectrum) -> dict[str, Title]:
    """Read a specification of columns.

    Parameters
    ----------
    specification : str
        For each column a name of it, ``=``, its number counted from 1 and, where it is not the record's, its unit; a
        minus for a column that holds the negative, as ``im=-3`` where the third column holds -Z''.
    kind : type
        Of the record.

    Returns
    -------
    dict of str to Title

    Raises
    ------
    InputError
        When it cannot be read or names too few or too many columns.

    Examples
    --------
    >>> [(name, title.index, title.unit.factor) for name, title in parse_columns("f=1 kHz,re=2,im=-3").items()]
    [('frequency', 0, 1000.0), ('real impedance', 1, 1.0), ('imaginary impedance', 2, -1.0)]
    """
    columns = _declared(kind)
    found: dict[str, Title] = {}
    for part in specification[:_LONGEST].split(","):
        match = _PART.fullmatch(part)
        name = named(match["key"], columns) if match else None
        if match is None or name is None:
            what = "leaves a number open" if part.strip().endswith(f"={OPEN}") else "is not a column"
            raise _unusable(specification, kind, f"'{part.strip()}' {what}")
        if match["sign"] and not columns[name].signed:
            signed = " and ".join(key_of(column) for column in columns.values() if column.signed) or "none"
            raise _unusable(specification, kind, f"only {signed} can be negative, not {match['key']}")
        try:
            name, unit = _meant(match, name, columns)
        except HeaderError as error:
            expected = error.expected.partition(" in the header")[0]
            raise _unusable(specification, kind, f"'{match['key']}' needs {expected}, not {error.found}") from error
        if name in found:
            raise _unusable(specification, kind, f"'{match['key']}' stands there twice")
        found[name] = Title(int(match["column"]) - 1, f"column {match['column']}", unit)
    missing = _missing(kind, found)
    if missing:
        raise _unusable(specification, kind, f"it does not say which column is the {' or the '.join(missing)}")
    if len({title.index for title in found.values()}) < len(found):
        raise _unusable(specification, kind, "it takes one column twice")
    return found


def _meant(match: re.Match[str], name: str, columns: Mapping[str, Column]) -> tuple[str, Unit]:
    """Return which column was said, and how its numbers become the record's; its own where no unit was said."""
    inverse = "/" in match["key"] and match["unit"] is None  # 1000/T says it all
    label = match["key"] if inverse else f"{match['key']} / {match['unit'] or columns[name].unit}"
    name, unit = meant(label, columns) or (name, Unit())
    said = inverse or match["unit"] is not None
    return name, replace(unit, factor=-unit.factor if match["sign"] else unit.factor, said=said)


def _declared(kind: type[Record]) -> Mapping[str, Column]:
    return kind.kind.columns if issubclass(kind, Table) else COLUMNS


def _missing(kind: type[Record], found: Mapping[str, Title]) -> list[str]:
    if not issubclass(kind, Table):
        return spectra.missing_columns(_headings(found))
    return [name for name in needed_of(kind.kind.columns) if name not in found]


def _headings(found: Mapping[str, Title]) -> Headings:
    return {
        Meaning(name): Heading(Meaning(name), title.index, title.label, title.unit.factor, areal=title.unit.areal)
        for name, title in found.items()
    }


def example(kind: type[Record]) -> str:
    """Return a specification of the needed columns of a kind of record, in its order; of one, with what tells it."""
    if not issubclass(kind, Table):
        return EXAMPLE
    columns = kind.kind.columns
    shown = needed_of(columns)
    if len(shown) == 1:
        shown += kind.kind.told_by[:1]
    return ",".join(f"{key_of(columns[name])}={place}" for place, name in enumerate(shown, start=1))


def _unusable(specification: str, kind: type[Record], reason: str) -> InputError:
    keys = ", ".join(key_of(column) for column in _declared(kind).values())
    if issubclass(kind, Table):
        units = ", ".join(kind.kind.columns[name].unit for name in needed_of(kind.kind.columns))
        how = f"Write them as in '{example(kind)}' (in {units}; or {_WITH_UNIT})."
    else:
        how = (
            f"Write them as in 'f=1,re=2,im=3', with im=-3 where the third column holds -Z'', or as in "
            f"'f=1,mod=2,phase=3' (in Hz, ohm and degrees; or {_WITH_UNIT})."
        )
    return InputError(
        f"The columns '{specification[:60]}' cannot be used: {reason}.",
        f"Each column is a key ({keys}), '=' and its number counted from 1.",
        how,
    )


_WITH_UNIT = "with a unit behind the number"


def fitting(specification: str, among: Sequence[type[Record]]) -> tuple[type[Record], dict[str, Title]]:
    """Return the first kind of record that a specification says the columns of, and them.

    Parameters
    ----------
    specification : str
        As for :func:`parse_columns`.
    among : sequence of type
        The kinds that are asked for.

    Raises
    ------
    InputError
        When it says those of none: why, for the kind that most of its keys belong to.
    """
    for kind in among:
        try:
            found = parse_columns(specification, kind)
        except InputError:
            continue
        told = kind.kind.told_by if issubclass(kind, Table) and len(among) > 1 else ()
        if not told or any(name in found for name in told):
            return kind, found
    nearest = max(among, key=lambda kind: _nearness(specification, kind))
    return nearest, parse_columns(specification, nearest)


def _nearness(specification: str, kind: type[Record]) -> tuple[int, int]:
    """Return how many of the columns that are said are a kind's, and of its needed ones how few are missing."""
    columns = _declared(kind)
    said = {named(part.partition("=")[0], columns) for part in specification[:_LONGEST].split(",")} - {None}
    return len(said), -len({*needed_of(columns)} - said) if said else 0


def chosen(specification: str, among: Sequence[type[Record]]) -> str | None:
    """Return which of several specifications, apart by semicolons, says the columns of such a record; None for none."""
    for part in specification.split(";"):
        try:
            fitting(part, among)
        except InputError:
            continue
        return part
    return None


def check(specification: str, among: Sequence[type[Record]]) -> None:
    """Refuse a specification, of several apart by semicolons, that says the columns of no such record."""
    for part in specification.split(";"):
        fitting(part, among)


def format_of(specification: str, among: Sequence[type[Record]]) -> Format:
    """Return the format of a table whose columns are told by their numbers, whatever stands above it.

    Parameters
    ----------
    specification : str
        As for :func:`parse_columns`.
    among : sequence of type
        The kinds of record that it may be.

    Raises
    ------
    InputError
        When the specification cannot be used.
    """
    kind, titles = fitting(specification, among)
    largest = declared_tables.LARGEST if issubclass(kind, Table) else csv_table.FORMAT.largest
    return Format(_NAME, lambda _: True, lambda raw: _read(raw, kind, titles), largest=largest)


def _read(raw: RawFile, kind: type[Record], titles: Mapping[str, Title]) -> Parsed:
    """Read a text, with a warning when lines were skipped above the first line of numbers."""
    lines = raw.top.text.lines
    start = _first_line_of_numbers(raw.name, lines, titles)
    separator = separator_of(lines[start].text)
    cells = headers(lines[start].text, separator)
    skipped = _skipped(lines[:start])
    if issubclass(kind, Table):
        head = Head(lines[start].number - 1, "", separator, cells, preamble(lines[:start]))
        found = declared_tables.read_titles(raw, kind, head, titles)
        return replace(found, warnings=(*skipped, *_assumed(titles, kind), *found.warnings))
    read = spectra.from_table(raw.text, raw.text.lines[start:], _headings(titles), len(cells), separator)
    times_area = [warning for warning in spectra.unit_warnings(_headings(titles)) if "area" in warning]
    return Parsed(read.spectra, {}, (*skipped, *times_area, *read.warnings))


def _first_line_of_numbers(file: str, lines: Sequence[TextLine], titles: Mapping[str, Title]) -> int:
    needed = max(title.index for title in titles.values()) + 1
    for position, line in enumerate(lines):
        cells = split(line.text, separator_of(line.text))
        if len(cells) >= needed and all(is_number(cells[title.index]) for title in titles.values()):
            return position
    raise FileFormatError(
        file,
        "",
        f"lines with numbers in the columns that were said, {needed} columns at least",
        "no such line",
        "Check the numbers of the columns, which are counted from 1, and that the file is the right one.",
    )


def _assumed(titles: Mapping[str, Title], kind: type[Table]) -> list[str]:
    columns = kind.kind.columns
    unsaid = {name: columns[name].unit for name, title in titles.items() if not title.unit.said}
    taken = [f"{name} in {unit}" for name, unit in unsaid.items() if unit != "1" and not columns[name].any_unit]
    return [f"Taken as {with_article(kind.kind.words)}, its {', '.join(taken)}: no unit was said."] if taken else []


def _skipped(lines: Sequence[TextLine]) -> list[str]:
    written = [line for line in lines if line.text.strip()]
    if not written:
        return []
    return [
        f"{counted(len(written), 'line')} skipped above the first line of numbers, the last is line "
        f"{written[-1].number}: '{written[-1].text.strip()[:60]}'."
    ]
