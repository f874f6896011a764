"""Distribution of relaxation times of an impedance spectrum: peaks, their times and resistances.

Series resistance, inductive leads and the tail of blocking electrodes are fitted beside the distribution.
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
    parser.add_argument("--lambda", metavar="X", type=float, dest="regularisation", help="instead of the most probable")
    parser.add_argument(
        "--tail", choices=("auto", "none", "capacitor", "cpe"), default="auto", help="of blocking cells"
    )
    parser.add_argument("--no-inductance", action="store_true", help="allow for no inductive leads")
    parser.add_argument("--fmin", metavar="Q", help="leave out lower frequencies")
    parser.add_argument("--fmax", metavar="Q", help="leave out higher frequencies")
    parser.add_argument("--cycle", metavar="N", type=int, help="of a file that holds several")
    parser.add_argument("--columns", metavar="SPEC", help='what the columns are, as in "f=1,re=2,im=-3"')
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Resolve the spectrum and show its relaxation times.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.study.measured import about_files
    from lamion.techniques.impedance.relaxation_times import relaxation_times

    low = 0.0 if arguments.fmin is None else parse_positive(arguments.fmin, "Hz", name="--fmin").si
    high = float("inf") if arguments.fmax is None else parse_positive(arguments.fmax, "Hz", name="--fmax").si
    content = read(arguments.file, columns=arguments.columns)
    answer = relaxation_times(
        content.spectrum(arguments.cycle).within(low, high),
        regularisation=arguments.regularisation,
        tail=arguments.tail,
        inductance=not arguments.no_inductance,
    )
    show(about_files(answer, [content]), arguments)
    return 0
