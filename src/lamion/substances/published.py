"""Published electrolytes and cells: points to hold one's own against, each with the work that reports it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from lamion.quantities import InputError, Quantity
from lamion.substances.fact import GRADES

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_TEXTS = ("name", "kind", "doi", "seen", "grade", "basis")
_SAME = 2.0
"""Temperatures that count as one, K apart."""
_ROOM = (288.15, 303.15)


@dataclass(frozen=True)
class Compared:
    """A property by which points are held against each other.

    Parameters
    ----------
    unit : str
        Of its values.
    more : bool
        Whether more of it is better.
    """

    unit: str
    more: bool = True


ELECTROLYTE: Mapping[str, Compared] = MappingProxyType(
    {"conductivity": Compared("S/cm"), "modulus": Compared("GPa"), "thickness": Compared("um", more=False)}
)
"""What electrolytes are compared by."""
CELL: Mapping[str, Compared] = MappingProxyType(
    {"energy": Compared("Wh/kg"), "power": Compared("W/kg"), "cycles": Compared("1")}
)
"""What cells are compared by."""


@dataclass(frozen=True)
class PublishedPoint:
    """What one work states of one electrolyte or cell.

    Parameters
    ----------
    name, kind : str
        What it is.
    doi : str
        Of the work.
    seen : str
        What was read of it.
    grade : str
        A key of :data:`~lamion.substances.fact.GRADES`.
    values : Mapping of str to Quantity
        What it states, in the units of the properties; the others are missing.
    temperature : Quantity or None
        Of the conductivity; None where no number is said.
    room : bool
        Whether the work says room temperature, without a number.
    basis : str
        Of a cell's energy: the mass that was counted.

    Examples
    --------
    >>> table = {"name": "A", "doi": "10.1000/1", "grade": "B", "temperature": "25 degC", "conductivity": "1 mS/cm"}
    >>> point = PublishedPoint.from_table(table, ELECTROLYTE)
    >>> print(point.values["conductivity"], point.missing(ELECTROLYTE))
    1e-3 S/cm ['modulus', 'thickness']
    """

    name: str
    kind: str
    doi: str
    seen: str
    grade: str
    values: Mapping[str, Quantity]
    temperature: Quantity | None = None
    room: bool = False
    basis: str = ""

    def missing(self, properties: Iterable[str]) -> list[str]:
        """Return the properties that the work does not state."""
        return [name for name in properties if name not in self.values]

    def comparable(self, temperature: Quantity | None) -> bool:
        """Tell whether a conductivity at this temperature may be set beside the point's own."""
        if temperature is None or "conductivity" not in self.values:
            return True
        if self.temperature is None:
            return self.room and _ROOM[0] <= temperature.si <= _ROOM[1]
        return abs(self.temperature.si - temperature.si) <= _SAME

    @classmethod
    def from_table(cls, table: Mapping[str, Any], properties: Mapping[str, Compared]) -> PublishedPoint:
        """Read a point; what is not known, has no DOI or no temperature is refused."""
        place = f"The published point '{table.get('name', '')}'"
        for word, item in table.items():
            if word not in (*_TEXTS, "temperature", *properties) or not isinstance(item, str):
                known = ", ".join((*_TEXTS, "temperature", *properties))
                raise InputError(f"{place}: '{word}' is not known or not a text.", "", f"Known are: {known}.")
        if not table.get("name") or not _DOI.fullmatch(table.get("doi", "")):
            raise InputError(f"{place} has no name or no DOI.", "", 'Give doi = "10...": only cited points count.')
        if table.get("grade", "C") not in GRADES:
            raise InputError(f"{place}: its grade is none of {', '.join(GRADES)}.", "", "Give one of them.")
        values = {name: Quantity(table[name]).to(one.unit) for name, one in properties.items() if name in table}
        temperature = table.get("temperature", "")
        if not values or ("conductivity" in values and not temperature):
            raise InputError(
                f"{place} states no property, or a conductivity without its temperature.",
                "",
                'Give both; temperature = "room" where the work says no more.',
            )
        room = temperature == "room"
        texts = {name: table.get(name, "") for name in _TEXTS} | {"grade": table.get("grade", "C")}
        known_at = None if room or not temperature else Quantity(temperature).to("K")
        return cls(**texts, values=values, temperature=known_at, room=room)


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, list[dict[str, Any]]]:
    return tomllib.loads(files("lamion.substances").joinpath("published.toml").read_text(encoding="utf-8"))


def cited_electrolytes() -> tuple[PublishedPoint, ...]:
    """Return the published electrolytes that come with lamion."""
    return tuple(PublishedPoint.from_table(table, ELECTROLYTE) for table in _tables()["electrolyte"])


def cited_cells() -> tuple[PublishedPoint, ...]:
    """Return the published cells that come with lamion."""
    return tuple(PublishedPoint.from_table(table, CELL) for table in _tables()["cell"])


@dataclass(frozen=True)
class Standing:
    """How one point stands among others.

    Parameters
    ----------
    complete : tuple of PublishedPoint
        Those that state every property, at a comparable temperature.
    better : Mapping of str to int
        How many of them are better in each property.
    beaten_by : tuple of str
        Those that are at least as good in all and better in one.
    unbeaten : int
        How many of them are beaten by none of the others: how sharp the question is.
    """

    complete: tuple[PublishedPoint, ...]
    better: Mapping[str, int]
    beaten_by: tuple[str, ...]
    unbeaten: int


def standing(
    own: Mapping[str, Quantity],
    temperature: Quantity | None,
    points: Sequence[PublishedPoint],
    properties: Mapping[str, Compared],
) -> Standing:
    """Hold one point against all that state every property at a comparable temperature.

    Parameters
    ----------
    own : Mapping of str to Quantity
        One's own properties, as far as they are known.
    temperature : Quantity or None
        Of one's own conductivity.
    points : sequence of PublishedPoint
        The others.
    properties : Mapping of str to Compared
        What counts.
    """
    counted = [name for name in properties if name in own]
    complete = tuple(one for one in points if not one.missing(properties) and one.comparable(temperature))
    mine = _scores(own, properties, counted)
    others = {one.name: _scores(one.values, properties, counted) for one in complete}
    better = {name: sum(score[k] > mine[k] for score in others.values()) for k, name in enumerate(counted)}
    beaten_by = tuple(name for name, score in others.items() if _beats(score, mine))
    unbeaten = sum(not any(_beats(other, score) for other in others.values()) for score in others.values())
    return Standing(complete, better, beaten_by, unbeaten)


def _scores(values: Mapping[str, Quantity], properties: Mapping[str, Compared], counted: Sequence[str]) -> list[float]:
    """Return numbers of which more is better."""
    signs = {name: 1 if properties[name].more else -1 for name in counted}
    return [sign * values[name].to(properties[name].unit).value for name, sign in signs.items()]


def _beats(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(a >= b for a, b in zip(one, other, strict=True)) and any(a > b for a, b in zip(one, other, strict=True))
