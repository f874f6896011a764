"""The options with which verbs name a stack of sheets, and what they stand for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lamion.quantities import InputError, Quantity, parse_positive

if TYPE_CHECKING:
    from lamion.models.atomistic.sheet import Sheet
    from lamion.models.atomistic.stacking import Stacking
    from lamion.substances.crystal import Crystal


def add_sheet_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how the stack is built, or that it is read.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("--structure", metavar="FILE.cif", type=Path, help="a crystal instead of a built stack")
    parser.add_argument("--linker", default="tcpp", help="tcpp or tcbpp [tcpp]")
    parser.add_argument("--node", metavar="METAL", default="Cu", help="of the paddlewheels [Cu]")
    parser.add_argument("--centre", metavar="METAL", default="Cu", help="of the porphyrins [Cu]")
    parser.add_argument(
        "--lattice",
        metavar="Q",
        help='the square cell\'s edge ["16.70 ± 0.05 angstrom" for Cu and tcpp, else unstrained]',
    )
    parser.add_argument("--spacing", metavar="Q", default="4.64 angstrom", help="between layers [4.64 angstrom]")
    parser.add_argument("--stacking", choices=("AA", "AB", "slip"), default="slip", help="[slip]")
    parser.add_argument(
        "--slip", metavar="X,Y", default="0.5,0.3", help="of each layer against the one below, in cells [0.5,0.3]"
    )


def built_sheet(arguments: argparse.Namespace, shift: float = 0.0) -> Sheet:
    """Return the sheet that was asked for.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    shift : float
        By how many of its standard uncertainties the lattice is moved.
    """
    from lamion.models.atomistic.sheet import sheet

    lattice = lattice_of(arguments)
    edge = None if lattice is None else 1e10 * (lattice.si + shift * lattice.si_std)
    return sheet(arguments.linker, node=arguments.node, centre=arguments.centre, lattice=edge)


def lattice_of(arguments: argparse.Namespace) -> Quantity | None:
    """Return the cell's edge; None where the sheet is left without strain.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    if arguments.lattice is not None:
        return parse_positive(arguments.lattice, "m", name="The lattice")
    if (arguments.linker, arguments.node, arguments.centre) == ("tcpp", "Cu", "Cu"):
        from lamion.substances import substance

        return substance("cutcpp").quantity("lattice_parameter")
    return None


def stacking_of(arguments: argparse.Namespace, shift: float = 0.0) -> Stacking:
    """Return the stacking that was asked for.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    shift : float
        By how many of its standard uncertainties the spacing is moved.
    """
    from lamion.models.atomistic.stacking import aa, ab, slipped

    quantity = parse_positive(arguments.spacing, "m", name="The spacing")
    spacing = 1e10 * (quantity.si + shift * quantity.si_std)
    if arguments.stacking == "slip":
        return slipped(spacing, _pair(arguments.slip))
    return aa(spacing) if arguments.stacking == "AA" else ab(spacing)


def crystals_of(arguments: argparse.Namespace) -> list[Crystal]:
    """Return the crystal, and variants with lattice and spacing moved where these have an uncertainty.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    if arguments.structure is not None:
        from lamion.formats.cif import read_crystal

        return [read_crystal(arguments.structure)]
    from lamion.models.atomistic.stacking import stack

    crystals = [stack(built_sheet(arguments), stacking_of(arguments))]
    lattice = lattice_of(arguments)
    if lattice is not None and lattice.std:
        crystals.append(stack(built_sheet(arguments, 1.0), stacking_of(arguments)))
    if parse_positive(arguments.spacing, "m", name="The spacing").std:
        crystals.append(stack(built_sheet(arguments), stacking_of(arguments, 1.0)))
    return crystals


def _pair(text: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(f"The slip '{text}' is not two numbers.", "", "Write it like 0.5,0.3.") from error
    if not (-1 <= x <= 1 and -1 <= y <= 1):
        raise InputError(f"The slip '{text}' is not within one cell.", "", "Give -1 to 1.")
    return x, y
