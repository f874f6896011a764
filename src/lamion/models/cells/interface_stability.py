"""Does an electrolyte's stiffness alone keep a lithium electrode flat? The criterion of Monroe and Newman."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lamion.quantities import InputError

CRITICAL_RATIO = 2.0
"""Shear modulus of the electrolyte over that of lithium from which Monroe and Newman find roughening suppressed."""


@dataclass(frozen=True)
class InterfaceStability:
    """An electrolyte's shear modulus against the criterion.

    Parameters
    ----------
    shear_modulus : float
        Of the electrolyte, Pa.
    ratio : float
        That over the metal's.
    needed_modulus : float
        Young's modulus at which the criterion would be met, Pa.
    critical_ratio : float
        The ratio it asks for.
    """

    shear_modulus: float
    ratio: float
    needed_modulus: float
    critical_ratio: float

    @property
    def suppressed(self) -> bool:
        """Whether stiffness alone would suppress roughening."""
        return self.ratio >= self.critical_ratio


def interface_stability(
    modulus: float, poisson: float, metal_shear_modulus: float, critical_ratio: float = CRITICAL_RATIO
) -> InterfaceStability:
    r"""Hold an electrolyte's stiffness against the criterion of Monroe and Newman.

    .. math:: G = \frac{E}{2 (1 + \nu)}, \qquad \text{suppressed where}\ \frac{G}{G_\mathrm{Li}} \ge 2

    Parameters
    ----------
    modulus : float
        Young's modulus E of the electrolyte, Pa.
    poisson : float
        Its Poisson ratio, above -1 up to 0.5.
    metal_shear_modulus : float
        Shear modulus of the metal, Pa.
    critical_ratio : float
        About 2 for an electrolyte with the Poisson ratio of poly(ethylene oxide).

    Returns
    -------
    InterfaceStability

    Raises
    ------
    InputError
        When a number is of no sense.

    Notes
    -----
    Linear elasticity of two isotropic half-spaces in contact without defects, a periodic disturbance of small
    amplitude, a polymer in which lithium takes more room than in the metal. It says nothing of films with grain
    boundaries or pores, of creep and yield of lithium, nor of stiff inorganic electrolytes, in which lithium takes
    less room and stiffness destabilises. Not to meet it is no proof of dendrites: a soft electrolyte can stay flat
    for other reasons, below its limiting current for instance.

    References
    ----------
    C. Monroe, J. Newman, J. Electrochem. Soc. 152 (2005) A396, doi:10.1149/1.1850854.

    Examples
    --------
    >>> found = interface_stability(1.38e9, 0.3, 3.4e9)
    >>> round(found.shear_modulus / 1e9, 2), round(found.ratio, 2), round(found.needed_modulus / 1e9, 1)
    (0.53, 0.16, 17.7)
    >>> found.suppressed
    False
    """
    if not (modulus > 0 and metal_shear_modulus > 0 and -1 < poisson <= 0.5 and critical_ratio > 0):
        raise InputError(
            f"A modulus of {modulus:.4g} Pa, a Poisson ratio of {poisson:.4g}, a shear modulus of the metal of "
            f"{metal_shear_modulus:.4g} Pa and a ratio of {critical_ratio:.4g} asked for make no elastic interface.",
            "Moduli and the ratio are larger than zero, a Poisson ratio lies between -1 and 0.5.",
            "Check them and their units.",
        )
    if not all(map(math.isfinite, (modulus, metal_shear_modulus, critical_ratio))):
        raise InputError("A modulus or the ratio asked for is not a finite number.", "", "Check it.")
    stretch = 2 * (1 + poisson)
    shear = modulus / stretch
    return InterfaceStability(
        shear, shear / metal_shear_modulus, critical_ratio * metal_shear_modulus * stretch, critical_ratio
    )
