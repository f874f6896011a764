r"""Measured peaks against those of a crystal: what it explains, what is missing, and how flat its plates lie.

.. math:: f = \frac{p - p_0}{1 - p_0}, \qquad p = \frac{\sum I_{00l}}{\sum I_{hkl}}

with Lotgering's f over the peaks that were measured, p_0 that of the crystal's powder; and the March-Dollase parameter
r at which the crystal's intensities are nearest to the measured areas.

References
----------
F. K. Lotgering, J. Inorg. Nucl. Chem. 9 (1959) 113, doi:10.1016/0022-1902(59)80070-1; W. A. Dollase, J. Appl. Cryst. 19
(1986) 267, doi:10.1107/S0021889886089458.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.models.atomistic.diffraction.reflections import Reflections
from lamion.quantities import InputError

Array = NDArray[np.float64]

MODEL = 0.1
"""Relative: how well kinematic intensities of one displacement parameter are those of a crystal."""
_PARALLEL = 1.0 - 1e-6
_LEAST = 0.01
"""Of the mean area: no area is known better."""
_SEEN = 0.05
"""Of the strongest: a computed peak that should have been seen."""
_GRID = np.geomspace(0.05, 4.0, 400)


@dataclass(frozen=True, eq=False)
class Matched:
    """Which reflections stand under which measured peak.

    Parameters
    ----------
    found : Reflections
        The crystal's.
    member : array of int, shape (n,)
        The measured peak of each reflection, -1 where there is none.
    areas, deviations : array, shape (m,)
        Of the measured peaks.
    """

    found: Reflections
    member: NDArray[np.intp]
    areas: Array
    deviations: Array

    def intensities(self, march: float = 1.0) -> Array:
        """Return the crystal's intensity under each measured peak, shape (m,), its whole pattern being 1."""
        weight = _textured(self.found, march)
        inside = self.member >= 0
        sums = np.bincount(self.member[inside], weight[inside], len(self.areas))
        return np.asarray(sums / weight.sum())

    @property
    def explained(self) -> NDArray[np.bool_]:
        """Which measured peaks have a reflection of the crystal."""
        return np.isin(np.arange(len(self.areas)), self.member)

    def along(self) -> Array:
        """Return the share of each measured peak's powder intensity that is of planes that lie flat, shape (m,)."""
        flat = self.found.cosine2 > _PARALLEL
        inside = self.member >= 0
        every = np.bincount(self.member[inside], self.found.weight[inside], len(self.areas))
        own = np.bincount(self.member[inside & flat], self.found.weight[inside & flat], len(self.areas))
        return np.asarray(np.divide(own, every, out=np.zeros(len(own)), where=every > 0))

    def missing(self, march: float) -> list[tuple[float, str]]:
        """Return angle and indices of computed peaks that should have been seen, the strongest first."""
        weight = _textured(self.found, march)
        strongest = max(float(np.max(self.intensities(march))) * weight.sum(), 1e-300)
        order = np.argsort(self.found.two_theta, kind="stable")
        groups = np.split(order, np.flatnonzero(np.diff(self.found.two_theta[order]) > 0.02) + 1)
        lost = [(float(weight[group].sum()), group) for group in groups if np.all(self.member[group] < 0)]
        kept = sorted(((total, group) for total, group in lost if total > _SEEN * strongest), key=lambda one: -one[0])
        return [(float(self.found.two_theta[group[0]]), _named(self.found, weight, group)) for _, group in kept]

    def names(self) -> list[str]:
        """Return the indices of the strongest reflection under each measured peak, empty where there is none."""
        found = []
        for place in range(len(self.areas)):
            group = np.flatnonzero(self.member == place)
            found.append(_named(self.found, self.found.weight, group) if len(group) else "")
        return found


def _textured(found: Reflections, march: float) -> Array:
    if march == 1.0:
        return found.weight
    return np.asarray(found.weight * (march**2 * found.cosine2 + (1.0 - found.cosine2) / march) ** -1.5)


def _named(found: Reflections, weight: Array, group: NDArray[np.intp]) -> str:
    strong = found.hkl[group][weight[group] >= weight[group].max() * (1.0 - 1e-6)]
    return " ".join(map(str, max(map(tuple, strong.tolist()))))


def match(
    found: Reflections, positions: ArrayLike, reach: ArrayLike, areas: ArrayLike, deviations: ArrayLike
) -> Matched:
    """Give each reflection to the nearest measured peak within its reach.

    Parameters
    ----------
    found : Reflections
        Of the crystal, over the range that was measured.
    positions, reach : array-like, shape (m,)
        Of the measured peaks, degrees.
    areas, deviations : array-like, shape (m,)
        Of these.

    Raises
    ------
    InputError
        When none of them has a reflection.
    """
    at, wide = np.asarray(positions, dtype=np.float64), np.asarray(reach, dtype=np.float64)
    nearest = np.argmin(np.abs(found.two_theta[:, None] - at), axis=1)
    inside = np.abs(found.two_theta - at[nearest]) <= wide[nearest]
    if not inside.any():
        raise InputError(
            "No measured peak is one of the structure's.",
            f"Its reflections begin at {found.two_theta.min():.2f} deg.",
            "Check structure, wavelength and the angles' zero.",
        )
    member = np.where(inside, nearest, -1).astype(np.intp)
    return Matched(found, member, np.asarray(areas, dtype=np.float64), np.asarray(deviations, dtype=np.float64))


@dataclass(frozen=True)
class Texture:
    """How flat plates lie.

    Parameters
    ----------
    march : float
        r: 1 of a powder, less of plates that lie flat.
    interval : (float or None, float or None)
        Of lamion's level; None at an end that was not reached.
    residual : float
        Root of the mean square of the areas' relative misfit.
    """

    march: float
    interval: tuple[float | None, float | None]
    residual: float


def march_dollase(matched: Matched) -> Texture | None:
    r"""Find the texture whose intensities are nearest to the measured areas.

    .. math:: \min_{r, c} \sum_i \frac{[A_i - c\, I_i(r)]^2}{u_i^2 + (0.1\, c\, I_i(r))^2}

    Parameters
    ----------
    matched : Matched
        Peaks that the crystal explains are used.

    Returns
    -------
    Texture or None
        None with fewer than two of them.
    """
    used = matched.explained
    if np.count_nonzero(used) < 2:
        return None
    deviations = np.maximum(matched.deviations[used], _LEAST * float(matched.areas[used].mean()))
    rows = [_misfit(matched.intensities(float(march))[used], matched.areas[used], deviations) for march in _GRID]
    misfits = np.array([one for one, _ in rows])
    best = int(np.argmin(misfits))
    freedom = max(int(np.count_nonzero(used)) - 2, 1)
    near = misfits <= misfits[best] + max(misfits[best] / freedom, 1.0)
    first, last = np.flatnonzero(near)[[0, -1]]
    low = None if first == 0 else float(_GRID[first])
    high = None if last == len(_GRID) - 1 else float(_GRID[last])
    return Texture(float(_GRID[best]), (low, high), rows[best][1])


def _misfit(model: Array, areas: Array, deviations: Array) -> tuple[float, float]:
    """Return the sum of squares at the best scale, and the root of the mean square of relative misfits."""
    scale = float(areas.sum() / max(model.sum(), 1e-300))
    for _ in range(20):
        weights = 1.0 / (deviations**2 + (MODEL * scale * model) ** 2 + 1e-300)
        scale = float(np.sum(weights * areas * model) / max(float(np.sum(weights * model**2)), 1e-300))
    left = areas - scale * model
    variance = deviations**2 + (MODEL * scale * model) ** 2 + 1e-300
    # The variance depends on the model, so that its logarithm counts too: else large intensities are free.
    penalty = float(np.sum(np.log(variance)))
    relative = left / np.maximum(areas, _LEAST * float(areas.mean()))
    return float(np.sum(left**2 / variance)) + penalty, float(np.sqrt(np.mean(relative**2)))


def lotgering(matched: Matched) -> tuple[float, float] | None:
    """Return Lotgering's factor and its standard uncertainty; None where no flat or no other planes were measured."""
    used, along = matched.explained, matched.along()
    powder = matched.intensities()
    areas, deviations = matched.areas[used], matched.deviations[used]
    p0 = float((powder * along)[used].sum() / powder[used].sum())
    if not 0.0 < p0 < 1.0 - 1e-9:
        return None
    p = float((areas * along[used]).sum() / areas.sum())
    slopes = (along[used] - p) / areas.sum()
    of_areas = float(np.sqrt(np.sum((slopes * deviations) ** 2)))
    shares = powder[used] / powder[used].sum()
    of_model = MODEL * float(np.sqrt(np.sum((shares * (along[used] - p0)) ** 2))) * (1.0 - p) / (1.0 - p0)
    return (p - p0) / (1.0 - p0), float(np.hypot(of_areas, of_model)) / (1.0 - p0)
