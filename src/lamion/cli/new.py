"""Make a folder with a study that runs, on synthetic spectra: put your own recipe and files in their place."""

from __future__ import annotations

import argparse
from importlib.resources import files
from pathlib import Path

from lamion import atomic
from lamion.cli.parser import argument
from lamion.quantities import InputError

ARGUMENTS = (
    argument("folder", metavar="DIR", type=Path, help="a folder that does not exist yet, or an empty one"),
    argument("--examples", action="store_true", help="only the small files that the documentation's examples run on"),
)
EXAMPLES = ("lamion new film", "lamion new examples --examples")


def run(arguments: argparse.Namespace) -> int:
    """Write the study."""
    folder: Path = arguments.folder
    if Path.cwd().resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{folder} is the folder you are in, or holds it.", "", "Name a folder within it.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            f"{folder} exists and is not an empty folder.",
            "A new study would overwrite what is there.",
            "Name a folder that does not exist yet.",
        )
    fill = _fill_with_examples if arguments.examples else _fill
    try:
        with atomic.folder(folder) as fresh:
            fill(fresh)
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror}.", "", "Name another place.") from error
    said = "It holds the files of the examples." if arguments.examples else f"Run it with: lamion run {folder}"
    print(f"Made {folder}. {said}")
    return 0


def _fill_with_examples(folder: Path) -> None:
    from lamion.synthetic.examples import EXAMPLES, example

    for name in EXAMPLES:
        (folder / name).write_bytes(example(name))


def _fill(folder: Path) -> None:
    template = files("lamion") / "studies" / "new"
    for name in ("study.toml", "claims.toml"):
        (folder / name).write_text((template / name).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "data").mkdir()
    for cell, resistance in enumerate((5.80, 6.05, 5.91), start=1):
        (folder / "data" / f"synthetic_film_60C_cell{cell}.csv").write_text(_spectrum(resistance, cell), "utf-8")


def _spectrum(resistance: float, seed: int) -> str:
    """Make the synthetic spectrum of one cell; the resistance in ohm."""
    from lamion.formats.csv_table import spectrum_text
    from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum

    cell = BlockingCell(resistance, electrode_q=2e-5)
    comment = f"synthetic: R = {resistance} ohm and a constant-phase element, 0.3 % noise, seed {seed}"
    return spectrum_text(blocking_cell_spectrum(cell, seed=seed), comments=[comment])
