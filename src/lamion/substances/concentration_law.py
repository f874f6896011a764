"""How a property of an electrolyte depends on the salt's concentration."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lamion.quantities import InputError, Quantity, units
from lamion.quantities.properties import PROPERTIES
from lamion.substances.law import BOLTZMANN, per_particle

_ROUNDING = 1e-9


@dataclass(frozen=True)
class ConcentrationPolynomial:
    r"""A property that was fitted over the concentration.

    .. math:: y(c, T) = \left(\sum_k a_k c^k\right) \exp\left[-\frac{E_a}{k_B}\left(\frac1T - \frac1{T_0}\right)\right]

    Parameters
    ----------
    coefficients : sequence of float
        :math:`a_0, a_1, \ldots`, in `unit` for c in `per`.
    unit : str
        Of the property.
    low, high : Quantity or str
        The concentrations between which it was measured; the law is refused at a concentration beyond them.
    temperature : Quantity or str
        :math:`T_0`, where it was measured.
    activation_energy : Quantity or str, optional
        :math:`E_a`, such as 0.25 eV; without it the law holds at that temperature only.
    per : str
        The unit of concentration that the coefficients go with.
    source : str
        Where it was published.

    Raises
    ------
    InputError
        When there is no coefficient, one is not finite, or the ends of the range are exchanged.

    Examples
    --------
    >>> law = ConcentrationPolynomial((1e-4, 2e-4), "S/cm", "0 mol/L", "2 mol/L", "25 degC")
    >>> print(law.at(None, Quantity("1.5 mol/L")))
    4e-4 S/cm
    """

    coefficients: tuple[float, ...]
    unit: str
    low: Quantity
    high: Quantity
    temperature: Quantity
    activation_energy: Quantity | None = None
    per: str = "mol/L"
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "coefficients", _finite(self.coefficients))
        if not units.same_dimension(self.per, "mol/m3"):
            raise InputError(f"A law of concentration is per '{self.per}'.", "", "Write it like 'mol/L'.")
        concentration, temperature = PROPERTIES["concentration"], PROPERTIES["temperature"]
        object.__setattr__(self, "low", concentration.checked(self.low, "law's lowest concentration", zero=True))
        object.__setattr__(self, "high", concentration.checked(self.high, "law's highest concentration"))
        object.__setattr__(self, "temperature", temperature.checked(self.temperature, "law's temperature"))
        if self.activation_energy is not None:
            object.__setattr__(self, "activation_energy", per_particle(self.activation_energy))
        if not self.low.si < self.high.si:
            raise InputError(f"A law holds from {self.low} to {self.high}.", "The two are exchanged.", "Turn them.")

    def si(self, temperature: float | None = None) -> tuple[float, ...]:
        """Return the coefficients in SI, for c in mol/m3, at a temperature in K; by default where it was measured.

        Raises
        ------
        InputError
            When the law does not say how it depends on temperature and another one is asked for.
        """
        scale = units.convert(1.0, self.unit, units.si_unit(self.unit)) * self._factor(temperature)
        per = units.convert(1.0, "mol/m3", self.per)
        return tuple(scale * a * per**k for k, a in enumerate(self.coefficients))

    def at(self, temperature: Quantity | None, concentration: Quantity) -> Quantity:
        """Return the property; a temperature of None is that where it was measured.

        Raises
        ------
        InputError
            When the law does not hold at that concentration or temperature.
        """
        if not self.low.si * (1 - _ROUNDING) <= concentration.si <= self.high.si * (1 + _ROUNDING):
            raise InputError(
                f"The concentration is {concentration}; the law was measured from {self.low} to {self.high}.",
                "A polynomial means nothing beyond its data.",
                "Take a concentration within, or give the property itself.",
            )
        powers = self.si(None if temperature is None else temperature.si)
        value = sum(a * concentration.si**k for k, a in enumerate(powers))
        return Quantity(units.convert(value, units.si_unit(self.unit), self.unit), None, self.unit, self.source)

    def _factor(self, temperature: float | None) -> float:
        own = self.temperature.si
        if temperature is None or abs(temperature - own) <= _ROUNDING * own:
            return 1.0
        if self.activation_energy is None:
            raise InputError(
                f"The law of concentration was measured at {self.temperature}, not at {temperature:g} K.",
                "It does not say how it depends on temperature.",
                "Give that temperature, or the law an activation energy.",
            )
        return math.exp(-self.activation_energy.si / BOLTZMANN * (1 / temperature - 1 / own))


def _finite(given: object) -> tuple[float, ...]:
    try:
        found = tuple(float(a) for a in given)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        found = ()
    if not found or not all(math.isfinite(a) for a in found):
        raise InputError("A law of concentration has no coefficients.", "", "Write numbers, like [1e-4, 2e-4].")
    return found
