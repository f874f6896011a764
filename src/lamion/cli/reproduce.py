"""Recompute the built-in study: the laminar electrolyte LSE-HFC (doi 10.1002/advs.202404307).

This is `lamion run` on the study that ships with lamion.
"""

from __future__ import annotations

import argparse

from lamion.cli.run import run_and_report, run_arguments

ARGUMENTS = run_arguments("./lse-hfc")
EXAMPLES = ("lamion reproduce --quick",)


def run(arguments: argparse.Namespace) -> int:
    """Run the built-in study and write its results."""
    return run_and_report(None, arguments)
