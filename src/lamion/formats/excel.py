"""Excel workbooks (.xlsx): each sheet a part of XML, texts shared between them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from lamion.formats.content import RawFile
from lamion.formats.sheets import LONGEST_TEXT, Sheet, spreadsheet
from lamion.formats.unknown import names_within
from lamion.formats.zipped_xml import Document

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_TEXTS = "xl/sharedStrings.xml"
_PLACE = re.compile(r"(?P<column>[A-Z]{1,3})(?P<row>[1-9]\d{0,6})", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(b"PK\x03\x04") and _WORKBOOK in names_within(raw)


def _sheets(raw: RawFile) -> list[Sheet]:
    with Document(raw) as document:
        texts = _shared_texts(document) if _TEXTS in document else []
        return [_sheet(document, name, part, texts) for name, part in _parts(document).items()]


FORMAT = spreadsheet("Excel workbook", _matches, _sheets)


def _parts(document: Document) -> dict[str, str]:
    """Return the part of each worksheet by its name; charts have none."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(element: str, given: Mapping[str, str]) -> None:
        if element == "Relationship" and given.get("Type", "").endswith("/worksheet"):
            targets[given.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", given.get("Target", ""))).lstrip(
                "/"
            )

    def sheet(element: str, given: Mapping[str, str]) -> None:
        if element == "sheet":
            identity = next((value for name, value in given.items() if name.rpartition(":")[::2] == ("r", "id")), "")
            if given.get("name", "") in names:
                raise document.damaged(_WORKBOOK, "sheets of different names", f"'{given['name'][:40]}' twice")
            names[given.get("name", "")] = identity

    document.parse(_RELATIONS, relation)
    document.parse(_WORKBOOK, sheet)
    return {name: targets[identity] for name, identity in names.items() if identity in targets}


def _shared_texts(document: Document) -> list[str]:
    """Return the texts that cells name by their number; the readings of Chinese characters are none."""
    found: list[str] = []
    inside = {"t": False, "rPh": False}

    def start(element: str, _: Mapping[str, str]) -> None:
        if element == "si":
            found.append("")
        if element in inside:
            inside[element] = True

    def end(element: str) -> None:
        if element in inside:
            inside[element] = False

    def text(piece: str) -> None:
        if inside["t"] and not inside["rPh"] and found:
            found[-1] += piece
            if len(found[-1]) > LONGEST_TEXT:
                raise document.damaged(_TEXTS, f"texts of at most {LONGEST_TEXT} characters", "a longer one")

    document.parse(_TEXTS, start, end, text)
    return found


class _Cells:
    """A sheet's cells as its elements come: ``c`` with a place and a kind, in it ``v`` or ``is``."""

    def __init__(self, document: Document, sheet: Sheet, part: str, texts: list[str]) -> None:
        self.document, self.sheet, self.part, self.texts = document, sheet, part, texts
        self.place = (0, -1)
        self.kind = ""
        self.printed: list[str] = []
        self.inside = False

    def start(self, element: str, given: Mapping[str, str]) -> None:
        if element == "row":
            self.place = (self._row(given), -1)
        elif element == "c":
            self.place, self.kind, self.printed = self._place(given), given.get("t", "n"), []
        elif element in ("v", "t"):
            self.inside = True

    def end(self, element: str) -> None:
        if element in ("v", "t"):
            self.inside = False
        elif element == "c":
            self.sheet.put(self.document.file, *self.place, self._text("".join(self.printed)))

    def text(self, piece: str) -> None:
        if self.inside:
            self.printed.append(piece)

    def _row(self, given: Mapping[str, str]) -> int:
        said = given.get("r", "")
        return int(said) - 1 if _WHOLE.fullmatch(said) else self.place[0] + (self.place[1] >= 0)

    def _place(self, given: Mapping[str, str]) -> tuple[int, int]:
        match = _PLACE.fullmatch(given.get("r", ""))
        if match is None:
            if "r" in given:
                raise self.document.damaged(self.part, "the place of a cell, such as B7", f"'{given['r'][:20]}'")
            return self.place[0], self.place[1] + 1
        column = 0
        for letter in match["column"]:
            column = 26 * column + ord(letter) - 64
        if (place := (int(match["row"]) - 1, column - 1)) <= self.place or place[0] != self.place[0]:
            raise self.document.damaged(self.part, "cells in the order of the sheet", f"'{given['r']}'")
        return place

    def _text(self, printed: str) -> str:
        if self.kind != "s":
            return printed
        if not _WHOLE.fullmatch(printed) or int(printed) >= len(self.texts):
            raise self.document.damaged(self.part, f"a text among {len(self.texts)}", f"'{printed[:20]}'")
        return self.texts[int(printed)]


def _sheet(document: Document, name: str, part: str, texts: list[str]) -> Sheet:
    found = Sheet(name)
    cells = _Cells(document, found, part, texts)
    document.parse(part, cells.start, cells.end, cells.text)
    return found
