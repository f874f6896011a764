"""A table of conductivities: ``temperature / degC, conductivity / S/cm``, optionally ``uncertainty / S/cm``."""

from __future__ import annotations

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.named_columns import Wanted, has_columns, read_columns
from lamion.quantities import FileFormatError
from lamion.records.conductivity_series import ConductivitySeries

_WANTED = {
    "temperature": Wanted(("temperature", "temp", "t"), "K"),
    "conductivity": Wanted(("conductivity", "ionicconductivity", "sigma", "σ"), "S/m"),
    "uncertainty": Wanted(("uncertainty", "conductivityuncertainty", "std", "u"), "S/m", required=False),
}


def _matches(raw: RawFile) -> bool:
    return has_columns(raw, _WANTED)


def _read(raw: RawFile) -> Parsed:
    table = read_columns(raw, _WANTED)
    for key, values in table.columns.items():
        for line, value in zip(table.lines, values, strict=True):
            if not value > 0:
                found = f"{value:g} {_WANTED[key].unit}"
                raise FileFormatError(
                    raw.name, f"line {line}", f"a value of the {key} larger than zero", found, "Mend that line."
                )
    columns = table.columns
    series = ConductivitySeries(columns["temperature"], columns["conductivity"], columns.get("uncertainty"))
    return Parsed((series,), table.comments, table.warnings)


FORMAT = Format("table of conductivities", _matches, _read)
