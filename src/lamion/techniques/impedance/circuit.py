"""Equivalent circuits: impedance and derivatives of many sets of parameters at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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

_LEAST = 1.0
"""The smallest scale of a parameter that may be negative, ohm."""


@dataclass(frozen=True)
class Circuit:
    """An equivalent circuit.

    Parameters
    ----------
    tree : ElementNode, SeriesNode or ParallelNode
        How its elements are connected.
    limits : tuple of Limits
        Bounds of some parameters in place of what their elements declare, see :meth:`within`.

    Examples
    --------
    >>> circuit = Circuit.read("R0-p(R1,CPE1)-CPE2")
    >>> circuit.names
    ('R0', 'R1', 'CPE1.Q', 'CPE1.n', 'CPE2.Q', 'CPE2.n')
    >>> Circuit.read("R0-C1").impedance([10.0, 1e-3], [1.0]).round(2)
    array([10.-159.15j])
    """

    tree: Node
    limits: tuple[Limits, ...] = ()

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

    def within(self, limits: Sequence[Limits]) -> Circuit:
        """Return the circuit with bounds of some parameters in place of what their elements declare.

        Parameters
        ----------
        limits : sequence of Limits
            SI values. A resistance in series with all else may be allowed to be negative: it is then fitted as it is,
            not as a logarithm.

        Raises
        ------
        InputError
            When a name is unknown, the bounds are in the wrong order, or a parameter cannot be negative.

        Examples
        --------
        >>> Circuit.read("R0-p(R1,C1)").within([Limits("R0", -50.0, 100.0)]).parameters[0].lower
        -50.0
        """
        own = dict(zip(self.names, Circuit(self.tree).parameters, strict=True))
        kept = []
        for one in limits:
            if one.name not in own:
                raise self.no_parameter(one.name)
            kept.append(one.checked(own[one.name], self._may_be_negative(one.name)))
        return Circuit(self.tree, tuple(kept))

    def no_parameter(self, name: str) -> InputError:
        """Return the refusal of a name that it does not have."""
        return InputError(f"The circuit {self} has no parameter '{name}'.", "", f"It has {', '.join(self.names)}.")

    def _may_be_negative(self, name: str) -> bool:
        parts = self.tree.parts if isinstance(self.tree, SeriesNode) else (self.tree,)
        return any(isinstance(part, ElementNode) and (part.symbol, part.label) == ("R", name) for part in parts)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Its elements in the order of writing."""
        return tuple(_leaves(self.tree, [0]))

    @cached_property
    def _by_label(self) -> dict[str, Leaf]:
        return {leaf.label: leaf for leaf in self.leaves}

    @cached_property
    def parameters(self) -> tuple[ElementParameter, ...]:
        """What the elements declare, in order, within the bounds that were set."""
        declared = [parameter for leaf in self.leaves for parameter in leaf.element.parameters]
        for one in self.limits:
            place = self.names.index(one.name)
            declared[place] = replace(declared[place], lower=one.lower, upper=one.upper)
        return tuple(declared)

    @cached_property
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
            By the fitted coordinates, ohm: logarithms of positive parameters, others over :func:`scales`.
        """
        responses: dict[int, Response] = {}
        impedances: dict[int, ComplexArray] = {}
        total = self._node(self.tree, frequencies, values, impedances, responses)
        derivatives = np.empty((len(values), values.shape[1], total.shape[1]), dtype=np.complex128)
        self._pass_down(self.tree, None, impedances, responses, derivatives)
        for place in self._plain:
            slope = scales(self)[place] / np.where(values[:, place] == 0, np.finfo(float).tiny, values[:, place])
            derivatives[:, place] *= slope[:, None]
        return total, derivatives

    @cached_property
    def _plain(self) -> list[int]:
        """The places of the parameters that may be zero or negative."""
        return [place for place, p in enumerate(self.parameters) if not p.exponent and p.lower <= 0]

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
class Limits:
    """Bounds of one parameter.

    Parameters
    ----------
    name : str
        Such as ``"R0"``.
    lower, upper : float
        In SI.
    """

    name: str
    lower: float
    upper: float

    def checked(self, declared: ElementParameter, may_be_negative: bool) -> Limits:
        """Return them within what the element allows, or refuse them."""
        said = f"The bounds of {self.name}, {self.lower:g} to {self.upper:g},"
        if not self.lower < self.upper:
            raise InputError(f"{said} leave no value.", "The larger one stands first.", "Give the smaller one first.")
        if self.lower < 0 and not may_be_negative:
            raise InputError(
                f"{said} allow a negative value.", "", "Only a resistance in series with all else may be negative."
            )
        lower = self.lower if self.lower < 0 else max(self.lower, declared.lower)
        upper = min(self.upper, declared.upper)
        if not lower < upper:
            raise InputError(f"{said} lie outside {declared.lower:g} to {declared.upper:g}.")
        return Limits(self.name, lower, upper)


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

    @cached_property
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
    return np.array([not parameter.exponent and parameter.lower > 0 for parameter in circuit.parameters])


def scales(circuit: Circuit) -> Array:
    """Return what one of the fitted coordinate is in a parameter that is not fitted as a logarithm, shape (k,)."""
    return np.array([max(abs(p.lower), _LEAST) if p.lower <= 0 else 1.0 for p in circuit.parameters])


def to_coordinates(circuit: Circuit, values: Array) -> Array:
    """Return logarithms of positive parameters, others over their scale, for values of shape (..., k)."""
    log = logarithmic(circuit)
    return np.where(log, np.log(np.where(log, values, 1.0)), values / scales(circuit))


def to_values(circuit: Circuit, coordinates: Array) -> Array:
    """Undo :func:`to_coordinates`."""
    log = logarithmic(circuit)
    return np.where(log, np.exp(np.where(log, coordinates, 0.0)), coordinates * scales(circuit))


def bounds(circuit: Circuit, room: float = 0.0) -> tuple[Array, Array]:
    """Return the lower and upper bounds of the fitted coordinates, exponents with some room above their own."""
    ends = (np.array([getattr(p, name) for p in circuit.parameters]) for name in ("lower", "upper"))
    low, high = (to_coordinates(circuit, end) for end in ends)
    exponents = np.array([parameter.exponent for parameter in circuit.parameters])
    return low, np.where(exponents, high + room, high)
