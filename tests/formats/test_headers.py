from __future__ import annotations

import numpy as np
import pytest

import lamion
from lamion.formats.content import RawFile
from lamion.formats.headers import Meaning, understand
from lamion.formats.reading import read_raw
from lamion.quantities import FileFormatError, InputError
from lamion.records.column import Column, Unit, unit_of

_F, _RE, _IM, _MOD, _PHASE = (
    Meaning.FREQUENCY,
    Meaning.REAL,
    Meaning.IMAGINARY,
    Meaning.MODULUS,
    Meaning.PHASE,
)


@pytest.mark.parametrize(
    ("label", "meaning", "factor"),
    [
        ("freq/Hz", _F, 1.0),
        ("Freq/Hz", _F, 1.0),
        ("Frequency / Hz", _F, 1.0),
        ("Frequency (Hz)", _F, 1.0),
        ("frequency [kHz]", _F, 1e3),
        ("f / MHz", _F, 1e6),
        ("f / mHz", _F, 1e-3),
        ("Frequency", _F, 1.0),
        ("Re(Z)/Ohm", _RE, 1.0),
        ("Z'/ohm", _RE, 1.0),
        ("Z\u2032 / \u03a9", _RE, 1.0),
        ("Z' / k\u2126", _RE, 1e3),
        ("Real Impedance / ohm", _RE, 1.0),
        ("Zreal [ohm]", _RE, 1.0),
        ("Z_re (mOhm)", _RE, 1e-3),
        ("-Im(Z)/Ohm", _IM, -1.0),
        ("\u2212Im(Z) / kOhm", _IM, -1e3),
        ("Im(Z)/MOhm", _IM, 1e6),
        ('Z"/ohm', _IM, 1.0),
        ("Z''", _IM, 1.0),
        ("-Z'' / \u03a9", _IM, -1.0),
        ("-Z\u2033/\u03a9", _IM, -1.0),
        ("Zimg", _IM, 1.0),
        ("Imaginary Impedance / ohm", _IM, 1.0),
        ("|Z|/Ohm", _MOD, 1.0),
        ("Z/ohm", _MOD, 1.0),
        ("Phase(Z)/deg", _PHASE, 1.0),
        ("-Phase (\u00b0)", _PHASE, -1.0),
        ("Phase (\ufffd)", _PHASE, 1.0),
        ("Phase / \u00c2\u00b0", _PHASE, 1.0),
        ("Phase / \u00ba", _PHASE, 1.0),
        ("Theta (Z)", _PHASE, 1.0),
        ("Phase/rad", _PHASE, 57.29577951308232),
        ("cycle number", Meaning.CYCLE, 1.0),
        ("Cycle Count / 1", Meaning.CYCLE, 1.0),
    ],
)
def test_what_a_header_means(label: str, meaning: Meaning, factor: float) -> None:
    (heading,) = understand("a.csv", 1, [label]).values()
    assert heading.meaning is meaning
    assert heading.factor == pytest.approx(factor, rel=1e-14)


@pytest.mark.parametrize("label", ["time/s", "<Ewe>/V", "Re(Y)/Ohm-1", "|Y|/Ohm-1", "Re(Zce)/Ohm", "-Re(Z)/Ohm", ""])
def test_other_headers_are_left_alone(label: str) -> None:
    assert understand("a.csv", 1, [label]) == {}


@pytest.mark.parametrize(
    "label", ["freq/s", "freq/mhz", "freq/rpm", "Re(Z)/Hz", "Phase/%", "omega / Hz", "Z' [furlong]"]
)
def test_a_unit_of_another_kind_is_refused(label: str) -> None:
    with pytest.raises(FileFormatError, match="line 1: expected a unit of the kind of"):
        understand("a.csv", 1, [label])


def test_two_columns_with_one_meaning_are_refused() -> None:
    with pytest.raises(FileFormatError, match="expected one column for the real impedance, found two, 'Re' and 'Z''"):
        understand("a.csv", 1, ["f/Hz", "Re", "Z'"])


@pytest.mark.parametrize("unit", ["?C", "\ufffdC", "\u00c2\u00b0C", "\u00baC", "\u2103"])
def test_a_degree_sign_that_was_lost_is_one_in_a_unit(unit: str) -> None:
    assert unit_of(f"T ({unit})", Column("K", names=("t",))).offset == 273.15
    assert unit_of("Phase / ?", Column("deg", names=("phase",))) == Unit(said=False)
    for label in ("T / ?", f"{unit} / K", f"Z' / {unit}"):
        with pytest.raises(FileFormatError):
            _read(["f / Hz", label, "Z''"], ([1e3, 1e2], [10, 20], [-10, -20]))


SPELLED = [
    (["Frequency (Hz)", "Re{Z} (Ohm)", "-Im{Z} (Ohm)"], lambda f, Z: (f, Z.real, -Z.imag)),
    (["FREQ", "R(ohm)", "X(ohm)"], lambda f, Z: (f, Z.real, Z.imag)),
    (["Frequency (Hz)", "Rs (kohm)", "Xs (kohm)"], lambda f, Z: (f, Z.real / 1e3, Z.imag / 1e3)),
    (["omega (rad/s)", "Z' (ohm)", "-Z'' (ohm)"], lambda f, Z: (2 * np.pi * f, Z.real, -Z.imag)),
    (["Frequency (rad/s)", "Z' (ohm)", "-Z'' (ohm)"], lambda f, Z: (2 * np.pi * f, Z.real, -Z.imag)),
    (["Freq(Hz)", "|Z|(Ohm)", "∠Z(deg)"], lambda f, Z: (f, abs(Z), np.degrees(np.angle(Z)))),
    (["freq / kHz", "|Z| / MOhm", "θ / rad"], lambda f, Z: (f / 1e3, abs(Z) / 1e6, np.angle(Z))),
]


def _read(labels, columns):
    rows = ["\t".join(f"{value:.12g}" for value in row) for row in zip(*columns, strict=True)]
    return read_raw(RawFile("a.txt", "\n".join(["\t".join(labels), *rows, ""]).encode()))


@pytest.mark.parametrize(("labels", "made"), SPELLED, ids=[" ".join(labels) for labels, _ in SPELLED])
def test_a_spectrum_is_the_same_whatever_its_headers(labels, made):
    frequency = np.geomspace(1e5, 1, 11)
    impedance = 20 + 1 / (1j * frequency * 6e-5) ** 0.9
    (found,) = _read(labels, made(frequency, impedance)).records
    assert found.frequency == pytest.approx(frequency)
    assert found.impedance == pytest.approx(impedance)
    assert found.area is None


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Im / M", r"'M', the electric modulus\. Export the impedance"),
        ("Re (S)", r"'S', an admittance\. Export the impedance"),
        ("Re(Z) / ohm cm", r"'ohm cm', a resistivity\. Export the impedance"),
        ("Re(Z)/ohm/cm2", r"'ohm/cm2', one over an area\. An area-specific resistance is .* write ohm cm2"),
        ("Im(Z) (kΩ·cm⁻²)", r"'kΩ·cm⁻²', one over an area\."),
    ],
)
def test_a_unit_of_something_else_is_named(label: str, said: str) -> None:
    with pytest.raises(FileFormatError, match=said):
        understand("a.csv", 1, [label])


@pytest.mark.parametrize("unit", ["ohm cm2", "Ω·cm²", "Ohm*cm^2", "Ohm.cm2"])
def test_an_impedance_times_an_area_is_that_of_a_square_centimetre_and_said(unit):
    content = _read(["f / Hz", f"Z' ({unit})", f"Z'' (k{unit})"], ([1e3, 1e2], [10, 20], [-0.01, -0.02]))
    assert content.records[0].impedance == pytest.approx([10 - 10j, 20 - 20j])
    assert content.records[0].area == pytest.approx(1e-4)
    assert "times an area" in content.warnings[0]
    with pytest.raises(FileFormatError, match="all times an area, or none"):
        _read(["f / Hz", f"Z' ({unit})", "Z'' (ohm)"], ([1e3, 1e2], [10, 20], [-10, -20]))


@pytest.mark.parametrize(
    "labels",
    [
        ["f / Hz", "R / ohm", "C / F"],
        ["log f", "Z'", "Z''"],
        ["omega / Hz", "Z'", "Z''"],
        ["f / Hz", "Z' / ohm m", "Z'' / ohm m"],
        ["f / Hz cm2", "Z' / ohm", "Z'' / ohm"],
    ],
)
def test_what_is_not_sure_is_refused(labels):
    with pytest.raises(FileFormatError):
        _read(labels, ([1e3, 1e2, 10], [10, 20, 30], [-10, -20, -30]))


@pytest.mark.parametrize(
    ("labels", "made"),
    [
        (["1000/T / 1/K", "log10(conductivity / S/cm)"], lambda T, s: (1000 / T, np.log10(s / 100))),
        (["1000/T (K^-1)", "log(σ / S cm-1)"], lambda T, s: (1000 / T, np.log10(s / 100))),
        (["1/T [1/K]", "ln sigma (mS/cm)"], lambda T, s: (1 / T, np.log(s * 10))),
        (["10^3/T (K-1)", "lg(sigma) / S/m"], lambda T, s: (1000 / T, np.log10(s))),
        (["T / degC", "ln(ionic conductivity / S/m)"], lambda T, s: (T - 273.15, np.log(s))),
    ],
)
def test_a_table_of_an_arrhenius_plot_is_one_of_conductivities(labels, made):
    temperature, conductivity = np.array([300.0, 320.0, 350.0]), np.array([1e-3, 5e-3, 4e-2])
    (found,) = _read(labels, made(temperature, conductivity)).records
    assert found.temperature == pytest.approx(temperature)
    assert found.conductivity == pytest.approx(conductivity)


def test_a_logarithm_is_taken_where_it_is_declared_only():
    with pytest.raises(FileFormatError):
        _read(["log(time / s)", "Voltage / V"], ([0.0, 1.0, 2.0], [1.0, 2.0, 3.0]))


def test_an_impedance_times_an_area_serves_no_other_electrode():
    f = np.geomspace(1e6, 1, 40)
    Z = 20 + 1 / (1j * f * 6e-5) ** 0.9
    table = {"Frequency / Hz": f, "Z' / ohm cm2": Z.real, "Z'' / ohm cm2": Z.imag}
    found = lamion.analyze.conductivity(table, thickness="20 um", area="1 cm2")
    assert found["conductivity"].to("S/cm").value == pytest.approx(2e-3 / 20, rel=0.01)
    for area in ("2 cm2", "2.01 cm2"):
        with pytest.raises(InputError, match="times an area"):
            lamion.analyze.conductivity(table, thickness="20 um", area=area)
        with pytest.raises(InputError, match="times an area"):
            lamion.analyze.impedance(table, circuit="R0-CPE1", area=area)
    assert lamion.analyze.impedance(table, circuit="R0-CPE1")["R0"].value == pytest.approx(20, rel=0.01)
