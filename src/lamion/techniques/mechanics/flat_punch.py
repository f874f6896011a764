"""A flat cylindrical punch pressed into an elastic solid."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lamion.quantities import InputError


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
