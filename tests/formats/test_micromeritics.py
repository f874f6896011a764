"""Reports of Micromeritics' instruments: workbooks made from a formula, damaged, and the real one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from tests.formats import instruments, spectrometers
from tests.formats.mutator import Seed
from tests.formats.test_isotherms import LOWERED, RAISED, VOLUMES
from tests.formats.workbooks import Book, Cell

from lamion.formats import RawFile, read, read_raw
from lamion.formats.isotherms import MOLAR_VOLUME
from lamion.quantities import FileFormatError
from lamion.records import Isotherm

_X = [float(f"{x:.7g}") for x in np.concatenate([RAISED, LOWERED])]
_V = [float(v) for v in VOLUMES]
_RAISED = len(RAISED)


def report(*, plot: bool = True, unit: str = "cm\u00b3/g STP", changed: dict[int, float] | None = None) -> bytes:
    """Return a report; `changed` are quantities of the table by their point."""
    volumes = [(changed or {}).get(k, v) for k, v in enumerate(_V)]
    rows: list[list[Cell]] = [[None] * 10 for _ in range(12 + len(_X))]
    for row in rows:
        row[4] = "|"
    rows[1][5:9] = ["Sample:", "made up", "Analysis adsorptive:", "N2"]
    rows[2][5:9] = ["Started:", "01/02/2021", "Analysis bath temp.:", "77.300 K"]
    rows[5][5] = "Isotherm Tabular Report"
    rows[7][5:8] = ["Relative Pressure (p/p\u00b0)", f"Quantity Adsorbed ({unit})", "Saturation Pressure (mbar)"]
    rows[8][7] = 1013.0
    for k, (x, v) in enumerate(zip(_X, volumes, strict=True)):
        rows[9 + k][5:7] = [x, v]
    if plot:
        for row in rows:
            row += ["|", None, None, None, None, "|"]
        rows[5][11] = "Isotherm Linear Plot"
        rows[7][11:15] = 2 * ["Relative Pressure (p/p\u00b0)", f"Quantity Adsorbed ({unit})"]
        for k in range(_RAISED):
            rows[8 + k][11:13] = [_X[k], _V[k]]
        for k in range(_RAISED - 1, len(_X)):
            rows[8 + k - _RAISED + 1][13:15] = [_X[k], _V[k]]
    return Book({"Sheet1": rows}).content()


def _read(content: bytes):
    return read_raw(RawFile("a.xls", content))


def test_a_report() -> None:
    content = _read(report())
    (record,) = content.records
    assert isinstance(record, Isotherm)
    assert (content.format, content.warnings) == ("Micromeritics report", ())
    assert np.allclose(record.relative, _X)
    assert np.allclose(record.loading, np.array(_V) / MOLAR_VOLUME)
    assert record.desorption.tolist() == [0.0] * _RAISED + [1.0] * len(LOWERED)
    assert (record.adsorbate, record.temperature, record.saturation) == ("N2", 77.3, pytest.approx(101_300.0))
    assert content.metadata["Sample"] == "made up"


def test_a_report_without_a_plot_is_compared_with_nothing() -> None:
    assert "compared with nothing" in _read(report(plot=False)).warnings[0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (report(unit="wt%"), "a unit of the quantity"),
        (report(changed={7: 99.0}), "point 8 at .* as 'Isotherm Linear Plot' has it"),
    ],
)
def test_refused(content: bytes, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(content)


_SEED = Seed("report", report().decode("latin-1"), " ", "latin-1")


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants(count: int) -> None:
    judge = spectrometers.judge(12, near=1.1)
    instruments.check(_SEED, instruments.binary_mutants(_SEED, count), judge, undetectable=0.6)


@settings(deadline=None)
@given(instruments.edits(_SEED))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


def test_the_real_one(real_data: Path) -> None:
    content = read(real_data / "sorption" / "Sample_C.xls")
    (record,) = content.records
    assert (len(record), content.warnings, record.desorption.sum()) == (66, (), 19)
    assert (record.adsorbate, record.temperature) == ("N2", 77.3)
    assert record.loading[0] * MOLAR_VOLUME == pytest.approx(14.4535, rel=1e-6)
