from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamion.formats import RawFile, read, read_raw
from lamion.formats.columns import example, kinds, parse_columns
from lamion.quantities import FileFormatError, InputError
from lamion.records.measurements import CurrentTransient
from lamion.records.record import Table


def _read(text: str, columns: str):
    return read_raw(RawFile("cell.txt", text.encode()), columns=columns)


def test_numbers_and_sign() -> None:
    (spectrum,) = _read("1 50.0 1000\n5 51.0 100\n", "f=3, re=2, im=-1").records
    assert spectrum.frequency.tolist() == [1000, 100]
    assert spectrum.impedance.tolist() == [50 - 1j, 51 - 5j]


def test_modulus_and_phase() -> None:
    (spectrum,) = _read("1000,2,-90\n100,4,0\n", "f=1,mod=2,phase=3").records
    assert np.allclose(spectrum.impedance, [-2j, 4])


def test_skipped_lines_are_a_warning() -> None:
    content = _read("My lab\n\nHz Ohm Ohm\n1000 50 -1\n100 51 -4\n10 53 -9\n", "f=1,re=2,im=3")
    assert content.warnings == (
        "2 lines above the first line of numbers were skipped, the last of them line 3: 'Hz Ohm Ohm'.",
    )


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ("", "'' is not a column"),
        ("f=1;re=2;im=3", "'f=1;re=2;im=3' is not a column"),
        ("f=1,re=2,im=0", "'im=0' is not a column"),
        ("f=1,re=2,x=3", "'x=3' is not a column"),
        ("f=1,re=2", "it does not say which column is the imaginary impedance"),
        ("re=1,mod=2", "it does not say which column is the frequency or the imaginary impedance"),
        ("f=1,re=2,im=2", "it takes one column twice"),
        ("f=1,f=2,re=3,im=4", "'f' stands there twice"),
        ("f=1,re=-2,im=3", "only im and phase can be negative, not re"),
    ],
)
def test_unusable_specifications(columns: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        _read("1 2 3\n", columns)
    assert str(caught.value) == (
        f"The columns '{columns}' cannot be used: {reason}. Each column is a key (f, re, im, mod, phase, cycle), '=' "
        "and its number counted from 1. Write them as in 'f=1,re=2,im=3', with im=-3 where the third column holds "
        "-Z'', or as in 'f=1,mod=2,phase=3' (in Hz, ohm and degrees; or with a unit behind the number)."
    )


def test_columns_that_are_not_there() -> None:
    with pytest.raises(FileFormatError) as caught:
        _read("1 2 3\n", "f=1,re=2,im=4")
    assert str(caught.value) == (
        "The file cell.txt: expected lines with numbers in the columns that were said, 4 columns at least, found "
        "no such line. Check the numbers of the columns, which are counted from 1, and that the "
        "file is the right one."
    )


TRANSIENT = "note;t;U;I\nspare;0,5;10;-200\nspare;1,0;10;-150\nspare;1,5;10;-140\n"


def test_a_transient_in_its_units() -> None:
    content = _read(TRANSIENT, "time=2 min, current=-4 uA, voltage=3 mV")
    (found,) = content.records
    assert isinstance(found, CurrentTransient)
    assert found.time.tolist() == [30, 60, 90]
    assert found.current.tolist() == pytest.approx([2e-4, 1.5e-4, 1.4e-4])
    assert found.voltage.tolist() == pytest.approx([0.01] * 3)
    assert content.warnings == (
        "1 lines above the first line of numbers were skipped, the last of them line 1: 'note;t;U;I'.",
    )


def test_units_that_are_not_said_are() -> None:
    warnings = _read("0 1e-3\n1 9e-4\n2 8e-4\n", "t=1,i=2").warnings
    assert "Taken as a current transient, its time in s, current in A: no unit was said." in warnings


def test_temperatures_in_degrees_and_a_logarithm_of_the_conductivity() -> None:
    (found,) = _read("25 -4\n50 -3\n", "temperature=1 degC,log sigma=2 S/cm").records
    assert found.temperature.tolist() == [298.15, 323.15]
    assert found.conductivity.tolist() == pytest.approx([1e-2, 1e-1])
    (found,) = _read("4 1e-4\n2 1e-3\n", "1000/T=1,conductivity=2").records
    assert found.temperature.tolist() == [250, 500]


def test_impedance_in_other_units_and_times_an_area() -> None:
    content = _read("1 2 3\n0.1 3 4\n", "f=1 kHz,re=2 kohm,im=-3 kohm")
    assert content.records[0].frequency.tolist() == [1000, 100]
    assert content.records[0].impedance.tolist() == [2000 - 3000j, 3000 - 4000j]
    content = _read("1 2 3\n0.1 3 4\n", "f=1,re=2 ohm cm2,im=-3 ohm cm2")
    assert content.records[0].area == 1e-4
    assert "area" in content.warnings[0]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("time=1,current=2 V", "'current' needs a unit like 'A', not 'V'"),
        ("time=1 parsec,current=2", "'time' needs a unit like 's', not 'parsec'"),
        ("time=1", "it does not say which column is the current. Each column is a key (time, current, voltage)"),
        ("time=N,voltage=2", "'time=N' leaves a number open"),
        ("voltage=1,time=1", "it takes one column twice"),
        ("time=-1,voltage=2", "only voltage can be negative, not time"),
    ],
)
def test_specifications_of_tables_that_cannot_be(columns: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        _read("1 2 3\n2 3 4\n", columns)
    assert said in str(caught.value)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_kind_of_record_says_how_its_columns_are_said(kind) -> None:
    assert {title.index for title in parse_columns(example(kind), kind).values()} == set(
        range(len(example(kind).split(",")))
    )


@st.composite
def _said(draw: st.DrawFn) -> tuple[type, dict[str, tuple[int, bool, str]], str]:
    """A specification of a kind's columns, by any of their names, in any order, and what it says of each."""
    kind = draw(st.sampled_from([kind for kind in kinds() if issubclass(kind, Table)]))
    columns = kind.kind.columns
    names = [name for name, column in columns.items() if column.needed or draw(st.booleans())]
    places = draw(st.lists(st.integers(1, 60), min_size=len(names), max_size=len(names), unique=True))
    parts, told = [], {}
    for name, place in zip(names, places, strict=True):
        minus = columns[name].signed and draw(st.booleans())
        plain = [word for word in columns[name].names if word.isalnum() and word not in ("currentdensity", "j")]
        unit = draw(st.sampled_from(["", columns[name].unit])) if columns[name].unit != "1" else ""
        blank = draw(st.sampled_from(["", " "]))
        parts.append(f"{blank}{draw(st.sampled_from(plain))}{blank}={'-' * minus}{place} {unit}".rstrip())
        told[name] = (place, minus, unit)
    return kind, told, ",".join(draw(st.permutations(parts)))


@given(_said())
def test_what_is_said_is_what_is_read(said) -> None:
    kind, told, specification = said
    found = parse_columns(specification, kind)
    assert {name: (title.index + 1, title.unit.factor < 0) for name, title in found.items()} == {
        name: (place, minus) for name, (place, minus, _) in told.items()
    }
    assert all(abs(title.unit.factor) == 1 for title in found.values())


@given(st.text(st.sampled_from("time=current voltage1234,;- mVfrei/K"), max_size=60), st.sampled_from(kinds()))
def test_any_specification_is_read_or_refused(text: str, kind) -> None:
    with contextlib.suppress(InputError):
        assert parse_columns(text, kind)


@pytest.mark.parametrize(
    ("name", "points", "first", "last"),
    [
        ("zarc_data.txt", 81, (1e6, 9.953881 - 0.020948j), (0.01, 59.97367 - 0.341645j)),
        (
            "LIB_data.txt",
            107,
            (999.040405, 0.112362966 + 0.00318273902j),
            (0.00500083202, 0.151735559 - 0.0137396762j),
        ),
        (
            "exampleData.csv",
            66,
            (3.1623e-3, 4.949989776405060160e-02 - 2.043869854441892481e-02j),
            (1e4, 1.577148266048593317e-02 + 1.015747456493823649e-02j),
        ),
    ],
)
def test_real_files_without_headers(
    real_data: Path, name: str, points: int, first: tuple[float, complex], last: tuple[float, complex]
) -> None:
    path = real_data / "impedance" / name
    with pytest.raises(FileFormatError, match="--columns"):
        read(path)
    content = read(path, columns="f=1,re=2,im=3")
    (spectrum,) = content.records
    assert len(spectrum) == points
    assert (spectrum.frequency[0], spectrum.impedance[0]) == first
    assert (spectrum.frequency[-1], spectrum.impedance[-1]) == last
    assert content.warnings == ()
