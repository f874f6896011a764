r"""Conductivity of a mixture whose interface conducts best: a lattice of polymer, plasticiser and their contacts.

Every site of a cubic lattice holds one of two phases; a bond conducts as its two sites do: polymer to polymer 1,
plasticiser to plasticiser s, across the interface i.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar

from lamion.numerics.lattice_network import Links, Network, solve_network
from lamion.progress import Progress, silent
from lamion.quantities import InputError

Array = NDArray[np.float64]
_NEIGHBOURS = 6


@dataclass(frozen=True)
class Contacts:
    """Conductances of the three kinds of bond.

    Parameters
    ----------
    polymer, plasticiser, interface : float
        Between two sites of polymer, two of plasticiser, and one of each; positive, in any one unit.

    Raises
    ------
    InputError
        When one is not positive.
    """

    polymer: float
    plasticiser: float
    interface: float

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not (math.isfinite(value) and 1e-12 <= value <= 1e12):
                raise InputError(f"The conductance of the {name} is {value:g}.", "", "Give a positive ratio.")


def medium_conductivity(fraction: float, contacts: Contacts) -> float:
    r"""Return the effective medium of the bonds.

    .. math:: \sum_b p_b \frac{g_b - g}{g_b + 2 g} = 0, \qquad p = (1-x)^2,\; x^2,\; 2x(1-x)

    Parameters
    ----------
    fraction : float
        Volume fraction of the plasticiser, x.
    contacts : Contacts
        The bonds.

    References
    ----------
    S. Kirkpatrick, Rev. Mod. Phys. 45 (1973) 574, doi:10.1103/RevModPhys.45.574. It takes the bonds as independent,
    which two bonds of one site are not.

    Examples
    --------
    >>> medium_conductivity(0.0, Contacts(1.0, 2.0, 30.0))
    1.0
    """
    shares = [(1 - fraction) ** 2, fraction**2, 2 * fraction * (1 - fraction)]
    bonds = [contacts.polymer, contacts.plasticiser, contacts.interface]
    low, high = min(bonds), max(bonds)
    if low == high:
        return low

    def imbalance(g: float) -> float:
        return sum(p * (b - g) / (b + (_NEIGHBOURS / 2 - 1) * g) for p, b in zip(shares, bonds, strict=True))

    if imbalance(low) <= 0:
        return low
    return high if imbalance(high) >= 0 else float(brentq(imbalance, low, high, rtol=1e-13))


def lattice_conductivity(sites: NDArray[np.bool_], contacts: Contacts) -> float:
    """Return what a lattice conducts between its first and its last layer, from the network of its bonds.

    Parameters
    ----------
    sites : bool array, three axes
        Where the plasticiser is; three or more along the first axis.
    contacts : Contacts
        The bonds.

    Returns
    -------
    float
        Over the bonds' length and cross-section, in the unit of the contacts; the two outer layers are held.

    Examples
    --------
    >>> round(lattice_conductivity(np.zeros((4, 4, 4), bool), Contacts(2.0, 1.0, 30.0)), 9)
    2.0
    """
    bonds = np.array([contacts.polymer, contacts.interface, contacts.plasticiser])
    inner = sites[1:-1]
    numbers = np.arange(inner.size, dtype=np.int32).reshape(inner.shape)
    links = []
    for axis in range(3):
        low = np.take(numbers, range(inner.shape[axis] - 1), axis).ravel()
        high = np.take(numbers, range(1, inner.shape[axis]), axis).ravel()
        links.append(Links(low, high, bonds[inner.ravel()[low].astype(int) + inner.ravel()[high]]))
    held, source = np.zeros(inner.shape), np.zeros(inner.shape)
    last = bonds[sites[-1].astype(int) + sites[-2]]
    held[0] += bonds[sites[0].astype(int) + sites[1]]
    held[-1] += last
    source[-1] = last
    network = Network(np.array(np.unravel_index(numbers.ravel(), inner.shape), np.int32), tuple(links), held.ravel())
    supply = float(last.sum())
    found = solve_network(network, source.ravel(), supply, tolerance=1e-6)
    current = supply - float(source.ravel() @ found.potential)
    return float(current * (sites.shape[0] - 1) / (sites.shape[1] * sites.shape[2]))


@dataclass(frozen=True, eq=False)
class MixtureCurve:
    """Conductivity against composition.

    Parameters
    ----------
    fractions : array, shape (n,)
        Volume fraction of the plasticiser.
    mean, error : array, shape (n,)
        Over realisations, and its standard error; in the unit of the contacts.
    optimum, optimum_error : float
        Fraction of the highest conductivity, mean and standard error over realisations.
    """

    fractions: Array
    mean: Array
    error: Array
    optimum: float
    optimum_error: float


def mixture_curve(
    contacts: Contacts,
    fractions: Sequence[float],
    *,
    size: int = 16,
    realisations: int = 6,
    seed: int = 0,
    progress: Progress = silent,
) -> MixtureCurve:
    """Solve lattices of rising plasticiser content, the same sites filled first in all of one realisation.

    Parameters
    ----------
    contacts : Contacts
        The bonds.
    fractions : sequence of float
        Increasing, three or more, from 0 to 1.
    size : int
        Sites along an edge, 4 to 64.
    realisations : int
        Two or more.
    seed : int
        Of the random numbers.
    progress : Progress
        Told the realisations.

    Raises
    ------
    InputError
        When the size or the number of realisations is out of range.

    Examples
    --------
    >>> curve = mixture_curve(Contacts(1.0, 1.0, 100.0), [0.0, 0.25, 0.5, 0.75, 1.0], size=6, realisations=2)
    >>> 0.4 < curve.optimum < 0.6
    True
    """
    if not (4 <= size <= 64 and 2 <= realisations <= 1000):
        raise InputError(
            f"{realisations} realisations of a lattice of {size} sites along an edge are asked for.",
            "",
            "Give 4 to 64 sites, and 2 to 1000 realisations.",
        )
    if seed < 0:
        raise InputError(f"The seed is {seed}.", "", "Give zero or a positive number.")
    x = np.asarray(fractions, dtype=float)
    rng = np.random.default_rng(seed)
    values, optima = [], []
    for done in range(realisations):
        progress(done, realisations, "lattice")
        draw = rng.random((size,) * 3)
        curve = np.array([lattice_conductivity(draw < fraction, contacts) for fraction in x])
        values.append(curve)
        optima.append(_peak(x, np.log(curve)))
    found, best = np.array(values), np.array(optima)
    root = math.sqrt(realisations)
    error = found.std(axis=0, ddof=1) / root
    step = float(np.max(np.diff(x))) / math.sqrt(12)
    spread = math.hypot(float(best.std(ddof=1)) / root, 0.3 * step)
    return MixtureCurve(x, found.mean(axis=0), error, float(best.mean()), spread)


def medium_optimum(contacts: Contacts) -> float:
    """Return the fraction at which the effective medium conducts best.

    Parameters
    ----------
    contacts : Contacts
        The bonds.

    Examples
    --------
    >>> round(medium_optimum(Contacts(1.0, 1.0, 30.0)), 3)
    0.5
    """
    grid = np.linspace(0, 1, 101)
    values = [medium_conductivity(float(x), contacts) for x in grid]
    top = int(np.argmax(values))
    if top in (0, 100):
        return float(grid[top])
    ends = (float(grid[top - 1]), float(grid[top + 1]))
    found = minimize_scalar(lambda x: -medium_conductivity(x, contacts), bounds=ends, method="bounded")
    return float(found.x)


def _peak(x: Array, y: Array) -> float:
    """Return where a parabola through the highest point and its neighbours is highest."""
    top = int(np.argmax(y))
    if top in (0, x.size - 1):
        return float(x[top])
    part = slice(top - 1, top + 2)
    curvature, slope, _ = np.polyfit(x[part] - x[top], y[part], 2)
    return float(np.clip(x[top] - slope / (2 * curvature), x[top - 1], x[top + 1]))
