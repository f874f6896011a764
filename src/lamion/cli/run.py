"""Run a study: every step that is not in the store is computed, then the results are swapped in."""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.running import add_run_arguments, run_and_report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("study", metavar="STUDY.toml", type=Path)
    add_run_arguments(parser, "a folder 'results' beside the study")


def run(arguments: argparse.Namespace) -> int:
    """Run the study and write its results.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    return run_and_report(arguments.study, arguments.out or arguments.study.parent / "results", arguments)
