"""How strongly atoms scatter X-rays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError, MissingExtraError

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

WAVELENGTHS = {"CuKa": 1.54187, "CuKa1": 1.540593, "CuKa2": 1.544427, "MoKa": 0.71075, "CoKa": 1.79030}
"""Angstrom: G. Hölzer et al., Phys. Rev. A 56 (1997) 4554, doi:10.1103/PhysRevA.56.4554, and for molybdenum and the
weighted means (2 K-alpha1 + K-alpha2)/3 the values in common use."""


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
        Whether f' and f'' are added.

    Returns
    -------
    dict of str to array, shape (m,)
        In electrons.

    Raises
    ------
    MissingExtraError
        Without the table's package.
    InputError
        For an element without a form factor.

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
        import periodictable
        from periodictable.cromermann import fxrayatq
    except ImportError as error:
        raise MissingExtraError("atomistic", "A diffraction pattern") from error
    found = {}
    for symbol in sorted(set(symbols)):
        try:
            normal = np.asarray(fxrayatq(symbol, q), dtype=complex)
            if anomalous:
                element = getattr(periodictable, symbol)
                f1, f2 = element.xray.scattering_factors(wavelength=wavelength)
                normal = normal + (float(f1) - element.number) + 1j * float(f2)
        except (KeyError, AttributeError, ValueError, TypeError) as error:
            raise InputError(f"No form factor of '{symbol}' at {wavelength:g} angstrom is known.") from error
        found[symbol] = normal
    return found
