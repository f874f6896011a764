"""Impedance of an electrolyte film between two lithium electrodes at rest: bulk, charge transfer, diffusion.

`--csv FILE` writes the spectrum so that `lamion analyze impedance FILE` reads it. The resistances and capacitances of
the interfaces are given times, and over, the electrode's area.
"""

from __future__ import annotations

import argparse

from lamion.cli.output import add_output_arguments, show
from lamion.quantities import InputError, Quantity, parse, parse_positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("--thickness", metavar="Q", required=True, help="of the electrolyte")
    parser.add_argument("--conductivity", metavar="Q", required=True, help="of the electrolyte")
    parser.add_argument("--transference", metavar="X", required=True, help="of the lithium ion")
    parser.add_argument("--concentration", metavar="Q", required=True, help="of the salt")
    parser.add_argument("--temperature", metavar="Q", default="25 degC", help="[25 degC]")
    parser.add_argument("--area", metavar="Q", default="1 cm2", help="of one electrode [1 cm2]")
    parser.add_argument("--rct", metavar="Q", help='charge-transfer resistance, as in "24.5 ohm cm2" [none]')
    parser.add_argument(
        "--rct-convention", choices=("cell", "interface"), default="cell", help="whose it is [cell: both together]"
    )
    parser.add_argument("--double-layer", metavar="Q", default="10 uF/cm2", help="of one electrode [10 uF/cm2]")
    parser.add_argument("--permittivity", metavar="X", help="relative, of the electrolyte [its arc is left out]")
    parser.add_argument("--diffusivity", metavar="Q", help="of the salt [by Nernst and Einstein]")
    parser.add_argument("--thermodynamic-factor", metavar="X", default="1", help="[1]")
    parser.add_argument("--fmin", metavar="Q", help="lowest frequency [below the slowest process]")
    parser.add_argument("--fmax", metavar="Q", help="highest frequency [above the fastest process]")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Simulate the spectrum and show it.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.models.transport.impedance_answer import FilmCell, impedance_of_film

    rct = _optional(arguments.rct, "ohm m2", "The charge-transfer resistance") or Quantity(0.0, None, "ohm cm2")
    if arguments.rct_convention == "cell":
        rct = Quantity(rct.value / 2, None if rct.std is None else rct.std / 2, rct.unit)
    cell = FilmCell(
        thickness=parse_positive(arguments.thickness, "m", name="The thickness"),
        conductivity=parse_positive(arguments.conductivity, "S/m", name="The conductivity"),
        transference=parse(arguments.transference, "1", name="The transference number"),
        concentration=parse_positive(arguments.concentration, "mol/m3", name="The concentration"),
        temperature=parse_positive(arguments.temperature, "K", name="The temperature"),
        area=parse_positive(arguments.area, "m2", name="The area"),
        rct=rct,
        double_layer=parse_positive(arguments.double_layer, "F/m2", name="The double layer's capacitance"),
        permittivity=_optional(arguments.permittivity, "1", "The permittivity") or Quantity(0.0, None, "1"),
        thermodynamic_factor=parse_positive(arguments.thermodynamic_factor, "1", name="The thermodynamic factor"),
        diffusivity=_optional(arguments.diffusivity, "m2/s", "The diffusivity"),
    )
    show(impedance_of_film(cell, _frequencies(arguments)), arguments)
    return 0


def _frequencies(arguments: argparse.Namespace) -> list[float] | None:
    """Return ten frequencies a decade, the highest first, where limits are given."""
    if arguments.fmin is None and arguments.fmax is None:
        return None
    if arguments.fmin is None or arguments.fmax is None:
        raise InputError("One limit of the frequencies is given without the other.", "", "Give --fmin and --fmax.")
    low = parse_positive(arguments.fmin, "Hz", name="The lowest frequency").si
    high = parse_positive(arguments.fmax, "Hz", name="The highest frequency").si
    if low >= high:
        raise InputError(f"The lowest frequency, {low:g} Hz, is not below the highest, {high:g} Hz.", "", "Turn them.")
    import numpy as np

    steps = max(2, round(10 * np.log10(high / low)) + 1)
    return [float(f) for f in np.geomspace(high, low, steps)]


def _optional(text: str | None, unit: str, name: str) -> Quantity | None:
    return None if text is None else parse_positive(text, unit, name=name)
