r"""Which noise residuals show: in proportion to the modulus, the same at every modulus, or both.

.. math:: s_i^2 = k^2 |Z_i|^2 + c^2
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_CLEARLY = math.log(100.0)
"""By how much a less simple noise has to be more likely."""
_CONSTANTS = 4
"""Constant parts of the noise that are tried in a decade."""
_FREEDOM = 4.0
_ROUNDS = 20
_MEDIAN = 2.0 * math.log(2.0)
"""Of chi squared with two degrees of freedom."""


@dataclass(frozen=True)
class Noise:
    """The noise of each part of a spectrum.

    Parameters
    ----------
    relative : float
        k, the part in proportion to abs Z.
    constant : float
        c in ohm, the part that is the same at every abs Z.
    smallest, largest : float
        The range of abs Z, ohm.
    """

    relative: float
    constant: float
    smallest: float
    largest: float

    @property
    def kind(self) -> str:
        """``"proportional"``, ``"additive"`` or ``"mixed"``."""
        if not self.constant:
            return "proportional"
        return "mixed" if self.relative else "additive"

    @property
    def constant_share(self) -> float:
        """The constant part over k, in ohm, at most the largest abs Z: beyond that the points weigh alike anyway."""
        if not self.constant:
            return 0.0
        return min(self.constant / self.relative, self.largest) if self.relative else self.largest

    @property
    def in_words(self) -> str:
        """Such as ``"0.3 % of |Z| and 0.5 ohm at every |Z|"``."""
        parts = []
        if self.relative:
            parts.append(f"{100 * self.relative:.2g} % of |Z|")
        if self.constant:
            parts.append(f"{self.constant:.2g} ohm at every |Z|")
        return " and ".join(parts)


def noise_of(square: ArrayLike, modulus: ArrayLike, *, doubted: bool = False) -> Noise:
    r"""Return the noise that is most likely to have left residuals.

    Parameters
    ----------
    square : array, shape (n,)
        Of each point's distance from a fit that follows it, both parts added, ohm2.
    modulus : array, shape (n,)
        abs Z, ohm.
    doubted : bool
        Whether the most likely noise is taken; else the simplest, in proportion to abs Z, then constant, then both, of
        which no other is a hundred times more likely.

    Returns
    -------
    Noise

    Notes
    -----
    The likelihood is that of Student's t with four degrees of freedom, which points that lie off hardly move.

    Examples
    --------
    >>> random, modulus = np.random.default_rng(1), np.geomspace(1.0, 1e4, 200)
    >>> found = noise_of(np.sum(random.normal(0, 2.0, (2, 200)) ** 2, axis=0), modulus)
    >>> found.kind, round(found.constant)
    ('additive', 2)
    """
    variance, size = np.asarray(square, dtype=np.float64), np.asarray(modulus, dtype=np.float64)
    ends = float(size.min()), float(size.max())
    if not np.median(variance) > 0:
        return Noise(0.0, 0.0, *ends)
    tried = [_proportional(variance, size), _additive(variance, size), _mixed(variance, size)]
    most = max(one.log for one in tried)
    found = next(one for one in tried if one.log >= most - (0.0 if doubted else _CLEARLY))
    return Noise(found.relative, found.constant, *ends)


@dataclass(frozen=True)
class _Likely:
    """A noise and the logarithm of its likelihood."""

    log: float
    relative: float
    constant: float


def _proportional(variance: Array, size: Array) -> _Likely:
    found = _likelihood(variance, size**2)
    return _Likely(found.log, math.sqrt(found.scale), 0.0)


def _additive(variance: Array, size: Array) -> _Likely:
    found = _likelihood(variance, np.ones_like(size))
    return _Likely(found.log, 0.0, math.sqrt(found.scale))


def _mixed(variance: Array, size: Array) -> _Likely:
    count = math.ceil(_CONSTANTS * max(1.0, math.log10(float(size.max() / size.min())))) + 1
    tried = []
    for constant in np.geomspace(size.min(), size.max(), count):
        found = _likelihood(variance, size**2 + constant**2)
        relative = math.sqrt(found.scale)
        tried.append(_Likely(found.log, relative, relative * float(constant)))
    return max(tried, key=lambda one: one.log)


@dataclass(frozen=True)
class _Likelihood:
    """The logarithm of a likelihood, and the factor of the supposed variance at which it is largest."""

    log: float
    scale: float


def _likelihood(variance: Array, supposed: Array) -> _Likelihood:
    """Return that of Student's t in two dimensions."""
    ratio = variance / supposed
    scale = float(np.median(ratio)) / _MEDIAN
    for _ in range(_ROUNDS):
        scale = float(np.mean(ratio * (_FREEDOM + 2.0) / (_FREEDOM + ratio / scale))) / 2.0
    tails = 0.5 * (_FREEDOM + 2.0) * np.log1p(ratio / (_FREEDOM * scale))
    return _Likelihood(-float(np.sum(tails + np.log(scale * supposed))), scale)
