"""Elastic contact of an indenter and a sample."""

from __future__ import annotations


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
