r"""The capacitance that a constant-phase element beside a resistance stands for.

Two readings are in use. Beside its own resistance alone (a distribution through a film, normal to the surface):

.. math:: C = Q^{1/n} R^{1/n - 1} = \tau/R

With the series resistance in front (a distribution along the surface; Brug):

.. math:: C = Q^{1/n} \left(\frac{1}{R_0} + \frac{1}{R}\right)^{1 - 1/n}

References
----------
B. Hirschorn et al., Electrochim. Acta 55 (2010) 6218, doi:10.1016/j.electacta.2009.10.065; G. J. Brug et al.,
J. Electroanal. Chem. 176 (1984) 275, doi:10.1016/S0022-0728(84)80324-1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.elements.element import Array
from lamion.techniques.impedance.parsing import ElementNode, Node, ParallelNode, SeriesNode


@dataclass(frozen=True, eq=False)
class EffectiveCapacitance:
    """The capacitance of one arc in m spectra.

    Parameters
    ----------
    label : str
        ``"C1"`` for the arc of CPE1.
    parallel : array, shape (m,)
        Beside its own resistance, F.
    parallel_std : array, shape (m,)
        Its standard uncertainty, F.
    brug : array, shape (m,)
        With the series resistance, F; NaN where the circuit has none above zero.
    """

    label: str
    parallel: Array
    parallel_std: Array
    brug: Array


def effective_capacitances(circuit: Circuit, values: Array, covariance: Array) -> list[EffectiveCapacitance]:
    """Return the capacitances of all arcs p(R,CPE), and p(R-...,CPE) with the first resistance.

    Parameters
    ----------
    circuit : Circuit
        The circuit.
    values : array, shape (m, k)
        SI values.
    covariance : array, shape (m, k, k)
        Of the logarithms of positive parameters and of the exponents.

    Examples
    --------
    >>> circuit = Circuit.read("p(R1,CPE1)")
    >>> one = effective_capacitances(circuit, np.array([[100.0, 1e-6, 1.0]]), np.zeros((1, 3, 3)))[0]
    >>> one.label, one.parallel
    ('C1', array([1.e-06]))
    """
    taken = {leaf.label for leaf in circuit.leaves}
    found = []
    for resistance, element in _arcs(circuit.tree):
        number = re.sub(r"\D", "", element.label)
        label = f"C{number}" if f"C{number}" not in taken else f"{element.label}.C"
        places = [circuit.leaf(resistance).start, *(circuit.leaf(element).start + i for i in (0, 1))]
        found.append(_capacitance(label, values, covariance, places, _series_resistance(circuit, values)))
    return found


def _arcs(node: Node) -> list[tuple[ElementNode, ElementNode]]:
    if isinstance(node, ElementNode):
        return []
    found = []
    if isinstance(node, ParallelNode):
        elements = [part for part in node.parts if isinstance(part, ElementNode) and part.symbol == "CPE"]
        resistances = [r for part in node.parts if (r := _first_resistance(part)) is not None]
        if len(elements) == 1 and resistances:
            found.append((resistances[0], elements[0]))
    return found + [arc for part in node.parts for arc in _arcs(part)]


def _first_resistance(node: Node) -> ElementNode | None:
    """Return the resistance that carries a branch: the branch itself or the first in series in it."""
    parts = node.parts if isinstance(node, SeriesNode) else (node,)
    return next((part for part in parts if isinstance(part, ElementNode) and part.symbol == "R"), None)


def _series_resistance(circuit: Circuit, values: Array) -> Array:
    parts = circuit.tree.parts if isinstance(circuit.tree, SeriesNode) else ()
    starts = [circuit.leaf(p).start for p in parts if isinstance(p, ElementNode) and p.symbol == "R"]
    if not starts:
        return np.full(len(values), np.nan)
    series = values[:, starts].sum(axis=1)
    return np.where(series > 0, series, np.nan)


def _capacitance(
    label: str, values: Array, covariance: Array, places: list[int], series: Array
) -> EffectiveCapacitance:
    r, q, n = values[:, places].T
    parallel = q ** (1 / n) * r ** (1 / n - 1)
    gradient = np.stack([1 / n - 1, 1 / n, -np.log(q * r) / n**2], axis=1)
    block = covariance[:, places][:, :, places]
    finite = np.where(np.isfinite(block), block, 0.0)
    relative = np.sqrt(np.maximum(np.einsum("mi,mij,mj->m", gradient, finite, gradient), 0.0))
    unknown = ~np.isfinite(np.einsum("mii->mi", block)).all(axis=1)
    brug = q ** (1 / n) * (1 / series + 1 / r) ** (1 - 1 / n)
    return EffectiveCapacitance(label, parallel, np.where(unknown, np.inf, parallel * relative), brug)
