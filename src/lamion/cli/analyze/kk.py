"""Kramers-Kronig validity of an impedance spectrum: did the cell stay the same while it was measured?

Blocking electrodes (a series capacitor) and inductive leads pass by default.
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
    parser.add_argument("--mu", metavar="X", type=float, default=0.85, help="raise the elements until mu is below")
    parser.add_argument("--no-capacitor", action="store_true", help="allow for no blocking electrodes")
    parser.add_argument("--no-inductance", action="store_true", help="allow for no inductive leads")
    add_spectrum_arguments(parser)
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

    limits = frequency_limits(arguments)
    content = read(arguments.file, columns=arguments.columns)
    answer = validity(
        content.spectrum(arguments.cycle).within(limits.lowest, limits.highest),
        mu_limit=arguments.mu,
        capacitor=not arguments.no_capacitor,
        inductance=not arguments.no_inductance,
    )
    show(about_files(answer, [content]), arguments)
    return 0
