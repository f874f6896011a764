"""What a tensile curve shows: the slope at its beginning, where it ends, and what lies below it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.residual_correlation import block_jackknife, is_correlated, local_noise
from lamion.quantities import InputError

Array = NDArray[np.float64]
LOW, HIGH = 0.0005, 0.0025
"""Strains between which ISO 527-1 reads a modulus."""
_SCALES = (0.5, 1.0, 2.0)
"""By which either end may as well be moved."""
_FEWEST, _BLOCKS = 6, 8
_BROKEN = 0.5
"""Of the strength: a strip that bears less has broken."""


@dataclass(frozen=True)
class Slope:
    """A line through part of a curve.

    Parameters
    ----------
    modulus, modulus_std : float
        Pa; the latter from the scatter about the line.
    zero : float
        Strain at which the line has no stress.
    low, high : float
        Strains, from that zero, between which it was fitted.
    points : int
        In the fit.
    """

    modulus: float
    modulus_std: float
    zero: float
    low: float
    high: float
    points: int


@dataclass(frozen=True, eq=False)
class Tensile:
    """What a curve shows.

    Parameters
    ----------
    slope : Slope
        In the stated range.
    range_std : float
        Standard deviation of the modulus over other ranges, Pa.
    strength, noise : float
        Largest engineering stress, and the noise of each sample, Pa.
    strain_at_strength, strain_at_break : float
        From the zero of the line.
    true_strength : float
        Largest true stress, Pa, before a neck forms.
    toughness : float
        Work of the stress up to the break, J/m3.
    broke : bool
        Whether the stress falls to half of the strength at the end.
    last : int
        The last point before the break.
    """

    slope: Slope
    range_std: float
    strength: float
    noise: float
    strain_at_strength: float
    strain_at_break: float
    true_strength: float
    toughness: float
    broke: bool
    last: int


def tensile_raw(strain: Array, stress: Array, low: float = LOW, high: float = HIGH) -> Tensile:
    r"""Read a curve of engineering stress against engineering strain.

    .. math:: \sigma = E (\varepsilon - \varepsilon_0) \;\text{between two strains}, \quad
              \sigma_t = \sigma (1 + \varepsilon), \quad W = \int_0^{\varepsilon_b} \sigma\, d\varepsilon

    Parameters
    ----------
    strain : array of float, shape (n,)
        Engineering strain.
    stress : array of float, shape (n,)
        Engineering stress, Pa.
    low, high : float
        Strains, from the foot of the line, between which the modulus is read.

    Returns
    -------
    Tensile

    Raises
    ------
    InputError
        When the range holds fewer than six points, or the stress does not rise in it.

    Notes
    -----
    The strain begins where the line has no stress (toe compensation). True stress and strain hold while the strip
    necks nowhere and keeps its volume.

    References
    ----------
    ISO 527-1:2019, Plastics: determination of tensile properties.

    Examples
    --------
    >>> strain = np.linspace(0.0, 0.1, 2001)
    >>> found = tensile_raw(strain, 1e6 * np.minimum(100.0 * strain, 2.0))
    >>> round(found.slope.modulus / 1e6, 6), found.strength / 1e6, found.broke
    (100.0, 2.0, False)
    """
    if not 0.0 <= low < high:
        raise InputError(f"A modulus cannot be read from {low:g} to {high:g}.", "", "Give --low below --high.")
    top = int(np.argmax(stress))
    slope = _slope(strain[: top + 1], stress[: top + 1], low, high)
    from_zero = strain - slope.zero
    last, broke = _break(stress, top)
    noise = local_noise(stress[None, : last + 1]) if last > 3 else 0.0
    kept = slice(int(np.argmax(from_zero >= 0.0)), last + 1)
    return Tensile(
        slope, _range_std(strain[: top + 1], stress[: top + 1], low, high), float(stress[top]), noise,
        float(from_zero[top]), float(from_zero[last]),
        float(np.max(stress[: top + 1] * (1.0 + from_zero[: top + 1]))),
        float(np.trapezoid(stress[kept], from_zero[kept])), broke, last,
    )  # fmt: skip


def engineering(true_strain: Array, true_stress: Array) -> tuple[Array, Array]:
    """Return engineering strain and stress from true ones, of a strip that keeps its volume and has no neck.

    Parameters
    ----------
    true_strain, true_stress : array of float, shape (n,)
        1 and Pa.

    Examples
    --------
    >>> strain, stress = engineering(np.array([0.0, np.log(2.0)]), np.array([0.0, 2.0]))
    >>> strain.tolist(), stress.tolist()
    ([0.0, 1.0], [0.0, 1.0])
    """
    return np.expm1(true_strain), true_stress * np.exp(-true_strain)


def _slope(strain: Array, stress: Array, low: float, high: float) -> Slope:
    """Fit the line; where it has no stress is found together with the range that counts from there."""
    zero = float(strain[0])
    for _ in range(20):
        chosen = (strain - zero >= low) & (strain - zero <= high)
        if chosen.sum() < _FEWEST:
            raise _too_few(int(chosen.sum()), low, high)
        x = strain[chosen]
        centre = float(x.mean())
        slope, at = np.polyfit(x - centre, stress[chosen], 1)
        if not slope > 0:
            raise InputError(
                f"The stress does not rise between strains of {low:g} and {high:g}.",
                "The strip was slack there, or the range lies beyond its yield.",
                "Choose another range with --low and --high.",
            )
        new = centre - float(at / slope)
        if not abs(new - float(strain[0])) < 10 * high + abs(float(strain[-1] - strain[0])):
            break
        moved, zero = abs(new - zero), new
        if moved < 1e-3 * (high - low):
            break
    jacobian = np.stack([np.ones(len(x)), (x - centre) / np.ptp(x)], axis=1)
    residuals = stress[chosen] - jacobian @ np.array([at, slope * np.ptp(x)])
    std = math.sqrt(_covariance(jacobian, residuals)[1, 1]) / float(np.ptp(x))
    return Slope(float(slope), std, zero, low, high, int(chosen.sum()))


def _covariance(jacobian: Array, residuals: Array) -> Array:
    plain: Array = np.linalg.inv(jacobian.T @ jacobian) * float(np.sum(residuals**2)) / (len(residuals) - 2)
    if len(residuals) < 4 * _BLOCKS or not is_correlated(residuals[None]):
        return plain
    blocks = np.array_split(np.arange(len(residuals)), _BLOCKS)
    robust = block_jackknife(-jacobian, residuals, list(blocks))
    return robust if robust[1, 1] > plain[1, 1] else plain


def _too_few(count: int, low: float, high: float) -> InputError:
    return InputError(
        f"{count} points lie between strains of {low:g} and {high:g}, where the modulus is read.",
        "The curve is sampled coarsely, or its strain is in percent.",
        'Choose another range with --low and --high, or give the strain its unit, as in "Strain / %".',
    )


def _range_std(strain: Array, stress: Array, low: float, high: float) -> float:
    """Return the standard deviation of the modulus over ranges that are as good a choice."""
    found = []
    for one in _SCALES:
        for other in _SCALES:
            if one * low < other * high:
                try:
                    found.append(_slope(strain, stress, one * low, other * high).modulus)
                except InputError:
                    continue
    return float(np.std(found, ddof=1)) if len(found) > 1 else 0.0


def _break(stress: Array, top: int) -> tuple[int, bool]:
    """Return the last point before the break, and whether there is one."""
    below = np.flatnonzero(stress[top:] < _BROKEN * stress[top])
    if not len(below):
        return len(stress) - 1, False
    last = top + int(below[0]) - 1
    drops = np.diff(stress[top : last + 2])
    return top + int(np.argmin(drops)), True
