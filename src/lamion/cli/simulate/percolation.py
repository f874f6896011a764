"""Conductivity of a polymer and its plasticiser whose interface conducts best: where it is highest, and how sure.

The defaults are poly(ethylene oxide) and succinonitrile.
"""

from __future__ import annotations

import argparse

from lamion.cli.output import add_output_arguments, show
from lamion.quantities import parse_positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    add = parser.add_argument
    add("--interface", metavar="X", default="30", help="conductance across the interface over the polymer's")
    add("--plasticiser", metavar="X", default="1", help="conductance of the plasticiser over the polymer's")
    add("--polymer-volume", metavar="Q", default="39 cm3/mol", help="of a repeat unit (default: 39 cm3/mol)")
    add("--plasticiser-volume", metavar="Q", default="80 cm3/mol", help="of a molecule (default: 80 cm3/mol)")
    add("--size", type=int, default=16, help="sites along an edge of the lattice (default: 16)")
    add("--realisations", type=int, default=6, help="default: 6")
    add("--seed", type=int, default=0, help="of the random numbers (default: 0)")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Solve the lattices and show where they conduct best.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.models.laminate.optimum import Mixture, optimum

    mixture = Mixture(
        parse_positive(arguments.polymer_volume, "m3/mol", name="The polymer's molar volume"),
        parse_positive(arguments.plasticiser_volume, "m3/mol", name="The plasticiser's molar volume"),
        parse_positive(arguments.interface, "1", name="--interface"),
        parse_positive(arguments.plasticiser, "1", name="--plasticiser"),
    )
    given = {name: getattr(arguments, name) for name in ("size", "realisations", "seed")}
    show(optimum(mixture, **given), arguments)
    return 0
