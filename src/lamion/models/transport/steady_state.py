r"""The steady state of a uniform film whose properties depend on the concentration, by quadrature.

At the steady state the anion stands still, :math:`-D\,dc/dy = (1 - t_+) i/F`, so position follows from concentration:

.. math::
    \frac{i\,y}{F} = \int_{c(y)}^{c(0)} \frac{D}{1 - t_+}\,dc, \qquad
    c_0 L = \int_0^L c\,dy, \qquad
    U = \int_{c(L)}^{c(0)} \left[\frac{F D}{(1 - t_+)\kappa} + \frac{w}{c}\right] dc, \quad
    w = \frac{2RT}{F}(1 - t_+)\chi
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from lamion.models.transport.binary_electrolyte import BinaryElectrolyte, check_at
from lamion.models.transport.solution import electrode_potential_step
from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY

Array = NDArray[np.float64]

_PLACES, _WEIGHTS = np.polynomial.legendre.leggauss(60)
_STRETCH = 1.02
_HIGHEST = 1e3
_NOTHING = 1e-9


@dataclass(frozen=True)
class SteadyState:
    """A film in its steady state.

    Parameters
    ----------
    low, high : float
        Concentration at the dissolving and at the plating electrode, mol/m3.
    voltage : float
        Between reversible lithium electrodes, V.
    potential_drop : float
        The electrostatic part, V.
    """

    low: float
    high: float
    voltage: float
    potential_drop: float

    @property
    def drop(self) -> float:
        """Concentration at the dissolving electrode less that at the plating one, mol/m3."""
        return self.low - self.high


def limiting_current_raw(electrolyte: BinaryElectrolyte, thickness: float, concentration: float) -> float:
    """Return the current at which the salt is just used up at the plating electrode in the steady state, A/m2.

    Parameters
    ----------
    electrolyte : BinaryElectrolyte
        Its laws must hold from zero concentration to that at the dissolving electrode.
    thickness : float
        m.
    concentration : float
        Mean, mol/m3.

    Raises
    ------
    InputError
        Where D or 1 - t+ is not positive in between.

    Examples
    --------
    >>> from lamion.models.transport.binary_electrolyte import dilute
    >>> from lamion.models.transport.uniform_film import UniformFilm
    >>> film = UniformFilm(1e-4, 8.92e-3, 0.35, 2000.0, 298.15)
    >>> round(limiting_current_raw(dilute(film), 1e-4, 2000.0) / film.limiting_current, 8)
    1.0
    """
    check_at(electrolyte, concentration)
    top = _dissolving(electrolyte, _NOTHING * concentration, concentration)
    return FARADAY * _flux_integral(electrolyte, _NOTHING * concentration, top) / thickness


def steady_state(electrolyte: BinaryElectrolyte, thickness: float, concentration: float, current: float) -> SteadyState:
    """Solve for the steady state at a current.

    Parameters
    ----------
    electrolyte : BinaryElectrolyte
        Its laws.
    thickness : float
        m.
    concentration : float
        Mean, mol/m3.
    current : float
        A/m2, larger than zero and below the limiting current.

    Raises
    ------
    InputError
        At and above the limiting current, or where a law is not positive.

    Examples
    --------
    >>> from lamion.models.transport.binary_electrolyte import by_laws
    >>> from lamion.substances import published_electrolyte
    >>> state = steady_state(by_laws(published_electrolyte("litfsi-peo")), 5e-5, 1000.0, 2.0)
    >>> round(state.drop, 1)
    147.5
    """
    limit = limiting_current_raw(electrolyte, thickness, concentration)
    if not 0 < current < limit:
        raise InputError(
            f"The current {current / 10:.4g} mA/cm2 is not between zero and the limiting one, {limit / 10:.4g} mA/cm2.",
            "The salt is used up at the plating electrode before a steady state is reached.",
            "Take a smaller current.",
        )
    wanted = current * thickness / FARADAY

    def missing(share: float) -> float:
        plating = share * concentration
        return _flux_integral(electrolyte, plating, _dissolving(electrolyte, plating, concentration)) - wanted

    plating = concentration * float(brentq(missing, _NOTHING, 1 - 1e-12, xtol=1e-15, rtol=1e-14))
    dissolving = _dissolving(electrolyte, plating, concentration)
    c, dc = _places(plating, dissolving)
    resistive = FARADAY * _per_flux(electrolyte, c) / electrolyte.conductivity.value(c)
    voltage = float(np.sum(dc * (resistive + electrolyte.diffusion_voltage(c) / c)))
    step = electrode_potential_step(electrolyte, np.array(plating), np.array(dissolving))
    return SteadyState(dissolving, plating, voltage, voltage - float(step))


def _dissolving(electrolyte: BinaryElectrolyte, plating: float, mean: float) -> float:
    """Return the concentration at the dissolving electrode that keeps the mean."""

    def excess(top: float) -> float:
        c, dc = _places(plating, top)
        return float(np.sum(dc * (c - mean) * _per_flux(electrolyte, c)))

    top = mean * _STRETCH
    while excess(top) < 0:
        top *= _STRETCH
        if top > _HIGHEST * mean:
            raise InputError(
                f"No profile with a mean of {mean:g} mol/m3 was found.", "The laws are used outside their range."
            )
    return float(brentq(excess, mean, top, xtol=1e-14 * mean, rtol=1e-14))


def _flux_integral(electrolyte: BinaryElectrolyte, low: float, high: float) -> float:
    c, dc = _places(low, high)
    return float(np.sum(dc * _per_flux(electrolyte, c)))


def _per_flux(electrolyte: BinaryElectrolyte, c: Array) -> Array:
    """Return D/(1 - t+), m2/s."""
    D, anion = electrolyte.diffusivity.value(c), 1 - electrolyte.transference.value(c)
    for name, values in (("diffusivity", D), ("anion's transference number", anion)):
        if not values.min() > 0:
            raise InputError(
                f"The {name} at {c[np.argmin(values)]:.4g} mol/m3 is {values.min():.3g}, not larger than zero.",
                "The current drives the concentration out of the range of the laws.",
                "Take a smaller current or another concentration.",
            )
    return np.asarray(D / anion)


def _places(low: float, high: float) -> tuple[Array, Array]:
    """Return places of a Gauss rule in ln c and its weights in c."""
    span = np.log(high / low)
    c = low * np.exp(span * (1 + _PLACES) / 2)
    return c, c * span * _WEIGHTS / 2
