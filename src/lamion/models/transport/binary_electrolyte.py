"""A binary electrolyte in SI: how D, conductivity, t+ and the thermodynamic factor go with the concentration."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import InputError, Quantity
from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.properties import ROOM_TEMPERATURE
from lamion.substances import ConcentrationPolynomial, Electrolyte
from lamion.substances.electrolyte import PROPERTIES_OF

Array = NDArray[np.float64]


class ConcentrationLaw(Protocol):
    """A property as a function of the salt concentration in mol/m3."""

    def value(self, concentration: Array) -> Array:
        """Return the property in SI units."""
        ...

    def slope(self, concentration: Array) -> Array:
        """Return its derivative by the concentration."""
        ...


@dataclass(frozen=True)
class Polynomial:
    r"""A property :math:`\sum_k a_k c^k`.

    Parameters
    ----------
    coefficients : tuple of float
        :math:`a_0, a_1, \ldots` for c in mol/m3, in SI units.

    Examples
    --------
    >>> Polynomial((1.0, 2.0)).value(np.array([3.0]))
    array([7.])
    """

    coefficients: tuple[float, ...]

    def value(self, concentration: Array) -> Array:
        """Return the property; `concentration` in mol/m3."""
        return np.asarray(np.polynomial.polynomial.polyval(concentration, self.coefficients), dtype=float)

    def slope(self, concentration: Array) -> Array:
        """Return its derivative; `concentration` in mol/m3."""
        slopes = [k * a for k, a in enumerate(self.coefficients)][1:] or [0.0]
        return np.asarray(np.polynomial.polynomial.polyval(concentration, slopes), dtype=float)

    @property
    def constant(self) -> bool:
        """Whether it does not depend on the concentration."""
        return not any(self.coefficients[1:])


def constant(value: float) -> Polynomial:
    """Return a property that does not depend on the concentration.

    Parameters
    ----------
    value : float
        SI.
    """
    return Polynomial((value,))


@dataclass(frozen=True)
class BinaryElectrolyte:
    r"""One salt in one solvent or polymer.

    .. math::
        \frac{\partial c}{\partial t} = \nabla\cdot\left(D\nabla c + \frac{1 - t_+}{F}\mathbf{i}\right), \qquad
        \mathbf{i} = -\kappa\nabla\Phi + \frac{2 R T \kappa}{F}(1 - t_+)\chi\,\nabla\ln c,
        \qquad \nabla\cdot\mathbf{i} = 0

    with :math:`\Phi` the potential of a lithium electrode at that place, and :math:`t_+` counted relative to the
    solvent, whose own flow is left out.

    Parameters
    ----------
    diffusivity : ConcentrationLaw
        D of the salt, m2/s.
    conductivity : ConcentrationLaw
        :math:`\kappa`, S/m.
    transference : ConcentrationLaw
        :math:`t_+`; any value, negative ones included.
    thermodynamic_factor : ConcentrationLaw
        :math:`\chi = 1 + d\ln f_\pm/d\ln c`.
    temperature : float
        K.
    anisotropy : tuple of float
        Factors on D and :math:`\kappa` along the grid's axes (through the film first); 1 where there are fewer than
        axes. A layer of sheets conducts better along than across.
    storage : float
        Share of the volume that holds electrolyte.

    References
    ----------
    J. Newman, K. E. Thomas-Alyea, Electrochemical Systems, 3rd ed., Wiley, 2004, chapter 12.
    """

    diffusivity: ConcentrationLaw
    conductivity: ConcentrationLaw
    transference: ConcentrationLaw
    thermodynamic_factor: ConcentrationLaw
    temperature: float
    anisotropy: tuple[float, ...] = ()
    storage: float = 1.0

    @property
    def thermal_voltage(self) -> float:
        """RT/F, V."""
        return GAS * self.temperature / FARADAY

    def factor(self, axis: int) -> float:
        """Return the factor on D and conductivity along an axis of the grid.

        Parameters
        ----------
        axis : int
            0 is through the film.
        """
        return self.anisotropy[axis] if axis < len(self.anisotropy) else 1.0

    def diffusion_voltage(self, concentration: Array) -> Array:
        r"""Return :math:`(2RT/F)(1 - t_+)\chi`, V.

        Parameters
        ----------
        concentration : array
            mol/m3.
        """
        t, chi = self.transference.value(concentration), self.thermodynamic_factor.value(concentration)
        return np.asarray(2 * self.thermal_voltage * (1 - t) * chi)

    def diffusion_voltage_slope(self, concentration: Array) -> Array:
        """Return the derivative of :meth:`diffusion_voltage`, V m3/mol.

        Parameters
        ----------
        concentration : array
            mol/m3.
        """
        t, chi = self.transference, self.thermodynamic_factor
        slope = (1 - t.value(concentration)) * chi.slope(concentration) - t.slope(concentration) * chi.value(
            concentration
        )
        return np.asarray(2 * self.thermal_voltage * slope)

    @property
    def linear(self) -> bool:
        """Whether D, t+ and the thermodynamic factor are constant, so that the concentration stands alone."""
        laws = (self.diffusivity, self.transference, self.thermodynamic_factor)
        return all(isinstance(law, Polynomial) and law.constant for law in laws)


def dilute(film: UniformFilm) -> BinaryElectrolyte:
    r"""Return the electrolyte of a uniform film: constant D and t+, :math:`\kappa = \sigma c/c_0`.

    Parameters
    ----------
    film : UniformFilm
        Where the constants stand.

    Examples
    --------
    >>> electrolyte = dilute(UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15))
    >>> electrolyte.conductivity.value(np.array([1000.0]))
    array([0.0281])
    """
    return BinaryElectrolyte(
        constant(film.salt_diffusivity),
        Polynomial((0.0, film.conductivity / film.concentration)),
        constant(film.transference),
        constant(film.thermodynamic_factor),
        film.temperature,
    )


def by_laws(electrolyte: Electrolyte, temperature: Quantity | None = None) -> BinaryElectrolyte:
    """Return the electrolyte as its laws of concentration say; what is a quantity does not depend on it.

    Parameters
    ----------
    electrolyte : Electrolyte
        With conductivity, transference number and diffusivity; the thermodynamic factor is 1 without one.
    temperature : Quantity, optional
        By default that at which its laws were measured.

    Raises
    ------
    InputError
        When one of the three is not known, or a law does not hold at the temperature.

    Examples
    --------
    >>> from lamion.substances import published_electrolyte
    >>> peo = by_laws(published_electrolyte("litfsi-peo"))
    >>> float(np.round(peo.transference.value(np.array([1000.0]))[0], 4))
    0.2431
    """
    own = [law.temperature for law in laws_of(electrolyte).values()]
    at = temperature or (own[0] if own else ROOM_TEMPERATURE)
    return BinaryElectrolyte(
        diffusivity=_law(electrolyte, "diffusivity", at),
        conductivity=_law(electrolyte, "conductivity", at),
        transference=_law(electrolyte, "transference", at),
        thermodynamic_factor=_law(electrolyte, "thermodynamic_factor", at),
        temperature=at.si,
    )


def laws_of(electrolyte: Electrolyte) -> dict[str, ConcentrationPolynomial]:
    """Return the properties that depend on the concentration, by name."""
    every = {name: getattr(electrolyte, name) for name in PROPERTIES_OF}
    return {name: law for name, law in every.items() if isinstance(law, ConcentrationPolynomial)}


def _law(electrolyte: Electrolyte, name: str, temperature: Quantity) -> Polynomial:
    given = getattr(electrolyte, name)
    if isinstance(given, ConcentrationPolynomial):
        return Polynomial(given.si(temperature.si))
    if given is None and name == "thermodynamic_factor":
        return constant(1.0)
    return constant(electrolyte.quantity(name, temperature).si)


def check_at(electrolyte: BinaryElectrolyte, concentration: float) -> None:
    """Refuse an electrolyte whose D, conductivity or thermodynamic factor is not positive where it is used.

    Parameters
    ----------
    electrolyte : BinaryElectrolyte
        The electrolyte.
    concentration : float
        mol/m3.

    Raises
    ------
    InputError
        With the value that is not positive, and where a transference number is 1 or more.
    """
    c = np.array([concentration])
    for name, law in (
        ("diffusivity", electrolyte.diffusivity),
        ("conductivity", electrolyte.conductivity),
        ("thermodynamic factor", electrolyte.thermodynamic_factor),
    ):
        value = float(law.value(c)[0])
        if not (value > 0 and math.isfinite(value)):
            raise InputError(
                f"The {name} at {concentration:g} mol/m3 is {value:g}, not larger than zero.",
                "The law may be used outside its range.",
                "Check its coefficients and the concentration.",
            )
    t = float(electrolyte.transference.value(c)[0])
    if not t <= 1:
        raise InputError(
            f"The transference number at {concentration:g} mol/m3 is {t:g}; a binary electrolyte has one of 1 or less.",
            "",
            "Check the law.",
        )
