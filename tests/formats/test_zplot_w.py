from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import fixtures, instruments

from lamion.formats import RawFile, read, read_raw

_DATA = fixtures.spectrum()
_TEXT = instruments.autolab_text(_DATA).replace("Z60W Data File: Version 1.1", "ZPlotW Data File: Version 3.2c")
_SEED = replace(instruments.autolab_seed("zplot w", _TEXT), encoding="utf-8")


def test_numbers() -> None:
    content = read_raw(RawFile("cell.z", _TEXT.encode()))
    assert content.format == "ZPlotW data file"
    assert np.allclose(content.records[0].impedance, _DATA.impedance, rtol=1e-12)
    assert content.warnings == ()


def test_one_time_in_every_row_is_no_time() -> None:
    lines = [line.replace(",0,0,0,", ",0,0,1.0,", 1) for line in _TEXT.split("\n")]
    assert read_raw(RawFile("cell.z", "\n".join(lines).encode())).warnings == ()


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants(count: int) -> None:
    instruments.check(_SEED, instruments.mutants(_SEED, count))


@settings(deadline=None, max_examples=60)
@given(st.one_of(instruments.tables(_SEED), instruments.edits(_SEED)))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


def test_real_layout(real_data: Path) -> None:
    content = read(real_data / "trials" / "zplotw_old_header.z")
    (spectrum,) = content.records
    assert (len(spectrum), spectrum.impedance[0]) == (31, 20.001 - 0.16074j)
    assert content.warnings == ()
