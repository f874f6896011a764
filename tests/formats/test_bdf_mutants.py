"""Damaged Battery Data Format: with its sidecar, whatever is read without a warning is what was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, cached_property

import numpy as np
import pytest
from tests.formats.instruments import binary_mutants
from tests.formats.mutator import Mutant, Seed, Verdict, mutants

from lamion.formats import FileContent, RawFile, read_raw
from lamion.formats.bdf import kinds
from lamion.formats.bdf.writer import files
from lamion.quantities import InputError
from lamion.records import CyclingRecord, ImpedanceSpectrum, SourceFile
from lamion.records.record import Record

_FREQUENCY = np.logspace(5, 0, 21)
_IMPEDANCE = 50 + 1000 / (1 + 2j * np.pi * _FREQUENCY * 1e-4)
_SOURCE = SourceFile("cell.DTA", "ab" * 32, "Gamry text")
_TIME = np.arange(0.0, 300.0, 10.0)
RECORDS: dict[str, Record] = {
    "spectrum": ImpedanceSpectrum(_FREQUENCY, _IMPEDANCE, 1, 298.15, {"VAC": "10", "VDC": "0"}, _SOURCE, 1e-4),
    "cycling": CyclingRecord(_TIME, 3 + _TIME / 1e3, np.full(30, 1e-3), charge=_TIME * 1e-3, metadata={"Note": "a"}),
}
_DAMAGED = [300, pytest.param(3000, marks=pytest.mark.slow)]


class _TableSeed(Seed):
    @cached_property
    def titles(self) -> int:
        return self.start - 1


@cache
def _written(name: str, ending: str) -> RawFile:
    table, sidecar = files(RECORDS[name], f"cell.bdf.{ending}").items()
    return RawFile(table[0].name, table[1], None, RawFile(sidecar[0].name, sidecar[1]))


def _as_written(content: FileContent, record: Record) -> bool:
    found = content.records[0]
    return (
        len(content.records) == 1
        and type(found) is type(record)
        and {k: a.tobytes() for k, a in found.arrays().items()} == {k: a.tobytes() for k, a in record.arrays().items()}
        and kinds.facts(found) == kinds.facts(record)
        and found.metadata == record.metadata
        and found.source is not None
        and found.source.origin == record.source
    )


def _check(name: str, made: Sequence[Mutant], damaged: Callable[[bytes], RawFile]) -> None:
    verdicts: Counter[Verdict] = Counter()
    benign: Counter[Verdict] = Counter()
    failed = []
    for position, mutant in enumerate(made):
        verdict = _judge(name, damaged(mutant.content))
        (benign if mutant.benign else verdicts)[verdict] += 1
        if verdict in (Verdict.SILENT, Verdict.RAW):
            failed.append(f"{position}: {mutant.kind}: {verdict.value}")
    print(name, {verdict.value: number for verdict, number in (verdicts + benign).items()})  # noqa: T201
    assert failed == []
    assert benign[Verdict.RIGHT] >= 0.95 * benign.total()


def _judge(name: str, raw: RawFile) -> Verdict:
    try:
        found = read_raw(raw)
    except InputError:
        return Verdict.REFUSED
    except Exception:  # noqa: BLE001  any other exception is what is being looked for
        return Verdict.RAW
    if found.warnings:
        return Verdict.WARNED
    return Verdict.RIGHT if _as_written(found, RECORDS[name]) else Verdict.SILENT


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("count", _DAMAGED)
def test_mutants_of_the_csv(name: str, count: int) -> None:
    whole = _written(name, "csv")
    seed = _TableSeed(name, whole.content.decode(), ",")
    _check(name, mutants(seed, count), lambda content: RawFile(whole.name, content, None, whole.sidecar))


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("count", _DAMAGED)
def test_mutants_of_the_sidecar(name: str, count: int) -> None:
    whole = _written(name, "csv")
    assert whole.sidecar is not None
    made = binary_mutants(Seed(name, whole.sidecar.content.decode(), " "), count)
    _check(
        name, made, lambda content: RawFile(whole.name, whole.content, None, RawFile("cell.bdf.metadata.json", content))
    )


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("beside", [True, False])
@pytest.mark.parametrize("count", _DAMAGED)
def test_mutants_of_the_parquet(name: str, beside: bool, count: int) -> None:
    pytest.importorskip("pyarrow")
    whole = _written(name, "parquet")
    seed = Seed(name, whole.content.decode("latin-1"), " ", "latin-1")
    assert seed.content == whole.content
    if beside:
        _check(name, binary_mutants(seed, count), lambda content: RawFile(whole.name, content, None, whole.sidecar))
        return
    truth = read_raw(RawFile("a", whole.content)).records[0]
    for position, mutant in enumerate(binary_mutants(seed, count)):
        try:
            found = read_raw(RawFile("a", mutant.content))
        except InputError:
            continue
        assert found.warnings or _but_for_a_unit(found.records[0], truth), (position, mutant.kind)


def _but_for_a_unit(found: Record, truth: Record) -> bool:
    """Tell whether the numbers are the truth; a changed header alone shows nowhere, all pages having checksums."""
    whole = truth.arrays()
    return all(
        len({float(ratio) for ratio in np.round(array[1:] / whole[title][1:], 9)}) == 1
        for title, array in found.arrays().items()
    )
