"""Run a study: every step that is not in the store is computed, then the results are swapped in.

With --dry-run only say what would be computed, and why; with --step run one step with those it depends on and show its
answer.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.running import add_run_arguments, dry_run, one_step, run_and_report
from lamion.quantities import InputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("study", metavar="STUDY", type=Path, help="a study's folder, or its study.toml")
    add_run_arguments(parser, "a folder 'results' beside the study")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--dry-run", action="store_true", help="compute nothing: say what would be, and why")
    only.add_argument("--step", metavar="ID", help="run one step and show its answer; no results are written")
    parser.add_argument("--details", action="store_true", help="with --step: print everything")
    parser.add_argument("--trust", action="store_true", help="let the study's own code run")


def run(arguments: argparse.Namespace) -> int:
    """Run the study and write its results.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    study: Path = arguments.study
    file = study / "study.toml" if study.is_dir() else study
    if study.is_dir() and not file.is_file():
        raise InputError(
            f"There is no study.toml in {study}.", "", "Name the folder of a study; `lamion new DIR` makes one."
        )
    out: Path = arguments.out or file.parent / "results"
    if arguments.dry_run:
        return dry_run(file, out, arguments)
    if arguments.step is not None:
        return one_step(file, out, arguments)
    return run_and_report(file, out, arguments)
