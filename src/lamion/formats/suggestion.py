"""The word on which columns to read, written out for the headers of a file that is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lamion.quantities import InputError
from lamion.records.column import EXAMPLE, Column, named, split_label, unformed, unit_of
from lamion.records.impedance import COLUMNS

OPEN = "N"
"""Stands for the number of a column that is not known; no specification with it is read."""


def key_of(column: Column) -> str:
    """Return the word for a column: the first of the names that it is read under."""
    return column.names[0]


def needed_of(columns: Mapping[str, Column]) -> list[str]:
    """Return the columns without which there is no record."""
    return [name for name, column in columns.items() if column.needed]


def written_out(labels: Sequence[str], columns: Mapping[str, Column], needed: Sequence[str]) -> str:
    """Return the specification that would read a table, by the names, the units and the order of its headers.

    Parameters
    ----------
    labels : sequence of str
        The headers, as printed, one for each column of the table; empty for one that holds no numbers.
    columns : Mapping of str to Column
        What is declared.
    needed : sequence of str
        Those that a record must have; N stands for the number of one that is not found. Others are there where a header
        names them.

    Examples
    --------
    >>> declared = {"time": Column("s", names=("time", "t")), "voltage": Column("V", names=("voltage", "u"))}
    >>> written_out(["Spannung (mV)", "note", "t (min)"], declared, ["time", "voltage"])
    'time=3 min,voltage=1 mV'
    >>> written_out(["Spannung", "note", "t (min)"], declared, ["time", "voltage"])
    'time=3 min,voltage=N'
    """
    found = _places(labels, columns, needed)
    every = [*needed, *(name for name in found if name not in needed)]
    return ",".join(
        _part(labels[found[name]], found[name], columns[name]) if name in found else f"{key_of(columns[name])}={OPEN}"
        for name in every
    )


def of_impedance(labels: Sequence[str]) -> str:
    """Return the specification that would read a table of impedance, as much of it as its headers say.

    Parameters
    ----------
    labels : sequence of str
        Every header as printed.

    Examples
    --------
    >>> of_impedance(["Frequenz / kHz", "Real / ohm", "-Imag / ohm"])
    'f=1 kHz,re=2 ohm,im=-3 ohm'
    """
    parts = (("real impedance", "imaginary impedance"), ("modulus", "phase"))
    found = [
        written_out(labels, {name: COLUMNS[name] for name in names}, names)
        for names in (("frequency", *pair) for pair in parts)
    ]
    best = max(found, key=known_in)
    return best if known_in(best) else EXAMPLE


def is_whole(specification: str) -> bool:
    """Tell whether a specification says the number of every column."""
    return not specification.endswith(f"={OPEN}") and f"={OPEN}," not in specification


def known_in(specification: str) -> int:
    """Return how many columns' numbers a specification says."""
    return sum(not part.endswith(f"={OPEN}") for part in specification.split(","))


def _places(labels: Sequence[str], columns: Mapping[str, Column], needed: Sequence[str]) -> dict[str, int]:
    """Return the columns that are found: by name, else by a unit that nothing else has, else the one that is left."""
    found: dict[str, int] = {}
    for place, label in enumerate(labels):
        name = named(label, columns)
        if name is not None and name not in found and (not _unit(label) or _agrees(label, columns[name])):
            found[name] = place
    for name in needed:
        fit = [place for place in _left(labels, found) if _fits(labels[place], columns[name])]
        alike = [other for other in needed if other not in found and columns[other].unit == columns[name].unit]
        if name not in found and len(fit) == len(alike):
            found[name] = fit[0]
    missing, left = [name for name in needed if name not in found], _left(labels, found)
    if len(missing) == len(left) == 1 and not _unit(labels[left[0]]):
        found[missing[0]] = left[0]
    return found


def _left(labels: Sequence[str], found: Mapping[str, int]) -> list[int]:
    return [place for place, label in enumerate(labels) if label and place not in found.values()]


def _unit(label: str) -> str:
    return split_label(unformed(label).text)[1]


def _fits(label: str, column: Column) -> bool:
    """Tell whether a header says a unit by which it may be the column's."""
    return bool(_unit(label)) and not column.any_unit and column.unit != "1" and _agrees(label, column)


def _agrees(label: str, column: Column) -> bool:
    """Tell whether the column may be in the unit of a header."""
    try:
        return unit_of(_header(label, column), column).said
    except InputError:
        return False


def _header(label: str, column: Column) -> str:
    """Return the header that a column would have in the form and the unit of a printed one."""
    form = unformed(label)
    if form.form == "inverse":
        return "1/T" if form.factor == 1.0 else "1000/T"
    return f"{form.form} {key_of(column)} / {_unit(label)}".lstrip()


def _part(label: str, place: int, column: Column) -> str:
    """Say which column it is: what is not printed of its unit is the record's."""
    minus = "-" if column.signed and label.lstrip().startswith(("-", "\u2212")) else ""
    key, _, unit = _header(label, column).partition(" / ")
    plain = column.any_unit or column.unit == "1" or unformed(label).form == "inverse"
    return f"{key}={minus}{place + 1}{'' if plain else f' {unit or column.unit}'}"
