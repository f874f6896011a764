"""Recompute the built-in study: the laminar electrolyte LSE-HFC (doi 10.1002/advs.202404307).

This is `lamion run` on the study that ships with lamion.
"""

from __future__ import annotations

import argparse
from importlib.resources import as_file, files
from pathlib import Path

from lamion.cli.running import add_run_arguments, run_and_report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    add_run_arguments(parser, "./lse-hfc")


def run(arguments: argparse.Namespace) -> int:
    """Run the built-in study and write its results.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    with as_file(files("lamion") / "studies" / "lse_hfc") as folder:
        return run_and_report(folder / "study.toml", arguments.out or Path("lse-hfc"), arguments)
