"""Overpotential of a symmetric lithium cell, part by part: film, two interfaces, concentrations.

With --half-cycle the cell is followed in time instead, through --cycles of plating and stripping, or through the
rising currents of --staircase.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from lamion.cli.output import add_output_arguments, show
from lamion.quantities import InputError, Quantity, parse, parse_positive

if TYPE_CHECKING:
    from lamion.models.cells.charge_transfer import Convention
    from lamion.models.cells.symmetric_cell import SymmetricCell
    from lamion.quantities import Answer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("--thickness", metavar="Q", required=True, help="of the electrolyte")
    parser.add_argument("--conductivity", metavar="Q", required=True, help="at the cell's temperature")
    parser.add_argument("--transference", metavar="X", required=True, help="of the lithium ion")
    parser.add_argument("--concentration", metavar="Q", required=True, help="of the salt at rest")
    parser.add_argument("--rct", metavar="Q", required=True, help='charge-transfer resistance, as in "24.5 ohm cm2"')
    parser.add_argument(
        "--rct-convention", choices=("cell", "interface"), help="whose it is [not known: the middle of both readings]"
    )
    parser.add_argument("--current", metavar="Q", required=True, help='as in "0.4 mA/cm2"')
    parser.add_argument("--temperature", metavar="Q", required=True)
    parser.add_argument("--diffusivity", metavar="Q", help="of the salt [Nernst and Einstein]")
    parser.add_argument("--thermodynamic-factor", metavar="X", help="of the salt [1]")
    parser.add_argument("--measured", metavar="Q", help="an overpotential to compare with")
    parser.add_argument("--time", metavar="Q", help="since the current was switched on [steady state]")
    parser.add_argument("--half-cycle", metavar="Q", help="follow the cell in time, each direction for so long")
    parser.add_argument("--cycles", metavar="N", type=int, help="with --half-cycle [3]")
    parser.add_argument("--staircase", metavar="Q", nargs="+", help="rising currents, with --half-cycle")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compute the budget and show it.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    show(_answer(arguments), arguments)
    return 0


def _answer(arguments: argparse.Namespace) -> Answer:
    from lamion.models.cells.symmetric_cell import symmetric_cell
    from lamion.models.cells.symmetric_history import cycled, staircase

    cell = _cell(arguments)
    _check_together(arguments)
    if arguments.half_cycle is None:
        return symmetric_cell(
            cell,
            convention=arguments.rct_convention,
            measured=_optional(arguments.measured, "V", "The measured overpotential"),
            time=_optional(arguments.time, "s", "The time"),
        )
    convention: Convention | None = arguments.rct_convention
    half_cycle = parse_positive(arguments.half_cycle, "s", name="The half cycle")
    cycles = 3 if arguments.cycles is None else arguments.cycles
    if arguments.staircase is None:
        return cycled(cell, convention, half_cycle, cycles)
    currents = [parse_positive(text, "A/m2", name="The current") for text in arguments.staircase]
    return staircase(cell, convention, currents, half_cycle, cycles)


def _check_together(arguments: argparse.Namespace) -> None:
    if arguments.half_cycle is None:
        if arguments.staircase is not None:
            raise InputError("The staircase has no time.", "", 'Give --half-cycle, for example "1 h".')
        if arguments.cycles is not None:
            raise InputError("The cycles have no time.", "", 'Give --half-cycle, for example "1 h".')
        return
    for name in ("time", "measured"):
        if getattr(arguments, name) is not None:
            raise InputError(
                f"--{name} and --half-cycle were both given.",
                f"--{name} belongs to one constant current, --half-cycle to plating and stripping in turn.",
                "Leave one of them out.",
            )


def _cell(arguments: argparse.Namespace) -> SymmetricCell:
    from lamion.models.cells.symmetric_cell import SymmetricCell

    return SymmetricCell(
        thickness=parse_positive(arguments.thickness, "m", name="The thickness"),
        conductivity=parse_positive(arguments.conductivity, "S/m", name="The conductivity"),
        transference=parse(arguments.transference, "1", name="The transference number"),
        concentration=parse_positive(arguments.concentration, "mol/m3", name="The concentration"),
        rct=parse_positive(arguments.rct, "ohm m2", name="The charge-transfer resistance"),
        current=parse_positive(arguments.current, "A/m2", name="The current"),
        temperature=parse_positive(arguments.temperature, "K", name="The temperature"),
        diffusivity=_optional(arguments.diffusivity, "m2/s", "The diffusivity"),
        thermodynamic_factor=_optional(arguments.thermodynamic_factor, "1", "The thermodynamic factor"),
    )


def _optional(text: str | None, unit: str, name: str) -> Quantity | None:
    return None if text is None else parse_positive(text, unit, name=name)
