"""Scribner's data files (.z) of the time of ZPlotW: their header is that of the Z60W text."""

from __future__ import annotations

from lamion.formats.autolab import read_quoted
from lamion.formats.content import Format, RawFile

_SIGNATURE = "ZPlotW Data File:"


def _matches(raw: RawFile) -> bool:
    return raw.text.line(1).strip().strip('"').startswith(_SIGNATURE)


FORMAT = Format("ZPlotW data file", _matches, read_quoted)
