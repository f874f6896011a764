"""What a laminate of sheets leaves of each ion's conductivity through its thickness, against pure gallery fluid.

Sheets lie edge to edge at the gap, rows are shifted by half a period, fluid fills galleries and gaps. Ratios such as
--sheet-cation are conductivities of one ion over that in the gallery.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from lamion.cli.output import add_output_arguments, show
from lamion.quantities import InputError, parse, parse_positive

if TYPE_CHECKING:
    from lamion.models.laminate.inputs import Laminate, Layer, Measured
    from lamion.quantities import Answer

_IRREGULAR = {
    "missing": "0",
    "pinholes": None,
    "pinhole": "1 nm",
    "rows": 4,
    "realisations": 8,
    "seed": 0,
    "workers": 1,
}
"""Options that say nothing about a regular laminate, with what they are by default."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    add = parser.add_argument
    add("--sheet-width", metavar="Q", required=True, help="of a sheet along its row")
    add("--sheet-thickness", metavar="Q", required=True, help="of a sheet")
    add("--gallery", metavar="Q", required=True, help="height of the fluid between two rows")
    add("--gap", metavar="Q", help="between the edges of two sheets, 0 allowed (default: the gallery)")
    add("--sheet-cation", metavar="X", default="0", help="the cation in the sheets (default: 0, impermeable)")
    add("--sheet-anion", metavar="X", default="0", help="the anion in the sheets (default: 0, impermeable)")
    add("--gallery-transference", metavar="X", default="0.5", help="of the gallery fluid (default: 0.5)")
    add("--skin", metavar="Q", default="0 nm", help="thickness of a conductive skin at the sheets (default: none)")
    add("--skin-cation", metavar="X", default="1", help="the cation in the skin (default: 1)")
    add("--skin-anion", metavar="X", default="1", help="the anion in the skin (default: 1)")
    add("--film", metavar="Q", help="thickness of the laminate, where a further layer lies on it")
    add("--layer", metavar="Q", help="thickness of a further layer in series")
    add("--layer-cation", metavar="X", default="1", help="the cation in the layer (default: 1)")
    add("--layer-anion", metavar="X", default="1", help="the anion in the layer (default: 1)")
    add("--measured", metavar="Q", help="a conductivity of the film to hold the laminate against")
    add("--gallery-conductivity", metavar="Q", help="of the gallery fluid by itself")
    add("--widest", metavar="Q", help="irregular: widths spread evenly from --sheet-width to this, rows at random")
    add(
        "--missing",
        metavar="X",
        default=_IRREGULAR["missing"],
        help="irregular: chance of a sheet to be missing (default: 0)",
    )
    add("--pinholes", metavar="Q", help='irregular: mean distance of pinholes, such as "2 um" (default: none)')
    add("--pinhole", metavar="Q", default=_IRREGULAR["pinhole"], help="irregular: width of a pinhole (default: 1 nm)")
    add("--rows", type=int, default=_IRREGULAR["rows"], help="irregular: in one realisation (default: 4)")
    add("--realisations", type=int, default=_IRREGULAR["realisations"], help="irregular: default 8")
    add("--seed", type=int, default=_IRREGULAR["seed"], help="irregular: of the random numbers (default: 0)")
    add("--workers", type=int, default=_IRREGULAR["workers"], help="irregular: processes (default: 1)")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Resolve the laminate and show what it conducts.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.models.laminate.inputs import Laminate
    from lamion.models.laminate.laminate import laminate

    lengths = {name: getattr(arguments, name) for name in ("sheet_width", "sheet_thickness", "gallery")}
    width, thickness, gallery = (
        parse_positive(text, "m", name=f"The {name.replace('_', ' ')}") for name, text in lengths.items()
    )
    ratios = {
        name: parse(getattr(arguments, name), "1", name=f"--{name.replace('_', '-')}")
        for name in ("sheet_cation", "sheet_anion", "gallery_transference", "skin_cation", "skin_anion")
    }
    given = Laminate(
        width,
        thickness,
        gallery,
        gap=gallery if arguments.gap is None else parse(_length(arguments.gap), "m", name="The gap"),
        skin=parse(_length(arguments.skin), "m", name="The skin"),
        **ratios,
    )
    if arguments.widest is not None:
        show(_irregular(given, arguments), arguments)
        return 0
    for name in _IRREGULAR:
        if getattr(arguments, name) != _IRREGULAR[name]:
            raise InputError(f"--{name} goes with irregular laminates.", "", "Give --widest too, or leave it away.")
    show(laminate(given, layer=_layer(arguments), measured=_measured(arguments)), arguments)
    return 0


def _irregular(given: Laminate, arguments: argparse.Namespace) -> Answer:
    from lamion.cli.running import progress_bar
    from lamion.models.laminate.arrangement import Arrangement
    from lamion.models.laminate.random_laminate import random_laminate

    for name in ("film", "layer", "measured", "gallery_conductivity"):
        if getattr(arguments, name) is not None:
            option = name.replace("_", "-")
            raise InputError(f"--{option} goes with regular laminates, not with --widest.", "", "Leave one away.")
    pinholes = arguments.pinholes
    rule = Arrangement(
        given.bricks,
        parse_positive(arguments.widest, "m", name="--widest").si,
        rows=arguments.rows,
        missing=parse(arguments.missing, "1", name="--missing").si,
        pinholes=0.0 if pinholes is None else 1 / parse_positive(pinholes, "m", name="--pinholes").si,
        pinhole=parse_positive(arguments.pinhole, "m", name="--pinhole").si,
    )
    ions = given.sheet_cation.si, given.sheet_anion.si, given.gallery_transference.si
    counts = {name: getattr(arguments, name) for name in ("realisations", "seed", "workers")}
    with progress_bar() as progress:
        return random_laminate(rule, *ions, **counts, progress=progress)


def _length(text: str) -> str:
    """Let a bare zero be a length."""
    return "0 m" if text.strip() == "0" else text


def _layer(arguments: argparse.Namespace) -> Layer | None:
    from lamion.models.laminate.inputs import Layer

    if arguments.layer is None and arguments.film is None:
        return None
    if arguments.layer is None or arguments.film is None:
        raise InputError("A further layer needs both --film and --layer.", "", "Give both thicknesses.")
    return Layer(
        parse_positive(arguments.film, "m", name="The film"),
        parse_positive(arguments.layer, "m", name="The layer"),
        parse(arguments.layer_cation, "1", name="--layer-cation"),
        parse(arguments.layer_anion, "1", name="--layer-anion"),
    )


def _measured(arguments: argparse.Namespace) -> Measured | None:
    from lamion.models.laminate.inputs import Measured

    if arguments.measured is None:
        if arguments.gallery_conductivity is not None:
            raise InputError("--gallery-conductivity needs --measured to compare with.", "", "Give both.")
        return None
    gallery = arguments.gallery_conductivity
    return Measured(
        parse_positive(arguments.measured, "S/m", name="--measured"),
        None if gallery is None else parse_positive(gallery, "S/m", name="--gallery-conductivity"),
    )
