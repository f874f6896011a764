"""The sidecar of a table, ``NAME.bdf.metadata.json``: which rows are which record, its facts, and whence it came.

lamion's part stands where the Battery Data Format keeps what it has no term for, under ``extras``.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lamion import hashing
from lamion.formats.content import RawFile
from lamion.quantities import FileFormatError
from lamion.records import SourceFile

_WRITER = "lamion"
_LAYOUT = 1
_DEEPEST = 20
_CHANGED = "The sidecar was changed since it was written: what it says may not be what was measured."
_REMEDY = "Write the table again, or take the sidecar away to read the table alone."


@dataclass(frozen=True)
class Part:
    """Rows of the table that are one record.

    Parameters
    ----------
    kind : str
        The word of its kind, ``"impedance"`` for a spectrum.
    rows : int
        How many.
    columns : tuple of str
        The headers of its columns.
    facts : Mapping of str to number or str
        Its other attributes, in SI.
    header : Mapping of str to str
        What the instrument's file says of it.
    source : SourceFile or None
        The instrument's file.
    """

    kind: str
    rows: int
    columns: tuple[str, ...]
    facts: Mapping[str, Any]
    header: Mapping[str, str]
    source: SourceFile | None


@dataclass(frozen=True)
class Sidecar:
    """What is said beside a table.

    Parameters
    ----------
    parts : tuple of Part
        In the order of the rows.
    values : str
        Hash of the records' numbers, which a CSV and a Parquet of them share.
    warnings : tuple of str
        What looked odd when the instrument's file was read.
    """

    parts: tuple[Part, ...]
    values: str
    warnings: tuple[str, ...]

    @property
    def key(self) -> str:
        """Hash of all that is said, by which a later change of it shows."""
        return hashing.of_value(dataclasses.asdict(self))


def text(sidecar: Sidecar, own: Mapping[str, str]) -> str:
    """Write a sidecar; `own` are the columns that the Battery Data Format has no term for, with their meanings."""
    files: list[dict[str, Any]] = []
    parts = []
    for part in sidecar.parts:
        source = None if part.source is None else dataclasses.asdict(dataclasses.replace(part.source, origin=None))
        file = {"source": source, "header": dict(part.header)}
        if file not in files:
            files.append(file)
        parts.append({"kind": part.kind, "rows": part.rows, "columns": list(part.columns), "facts": dict(part.facts),
                      "file": files.index(file)})  # fmt: skip
    said = {"layout": _LAYOUT, "values": sidecar.values, "files": files, "records": parts,
            "warnings": list(sidecar.warnings), "key": sidecar.key, "own_columns": dict(own)}  # fmt: skip
    return json.dumps({"bdf": {"source": _WRITER}, "extras": {_WRITER: said}}, indent=1, allow_nan=False) + "\n"


def parse(raw: RawFile) -> Sidecar | Mapping[str, str]:
    """Read a sidecar: lamion's own, or what another one says, by the places within it.

    Raises
    ------
    FileFormatError
        When it is no JSON object, or lamion's part contradicts itself.
    """
    try:
        found = json.loads(raw.content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _refused(raw, "", "a JSON object", "something else") from error
    if not isinstance(found, dict):
        raise _refused(raw, "", "a JSON object", f"a {type(found).__name__}")
    extras = found.get("extras")
    own = extras.get(_WRITER) if isinstance(extras, dict) else None
    # Where lamion is named, its part must be there: without it the facts would be lost unnoticed.
    return _own(raw, own) if own is not None or f'"{_WRITER}"'.encode() in raw.content else dict(_entries(found))


def _own(raw: RawFile, own: Any) -> Sidecar:
    _of_type(raw, own, dict, "lamion's part")
    if own.get("layout") != _LAYOUT:
        raise _refused(raw, "layout", f"{_LAYOUT}", f"{own.get('layout')!r}"[:60])
    files = [_file(raw, one) for one in _of_type(raw, own.get("files"), list, "files")]
    parts = tuple(_part(raw, one, files) for one in _of_type(raw, own.get("records"), list, "records"))
    warnings = [_of_type(raw, one, str, "warnings") for one in _of_type(raw, own.get("warnings"), list, "warnings")]
    if not parts:
        raise _refused(raw, "records", "at least one", "none")
    said = Sidecar(parts, _of_type(raw, own.get("values"), str, "values"), tuple(warnings))
    return said if own.get("key") == said.key else dataclasses.replace(said, warnings=(*said.warnings, _CHANGED))


def _file(raw: RawFile, one: Any) -> tuple[SourceFile | None, Mapping[str, str]]:
    _of_type(raw, one, dict, "files")
    header = _of_type(raw, one.get("header"), dict, "header")
    for entry in header.items():
        for each in entry:
            _of_type(raw, each, str, "header")
    said = one.get("source")
    if said is None:
        return None, header
    _of_type(raw, said, dict, "source")
    return SourceFile(*(_of_type(raw, said.get(name), str, name) for name in ("name", "sha256", "format"))), header


def _part(raw: RawFile, one: Any, files: Sequence[tuple[SourceFile | None, Mapping[str, str]]]) -> Part:
    _of_type(raw, one, dict, "records")
    rows, file = (_of_type(raw, one.get(name), int, name) for name in ("rows", "file"))
    if rows < 1 or not 0 <= file < len(files):
        raise _refused(raw, "records", "rows, and one of the files", f"{rows} rows, file {file}"[:60])
    columns = [_of_type(raw, title, str, "columns") for title in _of_type(raw, one.get("columns"), list, "columns")]
    facts = _of_type(raw, one.get("facts"), dict, "facts")
    for name, value in facts.items():
        _of_type(raw, name, str, "facts")
        if not isinstance(value, str | int | float) or (isinstance(value, float) and not math.isfinite(value)):
            raise _refused(raw, "facts", f"a number or a text as {name}"[:60], ascii(value)[:60])
    source, header = files[file]
    return Part(_of_type(raw, one.get("kind"), str, "kind"), rows, tuple(columns), facts, header, source)


def _of_type(raw: RawFile, value: Any, kind: type, where: str) -> Any:
    said = whole(value) if isinstance(value, str) else value
    if not isinstance(value, kind) or isinstance(value, bool) or said != value:
        raise _refused(raw, where, f"a {kind.__name__}", ascii(value)[:60])
    return value


def _refused(raw: RawFile, where: str, expected: str, found: str) -> FileFormatError:
    return FileFormatError(raw.name, where, expected, found, _REMEDY)


def misfit(raw: RawFile, expected: str, found: str) -> FileFormatError:
    """Return the error of a table that is not the one its sidecar speaks of."""
    return FileFormatError(raw.name, "", f"{expected}, as its sidecar says", found, _REMEDY)


def _entries(value: Any, place: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the texts and numbers of a document, by their places."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value, 1)
        for name, item in items:
            yield from _entries(item, f"{place}.{name}" if place else str(name), depth + 1)
    elif isinstance(value, str | int | float):
        yield whole(place), whole(str(value))


def whole(text: str) -> str:
    """Return a text with a question mark in the place of half a surrogate pair, which no file can hold."""
    return text.encode("utf-8", "replace").decode()
