"""What a lithium-metal cell weighs, component by component, and which of them an energy density counts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from lamion.models.cells.cell_package import Package
from lamion.models.cells.composite_cathode import CathodeRecipe, composite_cathode
from lamion.quantities import InputError

_ACTIVE = ("active material",)
_CATHODE = (*_ACTIVE, "carbon", "binder", "catholyte")
_ELECTRODES = (*_CATHODE, "lithium")
_STACK = (*_ELECTRODES, "electrolyte", "second layer")
_COLLECTORS = (*_STACK, "cathode collector", "anode collector")

BASES: Mapping[str, tuple[str, ...]] = {
    "active": _ACTIVE,
    "cathode": _CATHODE,
    "electrodes": _ELECTRODES,
    "stack": _STACK,
    "collectors": _COLLECTORS,
    "cell": (*_COLLECTORS, "package"),
}
"""The components that each basis of an energy density counts, from the least to all."""


@dataclass(frozen=True)
class DenseLayer:
    """A layer without pores: an electrolyte, a foil.

    Parameters
    ----------
    thickness : float
        m; 0 for none.
    density : float
        kg/m3.
    """

    thickness: float = 0.0
    density: float = 0.0

    @property
    def mass(self) -> float:
        """Mass per area, kg/m2."""
        return self.thickness * self.density


@dataclass(frozen=True)
class StackDesign:
    """One face of a lithium-metal cell, in SI.

    Parameters
    ----------
    loading : float
        Active material per area, kg/m2.
    capacity : float
        Charge delivered per mass of active material, A s/kg.
    voltage : float
        Average voltage of that discharge, V.
    recipe : CathodeRecipe
        Of the dry cathode.
    electrolyte : DenseLayer
        The separator.
    lithium : DenseLayer
        The negative electrode as assembled.
    second_layer : DenseLayer
        Another electrolyte layer on the first.
    catholyte_density : float
        Of an ion conductor that fills the cathode's pores, kg/m3; 0 for dry pores.
    cathode_collector, anode_collector : DenseLayer
        Foils; a foil between two faces counts half for each.
    package : Package or None
        The enclosure.
    """

    loading: float
    capacity: float
    voltage: float
    recipe: CathodeRecipe
    electrolyte: DenseLayer
    lithium: DenseLayer
    second_layer: DenseLayer = DenseLayer()
    catholyte_density: float = 0.0
    cathode_collector: DenseLayer = DenseLayer()
    anode_collector: DenseLayer = DenseLayer()
    package: Package | None = None


@dataclass(frozen=True)
class Component:
    """One component per area of one face.

    Parameters
    ----------
    mass : float
        kg/m2.
    thickness : float
        m; the pores of a cathode are counted with its active material, and a catholyte adds none.
    """

    mass: float
    thickness: float


@dataclass(frozen=True)
class MassBudget:
    """A cell's components and its energy, per area of one face.

    Parameters
    ----------
    components : Mapping of str to Component
        Those that are there.
    energy : float
        J/m2.
    cell_volume : float or None
        The outer volume per area, m, where a case fixes it.
    """

    components: Mapping[str, Component]
    energy: float
    cell_volume: float | None = None

    def counted(self, basis: str) -> list[str]:
        """Return the components that a basis counts and this cell has."""
        return [name for name in self.components if name in BASES[basis]]

    def mass(self, basis: str) -> float:
        """Return the mass per area that a basis counts, kg/m2."""
        return sum(self.components[name].mass for name in self.counted(basis))

    def thickness(self, basis: str) -> float:
        """Return the volume per area that a basis counts, m."""
        if basis == "cell" and self.cell_volume is not None:
            return self.cell_volume
        return sum(self.components[name].thickness for name in self.counted(basis))

    def gravimetric(self, basis: str) -> float:
        """Return the energy per mass, J/kg."""
        return self.energy / self.mass(basis)

    def volumetric(self, basis: str) -> float:
        """Return the energy per volume, J/m3."""
        return self.energy / self.thickness(basis)


def mass_budget(design: StackDesign) -> MassBudget:
    r"""Weigh a cell component by component.

    .. math:: w = \frac{m\, q\, \bar U}{\sum_k m_k}

    Parameters
    ----------
    design : StackDesign
        m the loading, q the capacity, U the average voltage, and the layers.

    Returns
    -------
    MassBudget
        Components of no mass are left out.

    Raises
    ------
    InputError
        When a number is negative, not finite or of no sense, or the case is too small for the stack.

    Notes
    -----
    The energy is that of one discharge at the capacity and average voltage given; whether the cell can deliver it
    is not asked. Edges, overhang of the lithium, tabs and glue are left out.

    Examples
    --------
    A 4 mg/cm2 LFP cathode of 8:1:1, 9 um of electrolyte and 25 um of lithium:

    >>> recipe = CathodeRecipe(0.8, 0.1, 0.1, 3600, 1950, 1780, porosity=0.35)
    >>> design = StackDesign(0.04, 157.8 * 3600, 3.39, recipe, DenseLayer(9e-6, 1300), DenseLayer(25e-6, 534))
    >>> round(mass_budget(design).gravimetric("stack") / 3600, 1)
    285.1
    """
    _check(design)
    cathode = composite_cathode(design.loading, design.recipe)
    package = design.package or Package(0.0)
    share = 0.5 if package.faces > 1 else 1.0
    components = {
        "active material": Component(cathode.active, cathode.thickness),
        "carbon": Component(cathode.carbon, 0.0),
        "binder": Component(cathode.binder, 0.0),
        "catholyte": Component(cathode.pores * design.catholyte_density, 0.0),
        "electrolyte": _component(design.electrolyte),
        "second layer": _component(design.second_layer),
        "lithium": _component(design.lithium),
        "cathode collector": _component(design.cathode_collector, share),
        "anode collector": _component(design.anode_collector, share),
        "package": Component(package.mass, package.thickness),
    }
    kept = {name: item for name, item in components.items() if item.mass > 0}
    budget = MassBudget(kept, design.loading * design.capacity * design.voltage, package.volume)
    stack = sum(item.thickness for item in kept.values())
    if package.volume is not None and package.volume < stack:
        raise InputError(
            f"The stack is {1e3 * stack:.3g} mm thick and the case holds {1e3 * package.volume:.3g} mm of it.",
            "The electrode's diameter or a thickness may be in another unit.",
            "Check the thicknesses.",
        )
    return budget


def lithium_for(n_over_p: float, loading: float, capacity: float, lithium_capacity: float) -> float:
    r"""Return the mass of lithium per area that holds a multiple of the cathode's charge.

    .. math:: m_\mathrm{Li} = \frac{N}{P} \frac{m q}{q_\mathrm{Li}}

    Parameters
    ----------
    n_over_p : float
        N/P, the negative electrode's charge over the positive's.
    loading : float
        kg/m2 of active material.
    capacity, lithium_capacity : float
        Of the active material and of lithium metal, A s/kg.

    Returns
    -------
    float
        kg/m2.

    Examples
    --------
    >>> round(1e6 * lithium_for(1.0, 0.07, 182.8 * 3600, 3861 * 3600) / 534, 2)  # um
    6.21
    """
    return n_over_p * loading * capacity / lithium_capacity


def _component(layer: DenseLayer, share: float = 1.0) -> Component:
    return Component(share * layer.mass, share * layer.thickness)


_LIMITS = {
    "loading": (1e-5, 1.0, "kg/m2"),
    "capacity": (360.0, 1.4e7, "A s/kg"),
    "voltage": (0.01, 10.0, "V"),
}
"""Beyond these nothing is a cathode: 1 ug/cm2 to 100 mg/cm2, 0.1 mAh/g to the capacity of lithium itself."""


def _check(design: StackDesign) -> None:
    for name, (least, most, unit) in _LIMITS.items():
        value = getattr(design, name)
        if not least <= value <= most:
            raise InputError(
                f"The {name} of the cathode is {value:.4g} {unit}.",
                "It must be larger than zero, and a unit may be wrong where it is very large or small.",
                f"Give a {name} of {least:g} to {most:g} {unit}.",
            )
    for name in ("electrolyte", "second_layer", "lithium", "cathode_collector", "anode_collector"):
        layer = getattr(design, name)
        if not (0 <= layer.thickness <= 0.01 and 0 <= layer.density <= 25000):
            raise InputError(
                f"The {name.replace('_', ' ')} is {1e6 * layer.thickness:.4g} um thick at {layer.density:.4g} kg/m3.",
                "A thickness is 0 to 1 cm and a density 0 to 25 g/cm3.",
                "Check both and their units.",
            )
    recipe = design.recipe
    fractions = (recipe.active, recipe.carbon, recipe.binder)
    if min(fractions) < 0 or recipe.active <= 0 or not math.isclose(sum(fractions), 1.0, rel_tol=1e-6):
        raise InputError(f"The cathode's mass fractions {fractions} do not make a whole.", "", "Let them sum to 1.")
    if not 0 <= recipe.porosity < 0.95 or not 0 <= design.catholyte_density <= 25000:
        raise InputError(
            f"The porosity is {recipe.porosity:.4g}, what fills the pores {design.catholyte_density:.4g} kg/m3.",
            "A porosity lies between 0 and 0.95.",
            "Check both.",
        )
