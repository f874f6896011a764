"""A table of an open-circuit potential: ``Lithium Content / 1, Voltage / V``."""

from __future__ import annotations

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.named_columns import Wanted, has_columns, read_columns
from lamion.records.open_circuit_curve import OpenCircuitCurve

_WANTED = {
    "content": Wanted(("lithiumcontent", "stoichiometry", "sto", "x"), "1"),
    "voltage": Wanted(("voltage", "potential", "ocv", "ocp", "e", "v", "u"), "V"),
}


def _matches(raw: RawFile) -> bool:
    return has_columns(raw, _WANTED)


def _read(raw: RawFile) -> Parsed:
    table = read_columns(raw, _WANTED)
    curve = OpenCircuitCurve(table.columns["content"], table.columns["voltage"])
    return Parsed((curve,), table.comments, table.warnings)


FORMAT = Format("table of an open-circuit potential", _matches, _read)
