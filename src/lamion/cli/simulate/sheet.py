"""Build a metal-porphyrin sheet from bond lengths, stack it, look for clashes, draw it, write it as CIF or XYZ."""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion import atomic
from lamion.cli.output import add_output_arguments, show
from lamion.cli.simulate.sheet_options import add_sheet_arguments, built_sheet, stacking_of
from lamion.quantities import InputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    add_sheet_arguments(parser)
    parser.add_argument("--cif", metavar="FILE", type=Path, help="write the crystal")
    parser.add_argument(
        "--xyz", metavar="FILE", type=Path, help="write the atoms of one cell and its lattice, as extended XYZ"
    )
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Build, write and show the stack.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.formats import cif, xyz
    from lamion.models.atomistic.structure.sheet_answer import sheet_answer
    from lamion.models.atomistic.structure.stacking import stack
    from lamion.substances.molecule import Molecule

    if arguments.structure is not None:
        raise InputError("A sheet is built, not read.", "", "Leave --structure away.")
    built, stacking = built_sheet(arguments), stacking_of(arguments)
    crystal = stack(built, stacking)
    if arguments.cif is not None:
        _write(arguments.cif, cif.to_text(crystal))
    if arguments.xyz is not None:
        atoms = Molecule(crystal.name, crystal.symbols, crystal.positions, 0, _lowest_multiplicity(crystal.symbols))
        _write(arguments.xyz, xyz.to_text(atoms, crystal.cell))
    show(sheet_answer(built, stacking), arguments)
    return 0


def _lowest_multiplicity(symbols: tuple[str, ...]) -> int:
    from lamion.substances.elements import ATOMIC_NUMBERS

    return 1 + sum(ATOMIC_NUMBERS[symbol] for symbol in symbols) % 2


def _write(path: Path, text: str) -> None:
    try:
        atomic.write(path, text)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}.", "", "Name a file in a folder you can write to."
        ) from error
