"""Isotherms of known area and known micropores, with noise of the loading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.records.isotherm import Isotherm
from lamion.techniques.sorption.adsorbates import ADSORBATES
from lamion.techniques.sorption.pore_width import filling_pressure

Array = NDArray[np.float64]


@dataclass(frozen=True)
class IsothermTruth:
    """A solid that takes up nitrogen at 77 K.

    Parameters
    ----------
    monolayer : float
        Of its open surface, mol/kg.
    constant : float
        C of the BET equation.
    micropores : float
        What its micropores hold, mol/kg.
    width, spread : float
        Of the micropores, nm: a normal distribution of free widths.
    noise : float
        Relative, of each loading.
    """

    monolayer: float
    constant: float = 100.0
    micropores: float = 0.0
    width: float = 0.7
    spread: float = 0.05
    noise: float = 0.0

    def loading(self, relative: ArrayLike) -> Array:
        """Return the loading without noise, mol/kg.

        Examples
        --------
        >>> IsothermTruth(4.0).loading([0.1, 0.3]).round(3).tolist()
        [4.077, 5.584]
        """
        x = np.asarray(relative, dtype=np.float64)
        C = self.constant
        open_surface = self.monolayer * C * x / ((1.0 - x) * (1.0 + (C - 1.0) * x))
        return np.asarray(open_surface + self.micropores * self._filled(x))

    def _filled(self, x: Array) -> Array:
        """Return which share of the micropores is narrower than what fills at a pressure."""
        if not self.micropores:
            return np.zeros_like(x)
        widths = np.linspace(max(self.width - 4 * self.spread, 0.36), self.width + 4 * self.spread, 201)
        weight = np.exp(-0.5 * ((widths - self.width) / self.spread) ** 2)
        sums = np.cumsum(weight) / weight.sum()
        pressures = np.log(filling_pressure(widths))
        return np.asarray(np.interp(np.log(np.maximum(x, 1e-300)), pressures, sums, 0.0, 1.0))

    def measured(self, relative: ArrayLike, seed: int | Sequence[int]) -> Isotherm:
        """Return the adsorption branch with noise.

        Parameters
        ----------
        relative : array-like, shape (n,)
            Where it is taken.
        seed : int or sequence of int
            Of the noise.
        """
        x = np.asarray(relative, dtype=np.float64)
        factor = 1.0 + self.noise * np.random.default_rng(seed).standard_normal(len(x))
        gas = ADSORBATES["N2"]
        return Isotherm(self.loading(x) * factor, x, adsorbate=gas.name, temperature=gas.boiling)
