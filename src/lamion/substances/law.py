"""How a property depends on temperature: a constant, Arrhenius or Vogel-Tammann-Fulcher."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Protocol, runtime_checkable

from lamion.quantities import InputError, Quantity, propagate
from lamion.quantities import units as _units
from lamion.quantities.constants import AVOGADRO, GAS

BOLTZMANN: float = GAS / AVOGADRO
"""Boltzmann constant, J/K."""


@runtime_checkable
class Law(Protocol):
    """A property as a function of temperature."""

    def si(self, temperature: float) -> float:
        """Return the property in SI base units at a temperature in K."""
        ...

    def at(self, temperature: Quantity) -> Quantity:
        """Return the property with its propagated uncertainty."""
        ...


@dataclass(frozen=True, slots=True)
class Constant:
    """A property taken as the same at every temperature.

    Parameters
    ----------
    value : Quantity
        The property.

    Examples
    --------
    >>> print(Constant(Quantity(0.78, 0.02, "1")).at(Quantity(55, None, "degC")))
    0.780(20)
    """

    value: Quantity

    def si(self, temperature: float) -> float:
        """Return the property in SI base units; `temperature` in K does not matter."""
        return self.value.si

    def at(self, temperature: Quantity) -> Quantity:
        """Return the property; `temperature` does not matter."""
        return self.value


@dataclass(frozen=True, slots=True)
class Arrhenius:
    r"""A thermally activated property, fixed by its value at one temperature.

    .. math:: y(T) = y_0 \exp\left[-\frac{E_a}{k_B}\left(\frac{1}{T} - \frac{1}{T_0}\right)\right]

    The value at a temperature inside the measured range hardly correlates with the activation energy, as the
    prefactor :math:`A = y_0 \exp(E_a / k_B T_0)` does. The convention is :math:`y = A \exp(-E_a/k_B T)`, with no
    factor T before the exponential.

    Parameters
    ----------
    value : Quantity or str
        :math:`y_0`, larger than zero.
    temperature : Quantity or str
        :math:`T_0`, where `value` holds.
    activation_energy : Quantity or str
        :math:`E_a`, such as 0.25 eV; J/mol is read too.

    Raises
    ------
    InputError
        When the value or the temperature is not larger than zero, or the energy is no energy.

    Examples
    --------
    >>> law = Arrhenius("5.62e-4 S/cm", "25 degC", "0.25 eV")
    >>> print(law.at(Quantity(55, None, "degC")))
    1.36796e-3 S/cm
    """

    value: Quantity
    temperature: Quantity
    activation_energy: Quantity

    def __post_init__(self) -> None:
        _read_texts(self)
        _check_reference(self.value, self.temperature)
        per_particle(self.activation_energy)

    @property
    def prefactor(self) -> Quantity:
        """The limit A of high temperature, in the unit of `value`."""
        return propagate(
            lambda y, T, E: y * math.exp(E / (BOLTZMANN * T)),
            self.value,
            self.temperature,
            per_particle(self.activation_energy),
            unit=self.value.unit,
            source=self.value.source,
        )

    def si(self, temperature: float) -> float:
        """Return the property in SI base units at a temperature in K, larger than zero."""
        energy = per_particle(self.activation_energy).si
        return _arrhenius(self.value.si, self.temperature.si, energy, _absolute(temperature))

    def at(self, temperature: Quantity) -> Quantity:
        """Return the property at a temperature, in the unit of `value`."""
        _absolute(temperature.si)
        return propagate(
            _arrhenius,
            self.value,
            self.temperature,
            per_particle(self.activation_energy),
            temperature,
            unit=self.value.unit,
            source=self.value.source,
        )


@dataclass(frozen=True, slots=True)
class VogelTammannFulcher:
    r"""A property that follows the motion of polymer segments, fixed by its value at one temperature.

    .. math:: y(T) = y_0 \exp\left[-\frac{B}{k_B}\left(\frac{1}{T - T_v} - \frac{1}{T_0 - T_v}\right)\right]

    with no factor of T before the exponential.

    Parameters
    ----------
    value : Quantity or str
        :math:`y_0`, larger than zero.
    temperature : Quantity or str
        :math:`T_0`, where `value` holds; above the Vogel temperature.
    pseudo_activation_energy : Quantity or str
        B, in eV or J/mol.
    vogel_temperature : Quantity or str
        :math:`T_v`, often about 50 K below the glass transition. The law holds above it only.

    Raises
    ------
    InputError
        When the value is not larger than zero or `temperature` not above the Vogel temperature.

    References
    ----------
    H. Vogel, Phys. Z. 22 (1921) 645; G. S. Fulcher, J. Am. Ceram. Soc. 8 (1925) 339.

    Examples
    --------
    >>> law = VogelTammannFulcher("1e-3 S/cm", "60 degC", "0.09 eV", "190 K")
    >>> print(law.at(Quantity(60, None, "degC")))
    1e-3 S/cm
    """

    value: Quantity
    temperature: Quantity
    pseudo_activation_energy: Quantity
    vogel_temperature: Quantity

    def __post_init__(self) -> None:
        _read_texts(self)
        _check_reference(self.value, self.temperature)
        per_particle(self.pseudo_activation_energy)
        self._above_vogel(self.temperature.si)

    def _above_vogel(self, temperature: float) -> float:
        if temperature > self.vogel_temperature.si:
            return temperature
        raise InputError(
            f"The temperature {temperature:g} K is not above the Vogel temperature {self.vogel_temperature}.",
            "The law has no value there.",
            "Give a higher temperature.",
        )

    def si(self, temperature: float) -> float:
        """Return the property in SI base units at a temperature in K, above the Vogel temperature."""
        energy = per_particle(self.pseudo_activation_energy).si
        vogel = self.vogel_temperature.si
        return _vtf(self.value.si, self.temperature.si, energy, vogel, self._above_vogel(temperature))

    def at(self, temperature: Quantity) -> Quantity:
        """Return the property at a temperature, in the unit of `value`."""
        self._above_vogel(temperature.si)
        return propagate(
            _vtf,
            self.value,
            self.temperature,
            per_particle(self.pseudo_activation_energy),
            self.vogel_temperature,
            temperature,
            unit=self.value.unit,
            source=self.value.source,
        )


def as_law(value: Quantity | Law) -> Law:
    """Return a law as it is, and a quantity as a :class:`Constant`.

    Parameters
    ----------
    value : Quantity or Law
        What an electrolyte's property was given as.
    """
    return Constant(value) if isinstance(value, Quantity) else value


def _arrhenius(value: float, reference: float, energy: float, temperature: float) -> float:
    return value * math.exp(-energy / BOLTZMANN * (1 / temperature - 1 / reference))


def _vtf(value: float, reference: float, energy: float, vogel: float, temperature: float) -> float:
    return _arrhenius(value, reference - vogel, energy, temperature - vogel)


def _check_reference(value: Quantity, temperature: Quantity) -> None:
    if not value.value > 0:
        raise InputError(f"The reference value {value} is not larger than zero.", "", "Give a positive value.")
    if not _units.same_dimension(temperature.unit, "K"):
        raise InputError(f"The reference temperature {temperature} is not a temperature.", "", "Give it in degC or K.")
    _absolute(temperature.si)


def _absolute(temperature: float) -> float:
    if temperature > 0:
        return temperature
    raise InputError(f"The temperature {temperature:g} K is not above absolute zero.", "", "Check its unit.")


def _read_texts(law: Arrhenius | VogelTammannFulcher) -> None:
    for field in fields(law):
        given = getattr(law, field.name)
        if isinstance(given, str):
            object.__setattr__(law, field.name, Quantity(given))


def per_particle(energy: Quantity | str) -> Quantity:
    """Return an activation energy per particle; a molar one is divided by Avogadro's number."""
    energy = Quantity(energy) if isinstance(energy, str) else energy
    if _units.same_dimension(energy.unit, "eV"):
        return energy
    if _units.same_dimension(energy.unit, "J/mol"):
        return propagate(lambda E: E / AVOGADRO, energy, unit="eV", source=energy.source)
    raise InputError(f"The activation energy {energy} is no energy.", "", "Give it in eV or kJ/mol.")
