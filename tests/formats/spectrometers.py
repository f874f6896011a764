"""Spectra made from a formula, the files of spectrometers that hold them, and what the mutator needs to know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from tests.formats.mutator import Mutant, Seed, Verdict

from lamion.formats import FileContent, RawFile, read_raw
from lamion.quantities import InputError
from lamion.records.record import Record

Array = NDArray[np.float64]


def band(position: Array, centre: float, width: float, height: float) -> Array:
    return height / (1.0 + ((position - centre) / width) ** 2)


def spectrum(position: Array, seed: int = 7) -> Array:
    """Return three bands over a slope, with noise."""
    low, high = float(position.min()), float(position.max())
    centres = [low + part * (high - low) for part in (0.2, 0.45, 0.8)]
    bands = sum(band(position, centre, 0.02 * (high - low), 4000.0 * (k + 1)) for k, centre in enumerate(centres))
    return 900.0 + 0.1 * (position - low) + bands + np.random.default_rng(seed).normal(0.0, 20.0, len(position))


def judge(
    span: int,
    *,
    affine: bool = False,
    ends: bool = False,
    near: float = 0.0,
    unit: bool = False,
    uncounted: bool = False,
    raw: Callable[[str, bytes], RawFile] = RawFile,
    **said: str,
) -> Callable[[Seed, Mutant], Verdict]:
    """Return a judge of a mutant of spectra.

    What a file may hold no trace of: intensities that were changed within `span` points of each other; where `affine`,
    another reference of the position; where `ends`, points that are lost at an end; positions that were moved by less
    than `near` of a step; where `unit`, which unit the position has, a number that says what kind of spectrum it is;
    where `uncounted`, how many points lie between the ends of the position.
    `raw` makes a file of a name and the bytes that were changed; `said` is what the reader is told of it.
    """

    def judged(seed: Seed, mutant: Mutant) -> Verdict:
        try:
            found = read_raw(raw(seed.name, mutant.content), **said)
        except InputError:
            return Verdict.REFUSED
        except Exception:  # noqa: BLE001  any other exception is what is being looked for
            return Verdict.RAW
        whole = _whole(raw(seed.name, seed.content), tuple(said.items()))
        truth = whole.records
        same = [type(one) for one in found.records] == [type(one) for one in truth]
        if same and all(_equal(one, other) for one, other in zip(found.records, truth, strict=True)):
            return Verdict.RIGHT
        if set(found.warnings) - set(whole.warnings):
            return Verdict.WARNED
        alike = same or (unit and len(found.records) == len(truth))
        hidden = (
            alike and not mutant.benign and _hidden(found.records, truth, span, affine=affine, ends=ends, near=near)
        ) or (uncounted and same and _fewer_or_more(found.records, truth))
        return Verdict.UNDETECTABLE if hidden else Verdict.SILENT

    return judged


@lru_cache(maxsize=1)
def _whole(raw: RawFile, said: tuple[tuple[str, str], ...]) -> FileContent:
    """Return what the undamaged file holds."""
    return read_raw(raw, **dict(said))


def _table(record: Record) -> Array:
    columns = record.columns()
    pressure = next((title for title in columns if "Pressure" in title), None)  # an isotherm's abscissa
    first = {} if pressure is None else {pressure: columns[pressure]}
    return np.array(list((first | columns).values()))


def _equal(one: Record, other: Record) -> bool:
    table, whole = _table(one), _table(other)
    return table.shape == whole.shape and np.allclose(table, whole, rtol=1e-12, atol=0.0)


def _hidden(
    found: Sequence[Record], truth: Sequence[Record], span: int, *, affine: bool, ends: bool, near: float
) -> bool:
    for one, other in zip(found, truth, strict=True):
        table, whole = _table(one), _table(other)
        if len(table) != len(whole):
            return False
        if ends and table.shape[1] < whole.shape[1]:
            kept = table.shape[1]
            part = [piece for piece in (whole[:, :kept], whole[:, -kept:]) if np.allclose(table[0], piece[0])]
            if not part:
                return False
            whole = part[0]
        if table.shape != whole.shape:
            return False
        moved = ~np.isclose(table[0], whole[0], rtol=1e-12, atol=near * np.abs(np.gradient(whole[0])))
        if np.any(moved) and not (affine and _is_affine(table[0], whole[0])):
            return False
        changed = np.flatnonzero(np.any(~np.isclose(table[1:], whole[1:], rtol=1e-12, atol=0.0), axis=0))
        if len(changed) and changed[-1] - changed[0] >= span:
            return False
    return True


def _fewer_or_more(found: Sequence[Record], truth: Sequence[Record]) -> bool:
    """Tell whether points were lost or made at one place: between the same ends, or with all that belongs to them."""
    for one, other in zip(found, truth, strict=True):
        table, whole = _table(one), _table(other)
        if len(table) != len(whole):
            return False
        same = np.allclose(table[0, [0, -1]], whole[0, [0, -1]])
        rows = slice(1, 2) if same else slice(None)
        short = min(table.shape[1], whole.shape[1])
        head = _agreeing(table[rows, :short], whole[rows, :short])
        tail = _agreeing(table[rows, ::-1][:, :short], whole[rows, ::-1][:, :short])
        if head + tail < short - 3:
            return False
    return True


def _agreeing(one: Array, other: Array) -> int:
    apart = np.flatnonzero(np.any(one != other, axis=0))
    return int(apart[0]) if len(apart) else one.shape[1]


def _is_affine(one: Array, other: Array) -> bool:
    fitted = np.polyval(np.polyfit(other, one, 1), other)
    return bool(np.allclose(fitted, one, rtol=0.0, atol=1e-6 * np.ptp(one)))


def same_text(
    text: str, encodings: Sequence[str] = ("utf-8-sig", "utf-16")
) -> list[Callable[[np.random.Generator], bytes]]:
    """Return ways to write a text in other bytes: line ends, encodings, blanks behind lines and below the last."""

    def ends(rng: np.random.Generator) -> bytes:
        return text.replace("\n", str(rng.choice(["\r\n", "\r"]))).encode()

    def encoded(rng: np.random.Generator) -> bytes:
        return text.encode(str(rng.choice(list(encodings))))

    def blanks(rng: np.random.Generator) -> bytes:
        lines = [line + " " * int(rng.integers(3)) for line in text.split("\n")]
        return ("\n".join(lines) + "\n" * int(rng.integers(1, 4))).encode()

    return [ends, encoded, blanks]


def of_lines(text: str, count: int, number: int = 2026) -> list[Mutant]:
    """Return a text whose lines were deleted, repeated or exchanged, or a digit or a letter changed."""
    rng = np.random.default_rng(number)
    return [Mutant(kind, _changed(text, kind, rng).encode()) for kind in (_CHANGES * count)[:count]]


_CHANGES = (
    "delete a line",
    "duplicate a line",
    "exchange two lines",
    "change a digit",
    "change a sign",
    "drop a point",
)
_CHANGES += ("change a letter", "drop the header", "one decimal comma", "not a number", "join two lines")


def _changed(text: str, kind: str, rng: np.random.Generator) -> str:
    lines = text.split("\n")
    place, other = (int(rng.integers(len(lines) - 1)) for _ in range(2))
    if kind == "delete a line":
        del lines[place]
    elif kind == "duplicate a line":
        lines.insert(int(rng.choice([place, other])), lines[place])
    elif kind == "exchange two lines":
        lines[place], lines[other] = lines[other], lines[place]
    elif kind == "join two lines":
        lines[place : place + 2] = [" ".join(lines[place : place + 2])]
    elif kind == "drop the header":
        del lines[: 1 + place % 12]
    else:
        wanted, new = {
            "change a digit": (str.isdigit, lambda letter: str((int(letter) + 1 + int(rng.integers(9))) % 10)),
            "change a sign": (lambda letter: letter in "+-", lambda letter: "+" if letter == "-" else "-"),
            "drop a point": (lambda letter: letter == ".", lambda _: ""),
            "change a letter": (str.isalpha, lambda letter: chr(ord(letter) + 1)),
            "one decimal comma": (lambda letter: letter == ".", lambda _: ","),
            "not a number": (str.isdigit, lambda _: str(rng.choice(["nan", "?", "#N/A", "1e999", ""]))),
        }[kind]
        found = [k for k, letter in enumerate(text) if letter.isascii() and wanted(letter)]
        if not found:
            return text
        k = int(rng.choice(found))
        return text[:k] + new(text[k]) + text[k + 1 :]
    return "\n".join(lines)
