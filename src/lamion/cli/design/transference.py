"""What film, bias and resolution a measurement of the current fraction needs for the precision that is wanted."""

from __future__ import annotations

import argparse

from lamion.cli.output import add_output_arguments, show
from lamion.quantities import parse, parse_positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("--conductivity", metavar="Q", required=True, help="of the electrolyte")
    parser.add_argument("--interface", metavar="Q", required=True, help="area-specific, both electrodes together")
    parser.add_argument("--fraction", metavar="X", required=True, help="the current fraction expected")
    parser.add_argument("--thickness", metavar="Q", required=True, help="of the film at hand")
    parser.add_argument("--bias", metavar="Q", default="10 mV", help="planned (default: 10 mV)")
    parser.add_argument("--temperature", metavar="Q", default="25 degC", help="default: 25 degC")
    parser.add_argument("--resolution", metavar="X", default="0.5 %", help="of each current and resistance")
    parser.add_argument("--target", metavar="X", default="0.02", help="uncertainty wanted (default: 0.02)")
    add_output_arguments(parser, figure=False)


def run(arguments: argparse.Namespace) -> int:
    """Compute what the measurement needs and show it.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.techniques.conduction.transference_design import design

    answer = design(
        parse_positive(arguments.conductivity, "S/m", name="The conductivity"),
        parse_positive(arguments.interface, "ohm m2", name="The interface"),
        parse_positive(arguments.fraction, "1", name="The fraction"),
        parse_positive(arguments.thickness, "m", name="The thickness"),
        bias=parse_positive(arguments.bias, "V", name="The bias"),
        temperature=parse(arguments.temperature, "K", name="The temperature"),
        resolution=parse_positive(arguments.resolution, "1", name="The resolution").value,
        target=parse_positive(arguments.target, "1", name="The target").value,
    )
    show(answer, arguments)
    return 0
