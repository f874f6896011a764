r"""Line shapes of unit area over :math:`t = (x - c)/w`, with centre c and width w.

.. math::
    G(t) = 2\sqrt{\frac{\ln 2}{\pi}}\, e^{-4 \ln 2\, t^2}, \qquad L(t) = \frac{2}{\pi}\,\frac{1}{1 + 4 t^2}

Of those that are centred, w is the full width at half maximum and c the maximum.

References
----------
J. J. Olivero, R. L. Longbothum, J. Quant. Spectrosc. Radiat. Transf. 17 (1977) 233, doi:10.1016/0022-4073(77)90161-3
(the width of a Voigt profile, good to 0.02 %). S. Doniach, M. Sunjic, J. Phys. C 3 (1970) 285,
doi:10.1088/0022-3719/3/2/010.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.techniques.peaks.asymmetric_lorentzian import asymmetric_lorentzian

Array = NDArray[np.float64]
Profile = Callable[..., Array]
Slopes = Callable[..., list[Array]]

_GAUSS = 2.0 * math.sqrt(math.log(2.0) / math.pi)
_FOUR_LN2 = 4.0 * math.log(2.0)
_STEP = 1e-5
_NARROWEST_GAUSS = 1e-4
"""Of a Voigt profile, over its width: below it is a Lorentzian."""
_REACH = 10.0
"""Widths to either side over which a Doniach-Sunjic line is integrated: its tails have no area."""


@dataclass(frozen=True)
class Extra:
    """A parameter of a shape beside centre, width and area.

    Parameters
    ----------
    name : str
        As components call it.
    start, low, high : float
        Where a fit begins, and its bounds.
    """

    name: str
    start: float
    low: float
    high: float


@dataclass(frozen=True)
class Shape:
    """A line shape.

    Parameters
    ----------
    name : str
        As components call it.
    profile : callable
        t, shape (..., n), and the extras, each broadcasting to it, to the profile.
    extras : tuple of Extra
        Its own parameters.
    slopes : callable, optional
        The same arguments to the profile and its derivatives by t and by each extra; by differences without it.
    centred : bool
        Whether its maximum is at t = 0.
    """

    name: str
    profile: Profile
    extras: tuple[Extra, ...] = ()
    slopes: Slopes | None = None
    centred: bool = True

    def with_slopes(self, t: Array, *extras: Array) -> list[Array]:
        """Return the profile and its derivatives by t and by each extra."""
        if self.slopes is not None:
            return self.slopes(t, *extras)
        found = [self.profile(t, *extras), _difference(lambda step: self.profile(t + step, *extras))]
        for place, own in enumerate(self.extras):
            inside = np.clip(extras[place], own.low + _STEP, own.high - _STEP)
            others = list(extras)

            def moved(step: float, place: int = place, inside: Array = inside, others: list[Array] = others) -> Array:
                return self.profile(t, *others[:place], inside + step, *others[place + 1 :])

            found.append(_difference(moved))
        return found

    def maximum(self, *extras: float) -> float:
        """Return t at its maximum."""
        if self.centred:
            return 0.0
        from scipy.optimize import minimize_scalar

        values = tuple(np.array([[value]]) for value in extras)
        found = minimize_scalar(
            lambda t: -float(self.profile(np.array([[t]]), *values)[0, 0]), bounds=(-3.0, 3.0), method="bounded"
        )
        return float(found.x)


def _difference(moved: Callable[[float], Array]) -> Array:
    return np.asarray((moved(_STEP) - moved(-_STEP)) / (2 * _STEP))


def gaussian(t: Array) -> Array:
    """Return G(t).

    Examples
    --------
    >>> x = np.linspace(-4, 4, 801)
    >>> round(float(np.trapezoid(gaussian(x), x)), 6)
    1.0
    """
    return np.asarray(_GAUSS * np.exp(-_FOUR_LN2 * t * t))


def lorentzian(t: Array) -> Array:
    """Return L(t).

    Examples
    --------
    >>> float(lorentzian(np.array(0.5)) / lorentzian(np.array(0.0)))
    0.5
    """
    return np.asarray(2.0 / math.pi / (1.0 + 4.0 * t * t))


def pseudo_voigt(t: Array, mixing: Array) -> Array:
    """Return the mixture of L with the share `mixing` of the area, and G with the rest."""
    return np.asarray(mixing * lorentzian(t) + (1.0 - mixing) * gaussian(t))


def voigt(t: Array, mixing: Array) -> Array:
    """Return the convolution of a Lorentzian of the width `mixing` with that Gaussian that makes the width one.

    Examples
    --------
    >>> t, half = np.array([[0.0, 0.5]]), np.array([[0.5]])
    >>> profile = voigt(t, half)[0]
    >>> round(float(profile[1] / profile[0]), 3)
    0.5
    """
    from scipy.special import voigt_profile

    square = (1.0 - 0.5346 * mixing) ** 2 - 0.2166 * mixing**2
    width = np.sqrt(np.maximum(square, _NARROWEST_GAUSS**2))
    return np.asarray(voigt_profile(t, width / (2.0 * math.sqrt(2.0 * math.log(2.0))), mixing / 2.0))


def split_pseudo_voigt(t: Array, mixing: Array, asymmetry: Array) -> Array:
    """Return a pseudo-Voigt profile whose half widths left and right are as (1 - a) to (1 + a)."""
    return pseudo_voigt(t / _sides(t, asymmetry), mixing)


def doniach_sunjic(t: Array, asymmetry: Array) -> Array:
    r"""Return Doniach and Sunjic's line of a metal, with its tail to larger t.

    .. math:: D(t) \propto \frac{\cos[\pi\alpha/2 - (1 - \alpha)\arctan(2t)]}{(1 + 4 t^2)^{(1 - \alpha)/2}}

    Its area is that within ten widths of c; w is the width of the Lorentzian that it is without asymmetry, and c lies
    below the maximum.

    Examples
    --------
    >>> t = np.linspace(-2.0, 2.0, 5)[None]
    >>> bool(np.allclose(doniach_sunjic(t, np.array([[0.0]])), lorentzian(t) / (2 / np.pi * np.arctan(20.0))))
    True
    """
    nodes, weights = _quadrature()
    area = np.sum(weights * _doniach_sunjic(nodes, np.asarray(asymmetry)), axis=-1, keepdims=True)
    return np.asarray(_doniach_sunjic(t, asymmetry) / area)


def _doniach_sunjic(t: Array, alpha: Array) -> Array:
    phase = 0.5 * math.pi * alpha - (1.0 - alpha) * np.arctan(2.0 * t)
    return np.asarray(np.cos(phase) / (1.0 + 4.0 * t * t) ** (0.5 * (1.0 - alpha)))


def _quadrature() -> tuple[Array, Array]:
    """Return nodes and weights over the reach, in the angle whose tangent is 2 t."""
    nodes, weights = np.polynomial.legendre.leggauss(64)
    end = math.atan(2.0 * _REACH)
    t = 0.5 * np.tan(end * nodes)
    return t, end * weights * 0.5 * (1.0 + 4.0 * t * t)


def _gaussian_slopes(t: Array) -> list[Array]:
    found = gaussian(t)
    return [found, -2.0 * _FOUR_LN2 * t * found]


def _lorentzian_slopes(t: Array) -> list[Array]:
    found = lorentzian(t)
    return [found, -8.0 * t / (1.0 + 4.0 * t * t) * found]


def _pseudo_voigt_slopes(t: Array, mixing: Array) -> list[Array]:
    gauss, lorentz = _gaussian_slopes(t), _lorentzian_slopes(t)
    both = [mixing * of_l + (1.0 - mixing) * of_g for of_l, of_g in zip(lorentz, gauss, strict=True)]
    return [*both, lorentz[0] - gauss[0]]


def _sides(t: Array, asymmetry: Array) -> Array:
    return np.asarray(np.where(t < 0.0, 1.0 - asymmetry, 1.0 + asymmetry))


def _split_slopes(t: Array, mixing: Array, asymmetry: Array) -> list[Array]:
    side = _sides(t, asymmetry)
    profile, slope, by_mixing = _pseudo_voigt_slopes(t / side, mixing)
    sign = np.where(t < 0.0, -1.0, 1.0)
    return [profile, slope / side, by_mixing, -slope * t / side**2 * sign]


_MIXING = Extra("mixing", 0.5, 0.0, 1.0)

SHAPES = {
    shape.name: shape
    for shape in (
        Shape("gaussian", gaussian, (), _gaussian_slopes),
        Shape("lorentzian", lorentzian, (), _lorentzian_slopes),
        Shape("pseudo-voigt", pseudo_voigt, (_MIXING,), _pseudo_voigt_slopes),
        Shape("voigt", voigt, (_MIXING,)),
        Shape("split-pseudo-voigt", split_pseudo_voigt, (_MIXING, Extra("asymmetry", 0.0, -0.8, 0.8)), _split_slopes),
        Shape("doniach-sunjic", doniach_sunjic, (Extra("asymmetry", 0.1, 0.0, 0.6),), None, False),
        Shape(
            "asymmetric-lorentzian",
            asymmetric_lorentzian,
            (
                Extra("high", 1.0, 0.2, 30.0),
                Extra("low", 1.0, 0.2, 30.0),
                Extra("gauss", 0.8, 0.02, 5.0),
                Extra("damping", 8.6, 1.0, 30.0),
            ),
            None,
            False,
        ),
    )
}
"""The shapes a component can have, by name."""


def shape_named(name: str) -> Shape:
    """Return a shape.

    Parameters
    ----------
    name : str
        One of :data:`SHAPES`.

    Raises
    ------
    InputError
        When there is no such shape.
    """
    if name not in SHAPES:
        raise InputError(f"There is no line shape '{name}'.", "", f"Take one of {', '.join(SHAPES)}.")
    return SHAPES[name]
