"""What a lithium-metal cell's capacity and voltage depend on: film, interface, catholyte or cathode."""

from __future__ import annotations

import argparse

from lamion.cli.output import add_output_arguments, show
from lamion.cli.simulate.cell_arguments import add_cell_arguments, cell_inputs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    add_cell_arguments(parser)
    parser.add_argument("--rate", metavar="R", type=float, default=1.0, help="in units of 1C [1]")
    parser.add_argument("--factor", metavar="X", type=float, default=2.0, help="each property divided and times it [2]")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Change each property in turn and show what it does.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.cli.running import progress_bar
    from lamion.models.cells.cell_sensitivity import cell_sensitivity

    with progress_bar() as progress:
        answer = cell_sensitivity(cell_inputs(arguments), arguments.rate, arguments.factor, progress=progress)
    show(answer, arguments)
    return 0
