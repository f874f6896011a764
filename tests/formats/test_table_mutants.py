"""Damaged tables of declared kinds: refused, warned of, the truth, or a change that such a table holds no trace of.

A table without redundancy cannot show that one number was changed, that whole lines are missing, or that two lines or
columns were exchanged. Anything else that is returned without a warning and is not the truth is silently wrong.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property

import numpy as np
import pytest
from tests.formats.mutator import Mutant, Seed, Verdict, mutants

from lamion.formats import RawFile, read_raw
from lamion.quantities import InputError

_TIME = np.arange(0.0, 400.0, 10.0)
_ANY_PLACE = {"flip a byte", "flip a bit", "insert noise", "cut a piece out"}


class _TableSeed(Seed):
    @cached_property
    def titles(self) -> int | None:
        return self.start - 1 if self.start else None


def _transient(separator: str, preamble: str = "") -> str:
    titles = separator.join(("Test Time / s", "Voltage / V", "Current / A"))
    rows = [
        separator.join((f"{t:.1f}", f"{3.2 + 1e-3 * k:.5f}", f"{1e-3 * np.exp(-t / 90):.4e}"))
        for k, t in enumerate(_TIME)
    ]
    return preamble + "\n".join([titles, *rows]) + "\n"


SEEDS = {
    "commas": _TableSeed("commas", _transient(","), ","),
    "semicolons": _TableSeed("semicolons", _transient(";"), ";"),
    "by their columns": _TableSeed(
        "by their columns", _transient(";").partition("\n")[2], ";", columns="time=1 s,voltage=2 V,current=3 A"
    ),
    "tabs below a preamble": _TableSeed("tabs", _transient("\t", "Cell: 7\nOperator: me\n\n"), "\t", "cp1252"),
}


def _judge(seed: Seed, mutant: Mutant) -> Verdict:
    try:
        found = read_raw(RawFile(seed.name, mutant.content), columns=mutant.columns or seed.columns)
    except InputError:
        return Verdict.REFUSED
    except Exception:  # noqa: BLE001  any other exception is what is being looked for
        return Verdict.RAW
    if found.warnings:
        return Verdict.WARNED
    truth = seed.truth.records[0]
    one, other = (np.array(list(record.columns().values())).T for record in (found.records[0], truth))
    if type(found.records[0]) is type(truth) and len(found.records) == 1 and np.array_equal(one, other):
        return Verdict.RIGHT
    return Verdict.SILENT if mutant.benign or not _without_trace(mutant, one, other) else Verdict.UNDETECTABLE


def _without_trace(mutant: Mutant, found: np.ndarray, truth: np.ndarray) -> bool:
    if mutant.kind == "exchange columns below headers":
        return True
    if found.shape[1] != truth.shape[1]:
        return mutant.kind in _ANY_PLACE  # a damaged name of a column that is not needed
    if len(found) == len(truth):
        changed = np.any(found != truth, axis=1)
        if changed.sum() <= 2:
            return True
        # A prefix of a unit in the header, which every line shows alike.
        columns = np.any(found != truth, axis=0)
        factors = found[changed][:, columns] / truth[changed][:, columns]
        return mutant.kind in _ANY_PLACE and np.allclose(factors, factors[0], rtol=1e-9)
    rows = {tuple(row) for row in truth}
    strange = [row for row in found if tuple(row) not in rows]
    return len(found) < len(truth) and len(strange) <= 1


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_no_mutant_is_silently_wrong(name: str, count: int) -> None:
    seed = SEEDS[name]
    damaged: Counter[Verdict] = Counter()
    benign: Counter[Verdict] = Counter()
    failed = []
    for position, mutant in enumerate(mutants(seed, count)):
        verdict = _judge(seed, mutant)
        (benign if mutant.benign else damaged)[verdict] += 1
        if verdict in (Verdict.SILENT, Verdict.RAW):
            failed.append(f"{position}: {mutant.kind}: {verdict.value}")
    print(name, {verdict.value: number for verdict, number in (damaged + benign).items()})  # noqa: T201
    assert failed == []
    assert benign[Verdict.RIGHT] >= 0.95 * benign.total()
