"""Seeded damage to instrument files, and an oracle that says what a reader owes for each.

The truth of a mutant is what the undamaged file holds (the tests of each reader check that apart). A mutant is

- *benign* when it says the same in another way (line ends, encodings, a byte order mark, decimal commas where they
  cannot be mistaken, columns exchanged together with their headers, blank lines): the reader must return the truth;
- *damaged* otherwise. The reader must refuse it, return a warning that the undamaged file does not cause, or
  return the truth, wherever the file still holds evidence of the damage. It holds none, and the mutant is counted
  as undetectable, in these cases only:

  1. a real or imaginary part was changed in a table that does not print modulus and phase as well, or by less than
     the printed digits of modulus and phase can tell;
  2. a frequency was changed, the sweep keeps its order, and no frequency moved by more than half of the usual step;
  3. lines are missing at an end of a sweep whose limits no header declares (a cut behind a whole line, too);
  4. the header of a table without modulus and phase was changed into another header that makes sense.
  5. columns were exchanged below their headers, in a table without modulus and phase.

Anything else that is returned without a warning and is not the truth is silently wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np

from lamion.formats import FileContent, RawFile, read_raw
from lamion.quantities import InputError
from lamion.records import ImpedanceSpectrum


class Verdict(Enum):
    RIGHT = "right"
    WARNED = "warned"
    REFUSED = "refused"
    UNDETECTABLE = "undetectable"
    SILENT = "silently wrong"
    RAW = "raw exception"


@dataclass(frozen=True)
class Seed:
    """An undamaged file.

    Parameters
    ----------
    name : str
        For messages.
    text : str
        Its text with ``\\n`` line ends.
    encoding : str
        How it is written.
    separator : str
        Between the cells of its table.
    columns : str, optional
        The user's specification, for a table without headers.
    witnessed : float, optional
        How far, relative to abs Z, modulus and phase pin the impedance down; None when they are not printed.
    declares_limits : bool
        Whether the header declares the limits of the sweep.
    """

    name: str
    text: str
    separator: str
    encoding: str = "utf-8"
    columns: str | None = None
    witnessed: float | None = None
    declares_limits: bool = False

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.removesuffix("\n").split("\n"))

    @cached_property
    def end(self) -> str:
        return "\n" if self.text.endswith("\n") else ""

    @cached_property
    def start(self) -> int:
        """Index of the first line of numbers."""
        return next(k for k, line in enumerate(self.lines) if len(self.cells(line)) >= 3 and self._numbers(line))

    @cached_property
    def titles(self) -> int | None:
        """Index of the line of column headers."""
        return next((k for k in range(self.start - 1, -1, -1) if "freq" in self.lines[k].lower()[:40]), None)

    @cached_property
    def content(self) -> bytes:
        return self.text.encode(self.encoding)

    @cached_property
    def truth(self) -> FileContent:
        return read_raw(RawFile(self.name, self.content), columns=self.columns)

    def cells(self, line: str) -> list[str]:
        return line.split() if self.separator == " " else [cell.strip() for cell in line.split(self.separator)]

    def join(self, cells: list[str]) -> str:
        return (", " if self.separator == "," else self.separator).join(cells)

    def _numbers(self, line: str) -> bool:
        try:
            [float(cell) for cell in self.cells(line)[:3]]
        except ValueError:
            return False
        return True


@dataclass(frozen=True)
class Mutant:
    """A changed file: what was done to it, and whether it still says the same."""

    kind: str
    content: bytes
    benign: bool = False
    columns: str | None = None


def _assembled(seed: Seed, lines: list[str]) -> bytes:
    return ("\n".join(lines) + seed.end).encode(seed.encoding)


def _table_line(seed: Seed, rng: np.random.Generator) -> int:
    return int(rng.integers(seed.start, len(seed.lines)))


def _with_cell(seed: Seed, rng: np.random.Generator, kind: str, change: Callable[[str], str]) -> Mutant:
    """Change one of the first five cells of one line of the table."""
    lines = list(seed.lines)
    number = _table_line(seed, rng)
    cells = seed.cells(lines[number])
    column = int(rng.integers(min(5, len(cells))))
    cells[column] = change(cells[column])
    lines[number] = seed.join(cells)
    return Mutant(kind, _assembled(seed, lines))


def truncate(seed: Seed, rng: np.random.Generator) -> Mutant:
    return Mutant("truncate", seed.content[: int(rng.integers(1, len(seed.content)))])


def truncate_last_lines(seed: Seed, rng: np.random.Generator) -> Mutant:
    size = len(_assembled(seed, list(seed.lines[-3:])))
    return Mutant("truncate the last lines", seed.content[: -int(rng.integers(1, size))])


def flip_byte(seed: Seed, rng: np.random.Generator) -> Mutant:
    content = bytearray(seed.content)
    content[int(rng.integers(len(content)))] = int(rng.integers(256))
    return Mutant("flip a byte", bytes(content))


def flip_bit(seed: Seed, rng: np.random.Generator) -> Mutant:
    content = bytearray(seed.content)
    content[int(rng.integers(len(content)))] ^= 1 << int(rng.integers(8))
    return Mutant("flip a bit", bytes(content))


def change_digit(seed: Seed, rng: np.random.Generator) -> Mutant:
    lines = list(seed.lines)
    number = _table_line(seed, rng)
    digits = [k for k, letter in enumerate(lines[number]) if letter.isdigit()]
    place = int(rng.choice(digits))
    lines[number] = lines[number][:place] + str(rng.integers(10)) + lines[number][place + 1 :]
    return Mutant("change a digit", _assembled(seed, lines))


def drop_point(seed: Seed, rng: np.random.Generator) -> Mutant:
    return _with_cell(seed, rng, "drop a decimal point", lambda cell: cell.replace(".", "", 1))


def change_sign(seed: Seed, rng: np.random.Generator) -> Mutant:
    return _with_cell(seed, rng, "change a sign", lambda cell: cell[1:] if cell[0] == "-" else f"-{cell}")


def nan_cell(seed: Seed, rng: np.random.Generator) -> Mutant:
    word = str(rng.choice(["NaN", "nan", "inf", "-Infinity", "#N/A", "None", "1e999", "XXX"]))
    return _with_cell(seed, rng, "not a number", lambda _: word)


def blank_cell(seed: Seed, rng: np.random.Generator) -> Mutant:
    return _with_cell(seed, rng, "blank cell", lambda _: "")


def huge_cell(seed: Seed, rng: np.random.Generator) -> Mutant:
    number = str(rng.choice(["1e300", "9.9e99", "-1e30", "123456789012345678901234567890", "1e-300"]))
    return _with_cell(seed, rng, "huge number", lambda _: number)


def delete_line(seed: Seed, rng: np.random.Generator) -> Mutant:
    lines = list(seed.lines)
    del lines[int(rng.integers(len(lines)))]
    return Mutant("delete a line", _assembled(seed, lines))


def duplicate_line(seed: Seed, rng: np.random.Generator) -> Mutant:
    lines = list(seed.lines)
    number = int(rng.integers(len(lines)))
    lines.insert(int(rng.choice([number, len(lines)])), lines[number])
    return Mutant("duplicate a line", _assembled(seed, lines))


def exchange_lines(seed: Seed, rng: np.random.Generator) -> Mutant:
    lines = list(seed.lines)
    one, other = (_table_line(seed, rng) for _ in range(2))
    lines[one], lines[other] = lines[other], lines[one]
    return Mutant("exchange two lines", _assembled(seed, lines))


def drop_header(seed: Seed, rng: np.random.Generator) -> Mutant:
    if seed.titles is None or rng.random() < 0.3:
        return Mutant("drop the header", _assembled(seed, list(seed.lines[seed.start :])))
    lines = list(seed.lines)
    del lines[seed.titles]
    return Mutant("drop the header", _assembled(seed, lines))


def exchange_columns(seed: Seed, rng: np.random.Generator, *, with_headers: bool) -> Mutant:
    lines = list(seed.lines)
    width = len(seed.cells(lines[seed.start]))
    order = rng.permutation(width)
    for number in [seed.titles if with_headers else None, *range(seed.start, len(lines))]:
        if number is not None:
            cells = seed.cells(lines[number])
            lines[number] = seed.join([cells[k] for k in order])
    columns = None
    if with_headers and seed.columns is not None:
        places = np.argsort(order) + 1
        columns = re.sub(r"(?<==)\d+", lambda match: str(places[int(match[0]) - 1]), seed.columns)
    kind = "exchange columns with headers" if with_headers else "exchange columns below headers"
    return Mutant(kind, _assembled(seed, lines), benign=with_headers, columns=columns)


def exchange_with_headers(seed: Seed, rng: np.random.Generator) -> Mutant:
    return exchange_columns(seed, rng, with_headers=True)


def exchange_below_headers(seed: Seed, rng: np.random.Generator) -> Mutant:
    return exchange_columns(seed, rng, with_headers=False)


def decimal_commas(seed: Seed, rng: np.random.Generator) -> Mutant:
    lines = list(seed.lines)
    lines[seed.start :] = [line.replace(".", ",") for line in lines[seed.start :]]
    return Mutant("decimal commas", _assembled(seed, lines), benign=seed.separator in "\t;")


def one_decimal_comma(seed: Seed, rng: np.random.Generator) -> Mutant:
    return _with_cell(seed, rng, "one decimal comma", lambda cell: cell.replace(".", ",", 1))


def reencode(seed: Seed, rng: np.random.Generator) -> Mutant:
    encoding = str(rng.choice(["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "big endian"]))
    content = b"\xfe\xff" + seed.text.encode("utf-16-be") if encoding == "big endian" else seed.text.encode(encoding)
    return Mutant(f"encode as {encoding}", content, benign=True)


def line_ends(seed: Seed, rng: np.random.Generator) -> Mutant:
    end = str(rng.choice(["\r\n", "\r"]))
    return Mutant("line ends", seed.text.replace("\n", end).encode(seed.encoding), benign=True)


def blank_lines(seed: Seed, rng: np.random.Generator) -> Mutant:
    lines = list(seed.lines)
    place = int(rng.choice([len(lines), _table_line(seed, rng)]))
    lines[place:place] = [""] * int(rng.integers(1, 4))
    return Mutant("blank lines in the table", _assembled(seed, lines), benign=True)


def trailing_blanks(seed: Seed, rng: np.random.Generator) -> Mutant:
    lines = [line + " " * int(rng.integers(3)) for line in seed.lines]
    return Mutant("blanks behind lines", _assembled(seed, lines), benign=True)


def insert_noise(seed: Seed, rng: np.random.Generator) -> Mutant:
    place = int(rng.integers(len(seed.content)))
    noise = rng.integers(0, 256, int(rng.integers(1, 30)), dtype=np.uint8).tobytes()
    return Mutant("insert noise", seed.content[:place] + noise + seed.content[place:])


def cut_out(seed: Seed, rng: np.random.Generator) -> Mutant:
    place = int(rng.integers(len(seed.content)))
    return Mutant("cut a piece out", seed.content[:place] + seed.content[place + int(rng.integers(1, 40)) :])


MUTATIONS: tuple[Callable[[Seed, np.random.Generator], Mutant], ...] = (
    truncate,
    truncate_last_lines,
    flip_byte,
    flip_bit,
    change_digit,
    drop_point,
    change_sign,
    nan_cell,
    blank_cell,
    huge_cell,
    delete_line,
    duplicate_line,
    exchange_lines,
    drop_header,
    exchange_with_headers,
    exchange_below_headers,
    decimal_commas,
    one_decimal_comma,
    reencode,
    line_ends,
    blank_lines,
    trailing_blanks,
    insert_noise,
    cut_out,
)


def mutants(seed: Seed, count: int, number: int = 2026) -> list[Mutant]:
    """Return `count` mutants, every mutation in turn; the same for the same `number`."""
    rng = np.random.default_rng(number)
    return [MUTATIONS[k % len(MUTATIONS)](seed, rng) for k in range(count)]


def judge(seed: Seed, mutant: Mutant) -> Verdict:
    """Read a mutant and say what the reader made of it."""
    try:
        found = read_raw(RawFile(seed.name, mutant.content), columns=mutant.columns or seed.columns)
    except InputError:
        return Verdict.REFUSED
    except Exception:  # noqa: BLE001  any other exception is what is being looked for
        return Verdict.RAW
    if _is_truth(seed, found):
        return Verdict.RIGHT
    if set(found.warnings) - set(seed.truth.warnings):
        return Verdict.WARNED
    return Verdict.UNDETECTABLE if not mutant.benign and _no_evidence(seed, mutant, found) else Verdict.SILENT


def _is_truth(seed: Seed, found: FileContent) -> bool:
    truth = seed.truth.records
    if not all(isinstance(record, ImpedanceSpectrum) for record in found.records):
        return False
    if [len(record) for record in found.records] != [len(record) for record in truth]:
        return False
    return all(
        np.allclose(one.frequency, other.frequency, rtol=1e-9, atol=0.0)
        and np.allclose(one.impedance, other.impedance, rtol=1e-9, atol=0.0)
        for one, other in zip(found.records, truth, strict=True)
    )


def _is_an_end_of(record: ImpedanceSpectrum, truth: ImpedanceSpectrum) -> bool:
    """Tell whether a record is the truth's first or last points, unchanged."""
    kept = len(record)
    return any(
        np.array_equal(record.frequency, truth.frequency[part])
        and np.array_equal(record.impedance, truth.impedance[part])
        for part in (slice(kept), slice(-kept, None))
    )


def _no_evidence(seed: Seed, mutant: Mutant, found: FileContent) -> bool:
    """Tell whether one of the five cases of the module's docstring holds."""
    if not all(isinstance(record, ImpedanceSpectrum) for record in found.records):
        return False
    if mutant.kind == "exchange columns below headers":
        return seed.witnessed is None
    if len(found.records) != len(seed.truth.records):
        return False
    for record, truth in zip(found.records, seed.truth.records, strict=True):
        if len(record) != len(truth):
            if seed.declares_limits or not _is_an_end_of(record, truth):
                return False
            continue
        moved = np.abs(np.log(record.frequency / truth.frequency))
        step = np.diff(np.log(record.frequency))
        if np.any(moved > 0.5 * np.median(np.abs(np.diff(np.log(truth.frequency))))):
            return False
        if not (np.all(step > 0) or np.all(step < 0)):
            return False
        if seed.witnessed is not None:
            apart = np.abs(record.impedance - truth.impedance) / np.abs(truth.impedance)
            if np.any(apart > seed.witnessed):
                return False
    return True
