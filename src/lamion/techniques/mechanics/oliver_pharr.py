"""Modulus and hardness from load, depth and stiffness at the beginning of an unloading."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from lamion.quantities import InputError
from lamion.techniques.mechanics.probes import DIAMOND_MODULUS, DIAMOND_POISSON, Probe

_GIVE = (
    "Say that the depth is without it already (--corrected), or give this machine's own stiffness "
    "(--frame-stiffness), as measured on a solid of known modulus."
)


@dataclass(frozen=True)
class Contact:
    """What a contact shows.

    Parameters
    ----------
    modulus : float
        Young's modulus of the sample, Pa.
    hardness : float
        Load over area, Pa: under a flat punch the mean pressure.
    reduced : float
        E_r, Pa.
    stiffness : float
        Of the contact alone, N/m.
    depth : float
        Of contact, m; under a flat punch the whole depth.
    area : float
        m2.
    """

    modulus: float
    hardness: float
    reduced: float
    stiffness: float
    depth: float
    area: float


@dataclass(frozen=True)
class Reading:
    """What goes into a contact, SI.

    Parameters
    ----------
    load, depth : float
        At the beginning of the unloading, N and m.
    compliance : float
        dh/dP there, of contact and frame together, m/N.
    poisson : float
        Of the sample.
    probe : Probe
        Its shape.
    frame_compliance : float
        Of what of the machine's is in the depth, m/N.
    creep_compliance : float
        Rate of creep over rate of unloading, which is missing from dh/dP, m/N.
    beta : float
        By which the contact is stiffer than that of a round punch of its area.
    area_factor : float
        By which the area is larger than its function says.
    tip_modulus, tip_poisson : float
        Of the indenter, Pa and 1.
    """

    load: float
    depth: float
    compliance: float
    poisson: float
    probe: Probe
    frame_compliance: float = 0.0
    creep_compliance: float = 0.0
    beta: float = 1.0
    area_factor: float = 1.0
    tip_modulus: float = DIAMOND_MODULUS
    tip_poisson: float = DIAMOND_POISSON

    @property
    def contact_compliance(self) -> float:
        """dh/dP of the contact alone, m/N."""
        return self.compliance + self.creep_compliance - self.frame_compliance


def oliver_pharr_raw(reading: Reading) -> Contact:
    r"""Return modulus and hardness of a contact.

    .. math:: S = 2 \beta E_r \sqrt{A / \pi}, \quad h_c = h - \epsilon P / S, \quad
              \frac{1}{E_r} = \frac{1 - \nu^2}{E} + \frac{1 - \nu_i^2}{E_i}, \quad H = P / A

    Parameters
    ----------
    reading : Reading
        Load, depth and compliance at the beginning of an unloading, and what else is known.

    Returns
    -------
    Contact

    Raises
    ------
    InputError
        When less than nothing is left for the contact or the sample: it says what must be wrong or is missing.

    Notes
    -----
    An isotropic, linear elastic recovery of a half-space; no adhesion; material that sinks in, not one that piles up.
    For a flat punch of radius a the area is pi a2 at any depth, so that S = 2 a E_r.

    References
    ----------
    W. C. Oliver, G. M. Pharr, J. Mater. Res. 7 (1992) 1564, doi:10.1557/JMR.1992.1564; 19 (2004) 3,
    doi:10.1557/jmr.2004.19.1.3.

    Examples
    --------
    >>> from lamion.techniques.mechanics.probes import Probe
    >>> found = oliver_pharr_raw(Reading(0.5, 2.1263e-6, 1 / 585104, 0.18, Probe("berkovich")))
    >>> round(found.modulus / 1e9, 1), round(found.hardness / 1e9, 2)  # fused quartz
    (72.7, 9.25)
    """
    compliance = reading.contact_compliance
    if not compliance > 0:
        raise _frame(reading)
    depth = reading.depth - reading.frame_compliance * reading.load
    contact_depth = depth - reading.probe.epsilon * reading.load * compliance
    area = reading.area_factor * reading.probe.area(contact_depth)
    if not area > 0:
        raise _no_area(reading, contact_depth, area)
    stiffness = 1.0 / compliance
    reduced = stiffness * math.sqrt(math.pi / area) / (2.0 * reading.beta)
    left = 1.0 / reduced - (1.0 - reading.tip_poisson**2) / reading.tip_modulus
    if not left > 0:
        raise _too_stiff(reading, reduced, area)
    modulus = (1.0 - reading.poisson**2) / left
    return Contact(modulus, reading.load / area, reduced, stiffness, contact_depth, area)


def _frame(reading: Reading) -> InputError:
    share = 100.0 * reading.frame_compliance / (reading.compliance + reading.creep_compliance)
    would = _without_frame(reading)
    return InputError(
        f"The modulus would be negative: the frame's compliance, {1e6 * reading.frame_compliance:.4g} nm/mN, is "
        f"{share:.4g} % of that of the whole unloading, {1e6 * reading.compliance:.4g} nm/mN, so less than nothing is "
        f"left for the contact.",
        "What lacks is the machine's compliance on this sample and tip: the depth may be without it already, or it "
        f"was found with another mounting or another tip.{would}",
        _GIVE,
    )


def _without_frame(reading: Reading) -> str:
    try:
        found = oliver_pharr_raw(replace(reading, frame_compliance=0.0))
    except InputError:
        return ""
    return f" Without taking it off the modulus is {found.modulus / 1e9:.3g} GPa."


def _no_area(reading: Reading, depth: float, area: float) -> InputError:
    if depth <= 0:
        return InputError(
            f"The depth of contact is {1e9 * depth:.4g} nm, so there is no contact.",
            "The zero of the depth is not at the surface, or its compliance is wrong.",
            "Give a curve whose depth begins at the surface, and check --frame-stiffness.",
        )
    return InputError(
        f"The area function gives {1e12 * area:.4g} um2 at a depth of contact of {1e9 * depth:.4g} nm.",
        "It was fitted to other depths, and is of no use at this one.",
        "Give an area function that holds there (--area-function), or a probe's shape without one.",
    )


def _too_stiff(reading: Reading, reduced: float, area: float) -> InputError:
    most = reading.tip_modulus / (1.0 - reading.tip_poisson**2) / 1e9
    return InputError(
        f"The modulus would be negative: the contact's reduced modulus, {reduced / 1e9:.4g} GPa, is above {most:.4g} "
        f"GPa, that of the indenter against a rigid solid.",
        f"The area, {1e12 * area:.4g} um2, is too small or the frame's compliance too large: what lacks is the tip's "
        "area function or the machine's compliance.",
        _GIVE.replace("Say", "Give the area function (--area-function); or say", 1),
    )
