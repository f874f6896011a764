"""One stored fact: a value that says how sure it is, where it holds and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lamion.quantities import InputError, Quantity
from lamion.quantities import units as _units

GRADES: Mapping[str, str] = {
    "A": "a primary measurement or a critical compilation",
    "B": "a supplier's data sheet, a handbook or a commonly quoted value",
    "C": "an estimate or an assumption, said to be one",
}
"""The scale of evidence, best first."""

_POSITIVE: Mapping[str, str] = {
    "density": "g/cm3",
    "crystal_density": "g/cm3",
    "molar_mass": "g/mol",
    "lattice_parameter": "angstrom",
    "layer_spacing": "angstrom",
    "electrons": "1",
}
"""Properties that lamion computes with: a unit of the dimension they need; all larger than zero."""

_TEXTS = ("property", "unit", "form", "conditions", "source", "grade")


@dataclass(frozen=True, slots=True)
class Fact:
    """A property of a substance as somebody stated it.

    Parameters
    ----------
    property_name : str
        What is stated, such as ``"density"``, ``"melting_point"`` or ``"layer_spacing"``.
    value : float
        The number, in `unit`.
    std : float or None
        One standard uncertainty in `unit`; None when unknown.
    unit : str
        The unit as typed on the command line.
    form : str
        What tells this fact from others of the same property, such as ``"crystal"`` or ``"supplier"``.
    conditions : str
        Where it holds: temperature, form, how it was obtained.
    source : str
        A DOI or the text of a reference.
    grade : str
        A key of :data:`GRADES`.

    Raises
    ------
    InputError
        When the grade or the unit is unknown, the source is empty, or a property that lamion computes with has
        another dimension than it should or is not larger than zero.

    Examples
    --------
    >>> fact = Fact("density", 1.12, 0.01, "g/cm3", "amorphous", "25 degC", "a handbook", "B")
    >>> print(fact.quantity)
    1.120(10) g/cm3
    """

    property_name: str
    value: float
    std: float | None
    unit: str
    form: str
    conditions: str
    source: str
    grade: str

    def __post_init__(self) -> None:
        if self.grade not in GRADES:
            known = "; ".join(f"{letter}, {meaning}" for letter, meaning in GRADES.items())
            raise InputError(
                f"The grade '{self.grade}' of the fact '{self.property_name}' is unknown.", "", f"Use {known}."
            )
        if not self.source.strip():
            raise InputError(
                f"The fact '{self.property_name}' has no source.",
                "",
                "Say where it comes from: a DOI, a data sheet, or 'assumed'.",
            )
        _units.check(self.unit)
        self._check_positive()

    def _check_positive(self) -> None:
        unit = _POSITIVE.get(self.property_name)
        if unit is None:
            return
        if not _units.same_dimension(self.unit, unit):
            raise InputError(
                f"The fact '{self.property_name}' is given in '{self.unit}'.", "", f"Give it in '{unit}' or alike."
            )
        if not self.value > 0:
            raise InputError(
                f"The fact '{self.property_name}', {self.value:g} {self.unit}, is not larger than zero.",
                "",
                "Give a positive value.",
            )

    @property
    def quantity(self) -> Quantity:
        """The fact's number with its uncertainty, unit and source."""
        return Quantity(self.value, self.std, self.unit, self.source)

    def to_table(self) -> dict[str, Any]:
        """Return the fact as a JSON object; ``std`` is left out when unknown."""
        table: dict[str, Any] = {
            "property": self.property_name,
            "value": self.value,
            "unit": self.unit,
            "form": self.form,
            "conditions": self.conditions,
            "source": self.source,
            "grade": self.grade,
        }
        if self.std is not None:
            table["std"] = self.std
        return table

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Fact:
        """Build a fact from a TOML or JSON table.

        Parameters
        ----------
        table : Mapping
            ``property``, ``value`` and ``unit``; optionally ``std``, ``form``, ``conditions``, ``source`` and
            ``grade``, by default ``"stated"``, ``"as stated by the user"``, ``"the user's table"`` and ``"C"``.

        Raises
        ------
        InputError
            When a key is missing or unknown, or a value is not what it should be.

        Examples
        --------
        >>> Fact.from_table({"property": "density", "value": 1.3, "unit": "g/cm3"}).grade
        'C'
        """
        _check_keys(table)
        texts = {
            "form": "stated",
            "conditions": "as stated by the user",
            "source": "the user's table",
            "grade": "C",
        }
        texts |= {name: str(table[name]) for name in _TEXTS if name in table}
        std = table.get("std")
        return cls(
            property_name=texts["property"],
            value=_number(table["value"], "value", texts["property"]),
            std=None if std is None else _number(std, "std", texts["property"]),
            unit=texts["unit"],
            form=texts["form"],
            conditions=texts["conditions"],
            source=texts["source"],
            grade=texts["grade"],
        )


def _check_keys(table: Mapping[str, Any]) -> None:
    missing = [name for name in ("property", "value", "unit") if name not in table]
    unknown = [name for name in table if name not in (*_TEXTS, "value", "std")]
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has the unknown key '{unknown[0]}'"
        raise InputError(
            f"A fact {wrong}.",
            "",
            "Give property, value and unit, and if known std, form, conditions, source and grade.",
        )


def _number(value: Any, key: str, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(
            f"The {key} of the fact '{name}' is '{value}', not a number.", "", "Write a plain number in its unit."
        )
    return float(value)
