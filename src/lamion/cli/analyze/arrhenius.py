"""Activation energy from conductivities at several temperatures.

FILE is one table with the headers `temperature / degC`, `conductivity / S/cm` and, where known,
`uncertainty / S/cm`; or several spectra of one blocking cell, with --temperatures, --thickness and --area.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.output import add_output_arguments, show
from lamion.formats import read
from lamion.quantities import Quantity, parse, parse_positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+")
    parser.add_argument("--of", choices=("sigma", "sigma T"), default="sigma", help="of what the energy is")
    parser.add_argument("--model", choices=("arrhenius", "vtf", "two-segment"), help="default: the least AICc")
    parser.add_argument("--break", dest="place", metavar="Q", help="where a break is expected; else searched for")
    parser.add_argument("--reference", metavar="Q", help="where a bent law's energy is stated (default: the middle)")
    parser.add_argument("--temperatures", metavar="Q,Q,...", help='of the spectra, such as "20 degC, 30 degC"')
    parser.add_argument("--thickness", metavar="Q", help="of the electrolyte, for spectra")
    parser.add_argument("--area", metavar="Q", help="of one electrode, for spectra")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Fit the laws and show the activation energy.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.study.measured import about_files, activation_answer

    contents = [read(path) for path in arguments.files]
    answer = activation_answer(
        contents,
        temperatures=[_temperature(text) for text in (arguments.temperatures or "").split(",") if text.strip()],
        thickness=_optional(arguments.thickness, "m", "The thickness"),
        area=_optional(arguments.area, "m2", "The area"),
        of=arguments.of,
        model=arguments.model,
        break_temperature=None if arguments.place is None else _temperature(arguments.place),
        reference_temperature=None if arguments.reference is None else _temperature(arguments.reference),
    )
    show(about_files(answer, contents), arguments)
    return 0


def _temperature(text: str) -> Quantity:
    return parse(text.strip(), "K", name="The temperature")


def _optional(text: str | None, unit: str, name: str) -> Quantity | None:
    return None if text is None else parse_positive(text, unit, name=name)
