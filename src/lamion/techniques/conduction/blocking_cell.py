r"""The equivalent circuits of an electrolyte between blocking electrodes, their derivatives and starting values.

.. math:: Z = R_0 + \frac{R_1}{1 + (j\omega\tau)^{n_1}} + \frac{1}{Q (j\omega)^n} + j\omega L

The third term is the spike of the blocking electrodes (a constant-phase element); it is always there. The arc (a
resistance beside a constant-phase element, written with its time constant :math:`\tau = (R_1 Q_1)^{1/n_1}`), the
series resistance and the inductance are there or not, which makes the candidates that the data choose from.

References
----------
G. J. Brug et al., J. Electroanal. Chem. 176 (1984) 275, doi:10.1016/S0022-0728(84)80324-1 (constant-phase
elements); J. T. S. Irvine, D. C. Sinclair, A. R. West, Adv. Mater. 2 (1990) 132, doi:10.1002/adma.19900020304
(which arc is what).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_START_SPIKE_EXPONENTS = (0.6, 0.75, 0.88, 0.97)
_START_ARC_EXPONENTS = (0.65, 0.8, 1.0)
_START_POINTS = 24
_LOGARITHM_LIMIT = 200.0


@dataclass(frozen=True)
class BlockingModel:
    """One candidate circuit of a blocking cell.

    Parameters
    ----------
    series : bool
        Whether a series resistance R0 stands before the arc (without an arc there always is one).
    arc : bool
        Whether there is an arc.
    inductance : bool
        Whether there is a series inductance.

    Examples
    --------
    >>> BlockingModel(series=True, arc=True, inductance=False).names
    ('R0', 'R1', 'tau', 'n1', 'Q', 'n')
    """

    series: bool
    arc: bool
    inductance: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters in order: R0 and R1 in ohm, tau in s, Q in S s^n, L in H, n1 and n plain."""
        return (
            (("R0",) if self.series else ())
            + (("R1", "tau", "n1") if self.arc else ())
            + ("Q", "n")
            + (("L",) if self.inductance else ())
        )

    @property
    def circuit(self) -> str:
        """The circuit in words that a reader of impedance papers knows."""
        parts = (["L"] if self.inductance else []) + (["R0"] if self.series else [])
        return "-".join([*parts, *(["p(R1,CPE1)"] if self.arc else []), "CPE"])

    def values(self, parameters: Array) -> dict[str, float]:
        """Return the physical values by name; the exponents are fitted as they are, all else as logarithms.

        Parameters
        ----------
        parameters : array, shape (k,)
            Natural logarithms of R0, R1, tau, Q, L in SI units, and the plain exponents n1 and n.
        """
        return {
            name: p if name in ("n", "n1") else math.exp(max(-_LOGARITHM_LIMIT, min(p, _LOGARITHM_LIMIT)))
            for name, p in zip(self.names, parameters.tolist(), strict=True)
        }

    def impedance(self, parameters: Array, frequency: Array) -> ComplexArray:
        """Return the impedance in ohm.

        Parameters
        ----------
        parameters : array, shape (k,)
            As in :meth:`values`.
        frequency : array, shape (n,)
            Hz.
        """
        value = self.values(parameters)
        s = _laplace(frequency)
        total = value.get("R0", 0.0) + _power(s, -value["n"]) / value["Q"]
        if self.arc:
            total = total + value["R1"] / (1.0 + _power(s * value["tau"], value["n1"]))
        if self.inductance:
            total = total + s * value["L"]
        return np.asarray(total, dtype=np.complex128)

    def derivatives(self, parameters: Array, frequency: Array) -> ComplexArray:
        """Return the derivatives of the impedance by the fitted parameters, shape (n, k), in ohm.

        Parameters
        ----------
        parameters : array, shape (k,)
            As in :meth:`values`.
        frequency : array, shape (n,)
            Hz.
        """
        value = self.values(parameters)
        s = _laplace(frequency)
        spike = _power(s, -value["n"]) / value["Q"]
        columns = []
        if self.series:
            columns.append(np.full_like(s, value["R0"]))
        if self.arc:
            u = _power(s * value["tau"], value["n1"])
            arc = value["R1"] / (1.0 + u)
            slope = -arc * u / (1.0 + u)
            columns += [arc, slope * value["n1"], slope * np.log(s * value["tau"])]
        columns += [-spike, -spike * np.log(s)]
        if self.inductance:
            columns.append(s * value["L"])
        return np.stack(columns, axis=1)

    def start(self, frequency: Array, impedance: ComplexArray) -> Array | None:
        """Return starting values that need no guess from the user.

        For fixed tau, n1 and n the circuit is linear in R0, R1, 1/Q and L: that linear problem is solved, with
        modulus weights, on a grid of the three, and the best point with positive values is returned.

        Parameters
        ----------
        frequency : array, shape (n,)
            Hz.
        impedance : array of complex, shape (n,)
            Ohm.

        Returns
        -------
        array, shape (k,), or None
            As in :meth:`values`; None when no point of the grid has only positive values, which says that the
            data do not hold this circuit.
        """
        grid = self._grid(frequency)
        thin = slice(None, None, max(1, len(frequency) // _START_POINTS))
        solutions, misfit = _solve_all(self._columns(grid, frequency[thin]), impedance[thin])
        positive = np.all(solutions > 0, axis=1)
        if not positive.any():
            return None
        best = int(np.argmin(np.where(positive, misfit, np.inf)))
        return self._parameters(grid[best], solutions[best])

    def _grid(self, frequency: Array) -> Array:
        if not self.arc:
            return np.array([(0.0, 1.0, n) for n in _START_SPIKE_EXPONENTS])
        omega = 2 * np.pi * np.array([frequency.min(), frequency.max()])
        taus = np.geomspace(0.1 / omega[1], 1.0 / omega[0], 14)
        return np.array(list(itertools.product(np.log(taus), _START_ARC_EXPONENTS, _START_SPIKE_EXPONENTS)))

    def _columns(self, grid: Array, frequency: Array) -> ComplexArray:
        """Return the linear problem's columns for every grid point, shape (grid, columns, n)."""
        s = 2j * np.pi * frequency[None, :]
        log_tau, n1, n = (grid[:, i, None] for i in range(3))
        columns = [np.broadcast_to(np.ones_like(s), (len(grid), s.shape[1]))] if self.series else []
        if self.arc:
            columns.append(1.0 / (1.0 + (s * np.exp(log_tau)) ** n1))
        columns.append(s**-n)
        if self.inductance:
            columns.append(np.broadcast_to(s, columns[-1].shape))
        return np.stack(columns, axis=1)

    def _parameters(self, point: Array, linear: Array) -> Array:
        known = {"tau": point[0], "n1": point[1], "n": point[2]}
        free = iter(np.log(linear))
        values = []
        for name in self.names:
            if name in known:
                values.append(known[name])
            else:
                values.append(-next(free) if name == "Q" else next(free))
        return np.array(values)


def candidates() -> tuple[BlockingModel, ...]:
    """Return every circuit the data may choose, the simplest first."""
    shapes = ((True, False), (False, True), (True, True))
    return tuple(BlockingModel(series, arc, inductance) for series, arc in shapes for inductance in (False, True))


def _laplace(frequency: Array) -> ComplexArray:
    return np.asarray(2j * np.pi * frequency, dtype=np.complex128)


def _power(base: ComplexArray, exponent: float) -> ComplexArray:
    """Raise to a power without overflow, for parameters that a solver tries and leaves."""
    logarithm = exponent * np.log(base)
    logarithm.real = np.minimum(logarithm.real, _LOGARITHM_LIMIT)
    return np.asarray(np.exp(logarithm), dtype=np.complex128)


def _solve_all(columns: ComplexArray, impedance: ComplexArray) -> tuple[Array, Array]:
    """Solve all weighted linear problems at once: the solutions, shape (grid, columns), and their misfits."""
    weighted = columns / np.abs(impedance)
    real = np.concatenate([weighted.real, weighted.imag], axis=2)
    unit = impedance / np.abs(impedance)
    target = np.concatenate([unit.real, unit.imag])
    size = np.linalg.norm(real, axis=2, keepdims=True)
    real = real / size
    gram = real @ real.transpose(0, 2, 1) + 1e-12 * np.eye(real.shape[1])
    right = real @ target
    scaled = np.linalg.solve(gram, right[:, :, None])[:, :, 0]
    misfit = target @ target - np.sum(scaled * right, axis=1)
    return scaled / size[:, :, 0], misfit
