"""Cyclers' tables, declared by their headers: time as h:min:s, counters of charge, currents without a sign."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import channel_warnings, directed_charge, falls_within, net_charge, places, record_of
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.declared_tables import LARGEST
from lamion.formats.table import headers, separator_of
from lamion.formats.table_reader import Columns, Head, Title, number_in, preamble, read_tables, unsure
from lamion.quantities import FileFormatError, units
from lamion.records.column import Column, HeaderError, Unit, named, split_label, unit_of
from lamion.records.measurements import CyclingRecord

Array = NDArray[np.float64]
_LONGEST_PREAMBLE = 1000
_LOOKED_AT = 200
_CLOCK = re.compile(r"(?:(\d{1,5})d\s*)?(\d{1,6}):([0-5]\d):([0-5]\d)(?:[.,](\d{1,9}))?", re.ASCII)
_CHARGE_UNIT = re.compile(r"(?<=A)s(?=\s*[)\]])")
_DAY = timedelta(days=1).total_seconds()
_COUNTED = ("cycle", "step")
_MAKE_CHARGE = ("charged", "discharged", "amount")
_REMEDY = "Export the file again from the cycler's program, or mend the line if you know what stood there."


def names(unit: str, of: str, *, needed: bool = False) -> Column:
    """Declare a column by its unit and its names, in lower case without blanks, ``_``, ``-`` and ``.``."""
    return Column(unit, of, tuple(of.split()), needed=needed, any_unit=unit == "1")


@dataclass(frozen=True)
class Cycler:
    """How a cycler's program writes a channel.

    Parameters
    ----------
    name : str
        Of the format, for people.
    tells : str
        Names of headers, more than half of which are a table of this program.
    columns : Mapping of str to Column
        ``time``, ``voltage``, ``current``, ``cycle``, ``step``, ``charge`` (the net one) of the record; what they are
        made of: ``charged`` and ``discharged`` or ``amount`` (of either), counters that begin anew, and ``direction``,
        the word for it; ``point``, which counts up by one; ``date``, which tells a time's unit.
    signs : Mapping of str to int
        What the words for a direction mean for a current without a sign.
    units : Mapping of str to str
        Those of headers that say none.
    begins : str
        What the file begins with.
    """

    name: str
    tells: str
    columns: Mapping[str, Column]
    signs: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    begins: str = ""


def format_of(cycler: Cycler) -> Format:
    """Return the format of a program's tables."""
    return Format(
        cycler.name,
        lambda raw: raw.text.lines[:1] != () and _head(raw, cycler) is not None,
        lambda raw: _read(raw, cycler),
        largest=LARGEST,
    )


def _head(raw: RawFile, cycler: Cycler) -> Head | None:
    """Return the headers: the first line with more than half of the names that tell."""
    lines = [line for line in raw.top.text.lines[:_LONGEST_PREAMBLE] if line.text.strip()]
    if cycler.begins and not (lines and lines[0].text.startswith(cycler.begins)):
        return None
    tells = {name: Column("1", name, (name,), signed=True) for name in cycler.tells.split()}
    for place, line in enumerate(lines):
        if line.text.lstrip()[:1].isdigit():
            continue
        separator = separator_of(line.text)
        labels = headers(line.text, separator)
        if 2 * len({named(label, tells) for label in labels} - {None}) > len(tells):
            first = headers(lines[place + 1].text, separator) if place + 1 < len(lines) else ()
            return Head(line.number, "", separator, labels, preamble(lines[:place]), True, first)
    return None


def _read(raw: RawFile, cycler: Cycler) -> Parsed:
    head = _head(raw, cycler)
    assert head is not None  # noqa: S101  it matched
    titles, warnings = _titles(raw, head, cycler)
    ((table,), cut) = read_tables(raw, head, titles, _translation(head, titles, cycler))
    record = record_of(raw.name, _arrays(table.arrays), lambda row: f"line {table.line(row)}", _REMEDY)
    said = [*warnings, *cut, *_warnings(record, table, cycler)]
    return Parsed((record,), head.preamble, tuple(said))


def _titles(raw: RawFile, head: Head, cycler: Cycler) -> tuple[dict[str, Title], list[str]]:
    """Return the columns that are read, and what had to be taken for granted."""
    found: dict[str, Title] = {}
    taken: list[str] = []
    for index, printed in enumerate(head.labels):
        label = _CHARGE_UNIT.sub(" s", printed)
        key = named(label, cycler.columns)
        if key is None or key == "date":
            continue
        if key in found:
            raise _unsure(raw, head, f"one column for the {key}", f"'{found[key].label}' and '{printed}'")
        found[key] = Title(index, printed, _unit(raw, head, cycler, key, index, label, taken))
    missing = [column.title for key, column in cycler.columns.items() if column.needed and key not in found]
    if missing:
        raise _unsure(raw, head, f"a column '{missing[0].split()[0]}'", "none")
    return found, [_TAKEN.format(", ".join(dict.fromkeys(taken)))] if taken else []


_TAKEN = "The headers give no units: {} were taken, as the cycler's program writes them."


def _unit(raw: RawFile, head: Head, cycler: Cycler, key: str, index: int, label: str, taken: list[str]) -> Unit:
    column, bare = cycler.columns[key], not split_label(label)[1]
    if key == "time" and index < len(head.first) and _CLOCK.fullmatch(head.first[index]):
        return Unit()
    if key == "time" and bare and (told := _unit_by_dates(raw, head, cycler, index)):
        return unit_of(f"{label} / {told}", column)
    if bare and key in cycler.units:
        taken.append(cycler.units[key])
        return unit_of(f"{label} / {cycler.units[key]}", column)
    try:
        return unit_of(label, column)
    except HeaderError as error:
        raise _unsure(raw, head, error.expected, error.found, error.remedy) from error


def _unit_by_dates(raw: RawFile, head: Head, cycler: Cycler, index: int) -> str:
    """Return the unit in which times agree with the dates beside them; nothing where none does."""
    place = next((k for k, label in enumerate(head.labels) if named(label, cycler.columns) == "date"), None)
    rows = [headers(line.text, head.separator) for line in raw.top.text.lines[head.line : head.line + _LOOKED_AT]]
    read = [
        (number_in(row[index]), _CLOCK.search(row[place])) for row in rows if place and len(row) == len(head.labels)
    ]
    both = [(time, _seconds(clock[0])) for time, clock in read if time is not None and clock is not None]
    if len(both) < 2 or both[-1][0] <= both[0][0]:
        return ""
    passed = [(time - both[0][0], (float(clock) - float(both[0][1])) % _DAY) for time, clock in both]
    agree = [
        unit
        for unit in ("s", "min", "h")
        if all(abs((units.convert(t, unit, "s") - c + _DAY / 2) % _DAY - _DAY / 2) <= 2.0 for t, c in passed)
    ]
    return agree[0] if len(agree) == 1 else ""


def _unsure(raw: RawFile, head: Head, expected: str, found: str, remedy: str = _REMEDY) -> FileFormatError:
    return unsure(raw.name, head, CyclingRecord.kind.columns, expected, found, remedy)


def _seconds(printed: str) -> str:
    """Write days, hours, minutes and seconds as seconds, every digit kept."""
    clock = _CLOCK.fullmatch(printed)
    assert clock is not None  # noqa: S101  it was found as one
    days, hours, minutes, seconds, part = clock.groups()
    whole = 86400 * int(days or 0) + 3600 * int(hours) + 60 * int(minutes) + int(seconds)
    return f"{whole}.{part}" if part else f"{whole}"


def _translation(head: Head, titles: Mapping[str, Title], cycler: Cycler) -> Callable[[str], str]:
    """Return what writes cells that are no numbers as such: clocks as seconds, words for a direction as its sign."""
    changes: list[tuple[re.Pattern[str], Callable[[str], str]]] = []
    index = titles["time"].index
    if index < len(head.first) and _CLOCK.fullmatch(head.first[index]):
        changes.append((_cell(head.separator, index, _CLOCK.pattern), _seconds))
    if "direction" in titles:
        words = "|".join(map(re.escape, cycler.signs))
        changes.append((_cell(head.separator, titles["direction"].index, words), lambda word: f"{cycler.signs[word]}"))

    def translate(text: str) -> str:
        for pattern, change in changes:
            text = pattern.sub(lambda match, change=change: match["above"] + change(match["cell"]), text)  # type: ignore[misc]
        return text

    return translate


def _cell(separator: str, index: int, pattern: str) -> re.Pattern[str]:
    """Return what matches the lines of a table up to such a cell in one column."""
    mark = re.escape(separator)
    before = rf"(?:[^{mark}\n]*{mark}){{{index}}}[ \"]*"
    return re.compile(rf"^(?P<above>{before})(?P<cell>{pattern})(?=[ \"]*(?:{mark}|$))", re.ASCII | re.MULTILINE)


def _arrays(read: Mapping[str, Array]) -> dict[str, Array]:
    """Return the record's columns from those that were read."""
    found = {key: read[key] for key in ("time", "voltage", "current", *_COUNTED, "charge") if key in read}
    direction = read.get("direction")
    if direction is not None:
        found["current"] = np.where(direction == 0.0, read["current"], direction * np.abs(read["current"]))
    if "charged" in read and "discharged" in read:
        found["charge"] = net_charge(read["charged"], read["discharged"])
    elif "amount" in read:
        way = np.sign(found["current"]) if direction is None else direction
        found["charge"] = directed_charge(read["amount"], way)
    return found


def _warnings(record: CyclingRecord, table: Columns, cycler: Cycler) -> Iterator[str]:
    def place(row: int) -> str:
        return f"line {table.line(row)}"

    yield from channel_warnings(record, place)
    groups = tuple(table.arrays[key] for key in _COUNTED if key in table.arrays)
    for key in _MAKE_CHARGE:
        if key in table.arrays:
            yield from falls_within(table.arrays[key], groups, "charge", place)
    if "point" in table.arrays:
        wrong = np.flatnonzero(np.diff(table.arrays["point"]) != 1.0) + 1
        if len(wrong):
            yield f"{places(wrong, place)}: the points do not count up by one, so lines are missing or were moved."
    if cycler.signs and "direction" not in table.arrays and np.any(record.current) and not np.any(record.current < 0.0):
        yield "No column says which way the current flows: it is taken to charge."
