"""A file or a record that a task was given."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lamion.formats import FileContent, RawFile, columns, load, read_raw
from lamion.formats.bdf.kinds import hashed
from lamion.quantities import Answer, InputError
from lamion.records.record import Record, Table, columns_of
from lamion.tasks.declaring.option import Option


class File:
    """A measurement, whatever it came as: a file's name, its bytes, a record, a table.

    Parameters
    ----------
    raw : RawFile or None
        A file.
    content : FileContent or None
        What was read already.
    """

    def __init__(self, raw: RawFile | None = None, content: FileContent | None = None) -> None:
        self._raw = raw
        self._content = content
        self._columns: str | None = None
        self._kinds: Sequence[type[Record]] = ()

    @property
    def name(self) -> str:
        """Its name, for messages."""
        return self._raw.name if self._raw is not None else self.read().name

    @property
    def folder(self) -> str:
        """The name of the folder that it lies in; empty for what is no file."""
        path = None if self._raw is None else self._raw.path
        return "" if path is None else path.parent.name

    @property
    def sha256(self) -> str:
        """Hash of what it holds."""
        return self._raw.sha256 if self._raw is not None else self.read().sha256

    @property
    def raw(self) -> RawFile:
        """The file itself, for what is no measurement."""
        if self._raw is None:
            raise InputError("A record was given where a file is needed.", "", "Give the file's name.")
        return self._raw

    @property
    def content(self) -> FileContent | None:
        """What was read of it so far."""
        return self._content

    def read(self, record: type[Table] | None = None) -> FileContent:
        """Read it, once: by the columns that were said, else as the kind of record that is asked for."""
        if self._content is None and self._columns is not None:
            self._content = read_raw(self.raw, columns=self._columns, record=self._kinds)
        elif self._content is None:
            self._content = read_raw(self.raw, record=record)
        return self._content

    def told(self, specification: str, records: Sequence[str], every: Sequence[str]) -> None:
        """Say what its columns are.

        Parameters
        ----------
        specification : str
            As for :func:`lamion.formats.read`; of several, apart by semicolons, the one that fits.
        records, every : sequence of str
            The names of the kinds of record that it may hold, and of those that the files beside it may.
        """
        columns.check(specification, columns.of_names(every))
        self._kinds = columns.of_names(records)
        self._columns = columns.chosen(specification, self._kinds)

    @staticmethod
    def columns_option(records: Sequence[str]) -> Option | None:
        """Return the option that says the columns of files of such records; None where none of them is a table."""
        found = columns.of_names(records)
        if not found:
            return None
        several = "; of each kind of file, with semicolons between" if len(found) > 1 else ""
        examples = "; ".join(dict.fromkeys(map(columns.example, found)))
        return Option(f"what the columns are, where headers do not say it{several}", example=examples)

    @classmethod
    def of(cls, given: Any, name: str = "The file") -> File:
        """Take what a person gives for a file.

        Parameters
        ----------
        given
            A name or path; a raw file, its content or a record; a data frame, or columns by their titles; an answer
            whose series is a table to read.
        name : str
            For messages.

        Raises
        ------
        InputError
            When it is none of these, or there is no such file.

        Examples
        --------
        >>> table = {"Test Time / s": [0.0, 1.0, 2.0], "Voltage / V": [0.10, 0.05, 0.02]}
        >>> len(File.of(table).read().records[0])
        3
        """
        if isinstance(given, File):
            return given
        if isinstance(given, str | Path):
            return cls(load(given))
        if isinstance(given, RawFile):
            return cls(given)
        if isinstance(given, FileContent):
            return cls(content=given)
        if isinstance(given, Answer):
            return cls(table_of(given.series, "the answer", synthetic=given.synthetic))
        if callable(getattr(given, "columns", None)):
            return cls(content=_of_record(given))
        if hasattr(given, "to_dict") and hasattr(given, "columns"):
            return cls(table_of(_columns_of(given), "the data frame"))
        if isinstance(given, Mapping):
            return cls(table_of(given, "the table"))
        raise InputError(f"{name} is a {type(given).__name__}.", "", "Give a file's name, a record or a table.")


def by_name(files: Sequence[File]) -> dict[str, File]:
    """Return files by their names, each with its folder, or its place, where another has the same."""
    times = Counter(file.name for file in files)
    found: dict[str, File] = {}
    for number, file in enumerate(files, 1):
        name = file.name if times[file.name] == 1 else f"{file.folder}/{file.name}".removeprefix("/")
        found[f"{name} ({number})" if name in found else name] = file
    return found


def table_of(columns: Mapping[str, Sequence[Any]], name: str, *, synthetic: bool = False) -> RawFile:
    """Write columns by their titles, as in ``"Frequency / Hz"``, as the text of a table that the readers take."""
    lengths = {str(title): _length(column) for title, column in columns.items()}
    for title, length in lengths.items():
        if length is None:
            raise InputError(f"'{title}' of {name} is no column.", "", "Give a list of numbers under each title.")
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"'{title}' {length}" for title, length in lengths.items())
        raise InputError(f"The columns of {name} differ in length: {said}.", "", "Give one value for each row.")
    text = io.StringIO()
    if synthetic:
        text.write("# synthetic: yes\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return RawFile(name, text.getvalue().encode())


def _length(column: Any) -> int | None:
    """Return how many values a column holds; None where it is none."""
    return None if isinstance(column, str | bytes | Mapping) or not hasattr(column, "__len__") else len(column)


def _columns_of(frame: Any) -> dict[str, list[Any]]:
    titles = list(frame.columns)
    twice = next((title for title in titles if titles.count(title) > 1), None)
    if twice is not None:
        raise InputError(f"The data frame has two columns called '{twice}'.", "", "Give each its own name.")
    return {title: list(frame[title]) for title in titles}


def _of_record(record: Any) -> FileContent:
    source = record.source
    name = source.name if source is not None else "the record"
    metadata = dict(record.metadata)
    if source is not None and source.format == "synthetic":
        metadata.setdefault("synthetic", source.name)
    sha256 = hashed([columns_of(record)])
    return FileContent(name, source.format if source is not None else "a record", sha256, (record,), metadata, ())
