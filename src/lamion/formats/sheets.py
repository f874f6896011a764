"""Sheets of a spreadsheet to records: each is read as the table that it would be as tab-separated text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lamion.formats import csv_table, cyclers, declared_tables, points, unknown
from lamion.formats.content import Format, Parsed, RawFile
from lamion.quantities import FileFormatError
from lamion.records import ImpedanceSpectrum
from lamion.records.record import Record

_MOST_CELLS = 1_500_000
_MOST_CHARACTERS = 32 * 2**20
LONGEST_TEXT = 2**15
"""Characters in a cell: Excel allows no more."""
_MOST_ROWS, _MOST_COLUMNS = 2**20, 2**14
_BREAKS = str.maketrans("\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " " * 11)


@dataclass(eq=False)
class Sheet:
    """One sheet while it is read: its cells by row and column, counted from 0."""

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    cells: int = 0
    characters: int = 0

    def put(self, file: str, row: int, column: int, text: str) -> None:
        """Take a cell; blanks are none."""
        if len(text) > LONGEST_TEXT:
            raise self._too_much(file, f"at most {LONGEST_TEXT} characters in a cell", f"{len(text)}")
        printed = text.translate(_BREAKS).strip()
        if not printed:
            return
        self.cells += 1
        self.characters += len(printed)
        if self.cells > _MOST_CELLS or self.characters > _MOST_CHARACTERS:
            raise self._too_much(file, f"at most {_MOST_CELLS} cells and {_MOST_CHARACTERS} characters", "more")
        if not (0 <= row < _MOST_ROWS and 0 <= column < _MOST_COLUMNS):
            raise self._too_much(file, f"{_MOST_ROWS} rows and {_MOST_COLUMNS} columns", "a cell beyond them")
        self.rows.setdefault(row, {})[column] = printed

    def text(self, file: str) -> str:
        """Return the sheet as text with tabs; a row is as wide as the one above it at least, as below headers."""
        lines: list[str] = []
        width = filled = 0
        for row in sorted(self.rows):
            lines += [""] * (row - len(lines))
            cells = self.rows[row]
            width = max(width, 1 + max(cells))
            filled += width
            if filled > 2 * _MOST_CELLS:
                raise self._too_much(file, "a table", "rows of a few cells, far apart")
            lines.append("\t".join(cells.get(column, "") for column in range(width)))
        return "\n".join(lines) + "\n"

    def _too_much(self, file: str, expected: str, found: str) -> FileFormatError:
        where = f"sheet '{self.name[:60]}'"
        return FileFormatError(file, where, expected, found, "Export the measurement alone, as CSV.")


def spreadsheet(name: str, matches: Callable[[RawFile], bool], sheets: Callable[[RawFile], Sequence[Sheet]]) -> Format:
    """Return the format of a kind of spreadsheet, by what its sheets are."""
    return Format(
        name,
        matches,
        lambda raw: _read(raw, sheets(raw)),
        binary=True,
        texts=lambda raw: [_as_text(raw, sheet) for sheet in sheets(raw) if sheet.rows],
    )


def _read(raw: RawFile, sheets: Sequence[Sheet]) -> Parsed:
    """Read every sheet that is a table of a known kind; those of one spectrum are read once."""
    filled = [sheet for sheet in sheets if sheet.rows]
    texts = [_as_text(raw, sheet) for sheet in filled]
    found = [(sheet, one.read(text)) for sheet, text in zip(filled, texts, strict=True) if (one := _format(text))]
    if not found:
        if not texts:
            raise FileFormatError(raw.name, "", "a sheet with a table", "blank sheets", "Name the right file.")
        raise unknown.refusal(texts[0])
    records, warnings = joined([parsed for _, parsed in found])
    told = found[:1] if warnings else found  # of the same spectrum once
    many = len(told) > 1
    warnings += [
        f"{f'Sheet {sheet.name}: ' if many else ''}{warning}" for sheet, parsed in told for warning in parsed.warnings
    ]
    passed_over = [sheet.name for sheet in filled if sheet not in [one for one, _ in found]]
    if passed_over:
        warnings.append(f"Passed over, since no table that lamion reads stands there: sheet {', '.join(passed_over)}.")
    return Parsed(records, _metadata([sheet for sheet, _ in found], [parsed for _, parsed in found]), tuple(warnings))


def _as_text(raw: RawFile, sheet: Sheet) -> RawFile:
    return RawFile(f"{raw.name}, sheet {sheet.name[:60].translate(_BREAKS)}", sheet.text(raw.name).encode())


def _format(text: RawFile) -> Format | None:
    tables = [csv_table.FORMAT, *cyclers.FORMATS, *map(declared_tables.format_of, declared_tables.kinds())]
    return next((table for table in tables if table.matches(text)), None)


def joined(parsed: Sequence[Parsed]) -> tuple[tuple[Record, ...], list[str]]:
    """Return the records of several sheets, those of one spectrum once, and what there is to warn of."""
    every = [record for one in parsed for record in one.records]
    spectra = [record for record in every if isinstance(record, ImpedanceSpectrum)]
    if len(spectra) < len(every) or len(parsed) == 1:
        return tuple(every), []
    return points.sweeps(spectra, "sheets")


def _metadata(sheets: Sequence[Sheet], parsed: Sequence[Parsed]) -> Mapping[str, str]:
    return {"Sheets": ", ".join(sheet.name for sheet in sheets), **parsed[0].metadata}
