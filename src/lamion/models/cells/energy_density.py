"""The energy density of a lithium-metal cell from its components, on a basis that is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lamion.models.cells.cell_package import Package
from lamion.models.cells.composite_cathode import CathodeRecipe
from lamion.models.cells.mass_budget import BASES, DenseLayer, MassBudget, StackDesign, lithium_for, mass_budget
from lamion.quantities import Answer, FigureData, InputError, Quantity, propagate
from lamion.quantities.fields import Checked, of
from lamion.quantities.figure import Axis, Bars, Figure, Panel, Trace
from lamion.substances import Substance, library

_POROSITY = Quantity(0.35, None, "1", "a usual porosity of a pressed cathode, assumed")


def _substance(key: str) -> Callable[[], Substance]:
    return lambda: library()[key]


@dataclass(frozen=True)
class WeighedCell(Checked):
    """One face of a lithium-metal cell as people describe it.

    Parameters
    ----------
    cathode : Substance
        The active material, with a density.
    loading, capacity, voltage : Quantity
        Active mass per area; charge per active mass and average voltage of the discharge.
    electrolyte_thickness, electrolyte_density : Quantity
        Of the separator.
    lithium_thickness : Quantity, optional
        Of the foil as assembled; this or `n_over_p`.
    n_over_p : Quantity, optional
        The lithium's charge over the cathode's, instead of a thickness.
    second_thickness, second_density : Quantity, optional
        Of another electrolyte layer.
    catholyte_density : Quantity, optional
        Of an ion conductor that fills the cathode's pores; without it they are dry.
    porosity : Quantity
        Of the cathode; 35 % by default, of use to the volume and the catholyte alone.
    recipe : (float, float, float)
        Mass fractions of active material, carbon and binder; 8:1:1 by default.
    cathode_collector_thickness, anode_collector_thickness : Quantity, optional
        Of the foils.
    package : Package, optional
        The enclosure.
    carbon, binder, lithium, cathode_collector, anode_collector : Substance
        With densities; super-P, PVDF, lithium, aluminium and copper by default.

    Raises
    ------
    InputError
        When a quantity has another dimension than it should, or both or none of the two for lithium are given.
    """

    cathode: Substance
    loading: Quantity = of("loading")
    capacity: Quantity = of("capacity")
    voltage: Quantity = of("voltage")
    electrolyte_thickness: Quantity = of("thickness", term="electrolyte's thickness")
    electrolyte_density: Quantity = of("density", term="electrolyte's density")
    lithium_thickness: Quantity | None = of("thickness", default=None, term="lithium's thickness", zero=True)
    n_over_p: Quantity | None = of("n_over_p", default=None)
    second_thickness: Quantity | None = of("thickness", default=None, term="second layer's thickness")
    second_density: Quantity | None = of("density", default=None, term="second layer's density")
    catholyte_density: Quantity | None = of("density", default=None, term="catholyte's density")
    porosity: Quantity = of("porosity", default=_POROSITY)
    recipe: tuple[float, float, float] = (0.8, 0.1, 0.1)
    cathode_collector_thickness: Quantity | None = of(
        "thickness", default=None, term="aluminium's thickness", zero=True
    )
    anode_collector_thickness: Quantity | None = of("thickness", default=None, term="copper's thickness", zero=True)
    package: Package | None = None
    carbon: Substance = field(default_factory=_substance("super_p"))
    binder: Substance = field(default_factory=_substance("pvdf"))
    lithium: Substance = field(default_factory=_substance("lithium"))
    cathode_collector: Substance = field(default_factory=_substance("aluminium"))
    anode_collector: Substance = field(default_factory=_substance("copper"))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.cathode.kind not in ("", "active material"):
            raise InputError(
                f"{self.cathode.name} is a {self.cathode.kind}, not an active material.",
                "",
                "Name the cathode's active material, such as lfp or nmc622.",
            )
        if (self.lithium_thickness is None) == (self.n_over_p is None):
            raise InputError(
                "The lithium is given by its thickness and by N/P, or by neither.", "", "Give one of the two."
            )
        if (self.second_thickness is None) != (self.second_density is None):
            raise InputError("The second layer needs a thickness and a density.", "", "Give both or neither.")

    def design(self, **changed: float) -> StackDesign:
        """Return the cell in SI.

        Parameters
        ----------
        **changed : float
            SI values that stand in the place of those given, by name.
        """
        si = {name: item.si for name, item in self.given().items()} | changed
        return StackDesign(
            loading=si["loading"],
            capacity=si["capacity"],
            voltage=si["voltage"],
            recipe=CathodeRecipe(*self.recipe, *self._densities(), si["porosity"]),
            electrolyte=DenseLayer(si["electrolyte_thickness"], si["electrolyte_density"]),
            lithium=self._lithium(si),
            second_layer=DenseLayer(si.get("second_thickness", 0.0), si.get("second_density", 0.0)),
            catholyte_density=si.get("catholyte_density", 0.0),
            cathode_collector=DenseLayer(si.get("cathode_collector_thickness", 0.0), density(self.cathode_collector)),
            anode_collector=DenseLayer(si.get("anode_collector_thickness", 0.0), density(self.anode_collector)),
            package=self.package,
        )

    def _densities(self) -> tuple[float, float, float]:
        return density(self.cathode), density(self.carbon), density(self.binder)

    def _lithium(self, si: dict[str, float]) -> DenseLayer:
        metal = density(self.lithium)
        if "lithium_thickness" in si:
            return DenseLayer(si["lithium_thickness"], metal)
        charge = self.lithium.theoretical_capacity.si
        return DenseLayer(lithium_for(si["n_over_p"], si["loading"], si["capacity"], charge) / metal, metal)


def density(material: Substance) -> float:
    """Return a material's density, kg/m3.

    Parameters
    ----------
    material : Substance
        With a fact ``density`` or ``crystal_density``.
    """
    facts = {fact.property_name for fact in material.facts}
    name = "density" if "density" in facts or "crystal_density" not in facts else "crystal_density"
    return material.quantity(name).si


def energy_density(cell: WeighedCell, basis: str = "") -> Answer:
    r"""Find a cell's energy per mass and per volume, and what each component weighs.

    .. math:: w = \frac{m\, q\, \bar U}{\sum_k m_k}, \qquad
              v = \frac{m\, q\, \bar U}{\sum_k d_k}

    Parameters
    ----------
    cell : WeighedCell
        One face of the cell.
    basis : str
        What counts, one of :data:`lamion.models.cells.mass_budget.BASES`; by default everything that was given:
        ``"stack"`` (cathode, electrolyte, lithium), ``"collectors"`` or ``"cell"``.

    Returns
    -------
    Answer
        ``gravimetric_energy`` (Wh/kg), ``volumetric_energy`` (Wh/L), ``areal_energy`` (mWh/cm2), ``areal_mass``
        (mg/cm2), ``n_over_p``; the series lists the components; ``notes.other_bases``.

    Raises
    ------
    InputError
        When the basis is unknown or a number is of no sense.

    Notes
    -----
    The uncertainties are those of the numbers given; which basis the author of an energy density meant is not
    among them, and moves it further than they do.

    References
    ----------
    Bookkeeping; the basis must be stated: R. Schmuch et al., Nat. Energy 3 (2018) 267,
    doi:10.1038/s41560-018-0107-2.

    Examples
    --------
    >>> def q(value, unit): return Quantity(value, None, unit)
    >>> cell = WeighedCell(library()["lfp"], q(4, "mg/cm2"), q(157.8, "mAh/g"), q(3.39, "V"), q(9, "um"),
    ...                    q(1.30, "g/cm3"), q(25, "um"))
    >>> round(energy_density(cell).results["gravimetric_energy"].value, 1)
    285.1
    """
    chosen = basis or _widest(cell)
    if chosen not in BASES:
        raise InputError(f"The basis '{basis}' is not known.", "", f"Use one of: {', '.join(BASES)}.")
    budget = mass_budget(cell.design())
    source = "mass budget"

    def result(of: Callable[[MassBudget], float], unit: str) -> Quantity:
        names = list(cell.given())
        return propagate(
            lambda *values: of(mass_budget(cell.design(**dict(zip(names, values, strict=True))))),
            *cell.given().values(),
            unit=unit,
            source=source,
        )

    lithium = cell.lithium.theoretical_capacity.si
    return Answer(
        {
            "gravimetric_energy": result(lambda found: found.gravimetric(chosen), "Wh/kg"),
            "volumetric_energy": result(lambda found: found.volumetric(chosen), "Wh/L"),
            "areal_energy": result(lambda found: found.energy, "mWh/cm2"),
            "areal_mass": result(lambda found: found.mass(chosen), "mg/cm2"),
            "n_over_p": propagate(
                lambda *values: _n_over_p(cell.design(**dict(zip(cell.given(), values, strict=True))), lithium),
                *cell.given().values(),
                unit="1",
                source=source,
            ),
        },
        component_series(budget, chosen),
        _notes(cell, budget, chosen),
        _warnings(cell, chosen),
        {"mass": mass_figure({cell_label(cell): budget}, chosen)},
        method=f"Areal energy = loading times capacity times voltage, over the masses (thicknesses) of the basis "
        f"'{chosen}'.",
    )


def _n_over_p(design: StackDesign, lithium_capacity: float) -> float:
    return design.lithium.mass * lithium_capacity / (design.loading * design.capacity)


def cell_label(cell: WeighedCell) -> str:
    """Name a cell shortly, by its active material.

    Parameters
    ----------
    cell : WeighedCell
        With a cathode.
    """
    return f"{(cell.cathode.aliases or (cell.cathode.key,))[0]}|Li"


def component_series(budget: MassBudget, basis: str) -> dict[str, list[Any]]:
    """Return the components as columns.

    Parameters
    ----------
    budget : MassBudget
        What was weighed.
    basis : str
        Which components count.
    """
    counted, total = budget.counted(basis), budget.mass(basis)
    return {
        "Component": list(budget.components),
        "Areal Mass / mg/cm2": [100 * item.mass for item in budget.components.values()],
        "Thickness / um": [1e6 * item.thickness for item in budget.components.values()],
        "Mass Fraction / 1": [
            item.mass / total if name in counted else None for name, item in budget.components.items()
        ],
        "Counted": ["yes" if name in counted else "no" for name in budget.components],
    }


def mass_figure(budgets: dict[str, MassBudget], basis: str, printed: dict[str, float] | None = None) -> FigureData:
    """Return what is drawn of one or more cells' masses.

    Parameters
    ----------
    budgets : dict of str to MassBudget
        By the cell's name.
    basis : str
        Which components count.
    printed : dict of str to float, optional
        Energy densities in Wh/kg to write beside those computed.
    """
    names = [name for name in BASES["cell"] if any(name in budget.counted(basis) for budget in budgets.values())]
    places = [float(row) for row in range(len(budgets))]
    traces: list[Trace] = []
    base = [0.0] * len(budgets)
    for number, name in enumerate(names):
        masses = [100 * b.components[name].mass if name in b.components else 0.0 for b in budgets.values()]
        ends = [start + mass for start, mass in zip(base, masses, strict=True)]
        traces.append(Bars(places, base, ends, name, number, 0.62, across=True, hatch=number >= _COLORS))
        base = ends
    said = [_energy(name, budget.gravimetric(basis) / 3600, printed) for name, budget in budgets.items()]
    traces.append(Bars(places, base, base, color="ink", width=0.62, across=True, texts=said))
    room = (1.24 if printed is None else 1.45) * max(base)
    rows = Axis(ticks=list(zip(places, budgets, strict=True)), backwards=True)
    panel = Panel(traces, Axis("mass per area", "mg/cm2", low=0.0, high=room), rows, grid="")
    size = (7.0, 1.5 + 0.16 * (len(names) // 4) + 0.5 * len(budgets))
    return Figure([panel], size=size, legend="above").entitled("Mass of a cell by component")


_COLORS = 8
"""Before they come again, hatched."""


def _energy(name: str, found: float, printed: Mapping[str, float] | None) -> str:
    shown = f"{found:.0f}" if found >= 10 else f"{found:.2g}"
    return f"{shown} Wh/kg" + ("" if printed is None else f" (printed {printed[name]:g})")


def _widest(cell: WeighedCell) -> str:
    if cell.package is not None:
        return "cell"
    return "stack" if _foils(cell) == (None, None) else "collectors"


def _foils(cell: WeighedCell) -> tuple[Quantity | None, Quantity | None]:
    return cell.cathode_collector_thickness, cell.anode_collector_thickness


def _notes(cell: WeighedCell, budget: MassBudget, chosen: str) -> dict[str, Any]:
    parts = ":".join(f"{fraction:g}" for fraction in cell.recipe)
    pores = "dry" if cell.catholyte_density is None else f"filled at {cell.catholyte_density}"
    return {
        "basis": f"{chosen}: {', '.join(budget.counted(chosen))}",
        "cathode": f"active, {cell.carbon.key}, {cell.binder.key} {parts} by mass, pores {pores}",
        "porosity": str(cell.porosity),
        "other_bases_Wh_kg": {basis: round(budget.gravimetric(basis) / 3600, 2) for basis in _others(budget, chosen)},
    }


def _others(budget: MassBudget, chosen: str) -> list[str]:
    """List the bases that count something else than the one chosen and than a narrower one."""
    seen, found = [budget.counted(chosen)], []
    for basis in BASES:
        if budget.counted(basis) not in seen:
            seen.append(budget.counted(basis))
            found.append(basis)
    return found


def _warnings(cell: WeighedCell, chosen: str) -> tuple[str, ...]:
    found = []
    if chosen == "stack":
        found.append(
            "Neither collectors nor package count: a whole cell's energy density is lower. Give --collectors and "
            "--package to count them."
        )
    if chosen in ("collectors", "cell") and _foils(cell) == (None, None):
        found.append(f"The basis '{chosen}' counts collectors, and none are given.")
    if chosen == "cell" and cell.package is None:
        found.append("The basis 'cell' counts a package, and none is given.")
    if cell.catholyte_density is None:
        found.append("The cathode's pores are dry: without an ion conductor in them only its face could react.")
    return tuple(found)
