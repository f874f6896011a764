r"""The one T = L2/D with which all earlier switches are counted, and what its uncertainty does to each response.

Each response's :math:`T_i` depends on the T of the history by the share :math:`s_i = d\ln T_i / d\ln T`: zero where all
has relaxed, one in a layer so early that nothing has reached its other side, and then the response says nothing of T.
The T on which all agree makes

.. math:: \sum_i (1 - s_i)\,\left|\frac{\ln T_i - \ln T}{1 - s_i}\right|

least, a median in which each counts by what it says. The responses share points of the curve: with the covariance
:math:`C_{ij}` of the :math:`\ln T_i` at a known history, its deviations :math:`\sigma_i` and correlations
:math:`\rho_{ij}`, and :math:`W = \sum_i (1 - s_i)^2 / \sigma_i`,

.. math:: \sigma^2_{\ln T} = \frac{1}{W^2} \sum_{ij} (1 - s_i)(1 - s_j) \arcsin \rho_{ij}, \qquad
          \sigma^2_{\ln T_i} = C_{ii} + \frac{2 s_i}{W} \sum_j \frac{1 - s_j}{\sigma_j} C_{ij} + s_i^2 \sigma^2_{\ln T}
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.cycling.titration import Diffusion, Skips

Array = NDArray[np.float64]

_ROUNDS, _SAME = 12, 1e-3
_FIRST, _FARTHEST = 0.2, 1.0
"""By how much ln T is changed first, and at most."""
_QUARTILE = 0.6745


def settled(fitted: Callable[[float, Skips], list[Diffusion]], skips: Skips) -> list[Diffusion]:
    """Return the fits that agree best with the T that earlier switches are counted with.

    Parameters
    ----------
    fitted : callable
        From that T in s, zero for none, and from what each response leaves out, to the fits.
    skips : sequence of (float or None)
        What each leaves out in the end, s; None where that is to be found.

    Returns
    -------
    list of Diffusion
        The uncertainty of that T is in their intervals.

    References
    ----------
    R. Koenker, Quantile Regression, Cambridge University Press 2005, 3.2, doi:10.1017/CBO9780511754098.
    """
    found = fitted(0.0, skips)
    known = [one.time for one in found if math.isfinite(one.time)]
    if not known:
        return found
    starts = [one.start for one in found]
    history, step, now = math.log(float(np.median(known))), _FIRST, list[Diffusion]()
    for _ in range(_ROUNDS):
        before, now = now or fitted(math.exp(history), starts), fitted(math.exp(history + step), starts)
        history, agreement = history + step, _Agreement.of(before, now, history + step, step)
        step = float(np.clip(agreement.step, -_FARTHEST, _FARTHEST))
        if abs(step) < _SAME:
            break
    missed = abs(agreement.step) if abs(step) >= _SAME else 0.0
    return agreement.widened(fitted(math.exp(history + step), skips), missed)


@dataclass(frozen=True, eq=False)
class _Agreement:
    """How responses depend on ln T of the history, and what they say of it.

    Parameters
    ----------
    share : array, shape (n,)
        s; zero where a response has no T.
    left : array, shape (n,)
        ln T_i less ln T.
    covariance : array, shape (n, n)
        Of ln T_i at a known history.
    """

    share: Array
    left: Array
    covariance: Array

    @classmethod
    def of(cls, before: Sequence[Diffusion], now: Sequence[Diffusion], history: float, step: float) -> _Agreement:
        """Take the shares from fits with two histories, a step before ln T and there."""
        first, second = (np.log([one.time for one in fits]) for fits in (before, now))
        return cls(np.nan_to_num(np.clip((second - first) / step, 0.0, 1.0)), second - history, _covariance(now))

    @property
    def told(self) -> Array:
        """What each says of T: 1 - s, zero where it has no T."""
        return np.where(np.isfinite(self.left) & (np.diag(self.covariance) > 0), 1.0 - self.share, 0.0)

    @property
    def step(self) -> float:
        """What ln T of the history has to be changed by."""
        used = self.told > 0
        if not np.any(used):
            return 0.0
        steps, weights = self.left[used] / self.told[used], self.told[used]
        order = np.argsort(steps)
        below = np.cumsum(weights[order]) - weights[order] / 2
        return float(np.interp(below[-1] / 2 + below[0] / 2, below, steps[order]))

    def widened(self, found: Sequence[Diffusion], missed: float) -> list[Diffusion]:
        """Return the fits with the uncertainty of T, and what was missed of it, in their intervals."""
        used = self.told > 0
        told, std = self.told[used], np.sqrt(np.diag(self.covariance)[used])
        weight = float(np.sum(told**2 / std))
        if weight == 0.0:
            unknown = np.where(self.share > 0, math.inf, 0.0)
            return [replace(one, log_std=one.log_std + more) for one, more in zip(found, unknown, strict=True)]
        every = self.covariance[np.ix_(used, used)] / np.multiply.outer(std, std)
        scatter = max(float(np.median(np.abs(self.left[used] / std))) / _QUARTILE, 1.0)
        common = scatter**2 * float(told @ np.arcsin(np.clip(every, -1.0, 1.0)) @ told) / weight**2 + missed**2
        along = self.covariance[:, used] @ (told / std) / weight
        variance = np.diag(self.covariance) + 2 * self.share * along + self.share**2 * common
        wider = np.sqrt(np.maximum(variance, 0.0) / np.diag(self.covariance))
        return [replace(one, log_std=one.log_std * by) for one, by in zip(found, wider, strict=True)]


def _covariance(found: Sequence[Diffusion]) -> Array:
    """Return that of ln T of fits which share the points of one curve."""
    moved, shared = (np.array([getattr(one, name) for one in found]) for name in ("moved", "shared"))
    both = moved @ shared.T
    covariance = moved @ moved.T + both + both.T
    np.fill_diagonal(covariance, [one.log_std**2 for one in found])
    return np.asarray(covariance)
