"""Tables of conductivities and of transients: values and units, damage that is refused, changes that say the same."""

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamion.formats import RawFile, read_raw
from lamion.quantities import InputError
from lamion.records import ImpedanceSpectrum
from lamion.records.measurements import ConductivitySeries, CurrentTransient, OpenCircuitCurve, VoltageTransient

T = np.arange(20.0, 81.0, 10.0)
SIGMA = 1e-4 * np.exp(0.03 * T)
SERIES = "temperature / degC,conductivity / S/cm,uncertainty / S/cm\n" + "".join(
    f"{t:.1f},{s:.4e},{0.02 * s:.4e}\n" for t, s in zip(T, SIGMA, strict=True)
)
TRANSIENT = "Test Time / s,Voltage / mV,Current / uA\n" + "".join(
    f"{t},{10.0},{30 + 10 * np.exp(-t / 60):.4f}\n" for t in range(0, 300, 10)
)
POTENTIAL = "Lithium Content / 1,Voltage / mV\n" + "".join(
    f"{x:.3f},{4300.0 - 900.0 * x**1.3:.1f}\n" for x in np.linspace(0.0, 1.0, 21)
)
TABLES = {"conductivities": SERIES, "transient": TRANSIENT}


def read(text, name="table.csv"):
    content = text.encode() if isinstance(text, str) else text
    return read_raw(RawFile(name, content))


def record(text):
    return read(text).records[0]


def same(one, other):
    return all(
        np.allclose(a, b, rtol=1e-12) for a, b in zip(one.columns().values(), other.columns().values(), strict=True)
    )


def test_conductivities_in_their_units():
    found = record(SERIES)
    assert isinstance(found, ConductivitySeries)
    assert found.temperature == pytest.approx(T + 273.15)
    assert found.conductivity == pytest.approx(100 * SIGMA, rel=1e-4)
    assert found.uncertainty == pytest.approx(2 * SIGMA, rel=1e-4)


def test_a_transient_in_its_units():
    found = record(TRANSIENT)
    assert isinstance(found, CurrentTransient)
    assert (found.time[1], found.voltage[0], found.current[0]) == pytest.approx((10.0, 0.010, 40e-6))


def test_an_open_circuit_potential_in_its_units():
    found = record(POTENTIAL)
    assert isinstance(found, OpenCircuitCurve)
    assert (found.content[10], found.voltage[0], found.voltage[-1]) == pytest.approx((0.5, 4.3, 3.4))
    with pytest.raises(InputError, match="a unit like"):
        read(POTENTIAL.replace("mV", "K"))
    with pytest.raises(InputError, match="cells"):
        read(POTENTIAL[: POTENTIAL.rindex(",")])


def test_without_a_current_it_is_a_voltage_transient():
    found = record("Test Time / min,Voltage / V\n0,0.01\n1,0.008\n")
    assert isinstance(found, VoltageTransient)
    assert found.time[1] == 60.0


@pytest.mark.parametrize(
    "header",
    ["Temperature (K),sigma [mS/cm]", "temp / degC,Conductivity / S/m", "T/K;ionic conductivity/S cm-1"],
)
def test_other_headers(header):
    text = header + "\n" + ("300;1\n" if ";" in header else "300,1\n")
    assert isinstance(record(text), ConductivitySeries)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.replace("\n", "\r\n"),
        lambda s: "\ufeff" + s,
        lambda s: s.encode("utf-16"),
        lambda s: s.replace(",", ";"),
        lambda s: s.replace(",", "\t").replace(".", ","),
        lambda s: "# sample: A\n" + s,
        lambda s: s + "\n\n",
        lambda s: "\n".join(",".join(reversed(line.split(","))) for line in s.strip().split("\n")) + "\n",
        lambda s: "\n".join(line + ",note" for line in s.strip().split("\n")) + "\n",
    ],
)
def test_what_says_the_same_is_read_the_same(name, change):
    assert same(record(change(TABLES[name])), record(TABLES[name]))


DAMAGE = {
    "no header": (lambda s: s.split("\n", 1)[1], "expected"),
    "header without a unit": (lambda s: s.replace(" / degC", "").replace(" / mV", ""), "a unit in the header"),
    "a wrong unit": (lambda s: s.replace("degC", "V").replace("mV", "K"), "a unit like"),
    "a bare C": (lambda s: s.replace("degC", "C").replace("mV", "C"), "in the header"),
    "a column twice": (lambda s: s.replace("uncertainty", "conductivity").replace("Current", "Voltage"), "one column"),
    "a blank": (lambda s: s.replace("\n30.0,", "\n,").replace("\n30,", "\n,"), "a blank"),
    "not a number": (lambda s: s.replace("10", "nan", 1).replace("1.8221e-04", "nan"), "nan"),
    "half a line": (lambda s: s[: s.rindex(",")], "cells"),
    "no rows": (lambda s: s.split("\n")[0] + "\n", "lines of numbers"),
    "a decimal comma": (lambda s: s.replace(".", ","), "cells"),
    "binary noise": (lambda s: bytes(range(256)) * 8, ""),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_refused_with_its_place(name, damage):
    change, said = DAMAGE[damage]
    with pytest.raises(InputError) as caught:
        read(change(TABLES[name]))
    assert "table.csv" in str(caught.value)
    assert said in str(caught.value)


def test_what_cannot_be_is_refused():
    with pytest.raises(InputError, match="a value of the conductivity larger than zero, found -"):
        read(SERIES.replace("1.8221e-04", "-1.8221e-04"))
    with pytest.raises(InputError, match="a value of the temperature larger than zero"):
        read(SERIES.replace("20.0,", "-300.0,"))
    with pytest.raises(InputError, match="time that rises"):
        read(TRANSIENT.replace("\n20,", "\n5,"))


def test_a_file_that_may_have_been_cut_is_flagged():
    assert "may have been cut" in read(SERIES.rstrip("\n")).warnings[0]


@pytest.mark.parametrize("name", TABLES)
@given(tail=st.text(max_size=200))
def test_anything_below_the_headers_is_read_or_refused(name, tail):
    with contextlib.suppress(InputError):
        read(TABLES[name].split("\n")[0] + "\n" + tail)


@pytest.mark.parametrize("name", TABLES)
def test_mutants_are_never_silently_wrong(name):
    """Bytes flipped or cut at random: a record that differs must be one a table without redundancy cannot tell."""
    random = np.random.default_rng(7)
    text, truth = TABLES[name].encode(), record(TABLES[name])
    for _ in range(300):
        place = int(random.integers(len(text)))
        cut = (
            text[:place] if random.random() < 0.5 else text[:place] + bytes([random.integers(256)]) + text[place + 1 :]
        )
        try:
            found = read(cut)
        except InputError:
            continue
        whole = len(found.records[0]) == len(truth)
        assert found.warnings or whole or cut.endswith(b"\n")


def test_a_spectrum_with_times_is_a_spectrum():
    text = "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm,time/s,<Ewe>/V,<I>/mA\n1000,50,1,0,0.1,0.2\n100,50,10,1,0.1,0.2\n"
    assert isinstance(record(text + "10,51,90,2,0.1,0.2\n"), ImpedanceSpectrum)


def test_a_wrong_kind_of_record_is_named():
    with pytest.raises(InputError, match="series of conductivities, not current transient"):
        read(SERIES).the(CurrentTransient)
    with pytest.raises(InputError, match="current transient, not impedance spectrum"):
        read(TRANSIENT).spectrum()
