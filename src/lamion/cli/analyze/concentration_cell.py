"""Thermodynamic factor from the voltages of concentration cells.

FILE is a table with the headers `concentration / mol/L` and `voltage / mV`, all against one reference.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.output import add_output_arguments, show
from lamion.formats import read
from lamion.quantities import parse, parse_positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--at", metavar="Q", required=True, help='the concentration asked for, such as "1 mol/L"')
    parser.add_argument("--temperature", metavar="Q", required=True, help='of the cells, such as "25 degC"')
    parser.add_argument("--transference", metavar="X", help="t+; without it only the product with 1 - t+ is known")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Fit the cells' voltages and show the thermodynamic factor.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.study.measured import concentration_cell_answer

    transference = arguments.transference and parse(arguments.transference, "1", name="--transference")
    answer = concentration_cell_answer(
        read(arguments.file),
        at=parse_positive(arguments.at, "mol/m3", name="The concentration"),
        temperature=parse(arguments.temperature, "K", name="The temperature"),
        transference=transference or None,
    )
    show(answer, arguments)
    return 0
