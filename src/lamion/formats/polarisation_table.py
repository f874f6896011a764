"""A table of steady currents: ``Voltage / V, Current / A``, without a time."""

from __future__ import annotations

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.named_columns import Wanted, has_columns, read_columns
from lamion.records.polarisation_curve import PolarisationCurve

_WANTED = {
    "voltage": Wanted(("voltage", "potential", "e", "v", "u"), "V"),
    "current": Wanted(("current", "steadycurrent", "i"), "A"),
}


def _matches(raw: RawFile) -> bool:
    return has_columns(raw, _WANTED)


def _read(raw: RawFile) -> Parsed:
    table = read_columns(raw, _WANTED)
    return Parsed(
        (PolarisationCurve(table.columns["voltage"], table.columns["current"]),), table.comments, table.warnings
    )


FORMAT = Format("table of steady currents", _matches, _read)
