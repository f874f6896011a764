"""A series resistance below zero that data ask for: the leads were subtracted twice, or too large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamion.techniques.impedance.circuit import Circuit, Limits
from lamion.techniques.impedance.circuit_fits import CircuitFits
from lamion.techniques.impedance.fit import fit_circuit
from lamion.techniques.impedance.parsing import ElementNode, SeriesNode
from lamion.techniques.impedance.spectra import Spectra

_CLEARLY = 10.0
_DEVIATIONS = 3.0
_GONE = 0.01


@dataclass(frozen=True, eq=False)
class NegativeResistance:
    """What the data of one spectrum ask for.

    Parameters
    ----------
    name : str
        The resistance, such as ``"R0"``.
    fits : CircuitFits
        Of the spectrum alone, that resistance allowed to be negative.
    """

    name: str
    fits: CircuitFits

    @property
    def place(self) -> int:
        """Where it stands among the parameters."""
        return self.fits.circuit.names.index(self.name)


def negative_resistance(fits: CircuitFits, index: int) -> NegativeResistance | None:
    """Look whether a vanished series resistance would be negative, and the fit closer by ten of AICc or more.

    Parameters
    ----------
    fits : CircuitFits
        Of several spectra, no resistance allowed to be negative.
    index : int
        Which.

    Examples
    --------
    >>> from lamion.techniques.impedance.spectra import gather
    >>> f, circuit = np.geomspace(1e5, 1.0, 40), Circuit.read("R0-p(R1,C1)")
    >>> z = circuit.impedance([10.0, 500.0, 1e-6], f) - 25.0
    >>> found = negative_resistance(fit_circuit(circuit, gather(f, z)), 0)
    >>> round(float(found.fits.values[0, found.place]), 6)
    -15.0
    """
    one = fits.spectra
    used = one.used(index)
    alone = Spectra(
        one.grid(index)[None], one.impedance[[index], used], one.weights[[index], used], one.points[[index]]
    )
    name = _series_resistance(fits.circuit)
    if name is None or not all(fits.free) or fits.circuit.limits:
        return None
    place, smallest = fits.circuit.names.index(name), float(np.abs(alone.impedance).min())
    if fits.values[index, place] > _GONE * smallest:
        return None
    largest = float(np.abs(alone.impedance).max())
    allowed = fits.circuit.within([Limits(name, -largest, largest)])
    found = fit_circuit(allowed, alone, start=fits.values[index])
    if fits.aicc(index) - found.aicc(0) < _CLEARLY or found.values[0, place] > -_DEVIATIONS * found.std[0, place]:
        return None
    return NegativeResistance(name, found)


def _series_resistance(circuit: Circuit) -> str | None:
    """Return the name of the resistance in series with all else."""
    parts = circuit.tree.parts if isinstance(circuit.tree, SeriesNode) else ()
    return next((part.label for part in parts if isinstance(part, ElementNode) and part.symbol == "R"), None)
