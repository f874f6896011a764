"""A table of concentration cells: ``concentration / mol/L, voltage / mV``."""

from __future__ import annotations

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.named_columns import Wanted, has_columns, read_columns
from lamion.quantities import FileFormatError
from lamion.records.concentration_cells import ConcentrationCells

_WANTED = {
    "concentration": Wanted(("concentration", "saltconcentration", "c"), "mol/m3"),
    "voltage": Wanted(("voltage", "potential", "e", "u"), "V"),
}


def _matches(raw: RawFile) -> bool:
    return has_columns(raw, _WANTED)


def _read(raw: RawFile) -> Parsed:
    table = read_columns(raw, _WANTED)
    for line, value in zip(table.lines, table.columns["concentration"], strict=True):
        if not value > 0:
            expected, found = "a concentration larger than zero", f"{value:g} mol/m3"
            raise FileFormatError(raw.name, f"line {line}", expected, found, "Mend that line.")
    record = ConcentrationCells(table.columns["concentration"], table.columns["voltage"])
    return Parsed((record,), table.comments, table.warnings)


FORMAT = Format("table of concentration cells", _matches, _read)
