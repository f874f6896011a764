"""NMR spectra and decays in JCAMP-DX: the shift from the frequency, the spectrometer's and the reference.

``##.SHIFT REFERENCE=`` names a point and its shift; Bruker's ``##$OFFSET=`` is the shift of the first point. Where
neither stands, zero hertz is zero ppm. [1]_

References
----------
.. [1] A. N. Davies, P. Lampen, JCAMP-DX for NMR, Appl. Spectrosc. 47, 1093-1099 (1993),
   doi:10.1366/0003702934067874.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.formats.jcamp_fields import AGAIN, Block, Number, number_in
from lamion.formats.jcamp_tables import Table
from lamion.formats.spectrometer import record_of
from lamion.quantities import FileFormatError
from lamion.records.spectrum import InductionDecay, ResonanceSpectrum

Array = NDArray[np.float64]
_NEAR = 1e-3
"""Relative: the carrier's frequency and the reference's lie so near."""
_AGREE = 0.01
"""ppm"""
_PARTS = ("REAL", "IMAG")


def spectrum_of(block: Block, tables: Sequence[Table]) -> tuple[ResonanceSpectrum, list[str]]:
    """Return the spectrum of a block, and what is odd about its shifts."""
    real, imaginary = _parts(block, tables)
    frequency, warnings = _frequency(block)
    unit = real.x_unit.upper()
    if unit == "PPM":
        shift = real.x
    elif unit in ("HZ", "HERTZ"):
        shift, said = _shift(block, real.x, _reference_frequency(block, frequency))
        warnings += said
    else:
        raise FileFormatError(block.file, "", "frequencies in HZ or shifts in PPM", f"'{real.x_unit[:30]}'", AGAIN)
    arrays = {"shift": shift, "real": real.y} | ({} if imaginary is None else {"imaginary": imaginary.y})
    known = {"frequency": None if frequency is None else frequency * 1e6, "nucleus": _nucleus(block)}
    return record_of(block.file, ResonanceSpectrum, arrays, _place, AGAIN, **known), warnings


def decay_of(block: Block, tables: Sequence[Table]) -> tuple[InductionDecay, list[str]]:
    """Return the decay of a block, and what is odd about it."""
    real, imaginary = _parts(block, tables)
    if imaginary is None:
        expected = "the real and the imaginary part of a decay (##NTUPLES=)"
        raise FileFormatError(block.file, "", expected, "one of them", "Export the decay with both of its parts.")
    if real.x_unit.upper() not in ("SECONDS", "SECOND", "S", "SEC"):
        raise FileFormatError(block.file, "", "times in SECONDS", f"'{real.x_unit[:30]}'", AGAIN)
    frequency, warnings = _frequency(block)
    carrier, reference = block.number("$SFO1"), block.number("$SF")
    lead = block.number("$GRPDLY")
    record = record_of(
        block.file,
        InductionDecay,
        {"time": real.x, "real": real.y, "imaginary": imaginary.y},
        _place,
        AGAIN,
        frequency=None if frequency is None else frequency * 1e6,
        nucleus=_nucleus(block),
        carrier=None if carrier is None or reference is None else 1e6 * (carrier.value / reference.value - 1.0),
        lead=None if lead is None or lead.value < 0.0 else lead.value,
    )
    return record, warnings


def _place(point: int) -> str:
    return f"point {point + 1}"


def _parts(block: Block, tables: Sequence[Table]) -> tuple[Table, Table | None]:
    """Return the real and the imaginary part; a table without a name is the real one."""
    if len(tables) == 1 and not tables[0].y_name:
        return tables[0], None
    named = [[table for table in tables if part in table.y_name] for part in _PARTS]
    if len(named[0]) != 1 or len(named[1]) > 1 or len(tables) != len(named[0]) + len(named[1]):
        found = ", ".join(table.y_name for table in tables[:8])
        expected = "one real and at most one imaginary part"
        raise FileFormatError(
            block.file, "", expected, f"the pages {found}", "Export spectra of one dimension, one by one."
        )
    real, imaginary = named[0][0], named[1][0] if named[1] else None
    if imaginary is not None and not np.array_equal(real.x, imaginary.x):
        expected = "the abscissae of the real part for the imaginary part"
        raise FileFormatError(block.file, "", expected, "others", AGAIN)
    return real, imaginary


def _nucleus(block: Block) -> str | None:
    field = block.find(".OBSERVENUCLEUS")
    return field.value.replace("^", "").strip("<> ") or None if field is not None else None


def _frequency(block: Block) -> tuple[float | None, list[str]]:
    """Return the spectrometer's frequency in MHz."""
    found = block.number(".OBSERVEFREQUENCY")
    if found is None:
        return None, []
    if found.value <= 0.0:
        where = f"line {block.need('.OBSERVEFREQUENCY').line}"
        raise FileFormatError(block.file, where, "a frequency in MHz larger than zero", f"{found.value:g}", AGAIN)
    return found.value, []


def _reference_frequency(block: Block, frequency: float | None) -> float:
    """Return the frequency in MHz of 0 ppm, by which frequencies become shifts."""
    if frequency is None:
        raise FileFormatError(block.file, "", "the field ##.OBSERVE FREQUENCY=", "no such field", AGAIN)
    found = block.number("$SF")
    if found is None:
        return frequency
    if abs(found.value / frequency - 1.0) > _NEAR:
        where = f"line {block.need('$SF').line}"
        expected = f"a reference near {frequency:g} MHz, the frequency of the spectrometer"
        raise FileFormatError(block.file, where, expected, f"{found.value:g} MHz", AGAIN)
    return found.value


def _shift(block: Block, hertz: Array, megahertz: float) -> tuple[Array, list[str]]:
    references = [*_references(block, hertz / megahertz)]
    if not references:
        return hertz / megahertz, ["The file names no reference of the shift: zero hertz was taken as zero ppm."]
    if len(references) > 1 and abs(references[0] - references[1]) > _AGREE:
        warning = (
            f"The shift of the first point is {references[0]:g} ppm by ##.SHIFT REFERENCE= and {references[1]:g} ppm "
            "by ##$OFFSET=; the first was taken."
        )
        return references[0] + (hertz - hertz[0]) / megahertz, [warning]
    return references[0] + (hertz - hertz[0]) / megahertz, []


def _references(block: Block, relative: Array) -> Iterator[float]:
    """Yield the shift of the first point by each field that tells it."""
    field = block.find(".SHIFTREFERENCE")
    if field is not None:
        entries = [entry.strip() for entry in field.value.split(",")]
        if len(entries) != 4:
            expected = "INTERNAL or EXTERNAL, the substance, a point and its shift"
            raise FileFormatError(block.file, f"line {field.line}", expected, f"'{field.value[:40]}'", AGAIN)
        point, shift = (number_in(block.file, field, entry).value for entry in entries[2:])
        if point != int(point) or not 1 <= point <= len(relative):
            expected = f"a point between 1 and {len(relative)}"
            raise FileFormatError(block.file, f"line {field.line}", expected, f"{point:g}", AGAIN)
        yield shift - float(relative[int(point) - 1] - relative[0])
    offset: Number | None = block.number("$OFFSET")
    if offset is not None:
        yield offset.value
