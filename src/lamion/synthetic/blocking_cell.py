"""Synthetic impedance of an electrolyte between blocking electrodes: the circuit of a known truth, with noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.source import SourceFile
from lamion.techniques.impedance.circuit import circuit_impedance

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_LEADS = "R0-L0"
_WITHOUT_ARC = f"{_LEADS}-R1-CPE2"
_CIRCUIT = f"{_LEADS}-p(R1,CPE1)-CPE2"


@dataclass(frozen=True)
class BlockingCell:
    """A cell of known properties.

    Parameters
    ----------
    resistance : float
        Of the electrolyte, ohm.
    electrode_q : float
        The blocking electrodes' constant-phase element, S s^n; for n = 1 a capacitance in farad.
    electrode_n : float
        Its exponent, 0 to 1.
    bulk_q : float
        The constant-phase element beside the resistance, S s^n; 0 for an arc too fast to matter.
    bulk_n : float
        Its exponent, 0 to 1.
    lead_resistance : float
        In series, ohm.
    lead_inductance : float
        In series, henry.

    Examples
    --------
    >>> cell = BlockingCell(resistance=50.0, electrode_q=1e-5, electrode_n=1.0)
    >>> cell.impedance(np.array([1e5])).round(2)
    array([50.-0.16j])
    """

    resistance: float
    electrode_q: float = 1e-5
    electrode_n: float = 0.9
    bulk_q: float = 0.0
    bulk_n: float = 1.0
    lead_resistance: float = 0.0
    lead_inductance: float = 0.0

    def __post_init__(self) -> None:
        positive = self.resistance > 0 and self.electrode_q > 0
        exponents = 0 < self.electrode_n <= 1 and 0 < self.bulk_n <= 1
        if not (positive and exponents and min(self.bulk_q, self.lead_resistance, self.lead_inductance) >= 0):
            raise InputError(
                "A synthetic blocking cell needs a positive resistance and electrode_q, exponents above 0 and up "
                "to 1, and no negative value."
            )

    def impedance(self, frequency: Array) -> ComplexArray:
        """Return the impedance without noise, ohm.

        Parameters
        ----------
        frequency : array, shape (n,)
            Hz.
        """
        arc = {"R1": self.resistance}
        if self.bulk_q > 0:
            arc |= {"CPE1.Q": self.bulk_q, "CPE1.n": self.bulk_n}
        values = {**self._leads, **arc, "CPE2.Q": self.electrode_q, "CPE2.n": self.electrode_n}
        return circuit_impedance(_CIRCUIT if self.bulk_q > 0 else _WITHOUT_ARC, values, frequency)

    def leads(self, frequency: Array) -> ComplexArray:
        """Return the impedance of the leads alone, as a shorted cell shows it, ohm."""
        return circuit_impedance(_LEADS, self._leads, frequency)

    @property
    def _leads(self) -> dict[str, float]:
        return {"R0": self.lead_resistance, "L0": self.lead_inductance}


def sweep(highest: float = 1e5, lowest: float = 0.1, points_per_decade: int = 12) -> Array:
    """Return frequencies from high to low, evenly spaced in their logarithm.

    Parameters
    ----------
    highest, lowest : float
        Hz; the default is what a CHI660E sweeps in a blocking-cell measurement.
    points_per_decade : int
        Twelve is that instrument's own spacing.

    Returns
    -------
    array, shape (n,)
        Hz; both ends are included.

    Examples
    --------
    >>> sweep(1e2, 1.0, 1)
    array([100.,  10.,   1.])
    """
    if not 0 < lowest < highest:
        raise InputError("A sweep needs two frequencies above zero, the highest first.")
    count = max(2, round(np.log10(highest / lowest) * points_per_decade) + 1)
    return np.geomspace(highest, lowest, count)


def with_noise(impedance: ComplexArray, noise: float, random: np.random.Generator) -> ComplexArray:
    """Add normal noise of one relative size to the real and to the imaginary part.

    Parameters
    ----------
    impedance : array of complex
        Ohm.
    noise : float
        Standard deviation of each part, as a fraction of the modulus.
    random : numpy.random.Generator
        From the caller's seed.
    """
    error = random.standard_normal((2, *impedance.shape))
    return np.asarray(impedance + noise * np.abs(impedance) * (error[0] + 1j * error[1]), dtype=np.complex128)


def blocking_cell_spectrum(
    cell: BlockingCell,
    frequency: Sequence[float] | Array | None = None,
    *,
    noise: float = 0.003,
    seed: int = 0,
    temperature: float | None = None,
) -> ImpedanceSpectrum:
    """Return the synthetic spectrum of a blocking cell.

    Parameters
    ----------
    cell : BlockingCell
        The truth.
    frequency : array, shape (n,), optional
        Hz; :func:`sweep` without it.
    noise : float
        Standard deviation of each part, as a fraction of the modulus.
    seed : int
        Of the noise.
    temperature : float, optional
        K, recorded only.

    Returns
    -------
    ImpedanceSpectrum
        Its source and metadata say that it is synthetic.

    Examples
    --------
    >>> spectrum = blocking_cell_spectrum(BlockingCell(50.0), seed=1)
    >>> len(spectrum), spectrum.source.format
    (73, 'synthetic')
    """
    f = sweep() if frequency is None else np.asarray(frequency, dtype=np.float64)
    return _record(f, cell.impedance(f), "synthetic blocking cell", noise, seed, temperature)


def short_circuit_spectrum(
    cell: BlockingCell,
    frequency: Sequence[float] | Array | None = None,
    *,
    noise: float = 0.003,
    seed: int = 0,
) -> ImpedanceSpectrum:
    """Return the synthetic spectrum of the cell's leads, closed by a piece of metal.

    Parameters
    ----------
    cell : BlockingCell
        The truth; its lead resistance is larger than zero.
    frequency, noise, seed
        As in :func:`blocking_cell_spectrum`.
    """
    f = sweep() if frequency is None else np.asarray(frequency, dtype=np.float64)
    return _record(f, cell.leads(f), "synthetic short circuit", noise, seed, None)


def _record(
    f: Array, impedance: ComplexArray, name: str, noise: float, seed: int, temperature: float | None
) -> ImpedanceSpectrum:
    if not 0 <= noise < 1:
        raise InputError(f"A relative noise of {noise:g} is not between 0 and 1.")
    return ImpedanceSpectrum(
        f,
        with_noise(impedance, noise, np.random.default_rng(seed)),
        temperature=temperature,
        metadata={"synthetic": "yes", "relative noise": f"{noise:g}", "seed": str(seed)},
        source=SourceFile(name=f"{name}, seed {seed}", sha256="", format="synthetic"),
    )
