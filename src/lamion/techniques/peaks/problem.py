r"""Components and a baseline as a least-squares problem, of many spectra at once.

.. math:: y(x) = \sum_k \frac{A_k}{w_k}\, p_k\!\left(\frac{x - c_k}{w_k}\right) + \sum_j b_j P_j(x)

Ties are linear: all parameters are T times the free ones, plus an offset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.batched_least_squares import BatchedFit, Rows, fit_batch
from lamion.techniques.peaks.component import Component, Setting, check

Array = NDArray[np.float64]

NARROWEST = 0.3
"""Of a width, over the distance of two points: a narrower line falls between them."""
WIDEST = 2.0
"""Of a width, over the range of the data: a wider line is a baseline."""


@dataclass(frozen=True, eq=False)
class Layout:
    """Where each parameter stands, which are free, and how the others follow.

    Parameters
    ----------
    components : tuple of Component
        What lies under the spectrum.
    baseline : array, shape (b, n)
        Columns that are fitted with it.
    names : tuple of (str, str)
        Component and parameter of each of the k parameters; the baseline's have no component.
    free : array of int, shape (f,)
        Which of them are fitted.
    ties : array, shape (k, f)
        T.
    offset : array, shape (k,)
        The values of what is fixed, and the offsets of what is tied.
    logarithmic : array of bool, shape (f,)
        Which of the free ones are fitted as logarithms: widths.
    scale : array, shape (f,)
        By which the others are divided.
    lower, upper : array, shape (f,)
        Bounds of the parameters.
    """

    components: tuple[Component, ...]
    baseline: Array
    names: tuple[tuple[str, str], ...]
    free: NDArray[np.intp]
    ties: Array
    offset: Array
    logarithmic: NDArray[np.bool_]
    scale: Array
    lower: Array
    upper: Array

    @classmethod
    def of(
        cls, components: Sequence[Component], baseline: Array, x: Array, height: float, anchor: str | None = None
    ) -> Layout:
        """Lay out the parameters of components over an abscissa, whose ordinate spans a height.

        Positions without bounds stay in the order of their starts: each is fitted as the distance from its neighbour
        towards the anchor, by default the first.
        """
        check(components)
        names = tuple((one.name, parameter) for one in components for parameter in one.parameters)
        names += tuple(("", f"baseline.{place}") for place in range(len(baseline)))
        settings = [one.setting(parameter) for one in components for parameter in one.parameters]
        settings += [Setting()] * len(baseline)
        free = np.array([p for p, own in enumerate(settings) if own.tie is None and not own.fixed], dtype=np.intp)
        steps = _neighbours(components, names, settings, anchor)
        ties, offset = _ties(names, settings, free, steps)
        scales = _Scales.of(x, height)
        kinds = ["gap" if place in steps else names[place][1] for place in free]
        return cls(
            tuple(components),
            baseline,
            names,
            free,
            ties,
            offset,
            np.array([kind == "width" for kind in kinds]),
            np.array([scales.of_kind(kind) for kind in kinds]),
            np.array([scales.lower(kind, settings[place].low) for kind, place in zip(kinds, free, strict=True)]),
            np.array([scales.upper(kind, settings[place].high) for kind, place in zip(kinds, free, strict=True)]),
        )

    def coordinates(self, values: Array) -> Array:
        """Return the free parameters, shape (..., f), as the fit moves them."""
        logarithm = np.log(np.where(self.logarithmic, np.maximum(values, 1e-300), 1.0))
        return np.asarray(np.where(self.logarithmic, logarithm, values / self.scale))

    def values(self, coordinates: Array) -> Array:
        """Return the free parameters from how the fit moves them."""
        widths = np.exp(np.where(self.logarithmic, coordinates, 0.0))
        return np.asarray(np.where(self.logarithmic, widths, coordinates * self.scale))

    def free_of(self, parameters: Array) -> Array:
        """Return the free parameters, shape (m, f), that give all, shape (m, k)."""
        own = self.ties[self.free]
        return np.asarray(
            np.linalg.solve(own, (parameters[:, self.free] - self.offset[self.free]).T).T, dtype=np.float64
        )

    def place(self, component: str, parameter: str) -> int:
        """Return where a parameter stands among all."""
        return self.names.index((component, parameter))


@dataclass(frozen=True)
class _Scales:
    """What a step of one means for each kind of parameter."""

    spacing: float
    span: float
    width: float
    height: float
    ends: tuple[float, float]

    @classmethod
    def of(cls, x: Array, height: float) -> _Scales:
        span = float(np.ptp(x))
        return cls(float(np.median(np.abs(np.diff(x)))), span, 0.05 * span, height, (float(x.min()), float(x.max())))

    def of_kind(self, kind: str) -> float:
        if kind in ("position", "gap"):
            return self.width
        if kind == "area":
            return self.width * self.height
        return self.height if kind.startswith("baseline") else 1.0

    def lower(self, kind: str, low: float) -> float:
        own = {"position": self.ends[0], "gap": 0.0, "width": NARROWEST * self.spacing}.get(kind, -np.inf)
        return max(low, own)

    def upper(self, kind: str, high: float) -> float:
        own = {"position": self.ends[1], "width": WIDEST * self.span}.get(kind, np.inf)
        return min(high, own)


def _neighbours(
    components: Sequence[Component],
    names: tuple[tuple[str, str], ...],
    settings: Sequence[Setting],
    anchor: str | None,
) -> dict[int, tuple[int, float]]:
    """Return, by the place of a position, its neighbour's towards the anchor, and to which side it lies of that."""
    loose = []
    for one in components:
        place = names.index((one.name, "position"))
        own = settings[place]
        if own.tie is None and not own.fixed and own.start is not None and not np.isfinite([own.low, own.high]).any():
            loose.append((own.start, place))
    ordered = [place for _, place in sorted(loose)]
    at = next((rank for rank, place in enumerate(ordered) if names[place][0] == anchor), 0)
    return {
        place: (ordered[rank - 1], 1.0) if rank > at else (ordered[rank + 1], -1.0)
        for rank, place in enumerate(ordered)
        if rank != at
    }


def _ties(
    names: tuple[tuple[str, str], ...],
    settings: Sequence[Setting],
    free: NDArray[np.intp],
    steps: Mapping[int, tuple[int, float]],
) -> tuple[Array, Array]:
    """Return how all parameters follow from the free ones."""
    ties, offset = np.zeros((len(names), len(free))), np.zeros(len(names))
    column = {int(place): at for at, place in enumerate(free)}
    done: set[int] = set()

    def add(place: int) -> None:
        if place in done:
            return
        done.add(place)
        own = settings[place]
        if own.tie is not None:
            of = names.index((own.tie.component, names[place][1]))
            add(of)
            ties[place], offset[place] = own.tie.factor * ties[of], own.tie.factor * offset[of] + own.tie.offset
        elif own.fixed:
            offset[place] = own.start or 0.0
        elif place in steps:
            of, side = steps[place]
            add(of)
            ties[place] = ties[of]
            ties[place, column[place]] = side
        else:
            ties[place, column[place]] = 1.0

    for place in range(len(names)):
        add(place)
    return ties, offset


@dataclass(frozen=True, eq=False)
class Problem:
    """Spectra over one abscissa, and what is fitted to them.

    Parameters
    ----------
    layout : Layout
        The parameters.
    x : array, shape (n,)
        The abscissa.
    y, weights : array, shape (m, n)
        Ordinates, and one over their standard deviations.
    ties : array, shape (1 or m, k, f)
        The layout's, or one for each spectrum.
    offset : array, shape (1 or m, k)
        The same.
    """

    layout: Layout
    x: Array
    y: Array
    weights: Array
    ties: Array
    offset: Array

    @classmethod
    def of(cls, layout: Layout, x: Array, y: Array, weights: Array) -> Problem:
        """Make the problem with the layout's own ties."""
        return cls(layout, x, y, weights, layout.ties[None], layout.offset[None])

    def of_rows(self, rows: slice) -> Problem:
        """Return the problem of some of the spectra, with the layout's own ties."""
        return replace(self, y=self.y[rows], weights=self.weights[rows])

    def tiled(self, count: int) -> Problem:
        """Return all spectra so many times, one set behind the other."""
        return replace(self, y=np.tile(self.y, (count, 1)), weights=np.tile(self.weights, (count, 1)))

    def repeated(self, spectrum: int, ties: Array, offset: Array) -> Problem:
        """Return one spectrum as often as there are ties."""
        count = len(ties)
        return replace(
            self,
            y=np.repeat(self.y[[spectrum]], count, axis=0),
            weights=np.repeat(self.weights[[spectrum]], count, axis=0),
            ties=ties,
            offset=offset,
        )

    def all_parameters(self, free: Array, rows: Rows) -> Array:
        """Return every parameter, shape (a, k), from the free ones, shape (a, f)."""
        ties, offset = self._of(rows)
        return np.asarray(np.matmul(ties, free[..., None])[..., 0] + offset)

    def _of(self, rows: Rows) -> tuple[Array, Array]:
        return (self.ties, self.offset) if len(self.ties) == 1 else (self.ties[rows], self.offset[rows])

    def model(self, parameters: Array, *, baseline: bool = True) -> Array:
        """Return the components, shape (a, c, n), and the baseline last if asked for, from all parameters."""
        found, place = [], 0
        for one in self.layout.components:
            own = parameters[:, place : place + len(one.parameters), None]
            t = (self.x - own[:, 0]) / own[:, 1]
            found.append(own[:, 2] / own[:, 1] * one.line.profile(t, *(own[:, 3 + e] for e in range(own.shape[1] - 3))))
            place += len(one.parameters)
        if baseline:
            found.append(parameters[:, place:] @ self.layout.baseline)
        return np.stack(found, axis=1)

    def evaluate(self, coordinates: Array, rows: Rows) -> tuple[Array, Array]:
        """Return weighted residuals, shape (a, n), and their derivatives by the coordinates, shape (a, f, n)."""
        free = self.layout.values(coordinates)
        parameters = self.all_parameters(free, rows)
        total, slopes = self.with_slopes(parameters)
        weights = self.weights[rows]
        ties, _ = self._of(rows)
        inner = np.where(self.layout.logarithmic, free, self.layout.scale)
        jacobian = np.matmul(np.swapaxes(ties, 1, 2), slopes) * inner[..., None] * weights[:, None, :]
        return (total - self.y[rows]) * weights, jacobian

    def with_slopes(self, parameters: Array) -> tuple[Array, Array]:
        """Return the model, shape (a, n), and its derivatives by all parameters, shape (a, k, n)."""
        count, width = len(parameters), len(self.x)
        total = np.zeros((count, width))
        slopes = np.empty((count, parameters.shape[1], width))
        place = 0
        for one in self.layout.components:
            own = parameters[:, place : place + len(one.parameters), None]
            c, w, area = own[:, 0], own[:, 1], own[:, 2]
            t = (self.x - c) / w
            profile, by_t, *by_extras = one.line.with_slopes(t, *(own[:, 3 + e] for e in range(own.shape[1] - 3)))
            total += area / w * profile
            slopes[:, place] = -area / w**2 * by_t
            slopes[:, place + 1] = -area / w**2 * (profile + t * by_t)
            slopes[:, place + 2] = profile / w
            for extra, by_extra in enumerate(by_extras):
                slopes[:, place + 3 + extra] = area / w * by_extra
            place += len(one.parameters)
        slopes[:, place:] = self.layout.baseline
        total += parameters[:, place:] @ self.layout.baseline
        return total, slopes

    def solve(self, start: Array, tolerance: float = 1e-8) -> BatchedFit:
        """Fit from free parameters, shape (m, f), inside the bounds; the fit's parameters are coordinates."""
        own = self.layout
        lower, upper = own.coordinates(own.lower), own.coordinates(own.upper)
        return fit_batch(self.evaluate, own.coordinates(start), lower, upper, tolerance=tolerance)
