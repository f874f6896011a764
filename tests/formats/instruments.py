"""Texts in each instrument's layout, written from a formula, and what the mutator needs to know of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from tests.formats import mutator
from tests.formats.fixtures import Spectrum
from tests.formats.mutator import Mutant, Seed, Verdict

from lamion.formats import RawFile, read_raw
from lamion.quantities import InputError


@dataclass(frozen=True)
class InstrumentSeed(Seed):
    """A seed that says where its table stands and how its lines of column names are written.

    Parameters
    ----------
    first, stop : int
        Index of the first line of numbers, and of the first line behind the table.
    named : tuple of int
        Indices of the lines that change together with the columns.
    lead, tail : str
        What stands in front of and behind the cells of every line of the table.
    split_names, join_names : callable
        How a line of column names is taken apart and put together.
    """

    first: int = 0
    stop: int = 0
    named: tuple[int, ...] = ()
    lead: str = ""
    tail: str = ""
    split_names: Callable[[str], list[str]] | None = None
    join_names: Callable[[list[str]], str] | None = None

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n")[: self.stop])

    @cached_property
    def end(self) -> str:
        rest = self.text.split("\n")[self.stop :]
        return "\n" + "\n".join(rest) if rest else ""

    @cached_property
    def start(self) -> int:
        return self.first

    @cached_property
    def titles(self) -> int | None:
        return self.named[0]

    def cells(self, line: str) -> list[str]:
        return [cell.strip() for cell in line.removeprefix(self.lead).removesuffix(self.tail).split(self.separator)]

    def join(self, cells: list[str]) -> str:
        return self.lead + self.separator.join(cells) + self.tail


def exchange_with_headers(seed: Seed, rng: np.random.Generator) -> Mutant:
    """Exchange the columns together with every line of names."""
    assert isinstance(seed, InstrumentSeed)
    split = seed.split_names or seed.cells
    join = seed.join_names or seed.join
    lines = list(seed.lines)
    order = rng.permutation(len(seed.cells(lines[seed.start])))
    for number in seed.named:
        cells = split(lines[number])
        lines[number] = join([cells[k] for k in order])
    for number in range(seed.start, len(lines)):
        cells = seed.cells(lines[number])
        lines[number] = seed.join([cells[k] for k in order])
    content = ("\n".join(lines) + seed.end).encode(seed.encoding)
    return Mutant("exchange columns with headers", content, benign=True)


def mutants(seed: Seed, count: int, number: int = 2026) -> list[Mutant]:
    """Return the mutator's mutants, the columns exchanged as this seed writes their names."""
    rng = np.random.default_rng(number)
    known = [
        exchange_with_headers if mutation is mutator.exchange_with_headers else mutation
        for mutation in mutator.MUTATIONS
    ]
    return [known[k % len(known)](seed, rng) for k in range(count)]


def _damage(kind: str, content: bytes, rng: np.random.Generator) -> bytes:
    place, length = int(rng.integers(len(content))), int(rng.integers(1, 80))
    if kind == "truncate":
        return content[:place]
    if kind == "flip a bit":
        return content[:place] + bytes([content[place] ^ 1 << int(rng.integers(8))]) + content[place + 1 :]
    if kind == "change a byte":
        return content[:place] + bytes([int(rng.integers(256))]) + content[place + 1 :]
    if kind == "change a byte of the start":
        place %= 64
        return content[:place] + bytes([int(rng.integers(256))]) + content[place + 1 :]
    if kind == "insert noise":
        return content[:place] + rng.bytes(length) + content[place:]
    if kind == "cut a piece out":
        return content[:place] + content[place + length :]
    if kind == "write zeros":
        return content[:place] + bytes(len(content[place : place + 8 * length])) + content[place + 8 * length :]
    other = int(rng.integers(len(content)))
    return content[:place] + content[other : other + 8] + content[place + 8 :]


_DAMAGES = ("truncate", "flip a bit", "change a byte", "change a byte of the start", "insert noise", "cut a piece out")
_DAMAGES += ("write zeros", "exchange eight bytes")


def binary_mutants(
    seed: Seed, count: int, benign: Sequence[Callable[[np.random.Generator], bytes]] = (), number: int = 2026
) -> list[Mutant]:
    """Return damaged bytes, every damage in turn, and what says the same in other bytes."""
    rng = np.random.default_rng(number)
    found = []
    for k in range(count):
        which = k % (len(_DAMAGES) + len(benign))
        if which < len(_DAMAGES):
            found.append(Mutant(_DAMAGES[which], _damage(_DAMAGES[which], seed.content, rng)))
        else:
            found.append(Mutant("the same in other bytes", benign[which - len(_DAMAGES)](rng), benign=True))
    return found


def check(
    seed: Seed,
    made: Sequence[Mutant],
    judge: Callable[[Seed, Mutant], Verdict] = mutator.judge,
    undetectable: float = 0.15,
) -> None:
    """Assert what every reader owes its mutants."""
    damaged: Counter[Verdict] = Counter()
    benign: Counter[Verdict] = Counter()
    failed = []
    for position, mutant in enumerate(made):
        verdict = judge(seed, mutant)
        (benign if mutant.benign else damaged)[verdict] += 1
        if verdict in (Verdict.SILENT, Verdict.RAW):
            failed.append(f"{position}: {mutant.kind}: {verdict.value}")
    print(seed.name, len(made), {verdict.value: number for verdict, number in (damaged + benign).items()})  # noqa: T201
    print("  benign right:", benign[Verdict.RIGHT], "of", benign.total())  # noqa: T201
    assert failed == []
    assert benign[Verdict.RIGHT] >= 0.95 * benign.total()
    assert damaged[Verdict.UNDETECTABLE] <= undetectable * damaged.total()


def reads_or_refuses(content: bytes | RawFile) -> None:
    with suppress(InputError):
        assert read_raw(content if isinstance(content, RawFile) else RawFile("any", content)).records


_CELLS = st.one_of(
    st.floats(allow_nan=True).map(repr),
    st.integers(-3, 1000).map(str),
    st.sampled_from(["", "0", "1,5", "1e400", "9e99", "1e-300", "-0", "\u22121", "nan", "1.0E+000", "9" * 400]),
    st.text(max_size=5),
)


def tables(seed: InstrumentSeed) -> st.SearchStrategy[bytes]:
    """Return the seed's header above any table, and its end or none."""
    width = len(seed.cells(seed.lines[seed.first]))
    head = "\n".join(seed.lines[: seed.first]) + "\n"

    def content(rows: list[list[str]], end: str) -> bytes:
        return (head + "\n".join(map(seed.join, rows)) + end).encode(seed.encoding, "replace")

    wide = st.lists(st.lists(_CELLS, min_size=width, max_size=width), max_size=4)
    ragged = st.lists(st.lists(_CELLS, min_size=1, max_size=width + 2), max_size=4)
    return st.builds(content, st.one_of(wide, ragged), st.sampled_from([seed.end, "", "\n"]))


def edits(seed: Seed) -> st.SearchStrategy[bytes]:
    """Return the seed's bytes with any pieces replaced by any others."""

    def content(changes: list[tuple[int, int, bytes]]) -> bytes:
        found = seed.content
        for place, length, new in changes:
            place %= len(found) + 1
            found = found[:place] + new + found[place + length :]
        return found

    change = st.tuples(st.integers(0, 100_000), st.integers(0, 20), st.binary(max_size=6))
    return st.builds(content, st.lists(change, min_size=1, max_size=5))


def signatures(seed: Seed, length: int) -> st.SearchStrategy[bytes]:
    """Return the beginning of the seed with any bytes or any text behind it."""
    behind = st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode()))
    return behind.map(lambda found: seed.content[:length] + found)


def _e(value: float, digits: int, exponent_digits: int = 2) -> str:
    mantissa, exponent = f"{value:.{digits}E}".split("E")
    return f"{mantissa}E{'-' if exponent[0] == '-' else '+'}{abs(int(exponent)):0{exponent_digits}d}"


def gamry_text(data: Spectrum, *, count: str = "", behind: str = "") -> str:
    head = [
        "EXPLAIN",
        "TAG\tEISPOT",
        "TITLE\tLABEL\tPotentiostatic EIS\tTest &Identifier",
        "DATE\tLABEL\t3/3/2021\tDate",
        "NOTES\tNOTES\t2\t&Notes...",
        "\tinvented cell",
        "\t",
        "VDC\tPOTEN\t0.00000E+000\tT\tDC &Voltage (V)",
        f"FREQINIT\tQUANT\t{_e(data.frequency[0], 5, 3)}\tInitial Fre&q. (Hz)",
        f"FREQFINAL\tQUANT\t{_e(data.frequency[-1], 5, 3)}\tFinal Fre&q. (Hz)",
        "PTSPERDEC\tQUANT\t5.00000E+000\tPoints/&decade",
        "OCVCURVE\tTABLE\t2",
        "\tPt\tT\tVf\tOver",
        "\t#\ts\tV vs. Ref.\tbits",
        "\t0\t0.25\t-3.46699E-001\t..........a",
        "\t1\t0.5\t-3.46692E-001\t..........a",
        "EOC\tQUANT\t-0.3411\tOpen Circuit (V)",
        f"ZCURVE\tTABLE{count}",
        "\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\tIERange",
        "\t#\ts\tHz\tohm\tohm\tV\tohm\t\u00b0\tA\tV\t#",
    ]
    rows = []
    for k, (f, z) in enumerate(zip(data.frequency, data.impedance, strict=True)):
        numbers = [f"{x:.7g}" for x in (f, z.real, z.imag, 1.0, abs(z), np.degrees(np.angle(z)))]
        rows.append("\t" + "\t".join([str(k), str(2 * k + 1), *numbers, "-5.89286E-006", "-0.3413299", "9"]))
    return "\n".join([*head, *rows]) + "\n" + behind


def gamry_seed(name: str, text: str, *, declares_limits: bool = True) -> InstrumentSeed:
    lines = text.split("\n")
    start = next(k for k, line in enumerate(lines) if line.startswith("ZCURVE")) + 3
    seed = InstrumentSeed(
        name, text, "\t", "latin-1", witnessed=1e-5, declares_limits=declares_limits, lead="\t", first=start
    )
    return replace(seed, stop=len(lines) - (not lines[-1]), named=(start - 2, start - 1))


def zplot_text(data: Spectrum) -> str:
    head = [
        "ZPLOT2 ASCII",
        "  Measured Data, ZPlot:       3.2c",
        "  Experiment Type:            Sweep Frequency, Control Voltage",
        "  Date:                       03-03-2021",
        "  Begin Experiment:           0",
        "    Potential-AC:             10",
        f"    vs Freq-Initial:          {data.frequency[0]:g}",
        f"    vs Freq-Final:            {data.frequency[-1]:g}",
        "  End Experiment:             0",
        "    Calibration File",
        "  Begin Information:          Cell Information",
        "    Surface Area:             1",
        "  End Information:            Cell Information",
        f"  Data Points:                {len(data.frequency)}",
        "  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange",
        "End Comments",
    ]
    rows = []
    for k, (f, z) in enumerate(zip(data.frequency, data.impedance, strict=True)):
        cells = [_e(f, 6), "1.0000E-02", "0.0000E+00", _e(2.59 + 0.7 * k, 6), _e(z.real, 4), _e(z.imag, 4)]
        rows.append("\t".join([*cells, "0.0000E+00", "0", "4"]))
    return "\n".join([*head, *rows]) + "\n"


def zplot_seed(name: str, text: str) -> InstrumentSeed:
    lines = text.split("\n")
    start = lines.index("End Comments") + 1
    seed = InstrumentSeed(name, text, "\t", declares_limits=True, first=start)
    return replace(seed, stop=len(lines) - (not lines[-1]), named=(start - 2,))


def autolab_text(data: Spectrum) -> str:
    head = [
        '"Z60W Data File: Version 1.1"',
        *['""'] * 7,
        f"0,2,0,1,{data.frequency[-1]:g},{data.frequency[0]:g}",
        f"{len(data.frequency)}",
        "\"  Freq (Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range\"",
    ]
    rows = [
        ",".join([f"{f:.5g}", "0", "0", "0", repr(float(z.real)), repr(float(z.imag)), "0", "0", "0"])
        for f, z in zip(data.frequency, data.impedance, strict=True)
    ]
    return "\n".join([*head, *rows]) + "\n"


def autolab_seed(name: str, text: str) -> InstrumentSeed:
    lines = text.split("\n")
    start = next(k for k, line in enumerate(lines) if "Freq" in line) + 1
    seed = InstrumentSeed(name, text, ",", "utf-8-sig", declares_limits=True, first=start)
    return replace(
        seed,
        stop=len(lines) - (not lines[-1]),
        named=(start - 1,),
        split_names=lambda line: re.split(r"\s{2,}", line.strip().strip('"').strip()),
        join_names=lambda cells: f'"  {"   ".join(cells)}"',
    )


_PARSTAT = (
    "Potential (V)\tCurrent (A)\tElapsed Time (s)\tFrequency (Hz)\tZre (ohms)\tZim (ohms)\t|Vac| (V)\t|Iac| (A)\t"
)


def parstat_text(sweeps: Sequence[Spectrum], direct: int = 6) -> str:
    rows, time = [], 0.0
    for data in sweeps:
        for _ in range(direct):
            time += 10.0
            rows.append(f"{3.5 - 1e-6 * time:.14g}\t-0.149962306022644\t{time:.7g}\t0\t0\t0\t0\t0\t")
        for f, z in zip(data.frequency, data.impedance, strict=True):
            time += 1.0 + 1.0 / f
            numbers = "\t".join(f"{x:.15g}" for x in (time, f, z.real, z.imag))
            rows.append(f"3.50029397010803\t0.0245747901499271\t{numbers}\t0.004926\t{0.004926 / abs(z):.15g}\t")
    return "\n".join([_PARSTAT, *rows]) + "\n"


def parstat_seed(name: str, text: str) -> InstrumentSeed:
    lines = text.split("\n")
    return InstrumentSeed(name, text, "\t", first=1, stop=len(lines) - (not lines[-1]), named=(0,), tail="\t")


_DEFINITION = (
    "Definition=Segment #, Point #, E(V), I(A), Elapsed Time(s), ADC Sync Input(V), Current Range, Status, "
    "E Applied(V), Frequency(Hz), E Real, E Imag, I Real, I Imag, Z Real, Z Imag, E2 Status, E2(V), E2 Real, "
    "E2 Imag, Z2 Real, Z2 Imag, ActionId, AC Amplitude, 0"
)


def versastudio_text(segments: Sequence[Spectrum], direct: int = 0) -> str:
    data = segments[0]
    head = [
        "<Application>",
        "Name=VersaStudio",
        "Version=2.52.3.0",
        "</Application>",
        "",
        "<Instrument>",
        "Type=VersaSTAT4",
        "</Instrument>",
        "",
        "<Action1>",
        f"End Frequency (Hz)={data.frequency[-1]:g}",
        f"Start Frequency (Hz)={data.frequency[0]:g}",
        "Name=Potentiostatic EIS",
        "</Action1>",
        "",
        "<Segment1>",
        "Type=2",
        "Version=3",
        _DEFINITION,
    ]
    rows, time = [], 0.0
    for segment, part in enumerate(segments):
        for point in range(direct):
            time += 1.0
            cells = [str(segment), str(point), "0.01", "1.5E-06", f"{time:.3f}", "0", "5", "53", "0.01", *["0"] * 13]
            rows.append(",".join([*cells, "21", "0"]))
        for k, (f, z) in enumerate(zip(part.frequency, part.impedance, strict=True)):
            time += 1.0 + 1.0 / f
            E = 0.02 * np.exp(1j * (0.7 + k))
            numbers = [f"{x:.7G}" for x in (E.real, E.imag, (E / z).real, (E / z).imag, z.real, z.imag)]
            cells = [str(segment), str(direct + k), "0", "-3.282372E-06", f"{time:.3f}", "-0.002", "5", "53", "0"]
            rows.append(",".join([*cells, f"{f:.7G}", *numbers, *["0"] * 6, "21", "0.02"]))
    tail = ["</Segment1>", "", "<Graph1>", "GraphTitle=", "</Graph1>"]
    return "\n".join([*head, *rows, *tail]) + "\n"


def versastudio_seed(name: str, text: str) -> InstrumentSeed:
    lines = text.split("\n")
    start = next(k for k, line in enumerate(lines) if line.startswith("Definition=")) + 1
    return InstrumentSeed(
        name,
        text,
        ",",
        witnessed=3e-5,
        declares_limits=True,
        first=start,
        stop=lines.index("</Segment1>"),
        named=(start - 1,),
        split_names=lambda line: line.removeprefix("Definition=").split(", "),
        join_names=lambda cells: f"Definition={', '.join(cells)}, 0",
    )


def real_text(folder: Path, name: str, encoding: str = "utf-8") -> str:
    return (folder / "impedance" / name).read_bytes().decode(encoding).replace("\r\n", "\n")


def judge_time(seed: Seed, mutant: Mutant) -> Verdict:
    """Judge a mutant of a record of time.

    What it may hold no trace of: lost rows, a number changed in one or two rows, and columns exchanged below their
    headers; but never a time that runs back. Where the file holds the product of voltage and current, it shows every
    change of it, but to zero.
    """
    try:
        found = read_raw(RawFile(seed.name, mutant.content))
    except InputError:
        return Verdict.REFUSED
    except Exception:  # noqa: BLE001  any other exception is what is being looked for
        return Verdict.RAW
    truth = seed.truth.records[0]
    one, other = (record.columns() for record in (found.records[0], truth))
    same = len(found.records) == 1 and type(found.records[0]) is type(truth)
    if same and one.keys() == other.keys() and all(np.array_equal(one[title], other[title]) for title in one):
        return Verdict.RIGHT
    if set(found.warnings) - set(seed.truth.warnings):
        return Verdict.WARNED
    hidden = same and not mutant.benign and _without_trace(seed, mutant, one, other)
    return Verdict.UNDETECTABLE if hidden else Verdict.SILENT


def _without_trace(seed: Seed, mutant: Mutant, found: dict[str, list[float]], truth: dict[str, list[float]]) -> bool:
    needed = [title for title in ("Test Time / s", "Voltage / V", "Current / A") if title in truth]
    if found.keys() != truth.keys():
        return set(needed) <= found.keys() and all(found[title] == truth[title] for title in needed)
    table, whole = (np.array([columns[title] for title in truth]) for columns in (found, truth))
    if len(table[0]) != len(whole[0]):
        # A first row that is lost moves all times that count from it, and a time may have been changed as well.
        rows = {tuple(row) for row in np.delete(whole, 0, axis=0).T}
        strange = [row for row in np.delete(table, 0, axis=0).T if tuple(row) not in rows]
        return len(table[0]) < len(whole[0]) and len(strange) <= 1 and bool(np.all(np.diff(table[0]) > 0.0))
    if seed.witnessed is not None:
        pair = [list(truth).index(title) for title in needed[1:]]
        power, true_power = (np.prod(part[pair], axis=0) for part in (table, whole))
        if not np.all(np.isclose(power, true_power, seed.witnessed, 0.0) | (power == 0.0)):
            return False
    if mutant.kind == "exchange columns below headers":
        return True
    changed = np.any(np.delete(table != whole, 0, axis=0), axis=0)
    return int(changed.sum()) <= 2 and bool(np.all(np.diff(table[0]) > 0.0))


def judge_channel(seed: Seed, mutant: Mutant) -> Verdict:
    """Judge a mutant of a cycler's channel.

    What it may hold no trace of: rows that are lost at the end, or anywhere where nothing counts them; a number that
    was changed in one or two rows, though never a time that runs back; columns exchanged below their headers. Time and
    charge count from row to row: one that was changed moves all that follow.
    """
    try:
        found = read_raw(RawFile(seed.name, mutant.content))
    except InputError:
        return Verdict.REFUSED
    except Exception:  # noqa: BLE001  any other exception is what is being looked for
        return Verdict.RAW
    truth = seed.truth.records[0]
    one, other = (_from_row_to_row(record.columns()) for record in (found.records[0], truth))
    same = len(found.records) == 1 and type(found.records[0]) is type(truth)
    whole = same and one.keys() == other.keys() and len(found.records[0]) == len(truth)
    if whole and all(np.allclose(one[title], other[title], 1e-9, 1e-12) for title in one):
        return Verdict.RIGHT
    if set(found.warnings) - set(seed.truth.warnings):
        return Verdict.WARNED
    hidden = same and not mutant.benign and _hidden_in_a_channel(mutant, one, other)
    return Verdict.UNDETECTABLE if hidden else Verdict.SILENT


def _from_row_to_row(columns: dict[str, list[float]]) -> dict[str, np.ndarray]:
    found = {title: np.array(values) for title, values in columns.items()}
    counting = {title: np.diff(values, prepend=0.0) for title, values in found.items() if title in _COUNTING}
    return found | counting


_COUNTING = ("Test Time / s", "Charge / A s")


def _hidden_in_a_channel(mutant: Mutant, found: dict[str, np.ndarray], truth: dict[str, np.ndarray]) -> bool:
    needed = ("Test Time / s", "Voltage / V", "Current / A")
    if np.any(found[needed[0]] < 0.0):  # from row to row
        return False
    if found.keys() != truth.keys():  # a name of a column that is not needed was changed
        return set(needed) <= found.keys() and all(np.array_equal(found[title], truth[title]) for title in needed)
    table, whole = (np.array([columns[title] for title in truth]) for columns in (found, truth))
    if len(table[0]) != len(whole[0]):
        rows = {tuple(row) for row in np.round(whole[:3].T, 9)}
        strange = [row for row in np.round(table[:3].T, 9) if tuple(row) not in rows]
        return len(table[0]) < len(whole[0]) and len(strange) <= 1
    changed = np.any(~np.isclose(table, whole, 1e-9, 1e-12), axis=0)
    return mutant.kind == "exchange columns below headers" or int(changed.sum()) <= 2
