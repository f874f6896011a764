r"""Bragg's law between the distance of planes and the angle of their reflection.

.. math:: 2 d \sin\theta = \lambda
"""

from __future__ import annotations

import math

from lamion.models.atomistic.diffraction.scattering import WAVELENGTHS
from lamion.quantities import Answer, InputError, Quantity, propagate

_SOURCE = "Bragg's law"


def bragg_from_spacing(spacing: Quantity, wavelength: str = "CuKa") -> Answer:
    """Return the angle at which planes of a given distance reflect.

    Parameters
    ----------
    spacing : Quantity
        Of the planes, d.
    wavelength : str
        A key of :data:`~lamion.models.atomistic.diffraction.scattering.WAVELENGTHS`.

    Returns
    -------
    Answer
        ``two_theta`` (deg) and ``spacing`` (nm).

    Raises
    ------
    InputError
        When the planes are too close for the wavelength.

    Examples
    --------
    >>> print(bragg_from_spacing(Quantity(4.64, 0.02, "angstrom")).results["two_theta"])
    19.128(83) deg
    """
    length = _wavelength(wavelength)
    if length >= 2 * spacing.si:
        raise InputError(f"Planes {spacing} apart reflect no radiation of {1e10 * length:.4g} angstrom.")
    angle = propagate(lambda d: 2 * math.asin(length / (2 * d)), spacing, unit="deg", source=_SOURCE)
    return Answer({"two_theta": angle, "spacing": spacing.to("nm")}, notes=_notes(wavelength), method=_METHOD)


def bragg_from_angle(angle: Quantity, wavelength: str = "CuKa") -> Answer:
    """Return the distance of planes that reflect at a given angle.

    Parameters
    ----------
    angle : Quantity
        2 theta.
    wavelength : str
        As in :func:`bragg_from_spacing`.

    Returns
    -------
    Answer
        ``spacing`` (nm) and ``two_theta`` (deg).

    Raises
    ------
    InputError
        When the angle is not between 0 and 180 degrees.

    Examples
    --------
    >>> print(bragg_from_angle(Quantity(19.1, 0.029, "deg")).results["spacing"])
    0.46468(70) nm
    """
    length = _wavelength(wavelength)
    if not 0 < angle.si < math.pi:
        raise InputError(f"An angle of {angle} is not between 0 and 180 degrees.")
    spacing = propagate(lambda t: length / (2 * math.sin(t / 2)), angle, unit="nm", source=_SOURCE)
    return Answer({"spacing": spacing, "two_theta": angle.to("deg")}, notes=_notes(wavelength), method=_METHOD)


_METHOD = "Bragg's law of the first order, lambda = 2 d sin(theta)."


def _wavelength(name: str) -> float:
    if name not in WAVELENGTHS:
        raise InputError(f"There is no wavelength '{name}'.", "", f"Known are: {', '.join(WAVELENGTHS)}.")
    return 1e-10 * WAVELENGTHS[name]


def _notes(wavelength: str) -> dict[str, str]:
    return {"wavelength": f"{wavelength}, {WAVELENGTHS[wavelength]:.5f} angstrom"}
