"""Pictures as PNG: grey or coloured, decoded by Pillow inside checks of the file's chunks and their checksums.

How many pixels a metre has, which a PNG may say, is that of the print and not of the object: it is not taken.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lamion.formats.binary import Bytes
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.spectrometer import COPY_AGAIN
from lamion.formats.voxel_checks import refuse_too_many
from lamion.quantities import FileFormatError, InputError
from lamion.records.surface import Micrograph

if TYPE_CHECKING:
    from PIL.Image import Image

_MAGIC = b"\x89PNG\r\n\x1a\n"
_AGAIN = "Save it again as a PNG of 8 or 16 bits."
_HEAD, _CHECK = 8, 4
"""Bytes in front of a chunk's content, and behind it."""


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_MAGIC)


def _read(raw: RawFile) -> Parsed:
    from PIL.Image import open as opened

    data = Bytes(raw.name, raw.content)
    chunks = dict(_chunks(data))
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    refuse_too_many(raw.name, (width, height))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with opened(io.BytesIO(raw.content), formats=["PNG"]) as image:
                picture, colours = _grey(image)
    except (ValueError, OSError, SyntaxError, struct.error, EOFError, MemoryError, IndexError, TypeError) as error:
        found = f"{type(error).__name__}: {error}".splitlines()[0][:120]
        raise FileFormatError(raw.name, "", "a PNG whose pixels can be decoded", found, _AGAIN) from error
    try:
        record = Micrograph(picture, None, {"size": f"{width} x {height}"})
    except InputError as error:
        raise FileFormatError(raw.name, "", "a picture", error.happened.rstrip("."), error.remedy) from error
    said = ("The picture is coloured: the brightness of a pixel is the mean of its colours.",) if colours else ()
    return Parsed((record,), record.metadata, said)


FORMAT = Format("PNG picture", _matches, _read, binary=True, largest=2**29, kinds=("picture",))


def _chunks(data: Bytes) -> Iterator[tuple[bytes, bytes]]:
    """Return the chunks in front of the pixels and the last, and hold every checksum."""
    place, name = len(_MAGIC), b""
    while name != b"IEND":
        length, name = data.unpack(">I4s", place, "the head of a chunk")
        if place == len(_MAGIC) and (name, length) != (b"IHDR", 13):
            raise data.refused(place, "the header", f"{name!r}")
        data.require(place, _HEAD + length + _CHECK, "a chunk")
        end = place + _HEAD + length
        (check,) = struct.unpack_from(">I", data.content, end)
        if zlib.crc32(data.content[place + 4 : end]) != check:
            raise FileFormatError(data.file, f"byte {place}", "a chunk with its checksum", "another", COPY_AGAIN)
        yield name, data.content[place + _HEAD : end] if name != b"IDAT" else b""
        place = end + _CHECK
    if place != len(data.content):
        raise data.refused(place, "the end of the file", f"{len(data.content) - place} more bytes")


def _grey(image: Image) -> tuple[NDArray[Any], bool]:
    """Return the brightness of each pixel, and whether colours were averaged."""
    if image.mode in ("1", "L", "I;16", "I;16B", "I"):
        return np.asarray(image.convert("L") if image.mode == "1" else image), False
    colours = np.asarray(image.convert("RGB"), dtype=np.float64)
    return colours.mean(axis=2), bool(np.ptp(colours, axis=2).max() > 0)
