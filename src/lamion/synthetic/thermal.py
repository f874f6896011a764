"""Synthetic thermal analyses: heat flows with known transitions, masses with known reactions, drift and noise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.constants import GAS
from lamion.records.source import SourceFile
from lamion.records.thermal import ThermalCurve

Array = NDArray[np.float64]
_SOURCE = SourceFile("synthetic thermal analysis", "", "synthetic")


@dataclass(frozen=True)
class Transition:
    """A peak of heat flow over temperature: two halves of Gaussians that meet at the top.

    Parameters
    ----------
    temperature : float
        K, of the top.
    enthalpy : float
        J/kg, positive where heat is taken up.
    before, after : float
        K, the standard deviations of both halves.
    """

    temperature: float
    enthalpy: float
    before: float
    after: float

    def at(self, temperature: Array) -> Array:
        """Return its heat over temperature, J/(kg K)."""
        off = temperature - self.temperature
        height = self.enthalpy / (math.sqrt(0.5 * math.pi) * (self.before + self.after))
        return np.asarray(height * np.exp(-0.5 * (off / np.where(off < 0.0, self.before, self.after)) ** 2))

    def share(self, temperature: Array) -> Array:
        """Return which part of it has passed."""
        fine = np.linspace(self.temperature - 8 * self.before, self.temperature + 8 * self.after, 4001)
        passed = np.cumsum(self.at(fine)) * (fine[1] - fine[0]) / self.enthalpy
        return np.asarray(np.interp(temperature, fine, passed, left=0.0, right=1.0))


@dataclass(frozen=True)
class DscTruth:
    """What lies under a heat flow.

    Parameters
    ----------
    transitions : sequence of Transition
        Its peaks.
    glass : (float, float, float), optional
        Temperature in K, step in J/(kg K) and width in K of a glass transition.
    capacity : float
        Heat capacity at the first temperature, J/(kg K).
    slope : float
        Of the heat capacity, J/(kg K2).
    step : float
        By which the heat capacity changes with the first transition, J/(kg K).
    noise : float
        Of one point, W/kg.
    """

    transitions: Sequence[Transition] = ()
    glass: tuple[float, float, float] | None = None
    capacity: float = 1500.0
    slope: float = 2.0
    step: float = 0.0
    noise: float = 0.0

    def curve(self, temperature: Array, rate: float, seed: int | Sequence[int], shift: float = 0.0) -> ThermalCurve:
        """Return a run through a ramp, exothermic upwards.

        Parameters
        ----------
        temperature : array, shape (n,)
            K, rising.
        rate : float
            K/s.
        seed : int or sequence of int
            Of the noise.
        shift : float
            K, an error of the calibrated temperature.

        Examples
        --------
        >>> truth = DscTruth([Transition(330.0, 50e3, 3.0, 3.0)])
        >>> T = np.linspace(300.0, 360.0, 601)
        >>> run = truth.curve(T, 1.0 / 6.0, 1)
        >>> round(float(-np.trapezoid(run.specific_heat_flow, run.time)) / 1e3, 1)  # 1.56 J/(g K) besides
        143.6
        """
        T = np.asarray(temperature, dtype=np.float64)
        heat = self.capacity + self.slope * (T - T[0]) + sum((one.at(T) for one in self.transitions), np.zeros(len(T)))
        if self.glass is not None:
            at, size, width = self.glass
            heat = heat + size / (1.0 + np.exp(-(T - at) / width))
        if self.step and self.transitions:
            heat = heat + self.step * self.transitions[0].share(T)
        noise = self.noise * np.random.default_rng(seed).standard_normal(len(T))
        flow = -rate * heat + noise
        time = (T - T[0]) / rate
        return ThermalCurve(T + shift, time, specific_heat_flow=flow, exothermic="up", source=_SOURCE)


@dataclass(frozen=True)
class Reaction:
    """A loss of mass by a reaction of first order.

    Parameters
    ----------
    loss : float
        Of mass, over the first.
    energy : float
        J/mol.
    temperature : float
        K, where it is fastest at `rate`.
    rate : float
        K/s.
    """

    loss: float
    energy: float
    temperature: float
    rate: float = 10.0 / 60.0

    @property
    def factor(self) -> float:
        """The frequency factor, 1/s, by Kissinger's exact condition of first order."""
        u = self.energy / (GAS * self.temperature)
        return self.energy * self.rate / (GAS * self.temperature**2) * math.exp(u)

    def conversion(self, time: Array, temperature: Array) -> Array:
        """Return how far it has gone along a programme; shape (n,)."""
        fine = np.linspace(time[0], time[-1], max(4 * len(time), 8000))
        T = np.interp(fine, time, temperature)
        speed = self.factor * np.exp(-self.energy / (GAS * T))
        passed = np.concatenate([[0.0], np.cumsum(0.5 * (speed[1:] + speed[:-1]) * np.diff(fine))])
        return np.asarray(1.0 - np.exp(-np.interp(time, fine, passed)))


@dataclass(frozen=True)
class MassTruth:
    """What lies under a thermogram.

    Parameters
    ----------
    reactions : sequence of Reaction
        Its steps.
    mass : float
        The first, kg.
    noise : float
        Of one point, kg.
    drift : float
        Over the whole run, kg.
    """

    reactions: Sequence[Reaction]
    mass: float = 1e-5
    noise: float = 0.0
    drift: float = field(default=0.0)

    def curve(self, temperature: Array, rate: float, seed: int | Sequence[int]) -> ThermalCurve:
        """Return a run through a ramp.

        Parameters
        ----------
        temperature : array, shape (n,)
            K, rising.
        rate : float
            K/s.
        seed : int or sequence of int
            Of the noise.

        Examples
        --------
        >>> T = np.linspace(300.0, 900.0, 1201)
        >>> run = MassTruth([Reaction(0.4, 150e3, 600.0)]).curve(T, 1.0 / 6.0, 1)
        >>> round(float(run.mass[-1] / run.mass[0]), 4)
        0.6
        """
        T = np.asarray(temperature, dtype=np.float64)
        time = (T - T[0]) / rate
        left = 1.0 - sum((one.loss * one.conversion(time, T) for one in self.reactions), np.zeros(len(T)))
        noise = self.noise * np.random.default_rng(seed).standard_normal(len(T))
        mass = self.mass * left + self.drift * time / time[-1] + noise
        return ThermalCurve(T, time, mass=mass, sample_mass=self.mass, source=_SOURCE)
