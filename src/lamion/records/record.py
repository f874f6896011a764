"""A record is declared by its columns: from the declaration come its class, its checks, its headers and its table."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.records.column import UNIT_AREA, Column, HeaderError, Unit, converted, meant
from lamion.records.source import SourceFile
from lamion.texts import counted

Array = NDArray[np.float64]
OneKind = TypeVar("OneKind", bound="type[Table]")


class Record(Protocol):
    """A frozen raw record: columns in SI, what the header says, and where it comes from."""

    @property
    def metadata(self) -> Mapping[str, str]:
        """What else the file says, as printed there."""

    @property
    def source(self) -> SourceFile | None:
        """The file it was read from, or the model that made it."""

    def __len__(self) -> int: ...

    def columns(self) -> dict[str, list[float]]:
        """Return the record as a table."""


@dataclass(frozen=True)
class Kind:
    """What is declared of a kind of record.

    Parameters
    ----------
    key : str
        The word that asks for it, as in ``lamion read --record diffraction``.
    words : str
        What it is, for messages.
    columns : Mapping of str to Column
        By attribute.
    shown : tuple of str
        The attributes in the order of the table.
    fewest : int
        Rows that a record has at least.
    table : str
        What a table of it is a table of.
    without : str
        A word that none of its headers holds: with a time, it is another kind.
    at_top : bool
        Whether its headers are the file's first line below comments, and never stand below an instrument's preamble.
    told_by : tuple of str
        The attributes of which a table names one at least, unless it was asked for.
    """

    key: str
    words: str
    columns: Mapping[str, Column]
    shown: tuple[str, ...]
    fewest: int = 1
    table: str = ""
    without: str = ""
    at_top: bool = False
    told_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Violation:
    """The first value that a record of its kind cannot hold.

    Parameters
    ----------
    place : int
        Its row, counted from 0.
    expected, found : str
        For messages.
    remedy : str
        A whole sentence.
    """

    place: int
    expected: str
    found: str
    remedy: str


class Table:
    """What every record that is declared by its columns can do.

    Made from arrays in SI in the order of its columns, or by name; or with :meth:`of` from a table with titles.
    """

    kind: ClassVar[Kind]
    metadata: Mapping[str, str]
    source: SourceFile | None

    def __init__(self, *values: Any, **named: Any) -> None:
        names = [field.name for field in dataclasses.fields(self)]  # type: ignore[arg-type]
        given = dict(zip(names, values, strict=False))
        unknown = [name for name in named if name not in names or name in given]
        if unknown or len(values) > len(names):
            raise TypeError(f"{type(self).__name__} takes {', '.join(names)}, each once.")
        given.update(named)
        fill(
            self,
            {name: given.pop(name, None) for name in self.kind.columns},
            given.pop("metadata", None),
            given.pop("source", None),
            **{name: given.get(name) for name in names if name not in (*self.kind.columns, "metadata", "source")},
        )
        self._check()

    def _check(self) -> None:
        article = with_article(self.kind.words).capitalize()
        arrays = {name: array for name in self.kind.columns if (array := getattr(self, name)) is not None}
        missing = [name for name, column in self.kind.columns.items() if column.needed and name not in arrays]
        if missing:
            raise InputError(f"{article} needs the {' and the '.join(missing)}.")
        first = next(iter(arrays.values()))
        if first.ndim != 1 or len(first) < self.kind.fewest or any(a.shape != first.shape for a in arrays.values()):
            raise InputError(
                f"{article} needs one value of each column per row, and at least {self.kind.fewest}; given were "
                f"{', '.join(f'{name} {array.shape}' for name, array in arrays.items())}."
            )
        wrong = violation(self.kind, arrays)
        if wrong is not None:
            happened = f"{article}: expected {wrong.expected}, found {wrong.found} in row {wrong.place + 1}."
            raise InputError(happened, "", wrong.remedy)

    def __len__(self) -> int:
        return len(getattr(self, next(name for name, column in self.kind.columns.items() if column.needed)))

    def __repr__(self) -> str:
        return summary(self)

    def columns(self) -> dict[str, list[float]]:
        """Return the record as a table, under the headers that it is read with."""
        return {title: array.tolist() for title, array in self.arrays().items()}

    def arrays(self) -> dict[str, Array]:
        """Return the columns that it has as arrays, under the same headers."""
        found = {self.kind.columns[name].title: getattr(self, name) for name in self.kind.shown}
        return {title: array for title, array in found.items() if array is not None}

    def seen_as(self, kind: type[Record]) -> Record | None:
        """Return it as a record of another kind, where it is that too; None where it is not."""
        return self if isinstance(self, kind) else None

    @classmethod
    def of(cls, frame: Any, **others: Any) -> Self:
        """Make the record from a data frame, or from columns by their titles.

        Parameters
        ----------
        frame : data frame or Mapping
            Its titles are headers as in a file, such as ``"temperature / degC"``, or the record's attributes, in SI.
        **others
            Its other fields, such as ``temperature``.

        Raises
        ------
        InputError
            When a column is missing, has no unit or a wrong one, or its values cannot be.
        """
        columns = cls.kind.columns
        found: dict[str, Any] = {}
        units: dict[str, Unit] = {}
        for title in frame:
            told = (title, Unit()) if title in columns else meant(str(title), columns)
            if told is None:
                continue
            name, unit = told
            if name in found:
                raise InputError(f"Two columns hold the {name}, the second is '{title}'.", "", "Remove one of them.")
            values = np.array(frame[title], dtype=np.float64)
            units[name] = unit
            found[name] = converted(values, units[name])
        area = area_of(cls.kind, units)
        return cls(**found, **({} if area is None else {"area": area}), **others)


def column(
    unit: str,
    title: str,
    names: str = "",
    *,
    rising: bool = False,
    above: float | None = None,
    least: float | None = None,
    below: float | None = None,
    needed: bool = True,
    signed: bool = False,
    any_unit: bool = False,
    form: str = "",
    areal: bool = False,
    otherwise: str = "",
) -> Any:
    """Declare one column of a record.

    Parameters
    ----------
    unit : str
        The unit that the record holds it in.
    title : str
        The header it is written under.
    names : str
        The names it is read under, separated by blanks, in lower case without ``_``, ``-`` and ``.``.
    rising : bool
        Whether it rises from row to row.
    above, least, below : float, optional
        What every value is larger than, not smaller than, smaller than.
    needed : bool
        Whether a table without it is another kind of table.
    signed : bool
        Whether a header with a minus before its name holds the negative.
    any_unit : bool
        Whether it is a number in whatever unit, or none, as counts are.
    form : str
        What tables may hold in its place: ``"logarithm"``, as in log10(conductivity / S/cm) and ln sigma (S/cm), or
        ``"inverse"``, as in 1000/T (1/K).
    areal : bool
        Whether tables may hold it over an area, as mA/cm2: its record has an `area` then, of 1 cm2.
    otherwise : str
        The column that is meant by the same name with a unit of another dimension.
    """
    words = tuple(names.split())
    own = Column(unit, title, words, rising, above, least, below, needed, signed, any_unit, form, areal, otherwise)
    return field(default=None, metadata={"column": own})


def record(
    words: str,
    *,
    key: str = "",
    table: str = "",
    shown: tuple[str, ...] = (),
    fewest: int = 1,
    without: str = "",
    at_top: bool = False,
    told_by: tuple[str, ...] = (),
) -> Callable[[OneKind], OneKind]:
    """Make a class whose fields are columns a kind of record that files are read as.

    Parameters
    ----------
    words : str
        What it is, for messages, such as ``"powder pattern"``.
    key : str
        The word that asks for it; by default `words` with hyphens.
    table : str
        What a table of it is a table of, by default ``a`` and the words.
    shown : tuple of str
        Its attributes in the order of the table, where that is not their own.
    fewest : int
        Rows that a record has at least.
    without : str
        A word that none of its headers holds.
    at_top : bool
        Whether its headers never stand below an instrument's preamble.
    told_by : tuple of str
        The attributes of which a table names one at least, where the needed ones make another kind.

    Examples
    --------
    >>> @record("cyclic voltammogram", key="toy-voltammetry")
    ... class Voltammogram(Table):
    ...     potential: Array = column("V", "Potential / V", "potential e")
    ...     current: Array = column("A", "Current / A", "current i")
    >>> Voltammogram.of({"E / mV": [0.0, 500.0], "I / mA": [1.0, 2.0]}).columns()
    {'Potential / V': [0.0, 0.5], 'Current / A': [0.001, 0.002]}
    >>> del KINDS["toy-voltammetry"]
    """

    def declared(cls: OneKind) -> OneKind:
        for name, kind in (("metadata", "Mapping[str, str]"), ("source", "SourceFile | None")):
            cls.__annotations__[name] = kind
            setattr(cls, name, field(default=None))
        made: Any = dataclass(frozen=True, eq=False, init=False, repr=False)(cls)
        columns = {f.name: f.metadata["column"] for f in dataclasses.fields(made) if "column" in f.metadata}
        word = key or words.replace(" ", "-")
        titles = table or with_article(words)
        made.kind = Kind(word, words, columns, shown or tuple(columns), fewest, titles, without, at_top, told_by)
        KINDS[word] = made
        return cls

    return declared


def with_article(words: str) -> str:
    """Return some words behind their article.

    Parameters
    ----------
    words : str
        Such as ``"open-circuit curve"``.

    Examples
    --------
    >>> with_article("Raman spectrum"), with_article("NMR spectrum")
    ('a Raman spectrum', 'an NMR spectrum')
    """
    spelled = words.split()[0].isupper()  # its first letter is spoken by its name
    return f"a{'n' if words[0] in ('AEFHILMNORSX' if spelled else 'aeiou') else ''} {words}"


KINDS: dict[str, type[Table]] = {}
"""Every kind that was declared, by its word; of those whose needed columns a table names, it is the one with most."""


def violation(kind: Kind, arrays: Mapping[str, Array]) -> Violation | None:
    """Return the first value that cannot be, None where all can.

    Parameters
    ----------
    kind : Kind
        What was declared.
    arrays : Mapping of str to array
        By attribute, one length.
    """
    for name, array in arrays.items():
        column = kind.columns[name]
        for wrong, expected in _limits(name, column, array):
            if wrong.any():
                place = int(np.argmax(wrong))
                found = f"{array[place]:g} {column.unit.removesuffix('1')}".rstrip()
                return Violation(place, expected, found, "Mend that line.")
        if column.rising and len(array) > 1:
            wrong = np.diff(array) <= 0.0
            if wrong.any():
                place = int(np.argmax(wrong)) + 1
                found = f"{array[place]:g} {column.unit} after {array[place - 1]:g} {column.unit}"
                remedy = "Several techniques or loops may be joined in one file: cut it to the one that is meant."
                return Violation(place, f"{name} that rises from row to row", found, remedy)
    return None


def _limits(name: str, column: Column, array: Array) -> Iterable[tuple[NDArray[np.bool_], str]]:
    yield ~np.isfinite(array), f"a value of the {name} that is a finite number"
    if column.above is not None:
        than = "zero" if column.above == 0 else f"{column.above:g} {column.unit}"
        yield array <= column.above, f"a value of the {name} larger than {than}"
    if column.least is not None:
        yield array < column.least, f"a value of the {name} of at least {column.least:g} {column.unit}"
    if column.below is not None:
        yield array >= column.below, f"a value of the {name} smaller than {column.below:g} {column.unit}"


def area_of(kind: Kind, units: Mapping[str, Unit]) -> float | None:
    """Return the area whose numbers a table holds, in m2; None where they are those of the whole cell.

    Parameters
    ----------
    kind : Kind
        What was declared.
    units : Mapping of str to Unit
        Of the columns that it has.

    Raises
    ------
    HeaderError
        When one of its columns is over an area and another is not.
    """
    over = {unit.areal: name for name, unit in units.items() if kind.columns[name].areal}
    if len(over) > 1:
        found = f"a {over[True]} over an area beside a {over[False]} that is not"
        raise HeaderError(
            f"the {' and the '.join(over.values())} both over an area, or neither", found, "Give both in the same way."
        )
    return UNIT_AREA if True in over else None


def check_area(record: Record, area: float | None) -> None:
    """Refuse an electrode's area, in m2, that is another than the record means; None where the whole cell's is asked.

    Parameters
    ----------
    record : Record
        Whose `area` is that of its numbers, where the file gives them times an area or over one.
    area : float or None
        The electrode's, in m2.

    Raises
    ------
    InputError
        When the file gives its impedance times an area, or its current over one, and it cannot be that electrode's.
    """
    own = getattr(record, "area", None)
    if own is None or (area is not None and np.isclose(area, own, rtol=1e-9, atol=0.0)):
        return
    name = record.source.name if record.source is not None else "The record"
    table = isinstance(record, Table)
    given, unit = ("current over an area (A/m2)", "A") if table else ("impedance times an area (ohm cm2)", "ohm")
    raise InputError(
        f"{name} gives the {given}, which was read as that of {1e4 * own:g} cm2.",
        "The cell's own area is not in it.",
        f"Give the area as {1e4 * own:g} cm2, or the {given.split()[0]} in {unit}.",
    )


def fill(
    record: object,
    arrays: Mapping[str, Any],
    metadata: Mapping[str, str] | None,
    source: SourceFile | None,
    **others: Any,
) -> None:
    """Set the fields of a frozen record: arrays read-only, in double precision unless they are complex.

    Parameters
    ----------
    record : dataclass
        Being made.
    arrays : Mapping of str to array-like or None
        Its columns; None stays None. One that is read-only already is kept, any other is copied.
    metadata, source
        As given to the record.
    **others
        Its other fields.
    """
    for name, value in arrays.items():
        object.__setattr__(record, name, None if value is None else frozen(value))
    for name, value in {**others, "metadata": dict(metadata or {}), "source": source}.items():
        object.__setattr__(record, name, value)


def summary(record: Record) -> str:
    """Return a record in one line, for a notebook: how much of what, over what range, from where.

    Parameters
    ----------
    record : Record
        Any.
    """
    title, values = next(iter(columns_of(record).items()), ("", []))
    ends = span_of(values)
    over = f", {title} {ends[0]:.4g} to {ends[1]:.4g}" if ends else ""
    source = f", '{record.source.name}'" if record.source is not None else ""
    return f"{type(record).__name__}({counted(len(record), 'point')}{over}{source})"


def columns_of(record: Record) -> Mapping[str, Sequence[float] | Array]:
    """Return a record's columns by their headers: arrays where it holds such, which a long one's lists would outgrow.

    Parameters
    ----------
    record : Record
        Any.
    """
    return record.arrays() if isinstance(record, Table) else record.columns()


def span_of(values: Sequence[Any] | Array) -> tuple[float, float] | None:
    """Return the least and the largest of the numbers in a column; None where it has none.

    Parameters
    ----------
    values : sequence or array
        Texts among them are passed by.
    """
    if isinstance(values, np.ndarray):
        return (float(values.min()), float(values.max())) if len(values) else None
    numbers = [value for value in values if isinstance(value, int | float)]
    return (min(numbers), max(numbers)) if numbers else None


def frozen(value: Any, dtype: type = np.float64) -> NDArray[Any]:
    """Return an array that nobody can change: the given one where that holds already, else a copy.

    Parameters
    ----------
    value : array-like
        Numbers.
    dtype : type
        What they become.
    """
    if isinstance(value, np.ndarray) and value.dtype == dtype and not value.flags.writeable and value.base is None:
        return value
    array: NDArray[Any] = np.array(value, dtype=dtype)
    array.setflags(write=False)
    return array
