"""JCAMP-DX (.jdx, .dx): spectra of any kind, in every compression; the data type says which record it becomes.

A compound file gives one record for each spectrum within it. Lists of peaks are no spectra, and are told so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lamion.formats import jcamp_resonance
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.jcamp_fields import AGAIN, Block, Field, compared, read_blocks
from lamion.formats.jcamp_tables import Table, table_of, tables_of
from lamion.formats.spectrometer import infrared, oddities, record_of
from lamion.quantities import FileFormatError
from lamion.records.record import Record
from lamion.records.spectrum import RamanSpectrum, Spectrum

_LOOKED_AT = 20
"""Lines in which the title stands."""
_TO_WAVENUMBER = {"1CM": None, "CM1": None, "MICROMETERS": 1e4, "MICRONS": 1e4, "NANOMETERS": 1e7}
"""What a wavelength divides to become a wavenumber in 1/cm; None where the abscissa is one, by its compared unit."""
_ABSORBANCE = ("ABSORBANCE", "ABSORBANCEUNITS")
_TRANSMITTANCE = ("TRANSMITTANCE", "TRANSMISSION")
_PERCENT = ("%T", *(f"{word}{name}" for word in ("%", "PERCENT") for name in _TRANSMITTANCE))
_INFRARED = ("INFRAREDSPECTRUM", "IRSPECTRUM", "NEARINFRAREDSPECTRUM", "NIRSPECTRUM", "FTIRSPECTRUM")
_OTHERS = (
    "UVVISSPECTRUM", "UVVISIBLESPECTRUM", "ULTRAVIOLETVISIBLESPECTRUM", "UVSPECTRUM", "VISIBLESPECTRUM",
    "FLUORESCENCESPECTRUM", "INFRAREDINTERFEROGRAM", "ESRSPECTRUM", "EPRSPECTRUM", "CDSPECTRUM",
)  # fmt: skip
_PEAKS = ("PEAKTABLE", "PEAKASSIGNMENTS")
_LONGEST = 120
"""Letters of a header's entry."""


def _matches(raw: RawFile) -> bool:
    for line in raw.text.lines[:_LOOKED_AT]:
        said = line.text.partition("$$")[0].strip()
        if said:
            label, equals, _ = said.partition("=")
            return bool(equals) and label.startswith("##") and compared(label[2:]) in ("TITLE", "JCAMPDX")
    return False


def _read(raw: RawFile) -> Parsed:
    records: list[Record] = []
    warnings: list[str] = []
    outermost = read_blocks(raw.text)
    spectra = [one for block in outermost for one in _spectra(block)]
    for block in spectra:
        found, said = _of_block(block)
        records += found
        warnings += said
    every = [one for block in outermost for one in (block, *block.inner)]
    if not records:
        raise _no_spectrum(raw.name, every)
    if any(not block.closed for block in every):
        warnings.append("##END= is missing: the file may have been cut.")
    return Parsed(tuple(records), _metadata(spectra[0]), tuple(dict.fromkeys(warnings)))


FORMAT = Format("JCAMP-DX", _matches, _read)


def _spectra(block: Block) -> Iterator[Block]:
    """Yield the blocks that hold a spectrum; a compound one must hold as many blocks as it says."""
    declared = block.number("BLOCKS")
    if declared is not None and block.inner and declared.value not in (len(block.inner), len(block.inner) + 1):
        field = block.need("BLOCKS")
        expected = f"{len(block.inner)} blocks declared, as many as follow"
        raise FileFormatError(block.file, f"line {field.line}", expected, field.value[:20], AGAIN)
    if any(field.label in ("XYDATA", "XYPOINTS", "NTUPLES") for field in block.fields):
        yield block
    for inner in block.inner:
        yield from _spectra(inner)


def _no_spectrum(file: str, blocks: Sequence[Block]) -> FileFormatError:
    peaks = next((field for block in blocks for field in block.fields if field.label in _PEAKS), None)
    if peaks is not None:
        found, remedy = "a list of peaks, which is no spectrum", "Export the spectrum itself (##XYDATA=)."
        return FileFormatError(file, f"line {peaks.line}", "a spectrum", found, remedy)
    return FileFormatError(file, "", "a spectrum (##XYDATA=, ##XYPOINTS= or ##NTUPLES=)", "none", AGAIN)


def _of_block(block: Block) -> tuple[list[Record], list[str]]:
    kind = block.need("DATATYPE").word
    if block.find("NTUPLES") is not None:
        tables = tables_of(block)
    else:
        table = table_of(block)
        assert table is not None  # noqa: S101  the block was chosen for it
        tables = [table]
    warnings = [*_doubts(kind), *(text for table in tables for text in table.warnings)]
    if kind.startswith("NMR"):
        read = jcamp_resonance.decay_of if kind == "NMRFID" else jcamp_resonance.spectrum_of
        record, said = read(block, tables)
        return [record], [*said, *warnings]
    found: list[Record] = []
    for one in tables:
        record_of_table, more = _spectrum(block, kind, one)
        found.append(record_of_table)
        warnings += [*more, *oddities(one.x, one.y, _place, rest=False)]
    return found, warnings


def _doubts(kind: str) -> Iterator[str]:
    if kind not in (*_INFRARED, *_OTHERS, "RAMANSPECTRUM", "NMRSPECTRUM", "NMRFID"):
        yield f"The data type '{kind[:40]}' is none that lamion knows of JCAMP-DX."


def _place(point: int) -> str:
    return f"point {point + 1}"


def _spectrum(block: Block, kind: str, table: Table) -> tuple[Record, list[str]]:
    x_unit, y_unit = compared(table.x_unit), compared(table.y_unit)
    if kind == "RAMANSPECTRUM" and x_unit in ("1CM", "CM1"):
        arrays = {"shift": table.x, "counts": table.y}
        return record_of(block.file, RamanSpectrum, arrays, _place, AGAIN), []
    if kind in _INFRARED and x_unit in _TO_WAVENUMBER and y_unit in (*_ABSORBANCE, *_TRANSMITTANCE, *_PERCENT):
        return infrared(
            block.file,
            table.x,
            table.y,
            _place,
            AGAIN,
            over=_TO_WAVENUMBER[x_unit],
            absorbance=y_unit in _ABSORBANCE,
            percent=y_unit in _PERCENT,
            attenuated=_attenuated(block),
        )
    units = {"position_unit": table.x_unit, "intensity_unit": table.y_unit}
    record = record_of(block.file, Spectrum, {"position": table.x, "intensity": table.y}, _place, AGAIN, **units)
    odd = kind in _INFRARED or kind == "RAMANSPECTRUM"
    said = f"Its units, {table.x_unit[:30]} and {table.y_unit[:30]}, are not those of that data type: they are kept."
    return record, [said] if odd else []


def _attenuated(block: Block) -> bool | None:
    said = f"{block.word('SAMPLINGPROCEDURE')} {block.word('YUNITS')}"
    if "ATR" in said or "ATTENUATEDTOTAL" in said:
        return True
    return False if "TRANSMISSION" in said else None


def _metadata(block: Block) -> Mapping[str, str]:
    """Return the header; what it says of its own table and the private fields, often hundreds, are left out."""
    shown = [field for field in block.fields if _is_told(field)]
    return {_name(field): field.value for field in shown}


def _is_told(field: Field) -> bool:
    return not field.label.startswith("$") and field.label not in _OF_THE_TABLE and 0 < len(field.value) <= _LONGEST


_OF_THE_TABLE = ("XYDATA", "XYPOINTS", "NTUPLES", "DATATABLE", "PAGE", "ENDNTUPLES", "AUDITTRAIL")


def _name(field: Field) -> str:
    return {"TITLE": "Title", "LONGDATE": "Date"}.get(field.label, field.printed)
