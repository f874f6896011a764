"""Where the fit of a circuit begins, found from the spectra alone.

Every part in series has a size, and most have a time constant: on a coarse grid of times and exponents the sizes
follow from linear least squares, so that the few best of some hundred combinations start the nonlinear fit. It is a
coarse search for relaxation times made with the circuit's own parts.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.elements.element import Array, ElementParameter, Frequencies
from lamion.techniques.impedance.parsing import Node, SeriesNode

_POINTS = 24
_TIMES_PER_DECADE = 2.0
_INNER_DRAWS = 24
_BEYOND = 2.0
_FINE_DRAWS = 200
_FINE_EXPONENTS = 4
_FINE_BEYOND = 30.0
_MOST_EXPONENTS = 8
_MOST_COMBINATIONS = 320
_SMALLEST_SHARE = 1e-3


@dataclass(frozen=True, eq=False)
class ShapeLibrary:
    """The shapes that one part in series may have.

    Parameters
    ----------
    places : list of int
        Its parameters among the circuit's.
    values : array, shape (s, k)
        The parameters of each shape.
    times : array, shape (s,)
        Its time constant, s; all 0 where the part has none.
    kind : str
        The part without its numbers: parts of one kind are interchangeable.
    """

    places: list[int]
    values: Array
    times: Array
    kind: str


def starting_values(
    circuit: Circuit,
    frequency: Array,
    impedance: NDArray[np.complex128],
    weights: Array,
    count: int = 3,
    *,
    wide: bool = False,
) -> Array:
    """Return the most promising starting values for spectra on one grid of frequencies.

    Parameters
    ----------
    circuit : Circuit
        What will be fitted.
    frequency : array, shape (n,)
        Hz.
    impedance : array of complex, shape (m, n)
        Ohm.
    weights : array, shape (m, n, 2)
        Of the real and imaginary parts.
    count : int
        How many candidates to return, if there are so many that differ in their times.
    wide : bool
        Whether to scan ten times as many combinations.

    Returns
    -------
    array, shape (m, c, k)
        SI values, the best candidate first.

    Examples
    --------
    >>> f = np.geomspace(1e5, 1.0, 30)
    >>> z = np.atleast_2d(Circuit.read("R0-p(R1,C1)").impedance([5.0, 20.0, 1e-5], f))
    >>> weights = np.repeat(1 / np.abs(z)[..., None], 2, axis=2)
    >>> starting_values(Circuit.read("R0-p(R1,C1)"), f, z, weights)[0, 0].shape
    (3,)
    """
    chosen = _spread(frequency)
    f, z, w = frequency[chosen], impedance[:, chosen], weights[:, chosen]
    libraries = _libraries(circuit, f)
    tried = _combinations(libraries, _MOST_COMBINATIONS * (10 if wide else 1))
    sizes, cost = _sizes(circuit, f, z, w, libraries, tried)
    best = _best(cost, _time_groups(libraries, tried), count)
    spectra = np.arange(len(z))[:, None]
    return _compose(circuit, libraries, tried[best], sizes[spectra, best])


def _best(cost: Array, groups: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Return the best combination of each of the best groups, shape (m, c): candidates that differ in their times."""
    left = np.where(np.isfinite(cost), cost, np.finfo(float).max)
    chosen = []
    for _ in range(min(count, int(groups.max()) + 1)):
        best = left.argmin(axis=1)
        chosen.append(best)
        left[groups[best][:, None] == groups] = np.inf
    return np.stack(chosen, axis=1)


def _time_groups(libraries: list[ShapeLibrary], combinations: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return a number for every combination, the same for the same times; without times all differ."""
    times = np.stack([library.times[combinations[:, i]] for i, library in enumerate(libraries)], axis=1)
    if not times.any():
        return np.arange(len(combinations))
    return np.asarray(np.unique(times, axis=0, return_inverse=True)[1].reshape(-1), dtype=np.intp)


def _spread(frequency: Array) -> NDArray[np.intp]:
    """Choose points evenly in the logarithm of the frequency."""
    order = np.argsort(frequency, kind="stable")
    if len(order) <= _POINTS:
        return order
    return order[np.unique(np.linspace(0, len(order) - 1, _POINTS).round().astype(np.intp))]


def _libraries(circuit: Circuit, frequency: Array) -> list[ShapeLibrary]:
    parts = circuit.tree.parts if isinstance(circuit.tree, SeriesNode) else (circuit.tree,)
    return [shape_library(circuit, part, frequency) for part in parts]


def shape_library(circuit: Circuit, part: Node, frequency: Array, *, fine: bool = False) -> ShapeLibrary:
    """Return the shapes of a part; fine ones reach further beyond the window, with more exponents and draws."""
    places = circuit.inside(part)
    declared = [circuit.parameters[place] for place in places]
    inner = _inner_values(circuit, places, fine)
    sized = [index for index, p in enumerate(declared) if not p.exponent]
    kind = re.sub(r"\d+", "", str(part))
    if len(sized) < 2:
        return ShapeLibrary(places, inner, np.zeros(len(inner)), kind)
    beyond = _FINE_BEYOND if fine else _BEYOND
    low, high = 1 / (beyond * 2 * np.pi * frequency.max()), beyond / (2 * np.pi * frequency.min())
    times = np.geomspace(low, high, max(3, round(np.log10(high / low) * _TIMES_PER_DECADE) + 1))
    powers = _time_powers(circuit, places, inner)
    values = inner[:, None, :] * times[None, :, None] ** powers[:, None, :]
    return ShapeLibrary(places, values.reshape(-1, len(places)), np.tile(times, len(inner)), kind)


def _time_powers(circuit: Circuit, places: list[int], values: Array) -> Array:
    """Return the power of t in every parameter that makes the part t times slower, shape (s, k)."""
    powers = np.zeros_like(values)
    for leaf in circuit.leaves:
        if leaf.start not in places:
            continue
        own = {p.name: places.index(leaf.start + at) for at, p in enumerate(leaf.element.parameters)}
        for parameter in leaf.element.parameters:
            exponent = values[:, own[parameter.time_exponent]] if parameter.time_exponent else 1.0
            powers[:, own[parameter.name]] = parameter.time_power * exponent
    return powers


def _inner_values(circuit: Circuit, places: list[int], fine: bool) -> Array:
    """Return shapes of about unit size and time: exponents from their starts, further parameters drawn at large."""
    declared = [circuit.parameters[place] for place in places]
    starts = [_exponents(p, fine) if p.exponent else (1.0,) for p in declared]
    grid = np.array(list(itertools.islice(itertools.product(*starts), 256)))
    random = np.random.default_rng(0)
    if len(grid) > _MOST_EXPONENTS and not fine:
        grid = grid[np.sort(random.choice(len(grid), _MOST_EXPONENTS, replace=False))]
    free = [index for index, p in enumerate(declared) if not p.exponent][2:]
    if not free:
        return grid
    draws, decades = (_FINE_DRAWS, 3.0) if fine else (_INNER_DRAWS, 1.5)
    drawn = grid[random.integers(len(grid), size=draws)]
    drawn[:, free] *= 10.0 ** random.uniform(-decades, decades, (draws, len(free)))
    return drawn


def _exponents(parameter: ElementParameter, fine: bool) -> tuple[float, ...]:
    """Return where an exponent begins: as declared, or evenly over its upper half."""
    if not fine:
        return parameter.starts
    middle = 0.5 * (parameter.lower + parameter.upper)
    return tuple(np.linspace(middle, parameter.upper, _FINE_EXPONENTS).tolist())


def _combinations(libraries: list[ShapeLibrary], most: int) -> NDArray[np.intp]:
    """Choose one shape per part, those of one kind in the order of their times, thinned to a bearable number."""
    random = np.random.default_rng(0)
    total = int(np.prod([float(len(library.values)) for library in libraries]))
    if total <= 200_000:
        grid = np.indices([len(library.values) for library in libraries]).reshape(len(libraries), -1).T
    else:
        grid = np.stack([random.integers(len(library.values), size=40_000) for library in libraries], axis=1)
    grid = grid[_in_order(libraries, grid)]
    if len(grid) > most:
        grid = grid[np.sort(random.choice(len(grid), most, replace=False))]
    return np.asarray(grid, dtype=np.intp)


def _in_order(libraries: list[ShapeLibrary], grid: NDArray[np.intp]) -> NDArray[np.bool_]:
    kept = np.ones(len(grid), dtype=bool)
    for (i, one), (j, other) in itertools.combinations(enumerate(libraries), 2):
        if one.kind == other.kind and one.times.any():
            kept &= one.times[grid[:, i]] < 0.999 * other.times[grid[:, j]]
    return kept if kept.any() else np.ones(len(grid), dtype=bool)


def _sizes(
    circuit: Circuit,
    frequency: Array,
    impedance: NDArray[np.complex128],
    weights: Array,
    libraries: list[ShapeLibrary],
    combinations: NDArray[np.intp],
) -> tuple[Array, Array]:
    """Return the size of every part, shape (m, c, b), and what is left, shape (m, c), of every combination."""
    shapes, starts = _shapes(circuit, frequency, libraries)
    columns = combinations + starts
    square = weights.reshape(len(weights), -1) ** 2
    data = np.ascontiguousarray(impedance).view(np.float64).reshape(len(impedance), -1)
    gram = np.matmul(shapes[None] * square[:, None, :], shapes.T)
    right = (data * square) @ shapes.T
    system = gram[:, columns[:, :, None], columns[:, None, :]]
    target = right[:, columns]
    return sizes_of(system, target)


def sizes_of(system: Array, target: Array) -> tuple[Array, Array]:
    """Solve normal equations for sizes that do not vanish.

    Parameters
    ----------
    system : array, shape (m, c, b, b)
        Products of the parts' shapes.
    target : array, shape (m, c, b)
        Products of the shapes and the data.

    Returns
    -------
    sizes : array, shape (m, c, b)
    cost : array, shape (m, c)
        The sum of squares that is left, less that of the data.
    """
    diagonal = np.einsum("mcbb->mcb", system)
    scale = np.sqrt(np.maximum(diagonal, np.finfo(float).tiny))
    normal = system / (scale[..., :, None] * scale[..., None, :]) + 1e-6 * np.eye(system.shape[-1])
    solved = np.linalg.solve(normal, (target / scale)[..., None])[..., 0]
    solved = np.maximum(solved, _SMALLEST_SHARE * np.abs(solved).max(axis=2, keepdims=True)) / scale
    cost = np.einsum("mcb,mcbd,mcd->mc", solved, system, solved) - 2 * np.einsum("mcb,mcb->mc", solved, target)
    return solved, cost


def _shapes(circuit: Circuit, frequency: Array, libraries: list[ShapeLibrary]) -> tuple[Array, NDArray[np.intp]]:
    """Return the impedances of all shapes as real rows, and where each part's begin."""
    parts = circuit.tree.parts if isinstance(circuit.tree, SeriesNode) else (circuit.tree,)
    rows = []
    for part, library in zip(parts, libraries, strict=True):
        values = np.ones((len(library.values), len(circuit.names)))
        values[:, library.places] = library.values
        rows.append(circuit.part_impedance(part, values, Frequencies.of(frequency)))
    starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
    stacked = np.ascontiguousarray(np.concatenate(rows))
    return stacked.view(np.float64), starts


def _compose(circuit: Circuit, libraries: list[ShapeLibrary], chosen: NDArray[np.intp], sizes: Array) -> Array:
    values = np.ones((*chosen.shape[:2], len(circuit.names)))
    powers = np.array([parameter.impedance_power for parameter in circuit.parameters])
    for index, library in enumerate(libraries):
        shape = library.values[chosen[:, :, index]]
        values[:, :, library.places] = shape * sizes[:, :, index, None] ** powers[library.places]
    return values
