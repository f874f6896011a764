"""Electronic conductivity from the direct current of a cell whose electrodes block ions.

FILE is one polarisation (`Test Time / s`, `Voltage / V`, `Current / A`), or steady currents at several voltages
(`Voltage / V`, `Current / A`), then with --temperature.
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
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--thickness", metavar="Q", required=True, help="of the electrolyte")
    parser.add_argument("--area", metavar="Q", required=True, help="of one electrode")
    parser.add_argument("--temperature", metavar="Q", help="of the cell; needed for steady currents")
    parser.add_argument("--ionic-conductivity", metavar="Q", help="from impedance; gives the ionic transference")
    parser.add_argument("--cell", choices=("blocking", "hebb-wagner"), default="blocking")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Find the electronic conductivity and show it.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.study.measured import leakage_answer

    answer = leakage_answer(
        read(arguments.file),
        thickness=parse_positive(arguments.thickness, "m", name="The thickness"),
        area=parse_positive(arguments.area, "m2", name="The area"),
        temperature=_optional(arguments.temperature, "K", "The temperature"),
        ionic_conductivity=_optional(arguments.ionic_conductivity, "S/m", "The ionic conductivity"),
        cell=arguments.cell,
    )
    show(answer, arguments)
    return 0


def _optional(text: str | None, unit: str, name: str) -> Quantity | None:
    return None if text is None else parse(text, unit, name=name)
