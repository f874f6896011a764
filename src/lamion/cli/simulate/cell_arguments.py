"""The arguments that every verb about a lithium-metal cell takes."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamion.quantities import InputError, parse, parse_positive

if TYPE_CHECKING:
    from lamion.models.cells.cathodes import Cathode
    from lamion.models.cells.cell_inputs import CellInputs

_ELECTROLYTE = {"thickness": "m", "conductivity": "S/m", "transference": "1", "concentration": "mol/m3"}
_OPTIONAL = {
    "temperature": "K",
    "lithium_resistance": "ohm m2",
    "porosity": "1",
    "catholyte": "S/m",
    "diffusivity": "m2/s",
}
_MATERIAL = {"capacity": "mAh/g", "diffusion_rate": "s-1", "exchange_current": "A/m2"}


def add_cell_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of a cell.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    add = parser.add_argument
    add("--cathode", metavar="NAME", required=True, help="lfp or ncm622")
    add("--loading", metavar="Q", required=True, help='active mass per area, as in "7 mg/cm2"')
    add("--one-c", metavar="Q", required=True, help='current of 1C, as in "1.30 mA/cm2"')
    add("--window", metavar="Q", nargs=2, required=True, help="lowest and highest voltage")
    add("--thickness", metavar="Q", help="of the electrolyte [9 um]")
    add("--conductivity", metavar="Q", help="at the cell's temperature [5e-4 S/cm]")
    add("--transference", metavar="X", help="of the lithium ion [0.5 ± 0.2]")
    add("--concentration", metavar="Q", help="of the salt at rest [1 mol/L]")
    add("--temperature", metavar="Q", help="[25 degC]")
    add("--lithium-resistance", metavar="Q", help="charge transfer at the one lithium interface [50 ± 25 ohm cm2]")
    add("--contact-resistance", metavar="Q", help="ohmic, outside film and electrodes [0 ohm cm2]")
    add("--porosity", metavar="X", help="of the cathode, filled by the catholyte [0.30 ± 0.05]")
    add("--catholyte", metavar="Q", help="conductivity of what fills the pores [the electrolyte's, to a factor of 2]")
    add("--diffusivity", metavar="Q", help="of the salt [Nernst-Einstein]")
    add("--protocol", choices=("full", "cc", "cc-cv"), default="full", help="charge before each discharge [full]")
    add("--capacity", metavar="Q", help="of the active material at rest: lfp 2.5 to 4.0 V, ncm622 2.8 to 4.3 V")
    add("--diffusion-rate", metavar="Q", help='D/R2 in its particles, as in "1.2e-4 s-1" [published]')
    add("--exchange-current", metavar="Q", help="of its particles, at half the lithium [published]")
    add("--ocp", metavar="FILE", type=Path, help="its open-circuit potential: Lithium Content / 1, Voltage / V")


def cell_inputs(arguments: argparse.Namespace) -> CellInputs:
    """Read a cell from the arguments.

    Parameters
    ----------
    arguments : Namespace
        As declared.

    Returns
    -------
    CellInputs
    """
    from lamion.models.cells.cell_inputs import DEFAULTS, CellInputs

    given = vars(arguments)
    options: dict[str, Any] = {
        name: parse_positive(given[name], unit, name=_title(name))
        for name, unit in _OPTIONAL.items()
        if given[name] is not None
    }
    if given["contact_resistance"] is not None:
        options["contact_resistance"] = parse(given["contact_resistance"], "ohm m2", name="The contact resistance")
    film = {
        name: DEFAULTS[name] if given[name] is None else parse_positive(given[name], unit, name=_title(name))
        for name, unit in _ELECTROLYTE.items()
    }
    return CellInputs(
        cathode=_cathode(arguments),
        loading=parse_positive(arguments.loading, "kg/m2", name="The loading"),
        one_c=parse_positive(arguments.one_c, "A/m2", name="The current of 1C"),
        window=(parse_positive(arguments.window[0], "V"), parse_positive(arguments.window[1], "V")),
        protocol=arguments.protocol,
        **film,
        **options,
    )


def _cathode(arguments: argparse.Namespace) -> Cathode:
    from lamion.models.cells.cathodes import cathode

    found = cathode(arguments.cathode)
    for name, unit in _MATERIAL.items():
        text = getattr(arguments, name)
        if text is not None:
            given = parse_positive(text, unit, name=_title(name))
            found = found.with_fact(name, replace(given, source="given"))
    if arguments.ocp is not None:
        from lamion.formats import read
        from lamion.study.cells import with_measured_potential

        found = with_measured_potential(found, read(arguments.ocp))
    return found


def _title(name: str) -> str:
    return f"The {name.replace('_', ' ')}"


def rates(text: str) -> list[float]:
    """Read rates that a person typed.

    Parameters
    ----------
    text : str
        Such as ``"0.1,0.2,1"`` or ``"0.1C, 1C"``.

    Returns
    -------
    list of float
        In units of 1C.

    Raises
    ------
    InputError
        When one is no number.

    Examples
    --------
    >>> rates("0.1,0.5C")
    [0.1, 0.5]
    """
    try:
        return [float(word.strip().removesuffix("C")) for word in text.split(",")]
    except ValueError as error:
        raise InputError(f"The rates '{text}' are not numbers.", "", "Write them like 0.1,0.5,1.") from error
