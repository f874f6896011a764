"""Salt diffusion coefficient from the open-circuit voltage of a Li|Li cell after a polarisation.

FILE is a table with the headers `Test Time / s` and `Voltage / V`, from the interruption of the current on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.output import add_output_arguments, show
from lamion.formats import read
from lamion.quantities import parse_positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--thickness", metavar="Q", required=True, help="of the electrolyte between the electrodes")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Fit the relaxation and show the diffusion coefficient.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.study.measured import diffusion_answer

    thickness = parse_positive(arguments.thickness, "m", name="The thickness")
    show(diffusion_answer(read(arguments.file), thickness), arguments)
    return 0
