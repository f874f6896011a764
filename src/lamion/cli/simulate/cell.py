"""Capacity and voltage of a lithium-metal cell with a solid electrolyte, at several rates.

Without --capacities everything about the cathode is as published for materials of its kind: a blind prediction. With
--capacities one number, the solid diffusion D/R2, is fitted to them, and the blind prediction stands beside it.
"""

from __future__ import annotations

import argparse

from lamion.cli.output import add_output_arguments, show
from lamion.cli.simulate.cell_arguments import add_cell_arguments, cell_inputs, rates
from lamion.quantities import InputError, parse_positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    add_cell_arguments(parser)
    parser.add_argument("--rates", metavar="R,R,...", default="0.1,0.2,0.5,1", help="in units of 1C [0.1,0.2,0.5,1]")
    parser.add_argument("--capacities", metavar="Q", nargs="+", help="measured, one a rate: fit D/R2 to them")
    parser.add_argument("--compare", action="store_true", help="with --capacities: what else would fit as well")
    parser.add_argument("--nominal", action="store_true", help="leave the uncertainties out; much faster")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Simulate the cell and show it.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.cli.running import progress_bar
    from lamion.models.cells.fitted_rate_table import fitted_rate_table
    from lamion.models.cells.rate_table import simulate_rates

    _check(arguments)
    inputs, wanted = cell_inputs(arguments), rates(arguments.rates)
    with progress_bar() as progress:
        if arguments.capacities is None:
            answer = simulate_rates(inputs, wanted, uncertainty=not arguments.nominal, progress=progress)
        else:
            measured = [parse_positive(text, "mAh/g", name="The capacity") for text in arguments.capacities]
            answer = fitted_rate_table(inputs, wanted, measured, compare=arguments.compare, progress=progress)
    show(answer, arguments)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if arguments.capacities is None and arguments.compare:
        raise InputError("--compare has no rate table to compare.", "", "Give measured --capacities, one a rate.")
    if arguments.capacities is not None and arguments.nominal:
        raise InputError(
            "--nominal goes with a prediction; --capacities ask for a fit.", "", "Leave one of the two out."
        )
