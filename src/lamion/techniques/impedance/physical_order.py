"""Interchangeable arcs in their physical order, the fastest first."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.elements.element import Array
from lamion.techniques.impedance.parsing import ElementNode, Node, ParallelNode, SeriesNode


def arc_time_constant(circuit: Circuit, part: Node, values: Array) -> Array | None:
    r"""Return the time constant of an arc, s, shape (m,); None for what is not one.

    A resistance beside a constant-phase element has :math:`\tau = (R Q)^{1/n}`, beside a capacitance RC; elements
    with a parameter tau have that.

    Parameters
    ----------
    circuit : Circuit
        The whole.
    part : Node
        A part of its tree.
    values : array, shape (m, k)
        SI values of the whole circuit.

    Examples
    --------
    >>> circuit = Circuit.read("p(R1,C1)")
    >>> arc_time_constant(circuit, circuit.tree, np.array([[10.0, 1e-3]]))
    array([0.01])
    """
    if isinstance(part, ElementNode):
        leaf = circuit.leaf(part)
        names = [parameter.name for parameter in leaf.element.parameters]
        return np.asarray(values[:, leaf.start + names.index("tau")]) if "tau" in names else None
    if not isinstance(part, ParallelNode):
        return None
    leaves = {p.symbol: circuit.leaf(p).start for p in part.parts if isinstance(p, ElementNode)}
    if len(part.parts) != 2 or "R" not in leaves:
        return _of_parts(circuit, part, values)
    resistance = values[:, leaves["R"]]
    if "C" in leaves:
        return np.asarray(resistance * values[:, leaves["C"]])
    if "CPE" in leaves:
        q, n = values[:, leaves["CPE"]], values[:, leaves["CPE"] + 1]
        with np.errstate(over="ignore"):
            return np.asarray((resistance * q) ** (1 / n))
    return None


def _of_parts(circuit: Circuit, part: ParallelNode, values: Array) -> Array | None:
    """Take the arc of the first resistance and the capacitance of a larger group, as in p(R1-W1,CPE1)."""
    starts: dict[str, int] = {}
    for index in circuit.inside(part):
        leaf = next(one for one in reversed(circuit.leaves) if one.start <= index)
        starts.setdefault(leaf.element.symbol, leaf.start)
    if "R" in starts and "CPE" in starts:
        q, n = values[:, starts["CPE"]], values[:, starts["CPE"] + 1]
        return np.asarray((values[:, starts["R"]] * q) ** (1 / n))
    if "R" in starts and "C" in starts:
        return np.asarray(values[:, starts["R"]] * values[:, starts["C"]])
    return None


def physical_order(circuit: Circuit, values: Array) -> NDArray[np.intp]:
    """Return for every set of parameters the order that puts interchangeable arcs by their time constants.

    Parameters
    ----------
    circuit : Circuit
        The circuit.
    values : array, shape (m, k)
        SI values.

    Returns
    -------
    array of int, shape (m, k)
        ``values[i, order[i]]`` has the fastest arc first.

    Examples
    --------
    >>> circuit = Circuit.read("p(R1,C1)-p(R2,C2)")
    >>> physical_order(circuit, np.array([[1.0, 1e-3, 2.0, 1e-6]])).tolist()
    [[2, 3, 0, 1]]
    """
    order = np.tile(np.arange(values.shape[1]), (len(values), 1))
    _sort_below(circuit, circuit.tree, values, order)
    return order


def _sort_below(circuit: Circuit, node: Node, values: Array, order: NDArray[np.intp]) -> None:
    if isinstance(node, ElementNode):
        return
    for part in node.parts:
        _sort_below(circuit, part, values, order)
    if isinstance(node, SeriesNode):
        kinds: dict[str, list[Node]] = {}
        for part in node.parts:
            kinds.setdefault(re.sub(r"\d+", "", str(part)), []).append(part)
        for alike in kinds.values():
            _sort_alike(circuit, alike, values, order)


def _sort_alike(circuit: Circuit, parts: list[Node], values: Array, order: NDArray[np.intp]) -> None:
    times = [arc_time_constant(circuit, part, values) for part in parts]
    if len(parts) < 2 or any(time is None for time in times):
        return
    by_time = np.argsort(np.stack([time for time in times if time is not None], axis=1), axis=1, kind="stable")
    places = np.array([circuit.inside(part) for part in parts])
    before = order[:, places]
    order[:, places] = np.take_along_axis(before, by_time[:, :, None], axis=1)
