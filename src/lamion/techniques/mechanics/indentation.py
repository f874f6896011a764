"""Elastic contact of an indenter and a sample: the modulus that it shows, and a flat punch pressed in."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lamion.quantities import InputError


def reduced_modulus(modulus: float, poisson: float, tip_modulus: float, tip_poisson: float) -> float:
    r"""Return the modulus that the contact of two elastic bodies shows.

    .. math:: \frac{1}{E_r} = \frac{1 - \nu^2}{E} + \frac{1 - \nu_i^2}{E_i}

    Parameters
    ----------
    modulus : float
        Young's modulus E of the sample, Pa.
    poisson : float
        Poisson's ratio of the sample, -1 to 0.5.
    tip_modulus : float
        Young's modulus E_i of the indenter, Pa; 1141 GPa for diamond.
    tip_poisson : float
        Poisson's ratio of the indenter; 0.07 for diamond.

    Returns
    -------
    float
        E_r in Pa.

    Notes
    -----
    Isotropic, linear elastic bodies; no adhesion, no creep, a sample thick against the contact.

    References
    ----------
    W. C. Oliver, G. M. Pharr, J. Mater. Res. 7 (1992) 1564, doi:10.1557/JMR.1992.1564, equation 5.

    Examples
    --------
    >>> round(reduced_modulus(72.0e9, 0.17, 1141e9, 0.07) / 1e9, 2)  # fused silica under diamond
    69.64
    """
    return 1.0 / ((1.0 - poisson**2) / modulus + (1.0 - tip_poisson**2) / tip_modulus)


@dataclass(frozen=True)
class FlatPunch:
    """What a load on a flat punch does, if the solid stays elastic.

    Parameters
    ----------
    pressure : float
        Mean pressure under the punch, Pa.
    depth : float
        How far it sinks in, m.
    """

    pressure: float
    depth: float


def flat_punch(load: float, diameter: float, reduced_modulus: float) -> FlatPunch:
    r"""Return mean pressure and elastic depth of a flat cylindrical punch.

    .. math:: p = \frac{4 P}{\pi d^2}, \qquad h = \frac{P}{E_r d}

    Parameters
    ----------
    load : float
        P, N.
    diameter : float
        d of the punch, m.
    reduced_modulus : float
        E_r of the contact, Pa.

    Returns
    -------
    FlatPunch

    Raises
    ------
    InputError
        When a number is not finite and larger than zero.

    Notes
    -----
    A half-space of linear elastic solid: a depth beyond a tenth of a film's thickness, or a pressure near the
    modulus, means that the solid did not do this but flowed, broke, or let the punch through to its support.

    References
    ----------
    I. N. Sneddon, Int. J. Eng. Sci. 3 (1965) 47, doi:10.1016/0020-7225(65)90019-4.

    Examples
    --------
    >>> punch = flat_punch(3e-3, 200e-9, 1.516e9)
    >>> round(punch.pressure / 1e9, 1), round(1e6 * punch.depth, 1)
    (95.5, 9.9)
    """
    if not all(0 < number < math.inf for number in (load, diameter, reduced_modulus)):
        raise InputError(
            f"A load of {load:.4g} N on {diameter:.4g} m at {reduced_modulus:.4g} Pa is no indentation.",
            "",
            "Give a load, a diameter and a modulus larger than zero.",
        )
    return FlatPunch(4 * load / (math.pi * diameter**2), load / (reduced_modulus * diameter))
