"""Make a folder with a study: one that runs on synthetic spectra, or one on the instrument files of a folder.

With --from each file gets the step that its kind of measurement begins with; what no file says, as a thickness, is a
blank to fill in, written "?". `lamion run` computes what it can and lists the blanks.
"""

from __future__ import annotations

import argparse
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from lamion import atomic, texts
from lamion.cli import terminal
from lamion.cli.parser import argument
from lamion.quantities import InputError

if TYPE_CHECKING:
    from lamion.study.from_folder import Begun

ARGUMENTS = (
    argument("folder", metavar="DIR", type=Path, help="a folder that does not exist yet, or an empty one"),
    argument("--from", metavar="FOLDER", type=Path, dest="origin", help="instrument files that the study is to be on"),
    argument("--examples", action="store_true", help="only the small files that the documentation's examples run on"),
)
EXAMPLES = ("lamion new film", "lamion new film --from measurements", "lamion new examples --examples")


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
    if arguments.origin is not None and arguments.examples:
        raise InputError("--from and --examples were both given.", "", "Leave one of them out.")
    begun = None if arguments.origin is None else _begun(arguments.origin, folder)
    fill = _fill_with_examples if arguments.examples else _fill
    try:
        with atomic.folder(folder) as fresh:
            if begun is None:
                fill(fresh)
            else:
                (fresh / "study.toml").write_text(begun.text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror}.", "", "Name another place.") from error
    said = "It holds the files of the examples." if arguments.examples else f"Run it with: lamion run {folder}"
    print(f"Made {folder}. {said}")
    if begun is not None:
        passed = f"; {texts.counted(begun.passed_by, 'file')} passed by, named at its end" if begun.passed_by else ""
        print(f"study.toml: {texts.counted(begun.used, 'step')}, {texts.counted(begun.blanks, 'blank')}{passed}.")
    return 0


def _begun(origin: Path, folder: Path) -> Begun:
    from lamion.study.from_folder import study_from

    with terminal.progress_bar() as progress:
        return study_from(origin, folder, progress)


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
