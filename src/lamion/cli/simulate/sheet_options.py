"""The options with which verbs name a stack of sheets, and what they stand for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lamion.quantities import InputError, Quantity, parse_positive

if TYPE_CHECKING:
    from lamion.models.atomistic.structure.sheet import Sheet
    from lamion.models.atomistic.structure.stacking import Stacking
    from lamion.substances.crystal import Crystal

_SHEET = {"linker": "tcpp", "node": "Cu", "centre": "Cu"}
_SPACING = "4.64 angstrom"
_SLIP = "0.5,0.3"
_OF_A_SHEET = (*_SHEET, "lattice", "spacing", "stacking", "slip")


def add_sheet_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how the stack is built, or that it is read.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("--structure", metavar="FILE.cif", type=Path, help="a crystal instead of a built stack")
    parser.add_argument("--linker", help=f"tcpp or tcbpp [{_SHEET['linker']}]")
    parser.add_argument("--node", metavar="METAL", help=f"of the paddlewheels [{_SHEET['node']}]")
    parser.add_argument("--centre", metavar="METAL", help=f"of the porphyrins [{_SHEET['centre']}]")
    parser.add_argument(
        "--lattice",
        metavar="Q",
        help='the square cell\'s edge ["16.70 ± 0.05 angstrom" for Cu and tcpp, else unstrained]',
    )
    parser.add_argument("--spacing", metavar="Q", help=f"between layers [{_SPACING}]")
    parser.add_argument("--stacking", choices=("AA", "AB", "slip"), help="[slip]")
    parser.add_argument("--slip", metavar="X,Y", help=f"of each layer against the one below, in cells [{_SLIP}]")


def built_sheet(arguments: argparse.Namespace, shift: float = 0.0) -> Sheet:
    """Return the sheet that was asked for.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    shift : float
        By how many of its standard uncertainties the lattice is moved.
    """
    from lamion.models.atomistic.structure.sheet import sheet

    lattice = lattice_of(arguments)
    edge = None if lattice is None else 1e10 * (lattice.si + shift * lattice.si_std)
    chosen = _sheet_of(arguments)
    return sheet(chosen["linker"], node=chosen["node"], centre=chosen["centre"], lattice=edge)


def lattice_of(arguments: argparse.Namespace) -> Quantity | None:
    """Return the cell's edge; None where the sheet is left without strain.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    if arguments.lattice is not None:
        return parse_positive(arguments.lattice, "m", name="The lattice")
    if _sheet_of(arguments) == _SHEET:
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

    Raises
    ------
    InputError
        When a slip is named for a stacking that has none.
    """
    from lamion.models.atomistic.structure.stacking import aa, ab, slipped

    quantity = _spacing_of(arguments)
    spacing = 1e10 * (quantity.si + shift * quantity.si_std)
    if arguments.stacking in (None, "slip"):
        return slipped(spacing, _pair(_SLIP if arguments.slip is None else arguments.slip))
    if arguments.slip is not None:
        raise InputError(
            f"--slip {arguments.slip} contradicts --stacking {arguments.stacking}.",
            f"Layers stacked {arguments.stacking} lie where that says.",
            "Leave one of them away.",
        )
    return aa(spacing) if arguments.stacking == "AA" else ab(spacing)


def crystals_of(arguments: argparse.Namespace) -> list[Crystal]:
    """Return the crystal, and variants with lattice and spacing moved where these have an uncertainty.

    Parameters
    ----------
    arguments : Namespace
        As declared.

    Raises
    ------
    InputError
        When a crystal from a file and a stack to build are both named.
    """
    if arguments.structure is not None:
        _refuse_sheet_options(arguments)
        from lamion.formats.cif import read_crystal

        return [read_crystal(arguments.structure)]
    from lamion.models.atomistic.structure.stacking import stack

    crystals = [stack(built_sheet(arguments), stacking_of(arguments))]
    lattice = lattice_of(arguments)
    if lattice is not None and lattice.std:
        crystals.append(stack(built_sheet(arguments, 1.0), stacking_of(arguments)))
    if _spacing_of(arguments).std:
        crystals.append(stack(built_sheet(arguments), stacking_of(arguments, 1.0)))
    return crystals


def _sheet_of(arguments: argparse.Namespace) -> dict[str, str]:
    """Return linker and metals, those not named by default."""
    named = {name: getattr(arguments, name) for name in _SHEET}
    return {name: _SHEET[name] if value is None else value for name, value in named.items()}


def _spacing_of(arguments: argparse.Namespace) -> Quantity:
    return parse_positive(_SPACING if arguments.spacing is None else arguments.spacing, "m", name="The spacing")


def _refuse_sheet_options(arguments: argparse.Namespace) -> None:
    idle = [f"--{name}" for name in _OF_A_SHEET if getattr(arguments, name) is not None]
    if idle:
        raise InputError(
            f"{', '.join(idle)} contradict{'s' if len(idle) == 1 else ''} --structure.",
            "A crystal from a file is taken as it stands; these options build one.",
            "Leave --structure or the others away.",
        )


def _pair(text: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(f"The slip '{text}' is not two numbers.", "", "Write it like 0.5,0.3.") from error
    if not (-1 <= x <= 1 and -1 <= y <= 1):
        raise InputError(f"The slip '{text}' is not within one cell.", "", "Give -1 to 1.")
    return x, y
