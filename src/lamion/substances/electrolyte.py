"""An electrolyte as the models take it: what it conducts, how thick and how heavy it is."""

from __future__ import annotations

from dataclasses import dataclass

from lamion.quantities import InputError, Quantity
from lamion.quantities import units as _units
from lamion.substances.law import Law, as_law

Property = Quantity | Law

_UNITS = {
    "conductivity": "S/cm",
    "transference": "1",
    "diffusivity": "m2/s",
    "concentration": "mol/L",
    "thickness": "um",
    "density": "g/cm3",
}
_POSITIVE = ("conductivity", "diffusivity", "concentration", "thickness", "density")
_ANY_TEMPERATURE = 298.15


@dataclass(frozen=True, slots=True)
class ElectrolyteState:
    """An electrolyte at one temperature; the fields of :class:`Electrolyte` as quantities, None where not given.

    Parameters
    ----------
    temperature : Quantity
        Where the others hold.
    conductivity, transference, diffusivity, concentration, thickness, density : Quantity or None
        As in :class:`Electrolyte`.
    """

    temperature: Quantity
    conductivity: Quantity
    transference: Quantity | None = None
    diffusivity: Quantity | None = None
    concentration: Quantity | None = None
    thickness: Quantity | None = None
    density: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Electrolyte:
    """A binary electrolyte; each property a quantity, taken as constant, or a law of temperature.

    Parameters
    ----------
    conductivity : Quantity or Law
        Ionic conductivity, S/cm, larger than zero.
    transference : Quantity or Law, optional
        Cation transference number. Values outside 0 to 1 are allowed: concentrated electrolytes have them.
    diffusivity : Quantity or Law, optional
        Salt (ambipolar) diffusion coefficient, m2/s, larger than zero.
    concentration : Quantity or Law, optional
        Salt concentration at rest, mol/L, larger than zero.
    thickness : Quantity, optional
        Film thickness, um, larger than zero.
    density : Quantity or Law, optional
        g/cm3, larger than zero.
    name : str
        What it is called in reports; may be empty.

    Raises
    ------
    InputError
        When a property has another dimension than it should or is not larger than zero.

    Examples
    --------
    >>> from lamion.substances import Arrhenius
    >>> sigma = Arrhenius(Quantity(5.62e-4, None, "S/cm"), Quantity(25, None, "degC"), Quantity(0.25, None, "eV"))
    >>> film = Electrolyte(sigma, transference=Quantity(0.78, None, "1"), thickness=Quantity(9, None, "um"))
    >>> print(film.at(Quantity(25, None, "degC")).conductivity)
    5.62e-4 S/cm
    """

    conductivity: Property
    transference: Property | None = None
    diffusivity: Property | None = None
    concentration: Property | None = None
    thickness: Quantity | None = None
    density: Property | None = None
    name: str = ""

    def __post_init__(self) -> None:
        for name, unit in _UNITS.items():
            given = getattr(self, name)
            if given is not None:
                _check(name, given if isinstance(given, Quantity) else _sample(given), unit)

    def at(self, temperature: Quantity) -> ElectrolyteState:
        """Return every property at one temperature.

        Parameters
        ----------
        temperature : Quantity
            Such as 55 degC.

        Raises
        ------
        InputError
            When a law does not hold there.
        """
        return ElectrolyteState(
            temperature,
            as_law(self.conductivity).at(temperature),
            _at(self.transference, temperature),
            _at(self.diffusivity, temperature),
            _at(self.concentration, temperature),
            self.thickness,
            _at(self.density, temperature),
        )


def _at(given: Property | None, temperature: Quantity) -> Quantity | None:
    return None if given is None else as_law(given).at(temperature)


def _sample(law: Law) -> Quantity:
    """Give a law's value somewhere, to see its unit and sign: its own reference where it has one."""
    value = getattr(law, "value", None)
    return value if isinstance(value, Quantity) else law.at(Quantity(_ANY_TEMPERATURE, None, "K"))


def _check(name: str, quantity: Quantity, unit: str) -> None:
    if not _units.same_dimension(quantity.unit, unit):
        raise InputError(
            f"The electrolyte's {name}, {quantity}, is {_units.dimension_name(quantity.unit)}, not "
            f"{_units.dimension_name(unit)}.",
            "",
            f"Give it in '{unit}' or another unit of that kind.",
        )
    if name in _POSITIVE and not quantity.value > 0:
        raise InputError(
            f"The electrolyte's {name}, {quantity}, is not larger than zero.", "", "Give a positive value."
        )
