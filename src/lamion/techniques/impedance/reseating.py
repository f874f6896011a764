"""Parts of a circuit begun anew: each is moved to where the data see it best beside the others as they are fitted.

A part is one in series or in parallel, at any depth. What its surroundings leave of the data is peeled off to first
order; there the shapes of the part add to its neighbours (impedances in series, admittances in parallel), so that all
sizes follow from linear least squares.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.elements.element import Array, ComplexArray, Frequencies
from lamion.techniques.impedance.parsing import ElementNode, Node, ParallelNode, SeriesNode
from lamion.techniques.impedance.starting_values import shape_library, sizes_of

_BANDS = 6


@dataclass(frozen=True, eq=False)
class _Place:
    """A node of the tree with what the data ask of it: its impedance, and how the whole follows it."""

    node: SeriesNode | ParallelNode
    wanted: ComplexArray
    weights: Array


def reseated(circuit: Circuit, frequency: Array, impedance: ComplexArray, weights: Array, values: Array) -> Array:
    """Return values of the circuit with one part moved.

    Parameters
    ----------
    circuit : Circuit
        What is fitted.
    frequency : array, shape (n,)
        Hz.
    impedance : array of complex, shape (m, n)
        Ohm.
    weights : array, shape (m, n, 2)
        Of the real and imaginary parts.
    values : array, shape (m, k)
        Where the fits ended, SI.

    Returns
    -------
    array, shape (m, c, k)
        Where they are, with two elements of one kind exchanged, and with every part in each of six bands of times.
    """
    frequencies = Frequencies.of(frequency)
    models = circuit.part_impedances(values, frequencies)
    found = [values[:, None], *_exchanged(circuit, values)]
    for place in _places(circuit.tree, impedance, weights.reshape(len(weights), -1), models):
        found += [_moved(circuit, place, index, models, values, frequencies) for index in range(len(place.node.parts))]
    low, high = (np.array([getattr(p, end) for p in circuit.parameters]) for end in ("lower", "upper"))
    return np.clip(np.concatenate(found, axis=1), low, high)


def _exchanged(circuit: Circuit, values: Array) -> Iterator[Array]:
    """Yield values with two elements of one kind exchanged, shape (m, 1, k)."""
    for one, other in itertools.combinations(circuit.leaves, 2):
        if one.element is other.element:
            places = np.arange(values.shape[1])
            first, second = (slice(leaf.start, leaf.start + len(leaf.names)) for leaf in (one, other))
            places[first], places[second] = places[second].copy(), places[first].copy()
            yield values[:, None, places]


def _places(node: Node, wanted: ComplexArray, weights: Array, models: dict[int, ComplexArray]) -> Iterator[_Place]:
    """Yield every node that has parts, the outer ones first."""
    if isinstance(node, ElementNode):
        return
    yield _Place(node, wanted, weights)
    own = models[id(node)]
    for part in node.parts:
        inner = models[id(part)]
        gain = (own / inner) ** 2 if isinstance(node, ParallelNode) else np.ones_like(own)
        yield from _places(part, inner + (wanted - own) / gain, weights * np.repeat(np.abs(gain), 2, axis=1), models)


def _moved(
    circuit: Circuit,
    place: _Place,
    index: int,
    models: dict[int, ComplexArray],
    values: Array,
    frequencies: Frequencies,
) -> Array:
    """Return values with one part of a node moved and its neighbours' sizes fitted anew, shape (m, c, k)."""
    parts, part = place.node.parts, place.node.parts[index]
    beside = [one for one in parts if one is not part]
    library = shape_library(circuit, part, frequencies.omega[0] / (2 * np.pi), fine=True)
    raw = np.ones((len(library.values), len(circuit.names)))
    raw[:, library.places] = library.values
    shapes = circuit.part_impedance(part, raw, frequencies)
    others = np.stack([models[id(one)] for one in beside], axis=1)
    wanted, weights, turned = place.wanted, place.weights, isinstance(place.node, ParallelNode)
    if turned:
        own = models[id(place.node)]
        wanted = 1 / own - (wanted - own) / own**2
        shapes, others, weights = 1 / shapes, 1 / others, weights * np.repeat(np.abs(own) ** 2, 2, axis=1)
    sizes, cost = _sizes(shapes, others, wanted, weights)
    best = _best_of_bands(cost, library.times)
    rows = np.arange(len(values))[:, None]
    chosen = np.maximum(sizes[rows, best], np.finfo(float).tiny) ** (-1.0 if turned else 1.0)
    powers = np.array([parameter.impedance_power for parameter in circuit.parameters])
    moved = np.repeat(values[:, None], best.shape[1], axis=1)
    moved[:, :, library.places] = library.values[best] * chosen[:, :, :1] ** powers[library.places]
    for number, one in enumerate(beside, start=1):
        own_places = circuit.inside(one)
        moved[:, :, own_places] *= chosen[:, :, number : number + 1] ** powers[own_places]
    return moved


def _sizes(shapes: ComplexArray, others: ComplexArray, wanted: ComplexArray, weights: Array) -> tuple[Array, Array]:
    """Return the sizes, shape (m, s, b), of each shape and the parts beside it, and what is left, shape (m, s)."""
    square = weights**2
    rows, beside, data = _real(shapes), _real(others), _real(wanted)
    weighed = beside * square[:, None]
    count = beside.shape[1] + 1
    system = np.empty((len(data), len(rows), count, count))
    system[:, :, 0, 0] = square @ (rows**2).T
    system[:, :, 0, 1:] = np.matmul(rows, weighed.transpose(0, 2, 1))
    system[:, :, 1:, 0] = system[:, :, 0, 1:]
    system[:, :, 1:, 1:] = np.matmul(weighed, beside.transpose(0, 2, 1))[:, None]
    target = np.empty(system.shape[:3])
    target[:, :, 0] = (data * square) @ rows.T
    target[:, :, 1:] = np.einsum("mbn,mn->mb", weighed, data)[:, None]
    return sizes_of(system, target)


def _best_of_bands(cost: Array, times: Array) -> Array:
    """Return the best shape of each band of the times, shape (m, c)."""
    known = np.unique(times)
    band = np.searchsorted(known, times) * _BANDS // len(known)
    clean = np.where(np.isfinite(cost), cost, np.inf)
    groups = [np.flatnonzero(band == one) for one in np.unique(band)]
    return np.stack([group[clean[:, group].argmin(axis=1)] for group in groups], axis=1)


def _real(values: ComplexArray) -> Array:
    return np.ascontiguousarray(values).view(np.float64)
