"""A circuit's fit to many spectra as one batch of least-squares problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.batched_least_squares import BatchedFit, Rows, fit_batch
from lamion.quantities.errors import InputError
from lamion.records.column import as_written
from lamion.techniques.impedance.circuit import Circuit, bounds, to_coordinates, to_values
from lamion.techniques.impedance.elements.element import Array, Frequencies
from lamion.techniques.impedance.spectra import Spectra


@dataclass(frozen=True, eq=False)
class FitProblem:
    """Spectra and a circuit as residuals of the free coordinates.

    Parameters
    ----------
    circuit : Circuit
        The circuit.
    spectra : Spectra
        The m spectra with their weights.
    free : array of bool, shape (k,)
        Which coordinates are fitted.
    held : array, shape (m, k)
        The coordinates where they are not.
    room : float
        How far exponents may pass their upper end.
    frequencies, data, weights
        Of the spectra, as the residuals want them.
    """

    circuit: Circuit
    spectra: Spectra
    free: NDArray[np.bool_]
    held: Array
    room: float
    frequencies: Frequencies
    data: Array
    weights: Array

    @classmethod
    def of(cls, circuit: Circuit, spectra: Spectra, fixed: Mapping[str, float], room: float = 0.0) -> FitProblem:
        """Make the problem of a fit with some parameters held at given values.

        Parameters
        ----------
        circuit : Circuit
            The circuit.
        spectra : Spectra
            The spectra.
        fixed : Mapping of str to float
            SI values of the parameters that are held.
        room : float
            How far exponents may pass their upper end.

        Raises
        ------
        InputError
            When a name is unknown, a value is out of bounds or nothing is left free.
        """
        names = circuit.names
        for name, value in fixed.items():
            if name not in names:
                raise circuit.no_parameter(name)
            parameter = circuit.parameters[names.index(name)]
            if not parameter.lower <= value <= parameter.upper:
                raise InputError(f"The fixed {name} = {value:g} lies outside its bounds.")
        values = np.array([fixed.get(name, 1.0) for name in names])
        free = np.array([name not in fixed for name in names])
        if not free.any():
            raise InputError("Every parameter of the circuit is fixed.", "", "Leave one free at least.")
        held = np.tile(to_coordinates(circuit, values), (len(spectra), 1))
        return cls.build(circuit, spectra, free, held, room)

    @classmethod
    def build(cls, circuit: Circuit, spectra: Spectra, free: NDArray[np.bool_], held: Array, room: float) -> FitProblem:
        """Make the problem from its parts; see the class."""
        data = np.ascontiguousarray(spectra.impedance).view(np.float64)
        weights = np.ascontiguousarray(spectra.weights).reshape(len(spectra), -1)
        return cls(circuit, spectra, free, held, room, Frequencies.of(spectra.frequency), data, weights)

    def with_weights(self, weights: Array) -> FitProblem:
        """Return the problem with other weights, shape (m, n, 2)."""
        spectra = Spectra(self.spectra.frequency, self.spectra.impedance, weights, self.spectra.points)
        return self.build(self.circuit, spectra, self.free, self.held, self.room)

    def repeated(self, times: int) -> FitProblem:
        """Return the problem with every spectrum several times in a row."""
        one = self.spectra
        grid = one.frequency if len(one.frequency) == 1 else np.repeat(one.frequency, times, axis=0)
        many = Spectra(
            grid,
            np.repeat(one.impedance, times, axis=0),
            np.repeat(one.weights, times, axis=0),
            np.repeat(one.points, times),
        )
        return self.build(self.circuit, many, self.free, np.repeat(self.held, times, axis=0), self.room)

    def check(self) -> None:
        """Refuse spectra with too few points, or with the sign of the imaginary part turned."""
        fewest = int(self.spectra.points.min())
        unknowns = int(self.free.sum())
        if 2 * fewest <= unknowns + 1:
            raise InputError(
                f"A spectrum of {fewest} points cannot determine the {unknowns} parameters of {self.circuit}.",
                "",
                "Take a simpler circuit, fix parameters, or measure more frequencies.",
            )
        self._check_sign()

    def _check_sign(self) -> None:
        if any(leaf.element.symbol in ("L", "La") for leaf in self.circuit.leaves):
            return
        sine = self.spectra.impedance.imag / np.abs(self.spectra.impedance)
        for index in range(len(self.spectra)):
            own = sine[index, self.spectra.used(index)]
            if np.median(own) > 0.02 and np.mean(own > 0.01) > 0.6:
                raise InputError(
                    "Most points have a positive imaginary part, which the circuit cannot have.",
                    "The column probably holds -Z'' instead of Z''.",
                    f"Give the columns with their sign, as in {as_written()}.",
                )

    def evaluate(self, coordinates: Array, rows: Rows) -> tuple[Array, Array]:
        """Return weighted residuals, shape (a, 2n), and derivatives, shape (a, k, 2n)."""
        whole = self.held[rows].copy()
        whole[:, self.free] = coordinates
        values = to_values(self.circuit, whole)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            impedance, derivatives = self.circuit.response(values, self.frequencies.rows(rows))
        weights = self.weights[rows]
        residuals = (np.ascontiguousarray(impedance).view(np.float64) - self.data[rows]) * weights
        if not self.free.all():
            derivatives = derivatives[:, self.free]
        jacobian = np.ascontiguousarray(derivatives).view(np.float64)
        jacobian *= weights[:, None, :]
        return residuals, jacobian

    def solve(self, start: Array, most_iterations: int = 200, tolerance: float = 1e-8) -> BatchedFit:
        """Fit from starting coordinates, shape (m, free)."""
        low, high = bounds(self.circuit, self.room)
        return fit_batch(
            self.evaluate,
            start,
            low[self.free],
            high[self.free],
            tolerance=tolerance,
            most_iterations=most_iterations,
        )

    def from_start(self, start: Array) -> BatchedFit:
        """Fit from given SI values, shape (k,) or (m, k)."""
        given = np.broadcast_to(np.asarray(start, dtype=np.float64), self.held.shape)
        return self.solve(to_coordinates(self.circuit, given)[:, self.free])

    def subset(self, chosen: Rows) -> FitProblem:
        """Return the problem of some of the spectra."""
        one = self.spectra
        grid = one.frequency if len(one.frequency) == 1 else one.frequency[chosen]
        few = Spectra(grid, one.impedance[chosen], one.weights[chosen], one.points[chosen])
        return self.build(self.circuit, few, self.free, self.held[chosen], self.room)
