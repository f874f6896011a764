"""A substance: a formula and the facts known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lamion.quantities import InputError, Quantity
from lamion.substances.fact import Fact
from lamion.substances.formula import composition, molar_mass, theoretical_capacity

_KEYS = ("key", "name", "formula", "aliases", "kind", "facts", "density", "molar_mass")
_CARRIERS = ("Li", "Na", "K")


@dataclass(frozen=True, slots=True)
class Substance:
    """A substance and what is known about it; carries everything a computation needs.

    Parameters
    ----------
    key : str
        Its short name in results, such as ``"litfsi"``.
    name : str
        Its full name.
    formula : str
        Its formula, a polymer's repeat unit; empty when it has none.
    aliases : tuple of str
        Other names people use.
    kind : str
        Such as ``"salt"`` or ``"polymer"``; may be empty.
    facts : tuple of Fact
        Of several facts of one property, the first is the default.

    Examples
    --------
    >>> own = Substance.from_table({"key": "peo", "formula": "C2H4O", "density": "1.12(1) g/cm3"})
    >>> print(own.molar_mass, "and", own.quantity("density"))
    44.0526 g/mol and 1.120(10) g/cm3
    """

    key: str
    name: str
    formula: str = ""
    aliases: tuple[str, ...] = ()
    kind: str = ""
    facts: tuple[Fact, ...] = ()

    def __post_init__(self) -> None:
        if self.formula:
            composition(self.formula)

    @property
    def molar_mass(self) -> Quantity:
        """Molar mass (a polymer's: of the repeat unit), from the formula or else from a fact, in g/mol."""
        if self.formula:
            return Quantity(1000 * molar_mass(self.formula), None, "g/mol", f"formula {self.formula}")
        return self.quantity("molar_mass").to("g/mol")

    @property
    def charge_carriers(self) -> float:
        """Atoms of Li, Na or K per formula unit; 1 for a salt known only by its molar mass."""
        if not self.formula:
            return 1.0 if self.kind == "salt" else 0.0
        atoms = composition(self.formula)
        return sum(atoms.get(element, 0.0) for element in _CARRIERS)

    @property
    def theoretical_capacity(self) -> Quantity:
        """Capacity n F/M in mAh/g, with n the fact ``electrons``."""
        electrons = self.quantity("electrons").value
        capacity = theoretical_capacity(self.formula, electrons) / 3600
        return Quantity(capacity, None, "mAh/g", f"Faraday's law, {self.formula}, n = {electrons:g}")

    def stated(self, property_name: str) -> tuple[Fact, ...]:
        """Return every fact of one property, the default first.

        Parameters
        ----------
        property_name : str
            Such as ``"density"``.
        """
        return tuple(fact for fact in self.facts if fact.property_name == property_name)

    def fact(self, property_name: str, form: str | None = None) -> Fact:
        """Return one fact.

        Parameters
        ----------
        property_name : str
            Such as ``"density"``.
        form : str, optional
            Which one, such as ``"crystal"``; by default the first.

        Raises
        ------
        InputError
            When there is no such fact.
        """
        stated = self.stated(property_name)
        found = [fact for fact in stated if form in (None, fact.form)]
        if found:
            return found[0]
        known = ", ".join(f"'{fact.form}'" for fact in stated)
        what = f"{property_name} of the form '{form}'" if form else property_name
        raise InputError(
            f"No {what} is known for {self.name}.",
            f"Known forms are {known}." if known else "",
            "Give it with a source in your own table of this substance, or choose a known form.",
        )

    def quantity(self, property_name: str, form: str | None = None) -> Quantity:
        """Return one fact's number; arguments and errors as in :meth:`fact`."""
        return self.fact(property_name, form).quantity

    def to_table(self) -> dict[str, Any]:
        """Return the substance as a JSON object that :meth:`from_table` reads back."""
        return {
            "key": self.key,
            "name": self.name,
            "formula": self.formula,
            "aliases": list(self.aliases),
            "kind": self.kind,
            "facts": [fact.to_table() for fact in self.facts],
        }

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Substance:
        """Build a substance from a TOML or JSON table, such as a user's own.

        Parameters
        ----------
        table : Mapping
            ``key``, and ``formula`` or ``molar_mass``; optionally ``name``, ``aliases``, ``kind``, ``facts``
            (tables for :meth:`lamion.substances.fact.Fact.from_table`) and, in short, ``density``. ``density``
            and ``molar_mass`` are quantities as typed, such as ``"1.12(1) g/cm3"``.

        Raises
        ------
        InputError
            When a key is missing or unknown, or a value cannot be read.
        """
        _check_table(table)
        key = str(table["key"])
        return cls(
            key=key,
            name=str(table.get("name", key)),
            formula=str(table.get("formula", "")),
            aliases=tuple(str(alias) for alias in table.get("aliases", ())),
            kind=str(table.get("kind", "")),
            facts=(
                *_short_facts(table),
                *(Fact.from_table(fact) for fact in table.get("facts", ())),
            ),
        )


def _check_table(table: Mapping[str, Any]) -> None:
    unknown = [name for name in table if name not in _KEYS]
    if unknown:
        raise InputError(
            f"A substance's table has the unknown key '{unknown[0]}'.", "", f"Known are: {', '.join(_KEYS)}."
        )
    if not table.get("key"):
        raise InputError("A substance's table has no key.", "", "Give it a short name, such as key = 'peo'.")
    for name in ("aliases", "facts"):
        if not isinstance(table.get(name, []), list | tuple):
            raise InputError(f"The {name} of the substance '{table['key']}' are not a list.", "", "Write a list.")
    facts = {fact.get("property") for fact in table.get("facts", ()) if isinstance(fact, Mapping)}
    if not table.get("formula") and "molar_mass" not in table and "molar_mass" not in facts:
        raise InputError(
            f"The substance '{table['key']}' has neither a formula nor a molar mass.",
            "",
            "Give one of them, such as formula = 'C2H4O' or molar_mass = '44.05 g/mol'.",
        )


def _short_facts(table: Mapping[str, Any]) -> list[Fact]:
    """Read ``density = "1.12 g/cm3"`` and ``molar_mass = "44 g/mol"``."""
    from lamion.quantities import parse_positive

    found = []
    for name, unit in (("density", "g/cm3"), ("molar_mass", "g/mol")):
        if name in table:
            typed = parse_positive(str(table[name]), unit, name=f"The {name.replace('_', ' ')} of {table['key']}")
            found.append(
                Fact.from_table(
                    {"property": name, "value": typed.value, "unit": typed.unit}
                    | ({} if typed.std is None else {"std": typed.std})
                )
            )
    return found
