"""Any record that is a table as Battery Data Format: the table, and its sidecar."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from lamion import written
from lamion.formats.bdf import csv_rows, kinds, parquet, sidecar
from lamion.formats.bdf.kinds import Array
from lamion.formats.bdf.sidecar import Part, Sidecar
from lamion.formats.conditions import conditions
from lamion.formats.content import FileContent
from lamion.formats.loading import LARGEST_SIDECAR, sidecar_path
from lamion.quantities import InputError
from lamion.records import ImpedanceSpectrum
from lamion.records.impedance import COLUMNS
from lamion.records.record import Record, Table

OWN_COLUMNS = {
    "AC Amplitude / V": "amplitude of the voltage that it was measured with, as the instrument's header says it",
    "RMS AC Amplitude / V": "root mean square of that voltage, where the header says it so",
    "DC Bias / V": "voltage that it was measured at, as the instrument's header says it",
    "Charge / A s": "the format's Net Capacity in A s, so that no digit of it is lost; positive when it charges",
    "Segment / 1": "number of the sweep, counted from turn to turn of its voltage",
}
"""Columns that the Battery Data Format has no term for, and what they are; those of a spectrum come from the header."""
_TEMPERATURE = "Temperature T1 / degC"
_SAID = re.compile(r"(?P<number>[-+]?[\d.]+(?:[eE][-+]?\d+)?) (?P<unit>mV|V)(?P<rms> rms)?\b.*")
_WRITERS = {".csv": csv_rows.written, ".parquet": parquet.written}


def write(
    given: Record | FileContent | Sequence[Record | FileContent], path: str | Path, *, force: bool = False
) -> None:
    """Write records as Battery Data Format, which :func:`lamion.formats.read` reads back without loss.

    Parameters
    ----------
    given : Record, FileContent, or a sequence of them
        What :func:`lamion.formats.read` returned, or records: spectra, and every kind that is a table.
    path : str or Path
        Ends in ``.bdf.csv`` or ``.bdf.parquet`` (which needs the extra ``parquet``); the facts, the header and the
        warnings go beside it, into ``NAME.bdf.metadata.json``.
    force : bool
        Whether files that lamion did not write may be replaced.

    Raises
    ------
    InputError
        When a record is no table, the name ends in neither, or a file must not be replaced or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from lamion.formats import read
    >>> place = Path(tempfile.mkdtemp()) / "cell.bdf.csv"
    >>> write(ImpedanceSpectrum([1e3, 1e2], [10 - 1j, 10 - 10j], temperature=298.15), place)
    >>> print(place.read_text(), end="")
    Frequency / Hz,Real Impedance / ohm,Imaginary Impedance / ohm,Temperature T1 / degC
    1000.0,10.0,-1.0,25.0
    100.0,10.0,-10.0,25.0
    >>> read(place).spectrum().temperature
    298.15
    """
    found = files(given, path)
    for place in found:
        written.check(place, force=force)
    for place, content in found.items():
        try:
            written.write(place, content, force=force)
        except OSError as error:
            raise InputError(f"{place} cannot be written: {error.strerror}.", "", "Name another folder.") from error


def names(path: Path) -> tuple[Path, Path]:
    """Return the two files that are written: the table, and its sidecar."""
    beside = sidecar_path(path)
    if beside is None or path.suffix.lower() not in _WRITERS:
        raise InputError(
            f"Battery Data Format cannot be written as '{path.name}'.", "", "End its name in .bdf.csv or .bdf.parquet."
        )
    return path, beside


def files(given: Record | FileContent | Sequence[Record | FileContent], path: str | Path) -> dict[Path, bytes]:
    """Return the content of the table and of its sidecar, by their names.

    Parameters
    ----------
    given, path
        As for :func:`write`.
    """
    table, beside = names(Path(path))
    every: list[Record | FileContent] = [*given] if isinstance(given, list | tuple) else [given]  # type: ignore[list-item]
    contents = [_content(one) for one in every]
    pairs = [(content, record) for content in contents for record in content.records]
    if not pairs:
        raise InputError("There is no record to write.")
    parts = [_part(record) for _, record in pairs]
    own = [record.arrays() for _, record in pairs if isinstance(record, ImpedanceSpectrum | Table)]
    whole = [{**columns, **_beside(record)} for columns, (_, record) in zip(own, pairs, strict=True)]
    titles = list(dict.fromkeys(title for one in (own, whole) for columns in one for title in columns))
    several = len(contents) > 1
    warnings = [f"{one.name}: {text}" if several else text for one in contents for text in one.warnings]
    said = Sidecar(tuple(parts), kinds.hashed(own), tuple(dict.fromkeys(warnings)))
    text = sidecar.text(said, {title: meaning for title, meaning in OWN_COLUMNS.items() if title in titles}).encode()
    if len(text) > LARGEST_SIDECAR:
        raise InputError("The headers are too large for a sidecar.", "", "Write fewer files into one.")
    return {table: _WRITERS[table.suffix.lower()](titles, whole), beside: text}


def _content(given: Record | FileContent) -> FileContent:
    return given if isinstance(given, FileContent) else FileContent("", "", "", (given,), given.metadata, ())


def _part(record: Record) -> Part:
    kind = kinds.word(record)
    assert isinstance(record, ImpedanceSpectrum | Table)  # noqa: S101  any other kind was refused
    source = record.source.origin or record.source if record.source is not None else None
    header = {sidecar.whole(str(name)): sidecar.whole(str(value)) for name, value in record.metadata.items()}
    if source is not None and source.format == "synthetic":
        header.setdefault("synthetic", source.name)
    facts = kinds.facts(record)
    wrong = [name for name, value in facts.items() if isinstance(value, float) and not np.isfinite(value)]
    if wrong:
        raise InputError(f"The {wrong[0]} of a record is not a finite number.", "", "Mend it, or leave it out.")
    return Part(kind, len(record), tuple(record.arrays()), facts, header, source)


def _beside(record: Record) -> dict[str, Array]:
    """Return what others may look for as columns: the cycle, the temperature and, of a spectrum, its excitation."""
    found: dict[str, float] = {}
    cycle, temperature = getattr(record, "cycle", None), getattr(record, "temperature", None)
    if isinstance(record, ImpedanceSpectrum):
        found |= {COLUMNS["cycle number"].title: cycle} if cycle is not None else {}
        found |= _excitation(record)
    if isinstance(temperature, float):
        found[_TEMPERATURE] = round(temperature - 273.15, 9)
    return {title: np.full(len(record), value, dtype=np.float64) for title, value in found.items()}


def _excitation(spectrum: ImpedanceSpectrum) -> Mapping[str, float]:
    said = conditions(FileContent("", "", "", (spectrum,), spectrum.metadata, ()))
    found = {}
    for name, title in (("amplitude", "AC Amplitude / V"), ("potential", "DC Bias / V")):
        match = _SAID.fullmatch(said.get(name, ""))
        if match is None:
            continue
        volts = float(match["number"]) * (1e-3 if match["unit"] == "mV" else 1.0)
        found[f"RMS {title}" if match["rms"] else title] = volts
    return found
