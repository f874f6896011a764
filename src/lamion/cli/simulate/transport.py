"""Concentrations and voltages of an electrolyte film between lithium electrodes at a constant current.

The salt's diffusion coefficient follows from the conductivity by Nernst and Einstein unless it is given. A
transference number of 1 is that of a single-ion conductor.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from lamion.cli.output import add_output_arguments, show, write_file
from lamion.quantities import InputError, Quantity, parse, parse_positive

if TYPE_CHECKING:
    from lamion.models.transport.film_case import Discretisation, FilmCase
    from lamion.models.transport.film_transport import FilmTransport
    from lamion.models.transport.solution import Solution

_ONE = Quantity(1.0, None, "1")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("--thickness", metavar="Q", required=True, help="of the film between the electrodes")
    parser.add_argument("--conductivity", metavar="Q", help="at the concentration and the temperature")
    parser.add_argument("--transference", metavar="X", help="of the lithium ion")
    parser.add_argument(
        "--law", metavar="NAME", help="instead of the two: laws of concentration, litfsi-peo (LiTFSI in PEO at 85 degC)"
    )
    parser.add_argument("--concentration", metavar="Q", required=True, help="of the salt at rest")
    parser.add_argument("--current", metavar="Q", required=True, help='as in "1.2 mA/cm2"')
    parser.add_argument("--time", metavar="Q", required=True, help="since the current was switched on")
    parser.add_argument("--temperature", metavar="Q", help="[25 degC]")
    parser.add_argument("--diffusivity", metavar="Q", help="of the salt [by Nernst and Einstein]")
    parser.add_argument("--thermodynamic-factor", metavar="X", help="1 + dlnf/dlnc [1]")
    parser.add_argument("--rct", metavar="Q", help='charge-transfer resistance, as in "24.5 ohm cm2" [none]')
    parser.add_argument(
        "--rct-convention", choices=("cell", "interface"), default="cell", help="both interfaces or one [cell]"
    )
    parser.add_argument("--dimension", metavar="N", help="of the fields: 1, 2 or 3 [1, or 2 with --width]")
    parser.add_argument("--width", metavar="Q", help="of the film sideways [4/3 of its thickness]")
    parser.add_argument("--cells", metavar="N", help="along each axis [200, 100 or 40 in 1, 2 or 3 dimensions]")
    parser.add_argument("--fields", metavar="FILE.nc", type=Path, help="write concentration and potential as NetCDF")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Simulate the film and show the answer.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.models.transport.film_transport import film_transport

    if arguments.law is None:
        found = film_transport(_case(arguments), _discretisation(arguments))
    else:
        found = _by_law(arguments)
    if arguments.fields is not None:
        write_file(arguments.fields, _netcdf(found.solution))
    show(found.answer, arguments)
    return 0


def _by_law(arguments: argparse.Namespace) -> FilmTransport:
    from lamion.models.transport.law_transport import LAWS, law_transport

    if arguments.law not in LAWS:
        raise InputError(f"There is no law '{arguments.law}'.", "", f"Known are: {', '.join(LAWS)}.")
    for name in ("conductivity", "transference", "temperature", "diffusivity", "thermodynamic_factor"):
        if getattr(arguments, name) is not None:
            option = name.replace("_", "-")
            raise InputError(f"--{option} is given beside --law.", "The law says it already.", "Leave one away.")
    return law_transport(
        LAWS[arguments.law](),
        parse_positive(arguments.thickness, "m", name="The thickness"),
        parse_positive(arguments.concentration, "mol/m3", name="The concentration"),
        parse_positive(arguments.current, "A/m2", name="The current"),
        parse_positive(arguments.time, "s", name="The time"),
        charge_transfer=_of_one_interface(arguments),
        discretisation=_discretisation(arguments),
    )


def _case(arguments: argparse.Namespace) -> FilmCase:
    from lamion.models.transport.film_case import FilmCase

    for name in ("conductivity", "transference"):
        if getattr(arguments, name) is None:
            raise InputError(f"--{name} is missing.", "", "Give it, or name a --law.")
    return FilmCase(
        thickness=parse_positive(arguments.thickness, "m", name="The thickness"),
        conductivity=parse_positive(arguments.conductivity, "S/m", name="The conductivity"),
        transference=parse(arguments.transference, "1", name="The transference number"),
        concentration=parse_positive(arguments.concentration, "mol/m3", name="The concentration"),
        current=parse_positive(arguments.current, "A/m2", name="The current"),
        time=parse_positive(arguments.time, "s", name="The time"),
        temperature=parse_positive(arguments.temperature or "25 degC", "K", name="The temperature"),
        diffusivity=_optional(arguments.diffusivity, "m2/s", "The diffusivity"),
        thermodynamic_factor=_optional(arguments.thermodynamic_factor, "1", "The thermodynamic factor") or _ONE,
        charge_transfer=_of_one_interface(arguments),
    )


def _of_one_interface(arguments: argparse.Namespace) -> Quantity | None:
    given = _optional(arguments.rct, "ohm m2", "The charge-transfer resistance")
    if given is None or arguments.rct_convention == "interface":
        return given
    return Quantity(given.value / 2, None if given.std is None else given.std / 2, given.unit, given.source)


def _discretisation(arguments: argparse.Namespace) -> Discretisation:
    from lamion.models.transport.film_case import Discretisation

    width = _optional(arguments.width, "m", "The width")
    dimension = (1 if width is None else 2) if arguments.dimension is None else _whole(arguments.dimension, "dimension")
    return Discretisation(
        dimension,
        None if arguments.cells is None else _whole(arguments.cells, "number of cells"),
        None if width is None else width.si,
    )


def _optional(text: str | None, unit: str, name: str) -> Quantity | None:
    return None if text is None else parse_positive(text, unit, name=name)


def _whole(text: str, name: str) -> int:
    """Read a whole number, also one written as 1e4."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value == int(value)):
        raise InputError(f"The {name} '{text}' is not a whole number.", "", "Write it like '100'.")
    return int(value)


def _netcdf(solution: Solution | None) -> bytes:
    import numpy as np

    from lamion.formats.netcdf_fields import Field, to_netcdf

    if solution is None:
        raise InputError(
            "A single-ion conductor has no concentration field.",
            "Its concentration stays even.",
            "Leave --fields away.",
        )
    return to_netcdf(
        np.array(solution.times),
        dict(zip(("y", "x", "z"), solution.grid.centres, strict=False)),
        {
            "concentration": Field(solution.concentration, "mol m-3", "salt concentration"),
            "potential": Field(solution.potential, "V", "potential of a lithium electrode at the place"),
        },
        title="Ion transport in an electrolyte film between lithium electrodes; y runs through the film",
    )
