"""What is said of components before a fit, and the table that says it."""

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamion.quantities import InputError
from lamion.techniques.peaks.component import Component, Setting, Tie, check
from lamion.techniques.peaks.component_table import read_components

FINITE = st.floats(-1e6, 1e6).map(lambda value: float(f"{value:.6g}"))
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True).filter(lambda name: name not in ("fixed", "to"))
SETTINGS = st.one_of(
    st.builds(Setting, FINITE),
    st.builds(lambda at: Setting(at, fixed=True), FINITE),
    st.builds(
        lambda ends: Setting(sum(ends) / 2, *sorted(ends)), st.tuples(FINITE, FINITE).filter(lambda e: e[0] != e[1])
    ),
    st.builds(lambda name, f, o: Setting(tie=Tie(name, f, o)), NAMES, FINITE, FINITE),
)


@given(SETTINGS)
def test_a_setting_is_read_as_it_is_written(setting: Setting):
    found = Setting.read(str(setting))
    assert (found.fixed, found.tie is None) == (setting.fixed, setting.tie is None)
    if setting.tie is not None:
        assert found.tie == setting.tie
    else:
        assert found.start == pytest.approx(setting.start, rel=1e-8, abs=1e-8)
        assert (found.low, found.high) == pytest.approx((setting.low, setting.high))


@given(st.text(max_size=30))
def test_any_cell_is_read_or_refused(text: str):
    try:
        found = Setting.read(text)
    except InputError:
        return
    assert found.start is None or math.isfinite(found.start)


@given(st.binary(max_size=200))
def test_any_table_is_read_or_refused(data: bytes):
    with contextlib.suppress(InputError):
        assert read_components(data)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (b"", "empty"),
        (b"name,position\n", "0 lines|no component"),
        (b"position,width\n1,2\n", "column 'name'"),
        (b"name,position\na,738 to 742, 740\n", "3 cells under 2 titles"),
        (b"name,position\na,x = 3\n", "row 2: 'x = 3' says nothing"),
        (b"name,shape\na,triangle\n", "row 2: There is no line shape 'triangle'"),
        (b"name,mixing\na,2\n", "mixing of 'a' is 2"),
        (b"name,position\n,740\n", "row 2: a component has no name"),
        (b"\xff\xfe", "no CSV in UTF-8"),
    ],
)
def test_a_wrong_table_is_refused_with_its_row(table: bytes, said: str):
    with pytest.raises(InputError, match=said):
        check(read_components(table))


@pytest.mark.parametrize(
    ("components", "said"),
    [
        ((Component.of("a", width="b"),), "follows 'b', which is no component"),
        ((Component.of("a", width="b"), Component.of("b", width="a")), "follows itself"),
        ((Component("a"), Component("a")), "Two components are called 'a'"),
        ((Component.of("a", mixing="b"), Component("b", "gaussian")), "which has none"),
    ],
)
def test_ties_that_lead_nowhere_are_refused(components: tuple[Component, ...], said: str):
    with pytest.raises(InputError, match=said):
        check(components)


def test_a_parameter_that_a_shape_has_not_is_refused():
    with pytest.raises(InputError, match="no 'mixing'"):
        Component.of("a", "gaussian", mixing=0.3)
