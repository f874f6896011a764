"""Which parts of the framework and its guests lithium would reduce: electron affinities, qualitative."""

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
    parser.add_argument("--parts", metavar="NAMES", help="hosts and molecules [porphyrin,paddlewheel,glyme,sn]")
    add_cache_argument(parser)
    add_output_arguments(parser, figure=False)


def run(arguments: argparse.Namespace) -> int:
    """Compute and show.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.models.atomistic.energies.redox import PARTS, redox_answer

    parts = PARTS if arguments.parts is None else [name.strip() for name in arguments.parts.split(",")]
    with progress_bar() as progress:
        answer = redox_answer(parts, store=relaxed_store(arguments), progress=progress)
    show(answer, arguments)
    return 0
