"""The tables of a JCAMP-DX block; what the block says of them twice is compared, and a contradiction refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.formats.jcamp_fields import AGAIN, Block, Field, Number, number_in
from lamion.formats.jcamp_ordinates import Ordinates, decode
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError

Array = NDArray[np.float64]
_MOST = 2**26
"""Points of a table."""
_OF_A_STEP, _RELATIVE = 0.25, 1e-7
"""Of a step: the ends of the header may be rounded by it at most. Of a number: what computing and printing leave."""
_STEPPED = re.compile(r"\((?P<x>[A-Z])\+\+\((?P<y>[A-Z])\.\.(?P=y)\)\).*", re.DOTALL)
_PAIRS = re.compile(r"\((?P<x>[A-Z])(?P<y>[A-Z])\.\.(?P=x)(?P=y)\).*", re.DOTALL)
_BETWEEN = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Axis:
    """What a block declares of one of its variables; None where it is silent.

    Parameters
    ----------
    unit : str
        As printed.
    factor : float
        What the numbers of the table are multiplied by.
    count : int
        How many values it has.
    first, last, low, high : Number or None
        Its values at the ends, and its extremes.
    line : int
        The line on which a number of it stands, for messages.
    """

    unit: str
    factor: float
    count: int
    first: Number | None
    last: Number | None
    low: Number | None
    high: Number | None
    line: int


@dataclass(frozen=True, eq=False)
class Table:
    """A checked table.

    Parameters
    ----------
    x, y : array of float, shape (n,)
        In their units.
    x_unit, y_unit : str
        As printed.
    warnings : tuple of str
        What looks odd, a whole sentence each.
    y_name : str
        The name of the ordinate, of a table that is one of several; else empty.
    """

    x: Array
    y: Array
    x_unit: str
    y_unit: str
    warnings: tuple[str, ...] = ()
    y_name: str = ""


def table_of(block: Block) -> Table | None:
    """Return the one table of a block without variables of its own; None where it has none that is a spectrum."""
    stepped, pairs = block.find("XYDATA"), block.find("XYPOINTS")
    head = stepped or pairs
    if head is None:
        return None
    points = block.need("NPOINTS")
    count = _whole(block.file, points)
    required = stepped is not None
    first, last, low, high = (block.number(label) for label in ("FIRSTX", "LASTX", "MINX", "MAXX"))
    x = Axis(
        block.need("XUNITS").value,
        _factor(block, "XFACTOR", required=required),
        count,
        first,
        last,
        low,
        high,
        points.line,
    )
    y = Axis(
        block.need("YUNITS").value,
        _factor(block, "YFACTOR", required=required),
        count,
        block.number("FIRSTY"),
        None,
        block.number("MINY"),
        block.number("MAXY"),
        line=points.line,
    )
    if stepped is not None:
        _check_step(block, x)
    return _read(block.file, head, x, y)


def tables_of(block: Block) -> list[Table]:
    """Return the tables of a block with variables of its own (NTUPLES), one for each page."""
    columns = {label: _list(block, label) for label in ("SYMBOL", "VARDIM", "UNITS", "FACTOR", "FIRST", "LAST")}
    columns |= {label: _list(block, label, needed=False) for label in ("VARNAME", "MIN", "MAX")}
    symbols = columns["SYMBOL"]
    for label, values in columns.items():
        if values and len(values) != len(symbols):
            field = block.need(label)
            expected = f"{len(symbols)} entries behind ##{field.printed}=, one for each of ##SYMBOL="
            raise FileFormatError(block.file, f"line {field.line}", expected, f"{len(values)}", AGAIN)
    found = []
    for head in (field for field in block.fields if field.label == "DATATABLE"):
        match = _STEPPED.fullmatch(head.value.upper().replace(" ", ""))
        if match is None or not {match["x"], match["y"]} <= set(symbols):
            raise _unknown_form(block.file, head)
        x, y = (_axis(block, columns, symbols.index(match[name])) for name in ("x", "y"))
        names = columns["VARNAME"] or symbols
        found.append(replace(_read(block.file, head, x, y), y_name=names[symbols.index(match["y"])].upper()))
    if not found:
        raise FileFormatError(block.file, "", "a ##DATA TABLE= behind ##NTUPLES=", "none", AGAIN)
    return found


def _list(block: Block, label: str, *, needed: bool = True) -> list[str]:
    field = block.need(label) if needed else block.find(label)
    if field is None:
        return []
    text = " ".join([field.value, *(line.text for line in field.below)])
    return [entry.strip() for entry in text.split(",")]


def _axis(block: Block, columns: dict[str, list[str]], place: int) -> Axis:
    def number(label: str) -> Number | None:
        entry = columns[label][place] if columns[label] else ""
        return number_in(block.file, block.need(label), entry) if entry else None

    dimension = block.need("VARDIM")
    count = _whole(block.file, replace(dimension, value=columns["VARDIM"][place]))
    factor = number("FACTOR")
    if factor is None or factor.value == 0.0:
        where = f"line {block.need('FACTOR').line}"
        raise FileFormatError(block.file, where, "a factor for every variable", "none or zero", AGAIN)
    first, last, low, high = (number(label) for label in ("FIRST", "LAST", "MIN", "MAX"))
    return Axis(columns["UNITS"][place], factor.value, count, first, last, low, high, dimension.line)


def _whole(file: str, field: Field) -> int:
    parsed = parse_number(field.value)
    if parsed is None or parsed[0] != int(parsed[0]) or not 1 <= parsed[0] <= _MOST:
        expected, found = f"a number of points behind ##{field.printed}=", f"'{field.value[:30]}'"
        raise FileFormatError(file, f"line {field.line}", expected, found, AGAIN)
    return int(parsed[0])


def _factor(block: Block, label: str, *, required: bool) -> float:
    if not required and block.find(label) is None:
        return 1.0
    field = block.need(label)
    value = number_in(block.file, field, field.value).value
    if value == 0.0:
        raise FileFormatError(block.file, f"line {field.line}", f"a ##{field.printed}= other than zero", "0", AGAIN)
    return value


def _check_step(block: Block, x: Axis) -> None:
    """Compare the step that a block declares with its ends and its number of points; its sign is often left out."""
    step = block.find("DELTAX")
    if step is None or x.first is None or x.last is None or x.count < 2:
        return
    declared = number_in(block.file, step, step.value)
    computed = (x.last.value - x.first.value) / (x.count - 1)
    slack = declared.half_unit + (x.first.half_unit + x.last.half_unit) / (x.count - 1) + _RELATIVE * abs(computed)
    if abs(abs(declared.value) - abs(computed)) > slack:
        expected = f"a step of {computed:.9g}, which FIRSTX, LASTX and NPOINTS make"
        raise FileFormatError(block.file, f"line {step.line}", expected, f"{declared.value:.9g}", AGAIN)


def _read(file: str, head: Field, x: Axis, y: Axis) -> Table:
    form = head.value.upper().replace(" ", "")
    if _STEPPED.fullmatch(form):
        return _stepped(file, head, x, y)
    if _PAIRS.fullmatch(form):
        return _pairs(file, head, x, y)
    raise _unknown_form(file, head)


def _unknown_form(file: str, head: Field) -> FileFormatError:
    expected = "a table of the form (X++(Y..Y)) or (XY..XY)"
    return FileFormatError(file, f"line {head.line}", expected, f"'{head.value[:40]}'", AGAIN)


def _stepped(file: str, head: Field, x: Axis, y: Axis) -> Table:
    """Read ordinates at even steps; every line's abscissa must be that of its place."""
    found = decode(file, head.below, x.count)
    if len(found.values) != x.count:
        raise _wrong_count(file, x, len(found.values))
    if x.first is None or x.last is None:
        raise FileFormatError(file, f"line {head.line}", "the first and the last abscissa in the header", "none", AGAIN)
    abscissae = np.linspace(x.first.value, x.last.value, x.count)
    _check_abscissae(file, found, x, abscissae)
    ordinates = found.values * y.factor
    return Table(
        abscissae, ordinates, x.unit, y.unit, tuple(_check_ordinates(file, y, ordinates, head.below[0].number))
    )


def _check_abscissae(file: str, found: Ordinates, x: Axis, abscissae: Array) -> None:
    assert x.first is not None and x.last is not None  # noqa: S101, PT018  asked above
    step = abs(x.last.value - x.first.value) / max(1, x.count - 1)
    expected, printed = abscissae[found.places], found.abscissae * x.factor
    slack = found.half_units * abs(x.factor) + min(max(x.first.half_unit, x.last.half_unit), _OF_A_STEP * step)
    slack = slack + _RELATIVE * np.abs(expected)
    wrong = np.flatnonzero(np.abs(expected - printed) > slack)
    if len(wrong):
        k = wrong[0]
        raise FileFormatError(
            file,
            f"line {found.lines[k]}",
            f"the abscissa {expected[k]:.9g}, by the number of ordinates above it",
            f"{printed[k]:.9g} ({len(wrong)} of {len(printed)} lines disagree)",
            AGAIN,
        )


def _check_ordinates(file: str, y: Axis, values: Array, line: int) -> list[str]:
    """Compare the first ordinate with what the header says, within a unit of the table; warn of other extremes."""
    if y.first is not None and not _near(y, y.first, values[0]):
        expected = f"{y.first.value:.9g} for the first ordinate, as the header says"
        raise FileFormatError(file, f"line {line}", expected, f"{values[0]:.9g}", AGAIN)
    extremes = (("smallest", y.low, float(values.min())), ("largest", y.high, float(values.max())))
    return [
        f"The {name} ordinate is {value:.6g} while the header says {declared.value:.6g}: that is of a longer spectrum, "
        "or a number was changed."
        for name, declared, value in extremes
        if declared is not None and not _near(y, declared, value)
    ]


def _near(y: Axis, declared: Number, value: float) -> bool:
    return abs(declared.value - value) <= declared.half_unit + abs(y.factor) + _RELATIVE * abs(declared.value)


def _pairs(file: str, head: Field, x: Axis, y: Axis) -> Table:
    pairs: list[tuple[float, float]] = []
    lines: list[int] = []
    for line in head.below:
        cells = [cell for cell in _BETWEEN.split(line.text.strip()) if cell]
        numbers = [parse_number(cell) for cell in cells]
        if len(cells) % 2 or None in numbers:
            found = f"'{line.text.strip()[:30]}'"
            raise FileFormatError(file, f"line {line.number}", "pairs of numbers, x,y", found, AGAIN)
        values = [number[0] for number in numbers if number is not None]
        pairs += zip(values[::2], values[1::2], strict=True)
        lines += [line.number] * (len(values) // 2)
    if len(pairs) != x.count:
        raise _wrong_count(file, x, len(pairs))
    columns = np.array(pairs)
    abscissae, ordinates = columns[:, 0] * x.factor, columns[:, 1] * y.factor
    for name, declared, place in (("first", x.first, 0), ("last", x.last, -1)):
        if declared is not None and abs(declared.value - abscissae[place]) > declared.half_unit + abs(x.factor):
            expected = f"{declared.value:.9g} for the {name} abscissa, as the header says"
            raise FileFormatError(file, f"line {lines[place]}", expected, f"{abscissae[place]:.9g}", AGAIN)
    return Table(abscissae, ordinates, x.unit, y.unit, tuple(_check_ordinates(file, y, ordinates, lines[0])))


def _wrong_count(file: str, x: Axis, found: int) -> FileFormatError:
    expected = f"{found} points declared, as many as the table holds"
    return FileFormatError(file, f"line {x.line}", expected, f"{x.count}", AGAIN)
