"""Lithium ions between ether oxygens and nitriles: binding energies, and what an exchange costs."""

from __future__ import annotations

import argparse

from lamion.cli.output import add_output_arguments, show
from lamion.cli.running import progress_bar
from lamion.cli.simulate.relaxed_store import add_cache_argument, relaxed_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument(
        "--shells", metavar="NAMES", help='of ligands round one ion, such as "dme, glyme, dme + sn" [seven shells]'
    )
    parser.add_argument("--calculator", default="gfn2", help="gfn2, gfn1, or an engine of yours [gfn2]")
    add_cache_argument(parser)
    add_output_arguments(parser, figure=False)


def run(arguments: argparse.Namespace) -> int:
    """Compute and show.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.models.atomistic.energies.coordination import SHELLS, coordination_answer, parse_shells

    shells = SHELLS if arguments.shells is None else parse_shells(arguments.shells)
    with progress_bar() as progress:
        answer = coordination_answer(arguments.calculator, shells, store=relaxed_store(arguments), progress=progress)
    show(answer, arguments)
    return 0
