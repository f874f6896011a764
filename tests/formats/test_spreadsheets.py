"""Excel and OpenDocument: sheets made here, damaged in the archive and in its XML, and hostile ones."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import fixtures, instruments
from tests.formats.mutator import Mutant, Seed

from lamion.formats import RawFile, read_raw
from lamion.quantities import FileFormatError
from lamion.records.measurements import CurrentTransient

_DATA = fixtures.spectrum()
_ROWS: list[list[str | float]] = [
    ["Frequency / Hz", "Real Impedance / ohm", "Imaginary Impedance / ohm", "|Z| / ohm", "Phase / deg"],
    *(
        [float(f), float(z.real), float(z.imag), float(abs(z)), float(np.degrees(np.angle(z)))]
        for f, z in zip(_DATA.frequency, _DATA.impedance, strict=True)
    ),
]
_BEGIN = '<?xml version="1.0" encoding="UTF-8"?>'
_ALIKE = "table:number-columns-repeated"


def _archive(parts: dict[str, str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2021, 3, 3, 9, 15, 0)), text, compression)
    return held.getvalue()


def _excel_parts(sheets: dict[str, list[list[str | float]]], *, shared: bool = True) -> dict[str, str]:
    texts: list[str] = []
    parts: dict[str, str] = {}
    for number, rows in enumerate(sheets.values(), start=1):
        lines = []
        for row, cells in enumerate(rows, start=1):
            found = ""
            for column, cell in enumerate(cells):
                place = f'r="{chr(65 + column)}{row}"'
                if not isinstance(cell, str):
                    found += f"<c {place}><v>{cell!r}</v></c>"
                elif shared:
                    texts.append(cell)
                    found += f'<c {place} t="s"><v>{len(texts) - 1}</v></c>'
                else:
                    found += f'<c {place} t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            lines.append(f'<row r="{row}">{found}</row>')
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f"{_BEGIN}<worksheet><sheetData>{''.join(lines)}</sheetData></worksheet>"
        )
    names = "".join(f'<sheet name={quoteattr(name)} r:id="r{k}"/>' for k, name in enumerate(sheets, start=1))
    links = "".join(
        f'<Relationship Id="r{k}" Type="http://x/worksheet" Target="worksheets/sheet{k}.xml"/>'
        for k in range(1, len(sheets) + 1)
    )
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    return {
        "xl/workbook.xml": f'{_BEGIN}<workbook xmlns:r="r"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"{_BEGIN}<Relationships>{links}</Relationships>",
        "xl/sharedStrings.xml": f"{_BEGIN}<sst>{items}</sst>",
        **parts,
    }


def _open_document_parts(sheets: dict[str, list[list[str | float]]]) -> dict[str, str]:
    tables = ""
    for name, rows in sheets.items():
        tables += f"<table:table table:name={quoteattr(name)}>"
        for cells in rows:
            found = "".join(
                f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>"
                if isinstance(cell, str)
                else f'<table:table-cell office:value-type="float" office:value="{cell!r}"><text:p>{cell:.3g}</text:p>'
                "</table:table-cell>"
                for cell in cells
            )
            tables += f'<table:table-row>{found}<table:table-cell {_ALIKE}="16000"/></table:table-row>'
        tables += '<table:table-row table:number-rows-repeated="1040000"><table:table-cell/></table:table-row>'
        tables += "</table:table>"
    spaces = 'xmlns:table="t" xmlns:office="o" xmlns:text="x"'
    return {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"{_BEGIN}<office:document-content {spaces}>{tables}</office:document-content>",
        "META-INF/manifest.xml": f"{_BEGIN}<manifest/>",
    }


_COATS = {"Excel workbook": _excel_parts, "OpenDocument spreadsheet": _open_document_parts}
_SHEET = {"Excel workbook": "xl/worksheets/sheet1.xml", "OpenDocument spreadsheet": "content.xml"}
_SEEDS = {
    coat: Seed(coat, _archive(make({"cell": _ROWS})).decode("latin-1"), " ", "latin-1", witnessed=1e-5)
    for coat, make in _COATS.items()
}


def _read(parts: dict[str, str]):
    return read_raw(RawFile("cell", _archive(parts)))


@pytest.mark.parametrize("coat", _COATS)
def test_a_sheet_is_the_table_that_it_holds(coat: str) -> None:
    content = _read(_COATS[coat]({"cell 3": [["Sample: pellet 3"], [], *_ROWS]}))
    (spectrum,) = content.records
    assert content.format == coat
    assert np.array_equal(spectrum.impedance, _DATA.impedance)
    assert content.metadata["Sheets"] == "cell 3"
    assert content.warnings == ()


def test_texts_within_their_cells() -> None:
    assert np.array_equal(_read(_excel_parts({"a": _ROWS}, shared=False)).records[0].impedance, _DATA.impedance)


@pytest.mark.parametrize("coat", _COATS)
def test_sheets_of_one_spectrum_and_of_several(coat: str) -> None:
    turned = [[*_ROWS[0][:2], "-Im(Z) / ohm"], *([row[0], row[1], -row[2]] for row in _ROWS[1:])]  # type: ignore[operator]
    content = _read(_COATS[coat]({"a": _ROWS, "b": turned, "notes": [["only words"]]}))
    assert len(content.records) == 1
    assert content.warnings == (
        "The 2 sheets hold the same spectrum; it was read once.",
        "Passed over, since no table that lamion reads stands there: sheet notes.",
    )
    other = [_ROWS[0], *([row[0], 2.0 * row[1], 2.0 * row[2], 2.0 * row[3], row[4]] for row in _ROWS[1:])]  # type: ignore[operator]
    assert [record.cycle for record in _read(_COATS[coat]({"a": _ROWS, "b": other})).records] == [1, 2]


@pytest.mark.parametrize("coat", _COATS)
def test_a_transient(coat: str) -> None:
    rows: list[list[str | float]] = [["time / s", "voltage / V", "current / mA"], *([k, 0.01, 2.0] for k in range(5))]
    (record,) = _read(_COATS[coat]({"dc": rows})).records
    assert isinstance(record, CurrentTransient)
    assert record.current.tolist() == [2e-3] * 5


@pytest.mark.parametrize("coat", _COATS)
def test_columns_and_records_that_are_said(coat: str) -> None:
    rows: list[list[str | float]] = [["Notiz", "Zeit", "Strom"], *(["x", 2.0 * k, 5.0] for k in range(4))]
    content = _archive(_COATS[coat]({"notes": [["only words"]], "dc": rows}))
    found = read_raw(RawFile("cell", content), columns="time=2 min,current=3 mA")
    assert isinstance(found.records[0], CurrentTransient)
    assert (found.records[0].time.tolist(), found.records[0].current.tolist()) == ([0, 120, 240, 360], [5e-3] * 4)
    bare: list[list[str | float]] = [[0.5 * k, 0.01 * k] for k in range(1, 15)]
    said = read_raw(RawFile("cell", _archive(_COATS[coat]({"a": bare}))), record="diffraction")
    assert said.records[0].columns()["Counts / 1"][0] == 0.01
    with pytest.raises(FileFormatError, match="sheet notes: expected lines with numbers in the columns"):
        read_raw(RawFile("cell", _archive(_COATS[coat]({"notes": [["only words"]]}))), columns="f=1,re=2,im=3")


@pytest.mark.parametrize("coat", _COATS)
def test_a_sheet_that_is_refused_names_the_columns_that_read_it(coat: str) -> None:
    rows = [["Frequenz / Hz", "Realteil / ohm", "Imaginärteil / ohm"], *(row[:3] for row in _ROWS[1:])]
    content = _archive(_COATS[coat]({"a": rows}))
    with pytest.raises(FileFormatError, match='--columns "f=1 Hz,re=2 ohm,im=3 ohm"'):
        read_raw(RawFile("cell", content))
    (spectrum,) = read_raw(RawFile("cell", content), columns="f=1 Hz,re=2 ohm,im=3 ohm").records
    assert np.array_equal(spectrum.impedance, _DATA.impedance)


def test_a_row_is_named_by_its_number() -> None:
    rows = [*_ROWS[:5], [*_ROWS[5][:2], "broken", *_ROWS[5][3:]], *_ROWS[6:]]
    with pytest.raises(FileFormatError, match=r"The file cell, sheet a, line 6: expected a number .* found 'broken'"):
        _read(_excel_parts({"a": rows}))


@pytest.mark.parametrize("coat", _COATS)
def test_nothing_but_blanks(coat: str) -> None:
    with pytest.raises(FileFormatError, match="expected a sheet with a table, found blank sheets"):
        _read(_COATS[coat]({"a": []}))


def _of_xml(coat: str, count: int, number: int = 5) -> list[Mutant]:
    """Damage the sheet's XML and pack it again, so that no checksum of the archive shows it."""
    parts = _COATS[coat]({"cell": _ROWS})
    inner = Seed("xml", parts[_SHEET[coat]], " ")
    found = []
    for mutant in instruments.binary_mutants(inner, count, number=number):
        changed = {**parts, _SHEET[coat]: mutant.content.decode("latin-1")}
        found.append(Mutant(mutant.kind, _archive(changed), columns=None))
    return found


def _same(coat: str):
    make = _COATS[coat]
    return [
        lambda rng: _archive(make({"abcdef"[: 1 + rng.integers(5)]: _ROWS})),
        lambda _: _archive(make({"cell": _ROWS}), zipfile.ZIP_STORED),
        lambda rng: (
            _archive(make({"cell": [[row[k] for k in order] for row in _ROWS]}))
            if (order := rng.permutation(5).tolist())
            else b""
        ),
    ]


@pytest.mark.parametrize("coat", _COATS)
@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants(coat: str, count: int) -> None:
    instruments.check(_SEEDS[coat], instruments.binary_mutants(_SEEDS[coat], count, _same(coat)))


@pytest.mark.parametrize("coat", _COATS)
@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants_of_the_xml(coat: str, count: int) -> None:
    instruments.check(_SEEDS[coat], _of_xml(coat, count), undetectable=0.25)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([*_SEEDS.values()]).flatmap(instruments.edits))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


_BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("coat", _COATS)
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda text: text.replace(_BEGIN, _BEGIN + _BOMB), "XML without a document type"),
        (lambda text: text + " " * (70 * 2**20), "at most 64 MiB, unpacked"),
        (lambda text: text.replace(_BEGIN, _BEGIN + "<a>" * 1000), "too many elements or too deep ones"),
        (lambda text: text[:200], "well-formed XML"),
    ],
)
def test_hostile_xml(coat: str, change, expected: str) -> None:
    parts = _COATS[coat]({"cell": _ROWS})
    with pytest.raises(FileFormatError, match=expected):
        _read({**parts, _SHEET[coat]: change(parts[_SHEET[coat]])})


def test_cells_repeated_beyond_measure() -> None:
    parts = _open_document_parts({"cell": _ROWS})
    cell = f'<table:table-cell {_ALIKE}="9000"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row></table:table>'
    with pytest.raises(FileFormatError, match="at most 1500000 cells"):
        _read({**parts, "content.xml": parts["content.xml"].replace("</table:table>", row)})


def test_texts_beyond_measure() -> None:
    parts = _excel_parts({"cell": _ROWS})
    texts = parts["xl/sharedStrings.xml"].replace("<t>", "<t>" + "a" * 2**20, 1)
    with pytest.raises(FileFormatError, match="texts of at most 32768 characters"):
        _read({**parts, "xl/sharedStrings.xml": texts})
    cell = f"<table:table-cell><text:p>{'a' * 2**16}</text:p></table:table-cell>"
    parts = _open_document_parts({"cell": _ROWS})
    with pytest.raises(FileFormatError, match="at most 32768 characters in a cell"):
        _read({**parts, "content.xml": parts["content.xml"].replace("<table:table-cell>", cell, 1)})


def test_cells_far_apart() -> None:
    rows = "".join(f'<row r="{k}"><c r="A{k}"><v>1</v></c></row>' for k in range(2, 2000))
    sheet = f'<worksheet><row r="1"><c r="XFD1"><v>1</v></c></row>{rows}</worksheet>'
    with pytest.raises(FileFormatError, match="expected a table, found rows of a few cells, far apart"):
        _read({**_excel_parts({"cell": _ROWS}), _SHEET["Excel workbook"]: sheet})


def test_a_text_that_is_not_there() -> None:
    parts = _excel_parts({"cell": _ROWS})
    sheet = parts[_SHEET["Excel workbook"]].replace('t="s"><v>0</v>', 't="s"><v>99999</v>')
    with pytest.raises(FileFormatError, match="expected a text among 5, found '99999'"):
        _read({**parts, _SHEET["Excel workbook"]: sheet})


def test_cells_out_of_order() -> None:
    parts = _excel_parts({"cell": _ROWS})
    sheet = parts[_SHEET["Excel workbook"]].replace('r="B3"', 'r="A3"')
    with pytest.raises(FileFormatError, match="expected cells in the order of the sheet, found 'A3'"):
        _read({**parts, _SHEET["Excel workbook"]: sheet})
