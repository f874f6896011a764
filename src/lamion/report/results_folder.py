"""The folder of results: written beside the old one and swapped in at the end."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from lamion import atomic, hashing
from lamion.progress import Progress
from lamion.quantities import FigureData, InputError
from lamion.report import crate, electrolytes
from lamion.report.electrolytes import electrolytes_json
from lamion.report.figures.csv_table import csv_table, plate_csv
from lamion.report.figures.draw import draw
from lamion.report.figures.plate import draw_plate
from lamion.report.figures.style import for_both_schemes
from lamion.report.html import Picture, PlatePicture, report_html
from lamion.report.plates import ShownPlate, shown
from lamion.report.printed import held_against, with_printed
from lamion.study import results_schema
from lamion.study.results import Results, provenance_json, results_json, results_of
from lamion.study.runner import Outcome

_PROVENANCE = "provenance.json"


def check_replaceable(out: Path, *, force: bool = False) -> None:
    """Refuse a folder that holds anything but lamion's own earlier results; `force` lets changed ones go."""
    atomic.restore(out)
    if not out.exists():
        return
    if not out.is_dir():
        raise InputError(f"{out} is a file.", "", "Name a folder with --out.")
    if Path.cwd().resolve().is_relative_to(out.resolve()):
        raise InputError(f"{out} is the folder you are in, or holds it.", "", "Name a folder within it with --out.")
    before = _written_before(out)
    for name in sorted(_files_in(out)):
        if name not in before:
            raise InputError(
                f"The folder {out} holds '{name}', which lamion did not write.",
                "Writing the results there would delete it.",
                "Move it away, or name another folder with --out.",
            )
        if not force and before[name] not in ("", _hash(out / name)):
            raise InputError(
                f"'{name}' in the folder {out} was changed since lamion wrote it.",
                "Writing the results there would undo that.",
                "Name another folder with --out, or replace it with --force.",
            )


def _files_in(folder: Path) -> set[str]:
    try:
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    except OSError as error:
        raise InputError(
            f"The folder {folder} cannot be looked through: {error.strerror}.", "", "Name another with --out."
        ) from error


def _written_before(out: Path) -> dict[str, str]:
    """Return the files of earlier results with their hashes; its own hash a file cannot hold."""
    try:
        written = json.loads((out / _PROVENANCE).read_text(encoding="utf-8"))["files"]
        return {str(name): str(key) for name, key in written.items()} | {_PROVENANCE: ""}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _hash(path: Path) -> str:
    return hashing.of_bytes(path.read_bytes())


def write_results(outcome: Outcome, out: Path, progress: Progress) -> Results:
    """Write results.json, provenance.json, the figures with their data, report.html and what describes the folder.

    An earlier folder is replaced as a whole, at the end.
    """
    began = datetime.now(UTC)
    results = results_of(outcome)
    plates = shown(results)
    try:
        with atomic.folder(out) as folder:
            pictures = _draw_all(results, folder, progress)
            printed = [_draw_plate(plate, folder / "figures") for plate in plates if plate.drawn]
            (folder / "results.json").write_text(results_json(results), encoding="utf-8")
            (folder / results_schema.NAME).write_text(results_schema.text(), encoding="utf-8")
            (folder / "report.html").write_text(report_html(results, pictures, printed), encoding="utf-8")
            _describe(results, folder, began)
            files = {name: _hash(folder / name) for name in sorted(_files_in(folder))}
            (folder / _PROVENANCE).write_text(provenance_json(results, files, began), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"The results cannot be written to {out}: {error.strerror}.",
            "The disk may be full or the folder protected.",
            "Name another folder with --out; finished steps are kept.",
        ) from error
    return results


def _describe(results: Results, folder: Path, began: datetime) -> None:
    """Write what tells other programs what lies here: the electrolytes, and the folder as a crate."""
    known = electrolytes_json(results)
    if known:
        (folder / electrolytes.NAME).write_text(known, encoding="utf-8")
    files: dict[str, bytes | None] = {name: (folder / name).read_bytes() for name in sorted(_files_in(folder))}
    text = crate.crate_json(results, {**files, _PROVENANCE: None}, began.date())
    (folder / crate.NAME).write_text(text, encoding="utf-8")


def _draw_all(results: Results, folder: Path, progress: Progress) -> list[Picture]:
    """Draw every figure of every step once, and write it beside its specification and its numbers."""
    study = results.outcome.study
    figures = [
        (step, f"{step}.{name}", with_printed(figure, held_against(study, step, answer)))
        for step, answer in results.outcome.answers.items()
        for name, figure in answer.figures.items()
    ]
    if figures:
        (folder / "figures").mkdir()
    pictures = []
    for number, (step, name, figure) in enumerate(figures):
        progress(number, len(figures), f"figure {name}")
        pictures.append(_draw_one(step, name, figure, folder / "figures"))
    return pictures


def _draw_one(step: str, name: str, figure: FigureData, folder: Path) -> Picture:
    svg = draw(figure, "svg")
    (folder / f"{name}.svg").write_bytes(svg)
    (folder / f"{name}.csv").write_text(csv_table(figure), encoding="utf-8")
    data = json.dumps({"kind": figure.kind, "title": figure.title, "data": figure.data}, indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(data + "\n", encoding="utf-8")
    return Picture(step, name, figure.title, for_both_schemes(svg, figure.kind))


def _draw_plate(plate: ShownPlate, folder: Path) -> PlatePicture:
    """Draw a plate, and write it beside all its numbers."""
    name = f"plate-{plate.plate.id}"
    svg = draw_plate(plate)
    (folder / f"{name}.svg").write_bytes(svg)
    (folder / f"{name}.csv").write_text(plate_csv(plate.rows()), encoding="utf-8")
    data = json.dumps(plate.to_json(), indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(data + "\n", encoding="utf-8")
    kinds = {panel.figure.kind for panel in plate.drawn if panel.figure is not None}
    return PlatePicture(plate, name, for_both_schemes(svg, *kinds))
