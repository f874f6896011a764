"""Segmented images as TIFF: one slice or a stack, read with tifffile inside checks of its structure."""

from __future__ import annotations

import itertools
import logging
import re
import struct
import warnings
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.voxel_checks import LARGEST, parsed_image, refuse_too_many
from lamion.quantities import FileFormatError, units

_STARTS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_AGAIN = "Export the stack again as uncompressed or deflated TIFF, one channel, integer labels."
_UNCOMPRESSED, _DEFLATE, _DEFLATE_OLD = 1, 8, 32946
_MOST_PAGES = 10_000
_READABLE = {_UNCOMPRESSED, _DEFLATE, _DEFLATE_OLD}
_LENGTHS = {1: None, 2: 0.0254, 3: 0.01}
_WORDS = {"micron": "um", "microns": "um", "\u00b5m": "um", "\\u00b5m": "um", "inch": ""}


def _matches(raw: RawFile) -> bool:
    return raw.start[:4] in _STARTS


def _read(raw: RawFile) -> Parsed:
    import tifffile

    logging.getLogger("tifffile").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with raw.opened() as opened, tifffile.TiffFile(opened) as file:
                pages = _pages(raw, file)
                _check(raw, pages)
                _check_count(raw, file, pages)
                labels = _stacked(pages)
                spacing, header = _spacing(file, pages[0]), _metadata(file, pages)
    except FileFormatError:
        raise
    except (
        ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, MemoryError, RuntimeError,
        ArithmeticError, EOFError, OSError, struct.error, RecursionError, AssertionError, NotImplementedError,
        ImportError, LookupError, zlib.error,
    ) as error:  # fmt: skip
        text = f"{type(error).__name__}: {error}".splitlines()[0][:120]
        raise FileFormatError(raw.name, "", "a TIFF whose pages can be decoded", text, _AGAIN) from error
    found = parsed_image(raw.name, labels if len(pages) > 1 else labels[0], spacing, header)
    return replace(found, warnings=(*found.warnings, *_left_over(raw, pages)))


def _stacked(pages: list[Any]) -> NDArray[Any]:
    """Read page by page into one array that nobody can change."""
    found = np.empty((len(pages), *pages[0].shape), pages[0].dtype)
    for number, page in enumerate(pages):
        found[number] = page.asarray()
    found.setflags(write=False)
    return found


def _pages(raw: RawFile, file: Any) -> list[Any]:
    """List the pages; a chain of them that comes back to itself has no end."""
    pages: list[Any] = []
    seen: set[int] = set()
    for page in file.pages:
        if page.offset in seen or len(pages) >= _MOST_PAGES:
            raise FileFormatError(raw.name, f"page {len(pages) + 1}", "a page of its own", "an endless chain", _AGAIN)
        seen.add(page.offset)
        pages.append(page)
    return pages


def _check_count(raw: RawFile, file: Any, pages: list[Any]) -> None:
    """Compare the number of pages with what the first page's description says."""
    described: Any = file.shaped_metadata
    shape = described[0].get("shape") if described else None
    declared = (file.imagej_metadata or {}).get("images")
    if isinstance(shape, list | tuple) and len(shape) == 3:
        declared = shape[0]
    if declared is not None and int(declared) != len(pages):
        raise FileFormatError(raw.name, "the description", f"{declared} pages", f"{len(pages)}", _AGAIN)


def _check(raw: RawFile, pages: list[Any]) -> None:
    """Compare what the pages declare with each other and with the bytes that are there."""
    if not pages:
        raise FileFormatError(raw.name, "", "at least one page", "none", _AGAIN)
    first = pages[0]
    refuse_too_many(raw.name, (len(pages), *first.shape))
    ends = []
    for number, page in enumerate(pages, 1):
        where = f"page {number}"
        if len(page.shape) != 2 or page.samplesperpixel != 1:
            raise FileFormatError(raw.name, where, "one channel", f"the shape {page.shape}", _AGAIN)
        if page.shape != first.shape or page.dtype != first.dtype:
            expected = f"{first.shape} of {first.dtype} as on page 1"
            raise FileFormatError(raw.name, where, expected, f"{page.shape} of {page.dtype}", _AGAIN)
        if page.dtype is None or page.dtype.kind not in "biu":
            raise FileFormatError(raw.name, where, "integer labels", f"numbers of the kind '{page.dtype}'", _AGAIN)
        if int(page.compression) not in _READABLE:
            raise FileFormatError(raw.name, where, "no compression or deflate", f"{page.compression!s}", _AGAIN)
        ends += _pieces(raw, where, page)
    ends.sort()
    for (_, end), (start, _) in itertools.pairwise(ends):
        if start < end:
            raise FileFormatError(raw.name, f"byte {start}", "pieces that lie apart", "pieces that overlap", _AGAIN)


def _left_over(raw: RawFile, pages: list[Any]) -> list[str]:
    """Warn where far more bytes are there than the pages and their descriptions need."""
    used = sum(sum(page.databytecounts) for page in pages)
    spare = raw.size - used
    if spare <= used / 4 + 300 * len(pages) + 1000:
        return []
    return [f"{spare} of {raw.size} bytes belong to no page's voxels: pages may have been lost."]


def _pieces(raw: RawFile, where: str, page: Any) -> list[tuple[int, int]]:
    found = list(zip(page.dataoffsets, page.databytecounts, strict=True))
    for offset, count in found:
        if offset <= 0 or count <= 0 or offset + count > raw.size:
            remedy = "The file was cut or damaged: copy it again."
            raise FileFormatError(
                raw.name, where, f"{count} bytes at byte {offset}", f"a file of {raw.size} bytes", remedy
            )
    bits = int(np.prod(page.shape)) * page.bitspersample
    if int(page.compression) == _UNCOMPRESSED and not page.is_tiled:
        rows = page.shape[0] * ((page.shape[1] * page.bitspersample + 7) // 8)
        if sum(count for _, count in found) not in (rows, (bits + 7) // 8):
            raise FileFormatError(
                raw.name, where, f"{rows} bytes of voxels", f"{sum(count for _, count in found)} declared", _AGAIN
            )
    return found


def _spacing(file: Any, page: Any) -> tuple[float, ...] | None:
    """Return the voxel's lengths where the file states them: TIFF's resolution, ImageJ's spacing."""
    unit = _unit(file, page)
    resolutions = [page.tags.get(name) for name in ("YResolution", "XResolution")]
    if unit is None or any(tag is None for tag in resolutions):
        return None
    pairs = [tag.value for tag in resolutions]
    if any(pair[0] <= 0 or pair[1] <= 0 for pair in pairs):
        return None
    in_plane = tuple(float(unit * pair[1] / pair[0]) for pair in pairs)
    if len(file.pages) == 1:
        return in_plane
    between = (file.imagej_metadata or {}).get("spacing")
    lengths = (float(between) * unit, *in_plane) if isinstance(between, int | float) and between > 0 else None
    return lengths if lengths and all(1e-12 < length < 1 for length in lengths) else None


def _unit(file: Any, page: Any) -> float | None:
    word = (file.imagej_metadata or {}).get("unit")
    if isinstance(word, str):
        word = _WORDS.get(word.strip(), word.strip())
        known = re.fullmatch(r"[a-z]{1,2}m|m", word) and units.same_dimension(word, "m")
        return units.scale(word, "m") if known else None
    tag = page.tags.get("ResolutionUnit")
    return _LENGTHS.get(int(tag.value)) if tag is not None else None


def _metadata(file: Any, pages: list[Any]) -> dict[str, str]:
    header = {"pages": str(len(pages)), "page": " x ".join(map(str, pages[0].shape)), "dtype": str(pages[0].dtype)}
    description = pages[0].description
    if description:
        header["description"] = description[:500]
    return header


FORMAT = Format("TIFF stack", _matches, _read, binary=True, largest=LARGEST, kinds=("image",))
