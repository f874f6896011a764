"""An electrolyte as the models take it: what it conducts, how heavy and how stiff it is; and a film of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from lamion.quantities import InputError, Quantity
from lamion.quantities.fields import Checked, of
from lamion.quantities.properties import PROPERTIES, ROOM_TEMPERATURE
from lamion.substances.law import Law, as_law

Given = Quantity | Law | None


@dataclass(frozen=True)
class Electrolyte:
    """A binary electrolyte; each property a quantity, taken as constant, a text, or a law of temperature.

    Parameters
    ----------
    conductivity : Quantity, Law or str, optional
        Ionic conductivity.
    transference : Quantity, Law or str, optional
        Transference number of the lithium ion; below zero in some concentrated electrolytes.
    concentration : Quantity, Law or str, optional
        Of the salt at rest.
    diffusivity : Quantity, Law or str, optional
        Of the salt (ambipolar).
    thermodynamic_factor : Quantity, Law or str, optional
        1 + dlnf/dlnc; 1 when dilute.
    density, modulus : Quantity, Law or str, optional
        Mass density and Young's modulus.
    name : str
        What it is called in reports; may be empty.

    Raises
    ------
    InputError
        When a property has another dimension than it should, or lies outside what can be.

    Notes
    -----
    Units and ranges are those of :data:`lamion.quantities.properties.PROPERTIES`: a property is added there and here.

    Examples
    --------
    >>> from lamion.substances import Arrhenius
    >>> sigma = Arrhenius(Quantity("5.62e-4 S/cm"), Quantity("25 degC"), Quantity("0.25 eV"))
    >>> film = Electrolyte(sigma, transference="0.78")
    >>> print(film.at(Quantity("55 degC")).conductivity)
    1.36796e-3 S/cm
    """

    conductivity: Given = None
    transference: Given = None
    concentration: Given = None
    diffusivity: Given = None
    thermodynamic_factor: Given = None
    density: Given = None
    modulus: Given = None
    name: str = ""

    def __post_init__(self) -> None:
        for name, given in self._given():
            if isinstance(given, Law):
                PROPERTIES[name].checked(_sample(given), f"electrolyte's {PROPERTIES[name].term}")
            else:
                quantity = PROPERTIES[name].checked(given, f"electrolyte's {PROPERTIES[name].term}")
                object.__setattr__(self, name, quantity)

    def _given(self) -> Iterator[tuple[str, Any]]:
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return ((name, given) for name, given in named if given is not None and name != "name")

    def at(self, temperature: Quantity) -> Electrolyte:
        """Return the electrolyte at one temperature: each property a quantity.

        Parameters
        ----------
        temperature : Quantity
            Such as 55 degC.

        Raises
        ------
        InputError
            When a law does not hold there.
        """
        return Electrolyte(**{name: as_law(given).at(temperature) for name, given in self._given()}, name=self.name)

    def quantities(self, temperature: Quantity | None = None) -> dict[str, Quantity]:
        """Return the properties that are known, by name.

        Parameters
        ----------
        temperature : Quantity, optional
            Needed where a property is a law.

        Raises
        ------
        InputError
            When a law has no temperature.
        """
        return {name: _constant(name, given, temperature) for name, given in self._given()}

    def quantity(self, name: str, temperature: Quantity | None = None) -> Quantity:
        """Return one property.

        Parameters
        ----------
        name : str
            Such as ``"conductivity"``.
        temperature : Quantity, optional
            Needed where it is a law.

        Raises
        ------
        InputError
            When it is not known.
        """
        known = dict(self._given())
        if name not in known:
            raise InputError(
                f"The electrolyte's {PROPERTIES[name].term} is not known.",
                f"Known are: {', '.join(known) or 'none of its properties'}.",
                "Give it beside the electrolyte.",
            )
        return _constant(name, known[name], temperature)

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Electrolyte:
        """Build an electrolyte from a table of its properties, as a study or a person writes it.

        Parameters
        ----------
        table : Mapping
            By the names of the fields; texts or quantities.

        Raises
        ------
        InputError
            When a key is unknown or a value cannot be read.

        Examples
        --------
        >>> print(Electrolyte.from_table({"conductivity": "5.62e-4 S/cm"}).quantity("conductivity"))
        5.62e-4 S/cm
        """
        known = [field.name for field in fields(cls)]
        for key in table:
            if key not in known:
                raise InputError(f"An electrolyte has no '{key}'.", "", f"It has: {', '.join(known)}.")
        return cls(**dict(table))


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


def _constant(name: str, given: Any, temperature: Quantity | None) -> Quantity:
    if temperature is not None:
        return as_law(given).at(temperature)
    if isinstance(given, Quantity):
        return given
    raise InputError(f"The electrolyte's {PROPERTIES[name].term} depends on temperature.", "", "Give the temperature.")


def _sample(law: Law) -> Quantity:
    """Give a law's value somewhere, to see its unit and sign: its own reference where it has one."""
    value = getattr(law, "value", None)
    return value if isinstance(value, Quantity) else law.at(ROOM_TEMPERATURE)
