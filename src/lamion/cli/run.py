"""Run a study: every step that is not in the store is computed, then the results are swapped in.

With --dry-run only say what would be computed, and why; with --step run one step with those it depends on and show its
answer.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.parser import argument
from lamion.cli.running import dry_run, one_step, run_and_report, run_arguments
from lamion.quantities import InputError

ARGUMENTS = (
    argument("study", metavar="STUDY", type=Path, help="a study's folder, or its study.toml"),
    *run_arguments("a folder 'results' beside the study"),
    argument("--dry-run", action="store_true", help="compute nothing: say what would be, and why"),
    argument("--step", metavar="ID", help="run one step and show its answer; no results are written"),
    argument("--details", action="store_true", help="with --step: print everything"),
    argument("--trust", action="store_true", help="let the study's own code run"),
)
EXAMPLES = ("lamion run film", "lamion run film --dry-run", "lamion run film --step conductivity-60C")


def run(arguments: argparse.Namespace) -> int:
    """Run the study and write its results."""
    if arguments.dry_run and arguments.step is not None:
        raise InputError("--dry-run and --step were both given.", "", "Leave one of them out.")
    if arguments.details and arguments.step is None:
        raise InputError("--details shows more of one step.", "No step is named.", "Name it with --step, or leave it.")
    if arguments.dry_run:
        return dry_run(arguments)
    if arguments.step is not None:
        return one_step(arguments)
    return run_and_report(arguments.study, arguments)
