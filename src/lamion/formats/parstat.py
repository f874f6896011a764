"""Text that Princeton Applied Research's Parstat programs export: one table of direct current and impedance.

Points of direct current have a frequency and an impedance of zero; each run of the others is a sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lamion.formats import spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.direct_current import sweeps
from lamion.formats.headers import Headings, understand
from lamion.formats.side_columns import Layout, check_rising, up_to
from lamion.formats.table import headers
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError

_SEPARATOR = "\t"
_TIME = "Elapsed Time (s)"
_SIGNATURE = {_TIME, "Frequency (Hz)", "Zre (ohms)", "Zim (ohms)"}


def _matches(raw: RawFile) -> bool:
    return set(headers(raw.text.line(1), _SEPARATOR)) >= _SIGNATURE


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    labels = headers(text.line(1), _SEPARATOR)
    headings = understand(text.file, 1, labels)
    spectra.require_columns(text.file, 1, labels, headings)
    layout = Layout(labels, _SEPARATOR)
    table = layout.rows(text.file, text.lines[1:])
    runs = sweeps(text.lines[1:], headings, _SEPARATOR)
    found = [_sweep(text, run, headings, len(labels)) for run in _refuse_none(text, runs)]
    records = tuple(spectrum for one in found for spectrum in one.spectra)
    if len(records) > 1:
        records = tuple(replace(spectrum, cycle=number) for number, spectrum in enumerate(records, start=1))
    warnings = [warning for one in found for warning in one.warnings]
    warnings += check_rising(table, layout.column(text.file, table, _TIME))
    direct = len(table) - sum(map(len, records))
    return Parsed(records, {"Points of direct current": str(direct)}, tuple(warnings))


FORMAT = Format("Parstat text", _matches, _read)


def _refuse_none(text: Text, runs: list[tuple[TextLine, ...]]) -> list[tuple[TextLine, ...]]:
    if runs:
        return runs
    raise FileFormatError(
        text.file,
        "",
        "points of impedance",
        "points of direct current alone, whose frequencies are zero",
        "Choose the file of the impedance sweep, or export it again.",
    )


def _sweep(text: Text, run: Sequence[TextLine], headings: Headings, width: int) -> spectra.TableSpectra:
    return spectra.from_table(up_to(text, run[-1].number), run, headings, width, _SEPARATOR)
