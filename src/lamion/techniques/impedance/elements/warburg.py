r"""Diffusion: semi-infinite, to a wall, and to a reservoir.

.. math:: Z_W = \frac{A}{\sqrt{j\omega}}, \qquad
          Z_\mathrm{open} = R\,\frac{\coth\sqrt{j\omega\tau}}{\sqrt{j\omega\tau}}, \qquad
          Z_\mathrm{short} = R\,\frac{\tanh\sqrt{j\omega\tau}}{\sqrt{j\omega\tau}}

with :math:`\tau = l^2/D`. The Warburg coefficient is :math:`\sigma_W = A/\sqrt 2`.
"""

from __future__ import annotations

import numpy as np

from lamion.techniques.impedance.elements.element import (
    Array,
    ComplexArray,
    Element,
    ElementParameter,
    Frequencies,
    Response,
    resistance,
    time_constant,
)

_SOURCE = "S. M. Park, J.-S. Yoo, Anal. Chem. 75 (2003) 455A, doi:10.1021/ac0313973"
_LARGEST = 200.0


def hyperbolic_tangent(x: ComplexArray) -> ComplexArray:
    """Return tanh of arguments with positive real part, however large."""
    decay = np.exp(-2 * np.minimum(x.real, _LARGEST) - 2j * np.fmod(x.imag, 2 * np.pi))
    small = np.abs(x) < 1e-3
    return np.asarray(np.where(small, x - x**3 / 3, (1 - decay) / (1 + decay)))


def tangent_over(x: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
    """Return tanh(x)/x and x times its derivative."""
    tangent = hyperbolic_tangent(x)
    ratio = tangent / x
    return ratio, (1 - tangent**2) - ratio


def _semi_infinite(frequencies: Frequencies, A: Array) -> Response:
    impedance = A / np.sqrt(frequencies.s)
    return Response(impedance, (impedance,))


def _open(frequencies: Frequencies, R: Array, tau: Array) -> Response:
    x = np.sqrt(frequencies.s * tau)
    tangent = hyperbolic_tangent(x)
    impedance = R / (x * tangent)
    by_x = -impedance - R * (1 - tangent**2) / tangent**2
    return Response(impedance, (impedance, 0.5 * by_x))


def _short(frequencies: Frequencies, R: Array, tau: Array) -> Response:
    ratio, by_x = tangent_over(np.sqrt(frequencies.s * tau))
    return Response(R * ratio, (R * ratio, 0.5 * R * by_x))


WARBURG = Element(
    "W",
    "semi-infinite diffusion",
    (ElementParameter("A", "ohm s^-0.5", "Warburg prefactor", impedance_power=1.0, time_power=-0.5),),
    "A/sqrt(s)",
    _semi_infinite,
    _SOURCE,
    "sigma = A/sqrt(2)",
)
WARBURG_OPEN = Element(
    "Wo",
    "diffusion to a wall",
    (resistance("R", "diffusion resistance"), time_constant("tau", "diffusion time")),
    "R*coth(sqrt(s*tau))/sqrt(s*tau)",
    _open,
    _SOURCE,
)
WARBURG_SHORT = Element(
    "Ws",
    "diffusion to a reservoir",
    (resistance("R", "diffusion resistance"), time_constant("tau", "diffusion time")),
    "R*tanh(sqrt(s*tau))/sqrt(s*tau)",
    _short,
    _SOURCE,
)
