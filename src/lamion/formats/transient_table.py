"""A table of current or voltage against time, as in the Battery Data Format: ``Test Time / s, Voltage / V``."""

from __future__ import annotations

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.named_columns import NamedColumns, Wanted, has_columns, read_columns
from lamion.quantities import FileFormatError, InputError
from lamion.records.current_transient import CurrentTransient
from lamion.records.voltage_transient import VoltageTransient

_WANTED = {
    "time": Wanted(("testtime", "time", "t", "elapsedtime"), "s"),
    "voltage": Wanted(("voltage", "potential", "e", "v", "ewe", "<ewe>"), "V"),
    "current": Wanted(("current", "i", "<i>"), "A", required=False),
}


def _matches(raw: RawFile) -> bool:
    return has_columns(raw, _WANTED)


def _read(raw: RawFile) -> Parsed:
    table = read_columns(raw, _WANTED)
    try:
        return Parsed((_record(table),), table.comments, table.warnings)
    except InputError as error:
        raise FileFormatError(
            raw.name, "", "time that rises from row to row", "rows out of order or repeated", error.remedy
        ) from error


def _record(table: NamedColumns) -> CurrentTransient | VoltageTransient:
    columns = table.columns
    if "current" in columns:
        return CurrentTransient(columns["time"], columns["current"], columns["voltage"])
    return VoltageTransient(columns["time"], columns["voltage"])


FORMAT = Format("table of a transient", _matches, _read)
