"""Which parts of the framework and its guests lithium would reduce: electron affinities, qualitative."""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.output import add_output_arguments, show
from lamion.cli.running import progress_bar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument(
        "--cache", metavar="DIR", type=Path, default=Path(".lamion") / "relaxed", help="[.lamion/relaxed]"
    )
    add_output_arguments(parser, figure=False)


def run(arguments: argparse.Namespace) -> int:
    """Compute and show.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.models.atomistic.redox import redox_answer
    from lamion.study.store import Store

    with progress_bar() as progress:
        answer = redox_answer(store=Store(arguments.cache), progress=progress)
    show(answer, arguments)
    return 0
