"""Distribution of relaxation times of an impedance spectrum: peaks, their times and resistances.

Series resistance, inductive leads and the tail of blocking electrodes are fitted beside the distribution.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.analyze.spectrum_options import add_spectrum_arguments, frequency_limits
from lamion.cli.output import add_output_arguments, show
from lamion.formats import read


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
    add_spectrum_arguments(parser)
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

    limits = frequency_limits(arguments)
    content = read(arguments.file, columns=arguments.columns)
    answer = relaxation_times(
        content.spectrum(arguments.cycle).within(limits.lowest, limits.highest),
        regularisation=arguments.regularisation,
        tail=arguments.tail,
        inductance=not arguments.no_inductance,
    )
    show(about_files(answer, [content]), arguments)
    return 0
