r"""A Li|Li cell from known properties: its polarisation at constant voltage, its impedance, its relaxation.

One linear model gives all three, so that they agree with each other: a current that sets in as
:mod:`lamion.models.transport.settling` says, an impedance that is a circuit. A current I is answered, at steady state,
with the voltage Ne R_b I of the concentrations, with the bulk resistance R_b and the Newman number
:math:`\mathrm{Ne} = 1/\rho_+ - 1`. With the interfacial resistance R_i of both electrodes together,

.. math:: I_0 = \frac{V}{R_b + R_i}, \qquad I_s = \frac{V}{R_b/\rho_+ + R_i}
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.models.transport.settling import settled_share
from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.measurements import CurrentTransient, VoltageTransient
from lamion.records.source import SourceFile
from lamion.synthetic.blocking_cell import with_noise
from lamion.techniques.impedance.circuit import circuit_impedance

Array = NDArray[np.float64]

_CIRCUIT = "R0-Zarc1-Ws1"
"""Bulk, interfacial arc, diffusion of finite length."""
_SOURCE = SourceFile("symmetric cell, linear diffusion", "", "synthetic")


@dataclass(frozen=True)
class PolarisedCell:
    """A Li|Li cell's properties.

    Parameters
    ----------
    bulk_resistance : float
        Of the electrolyte before any polarisation, in ohm.
    interfacial_resistance : float
        Of both electrodes together, in ohm.
    current_fraction : float
        The steady over the initial current of a cell without interfacial resistance; above 0, at most 1.
    diffusion_time : float
        L2/D in s.
    interfacial_time : float
        The time constant of the interfacial arc in s.
    interfacial_exponent : float
        Of its constant-phase element; 1 for a capacitor.

    Examples
    --------
    >>> cell = PolarisedCell(1.60, 24.5, 0.78, diffusion_time=31.5)
    >>> round(cell.initial_current(0.010) * 1e3, 4), round(cell.steady_current(0.010) * 1e3, 4)
    (0.3831, 0.3766)
    """

    bulk_resistance: float
    interfacial_resistance: float
    current_fraction: float
    diffusion_time: float
    interfacial_time: float = 1e-3
    interfacial_exponent: float = 0.9

    @property
    def newman_number(self) -> float:
        """1/current_fraction - 1."""
        return 1.0 / self.current_fraction - 1.0

    def initial_current(self, bias: float) -> float:
        """Return the current before any concentration difference has grown, in A.

        Parameters
        ----------
        bias : float
            V.
        """
        return bias / (self.bulk_resistance + self.interfacial_resistance)

    def steady_current(self, bias: float) -> float:
        """Return the current after the concentration differences have settled, in A.

        Parameters
        ----------
        bias : float
            V.
        """
        return bias / (self.bulk_resistance / self.current_fraction + self.interfacial_resistance)

    def current(self, bias: float, time: ArrayLike) -> Array:
        """Return the current in A at times in s after a bias in V is applied.

        Parameters
        ----------
        bias : float
            V.
        time : array-like, shape (n,)
            s, not negative.
        """
        total = self.bulk_resistance + self.interfacial_resistance
        biot = self.newman_number * self.bulk_resistance / total
        reduced = 4.0 * np.asarray(time, dtype=np.float64) / self.diffusion_time
        first, last = self.initial_current(bias), self.steady_current(bias)
        return first - (first - last) * settled_share(biot, reduced)

    def impedance(self, frequency: ArrayLike) -> NDArray[np.complex128]:
        """Return the impedance in ohm: bulk, interfacial arc, finite-length diffusion.

        Parameters
        ----------
        frequency : array-like, shape (n,)
            Hz.
        """
        values = {
            "R0": self.bulk_resistance,
            "Zarc1.R": self.interfacial_resistance,
            "Zarc1.tau": self.interfacial_time,
            "Zarc1.n": self.interfacial_exponent,
            "Ws1.R": self.newman_number * self.bulk_resistance,
            "Ws1.tau": self.diffusion_time / 4.0,
        }
        return circuit_impedance(_CIRCUIT, values, frequency)


def polarisation(
    cell: PolarisedCell,
    bias: float,
    time: ArrayLike,
    *,
    noise: float = 0.0,
    drift: float = 0.0,
    seed: int = 0,
) -> CurrentTransient:
    """Draw the current while a cell is held at a bias.

    Parameters
    ----------
    cell : PolarisedCell
        The truth.
    bias : float
        V.
    time : array-like, shape (n,)
        s.
    noise : float
        Standard deviation of each sample over the steady current.
    drift : float
        Relative change of the current over the whole record, linear in time, as an ageing interface gives.
    seed : int
        Of the noise.

    Examples
    --------
    >>> cell = PolarisedCell(1.60, 24.5, 0.78, diffusion_time=31.5)
    >>> transient = polarisation(cell, 0.010, [0.0, 60.0, 600.0])
    >>> (transient.current * 1e3).round(4)
    array([0.3831, 0.3766, 0.3766])
    """
    t = np.array(time, dtype=np.float64)
    current = cell.current(bias, t) * (1.0 + drift * t / t[-1])
    draws = np.random.default_rng(seed).standard_normal(len(t))
    noisy = current + noise * cell.steady_current(bias) * draws
    return CurrentTransient(t, noisy, np.full_like(t, bias), source=_SOURCE)


def spectrum(cell: PolarisedCell, frequency: ArrayLike, *, noise: float = 0.0, seed: int = 0) -> ImpedanceSpectrum:
    """Draw the impedance of a cell at rest.

    Parameters
    ----------
    cell : PolarisedCell
        The truth.
    frequency : array-like, shape (n,)
        Hz.
    noise : float
        Standard deviation of the real and of the imaginary part over the modulus.
    seed : int
        Of the noise.

    Examples
    --------
    >>> cell = PolarisedCell(1.60, 24.5, 0.78, diffusion_time=31.5)
    >>> spectrum(cell, [1e8, 1e-6]).impedance.real.round(2)
    array([ 1.6 , 26.55])
    """
    f = np.array(frequency, dtype=np.float64)
    return ImpedanceSpectrum(f, with_noise(cell.impedance(f), noise, np.random.default_rng(seed)), source=_SOURCE)


def relaxation(
    diffusion_time: float,
    start_voltage: float,
    time: ArrayLike,
    *,
    noise: float = 0.0,
    offset: float = 0.0,
    seed: int = 0,
) -> VoltageTransient:
    r"""Draw the open-circuit voltage after a steady polarisation.

    .. math:: U = U_\infty + U_0 \sum_{n\,\mathrm{odd}} \frac{8}{n^2\pi^2} e^{-n^2\pi^2 D t/L^2}

    Parameters
    ----------
    diffusion_time : float
        L2/D in s.
    start_voltage : float
        U_0 in V, the part that the concentration difference makes.
    time : array-like, shape (n,)
        s since the current was interrupted.
    noise : float
        Standard deviation of each sample in V.
    offset : float
        U_inf in V, by which two unlike electrodes differ.
    seed : int
        Of the noise.

    Examples
    --------
    >>> relaxation(100.0, 1e-3, [0.0, 20.0]).voltage.round(6)
    array([0.001   , 0.000113])
    """
    t = np.array(time, dtype=np.float64)
    share = 1.0 - settled_share(0.0, 4.0 * t / diffusion_time)
    draws = np.random.default_rng(seed).standard_normal(len(t))
    return VoltageTransient(t, offset + start_voltage * share + noise * draws, source=_SOURCE)
