"""Bruker NMR: a zipped folder of one experiment, or its ``fid`` or ``1r`` beside ``acqus`` or ``procs``.

The parameters are texts in JCAMP-DX's form, the numbers plain arrays: a decay of ``TD`` numbers in blocks of 1,024
bytes, real and imaginary part in turn, and a processed spectrum of ``SI`` integers times two to the ``NC_proc``, whose
largest and smallest stand in ``procs``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.jcamp_fields import Block, read_blocks
from lamion.formats.spectrometer import COPY_AGAIN, oddities, record_of
from lamion.formats.text import decode
from lamion.formats.zipped_xml import Document
from lamion.quantities import FileFormatError
from lamion.records.record import Record
from lamion.records.spectrum import InductionDecay, ResonanceSpectrum

Array = NDArray[np.float64]

_LARGEST_TEXT = 4 * 2**20
_LARGEST_ARRAY = 64 * 2**20
_BLOCK = 1024
_MOST_POINTS = 2**24
_ZIP = b"PK\x03\x04"
_PROCESSED = re.compile(r"(?P<folder>(?:.*/)?)pdata/(?P<number>\d{1,6})/1r")
_ACQUIRED = re.compile(r"(?P<folder>(?:.*/)?)fid")
_COLDEST, _HOTTEST = 100.0, 700.0
"""K: beyond it no sensor was connected."""
_TOLERANCE = 1e-6
_FAR = 256.0
"""Times the middle magnitude in the other order of bytes: the highest byte of most numbers is empty."""
_MOST_MEMBERS = 1000


def _matches(raw: RawFile) -> bool:
    if raw.start.startswith(_ZIP):
        try:
            with Document(raw) as document:
                return any(_PROCESSED.fullmatch(one) or _ACQUIRED.fullmatch(one) for one in _members(document))
        except FileFormatError:
            return False
    return raw.sidecar is not None and raw.sidecar.name in ("acqus", "procs")


def _read(raw: RawFile) -> Parsed:
    if raw.sidecar is not None:
        parameters = _parameters(raw.sidecar.name, raw.sidecar.content)
        content = raw.content
        found = (
            _decay(raw.name, content, parameters, None)
            if raw.sidecar.name == "acqus"
            else _spectrum(raw.name, content, None, parameters, None)
        )
        return Parsed((found.record,), _metadata(parameters), tuple(found.warnings))
    with Document(raw) as document:
        return _archive(raw, document)


FORMAT = Format("Bruker NMR", _matches, _read, binary=True)


@dataclass(frozen=True)
class _Found:
    """A record and what is odd about it."""

    record: Record
    warnings: tuple[str, ...]


def _members(document: Document) -> list[str]:
    """Return the members but those that an operating system hides beside them."""
    return [name for name in document.names() if not name.startswith("__MACOSX/") and "/." not in f"/{name}"]


def _archive(raw: RawFile, document: Document) -> Parsed:
    """Read the processed spectrum and the decay of the one experiment in an archive."""
    names = _members(document)
    _check_members(document)
    processed = sorted((m["folder"], int(m["number"])) for name in names if (m := _PROCESSED.fullmatch(name)))
    acquired = [m["folder"] for name in names if (m := _ACQUIRED.fullmatch(name))]
    folders = {folder for folder, _ in processed} | set(acquired)
    if len(folders) > 1:
        raise FileFormatError(
            raw.name, "", "one experiment", f"{len(folders)}", "Zip the folder of one experiment by itself."
        )
    folder = folders.pop()
    texts = {part: _text(document, folder + part) for part in ("acqus",) if folder + part in names}
    acqus = _parameters("acqus", texts["acqus"]) if texts else None
    found, procs = [], None
    if processed:
        place = f"{folder}pdata/{processed[0][1]}/"
        procs = _parameters("procs", _text(document, place + "procs"))
        imaginary = _bytes(document, place + "1i") if place + "1i" in names else None
        found.append(_spectrum(f"{raw.name}: {place}1r", _bytes(document, place + "1r"), imaginary, procs, acqus))
    if acquired:
        if acqus is None:
            raise FileFormatError(raw.name, folder, "the parameters 'acqus' beside 'fid'", "none", COPY_AGAIN)
        found.append(_decay(f"{raw.name}: {folder}fid", _bytes(document, folder + "fid"), acqus, procs))
    said = [text for one in found for text in one.warnings]
    if len(processed) > 1:
        said.append(f"Of {len(processed)} processed spectra the one numbered {processed[0][1]} was read.")
    return Parsed(tuple(one.record for one in found), _metadata(acqus or procs), tuple(dict.fromkeys(said)))


def _check_members(document: Document) -> None:
    """Refuse an archive of which a member stands twice, or is called something else where it begins."""
    names = document.names()
    if len(set(names)) < len(names) or len(names) > _MOST_MEMBERS:
        raise document.damaged("", f"at most {_MOST_MEMBERS} members, each once", "more, or one twice")
    for name in names:
        next(document.pieces(name), None)


def _bytes(document: Document, name: str) -> bytes:
    return b"".join(document.pieces(name, _LARGEST_ARRAY))


def _text(document: Document, name: str) -> bytes:
    return b"".join(document.pieces(name, _LARGEST_TEXT))


def _parameters(name: str, content: bytes) -> Block:
    blocks = read_blocks(decode(name, content))
    if len(blocks) != 1 or not blocks[0].closed:
        raise FileFormatError(name, "", "parameters that end with ##END=", "none, or more", COPY_AGAIN)
    return blocks[0]


def _metadata(parameters: Block | None) -> dict[str, str]:
    wanted = {
        "$PULPROG": "Pulse program",
        "$NUC1": "Nucleus",
        "$NS": "Scans",
        "$INSTRUM": "Instrument",
        "OWNER": "Owner",
    }
    if parameters is None:
        return {}
    fields = {label: parameters.find(label) for label in wanted}
    return {wanted[label]: field.value.strip("<> ")[:120] for label, field in fields.items() if field is not None}


def _number(parameters: Block, label: str, good: Callable[[float], bool], expected: str) -> float:
    """Return a parameter that must be there and be possible."""
    found = parameters.number(label)
    if found is None or not good(found.value):
        said = "none" if found is None else f"{found.value:g}"
        raise FileFormatError(parameters.file, f"##{label}", expected, said, COPY_AGAIN)
    return found.value


def _positive(value: float) -> bool:
    return 0 < value < 1e12


def _count(value: float) -> bool:
    return 1 <= value <= _MOST_POINTS and value == int(value)


def _order(parameters: Block, label: str) -> str:
    return "<" if _number(parameters, label, lambda value: value in (0, 1), "0 or 1") == 0 else ">"


def _known(acqus: Block | None) -> dict[str, Any]:
    """Return what the parameters say of the measurement."""
    if acqus is None:
        return {}
    nucleus, spinning, kelvin = acqus.find("$NUC1"), acqus.number("$MASR"), acqus.number("$TE")
    believed = kelvin is not None and _COLDEST < kelvin.value < _HOTTEST
    return {
        "nucleus": None if nucleus is None else nucleus.value.strip("<> ") or None,
        "spinning": spinning.value if spinning is not None and spinning.value > 0 else None,
        "temperature": kelvin.value if believed and kelvin is not None else None,
        "delay": _delay(acqus),
    }


def _delay(acqus: Block) -> float | None:
    """Return the delay between scans, d1 of the list of delays, in s."""
    field = acqus.find("$D")
    if field is None:
        return None
    entries = " ".join(line.text for line in field.below).split()
    try:
        found = float(entries[1])
    except (IndexError, ValueError):
        return None
    return found if 0 < found < 1e6 else None


def _spectrum(file: str, content: bytes, imaginary: bytes | None, procs: Block, acqus: Block | None) -> _Found:
    points = int(_number(procs, "$SI", _count, "a number of points"))
    reference = _number(procs, "$SF", _positive, "a frequency in MHz")
    span = _number(procs, "$SWP", _positive, "a spectral width in Hz")
    offset = _number(procs, "$OFFSET", lambda value: abs(value) < 1e6, "a shift in ppm")
    real = _integers(file, content, procs, points)
    shift = offset - np.arange(points) * span / reference / points
    arrays = {"shift": shift, "real": real}
    if imaginary is not None:
        arrays["imaginary"] = _integers(file, imaginary, procs, points)
    known = {"frequency": reference * 1e6, **_known(acqus)}
    odd = [] if acqus is None else _shifted(acqus, reference, span, offset)
    if acqus is None and (axis := procs.find("$AXNUC")) is not None:
        known["nucleus"] = axis.value.strip("<> ") or None
    record = record_of(file, ResonanceSpectrum, arrays, _place, **known)
    return _Found(record, (*odd, *_extremes(real, procs), *oddities(shift, real, _place, rest=False)))


def _shifted(acqus: Block, reference: float, span: float, offset: float) -> Iterator[str]:
    """Hold the largest shift of a spectrum against the frequency and the width that it was taken with."""
    observed, width = acqus.number("$SFO1"), acqus.number("$SWH")
    if observed is None or width is None or abs(span - width.value) > 1e-3 * width.value:
        return  # a strip of the spectrum was kept
    expected = 1e6 * (observed.value / reference - 1.0) + 0.5 * span / reference
    if abs(offset - expected) > 1e-3 * span / reference:
        yield (
            f"The largest shift is {offset:.6g} ppm, and {expected:.6g} ppm by the frequencies that the decay was "
            "taken with: a number was changed, or the spectrum was processed again by another program."
        )


def _integers(file: str, content: bytes, procs: Block, points: int) -> Array:
    if procs.number("$DTYPP") is not None and _number(procs, "$DTYPP", lambda value: value in (0, 2), "0 or 2") == 2:
        kind = "f8"
    else:
        kind = "i4"
    expected = points * int(kind[1])
    if len(content) != expected:
        raise FileFormatError(file, "", f"{expected} bytes of {points} points", f"{len(content)}", COPY_AGAIN)
    power = _number(procs, "$NCPROC", lambda value: abs(value) < 100 and value == int(value), "a power of two")
    return np.asarray(np.frombuffer(content, _order(procs, "$BYTORDP") + kind).astype(np.float64) * 2.0**power)


def _extremes(real: Array, procs: Block) -> Iterator[str]:
    """Hold the largest and the smallest point against those that are stored beside them."""
    power = procs.number("$NCPROC")
    for label, found in (("$YMAXP", real.max()), ("$YMINP", real.min())):
        stored = procs.number(label)
        if stored is None or power is None:
            continue
        value = stored.value * 2.0**power.value
        if abs(found - value) > _TOLERANCE * max(abs(value), 1.0):
            word = "largest" if label == "$YMAXP" else "smallest"
            yield (
                f"The {word} point is {found:.6g}, and {value:.6g} by the parameters: a number was changed, or the "
                "spectrum was processed again by another program."
            )


def _decay(file: str, content: bytes, acqus: Block, procs: Block | None) -> _Found:
    count = int(_number(acqus, "$TD", _count, "a number of points"))
    kind = "f8" if _number(acqus, "$DTYPA", lambda value: value in (0, 2), "0 or 2") == 2 else "i4"
    width = _number(acqus, "$SWH", _positive, "a spectral width in Hz")
    size = count * int(kind[1])
    if count % 2 or not size <= len(content) < size + _BLOCK or any(content[size:]):
        expected = f"{size} bytes of {count} numbers, real and imaginary in turn, and zeros to a whole block"
        raise FileFormatError(file, "", expected, f"{len(content)} bytes", COPY_AGAIN)
    numbers = np.frombuffer(content[:size], _order(acqus, "$BYTORDA") + kind).astype(np.float64)
    power = acqus.number("$NC")
    numbers = numbers * 2.0 ** (power.value if power is not None and abs(power.value) < 100 else 0.0)
    observed = _number(acqus, "$SFO1", _positive, "a frequency in MHz")
    reference = acqus if procs is None else procs
    zero = _number(reference, "$BF1" if procs is None else "$SF", _positive, "a frequency in MHz")
    lead = acqus.number("$GRPDLY")
    delayed = lead.value if lead is not None and 0 <= lead.value < count // 2 else None
    begun = min(int(delayed or 0.0), count // 4)
    record = record_of(
        file,
        InductionDecay,
        {"time": np.arange(count // 2) / width, "real": numbers[::2], "imaginary": numbers[1::2]},
        _place,
        frequency=zero * 1e6,
        carrier=1e6 * (observed / zero - 1.0),
        lead=delayed,
        **_known(acqus),
    )
    said = [*_doubts(acqus, observed, width, numbers, content[:size], kind)]
    for part in (record.real, record.imaginary):
        said += oddities(record.time[begun:], part[begun:], lambda point: _place(begun + point))
    if procs is None:
        said.append("The shift's reference stands with the processed spectrum, which is not here.")
    return _Found(record, tuple(said))


def _doubts(acqus: Block, observed: float, width: float, numbers: Array, content: bytes, kind: str) -> Iterator[str]:
    """Hold the parameters of a decay against each other and against its numbers."""
    base, offset, relative = (acqus.number(label) for label in ("$BF1", "$O1", "$SW"))
    if base is not None and offset is not None and abs(base.value + 1e-6 * offset.value - observed) > 1e-6:
        yield f"The frequency SFO1, {observed:.9g} MHz, is not BF1 with O1: a number was changed."
    if relative is not None and abs(relative.value * observed / width - 1.0) > _TOLERANCE:
        yield f"The spectral width is {width:g} Hz, and {relative.value * observed:g} Hz by SW: a number was changed."
    order = _order(acqus, "$BYTORDA")
    middle, turned = (_middle(content, one + "i4") for one in (order, ">" if order == "<" else "<"))
    if kind == "i4" and middle > _FAR * turned:
        yield "The numbers are far smaller in the other order of bytes, so BYTORDA may have been changed."
    if len(numbers) > 2 and not np.any(numbers[-2:]) and np.any(numbers):
        yield "The last points are zero, so TD may have been changed to more than were measured."


def _middle(content: bytes, form: str) -> float:
    """Return the middle magnitude of the numbers other than zero, read in a form."""
    numbers = np.abs(np.frombuffer(content, form).astype(np.float64))
    numbers = numbers[np.isfinite(numbers) & (numbers > 0.0)]
    return float(np.median(numbers)) if len(numbers) else 0.0


def _place(point: int) -> str:
    return f"point {point + 1}"
