r"""What an arc with an inductive branch comes to at zero frequency: there the inductance conducts.

.. math:: R_\mathrm{p} = Z(\omega \to 0) - \sum R_\mathrm{series}, \qquad
          R_\mathrm{p} = \left(\frac{1}{R_1} + \frac{1}{R_2}\right)^{-1}\ \text{of}\ p(R_1, CPE_1, R_2{-}L_2)
"""

from __future__ import annotations

from dataclasses import dataclass

from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.elements.element import Array, Frequencies
from lamion.techniques.impedance.parsing import ElementNode, Node, ParallelNode, SeriesNode

_AT_REST = 1e-20
_OPEN = 1e15


@dataclass(frozen=True, eq=False)
class RestResistance:
    """A resistance at zero frequency.

    Parameters
    ----------
    total : float
        Of the whole circuit, ohm.
    polarisation : float
        Without the resistances in series with all else, ohm.
    slopes : array, shape (k,)
        Of the polarisation by the fitted coordinates, ohm.
    """

    total: float
    polarisation: float
    slopes: Array


def rest_resistance(circuit: Circuit, values: Array) -> RestResistance | None:
    """Return the resistance at zero frequency of a circuit with an inductive branch; None for any other.

    Parameters
    ----------
    circuit : Circuit
        The circuit.
    values : array, shape (k,)
        SI values.

    Examples
    --------
    >>> import numpy as np
    >>> circuit = Circuit.read("R0-p(R1,C1,R2-L2)")
    >>> round(rest_resistance(circuit, np.array([20.0, 100.0, 2e-5, 60.0, 200.0])).polarisation, 6)
    37.5
    """
    if not any(_is_branch(part) for part in _parts(circuit.tree)):
        return None
    impedance, derivatives = circuit.response(values[None], Frequencies.of([_AT_REST]))
    series = [circuit.leaf(p).start for p in _parts(circuit.tree) if isinstance(p, ElementNode) and p.symbol == "R"]
    total, slopes = float(impedance[0, 0].real), derivatives[0, :, 0].real.copy()
    if abs(impedance[0, 0]) > _OPEN:
        return None
    slopes[series] = 0.0
    return RestResistance(total, total - float(values[series].sum()), slopes)


def _parts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, SeriesNode) else (node,)


def _is_branch(node: Node) -> bool:
    """Tell whether one of several branches side by side holds an inductance."""
    return isinstance(node, ParallelNode) and any(
        isinstance(element, ElementNode) and element.symbol in ("L", "La")
        for branch in node.parts
        for element in _parts(branch)
    )
