"""What files are, in a line each: of one file, of a whole folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lamion import texts
from lamion.formats.conditions import conditions
from lamion.formats.content import FileContent, words
from lamion.formats.loading import files_within
from lamion.formats.reading import read
from lamion.progress import Progress, silent
from lamion.quantities import Answer, FileFormatError, InputError, Quantity
from lamion.quantities.errors import MENDABLE, as_input_error
from lamion.quantities.formatting import format_number
from lamion.records.record import Record, columns_of, span_of
from lamion.records.surface import Micrograph
from lamion.records.voxel_image import VoxelImage
from lamion.substances.crystal import Crystal
from lamion.substances.molecule import Molecule
from lamion.texts import plain

_LONGEST = 160
"""Letters of a reason."""
_AS_SAID: dict[str, tuple[str, Callable[[float], float]]] = {
    "K": ("degC", lambda kelvin: kelvin - 273.15),
    "S/m": ("S/cm", lambda siemens: siemens / 100),
    "mol/m3": ("mol/L", lambda moles: moles / 1000),
    "kg": ("mg", lambda kilograms: 1e6 * kilograms),
    "W": ("mW", lambda watts: 1e3 * watts),
    "W/kg": ("W/g", lambda watts: 1e-3 * watts),
}
"""Units of a record's columns that the field says in others."""
_COUNTED: dict[type, str] = {VoxelImage: "voxel", Micrograph: "pixel", Crystal: "atom", Molecule: "atom"}
"""What is counted of a record, where that is no point."""


@dataclass(frozen=True)
class Entry:
    """What one file of a folder is.

    Parameters
    ----------
    name : str
        Its place within the folder.
    kind, format : str
        What it holds and as what it was read; empty where it was refused.
    points : int or None
        How many points, voxels or atoms its records have together.
    counted : str
        The same in words.
    range : str
        Over what the first column of its records runs.
    conditions : str
        What its header says of the measurement.
    warnings : tuple of str
        What looks odd.
    refused : str
        Why it was not read, in short.
    """

    name: str
    kind: str = ""
    format: str = ""
    points: int | None = None
    counted: str = ""
    range: str = ""
    conditions: str = ""
    warnings: tuple[str, ...] = ()
    refused: str = ""


def scan(folder: str | Path, *, progress: Progress = silent) -> Answer:
    r"""List what each file of a folder, and of those within it, is.

    Parameters
    ----------
    folder : str or Path
        Hidden files, links and what is no ordinary file are passed by.
    progress : Progress
        Told before each file.

    Returns
    -------
    Answer
        ``files`` and ``refused`` count them; ``series`` has a row for each, as does its ``to_frame()``.

    Raises
    ------
    InputError
        When there is no such folder, or it holds more than 10,000 files.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp())
    >>> _ = (place / "cell.csv").write_text("freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1000,50,1\n100,51,5\n10,55,50\n")
    >>> _ = (place / "notes.txt").write_text("Dear diary\n")
    >>> found = scan(place)
    >>> found.series["Record"], found.series["Range"]
    (['impedance spectrum', None], ['Frequency 10 Hz to 1 kHz', None])
    >>> found["refused"].value
    1.0
    """
    place = Path(folder)
    if not place.is_dir():
        raise InputError(f"There is no folder '{place}'.", "", "Name a folder; `lamion read` takes single files.")
    paths = files_within(place)
    entries = []
    for number, path in enumerate(paths):
        progress(number, len(paths), path.name)
        entries.append(entry_of(path, place))
    return Answer(
        results={
            "files": Quantity(float(len(entries)), None, "1"),
            "refused": Quantity(float(sum(bool(entry.refused) for entry in entries)), None, "1"),
        },
        series={title: [value(entry) or None for entry in entries] for title, value in _TABLE.items()},
        notes={
            "warnings": {entry.name: list(entry.warnings) for entry in entries if entry.warnings},
            "counted": {entry.name: entry.counted for entry in entries if entry.counted},
        },
    )


_TABLE: dict[str, Callable[[Entry], float | str | None]] = {
    "File": lambda entry: entry.name,
    "Record": lambda entry: entry.kind,
    "Format": lambda entry: entry.format,
    "Points / 1": lambda entry: entry.points,
    "Range": lambda entry: entry.range,
    "Conditions": lambda entry: entry.conditions,
    "Warnings": lambda entry: " ".join(entry.warnings),
    "Refused": lambda entry: entry.refused,
}


def entry_of(path: Path, folder: Path) -> Entry:
    """Say what one file of a folder is, or why it is none."""
    name = plain(os.fsencode(path.relative_to(folder)).decode("utf-8", "replace"))
    try:
        return _of_content(name, read(path))
    except (InputError, *MENDABLE) as error:
        return Entry(name, refused=short_reason(error if isinstance(error, InputError) else as_input_error(error)))


def _of_content(name: str, content: FileContent) -> Entry:
    records = content.records
    title, values = next(iter(columns_of(records[0]).items()))
    column, _, unit = title.removesuffix(" / 1").partition(" / ")
    if len({type(record) for record in records}) == 1:
        ends = [span_of(next(iter(columns_of(record).values()))) for record in records]
        values = [end for pair in ends if pair is not None for end in pair] or values
    several = f", {len(records)} records" if len(records) > 1 else ""
    return Entry(
        name,
        ", ".join(sorted({words(type(record)) for record in records})) + several,
        content.format,
        sum(map(len, records)),
        counted(records),
        f"{column} {span(values, unit)}",
        "; ".join(f"{name} {text}" for name, text in conditions(content).items()),
        content.warnings,
    )


def short_reason(error: InputError) -> str:
    """Say why a file was refused: what it looks like, or else where what was expected is not."""
    text = error.happened
    if isinstance(error, FileFormatError):
        where = f"{error.where}: " if error.where else ""
        unknown = error.found.startswith("what looks like")
        text = error.found if unknown else f"{where}expected {error.expected}, found {error.found}"
    return texts.shortened(text, _LONGEST)


def counted(records: Sequence[Record]) -> str:
    """Say how much records hold together: points, voxels, atoms."""
    kinds = {type(record) for record in records}
    noun = _COUNTED.get(kinds.pop(), "point") if len(kinds) == 1 else "point"
    return texts.counted(sum(map(len, records)), noun)


def span(values: Sequence[float] | NDArray[np.float64], unit: str) -> str:
    """Say over what values run, in the unit that the field says them in."""
    ends = span_of(values)
    if ends is None:
        return "1 entry" if len(values) == 1 else f"{len(values)} entries"
    low, high = ends
    if unit == "Hz":
        return _with_prefix(low) if low == high else f"{_with_prefix(low)} to {_with_prefix(high)}"
    shown, to_shown = _AS_SAID.get(unit, (unit, float))
    low, high = to_shown(low), to_shown(high)
    return (_short(low) if low == high else f"{_short(low)} to {_short(high)}") + f" {shown}".rstrip()


def _with_prefix(hertz: float) -> str:
    """Write a frequency as instruments do.

    Examples
    --------
    >>> _with_prefix(0.009313), _with_prefix(2e5)
    ('9.313 mHz', '200 kHz')
    """
    for least, size, unit in ((1e6, 1e6, "MHz"), (1e3, 1e3, "kHz"), (0.1, 1.0, "Hz"), (0.0, 1e-3, "mHz")):
        if hertz >= least:
            return f"{_short(hertz / size)} {unit}"
    return f"{_short(hertz)} Hz"


def _short(value: float) -> str:
    return format_number(float(f"{value:.4g}"), None)
