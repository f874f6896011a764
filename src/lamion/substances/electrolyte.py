"""An electrolyte as the models take it: what it conducts, how heavy and how stiff it is; and a film of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar

from lamion.quantities import InputError, Quantity
from lamion.quantities.fields import Checked, of
from lamion.quantities.properties import PROPERTIES, ROOM_TEMPERATURE
from lamion.substances.concentration_law import ConcentrationPolynomial
from lamion.substances.law import Arrhenius, Law, VogelTammannFulcher, as_law

Given = Quantity | Law | ConcentrationPolynomial | None
Built = TypeVar("Built")

_LAWS = {
    "vogel_temperature": VogelTammannFulcher,
    "coefficients": ConcentrationPolynomial,
    "activation_energy": Arrhenius,
}
"""The laws that a table can say, by a key that only they have (the first of them that is there)."""


def said(meaning: str, otherwise: str = "") -> Any:
    """Declare a property that an electrolyte may have, with a few words on it and what holds where it is not known."""
    return field(default=None, metadata={"meaning": meaning, "otherwise": otherwise})


@dataclass(frozen=True)
class Electrolyte:
    """A binary electrolyte; each property a quantity, taken as constant, a text, or a law.

    Raises
    ------
    InputError
        When a property has another dimension than it should, or lies outside what can be.

    Notes
    -----
    A property is declared by its line below, and its unit, range and symbol in
    :data:`lamion.quantities.properties.PROPERTIES`: options, help and tables follow.

    Examples
    --------
    >>> from lamion.substances import Arrhenius
    >>> film = Electrolyte(Arrhenius("5.62e-4 S/cm", "25 degC", "0.25 eV"), transference="0.78")
    >>> print(film.at(Quantity("55 degC")).conductivity)
    1.36796e-3 S/cm
    """

    conductivity: Given = said("of the electrolyte, at its temperature")
    transference: Given = said("of the lithium ion")
    concentration: Given = said("of the salt at rest")
    diffusivity: Given = said("of the salt", "by Nernst and Einstein")
    thermodynamic_factor: Given = said("1 + dlnf/dlnc of the salt", "1")
    density: Given = said("mass per volume")
    modulus: Given = said("Young's modulus")
    name: str = ""

    def __post_init__(self) -> None:
        for name, given in self._given():
            term = f"electrolyte's {PROPERTIES[name].term}"
            if isinstance(given, Mapping):
                object.__setattr__(self, name, _law(given, term))
            elif not isinstance(given, Law | ConcentrationPolynomial):
                object.__setattr__(self, name, PROPERTIES[name].checked(given, term))
                continue
            PROPERTIES[name].checked(_sample(getattr(self, name)), term)

    def _given(self) -> Iterator[tuple[str, Any]]:
        return ((name, getattr(self, name)) for name in PROPERTIES_OF if getattr(self, name) is not None)

    def at(self, temperature: Quantity | None = None, concentration: Quantity | None = None) -> Electrolyte:
        """Return the electrolyte at one temperature and concentration: each property a quantity.

        Parameters
        ----------
        temperature : Quantity, optional
            Such as 55 degC; needed where a property is a law of it.
        concentration : Quantity, optional
            Of the salt; by default the electrolyte's own.

        Raises
        ------
        InputError
            When a law does not hold there.
        """
        return Electrolyte(**self.quantities(temperature, concentration), name=self.name)

    def quantities(
        self, temperature: Quantity | None = None, concentration: Quantity | None = None
    ) -> dict[str, Quantity]:
        """Return the properties that are known, by name.

        Parameters
        ----------
        temperature : Quantity, optional
            Needed where a property is a law of it.
        concentration : Quantity, optional
            Of the salt; by default the electrolyte's own.

        Raises
        ------
        InputError
            When a law has no temperature or concentration, or does not hold there.
        """
        return {name: self.quantity(name, temperature, concentration) for name, _ in self._given()}

    def quantity(
        self, name: str, temperature: Quantity | None = None, concentration: Quantity | None = None
    ) -> Quantity:
        """Return one property.

        Parameters
        ----------
        name : str
            Such as ``"conductivity"``.
        temperature : Quantity, optional
            Needed where it is a law of it.
        concentration : Quantity, optional
            Of the salt; by default the electrolyte's own.

        Raises
        ------
        InputError
            When it is not known, or a law does not hold there.
        """
        given = dict(self._given()).get(name)
        if given is None:
            raise InputError(
                f"The electrolyte's {PROPERTIES[name].term} is not known.",
                f"Known are: {', '.join(known for known, _ in self._given()) or 'none of its properties'}.",
                "Give it beside the electrolyte.",
            )
        if isinstance(given, ConcentrationPolynomial):
            return given.at(temperature, self._salt(name, temperature, concentration))
        if temperature is not None:
            return as_law(given).at(temperature)
        if isinstance(given, Quantity):
            return given
        raise InputError(
            f"The electrolyte's {PROPERTIES[name].term} depends on temperature.", "", "Give the temperature."
        )

    def _salt(self, name: str, temperature: Quantity | None, concentration: Quantity | None) -> Quantity:
        if concentration is not None:
            return concentration
        if self.concentration is None or name == "concentration":
            raise InputError(
                f"The electrolyte's {PROPERTIES[name].term} depends on the concentration.",
                "",
                "Give the concentration.",
            )
        return self.quantity("concentration", temperature)

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Electrolyte:
        """Build an electrolyte from a table of its properties, as a study or a person writes it.

        Parameters
        ----------
        table : Mapping
            By the names of the fields; texts, quantities, or the tables of laws by the names of theirs.

        Raises
        ------
        InputError
            When a key is unknown or a value cannot be read.

        Examples
        --------
        >>> sigma = {"value": "5.62e-4 S/cm", "temperature": "25 degC", "activation_energy": "0.25 eV"}
        >>> print(Electrolyte.from_table({"conductivity": sigma}).quantity("conductivity", Quantity("55 degC")))
        1.36796e-3 S/cm
        """
        return _built(cls, table, "An electrolyte")


PROPERTIES_OF = tuple(one.name for one in fields(Electrolyte) if one.metadata)
"""The names of the properties that an electrolyte may have."""


@dataclass(frozen=True)
class Film(Checked):
    """A film of an electrolyte between two electrodes.

    Parameters
    ----------
    electrolyte : Electrolyte
        What it is made of.
    thickness : Quantity
        Between the electrodes.
    area : Quantity, optional
        Of one electrode.

    Examples
    --------
    >>> film = Film(Electrolyte("5.62(11)e-4 S/cm"), "9.0(3) um", "2.01 cm2")
    >>> print((film.thickness / film.electrolyte.conductivity).to("ohm cm2"))
    1.601(62) ohm cm2
    """

    electrolyte: Electrolyte
    thickness: Quantity = of("thickness")
    area: Quantity | None = of("area", default=None)


def _law(table: Mapping[str, Any], term: str) -> Any:
    """Build the law that a table says."""
    for key, law in _LAWS.items():
        if key in table:
            return _built(law, table, f"A law of the {term}")
    raise InputError(
        f"The {term} is a table of {', '.join(map(str, table)) or 'nothing'}.",
        "",
        "A law has value, temperature and activation_energy; or value, temperature, pseudo_activation_energy and "
        "vogel_temperature; or coefficients, unit, low, high and temperature.",
    )


def _built(made: type[Built], table: Mapping[str, Any], title: str) -> Built:
    every = {one.name: one for one in fields(made)}  # type: ignore[arg-type]
    for key in table:
        if key not in every:
            raise InputError(f"{title} has no '{key}'.", "", f"It has: {', '.join(every)}.")
    for name, one in every.items():
        if name not in table and one.default is MISSING:
            raise InputError(f"{title} lacks '{name}'.", "", f"It has: {', '.join(every)}.")
    return made(**dict(table))


def _sample(law: Any) -> Quantity:
    """Give a law's value somewhere, to see its unit and sign: its own reference where it has one."""
    if isinstance(law, ConcentrationPolynomial):
        return law.at(None, (law.low + law.high) / 2)
    value = getattr(law, "value", None)
    return value if isinstance(value, Quantity) else law.at(ROOM_TEMPERATURE)
