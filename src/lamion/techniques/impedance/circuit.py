"""Equivalent circuits: impedance and derivatives of many sets of parameters at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.errors import InputError
from lamion.techniques.impedance.elements.element import (
    Array,
    ComplexArray,
    Element,
    ElementParameter,
    Frequencies,
    Response,
)
from lamion.techniques.impedance.elements.register import ELEMENTS
from lamion.techniques.impedance.parsing import ElementNode, Node, ParallelNode, SeriesNode, parse_circuit


@dataclass(frozen=True)
class Circuit:
    """An equivalent circuit.

    Parameters
    ----------
    tree : ElementNode, SeriesNode or ParallelNode
        How its elements are connected.

    Examples
    --------
    >>> circuit = Circuit.read("R0-p(R1,CPE1)-CPE2")
    >>> circuit.names
    ('R0', 'R1', 'CPE1.Q', 'CPE1.n', 'CPE2.Q', 'CPE2.n')
    >>> Circuit.read("R0-C1").impedance([10.0, 1e-3], [1.0]).round(2)
    array([10.-159.15j])
    """

    tree: Node

    @classmethod
    def read(cls, text: str) -> Circuit:
        """Read a circuit in either notation.

        Parameters
        ----------
        text : str
            Such as ``R0-p(R1,CPE1)-CPE2`` or ``R(RQ)Q``.

        Raises
        ------
        InputError
            When it cannot be read or has an element that is not known.
        """
        return cls(parse_circuit(text, ELEMENTS.__contains__))

    def __str__(self) -> str:
        return str(self.tree)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Its elements in the order of writing."""
        return tuple(_leaves(self.tree, [0]))

    @cached_property
    def _by_label(self) -> dict[str, Leaf]:
        return {leaf.label: leaf for leaf in self.leaves}

    @property
    def parameters(self) -> tuple[ElementParameter, ...]:
        """What the elements declare, in order."""
        return tuple(parameter for leaf in self.leaves for parameter in leaf.element.parameters)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names: R0, R1, CPE1.Q, CPE1.n, ..."""
        return tuple(name for leaf in self.leaves for name in leaf.names)

    def leaf(self, node: ElementNode) -> Leaf:
        """Return an element of the tree with its place among the parameters."""
        return self._by_label[node.label]

    def inside(self, node: Node) -> list[int]:
        """Return the places of the parameters of a part of the tree."""
        if isinstance(node, ElementNode):
            leaf = self.leaf(node)
            return list(range(leaf.start, leaf.start + len(leaf.element.parameters)))
        return [place for part in node.parts for place in self.inside(part)]

    def values(self, mapping: Mapping[str, float]) -> Array:
        """Return values given by name in the order of :attr:`names`.

        Parameters
        ----------
        mapping : Mapping of str to float
            SI values; every parameter must be there.

        Raises
        ------
        InputError
            When a name is missing or unknown.
        """
        odd = sorted(set(mapping) ^ set(self.names))
        if odd:
            raise InputError(
                f"The circuit {self} has the parameters {', '.join(self.names)}; {', '.join(odd)} does not fit."
            )
        return np.array([mapping[name] for name in self.names])

    def impedance(self, values: ArrayLike, frequency: ArrayLike) -> ComplexArray:
        """Return the impedance in ohm.

        Parameters
        ----------
        values : array, shape (k,) or (m, k)
            SI values in the order of :attr:`names`.
        frequency : array, shape (n,) or (m, n)
            Hz.

        Returns
        -------
        array of complex, shape (n,) or (m, n)
        """
        given = np.asarray(values, dtype=np.float64)
        rows = np.atleast_2d(given)
        found = self._node(self.tree, Frequencies.of(frequency), rows, {})
        return found[0] if given.ndim == 1 and np.ndim(frequency) < 2 else found

    def part_impedance(self, part: Node, values: Array, frequencies: Frequencies) -> ComplexArray:
        """Return the impedance of a part of the tree, ohm, shape (m, n).

        Parameters
        ----------
        part : Node
            A part of :attr:`tree`.
        values : array, shape (m, k)
            SI values of the whole circuit.
        frequencies : Frequencies
            Of shape (m, n) or (1, n).
        """
        return self._node(part, frequencies, values, {})

    def part_impedances(self, values: Array, frequencies: Frequencies) -> dict[int, ComplexArray]:
        """Return the impedances of all parts of the tree, ohm, shape (m, n), by the identity of their nodes."""
        impedances: dict[int, ComplexArray] = {}
        self._node(self.tree, frequencies, values, impedances)
        return impedances

    def response(self, values: Array, frequencies: Frequencies) -> tuple[ComplexArray, ComplexArray]:
        """Return the impedance and all its derivatives.

        Parameters
        ----------
        values : array, shape (m, k)
            SI values.
        frequencies : Frequencies
            Of shape (m, n) or (1, n).

        Returns
        -------
        impedance : array of complex, shape (m, n)
            Ohm.
        derivatives : array of complex, shape (m, k, n)
            By the logarithms of positive parameters and by the exponents as they are, ohm.
        """
        responses: dict[int, Response] = {}
        impedances: dict[int, ComplexArray] = {}
        total = self._node(self.tree, frequencies, values, impedances, responses)
        derivatives = np.empty((len(values), values.shape[1], total.shape[1]), dtype=np.complex128)
        self._pass_down(self.tree, None, impedances, responses, derivatives)
        return total, derivatives

    def _node(
        self,
        node: Node,
        frequencies: Frequencies,
        values: Array,
        impedances: dict[int, ComplexArray],
        responses: dict[int, Response] | None = None,
    ) -> ComplexArray:
        if isinstance(node, ElementNode):
            leaf = self.leaf(node)
            columns = (values[:, place, None] for place in range(leaf.start, leaf.start + len(leaf.names)))
            response = leaf.element.respond(frequencies, *columns)
            if responses is not None:
                responses[id(node)] = response
            total = response.impedance
        else:
            parts = [self._node(part, frequencies, values, impedances, responses) for part in node.parts]
            total = sum(parts[1:], parts[0]) if isinstance(node, SeriesNode) else _side_by_side(parts)
        impedances[id(node)] = total
        return total

    def _pass_down(
        self,
        node: Node,
        gain: ComplexArray | None,
        impedances: dict[int, ComplexArray],
        responses: dict[int, Response],
        derivatives: ComplexArray,
    ) -> None:
        """Write the derivatives of every element below a node, given how the whole follows that node."""
        if isinstance(node, ElementNode):
            start = self.leaf(node).start
            for place, derivative in enumerate(responses[id(node)].derivatives):
                derivatives[:, start + place] = derivative if gain is None else derivative * gain
            return
        for part in node.parts:
            below = gain
            if isinstance(node, ParallelNode):
                share = (impedances[id(node)] / impedances[id(part)]) ** 2
                below = share if gain is None else gain * share
            self._pass_down(part, below, impedances, responses, derivatives)


def circuit_impedance(text: str, values: Mapping[str, float], frequency: ArrayLike) -> ComplexArray:
    """Return the impedance of a circuit of known parameters, ohm.

    Parameters
    ----------
    text : str
        The circuit.
    values : Mapping of str to float
        SI values by name.
    frequency : array, shape (n,)
        Hz.

    Examples
    --------
    >>> circuit_impedance("R0-C1", {"R0": 10.0, "C1": 1e-3}, [1.0]).round(2)
    array([10.-159.15j])
    """
    circuit = _read(text)
    return circuit.impedance(circuit.values(values), frequency)


@cache
def _read(text: str) -> Circuit:
    return Circuit.read(text)


@dataclass(frozen=True)
class Leaf:
    """An element where it stands in a circuit.

    Parameters
    ----------
    label : str
        Such as ``"CPE1"``.
    element : Element
        What it is.
    start : int
        The place of its first parameter among the circuit's.
    """

    label: str
    element: Element
    start: int

    @property
    def names(self) -> tuple[str, ...]:
        """Its parameters' names: the label alone where there is one, else CPE1.Q, CPE1.n."""
        if len(self.element.parameters) == 1:
            return (self.label,)
        return tuple(f"{self.label}.{parameter.name}" for parameter in self.element.parameters)


def _leaves(node: Node, next_place: list[int]) -> list[Leaf]:
    if not isinstance(node, ElementNode):
        return [leaf for part in node.parts for leaf in _leaves(part, next_place)]
    element: Element = ELEMENTS.load(node.symbol)
    leaf = Leaf(node.label, element, next_place[0])
    next_place[0] += len(element.parameters)
    return [leaf]


def _side_by_side(parts: list[ComplexArray]) -> ComplexArray:
    admittance = 1 / parts[0]
    for part in parts[1:]:
        admittance = admittance + 1 / part
    return np.asarray(1 / admittance)


def logarithmic(circuit: Circuit) -> NDArray[np.bool_]:
    """Return which parameters of a circuit are fitted as logarithms."""
    return np.array([not parameter.exponent for parameter in circuit.parameters])


def to_coordinates(circuit: Circuit, values: Array) -> Array:
    """Return logarithms of positive parameters, exponents as they are, for values of shape (..., k)."""
    return np.where(logarithmic(circuit), np.log(np.where(logarithmic(circuit), values, 1.0)), values)


def to_values(circuit: Circuit, coordinates: Array) -> Array:
    """Undo :func:`to_coordinates`."""
    return np.where(logarithmic(circuit), np.exp(np.where(logarithmic(circuit), coordinates, 0.0)), coordinates)


def bounds(circuit: Circuit, room: float = 0.0) -> tuple[Array, Array]:
    """Return the lower and upper bounds of the fitted coordinates, exponents with some room above their own."""
    ends = (np.array([getattr(p, name) for p in circuit.parameters]) for name in ("lower", "upper"))
    low, high = (to_coordinates(circuit, end) for end in ends)
    return low, np.where(logarithmic(circuit), high, high + room)
