"""How strongly atoms scatter X-rays."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError, MissingExtraError

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

WAVELENGTHS = {"CuKa": 1.54187, "CuKa1": 1.540593, "CuKa2": 1.544427, "MoKa": 0.71075, "CoKa": 1.79030}
"""Angstrom: G. Hölzer et al., Phys. Rev. A 56 (1997) 4554, doi:10.1103/PhysRevA.56.4554, and for molybdenum and the
weighted means (2 K-alpha1 + K-alpha2)/3 the values in common use."""

LARGEST_SINE = 6.0
"""The largest sin(theta)/lambda of the tabulated form factors, 1/angstrom."""


def form_factors(
    symbols: tuple[str, ...], q: Array, wavelength: float, *, anomalous: bool = True
) -> dict[str, ComplexArray]:
    r"""Return the form factors of elements.

    .. math:: f(q) = \sum_{k=1}^{5} a_k e^{-b_k (q/4\pi)^2} + c + f' + i f''

    Parameters
    ----------
    symbols : tuple of str
        Elements.
    q : array, shape (m,)
        4 pi sin(theta) / lambda, 1/angstrom.
    wavelength : float
        Angstrom.
    anomalous : bool
        Whether f' and f'' are added where they are known: see :func:`without_anomalous`.

    Returns
    -------
    dict of str to array, shape (m,)
        In electrons.

    Raises
    ------
    MissingExtraError
        Without the table's package.
    InputError
        For an element without a form factor, or q beyond the table's 24 pi/angstrom.

    Notes
    -----
    Of neutral, free atoms; f' and f'' are known from 10 eV to 30 keV, that is above 0.413 angstrom.

    References
    ----------
    D. Waasmaier, A. Kirfel, Acta Cryst. A51 (1995) 416, doi:10.1107/S0108767394013292; B. L. Henke, E. M. Gullikson,
    J. C. Davis, At. Data Nucl. Data Tables 54 (1993) 181, doi:10.1006/adnd.1993.1013; both through `periodictable`.

    Examples
    --------
    >>> f = form_factors(("Cu",), np.array([0.0]), 1.5418, anomalous=False)["Cu"]
    >>> round(float(f[0].real))
    29
    """
    try:
        from periodictable.cromermann import fxrayatq
    except ImportError as error:
        raise MissingExtraError("atomistic", "A diffraction pattern") from error
    if np.any(q > 4 * math.pi * LARGEST_SINE):
        raise InputError(
            f"Form factors are not known beyond sin(theta)/lambda = {LARGEST_SINE:g}/angstrom.",
            "",
            "Give a lower highest angle or a longer wavelength.",
        )
    found = {}
    for symbol in sorted(set(symbols)):
        try:
            normal = np.asarray(fxrayatq(symbol, q), dtype=complex)
            if anomalous:
                normal = normal + _anomalous(symbol, wavelength)
        except (KeyError, AttributeError, ValueError, TypeError) as error:
            raise InputError(f"No form factor of '{symbol}' at {wavelength:g} angstrom is known.") from error
        found[symbol] = normal
    return found


def without_anomalous(symbols: tuple[str, ...], wavelength: float) -> list[str]:
    """Return the elements whose f' and f'' are not known at a wavelength and are taken as zero.

    Parameters
    ----------
    symbols : tuple of str
        Elements.
    wavelength : float
        Angstrom.

    Examples
    --------
    >>> without_anomalous(("Cu", "C"), 0.2), without_anomalous(("Cu", "C"), 1.54187)
    (['C', 'Cu'], [])
    """
    return [symbol for symbol in sorted(set(symbols)) if not _dispersion(symbol, wavelength)]


def _anomalous(symbol: str, wavelength: float) -> complex:
    """Return f' + i f'', zero where the table has none."""
    return complex(*(_dispersion(symbol, wavelength) or (0.0, 0.0)))


def _dispersion(symbol: str, wavelength: float) -> tuple[float, float] | None:
    import periodictable

    element = getattr(periodictable, symbol)
    f1, f2 = (float(value) for value in element.xray.scattering_factors(wavelength=wavelength))
    return (f1 - element.number, f2) if math.isfinite(f1) and math.isfinite(f2) else None
