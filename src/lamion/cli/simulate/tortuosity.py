"""Tortuosity factors and effective conductivities of a segmented voxel image: TIFF, or a NumPy array (.npy).

z counts the slices of a stack, y its rows, x its columns. The tortuosity factor is mean over effective conductivity.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from lamion.cli.output import add_output_arguments, show
from lamion.quantities import InputError, Quantity, parse, parse_positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument(
        "--phase",
        metavar="LABEL=K",
        action="append",
        default=[],
        help="a label and its conductivity, a number or with unit (default: 1=1)",
    )
    parser.add_argument("--voxel", metavar="Q", help='of a voxel: "10 nm", or z, y, x: "20 nm,10 nm,10 nm"')
    parser.add_argument("--axis", choices=["z", "y", "x"], action="append", help="which (default: all)")
    parser.add_argument("--periodic", action="store_true", help="the image repeats: find the whole tensor")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Solve for each axis and show what the image conducts.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.formats import read
    from lamion.study.imaged import tortuosity_answer

    answer = tortuosity_answer(
        read(arguments.file),
        _phases(arguments.phase or ["1=1"]),
        spacing=None if arguments.voxel is None else _spacing(arguments.voxel),
        axes=arguments.axis,
        periodic=arguments.periodic,
    )
    show(answer, arguments)
    return 0


def _phases(texts: Sequence[str]) -> dict[int, Quantity]:
    phases: dict[int, Quantity] = {}
    for text in texts:
        label, conductivity = _phase(text)
        if label in phases:
            raise InputError(f"Phase {label} is given twice.", "", "Give each label once.")
        phases[label] = conductivity
    return phases


def _phase(text: str) -> tuple[int, Quantity]:
    label, _, conductivity = text.partition("=")
    try:
        number = int(label)
    except ValueError as error:
        raise InputError(f"--phase '{text}' does not begin with a label.", "", "Write it like 1=1.") from error
    unit = "1" if _plain(conductivity) else "S/m"
    return number, parse(conductivity, unit, name=f"The conductivity of phase {number}")


def _plain(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _spacing(text: str) -> list[float]:
    lengths = [parse_positive(part, "m", name="The voxel").si for part in text.split(",")]
    if len(lengths) not in (1, 3):
        raise InputError(f"--voxel '{text}' has {len(lengths)} lengths.", "", "Give one, or three for z, y and x.")
    return lengths * 3 if len(lengths) == 1 else lengths
