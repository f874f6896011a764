"""An energy density predicted with the lithium that other cells' printed energy densities imply."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lamion.models.cells.energy_density import WeighedCell, density
from lamion.models.cells.mass_budget import DenseLayer, StackDesign, mass_budget
from lamion.quantities import Answer, InputError, Quantity, propagate
from lamion.quantities.level import LEVEL_95, coverage_factor

_SHARED = ("electrolyte_thickness", "electrolyte_density")
"""Properties of the one electrolyte that all cells hold: one uncertain number, not one for each cell."""


@dataclass(frozen=True)
class SharedLithium:
    """The lithium that other cells imply, and what it makes of the cell asked about.

    Parameters
    ----------
    each : tuple of float
        Mass per area that each of the other cells implies, kg/m2; negative where even no lithium is too heavy.
    mass : float
        Their mean.
    scatter : float
        Their standard deviation.
    energy : float
        Energy per mass of the cell asked about with that mean, J/kg.
    slope : float
        Change of that energy with the mass of lithium, J/kg per kg/m2.
    """

    each: tuple[float, ...]
    mass: float
    scatter: float
    energy: float
    slope: float


def shared_lithium(
    cell: StackDesign, others: Sequence[StackDesign], printed: Sequence[float], basis: str = "stack"
) -> SharedLithium:
    r"""Fit the lithium to the other cells and predict this one.

    .. math:: x_j = \frac{E_j}{w_j} - M_j, \qquad w = \frac{E}{M + \bar x}

    Parameters
    ----------
    cell : StackDesign
        The cell asked about; its own lithium is not looked at.
    others : sequence of StackDesign
        At least two cells with the same lithium; their energy E and mass M without lithium follow from them.
    printed : sequence of float
        Their energy densities w, J/kg.
    basis : str
        What counts.

    Returns
    -------
    SharedLithium

    Raises
    ------
    InputError
        When there are fewer than two others, or the lithium they imply would make the cell's mass negative.

    Notes
    -----
    All cells are taken to be counted in one way and to hold one foil. Whatever else has the same mass in all of
    them is counted with the lithium. The scatter says how well that holds.

    Examples
    --------
    >>> from lamion.models.cells.composite_cathode import CathodeRecipe
    >>> recipe = CathodeRecipe(0.8, 0.1, 0.1, 3600, 1950, 1780, porosity=0.35)
    >>> layers = DenseLayer(9e-6, 1300), DenseLayer(25e-6, 534)
    >>> def lfp(loading): return StackDesign(loading, 160 * 3600, 3.4, recipe, *layers)
    >>> printed = [mass_budget(lfp(loading)).gravimetric("stack") for loading in (0.04, 0.10)]
    >>> found = shared_lithium(lfp(0.07), [lfp(0.04), lfp(0.10)], printed)
    >>> round(1e6 * found.mass / 534, 3), round(found.scatter, 9)
    (25.0, 0.0)
    """
    if len(others) < 2 or len(others) != len(printed):
        raise InputError("Fewer than two other cells are given.", "", "Give two or more with their energy densities.")
    each = [
        budget.energy / value - budget.mass(basis)
        for budget, value in zip([mass_budget(_bare(other)) for other in others], printed, strict=True)
    ]
    mean, own = float(np.mean(each)), mass_budget(_bare(cell))
    whole = own.mass(basis) + mean
    if whole <= 0:
        raise InputError("The other cells imply a negative mass.", "A capacity or a unit may be wrong.", "Check them.")
    energy = own.energy / whole
    return SharedLithium(tuple(each), mean, float(np.std(each, ddof=1)), energy, -energy / whole)


def predicted_energy(
    cell: WeighedCell, others: Mapping[str, WeighedCell], printed: Mapping[str, Quantity], basis: str = "stack"
) -> Answer:
    """Predict a cell's energy density with the lithium that the other cells imply.

    Parameters
    ----------
    cell : WeighedCell
        The cell asked about.
    others : Mapping of str to LithiumCell
        By name, which is not empty; of the same lithium and electrolyte.
    printed : Mapping of str to Quantity
        Their energy densities.
    basis : str
        What counts.

    Returns
    -------
    Answer
        ``gravimetric_energy`` (Wh/kg), ``lithium_thickness`` (um, fitted) and ``lithium_thickness.NAME``. The
        uncertainty holds the scatter of the fitted lithium between the other cells; the 95 % interval Student's factor.

    Raises
    ------
    InputError
        As :func:`shared_lithium`.
    """
    everyone = {"": cell, **others}
    inputs = {
        ("" if name in _SHARED else who, name): quantity
        for who, item in everyone.items()
        for name, quantity in item.given().items()
        if name not in ("lithium_thickness", "n_over_p")
    } | {(who, "printed"): printed[who] for who in others}

    def found(values: Sequence[float]) -> SharedLithium:
        named = dict(zip(inputs, values, strict=True))
        designs = {who: item.design(**_own(named, who)) for who, item in everyone.items()}
        return shared_lithium(
            designs[""], [designs[who] for who in others], [named[who, "printed"] for who in others], basis
        )

    energy = propagate(lambda *values: found(values).energy, *inputs.values(), unit="Wh/kg")
    foil = propagate(lambda *values: found(values).mass / density(cell.lithium), *inputs.values(), unit="um")
    fit = found([quantity.si for quantity in inputs.values()])
    source = "mass budget, its lithium fitted to other cells"
    scatter = 1e6 * fit.scatter / density(cell.lithium)
    return Answer(
        {
            "gravimetric_energy": _wider(energy, abs(fit.slope) * fit.scatter / 3600, len(fit.each), source),
            "lithium_thickness": _wider(foil, scatter, len(fit.each), "fitted to other cells' energy densities"),
            **{
                f"lithium_thickness.{who}": Quantity(1e6 * mass / density(cell.lithium), None, "um", "fitted")
                for who, mass in zip(others, fit.each, strict=True)
            },
        },
        notes={"fitted": f"lithium to the printed energy densities of {', '.join(others)}"},
        method=f"A mass budget whose lithium is fitted to the printed energy densities of {len(others)} other "
        f"{'cell' if len(others) == 1 else 'cells'}.",
    )


def _bare(design: StackDesign) -> StackDesign:
    return replace(design, lithium=DenseLayer(0.0, design.lithium.density))


def _own(named: Mapping[tuple[str, str], float], who: str) -> dict[str, float]:
    shared = {name: named["", name] for name in _SHARED}
    return shared | {name: value for (cell, name), value in named.items() if cell == who and name != "printed"}


def _wider(quantity: Quantity, scatter: float, readings: int, source: str) -> Quantity:
    r"""Add what a mean of few readings leaves of one more, :math:`s \sqrt{1 + 1/n}`, with Student's factor."""
    own, spread = quantity.std or 0.0, scatter * math.sqrt(1 + 1 / readings)
    margin = math.hypot(coverage_factor(LEVEL_95) * own, coverage_factor(LEVEL_95, readings - 1) * spread)
    ends = (quantity.value - margin, quantity.value + margin)
    return replace(quantity, std=math.hypot(own, spread), source=source, interval_95=ends)
