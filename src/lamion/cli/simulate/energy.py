"""Energy density of a lithium-metal cell from its components, on a basis that is said.

The default basis is the cathode (8:1:1, dry), the electrolyte and the lithium, without collectors; what is given
beyond that counts too, unless --basis says otherwise.
"""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

from lamion.cli.output import add_output_arguments, show
from lamion.quantities import InputError, Quantity, parse, parse_positive

if TYPE_CHECKING:
    from lamion.models.cells.cell_package import Package


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("--cathode", metavar="NAME", required=True, help="active material, such as lfp or ncm622")
    parser.add_argument("--loading", metavar="Q", required=True, help='active mass per area, such as "4 mg/cm2"')
    parser.add_argument("--capacity", metavar="Q", required=True, help='of the discharge, such as "157.8 mAh/g"')
    parser.add_argument("--voltage", metavar="Q", required=True, help="average voltage of the discharge")
    parser.add_argument("--electrolyte-thickness", metavar="Q", required=True)
    parser.add_argument("--electrolyte-density", metavar="Q", required=True)
    lithium = parser.add_mutually_exclusive_group(required=True)
    lithium.add_argument("--lithium-thickness", metavar="Q", help="of the foil as assembled")
    lithium.add_argument("--np-ratio", metavar="X", help="the lithium's charge over the cathode's, for a foil")
    parser.add_argument("--second-layer", metavar=("Q", "Q"), nargs=2, help="thickness and density of another layer")
    parser.add_argument("--recipe", metavar="A:C:B", default="8:1:1", help="active, carbon, binder by mass [8:1:1]")
    parser.add_argument("--porosity", metavar="X", default="35 %", help="of the cathode [35 %%]")
    parser.add_argument("--catholyte", metavar="Q", help="density of an ion conductor that fills the pores [dry]")
    parser.add_argument(
        "--collectors", metavar="Q", nargs=2, help='thickness of aluminium and copper foil, as in "12 um" "0 um" [none]'
    )
    parser.add_argument("--basis", metavar="NAME", default="", help=_basis_help())
    parser.add_argument("--package", choices=("none", "coin", "pouch"), default="none", help="what encloses it [none]")
    parser.add_argument("--electrode-diameter", metavar="Q", help="coin: of the cathode [12 mm]")
    parser.add_argument("--case-mass", metavar="Q", help="coin: all its steel parts [3.5 g, a guess]")
    parser.add_argument("--pouch-size", metavar="Q", nargs=2, help="pouch: of the cathode [50 mm 40 mm]")
    parser.add_argument("--faces", metavar="N", type=int, help="pouch: cathode faces in it [1]")
    parser.add_argument("--margin", metavar="Q", help="pouch: the sealed rim [5 mm]")
    parser.add_argument(
        "--laminate", metavar="Q", nargs=2, help="pouch: mass and thickness of its foil [18 mg/cm2 113 um, a usual one]"
    )
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Weigh the cell and show its energy density.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.models.cells.energy_density import LithiumCell, energy_density
    from lamion.substances import substance

    cell = LithiumCell(substance(arguments.cathode), **_quantities(arguments), package=_package(arguments))
    show(energy_density(cell, arguments.basis), arguments)
    return 0


def _basis_help() -> str:
    return "what counts: active, cathode, electrodes, stack, collectors or cell [all that is given]"


def _quantities(arguments: argparse.Namespace) -> dict[str, Any]:
    given: dict[str, Any] = {
        "loading": _positive(arguments.loading, "kg/m2", "The loading"),
        "capacity": _positive(arguments.capacity, "mAh/g", "The capacity"),
        "voltage": _positive(arguments.voltage, "V", "The voltage"),
        "electrolyte_thickness": _positive(arguments.electrolyte_thickness, "m", "The electrolyte's thickness"),
        "electrolyte_density": _positive(arguments.electrolyte_density, "kg/m3", "The electrolyte's density"),
        "porosity": parse(arguments.porosity, "1", name="The porosity"),
        "recipe": _recipe(arguments.recipe),
    }
    if arguments.lithium_thickness is not None:
        given["lithium_thickness"] = parse(arguments.lithium_thickness, "m", name="The lithium's thickness")
    else:
        given["n_over_p"] = _positive(arguments.np_ratio, "1", "N/P")
    if arguments.second_layer is not None:
        given["second_thickness"] = _positive(arguments.second_layer[0], "m", "The second layer's thickness")
        given["second_density"] = _positive(arguments.second_layer[1], "kg/m3", "The second layer's density")
    if arguments.catholyte is not None:
        given["catholyte_density"] = _positive(arguments.catholyte, "kg/m3", "The catholyte's density")
    if arguments.collectors is not None:
        given["cathode_collector_thickness"] = parse(arguments.collectors[0], "m", name="The aluminium's thickness")
        given["anode_collector_thickness"] = parse(arguments.collectors[1], "m", name="The copper's thickness")
    return given


def _positive(text: str, unit: str, name: str) -> Quantity:
    return parse_positive(text, unit, name=name)


def _recipe(text: str) -> tuple[float, float, float]:
    try:
        active, carbon, binder = (float(part) for part in text.split(":"))
        whole = active + carbon + binder
        if min(active, carbon, binder) < 0 or not 0 < whole < math.inf:
            raise ValueError
        return active / whole, carbon / whole, binder / whole
    except ValueError as error:
        raise InputError(
            f"The recipe '{text}' cannot be read.", "", "Write active, carbon and binder by mass, as in 8:1:1."
        ) from error


def _package(arguments: argparse.Namespace) -> Package | None:
    from lamion.models.cells.cell_package import coin_cell, pouch_cell

    for package, options in _OF_PACKAGE.items():
        given = [name for name in options if getattr(arguments, name) is not None]
        if given and arguments.package != package:
            option = f"--{given[0].replace('_', '-')}"
            raise InputError(f"{option} is given without --package {package}.", "", "Give both or neither.")
    said = {
        name: default if getattr(arguments, name) is None else getattr(arguments, name)
        for options in _OF_PACKAGE.values()
        for name, default in options.items()
    }
    if arguments.package == "none":
        return None
    if arguments.package == "coin":
        diameter = _positive(said["electrode_diameter"], "m", "The electrode's diameter")
        return coin_cell(diameter.si, _positive(said["case_mass"], "kg", "The case's mass").si)
    length, width = (_positive(text, "m", "The pouch's size").si for text in said["pouch_size"])
    return pouch_cell(
        length,
        width,
        said["faces"],
        margin=parse(said["margin"], "m", name="The margin").si,
        laminate_mass=_positive(said["laminate"][0], "kg/m2", "The laminate's mass").si,
        laminate_thickness=_positive(said["laminate"][1], "m", "The laminate's thickness").si,
    )


_OF_PACKAGE: dict[str, dict[str, Any]] = {
    "coin": {"electrode_diameter": "12 mm", "case_mass": "3.5 g"},
    "pouch": {
        "pouch_size": ("50 mm", "40 mm"),
        "faces": 1,
        "margin": "5 mm",
        "laminate": ("18 mg/cm2", "113 um"),
    },
}
"""The options of each package and what they are by default."""
