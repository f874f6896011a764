"""A lithium-metal cell to weigh, as people write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from lamion.models.cells.cell_package import Package, coin_cell, pouch_cell
from lamion.models.cells.energy_density import WeighedCell
from lamion.quantities import InputError, Quantity, parse
from lamion.substances import Substance, known_substance
from lamion.tasks.declaring import Noun, Option
from lamion.tasks.options.electrolyte import of_electrolyte

_PARTS = {
    "lithium": "lithium",
    "carbon": "super_p",
    "binder": "pvdf",
    "cathode_collector": "aluminium",
    "anode_collector": "copper",
}
"""What a cell holds beside its active material, with the substance that each is."""

_OF_PACKAGE = {"coin": ("electrode_diameter", "case_mass"), "pouch": ("pouch_size", "faces", "margin", "laminate")}
_ALUMINIUM_AND_COPPER = ("cathode_collector_thickness", "anode_collector_thickness")


@dataclass(frozen=True)
class DesignFlags:
    """What spells a cell to weigh; the same names are the keys of its table."""

    cathode: Annotated[str, Option("active material", example="lfp")]
    loading: Annotated[Quantity, Option("active mass per area")]
    capacity: Annotated[Quantity, Option("of the discharge")]
    voltage: Annotated[Quantity, Option("average of the discharge")]
    electrolyte_thickness: Annotated[Quantity, Option("of the separator", of="thickness", example="9 um")]
    electrolyte_density: Annotated[
        Quantity,
        of_electrolyte("density", "of the separator", example="1.30 g/cm3"),
    ]
    lithium_thickness: Annotated[
        Quantity | None, Option("of the foil as assembled", of="thickness", example="25 um", positive=False)
    ] = None
    n_over_p: Annotated[
        Quantity | None,
        Option("the lithium's charge over the cathode's, instead of a thickness", formerly="np_ratio"),
    ] = None
    second_thickness: Annotated[Quantity | None, Option("of another layer", of="thickness", example="1.5 um")] = None
    second_density: Annotated[Quantity | None, Option("of another layer", of="density", example="1.2 g/cm3")] = None
    catholyte: Annotated[
        Quantity | None,
        Option("density of what fills the cathode's pores", of="density", example="1.3 g/cm3", otherwise="dry"),
    ] = None
    porosity: Annotated[Quantity | None, Option("of the cathode", positive=False, otherwise="35 %")] = None
    recipe: Annotated[str | None, Option("active, carbon, binder by mass", otherwise="8:1:1")] = None
    collectors: Annotated[
        tuple[Quantity, ...],
        Option("aluminium and copper foil", unit="m", example="12 um, 6 um", otherwise="none", positive=False),
    ] = ()
    package: Annotated[Literal["none", "coin", "pouch"], Option("what encloses it")] = "none"
    electrode_diameter: Annotated[Quantity | None, Option("coin: of the cathode", unit="m", otherwise="12 mm")] = None
    case_mass: Annotated[Quantity | None, Option("coin: all its steel parts", unit="g", otherwise="3.5 g, a guess")] = (
        None
    )
    pouch_size: Annotated[
        tuple[Quantity, ...], Option("pouch: of the cathode", unit="m", otherwise="50 mm, 40 mm")
    ] = ()
    faces: Annotated[int | None, Option("pouch: cathode faces in it", otherwise="1")] = None
    margin: Annotated[Quantity | None, Option("pouch: the sealed rim", unit="m", otherwise="5 mm", positive=False)] = (
        None
    )
    laminate: Annotated[
        tuple[Quantity, ...],
        Option(
            "pouch: mass and thickness of its foil", unit=("kg/m2", "m"), otherwise="18 mg/cm2, 113 um, a usual one"
        ),
    ] = ()


def _build(table: Mapping[str, Any], substances: Mapping[str, Substance], title: str) -> WeighedCell:
    """Build the cell that a table describes."""
    from lamion.tasks.declaring.parameter import fields_of
    from lamion.tasks.declaring.value import did_you_mean, value_of

    options = fields_of(DesignFlags)
    known = [*options, *_ALUMINIUM_AND_COPPER, "catholyte_density"]
    for key in table:
        if key not in known:
            raise InputError(
                f"{title}: '{key}' is not known.", did_you_mean(key, known), f"Known are: {', '.join(known)}."
            )
    for key, option in options.items():
        if option.required and key not in table:
            raise InputError(f"{title}: '{key}' is missing.", "", "Write it into the cell's table.")
    given = {key: value_of(item, options[key]) for key, item in table.items() if key in options and key != "recipe"}
    for name in _ALUMINIUM_AND_COPPER:
        if name in table:
            given[name] = value_of(table[name], options["margin"])
    if "catholyte_density" in table:
        given["catholyte_density"] = value_of(table["catholyte_density"], options["catholyte"])
    return _cell(given, table, substances, title)


def _cell(
    given: dict[str, Any], table: Mapping[str, Any], substances: Mapping[str, Substance], title: str
) -> WeighedCell:
    if "catholyte" in given:
        given["catholyte_density"] = given.pop("catholyte")
    if "collectors" in given:
        given |= dict(zip(_ALUMINIUM_AND_COPPER, _two(given.pop("collectors"), "collectors"), strict=True))
    if "recipe" in table:
        given["recipe"] = _recipe(table["recipe"], title)
    package = _package(given)
    own = {name: item for name, item in given.items() if not any(name in names for names in _OF_PACKAGE.values())}
    own.pop("package", None)
    parts: dict[str, Any] = {part: substances[key] for part, key in _PARTS.items()}
    name = own.pop("cathode")
    return WeighedCell(substances.get(name) or known_substance(name), **own, **parts, package=package)


def _two(items: Any, name: str) -> tuple[Quantity, Quantity]:
    if len(items) != 2:
        raise InputError(f"The {name.replace('_', ' ')} takes two values, not {len(items)}.", "", "Give both.")
    return items[0], items[1]


def _recipe(written: Any, title: str) -> tuple[float, float, float]:
    parts = written.split(":") if isinstance(written, str) else written
    try:
        active, carbon, binder = (float(part) for part in parts)
        whole = active + carbon + binder
        if min(active, carbon, binder) < 0 or not 0 < whole < float("inf"):
            raise ValueError
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{title}: the recipe '{written}' cannot be read.",
            "",
            "Write active, carbon and binder by mass, as in 8:1:1.",
        ) from error
    return active / whole, carbon / whole, binder / whole


def _package(given: Mapping[str, Any]) -> Package | None:
    """Return what encloses the cell."""
    chosen = given.get("package", "none")
    for package, names in _OF_PACKAGE.items():
        idle = [name for name in names if name in given]
        if idle and chosen != package:
            option = f"--{idle[0].replace('_', '-')}"
            raise InputError(f"{option} is given without --package {package}.", "", "Give both or neither.")
    if chosen == "coin":
        diameter = given.get("electrode_diameter") or parse("12 mm", "m")
        return coin_cell(diameter.si, (given.get("case_mass") or parse("3.5 g", "kg")).si)
    if chosen == "pouch":
        length, width = _two(given.get("pouch_size") or (parse("50 mm", "m"), parse("40 mm", "m")), "pouch_size")
        mass, thickness = _two(given.get("laminate") or (parse("18 mg/cm2", "kg/m2"), parse("113 um", "m")), "laminate")
        return pouch_cell(
            length.si,
            width.si,
            given.get("faces", 1),
            margin=(given.get("margin") or parse("5 mm", "m")).si,
            laminate_mass=mass.si,
            laminate_thickness=thickness.si,
        )
    return None


def _substances(table: Mapping[str, Any]) -> list[str]:
    """Return the substances that a cell needs."""
    if not isinstance(table.get("cathode"), str):
        raise InputError("A cell names no cathode.", "", 'Write cathode = "lfp" into it.')
    return sorted({table["cathode"], *_PARTS.values()})


DESIGN = Noun(_build, _substances, DesignFlags)
