"""Pores of stacked metal-porphyrin sheets or of a crystal from a file, and which ions and molecules pass them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from lamion.cli.output import add_output_arguments, show
from lamion.cli.simulate.sheet_options import add_sheet_arguments, crystals_of
from lamion.quantities import InputError, parse_positive

_GUESTS = "li+,tfsi-,dfob-,sn"
_GRID = "0.7 angstrom"
_SMALLEST, _LARGEST = 0.1, 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    add_sheet_arguments(parser)
    parser.add_argument(
        "--grid", metavar="Q", default=_GRID, help=f"boxes that the search begins with and then halves [{_GRID}]"
    )
    parser.add_argument("--guests", metavar="NAMES", default=_GUESTS, help=f"which may pass [{_GUESTS}]")
    parser.add_argument(
        "--radius",
        metavar="ELEMENT=R",
        action="append",
        default=[],
        help="van der Waals radius in angstrom instead of the stored one, such as Al=1.84; may be repeated",
    )
    add_output_arguments(parser, figure=False)


def run(arguments: argparse.Namespace) -> int:
    """Probe the pores and show them.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.models.atomistic.pores.pores_answer import pores_answer
    from lamion.models.atomistic.structure.molecules import species

    guests = [(name, species(name).conformers) for name in arguments.guests.split(",") if name]
    spacing = 1e10 * parse_positive(arguments.grid, "m", name="The grid").si
    crystal, *moved = crystals_of(arguments)
    show(pores_answer(crystal, guests, spacing, radii=_radii(arguments.radius), moved=moved), arguments)
    return 0


def _radii(texts: Sequence[str]) -> dict[str, float]:
    from lamion.substances.elements import ATOMIC_NUMBERS

    found = {}
    for text in texts:
        symbol, _, number = (part.strip() for part in text.partition("="))
        if symbol not in ATOMIC_NUMBERS:
            raise InputError(f"The radius '{text}' names no element.", "", "Write it like Al=1.84, in angstrom.")
        try:
            size = float(number.removesuffix("angstrom"))
        except ValueError as error:
            raise InputError(f"The radius '{text}' is not a number.", "", "Write it like Al=1.84.") from error
        if not _SMALLEST <= size <= _LARGEST:
            raise InputError(
                f"A radius of {size:g} angstrom is not between {_SMALLEST:g} and {_LARGEST:g}.",
                "It may be in another unit, or a diameter.",
                "Give it in angstrom.",
            )
        found[symbol] = size
    return found
