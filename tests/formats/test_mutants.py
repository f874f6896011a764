"""Damaged files: never silently wrong, never a raw exception, and what says the same is read right."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.formats.mutator import Seed, Verdict, judge, mutants
from tests.formats.seeds import REAL_FILES, own_seeds, real_seed

_OWN = own_seeds()


def _check(seed: Seed, count: int) -> None:
    damaged: Counter[Verdict] = Counter()
    benign: Counter[Verdict] = Counter()
    failed = []
    for position, mutant in enumerate(mutants(seed, count)):
        verdict = judge(seed, mutant)
        (benign if mutant.benign else damaged)[verdict] += 1
        if verdict in (Verdict.SILENT, Verdict.RAW):
            failed.append(f"{position}: {mutant.kind}: {verdict.value}")
    print(seed.name, {verdict.value: number for verdict, number in (damaged + benign).items()})  # noqa: T201
    assert failed == []
    assert benign[Verdict.RIGHT] >= 0.95 * benign.total()
    assert damaged[Verdict.UNDETECTABLE] <= 0.15 * damaged.total()


@pytest.mark.parametrize("name", _OWN)
def test_mutants_of_own_texts(name: str) -> None:
    _check(_OWN[name], 300)


@pytest.mark.parametrize("name", REAL_FILES)
def test_mutants_of_real_files(name: str, real_data: Path) -> None:
    _check(real_seed(real_data, name), 300)


@pytest.mark.slow
@pytest.mark.parametrize("name", _OWN)
def test_many_mutants_of_own_texts(name: str) -> None:
    _check(_OWN[name], 3000)


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL_FILES)
def test_many_mutants_of_real_files(name: str, real_data: Path) -> None:
    _check(real_seed(real_data, name), 3000)
