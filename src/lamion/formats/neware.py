"""Neware's binary files (.nda, .ndax), read by fastnda (extra `cyclers`); what they say of themselves is checked.

fastnda opens paths: an archive is unpacked within bounds, its checksums tested, before it gets the members.
"""

from __future__ import annotations

import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.formats import neware_evidence
from lamion.formats.channel import channel_warnings, places, record_of, restarted
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.library import heard
from lamion.formats.neware_evidence import REMEDY, Stated, damaged
from lamion.formats.unknown import names_within
from lamion.formats.zipped_xml import Document
from lamion.quantities import FileFormatError, MissingExtraError

Array = NDArray[np.float64]
_ARCHIVE, _RECORDS = b"PK\x03\x04", b"NEWARE"
_LARGEST, _LARGEST_TEXT = 2**30, 4 * 2**20
_MOST_MEMBERS = 1000
_RATIO, _SMALL = 100, 16 * 2**20
"""An archive may unpack to so many times its size, or to so many bytes."""
_CLOCK = 2.0
"""s. Dates are written to the second."""
_TEST, _AUXILIARY = "TestInfo.xml", "AuxCount"
_COLUMNS = {
    "time": ("total_time_s", 1.0),
    "voltage": ("voltage_V", 1.0),
    "current": ("current_mA", 1e-3),
    "cycle": ("cycle_count", 1.0),
    "step": ("step_index", 1.0),
    "charge": ("capacity_mAh", 3.6),
}
"""fastnda's names, and the factor to SI; its charge begins anew with each step."""


def _is_archive(raw: RawFile) -> bool:
    return raw.start.startswith(_ARCHIVE) and any(name.endswith(".ndc") for name in names_within(raw))


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_RECORDS) or _is_archive(raw)


def _read(raw: RawFile) -> Parsed:
    _library()
    archive = _is_archive(raw)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, "cell.ndax" if archive else "cell.nda")
        stated = _unpack(raw, path) if archive else _copy(raw, path)
        frame, said = _frame(raw.name, path)
    header = _header(raw) if archive else {}
    arrays = _arrays(raw.name, frame)
    record = record_of(raw.name, arrays, _place, REMEDY)
    found = [
        *said,
        *_counts(frame, stated),
        *_clock(frame),
        *_auxiliary(frame, header),
        *channel_warnings(record, _place),
    ]
    return Parsed((record,), header, tuple(found))


FORMAT = Format("Neware binary file", _matches, _read, binary=True, largest=_LARGEST)


def _place(row: int) -> str:
    return f"point {row + 1}"


def _library() -> Any:
    """Import fastnda without the decompressor that it gives the whole interpreter."""
    own = {name: getattr(zlib, name) for name in ("decompress", "decompressobj")}
    try:
        import fastnda.ndax
    except ImportError as error:
        raise MissingExtraError("cyclers", "Neware's binary format") from error
    finally:
        vars(zlib).update(own)
    return fastnda


def _copy(raw: RawFile, path: Path) -> Stated:
    neware_evidence.check_length(raw)
    with path.open("wb") as file:
        file.writelines(raw.pieces())
    return Stated()


def _unpack(raw: RawFile, path: Path) -> Stated:
    """Write the members that are read into an archive without compression."""
    stated, left = Stated(), min(_LARGEST, max(_SMALL, _RATIO * raw.size))
    with Document(raw) as document, zipfile.ZipFile(path, "w") as unpacked:
        names = document.names()
        if len(set(names)) < len(names) or len(names) > _MOST_MEMBERS:
            raise damaged(raw.name, "", f"at most {_MOST_MEMBERS} members, each once", "more, or one twice")
        for name in names:
            if name.endswith((".ndc", _TEST)):
                content = b"".join(document.pieces(name, left if name.endswith(".ndc") else _LARGEST_TEXT))
                left -= len(content)
                if name.endswith(".ndc"):
                    stated = stated.joined(content, neware_evidence.rows_of(raw.name, name, content))
                unpacked.writestr(Path(name).name, content)
    return stated


def _frame(file: str, path: Path) -> tuple[Any, list[str]]:
    """Read with fastnda; whatever it raises of a damaged file, and what it says."""
    from polars.exceptions import PanicException, PolarsError

    broken = (
        ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, NotImplementedError,
        OSError, TypeError, ValueError, struct.error, zipfile.BadZipFile, PolarsError, PanicException,
    )  # fmt: skip
    try:
        with heard("fastnda", "fastnda") as said:
            frame = _library().read(path, cycle_mode="raw", raw_categories=True)
    except broken as error:
        why = " ".join(f"{error}".split())[:120] or type(error).__name__
        raise damaged(file, "", "a whole file of a version that fastnda reads", why) from error
    return frame, said


def _arrays(file: str, frame: Any) -> dict[str, Array]:
    missing = [name for name, _ in _COLUMNS.values() if name not in frame.columns]
    if missing or not len(frame):
        raise damaged(file, "", "points with time, voltage and current", f"no {', '.join(missing) or 'points'}")
    found = {key: np.array(_numbers(frame, name), dtype=np.float64) for key, (name, _) in _COLUMNS.items()}
    for key, (_, factor) in _COLUMNS.items():
        found[key] *= factor
    found["charge"] = restarted(found["charge"], _numbers(frame, "step_count"))
    return found


def _numbers(frame: Any, name: str) -> NDArray[Any]:
    return np.asarray(frame[name].to_numpy())


def _counts(frame: Any, stated: Stated) -> Iterator[str]:
    """Compare what was read with what the file says that it holds."""
    index = _numbers(frame, "index").astype(np.int64)
    if stated.points not in (None, len(index)):
        yield f"The file says that it holds {stated.points} points; {len(index)} could be read."
    gaps = np.flatnonzero(np.diff(index, prepend=0) != 1)
    if len(gaps):
        first = index[gaps[0]]
        yield f"{len(gaps)} times the points do not count up by one, first at number {first}: some are missing."
    steps = int(_numbers(frame, "step_count").max())
    if stated.steps not in (None, steps):
        yield f"The file says that {stated.steps} steps were run; points of {steps} could be read."


def _clock(frame: Any) -> Iterator[str]:
    """Compare the time with that of each step, which begins anew, and with each point's date, which a pause sets on."""
    step, own, time = (_numbers(frame, name) for name in ("step_count", "step_time_s", "total_time_s"))
    begins = np.flatnonzero(step[1:] != step[:-1]) + 1
    wrong = begins[own[begins] > own[begins - 1]]
    if len(wrong):
        yield f"{places(wrong, _place)}: a step begins and its time goes on, so a number was changed."
    if "unix_time_s" not in frame.columns:
        return
    wrong = np.flatnonzero(np.diff(time) - np.diff(_numbers(frame, "unix_time_s")) > _CLOCK) + 1
    if len(wrong):
        yield f"{places(wrong, _place)}: more time passes than by the clock: it was set, or a number was changed."


def _header(raw: RawFile) -> Mapping[str, str]:
    """Return what stands of the test in the archive; nothing where that cannot be read."""
    found: dict[str, str] = {}

    def start(element: str, given: Mapping[str, str]) -> None:
        if element == "TestInfo":
            found.update({name: value for name, value in given.items() if value.strip()})

    with Document(raw) as document:
        try:
            document.parse(_TEST, start)
        except FileFormatError:
            return found
    return found


def _auxiliary(frame: Any, header: Mapping[str, str]) -> Iterator[str]:
    """Say what is lost beside the channel: its auxiliary channels, such as temperatures."""
    declared = header.get(_AUXILIARY, "0")
    read = {name.partition("_")[0] for name in frame.columns if name.startswith("aux")}
    if declared.isdecimal() and len(declared) < 6 and int(declared) > len(read):
        yield f"The file declares {declared} auxiliary channels, {len(read)} of which could be read: it is damaged."
