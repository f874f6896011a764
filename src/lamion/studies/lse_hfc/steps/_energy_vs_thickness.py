"""Energy density against the thickness of the electrolyte, with a band from what is not stated."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.models.cells.mass_budget import DenseLayer, StackDesign, mass_budget
from lamion.quantities import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Unstated:
    """The ranges of what a reader is not told.

    Parameters
    ----------
    lithium_thickness : (float, float)
        From the thinnest to the thickest foil, m.
    electrolyte_density : (float, float)
        From the lightest to the densest electrolyte, kg/m3.
    voltage : (float, float)
        Of the average voltage, V.
    """

    lithium_thickness: tuple[float, float]
    electrolyte_density: tuple[float, float]
    voltage: tuple[float, float]

    def corners(self) -> list[dict[str, float]]:
        """Return every combination of the ends of the ranges."""
        names = ("lithium_thickness", "electrolyte_density", "voltage")
        ends = (self.lithium_thickness, self.electrolyte_density, self.voltage)
        return [dict(zip(names, corner, strict=True)) for corner in itertools.product(*ends)]


@dataclass(frozen=True, eq=False)
class EnergyCurve:
    """Energy per mass against thickness.

    Parameters
    ----------
    thickness : array, shape (n,)
        Of the electrolyte, m.
    energy : array, shape (n,)
        At the design's own numbers, J/kg.
    lowest, highest : array, shape (n,)
        Of all corners of the unstated ranges, J/kg.
    """

    thickness: Array
    energy: Array
    lowest: Array
    highest: Array

    @property
    def falls(self) -> bool:
        """Whether every thicker electrolyte makes a lighter-weight energy density, at every corner."""
        return all(bool(np.all(np.diff(values) < 0)) for values in (self.energy, self.lowest, self.highest))


def energy_vs_thickness(
    design: StackDesign, thickness: Sequence[float] | Array, unstated: Unstated, basis: str = "stack"
) -> EnergyCurve:
    r"""Vary the electrolyte's thickness, everything else held.

    .. math:: w(L) = \frac{m\, q\, \bar U}{M_0 + \rho L}

    Parameters
    ----------
    design : StackDesign
        With the numbers that are known, and a choice of those that are not.
    thickness : array, shape (n,)
        Thicknesses L, m.
    unstated : Unstated
        The ranges of the numbers that are not known.
    basis : str
        What counts.

    Returns
    -------
    EnergyCurve

    Raises
    ------
    InputError
        When a range is turned round, or a thickness is of no sense.

    Notes
    -----
    The band is the envelope of the ranges' corners: w is monotonic in each of them, so nothing within the ranges
    lies outside it. It is not a confidence interval. A thicker electrolyte is assumed to cost no capacity or
    voltage.

    Examples
    --------
    >>> from lamion.models.cells.composite_cathode import CathodeRecipe
    >>> recipe = CathodeRecipe(0.8, 0.1, 0.1, 3600, 1950, 1780, porosity=0.35)
    >>> design = StackDesign(0.04, 157.8 * 3600, 3.39, recipe, DenseLayer(9e-6, 1300), DenseLayer(25e-6, 534))
    >>> unstated = Unstated((3e-6, 50e-6), (1190, 1380), (3.37, 3.41))
    >>> curve = energy_vs_thickness(design, [1e-6, 9e-6, 100e-6], unstated)
    >>> (curve.energy / 3600).round().tolist()
    [331.0, 285.0, 111.0]
    """
    for name in ("lithium_thickness", "electrolyte_density", "voltage"):
        low, high = getattr(unstated, name)
        if not low <= high:
            raise InputError(f"The range of the {name.replace('_', ' ')} is turned round: {low:g} to {high:g}.")
    lengths = np.asarray(thickness, float)
    corners = np.array([_energies(_at(design, corner), lengths, basis) for corner in unstated.corners()])
    return EnergyCurve(lengths, _energies(design, lengths, basis), corners.min(axis=0), corners.max(axis=0))


def _at(design: StackDesign, corner: Mapping[str, float]) -> StackDesign:
    return replace(
        design,
        lithium=DenseLayer(corner["lithium_thickness"], design.lithium.density),
        electrolyte=DenseLayer(design.electrolyte.thickness, corner["electrolyte_density"]),
        voltage=corner["voltage"],
    )


def _energies(design: StackDesign, lengths: Array, basis: str) -> Array:
    density = design.electrolyte.density
    return np.array(
        [mass_budget(replace(design, electrolyte=DenseLayer(float(x), density))).gravimetric(basis) for x in lengths]
    )
