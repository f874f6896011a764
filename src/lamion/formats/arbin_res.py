"""Arbin's .res files, Access databases, read by access-parser (extra `cyclers`) and checked by what they say twice."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import channel_warnings, falls_within, net_charge, record_of
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.library import heard
from lamion.quantities import FileFormatError, MissingExtraError

Array = NDArray[np.float64]
_SIGNATURES = tuple(b"\x00\x01\x00\x00Standard %s DB\x00" % kind for kind in (b"Jet", b"ACE"))
_PAGES = {0: 2048}
"""Bytes of a page by the database's version, where not the usual ones."""
_PAGE, _VERSION = 4096, 20
_LARGEST = 128 * 2**20
_MOST_LINKS = 3000
"""Pages that may be followed from page to page; in a damaged file they may go round for ever."""
_TABLE, _TEST, _POINT, _GLOBAL = "Channel_Normal_Table", "Test_ID", "Data_Point", "Global_Table"
_COLUMNS = {
    "time": "Test_Time", "voltage": "Voltage", "current": "Current", "cycle": "Cycle_Index", "step": "Step_Index",
    "charged": "Charge_Capacity", "discharged": "Discharge_Capacity",
}  # fmt: skip
_AMPERE_HOUR = 3600.0
_REMEDY = "The file was cut or damaged on its way: copy it again, or export it from Arbin's program as CSV."


class _Links(dict[int, bytes]):
    """Pages that are followed a bounded number of times."""

    left = _MOST_LINKS

    def get(self, key: int, default: Any = None) -> Any:
        self.left -= 1
        if self.left < 0:
            raise ValueError("pages that lead round")
        return super().get(key, default)


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_SIGNATURES)


def _read(raw: RawFile) -> Parsed:
    page = _PAGES.get(raw.start[_VERSION], _PAGE) if len(raw.start) > _VERSION else _PAGE
    if raw.size % page:
        raise _damaged(raw.name, f"whole pages of {page} bytes", f"{raw.size} bytes")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, "cell.res")
        with path.open("wb") as file:
            file.writelines(raw.pieces())
        with heard("access_parser", "access-parser") as said:
            table, declared, header = _tables(raw.name, path)
    columns = _numbers(raw.name, table)
    warnings = [*dict.fromkeys(said)]
    if declared != len(columns[_POINT]):
        warnings.append(f"The table of points declares {declared} rows; {len(columns[_POINT])} could be read.")
    records = []
    for test in np.unique(columns[_TEST]):
        record, doubts = _record(raw.name, {name: column[columns[_TEST] == test] for name, column in columns.items()})
        records.append(record)
        warnings += doubts
    return Parsed(tuple(records), header, tuple(warnings))


FORMAT = Format("Arbin .res", _matches, _read, binary=True, largest=_LARGEST)


def _damaged(file: str, expected: str, found: str) -> FileFormatError:
    return FileFormatError(file, "", expected, found, _REMEDY)


def _tables(file: str, path: Path) -> tuple[Mapping[str, list[Any]], int, dict[str, str]]:
    """Return the table of points, the number of rows that it declares, and what the database says of the test."""
    try:
        from access_parser import AccessParser
        from construct import ConstructError
    except ImportError as error:
        raise MissingExtraError("cyclers", "Arbin's .res") from error

    class Bounded(AccessParser):  # type: ignore[misc]
        _table_defs: Any
        _data_pages: Any

        def _link_tables_to_data(self) -> Any:
            linked = super()._link_tables_to_data()
            self._table_defs, self._data_pages = _Links(self._table_defs), _Links(self._data_pages)
            return linked

        def parse_msys_table(self) -> dict[str, Any]:
            """Leave out the formats of columns, which follow memos from page to page."""
            return {}

    broken = (
        ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, OSError, RecursionError, TypeError,
        ValueError, struct.error, ConstructError,
    )  # fmt: skip
    try:
        database = Bounded(str(path))
        points = database.get_table(_TABLE)
        declared = int(points.table_header.number_of_rows)
        return points.parse(), declared, _header(database)
    except broken as error:
        why = " ".join(f"{error}".split())[:120] or type(error).__name__
        raise _damaged(file, f"a database with the table {_TABLE}", why) from error


def _header(database: Any) -> dict[str, str]:
    if _GLOBAL not in database.catalog:
        return {}
    every = database.parse_table(_GLOBAL)
    return {name: f"{values[0]}" for name, values in every.items() if values and values[0] not in (None, "")}


def _numbers(file: str, table: Mapping[str, list[Any]]) -> dict[str, Array]:
    """Return the columns that are read, in the order of the points."""
    wanted = (_TEST, _POINT, *_COLUMNS.values())
    missing = [name for name in wanted if not isinstance(table.get(name), list)]
    if missing:
        raise _damaged(file, f"the columns {', '.join(wanted)}", f"no {', '.join(missing)}")
    if len({len(table[name]) for name in wanted}) > 1:
        raise _damaged(file, "columns of one length", "of several")
    try:
        columns = {name: np.array(table[name], dtype=np.float64) for name in wanted}
    except (ValueError, TypeError, OverflowError) as error:
        raise _damaged(file, "numbers in every row", f"{error}"[:80]) from error
    order = np.lexsort((columns[_POINT], columns[_TEST]))
    return {name: column[order] for name, column in columns.items()}


def _record(file: str, columns: Mapping[str, Array]) -> tuple[Any, list[str]]:
    read = {key: columns[name] for key, name in _COLUMNS.items()}
    counters = {key: _AMPERE_HOUR * read.pop(key) for key in ("charged", "discharged")}

    def place(row: int) -> str:
        return f"point {columns[_POINT][row]:.0f}"

    with np.errstate(all="ignore"):  # damaged bytes can be any number
        record = record_of(file, {**read, "charge": net_charge(**counters)}, place, _REMEDY)
        warnings = [*channel_warnings(record, place)]
        for counter in counters.values():
            warnings += falls_within(counter, (read["cycle"], read["step"]), "charge", place)
        if np.any(np.diff(columns[_POINT], prepend=0.0) != 1.0):
            warnings.append("The points do not count up from one: some are missing, or a number was changed.")
    return record, warnings
