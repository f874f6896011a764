"""Several sweeps in one table, and rows that are none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamion.formats.content import RawFile
from lamion.formats.reading import read_raw
from lamion.formats.sweeps import anew
from lamion.quantities import FileFormatError

DOWN = np.geomspace(1e5, 0.1, 31)


def _table(frequency, cycle=None, rest=()):
    titles = "Frequency / Hz,Real Impedance / ohm,Imaginary Impedance / ohm" + (
        "" if cycle is None else ",cycle number"
    )
    lines = [titles]
    for row, f in enumerate(frequency):
        number = "" if cycle is None else f",{cycle[row]}"
        if row in rest:
            lines.append(f"0,0,0{number}")
        lines.append(f"{f:.8g},{25 + row * 1e-3:.8g},{-1e3 / f**0.5:.8g}{number}")
    return read_raw(RawFile("a.csv", ("\n".join(lines) + "\n").encode()))


def _points(content):
    return [(record.cycle, len(record)) for record in content.records]


@pytest.mark.parametrize("up", [False, True])
def test_sweeps_are_told_apart_by_the_turn_of_the_frequency(up):
    second = DOWN[::-1] if up else DOWN
    content = _table(np.concatenate([DOWN, second, DOWN]))
    assert _points(content) == [(1, 31), (2, 31), (3, 31)]
    assert content.records[1].frequency == pytest.approx(second, rel=1e-7)
    assert content.warnings == ()


def test_a_sweep_that_turns_without_repeating_its_last_point():
    assert _points(_table(np.concatenate([DOWN, DOWN[-2::-1]]))) == [(1, 31), (2, 30)]


def test_a_sweep_that_was_cut_is_a_sweep():
    assert _points(_table(np.concatenate([DOWN, DOWN[:16]]))) == [(1, 31), (2, 16)]


@given(st.integers(0, 30), st.floats(-3, 8))
def test_one_changed_frequency_makes_no_second_sweep(place, exponent):
    changed = DOWN.copy()
    changed[place] = 10**exponent
    assert anew(changed) == []


@given(st.integers(4, 27))
def test_exchanged_halves_make_no_second_sweep(place):
    assert anew(np.concatenate([DOWN[place:], DOWN[:place]])) == []


def test_rows_of_direct_current_between_sweeps_are_left_out_and_counted():
    content = _table(np.concatenate([DOWN, DOWN]), rest=(0, 31))
    assert _points(content) == [(1, 31), (2, 31)]
    (warning,) = content.warnings
    assert warning.startswith("2 rows of 0 Hz, the first on line 2, left out: direct current or rest")


def test_a_number_of_the_cycle_that_says_less_than_the_frequency_gives_way():
    assert _points(_table(np.concatenate([DOWN, DOWN]), cycle=[1] * 62)) == [(1, 31), (2, 31)]
    assert _points(_table(np.concatenate([DOWN, DOWN]), cycle=[4] * 31 + [7] * 31)) == [(4, 31), (7, 31)]


def test_a_cycle_that_falls_is_refused():
    with pytest.raises(FileFormatError, match="line 33: expected cycle numbers that are whole and rise"):
        _table(np.concatenate([DOWN, DOWN]), cycle=[2] * 31 + [1] * 31)
