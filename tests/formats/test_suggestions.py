"""A table that is refused because it is not sure ends with the specification of columns that reads it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamion.formats import RawFile, read_raw
from lamion.formats.columns import kinds
from lamion.formats.suggestion import is_whole, key_of, needed_of, written_out
from lamion.quantities import InputError
from lamion.records.record import Table

ROWS = ((1000.0, 52.0, -3.0), (100.0, 53.0, -9.0), (10.0, 60.0, -40.0), (1.0, 70.0, -300.0))
_LINE = re.compile(r'--columns "([^"]+)"')


def table(titles, rows, separator=";"):
    return "".join(separator.join(map(str, row)) + "\n" for row in ([titles] if titles else []) + [*rows])


def line_of(text):
    """Return the line that the refusal of a table ends with."""
    with pytest.raises(InputError) as caught:
        read_raw(RawFile("table.txt", text.encode()))
    return _LINE.findall(str(caught.value))[-1], str(caught.value)


def minus(rows):
    return [(f, re, -im) for f, re, im in rows]


IMPEDANCE = {
    "German headers": (
        table(["Frequenz / Hz", "Realteil / ohm", "Imaginärteil / ohm"], ROWS),
        "f=1 Hz,re=2 ohm,im=3 ohm",
    ),
    "a minus": (table(["Frequenz (kHz)", "Re Z", "-Imag (ohm)"], [(f / 1e3, a, -b) for f, a, b in ROWS]), None),
    "modulus and phase": (
        table(["t", "Frequenz (Hz)", "Betrag / ohm", "Winkel / deg"], [(0, f, a, b) for f, a, b in ROWS]),
        None,
    ),
    "no headers": (table([], ROWS, ","), "f=1,re=2,im=3"),
    "no headers, -Z''": (table([], minus(ROWS), " "), "f=1,re=2,im=-3"),
    "no headers, a count first": (table([], [(7, *row) for row in minus(ROWS)], "\t"), "f=2,re=1,im=-3"),
    "one name twice": (table(["f/Hz", "Z'/ohm", "Re(Z)/ohm", "Z''/ohm"], [(f, a, a, b) for f, a, b in ROWS]), None),
}


@pytest.mark.parametrize("name", IMPEDANCE)
def test_an_impedance_is_read_by_the_line(name):
    text, wanted = IMPEDANCE[name]
    line, _ = line_of(text)
    assert wanted in (None, line)
    (spectrum,) = read_raw(RawFile("table.txt", text.encode()), columns=line).records
    assert spectrum.frequency.tolist() == [f for f, _, _ in ROWS]


SERIES = {
    "a voltage transient": (table(["Zeit / min", "Spannung / mV"], [(0, 5), (1, 4), (2, 3)]), "VoltageTransient",
                            [0, 60, 120]),
    "a current transient": (table(["Zeit (s)", "Notiz", "Strom (mA)"], [(0, "a", 5), (1, "b", 4)]), "CurrentTransient",
                            [0, 1]),
    "no units": (table(["time", "voltage"], [(0, 5), (1, 4)]), "VoltageTransient", [0, 1]),
    "one unit": (table(["time / h", "voltage"], [(0, 5), (1, 4)]), "VoltageTransient", [0, 3600]),
    "a column left": (table(["Zeit", "voltage / mV"], [(0, 5), (1, 4)]), "VoltageTransient", [0, 1]),
    "twice": (table(["time / s", "t / s", "U / V"], [(0, 0, 5), (1, 1, 4)]), "VoltageTransient", [0, 1]),
    "conductivities": (table(["Temp. / °C", "Leitfähigkeit / mS/cm"], [(25, 0.1), (50, 0.5)]), "ConductivitySeries",
                       [298.15, 323.15]),
    "inverse temperatures": (table(["1000/T (1/K)", "log10(Leitf.)"], [(4, -4), (2, -3)]), "ConductivitySeries",
                             [250, 500]),
    "a pattern": (table(["Winkel / deg", "Counts"], [(k, 5) for k in range(1, 12)]), "Pattern", [*range(1, 12)]),
    "a line of one name": (table(["BE/eV", "In_C1s"], [(k, 5) for k in range(280, 292)]), "PhotoelectronSpectrum",
                           [*range(280, 292)]),
    "two numbers": (table([], [(0, 5), (1, 4), (2, 4)], ","), "VoltageTransient", [0, 1, 2]),
}  # fmt: skip


@pytest.mark.parametrize("name", SERIES)
def test_a_table_is_read_by_the_line(name):
    text, kind, first = SERIES[name]
    line, said = line_of(text)
    assert is_whole(line)
    assert "columns = in a step" in said
    (found,) = read_raw(RawFile("table.txt", text.encode()), columns=line).records
    assert type(found).__name__ == kind
    assert getattr(found, next(iter(found.kind.columns))).tolist() == pytest.approx(first)


def test_a_number_that_is_not_known_is_left_open_and_refused():
    line, said = line_of(table(["Zeit", "A", "B", "voltage / mV"], [(0, 1, 1, 5), (1, 1, 1, 4)]))
    assert line.endswith("=N,voltage=4 mV")
    assert "with a number for N" in said
    line, _ = line_of(table(["place/mm", "Re(Z)/Ohm", "I/mA"], ROWS))
    assert line == "f=N,re=2 Ohm,im=N"
    with pytest.raises(InputError, match="'f=N' leaves a number open"):
        read_raw(RawFile("table.txt", b"1 2 3\n"), columns=line)


def test_a_column_of_no_numbers_is_left_open():
    line, _ = line_of(table(["time", "voltage / V", "current / A"], [("00:01", 5, 1), ("00:02", 4, 1)]))
    assert line == "time=N,current=3 A,voltage=2 V"


def test_what_is_another_measurement_gets_no_line():
    with pytest.raises(InputError) as caught:
        read_raw(RawFile("table.txt", table(["Time (s)", "Place (mm)", "Mass (mg)"], ROWS).encode()))
    assert "perhaps a weight measurement" in str(caught.value)
    assert "--columns" not in str(caught.value)


def test_what_names_no_column_gets_an_example():
    _, said = line_of(table(["Ort / mm", "Kraft / N", "Farbe / nm"], ROWS))
    assert 'as in --columns "time=1 s,voltage=2 V"' in said


KINDS = [kind for kind in kinds() if issubclass(kind, Table) and kind.__module__ == "lamion.records.measurements"]


@given(st.data(), st.sampled_from(KINDS))
def test_whatever_the_order_the_line_says_the_right_numbers(data, kind):
    """Headers that name their columns, in any order, among others that name none."""
    columns, needed = kind.kind.columns, needed_of(kind.kind.columns)
    plain = {name: [word for word in columns[name].names if word.isalnum()] for name in needed}
    titles = [f"{data.draw(st.sampled_from(plain[name]))} / {columns[name].unit}" for name in needed]
    others = [f"Spalte {k} / kg" for k in range(data.draw(st.integers(0, 3)))]
    labels = data.draw(st.permutations([*titles, *others]))
    parts = written_out(labels, columns, needed).split(",")
    said = {part.partition("=")[0]: int(part.partition("=")[2].split()[0]) for part in parts}
    assert said == {key_of(columns[name]): labels.index(title) + 1 for name, title in zip(needed, titles, strict=True)}
