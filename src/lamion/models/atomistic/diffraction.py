r"""Powder diffraction of a crystal, with or without a texture.

.. math:: I_{hkl} = \left|\sum_j f_j(q)\, e^{2\pi i\,(h x_j + k y_j + l z_j)} e^{-B q^2/16\pi^2}\right|^2
    \frac{1 + \cos^2 2\theta}{\sin^2\theta \cos\theta}\; P(\alpha_{hkl})

with the March-Dollase weight of plates that lie flat,

.. math:: P(\alpha) = \left(r^2\cos^2\alpha + \frac{\sin^2\alpha}{r}\right)^{-3/2}.

Each reflection of a family has its own angle alpha to the plates' normal, so the weight is summed over the family.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.scattering import WAVELENGTHS, form_factors
from lamion.quantities import InputError
from lamion.substances.crystal import Crystal

Array = NDArray[np.float64]

_MOST_REFLECTIONS = 400_000
_SAME_ANGLE = 0.02
_WEAKEST = 1e-9


@dataclass(frozen=True)
class PatternSettings:
    """How a pattern is measured.

    Parameters
    ----------
    wavelength : float
        Angstrom; by default the mean of Cu K-alpha.
    lowest, highest : float
        2 theta in degrees.
    march : float
        The March-Dollase parameter r: 1 is a powder, below 1 plates lie flat on the holder.
    normal : (int, int, int)
        The planes along which the plates are flat, hkl.
    displacement : float
        B of every atom, square angstrom.
    anomalous : bool
        Whether the form factors hold f' and f''.
    """

    wavelength: float = WAVELENGTHS["CuKa"]
    lowest: float = 3.0
    highest: float = 40.0
    march: float = 1.0
    normal: tuple[int, int, int] = (0, 0, 1)
    displacement: float = 0.0
    anomalous: bool = True


@dataclass(frozen=True)
class Peak:
    """Reflections that fall on one angle.

    Parameters
    ----------
    two_theta : float
        Degrees.
    d : float
        Angstrom.
    intensity : float
        Relative to the strongest peak of the pattern, 0 to 1.
    hkl : (int, int, int)
        The strongest of the reflections.
    """

    two_theta: float
    d: float
    intensity: float
    hkl: tuple[int, int, int]


def pattern(crystal: Crystal, settings: PatternSettings | None = None) -> list[Peak]:
    """Compute a powder pattern.

    Parameters
    ----------
    crystal : Crystal
        Every atom of its cell.
    settings : PatternSettings, optional
        Wavelength, range, texture.

    Returns
    -------
    list of Peak
        Strongest first; those within 0.02 degrees of each other are one. Peaks below 1e-9 of the strongest are left
        out.

    Raises
    ------
    InputError
        When the range or the texture makes no sense, no reflection lies in the range, or there are too many.

    Notes
    -----
    Kinematic; no absorption, no instrument's optics, one displacement parameter for all atoms.

    References
    ----------
    W. A. Dollase, J. Appl. Cryst. 19 (1986) 267, doi:10.1107/S0021889886089458.

    Examples
    --------
    >>> salt = Crystal("CsCl", 4.123 * np.eye(3), ("Cs", "Cl"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    >>> first = pattern(salt)[0]
    >>> round(first.two_theta, 2), sorted(abs(index) for index in first.hkl)
    (30.67, [0, 1, 1])
    """
    settings = settings or PatternSettings()
    _check(settings)
    hkl = _reflections(crystal, settings)
    vectors = hkl @ np.linalg.inv(crystal.cell).T
    length = np.linalg.norm(vectors, axis=1)
    sine = settings.wavelength * length / 2
    theta = np.arcsin(sine)
    weight = np.abs(_structure_factors(crystal, hkl, 2 * math.pi * length, settings)) ** 2
    weight *= (1 + np.cos(2 * theta) ** 2) / (sine**2 * np.cos(theta))
    weight *= _texture(crystal, vectors, length, settings)
    return _peaks(hkl, np.degrees(2 * theta), weight, settings.wavelength)


def _check(settings: PatternSettings) -> None:
    if not 0.1 <= settings.wavelength <= 5.0:
        raise InputError(f"A wavelength of {settings.wavelength:g} angstrom is no X-ray diffractometer's.")
    if not 0.5 <= settings.lowest < settings.highest <= 170.0:
        raise InputError(
            f"The angles {settings.lowest:g} to {settings.highest:g} degrees are no range of a pattern.",
            "",
            "Give a lowest angle of at least 0.5 and a larger highest one, up to 170 degrees.",
        )
    if not 0.01 <= settings.march <= 10.0:
        raise InputError(f"A March-Dollase parameter of {settings.march:g} is not between 0.01 and 10.")
    if settings.normal == (0, 0, 0):
        raise InputError("The planes (000) have no normal.", "", "Name planes such as 0,0,1.")
    if not 0.0 <= settings.displacement <= 50.0:
        raise InputError(f"A displacement parameter of {settings.displacement:g} is not between 0 and 50 angstrom2.")


def _reflections(crystal: Crystal, settings: PatternSettings) -> NDArray[np.int64]:
    """List every hkl in the range of angles."""
    highest = 2 * math.sin(math.radians(settings.highest / 2)) / settings.wavelength
    lowest = 2 * math.sin(math.radians(settings.lowest / 2)) / settings.wavelength
    most = np.floor(highest * np.linalg.norm(crystal.cell, axis=1)).astype(int)
    if math.prod(int(2 * n + 1) for n in most) > 20 * _MOST_REFLECTIONS:
        raise InputError("The pattern has too many reflections.", "", "Give a lower highest angle.")
    axes = [np.arange(-n, n + 1) for n in most]
    hkl = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    length = np.linalg.norm(hkl @ np.linalg.inv(crystal.cell).T, axis=1)
    kept: NDArray[np.int64] = hkl[(length >= lowest) & (length <= highest)]
    if len(kept) == 0:
        raise InputError("No reflection lies in that range of angles.", "", "Widen it.")
    if len(kept) > _MOST_REFLECTIONS:
        raise InputError(f"The pattern has {len(kept)} reflections.", "", "Give a lower highest angle.")
    return kept


def _structure_factors(
    crystal: Crystal, hkl: NDArray[np.int64], q: Array, settings: PatternSettings
) -> NDArray[np.complex128]:
    factors = form_factors(crystal.symbols, q, settings.wavelength, anomalous=settings.anomalous)
    damping = np.exp(-settings.displacement * (q / (4 * math.pi)) ** 2)
    total = np.zeros(len(hkl), dtype=complex)
    for symbol, place in zip(crystal.symbols, crystal.fractions, strict=True):
        total += factors[symbol] * np.exp(2j * math.pi * (hkl @ place))
    return np.asarray(total * damping)


def _texture(crystal: Crystal, vectors: Array, length: Array, settings: PatternSettings) -> Array:
    if settings.march == 1.0:
        return np.ones(len(length))
    normal = np.array(settings.normal) @ np.linalg.inv(crystal.cell).T
    cosine2 = np.minimum((vectors @ normal / (length * np.linalg.norm(normal))) ** 2, 1.0)
    r = settings.march
    return np.asarray((r**2 * cosine2 + (1 - cosine2) / r) ** -1.5)


def _peaks(hkl: NDArray[np.int64], two_theta: Array, weight: Array, wavelength: float) -> list[Peak]:
    order = np.argsort(two_theta, kind="stable")
    groups = np.split(order, np.where(np.diff(two_theta[order]) > _SAME_ANGLE)[0] + 1)
    sums = [float(weight[group].sum()) for group in groups]
    largest = max(sums)
    found = []
    for group, total in zip(groups, sums, strict=True):
        if total < _WEAKEST * largest:
            continue
        angle = float(np.average(two_theta[group], weights=weight[group]))
        d = wavelength / (2 * math.sin(math.radians(angle / 2)))
        found.append(Peak(angle, d, total / largest, _name(hkl[group], weight[group])))
    return sorted(found, key=lambda peak: (-peak.intensity, peak.two_theta))


def _name(hkl: NDArray[np.int64], weight: Array) -> tuple[int, int, int]:
    """Name a peak by its strongest reflection; of equals the one with the largest indices."""
    strong = hkl[weight >= weight.max() * (1 - 1e-6)]
    h, k, l = max(map(tuple, strong.tolist()))  # noqa: E741  (crystallography's own letter)
    return int(h), int(k), int(l)
