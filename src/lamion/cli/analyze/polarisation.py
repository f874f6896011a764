"""Diffusivity, transference number and conductivity of an electrolyte from the records of a Li|Li cell together.

--dc holds current and voltage from the moment one of them was switched on and held, --spectrum the impedance at rest;
--relaxation, the voltage at the open circuit that follows at once, narrows the intervals. What the data do not
determine is said to be so.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.output import add_output_arguments, show
from lamion.formats import read
from lamion.quantities import parse_positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("--dc", metavar="FILE", type=Path, required=True, help="current and voltage against time")
    parser.add_argument("--spectrum", metavar="FILE", type=Path, required=True, help="impedance at rest")
    parser.add_argument("--relaxation", metavar="FILE", type=Path, help="voltage after the interruption, from then on")
    parser.add_argument("--thickness", metavar="Q", required=True, help="of the electrolyte")
    parser.add_argument("--area", metavar="Q", required=True, help="of one electrode")
    parser.add_argument("--concentration", metavar="Q", required=True, help="of the salt")
    parser.add_argument("--temperature", metavar="Q", default="25 degC", help="[25 degC]")
    parser.add_argument("--thermodynamic-factor", metavar="X", default="1", help="[1, as in a dilute electrolyte]")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Fit the records and show the properties.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.models.transport.polarisation_answer import CellFacts
    from lamion.study.measured import transport_answer

    facts = CellFacts(
        thickness=parse_positive(arguments.thickness, "m", name="The thickness"),
        area=parse_positive(arguments.area, "m2", name="The area"),
        concentration=parse_positive(arguments.concentration, "mol/m3", name="The concentration"),
        temperature=parse_positive(arguments.temperature, "K", name="The temperature"),
        thermodynamic_factor=parse_positive(arguments.thermodynamic_factor, "1", name="The thermodynamic factor"),
    )
    relaxation = None if arguments.relaxation is None else read(arguments.relaxation)
    show(transport_answer(read(arguments.dc), read(arguments.spectrum), relaxation, facts), arguments)
    return 0
