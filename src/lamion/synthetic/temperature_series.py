"""Conductivities at several temperatures from a known law and a stated noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.constants import GAS
from lamion.quantities.errors import InputError
from lamion.records.source import SourceFile

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SyntheticConductivities:
    """Conductivities with the noise that was put on them.

    Parameters
    ----------
    temperature : array, shape (n,)
        K.
    conductivity : array, shape (n,)
        S/m, noise included.
    std : array, shape (n,)
        The standard deviation of the noise in S/m.
    source : SourceFile
        The law's name.
    """

    temperature: Array
    conductivity: Array
    std: Array
    source: SourceFile


def arrhenius_series(
    temperature: ArrayLike, activation_energy: float, prefactor: float, *, noise: float, seed: int
) -> SyntheticConductivities:
    r"""Draw conductivities of one activation energy.

    .. math:: \sigma = A \exp(-E_a / RT)

    Parameters
    ----------
    temperature : array-like, shape (n,)
        K.
    activation_energy : float
        J/mol.
    prefactor : float
        S/m.
    noise : float
        Relative standard deviation of each conductivity, independent and Gaussian.
    seed : int
        Of the noise.

    Examples
    --------
    >>> series = arrhenius_series([298.15, 328.15], 24000.0, 900.0, noise=0.0, seed=1)
    >>> series.conductivity.round(4), series.source.format
    (array([0.0562, 0.1361]), 'synthetic')
    """
    T = np.array(temperature, dtype=np.float64)
    return _noisy(T, prefactor * np.exp(-activation_energy / (GAS * T)), noise, seed, "Arrhenius law")


def vtf_series(
    temperature: ArrayLike, B: float, T0: float, prefactor: float, *, noise: float, seed: int
) -> SyntheticConductivities:
    r"""Draw conductivities of the Vogel-Tammann-Fulcher law.

    .. math:: \sigma = A T^{-1/2} \exp(-B / (T - T_0))

    Parameters
    ----------
    temperature : array-like, shape (n,)
        K, above `T0`.
    B, T0 : float
        K.
    prefactor : float
        S K^1/2 / m.
    noise : float
        Relative standard deviation of each conductivity.
    seed : int
        Of the noise.

    Examples
    --------
    >>> vtf_series([300.0], 1000.0, 200.0, 100.0, noise=0.0, seed=1).conductivity.round(7)
    array([0.0002621])
    """
    T = np.array(temperature, dtype=np.float64)
    if np.any(T <= T0):
        raise InputError(f"A VTF law has no value at or below its T0, {T0:g} K.", "", "Name higher temperatures.")
    return _noisy(T, prefactor / np.sqrt(T) * np.exp(-B / (T - T0)), noise, seed, "VTF law")


def two_segment_series(
    temperature: ArrayLike,
    break_temperature: float,
    energy_below: float,
    energy_above: float,
    conductivity_at_break: float,
    *,
    noise: float,
    seed: int,
) -> SyntheticConductivities:
    r"""Draw conductivities of two activation energies that meet at a break.

    .. math:: \sigma = \sigma_b \exp\left[-\frac{E}{R}\left(\frac1T - \frac1{T_b}\right)\right]

    Parameters
    ----------
    temperature : array-like, shape (n,)
        K.
    break_temperature : float
        K.
    energy_below, energy_above : float
        J/mol, below and above the break.
    conductivity_at_break : float
        S/m.
    noise : float
        Relative standard deviation of each conductivity.
    seed : int
        Of the noise.

    Examples
    --------
    >>> two_segment_series([300.0], 300.0, 5e4, 3e4, 0.01, noise=0.0, seed=1).conductivity
    array([0.01])
    """
    T = np.array(temperature, dtype=np.float64)
    energy = np.where(break_temperature > T, energy_below, energy_above)
    sigma = conductivity_at_break * np.exp(-energy / GAS * (1.0 / T - 1.0 / break_temperature))
    return _noisy(T, sigma, noise, seed, "two activation energies")


def _noisy(temperature: Array, conductivity: Array, noise: float, seed: int, law: str) -> SyntheticConductivities:
    draws = np.random.default_rng(seed).standard_normal(len(temperature))
    return SyntheticConductivities(
        temperature,
        conductivity * (1.0 + noise * draws),
        np.abs(conductivity) * noise,
        SourceFile(law, "", "synthetic"),
    )
