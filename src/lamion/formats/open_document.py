"""OpenDocument spreadsheets (.ods): every sheet in one part of XML, equal cells and rows written once."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lamion.formats.content import RawFile
from lamion.formats.sheets import Sheet, spreadsheet
from lamion.formats.unknown import names_within
from lamion.formats.zipped_xml import Document

_CONTENT = "content.xml"
_REPEATED = re.compile(r"[1-9]\d{0,6}", re.ASCII)
_CELLS = ("table-cell", "covered-table-cell")
_NUMBERS = ("float", "percentage", "currency")
_NOT_CONTENT = ("annotation", "tracked-changes")


def _matches(raw: RawFile) -> bool:
    names = names_within(raw) if raw.start.startswith(b"PK\x03\x04") else []
    return _CONTENT in names and "META-INF/manifest.xml" in names and not any("word" in name for name in names)


def _sheets(raw: RawFile) -> list[Sheet]:
    with Document(raw) as document:
        cells = _Cells(document)
        document.parse(_CONTENT, cells.start, cells.end, cells.text)
    return cells.sheets


FORMAT = spreadsheet("OpenDocument spreadsheet", _matches, _sheets)


class _Cells:
    """The cells as their elements come; a number is its value, whatever is shown of it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.sheets: list[Sheet] = []
        self.row, self.column = 0, 0
        self.rows_alike, self.cells_alike = 1, 1
        self.held: list[tuple[int, str]] = []
        self.value = ""
        self.printed: list[str] = []
        self.inside = False
        self.ignored = 0

    def start(self, element: str, given: Mapping[str, str]) -> None:
        self.ignored += element in _NOT_CONTENT
        if self.ignored:
            return
        if element == "table":
            self.sheets.append(Sheet(given.get("table:name", "")))
            self.row = 0
        elif element == "table-row":
            self.column, self.held = 0, []
            self.rows_alike = self._repeated(given.get("table:number-rows-repeated", "1"))
        elif element in _CELLS:
            number = given.get("office:value-type") in _NUMBERS
            self.value = given.get("office:value", "") if number else ""
            self.cells_alike = self._repeated(given.get("table:number-columns-repeated", "1"))
            self.printed = []
        elif element == "p":
            self.inside = True

    def end(self, element: str) -> None:
        if element in _NOT_CONTENT:
            self.ignored -= 1
        elif self.ignored:
            return
        elif element == "p":
            self.inside = False
        elif element in _CELLS:
            self._cell(self.value or "".join(self.printed))
        elif element == "table-row":
            self._row()

    def text(self, piece: str) -> None:
        if self.inside and not self.ignored:
            self.printed.append(piece)

    def _repeated(self, said: str) -> int:
        if not _REPEATED.fullmatch(said):
            raise self.document.damaged(_CONTENT, "how often a cell or a row stands", f"'{said[:20]}'")
        return int(said)

    def _cell(self, text: str) -> None:
        if text.strip():
            for column in range(self.column, self.column + self.cells_alike):
                self._put(self.row, column, text)
                self.held.append((column, text))
        self.column += self.cells_alike

    def _row(self) -> None:
        for row in range(self.row + 1, self.row + self.rows_alike if self.held else 0):
            for column, text in self.held:
                self._put(row, column, text)
        self.row += self.rows_alike

    def _put(self, row: int, column: int, text: str) -> None:
        if not self.sheets:
            raise self.document.damaged(_CONTENT, "cells of a sheet", "cells outside of one")
        self.sheets[-1].put(self.document.file, row, column, text)
