"""Powder diffraction of stacked metal-porphyrin sheets or of a crystal from a file, with or without a texture."""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.output import add_output_arguments, show
from lamion.cli.simulate.sheet_options import add_sheet_arguments, crystals_of
from lamion.quantities import InputError, parse, parse_positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    from lamion.models.atomistic.diffraction.scattering import WAVELENGTHS

    add_sheet_arguments(parser)
    parser.add_argument(
        "--march", metavar="R", type=float, default=1.0, help="March-Dollase parameter: 1 a powder, 0.2 flat plates [1]"
    )
    parser.add_argument("--normal", metavar="H,K,L", default="0,0,1", help="the planes that lie flat [0,0,1]")
    parser.add_argument(
        "--wavelength", metavar="NAME|Q", default="CuKa", help=f"{', '.join(WAVELENGTHS)}, or a length [CuKa]"
    )
    parser.add_argument(
        "--displacement", metavar="Q", help='B of every atom, such as "4 angstrom2" [none: the atoms are static]'
    )
    parser.add_argument("--lowest", metavar="Q", default="3 deg", help="2 theta [3 deg]")
    parser.add_argument("--highest", metavar="Q", default="40 deg", help="2 theta [40 deg]")
    parser.add_argument("--width", metavar="Q", default="0.3 deg", help="of the drawn peaks [0.3 deg]")
    parser.add_argument("--measured", metavar="FILE", type=Path, help="angle and intensity in two columns, drawn too")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compute the pattern and show it.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.models.atomistic.diffraction.pattern import PatternSettings
    from lamion.models.atomistic.diffraction.pattern_answer import pattern_answer

    settings = PatternSettings(
        wavelength=_wavelength(arguments.wavelength),
        lowest=_degrees(arguments.lowest, "The lowest angle"),
        highest=_degrees(arguments.highest, "The highest angle"),
        march=arguments.march,
        normal=_indices(arguments.normal),
        displacement=_displacement(arguments.displacement),
    )
    measured = None
    if arguments.measured is not None:
        from lamion.formats.diffraction_columns import read_pattern

        measured = read_pattern(arguments.measured)
    width = _degrees(arguments.width, "The width")
    show(pattern_answer(crystals_of(arguments), settings, measured=measured, width=width), arguments)
    return 0


def _wavelength(text: str) -> float:
    from lamion.models.atomistic.diffraction.scattering import WAVELENGTHS

    if text in WAVELENGTHS:
        return WAVELENGTHS[text]
    if text.strip()[:1].isalpha():
        raise InputError(f"There is no wavelength '{text}'.", "", f"Known are: {', '.join(WAVELENGTHS)}; or a length.")
    return 1e10 * parse_positive(text, "m", name="The wavelength").si


def _displacement(text: str | None) -> float:
    return 0.0 if text is None else 1e20 * parse(text, "m2", name="The displacement parameter").si


def _degrees(text: str, name: str) -> float:
    return parse_positive(text, "deg", name=name).to("deg").value


def _indices(text: str) -> tuple[int, int, int]:
    try:
        h, k, l = (int(part) for part in text.split(","))  # noqa: E741  (crystallography's own letter)
    except ValueError as error:
        raise InputError(f"The planes '{text}' are not three whole numbers.", "", "Write them like 0,0,1.") from error
    return h, k, l
