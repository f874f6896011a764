"""Kramers-Kronig validity of an impedance spectrum: did the cell stay the same while it was measured?

Blocking electrodes (a series capacitor) and inductive leads pass by default.
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
    parser.add_argument("--mu", metavar="X", type=float, default=0.85, help="raise the elements until mu is below")
    parser.add_argument("--no-capacitor", action="store_true", help="allow for no blocking electrodes")
    parser.add_argument("--no-inductance", action="store_true", help="allow for no inductive leads")
    parser.add_argument("--fmin", metavar="Q", help="leave out lower frequencies")
    parser.add_argument("--fmax", metavar="Q", help="leave out higher frequencies")
    parser.add_argument("--cycle", metavar="N", type=int, help="of a file that holds several")
    parser.add_argument("--columns", metavar="SPEC", help='what the columns are, as in "f=1,re=2,im=-3"')
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Test the spectrum and show the verdict.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.study.measured import about_files
    from lamion.techniques.impedance.validity import validity

    low = 0.0 if arguments.fmin is None else parse_positive(arguments.fmin, "Hz", name="--fmin").si
    high = float("inf") if arguments.fmax is None else parse_positive(arguments.fmax, "Hz", name="--fmax").si
    content = read(arguments.file, columns=arguments.columns)
    answer = validity(
        content.spectrum(arguments.cycle).within(low, high),
        mu_limit=arguments.mu,
        capacitor=not arguments.no_capacitor,
        inductance=not arguments.no_inductance,
    )
    show(about_files(answer, [content]), arguments)
    return 0
