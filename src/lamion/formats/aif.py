"""Adsorption information files (.aif): tags with values, and a loop of numbers for each branch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.isotherms import Conditions, isotherm_of, moles_per_kilogram, of_saturation, pascals
from lamion.formats.table import parse_number
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError

Array = NDArray[np.float64]

_TAG = re.compile(r"(?P<tag>_[A-Za-z][\w.-]*)(?:\s+(?P<value>'[^']*'|\"[^\"]*\"|\S+))?\s*")
_BRANCHES = {"adsorp": 0.0, "desorp": 1.0}
_NEEDED = ("_units_pressure", "_units_loading")
_SHOWN = {"_exptl_date": "Date", "_adsnt_material_id": "Material", "_adsnt_sample_id": "Sample",
          "_exptl_instrument": "Instrument", "_exptl_operator": "Operator"}  # fmt: skip
_LOOKED_AT = 400
_AGAIN = "Lines were removed or changed: export the file again."


@dataclass
class _Loop:
    """A loop's tags and rows."""

    tags: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def _matches(raw: RawFile) -> bool:
    top = [line.text.strip().lower() for line in raw.text.lines[:_LOOKED_AT]]
    return any(line.startswith("data_") for line in top) and any(line.startswith("_exptl_adsorptive") for line in top)


def _read(raw: RawFile) -> Parsed:
    tags, loops = _parts(raw)
    for name in _NEEDED:
        if name not in tags:
            raise FileFormatError(raw.name, "", f"the tag {name}", "none", _AGAIN)
    columns: dict[str, list[Array]] = {"loading": [], "pressure": [], "desorption": []}
    lines: list[int] = []
    saturations: list[Array] = []
    for loop in loops:
        branch = next((one for one in _BRANCHES if f"_{one}_amount" in loop.tags), None)
        if branch is None:
            found = ", ".join(loop.tags)[:80] or "one without tags"
            raise FileFormatError(raw.name, "", "loops with _adsorp_amount or _desorp_amount", found, _AGAIN)
        amount, pressure, saturation = (
            _column(raw.name, loop, f"_{branch}_{name}") for name in ("amount", "pressure", "p0")
        )
        if amount is None or pressure is None:
            raise FileFormatError(raw.name, "", f"a loop with _{branch}_pressure", ", ".join(loop.tags), _AGAIN)
        columns["loading"].append(amount)
        columns["pressure"].append(pressure)
        columns["desorption"].append(np.full(len(amount), _BRANCHES[branch]))
        saturations.append(np.full(len(amount), np.nan) if saturation is None else saturation)
        lines += [number for number, _ in loop.rows]
    if not lines:
        raise FileFormatError(raw.name, "", "a loop with _adsorp_pressure and _adsorp_amount", "none", _AGAIN)
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    arrays, condensed = _in_units(raw.name, tags, joined, np.concatenate(saturations))
    known = Conditions(tags.get("_exptl_adsorptive"), _temperature(raw.name, tags), condensed)
    record, odd = isotherm_of(raw.name, arrays, lambda row: f"line {lines[row]}", known, _AGAIN)
    if condensed is not None:
        odd += of_saturation(np.concatenate(saturations), lambda row: f"line {lines[row]}")
    else:
        odd.append("No saturation pressure stands beside every point (_adsorp_p0): the relative pressure is not known.")
    if not raw.text.terminated:
        odd.append(f"Line {lines[-1]}, the last one, has no line end: its last number may have been cut.")
    metadata = {name: tags[tag] for tag, name in _SHOWN.items() if tags.get(tag)}
    return Parsed((record,), metadata, tuple(odd))


FORMAT = Format("Adsorption information file (AIF)", _matches, _read)


def _parts(raw: RawFile) -> tuple[dict[str, str], list[_Loop]]:
    """Return the tags with one value, and the loops."""
    tags: dict[str, str] = {}
    loops: list[_Loop] = []
    open_loop = False
    for line in raw.text.lines:
        text = line.text.strip()
        if not text or text.startswith("#") or text.lower().startswith("data_"):
            open_loop = open_loop and bool(text)
            continue
        if text.lower() == "loop_":
            loops.append(_Loop())
            open_loop = True
        elif match := _TAG.fullmatch(text):
            if match["value"] is None and open_loop and not loops[-1].rows:
                loops[-1].tags.append(match["tag"])
            elif match["value"] is not None:
                _say(raw.name, line, tags, match["tag"], match["value"])
                open_loop = False
            else:
                raise FileFormatError(raw.name, f"line {line.number}", "a tag with its value", f"'{text[:40]}'", _AGAIN)
        elif open_loop and loops[-1].tags:
            _row(raw.name, line, loops[-1])
        else:
            raise FileFormatError(raw.name, f"line {line.number}", "a tag or a row of a loop", f"'{text[:40]}'", _AGAIN)
    return tags, loops


def _say(file: str, line: TextLine, tags: dict[str, str], tag: str, value: str) -> None:
    if tag in tags:
        raise FileFormatError(file, f"line {line.number}", f"{tag} once", "it twice", _AGAIN)
    tags[tag] = value[1:-1] if value[0] in "'\"" and value[-1] == value[0] and len(value) > 1 else value


def _row(file: str, line: TextLine, loop: _Loop) -> None:
    cells = line.text.split()
    if len(cells) != len(loop.tags):
        raise FileFormatError(file, f"line {line.number}", f"{len(loop.tags)} numbers", f"{len(cells)}", _AGAIN)
    loop.rows.append((line.number, cells))


def _column(file: str, loop: _Loop, tag: str) -> Array | None:
    if tag not in loop.tags:
        return None
    place = loop.tags.index(tag)
    found = []
    for number, cells in loop.rows:
        parsed = parse_number(cells[place])
        if parsed is None:
            raise FileFormatError(file, f"line {number}", f"a number under {tag}", f"'{cells[place][:30]}'", _AGAIN)
        found.append(parsed[0])
    return np.array(found, dtype=np.float64)


def _in_units(
    file: str, tags: Mapping[str, str], columns: dict[str, Array], saturation: Array
) -> tuple[dict[str, Array], float | None]:
    """Return the columns in the record's units, with the relative pressure where every point has its saturation."""
    pascal, mole = pascals(tags["_units_pressure"]), moles_per_kilogram(tags["_units_loading"])
    if pascal is None or mole is None:
        name = "_units_pressure" if pascal is None else "_units_loading"
        raise FileFormatError(file, "", f"a unit for {name} that lamion knows", f"'{tags[name][:30]}'", _AGAIN)
    arrays = columns | {"loading": mole * columns["loading"], "pressure": pascal * columns["pressure"]}
    if not np.isfinite(saturation).all() or not np.all(saturation > 0.0):
        return arrays, None
    arrays["relative"] = columns["pressure"] / saturation
    return arrays, float(pascal * np.median(saturation))


def _temperature(file: str, tags: Mapping[str, str]) -> float | None:
    if "_exptl_temperature" not in tags:
        return None
    parsed = parse_number(tags["_exptl_temperature"])
    unit = tags.get("_units_temperature", "K")
    if parsed is None or unit not in ("K", "C"):
        found = f"'{tags['_exptl_temperature'][:20]}' {unit[:10]}"
        raise FileFormatError(file, "", "a temperature in K or C", found, _AGAIN)
    return parsed[0] + (273.15 if unit == "C" else 0.0)
