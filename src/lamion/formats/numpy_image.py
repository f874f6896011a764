"""Segmented images as NumPy arrays (`.npy`): the header is read word by word, nothing is evaluated or unpickled."""

from __future__ import annotations

import re
import struct
from typing import Literal

import numpy as np

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.voxel_checks import LARGEST, parsed_image, refuse_too_many
from lamion.quantities import FileFormatError

_MAGIC = b"\x93NUMPY"
_AGAIN = "Write the array again with numpy.save."
_LONGEST_HEADER = 10_000
_HEADER = re.compile(
    r"\{'descr': '(?P<descr>[^']{1,20})', 'fortran_order': (?P<fortran>True|False), "
    r"'shape': \((?P<shape>(?:\d{1,12}, ?)*\d{0,12})\), ?\} *\n"
)


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_MAGIC)


def _read(raw: RawFile) -> Parsed:
    header, begin = _header(raw)
    descr, fortran = header["descr"], header["fortran"] == "True"
    shape = tuple(int(count) for count in re.findall(r"\d+", header["shape"]))
    if not re.fullmatch(r"[<>|=](?:b1|[iu][1248])", descr):
        raise FileFormatError(
            raw.name, "the header", "integer labels", f"numbers of the kind '{descr}'", "Write the phases as integers."
        )
    if len(shape) not in (2, 3) or 0 in shape:
        raise FileFormatError(raw.name, "the header", "two or three axes with voxels", f"the shape {shape}", _AGAIN)
    refuse_too_many(raw.name, shape)
    dtype = np.dtype(descr)
    expected = int(np.prod(shape)) * dtype.itemsize
    if raw.size - begin != expected:
        remedy = "The file was cut, or something was added: copy it again."
        raise FileFormatError(raw.name, f"byte {begin}", f"{expected} bytes of voxels", f"{raw.size - begin}", remedy)
    order: Literal["F", "C"] = "F" if fortran else "C"
    labels = raw.array(dtype, begin).reshape(shape, order=order)
    if dtype.kind == "b" and any(part.view(np.uint8).max(initial=0) > 1 for part in labels):
        raise FileFormatError(raw.name, "the voxels", "zeros and ones", "other bytes", _AGAIN)
    return parsed_image(raw.name, labels, None, {"shape": " x ".join(map(str, shape)), "dtype": str(dtype)})


def _header(raw: RawFile) -> tuple[re.Match[str], int]:
    version = raw.start[6:8]
    layout = {b"\x01\x00": "<H", b"\x02\x00": "<I"}.get(version)
    if layout is None:
        raise FileFormatError(raw.name, "byte 6", "version 1.0 or 2.0", f"{version!r}", _AGAIN)
    start = 8 + struct.calcsize(layout)
    if raw.size < start:
        raise FileFormatError(raw.name, "byte 8", "the header's length", "the end of the file", _AGAIN)
    (length,) = struct.unpack(layout, raw.start[8:start])
    text = raw.start[start : start + min(length, _LONGEST_HEADER)].decode("latin-1")
    found = _HEADER.fullmatch(text)
    if found is None or len(text) != length or (start + length) % 16:
        raise FileFormatError(raw.name, "the header", "a header of numpy.save", f"'{text[:60].strip()}'", _AGAIN)
    return found, start + length


FORMAT = Format("NumPy array", _matches, _read, binary=True, largest=LARGEST, kinds=("image",))
