r"""Powder diffraction of a crystal, with or without a texture.

.. math:: I_{hkl} = \left|\sum_j o_j f_j(q)\, e^{2\pi i\,(h x_j + k y_j + l z_j)} e^{-B q^2/16\pi^2}\right|^2
    \frac{1 + \cos^2 2\theta}{\sin^2\theta \cos\theta}\; P(\alpha_{hkl})

with the occupancy o of each atom (that of the mean cell: species that share a site are summed) and the March-Dollase
weight of plates that lie flat,

.. math:: P(\alpha) = \left(r^2\cos^2\alpha + \frac{\sin^2\alpha}{r}\right)^{-3/2}.

Each reflection of a family has its own angle alpha to the plates' normal, so the weight is summed over the family.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.diffraction.scattering import LARGEST_SINE, WAVELENGTHS, form_factors
from lamion.quantities import InputError
from lamion.substances.crystal import Crystal

Array = NDArray[np.float64]

_MOST_REFLECTIONS = 400_000
_SAME_ANGLE = 0.02
_WEAKEST = 1e-9
_EXTINCT = 1e-10
_CHEAP = 50_000
_WHOLE = (0.5, 170.0)


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
class DiffractionPeak:
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


@dataclass(frozen=True, eq=False)
class Reflections:
    """The reflections of a crystal in a range of angles, before any texture; extinct ones are left out.

    Parameters
    ----------
    hkl : array of int, shape (n, 3)
        Their indices.
    two_theta : array, shape (n,)
        Degrees.
    weight : array, shape (n,)
        Squared structure factor times Lorentz and polarisation factor.
    cosine2 : array, shape (n,)
        Squared cosine of the angle to the normal of the plates.
    wavelength : float
        Angstrom.
    """

    hkl: NDArray[np.int64]
    two_theta: Array
    weight: Array
    cosine2: Array
    wavelength: float


def powder_pattern_raw(crystal: Crystal, settings: PatternSettings | None = None) -> list[DiffractionPeak]:
    """Compute a powder pattern.

    Parameters
    ----------
    crystal : Crystal
        Every atom of its cell.
    settings : PatternSettings, optional
        Wavelength, range, texture.

    Returns
    -------
    list of DiffractionPeak
        As :func:`peaks` of :func:`reflections`.

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
    >>> first = powder_pattern_raw(salt)[0]
    >>> round(first.two_theta, 2), sorted(abs(index) for index in first.hkl)
    (30.67, [0, 1, 1])
    """
    settings = settings or PatternSettings()
    return peaks(reflections(crystal, settings), settings.march)


def reflections(crystal: Crystal, settings: PatternSettings) -> Reflections:
    r"""Compute the reflections that a crystal has; all of :func:`powder_pattern_raw` that a texture does not change.

    A reflection is extinct when :math:`|F|^2 < 10^{-10} (\sum_j o_j |f_j|)^2`: then it is rounding.

    Parameters
    ----------
    crystal : Crystal
        Every atom of its cell.
    settings : PatternSettings
        Wavelength, range, the plates' normal; its texture is only checked.

    Returns
    -------
    Reflections
        At least one.

    Raises
    ------
    InputError
        As in :func:`powder_pattern_raw`.

    Examples
    --------
    >>> iron = Crystal("Fe", 2.866 * np.eye(3), ("Fe", "Fe"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    >>> len(reflections(iron, PatternSettings(highest=50.0)).hkl)  # {110}
    12
    """
    _check(settings)
    found = _allowed(crystal, _indices(crystal, settings), settings)
    if len(found.hkl) == 0:
        raise InputError("No reflection lies in that range of angles.", "", _advice(crystal, settings))
    return found


def peaks(found: Reflections, march: float = 1.0) -> list[DiffractionPeak]:
    """Weigh reflections by a texture and sum those that fall on one angle.

    Parameters
    ----------
    found : Reflections
        From :func:`reflections`.
    march : float
        The March-Dollase parameter r, larger than 0.

    Returns
    -------
    list of DiffractionPeak
        Strongest first; those within 0.02 degrees of each other are one. Peaks below 1e-9 of the strongest are left
        out.

    Examples
    --------
    >>> cube = reflections(Crystal("Cu", 5.0 * np.eye(3), ("Cu",), np.zeros((1, 3))), PatternSettings())
    >>> [sum(index**2 for index in peaks(cube, march)[0].hkl) for march in (1.0, 0.2)]
    [1, 1]
    """
    weight = found.weight
    if march != 1.0:
        weight = weight * (march**2 * found.cosine2 + (1 - found.cosine2) / march) ** -1.5
    return _peaks(found.hkl, found.two_theta, weight, found.wavelength)


def _check(settings: PatternSettings) -> None:
    if not 0.1 <= settings.wavelength <= 5.0:
        raise InputError(f"A wavelength of {settings.wavelength:g} angstrom is no X-ray diffractometer's.")
    if not _WHOLE[0] <= settings.lowest < settings.highest <= _WHOLE[1]:
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


def _indices(crystal: Crystal, settings: PatternSettings) -> NDArray[np.int64]:
    """List every hkl in the range of angles, extinct or not."""
    lowest, highest = _reciprocal(settings.lowest, settings), _reciprocal(settings.highest, settings)
    if _grid_points(crystal, settings) > 20 * _MOST_REFLECTIONS:
        raise InputError("The pattern has too many reflections.", "", "Give a lower highest angle.")
    axes = [np.arange(-n, n + 1) for n in _largest_indices(crystal, settings)]
    hkl = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    length = np.linalg.norm(hkl @ np.linalg.inv(crystal.cell).T, axis=1)
    kept: NDArray[np.int64] = hkl[(length >= lowest) & (length <= highest)]
    if len(kept) > _MOST_REFLECTIONS:
        raise InputError(f"The pattern has {len(kept)} reflections.", "", "Give a lower highest angle.")
    return kept


def _reciprocal(two_theta: float, settings: PatternSettings) -> float:
    """Return 1/d of an angle, 1/angstrom."""
    return 2 * math.sin(math.radians(two_theta / 2)) / settings.wavelength


def _largest_indices(crystal: Crystal, settings: PatternSettings) -> list[int]:
    lengths = np.linalg.norm(crystal.cell, axis=1)
    return [int(_reciprocal(settings.highest, settings) * length) for length in lengths]


def _grid_points(crystal: Crystal, settings: PatternSettings) -> int:
    return math.prod(2 * n + 1 for n in _largest_indices(crystal, settings))


def _allowed(crystal: Crystal, hkl: NDArray[np.int64], settings: PatternSettings) -> Reflections:
    """Weigh the reflections and leave the extinct ones out."""
    vectors = hkl @ np.linalg.inv(crystal.cell).T
    length = np.linalg.norm(vectors, axis=1)
    squared, most = _structure_factors(crystal, hkl, 2 * math.pi * length, settings)
    kept = squared > _EXTINCT * most
    hkl, vectors, length, squared = hkl[kept], vectors[kept], length[kept], squared[kept]
    sine = settings.wavelength * length / 2
    theta = np.arcsin(np.minimum(sine, 1.0))
    weight = squared * (1 + np.cos(2 * theta) ** 2) / (sine**2 * np.cos(theta))
    normal = np.array(settings.normal) @ np.linalg.inv(crystal.cell).T
    cosine2 = np.minimum((vectors @ normal / (length * np.linalg.norm(normal))) ** 2, 1.0)
    return Reflections(hkl, np.degrees(2 * theta), weight, cosine2, settings.wavelength)


def _structure_factors(
    crystal: Crystal, hkl: NDArray[np.int64], q: Array, settings: PatternSettings
) -> tuple[Array, Array]:
    """Return the squared structure factors, and what they were if every atom scattered in phase."""
    factors = form_factors(crystal.symbols, q, settings.wavelength, anomalous=settings.anomalous)
    total, most = np.zeros(len(hkl), dtype=complex), np.zeros(len(hkl))
    for symbol, place, share in zip(crystal.symbols, crystal.fractions, crystal.shares, strict=True):
        total += share * factors[symbol] * np.exp(2j * math.pi * (hkl @ place))
        most += share * np.abs(factors[symbol])
    damping = np.exp(-2 * settings.displacement * (q / (4 * math.pi)) ** 2)
    return np.abs(total) ** 2 * damping, most**2 * damping


def _advice(crystal: Crystal, settings: PatternSettings) -> str:
    """Name the nearest allowed reflection where it costs little to find."""
    most = min(_WHOLE[1], 2 * math.degrees(math.asin(min(1.0, LARGEST_SINE * settings.wavelength))))
    whole = replace(settings, lowest=_WHOLE[0], highest=most)
    if _grid_points(crystal, whole) > _CHEAP:
        return "Widen it."
    found = _allowed(crystal, _indices(crystal, whole), whole)
    if len(found.hkl) == 0:
        return "The crystal has none at this wavelength: choose a shorter one."
    away = np.maximum(settings.lowest - found.two_theta, found.two_theta - settings.highest)
    nearest = found.two_theta[int(np.argmin(away))]
    return f"Widen it: the nearest reflection that is not extinct is at {nearest:.2f} degrees."


def _peaks(hkl: NDArray[np.int64], two_theta: Array, weight: Array, wavelength: float) -> list[DiffractionPeak]:
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
        found.append(DiffractionPeak(angle, d, total / largest, _name(hkl[group], weight[group])))
    return sorted(found, key=lambda peak: (-peak.intensity, peak.two_theta))


def _name(hkl: NDArray[np.int64], weight: Array) -> tuple[int, int, int]:
    """Name a peak by its strongest reflection; of equals the one with the largest indices."""
    strong = hkl[weight >= weight.max() * (1 - 1e-6)]
    h, k, l = max(map(tuple, strong.tolist()))  # noqa: E741  (crystallography's own letter)
    return int(h), int(k), int(l)
