"""Every physical property that classes and options share: its unit, its plausible range, its term and symbol, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lamion.quantities import units
from lamion.quantities.errors import InputError
from lamion.quantities.quantity import Quantity


@dataclass(frozen=True)
class Property:
    """A physical property.

    Parameters
    ----------
    unit : str
        In which it is shown; others of its dimension are taken.
    low, high : float
        In the SI unit: what nothing real leaves, far wider than any material; a number outside is a slip.
    term : str
        The field's word for it.
    symbol : str
        Its usual symbol.
    example : str
        As people write it.
    """

    unit: str
    low: float
    high: float
    term: str
    symbol: str
    example: str = ""

    @property
    def positive(self) -> bool:
        """Whether it is larger than zero."""
        return self.low > 0

    def checked(self, given: Any, term: str = "", *, zero: bool = False) -> Quantity:
        """Return what was given as a quantity within what can be.

        Parameters
        ----------
        given : Quantity, str, float or int
            A text with its unit; a bare number only where the property has no dimension.
        term : str
            What it is called in messages, such as ``"electrolyte's thickness"``; by default the property's own term.
        zero : bool
            Whether none of it at all may be said as zero.

        Raises
        ------
        InputError
            When it cannot be read, is of another dimension or lies outside the range.

        Examples
        --------
        >>> print(PROPERTIES["thickness"].checked("9 ± 0.3 um"))
        9.00(30) um
        >>> PROPERTIES["conductivity"].checked("5 S")
        Traceback (most recent call last):
        ...
        lamion.quantities.errors.InputError: The conductivity '5 S' is a conductance, not a conductivity...
        """
        title = f"The {term or self.term}"
        found = given if isinstance(given, Quantity) else _read(given, self.unit, title)
        if not units.same_dimension(found.unit, self.unit):
            raise InputError(
                f"{title}, {found}, is {units.dimension_name(found.unit)}, not {units.dimension_name(self.unit)}.",
                "",
                f"Give it in '{self.unit}' or another unit of that kind.",
            )
        if not (self.low <= found.si <= self.high or (zero and found.si == 0)):
            raise InputError(f"{title} is {found}, not from {self.limits}.", "", "Check its sign and its unit.")
        return found

    @property
    def limits(self) -> str:
        """The range, for people."""
        si = units.si_unit(self.unit)
        low, high = (units.convert(end, si, self.unit) for end in (self.low, self.high))
        return f"{low:g} to {high:g}" + ("" if self.unit == "1" else f" {self.unit}")


def _read(given: Any, unit: str, title: str) -> Quantity:
    from lamion.quantities.parsing import parse

    if isinstance(given, str):
        return parse(given, unit, name=title)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise InputError(f"{title} is a {type(given).__name__}.", "", f"Write it like '{unit}' with its number before.")
    return parse(repr(float(given)), unit, name=title)


ROOM_TEMPERATURE = Quantity(25.0, None, "degC")
"""Where a measurement, a cell or a table says nothing else."""

PROPERTIES: Mapping[str, Property] = {
    # of an electrolyte
    "conductivity": Property("S/cm", 1e-16, 1e5, "conductivity", "sigma", "5.62e-4 S/cm"),
    "transference": Property("1", -10.0, 1.0, "transference number", "t+", "0.78"),
    "concentration": Property("mol/L", 1e-6, 1e6, "concentration", "c", "1 mol/L"),
    "diffusivity": Property("cm2/s", 1e-25, 1e-3, "diffusivity", "D", "1e-7 cm2/s"),
    "thermodynamic_factor": Property("1", 1e-3, 1e3, "thermodynamic factor", "chi", "1.5"),
    "density": Property("g/cm3", 1.0, 3e4, "density", "rho", "1.30 g/cm3"),
    "modulus": Property("GPa", 1.0, 2e12, "Young's modulus", "E", "1.38 GPa"),
    "permittivity": Property("1", 0.0, 1e7, "relative permittivity", "eps", "10"),
    # of a film and a cell
    "thickness": Property("um", 1e-10, 1.0, "thickness", "L", "9 ± 0.3 um"),
    "area": Property("cm2", 1e-14, 1e4, "area", "A", "2.01 ± 0.02 cm2"),
    "temperature": Property("degC", 50.0, 2000.0, "temperature", "T", str(ROOM_TEMPERATURE)),
    "current": Property("mA/cm2", 1e-9, 1e7, "current", "i", "0.4 mA/cm2"),
    "cell_current": Property("mA", 1e-15, 1e6, "current of a cell", "I", "0.4 mA"),
    "time": Property("s", 1e-12, 1e11, "time", "t", "60 s"),
    "charge_transfer": Property("ohm cm2", 0.0, 1e8, "charge-transfer resistance", "R_ct", "24.5 ohm cm2"),
    "double_layer": Property("uF/cm2", 0.0, 1e6, "double layer's capacitance", "C_dl", "10 uF/cm2"),
    "frequency": Property("Hz", 1e-9, 1e15, "frequency", "f", "1 Hz"),
    "voltage": Property("V", 1e-9, 100.0, "voltage", "U", "3.39 V"),
    "voltage_difference": Property("V", -100.0, 100.0, "difference of two voltages", "dU", "10 mV"),
    # of an electrode
    "loading": Property("mg/cm2", 1e-6, 1e3, "loading", "m_A", "4 mg/cm2"),
    "capacity": Property("mAh/g", 1.0, 1e8, "capacity", "Q", "157.8 mAh/g"),
    "porosity": Property("1", 0.0, 1.0, "porosity", "eps", "0.35"),
    "n_over_p": Property("1", 1e-6, 1e6, "N/P", "N/P", "5"),
}
"""By the name that fields and options have."""
