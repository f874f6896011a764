"""Pores of stacked metal-porphyrin sheets or of a crystal from a file, and which ions and molecules pass them."""

from __future__ import annotations

import argparse

from lamion.cli.output import add_output_arguments, show
from lamion.cli.simulate.sheet_options import add_sheet_arguments, crystals_of
from lamion.quantities import parse_positive

_GUESTS = "li+,tfsi-,dfob-,sn"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    add_sheet_arguments(parser)
    parser.add_argument("--grid", metavar="Q", default="0.25 angstrom", help="distance of the probe's points")
    parser.add_argument("--guests", metavar="NAMES", default=_GUESTS, help=f"which may pass [{_GUESTS}]")
    add_output_arguments(parser, figure=False)


def run(arguments: argparse.Namespace) -> int:
    """Probe the pores and show them.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.models.atomistic.molecules import species
    from lamion.models.atomistic.pores_answer import pores_answer

    guests = [(name, species(name).conformers[0]) for name in arguments.guests.split(",") if name]
    spacing = 1e10 * parse_positive(arguments.grid, "m", name="The grid").si
    show(pores_answer(crystals_of(arguments)[0], guests, spacing), arguments)
    return 0
