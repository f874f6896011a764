"""Every real file, damaged: read or refused, whatever reader it falls to, also when its kind or its columns are said.

What readers owe each of their own mutants (nothing silently wrong) is tested for each of them apart.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
from tests.formats import instruments
from tests.formats.mutator import Seed

from lamion.formats import RawFile, read, read_raw
from lamion.formats.declared_tables import kinds
from lamion.formats.suggestion import is_whole
from lamion.quantities import InputError

_LARGEST = 300_000
"""Bytes of a file that is damaged; of a larger one its beginning is."""
_SAID = (
    {},
    {},
    {"columns": "f=1,re=2,im=-3"},
    {"columns": "time=1 s,voltage=2 mV"},
    *({"record": kind.kind.key} for kind in kinds()),
)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")


def _check(path: Path, count: int, number: int) -> Counter[str]:
    """Read damaged bytes of a file; every other as what the user says it is."""
    seed = Seed(path.name, path.read_bytes()[:_LARGEST].decode("latin-1"), " ", "latin-1")
    outcomes: Counter[str] = Counter()
    said = itertools.cycle(_SAID[number % len(_SAID) :] + _SAID[: number % len(_SAID)])
    for mutant, words in zip(instruments.binary_mutants(seed, count, number=number), said, strict=False):
        try:
            assert read_raw(RawFile(path.name, mutant.content), **words).records
            outcomes["read"] += 1
        except InputError:
            outcomes["refused"] += 1
        except Exception as error:
            raise AssertionError(f"{path.name}: {mutant.kind}, {words}: {error!r}") from error
    return outcomes


@pytest.mark.parametrize("count", [2, pytest.param(200, marks=pytest.mark.slow)])
def test_damaged_real_files_are_read_or_refused(real_data: Path, count: int) -> None:
    outcomes: Counter[str] = Counter()
    for number, path in enumerate(_files(real_data)):
        if path.stat().st_size:
            outcomes += _check(path, count, number)
    print(dict(outcomes))  # noqa: T201
    assert min(outcomes["read"], outcomes["refused"]) > 0


def test_the_line_that_a_refusal_ends_with_reads_the_file_or_names_what_else_is_wrong(real_data: Path) -> None:
    """A number that is open is never read; one that is not leads to the record or to a damaged row."""
    tried: Counter[str] = Counter()
    for path in _files(real_data):
        line = _line_of(path)
        if line is None:
            continue
        refused = ""
        try:
            read(path, columns=line)
        except InputError as error:
            refused = str(error)
        tried["refused" if refused else "read"] += 1
        expected = ", line " if is_whole(line) else "leaves a number open"
        assert expected in (refused or expected), f"{path.name}, {line}: {refused}"
        assert is_whole(line) or refused
    print(dict(tried))  # noqa: T201
    assert tried["read"] > 2


def _line_of(path: Path) -> str | None:
    """Return the line of columns that a file is refused with; None where it is an example."""
    try:
        read(path)
    except InputError as error:
        found = re.findall(r'(as in )?--columns "([^"]+)"', str(error))
        return found[-1][1] if found and not found[-1][0] else None
    return None
