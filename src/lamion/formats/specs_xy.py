"""SPECS' text (.xy of SpecsLab Prodigy): lines ``# Name: value`` above each region, cycle and scan, then two columns.

The header says which energy the first column is, whether the second is a rate, and how many points a scan has. Scans
that were exported apart are joined: rates are averaged, counts added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.photoelectron import AGAIN, number, oddities, photon_oddities, spectrum_of, whole_events
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError
from lamion.records.spectrum import PhotoelectronSpectrum

Array = NDArray[np.float64]

_FIELD = re.compile(r"#\s*(?P<name>[^:#]{1,60}?):\s*(?P<value>.*)")
_CURVE = re.compile(r"#\s*Cycle:\s*(?P<cycle>\d+),\s*Curve:\s*(?P<curve>\d+)(?:,\s*Scan:\s*(?P<scan>\d+))?.*")
_LOOKED_AT = 60
_MARKS = ("XY-Serializer Export Settings", "Energy Axis")
_BINDING, _KINETIC = "Binding Energy", "Kinetic Energy"
_RATE = "Counts per Second"
_LABELS = {"energy counts/s": True, "energy counts": False}
_ALONE = "Export the region alone, with energy and counts, from SpecsLab Prodigy."


def _matches(raw: RawFile) -> bool:
    top = "\n".join(line.text for line in raw.text.lines[:_LOOKED_AT])
    return all(mark in top for mark in _MARKS)


@dataclass
class _Curve:
    """One scan: what is said above it, and its rows."""

    settings: dict[str, str]
    cycle: int
    scan: int
    rows: list[TextLine] = field(default_factory=list)


def _read(raw: RawFile) -> Parsed:
    settings, curves = _curves(raw)
    if not curves:
        raise FileFormatError(raw.name, "", "scans below the header", "none", AGAIN)
    records, warnings = [], []
    for joined in _joined(curves):
        record, said = _record(raw.name, joined)
        records.append(record)
        warnings += said
    if not raw.text.terminated:
        warnings.append(f"Line {curves[-1].rows[-1].number}, the last one, has no line end: it may have been cut.")
    return Parsed(tuple(records), settings, tuple(warnings))


FORMAT = Format("SPECS SpecsLab Prodigy text (.xy)", _matches, _read)


def _curves(raw: RawFile) -> tuple[dict[str, str], list[_Curve]]:
    """Return what holds for the file, and its scans with what stands above each."""
    general: dict[str, str] = {}
    group: dict[str, str] = {}
    curves: list[_Curve] = []
    headed = False
    for line in raw.text.lines:
        text = line.text.strip()
        if not text:
            continue
        if curve := _CURVE.fullmatch(text):
            curves.append(_Curve(dict(group), int(curve["cycle"]), int(curve["scan"] or 0)))
            if curve["curve"] != "0":
                found = f"curve {curve['curve']}"
                raise FileFormatError(raw.name, f"line {line.number}", "one curve in a scan", found, _ALONE)
            headed = True
        elif text.startswith("#"):
            headed = _note(_FIELD.fullmatch(text), general, group, curves, headed=headed)
        elif not headed or not curves:
            raise FileFormatError(
                raw.name, f"line {line.number}", "a header above the numbers", f"'{text[:30]}'", AGAIN
            )
        else:
            curves[-1].rows.append(line)
    return general, curves


def _note(
    match: re.Match[str] | None,
    general: dict[str, str],
    group: dict[str, str],
    curves: list[_Curve],
    *,
    headed: bool,
) -> bool:
    """Keep a line of a header where it belongs; return whether numbers may follow."""
    if match is None:
        return headed
    name, value = match["name"].strip(), match["value"].strip()
    if name in ("Region", "Group", "Spectrum ID", "Cycle", "Number of Scans") and curves and curves[-1].rows:
        headed = False
    if name == "Region":
        group.clear()
        group |= general
    if name == "ColumnLabels" and curves:
        curves[-1].settings[name] = value
    else:
        (group if "Region" in group or name == "Region" else general)[name] = value
    return headed


def _joined(curves: list[_Curve]) -> Iterator[list[_Curve]]:
    """Yield the scans of each cycle of each region."""
    kept: dict[tuple[str, str, int], list[_Curve]] = {}
    for one in curves:
        key = (one.settings.get("Region", ""), one.settings.get("Spectrum ID", ""), one.cycle)
        kept.setdefault(key, []).append(one)
    yield from kept.values()


def _record(file: str, scans: list[_Curve]) -> tuple[PhotoelectronSpectrum, list[str]]:
    settings = scans[0].settings
    place = _Place([line.number for line in scans[0].rows])
    tables = [_table(file, one) for one in scans]
    _check_scans(file, scans, tables)
    energy = tables[0][:, 0]
    rate = _is_rate(file, scans[0])
    counts = np.mean([one[:, 1] for one in tables], axis=0) if rate else np.sum([one[:, 1] for one in tables], axis=0)
    photon = _setting(file, scans[0], "Excitation Energy")
    axis = settings.get("Energy Axis", "")
    if axis == _KINETIC and photon is not None:
        energy = photon - energy
    elif axis != _BINDING:
        raise FileFormatError(file, "", f"'Energy Axis: {_BINDING}' or '{_KINETIC}'", f"'{axis[:40]}'", _ALONE)
    dwell = _setting(file, scans[0], "Dwell Time")
    counts, counted = whole_events(counts, None if dwell is None else dwell * _declared(file, scans[0]), rate=rate)
    record = spectrum_of(
        file,
        {"energy": energy, "counts": counts},
        place,
        photon_energy=photon,
        counted=counted,
        region=settings.get("Region"),
        metadata=settings,
    )
    said = [*oddities(record, place), *photon_oddities(photon, settings.get("Source Anode", ""))]
    start = _setting(file, scans[0], _BINDING)
    if start is not None and axis == _BINDING and abs(record.energy[0] - start) > 0.5 * abs(np.diff(energy)[0]):
        said.append(
            f"The region '{record.region}' begins at {record.energy[0]:g} eV while its header declares {start:g} eV: "
            "lines are missing or a number was changed."
        )
    return record, said


@dataclass(frozen=True)
class _Place:
    """Names the line of a point."""

    lines: list[int]

    def __call__(self, row: int) -> str:
        return f"line {self.lines[row]}" if row < len(self.lines) else "the last line"


def _table(file: str, curve: _Curve) -> Array:
    found = []
    for line in curve.rows:
        cells = line.text.split()
        if len(cells) != 2:
            raise FileFormatError(file, f"line {line.number}", "energy and counts", f"{len(cells)} cells", AGAIN)
        found.append([number(file, line.number, cell, "a number") for cell in cells])
    declared = _setting(file, curve, "Values/Curve")
    if declared is None or len(found) != declared:
        where = f"line {curve.rows[0].number}" if curve.rows else f"region '{curve.settings.get('Region', '')}'"
        expected = "'Values/Curve:' with the number of points" if declared is None else f"{declared:g} points"
        raise FileFormatError(file, where, f"{expected}, as the header declares", f"{len(found)}", AGAIN)
    return np.array(found).reshape(-1, 2)


def _check_scans(file: str, scans: list[_Curve], tables: list[Array]) -> None:
    """Refuse scans that are fewer or more than declared, stand twice, or differ in their energies."""
    declared = _declared(file, scans[0])
    apart = scans[0].settings.get("Separate Scan Data") == "yes"
    numbers = [one.scan for one in scans]
    region = scans[0].settings.get("Region", "")
    if numbers != list(range(declared if apart else 1)):
        expected = f"{declared if apart else 1} scans of the region '{region}', counted from 0"
        raise FileFormatError(file, f"line {scans[0].rows[0].number}", expected, f"{numbers[:10]}", AGAIN)
    for one, table in zip(scans, tables, strict=True):
        if not np.array_equal(table[:, 0], tables[0][:, 0]):
            expected = f"the energies of the first scan of '{region}' in every one"
            raise FileFormatError(file, f"line {one.rows[0].number}", expected, "others", _ALONE)


def _declared(file: str, curve: _Curve) -> int:
    value = _setting(file, curve, "Number of Scans")
    if value is None or value != round(value) or not 1 <= value <= 1e6:
        raise FileFormatError(file, "", "'Number of Scans:' above each scan", "none that can be", AGAIN)
    return int(value)


def _is_rate(file: str, curve: _Curve) -> bool:
    """Tell rates from counts: the header and the labels of the columns must say one thing."""
    label = " ".join(curve.settings.get("ColumnLabels", "").split())
    said = curve.settings.get("Count Rate") == _RATE
    if label not in _LABELS or _LABELS[label] != said:
        expected = f"columns 'energy counts{'/s' if said else ''}', as 'Count Rate' says"
        raise FileFormatError(file, f"line {curve.rows[0].number if curve.rows else 1}", expected, f"'{label}'", _ALONE)
    return said


def _setting(file: str, curve: _Curve, name: str) -> float | None:
    written = curve.settings.get(name, "")
    return number(file, 1, written, f"a number behind '{name}:'") if written else None
