"""JCAMP-DX: every compression, what a file says twice, every kind of record, and the real files."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats import instruments, spectrometers
from tests.formats.mutator import Seed

from lamion.formats import RawFile, read, read_raw
from lamion.formats.jcamp_ordinates import decode
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError, InputError
from lamion.records.spectrum import InductionDecay, InfraredSpectrum, RamanSpectrum, ResonanceSpectrum, Spectrum

_FORMS = ("FIX", "PAC", "SQZ", "DIF", "DUP", "DIFDUP", "MIXED")
_COUNT = 120


def _lettered(value: int, positive: str, negative: str, zero: str) -> str:
    digits = str(abs(value))
    if value == 0:
        return zero
    return (positive if value > 0 else negative)[int(digits[0]) - 1] + digits[1:]


def _squeezed(value: int) -> str:
    return _lettered(value, "ABCDEFGHI", "abcdefghi", "@")


def _differing(value: int) -> str:
    return _lettered(value, "JKLMNOPQR", "jklmnopqr", "%")


def _repeated(tokens: list[str]) -> str:
    """Write tokens that are alike once, and how often."""
    found: list[tuple[str, int]] = []
    for token in tokens:
        if found and found[-1][0] == token:
            found[-1] = (token, found[-1][1] + 1)
        else:
            found.append((token, 1))
    return "".join(token + (_lettered(count, "STUVWXYZs", "", "") if count > 1 else "") for token, count in found)


def _line(values: list[int], form: str) -> str:
    if form == "FIX":
        return "".join(f" {value}" for value in values)
    if form == "PAC":
        return "".join(f"{value:+d}" for value in values)
    if form == "SQZ":
        return "".join(map(_squeezed, values))
    if form == "DUP":
        return _repeated(list(map(_squeezed, values)))
    steps = [_differing(b - a) for a, b in pairwise(values)]
    return _squeezed(values[0]) + ("".join(steps) if form == "DIF" else _repeated(steps))


def encode(values: list[int], form: str, width: int = 9) -> list[str]:
    """Write the lines of (X++(Y..Y)) with the point's number for an abscissa."""
    lines, place = [], 0
    forms = ("DIFDUP", "FIX", "DIF", "PAC", "SQZ", "DUP")
    while True:
        used = forms[len(lines) % 6] if form == "MIXED" else form
        part = values[place : place + width]
        lines.append(f"{place}{_line(part, used)}")
        # What was written as differences is written once more at the beginning of the next line.
        again = used.startswith("DIF") and len(part) > 1
        place += len(part) - again
        if place + again >= len(values) and not again:
            return lines
        if place == len(values) - 1 and again:
            return [*lines, f"{place}{_squeezed(values[-1])}"]


@given(
    st.lists(st.one_of(st.integers(-(10**6), 10**6), st.integers(-3, 3)), min_size=1, max_size=80),
    st.sampled_from(_FORMS),
    st.integers(2, 30),
)
def test_what_is_encoded_is_decoded(values: list[int], form: str, width: int) -> None:
    lines = [TextLine(number, text) for number, text in enumerate(encode(values, form, width), start=1)]
    found = decode("a.jdx", lines, len(values))
    assert found.values.tolist() == values
    assert found.abscissae.tolist() == found.places.tolist()


def _values() -> list[int]:
    return np.round(10.0 * spectrometers.spectrum(np.linspace(400.0, 3970.0, _COUNT))).astype(int).tolist()


def _jcamp(
    form: str = "DIFDUP",
    data_type: str = "INFRARED SPECTRUM",
    units: tuple[str, str] = ("1/CM", "ABSORBANCE"),
    factor: str = "0.0001",
    ends: tuple[float, float] = (400.0, 3970.0),
    more: str = "",
) -> str:
    values, step = _values(), (ends[1] - ends[0]) / (_COUNT - 1)
    scaled = float(factor)
    rows = [re.sub(r"^\d+", lambda match: f"{ends[0] + int(match[0]) * step:.2f}", row) for row in encode(values, form)]
    fields = [
        "##TITLE= invented",
        "##JCAMP-DX= 4.24  $$ by nobody",
        f"##DATA TYPE= {data_type}",
        "##ORIGIN= a formula",
        f"##XUNITS= {units[0]}",
        f"##YUNITS= {units[1]}",
        *more.splitlines(),
        "##XFACTOR= 1.0",
        f"##YFACTOR= {factor}",
        f"##FIRSTX= {ends[0]:.2f}",
        f"##LASTX= {ends[1]:.2f}",
        f"##DELTAX= {step:.6f}",
        f"##NPOINTS= {_COUNT}",
        f"##FIRSTY= {values[0] * scaled:.4f}",
        f"##MAXY= {max(values) * scaled:.4f}",
        f"##MINY= {min(values) * scaled:.4f}",
        "##XYDATA= (X++(Y..Y))",
    ]
    return "\n".join([*fields, *rows, "##END="]) + "\n"


def _read(text: str):
    return read_raw(RawFile("a.jdx", text.encode()))


@pytest.mark.parametrize("form", _FORMS)
def test_absorbance_in_each_form(form: str) -> None:
    content = _read(_jcamp(form))
    (record,) = content.records
    assert isinstance(record, InfraredSpectrum)
    assert (content.format, content.warnings, record.attenuated) == ("JCAMP-DX", (), None)
    assert np.allclose(record.absorbance, 1e-4 * np.array(_values()), rtol=1e-12)
    assert np.allclose(record.wavenumber, np.linspace(400.0, 3970.0, _COUNT), rtol=1e-12)


def test_labels_are_compared_without_blanks_underscores_and_case() -> None:
    text = (
        _jcamp().replace("##DATA TYPE=", "##data_type =").replace("##XUNITS", "##X UNITS").replace("##TITLE", "##Title")
    )
    assert isinstance(_read(text).records[0], InfraredSpectrum)


@pytest.mark.parametrize(
    ("y_unit", "factor", "said"),
    [("TRANSMITTANCE", "0.00001", ""), ("%T", "0.001", ""), ("PERCENT TRANSMITTANCE", "0.001", ""),
     ("TRANSMITTANCE", "0.001", "The file says transmittance, and its median is")],
)  # fmt: skip
def test_transmittance_is_a_fraction(y_unit: str, factor: str, said: str) -> None:
    content = _read(_jcamp(units=("1/CM", y_unit), factor=factor, more="##SAMPLING PROCEDURE= TRANSMISSION"))
    (record,) = content.records
    assert np.allclose(record.transmittance, 1e-5 * np.array(_values()))
    assert record.attenuated is False
    assert bool(said) == bool(content.warnings)
    assert " ".join(content.warnings).startswith(said)


def test_wavelengths_become_wavenumbers_and_atr_is_said() -> None:
    text = _jcamp(units=("MICROMETERS", "ABSORBANCE"), ends=(2.0, 25.0), more="##SAMPLING PROCEDURE= ATR, DIAMOND")
    (record,) = _read(text).records
    assert record.wavenumber[0] == pytest.approx(5000.0)
    assert record.wavenumber[-1] == pytest.approx(400.0)
    assert record.attenuated is True


def test_the_data_type_says_the_record() -> None:
    raman = _read(_jcamp(data_type="RAMAN SPECTRUM", units=("1/CM", "ARBITRARY UNITS"))).records[0]
    assert isinstance(raman, RamanSpectrum)
    other = _read(_jcamp(data_type="UV/VIS SPECTRUM", units=("NANOMETERS", "ABSORBANCE"))).records[0]
    assert isinstance(other, Spectrum)
    assert (other.position_unit, other.intensity_unit) == ("NANOMETERS", "ABSORBANCE")
    strange = _read(_jcamp(data_type="SPECTRUM OF STARS", units=("NANOMETERS", "MAGNITUDE")))
    assert strange.warnings == ("The data type 'SPECTRUMOFSTARS' is none that lamion knows of JCAMP-DX.",)
    kept = _read(_jcamp(units=("1/CM", "KUBELKA-MUNK")))
    assert isinstance(kept.records[0], Spectrum)
    assert "are not those of that data type" in kept.warnings[0]


_NMR = "##.OBSERVE FREQUENCY= 100.0\n##.OBSERVE NUCLEUS= ^7Li"


def test_hertz_become_shifts_by_the_reference() -> None:
    def shift(more: str):
        text = _jcamp(data_type="NMR SPECTRUM", units=("HZ", "ARBITRARY UNITS"), ends=(5000.0, 0.0), more=more)
        return _read(text)

    record = shift(f"{_NMR}\n##.SHIFT REFERENCE= INTERNAL, LiCl, 1, 30.0").records[0]
    assert isinstance(record, ResonanceSpectrum)
    assert (record.shift[0], record.frequency, record.nucleus) == (30.0, 1e8, "7Li")
    assert record.shift[-1] == pytest.approx(-20.0)
    assert shift(f"{_NMR}\n##$OFFSET= 12.5").records[0].shift[0] == 12.5
    bare = shift(_NMR)
    assert bare.records[0].shift[-1] == 0.0
    assert bare.warnings == ("The file names no reference of the shift: zero hertz was taken as zero ppm.",)
    both = shift(f"{_NMR}\n##.SHIFT REFERENCE= INTERNAL, LiCl, 1, 30.0\n##$OFFSET= 29.0")
    assert "29 ppm by ##$OFFSET=" in both.warnings[0]
    with pytest.raises(FileFormatError, match=r"the field ##.OBSERVE FREQUENCY="):
        shift("##ORIGIN2= x")
    with pytest.raises(FileFormatError, match="a point between 1 and 120"):
        shift(f"{_NMR}\n##.SHIFT REFERENCE= INTERNAL, LiCl, 500, 30.0")


def _parts(kind: str = "NMR FID", unit: str = "SECONDS") -> str:
    def page(symbol: str, values: list[int]) -> list[str]:
        return [f"##DATA TABLE= (X++({symbol}..{symbol})), XYDATA", *encode(values, "DIF")]

    n = np.arange(64)
    real, imaginary = (
        np.round(1e4 * part(n / 5.0) * np.exp(-n / 20.0)).astype(int).tolist() for part in (np.cos, np.sin)
    )
    return "\n".join([
        "##TITLE= invented", "##JCAMP-DX= 5.01", f"##DATA TYPE= {kind}", "##DATA CLASS= NTUPLES", "##ORIGIN= a formula",
        *_NMR.splitlines(), "##.SHIFT REFERENCE= INTERNAL, LiCl, 1, 3.0", "##$SFO1= 100.001", "##$SF= 100.0",
        "##$GRPDLY= 67.98", f"##NTUPLES= {kind}",
        "##VAR_NAME= TIME, FID/REAL, FID/IMAG, PAGE NUMBER", "##SYMBOL= X, R, I, N",
        "##VAR_TYPE= INDEPENDENT, DEPENDENT, DEPENDENT, PAGE", "##VAR_FORM= AFFN, ASDF, ASDF, AFFN",
        "##VAR_DIM= 64, 64, 64, 2", f"##UNITS= {unit}, ARBITRARY UNITS, ARBITRARY UNITS, ",
        "##FIRST= 0.0, " + f"{real[0]}, {imaginary[0]}, 1", f"##LAST= 0.00063, {real[-1]}, {imaginary[-1]}, 2",
        f"##MIN= 0.0, {min(real)}, {min(imaginary)}, 1", f"##MAX= 0.00063, {max(real)}, {max(imaginary)}, 2",
        "##FACTOR= 0.00001, 1, 1, 1", "##PAGE= N=1", *page("R", real), "##PAGE= N=2", *page("I", imaginary),
        "##END NTUPLES= ", "##END= ",
    ]) + "\n"  # fmt: skip


def test_real_and_imaginary_parts() -> None:
    content = _read(_parts())
    (decay,) = content.records
    assert isinstance(decay, InductionDecay)
    assert content.warnings == ()
    assert (decay.time[-1], decay.real[0], decay.imaginary[0], decay.lead) == (0.00063, 1e4, 0.0, 67.98)
    assert decay.carrier == pytest.approx(10.0)
    spectrum = _read(_parts("NMR SPECTRUM", "HZ")).records[0]
    assert isinstance(spectrum, ResonanceSpectrum)
    assert spectrum.imaginary is not None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda t: t.replace("I, N", "I"), r"3 entries|4 entries|entries behind"),
        (lambda t: t.replace("FID/IMAG", "FID/OTHER"), "one real and at most one imaginary part"),
        (lambda t: t.replace("(X++(I..I))", "(X++(Q..Q))"), r"a table of the form"),
        (lambda t: t.replace("##VAR_DIM= 64", "##VAR_DIM= 65"), "64 points declared"),
        (lambda t: t.replace("##FACTOR= 0.00001", "##FACTOR= 0.00002"), "the abscissa"),
        (lambda t: t.replace("##SYMBOL= X, R, I, N\n", ""), "the field ##SYMBOL="),
        (lambda t: t.replace("SECONDS", "HOURS"), "times in SECONDS"),
    ],
)
def test_pages_that_contradict_themselves_are_refused(change, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(change(_parts()))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda t: t.replace("##NPOINTS= 120", "##NPOINTS= 121"), "120 points declared|expected a step"),
        (lambda t: t.replace("##FIRSTX= 400.00", "##FIRSTX= 410.00"), "expected a step"),
        (lambda t: re.sub("##DELTAX.*\n", "", t).replace("##LASTX= 3970", "##LASTX= 3990"), "line .*the abscissa"),
        (lambda t: re.sub("##FIRSTY= .*", "##FIRSTY= 3.0", t), "3 for the first ordinate"),
        (lambda t: t.replace("##YFACTOR= 0.0001\n", ""), "the field ##YFACTOR="),
        (lambda t: t.replace("##YFACTOR= 0.0001", "##YFACTOR= 0"), "other than zero"),
        (lambda t: t.replace("##XUNITS= 1/CM\n", ""), "the field ##XUNITS="),
        (lambda t: t.replace("##XYDATA=", "##PEAK TABLE="), "a list of peaks, which is no spectrum"),
        (lambda t: t.replace("##XYDATA=", "##NOTHING="), r"a spectrum \(##XYDATA="),
        (lambda t: t.replace("(X++(Y..Y))", "(X++(Y..Z))"), "a table of the form"),
        (lambda t: t.replace("##ORIGIN=", "##ORIGIN"), "line 4: expected a field such as"),
        (lambda t: t + "##DATE= 2020\n", "##TITLE= in front of every other field"),
        (lambda t: t.replace("##NPOINTS= 120", "##NPOINTS= many"), "a number of points"),
        (lambda t: t.replace("##NPOINTS= 120", "##NPOINTS= 120\n##NPOINTS= 119"), "once"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(change, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(change(_jcamp()))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0JK", "an ordinate in front of a difference"),
        ("0", "an ordinate behind the abscissa"),
        ("A1B2", "an abscissa"),
        ("0A1?A2", "one of the forms"),
        ("0A1STS2", "one number of repetitions"),
        ("0A1S99999", "9 ordinates in all"),
        ("0A1234567890123456", "an ordinate"),
        ("0A1J1234567890123456", "an ordinate"),
        ("0A1A1A1A1A1A1A1A1A1A1", "9 ordinates in all"),
    ],
)
def test_lines_that_cannot_be_read_are_refused_with_their_number(line: str, expected: str) -> None:
    with pytest.raises(FileFormatError, match=f"line 5: expected .*{expected}|{expected}"):
        decode("a.jdx", [TextLine(5, line)], 9)


def test_a_check_that_fails_is_refused_with_its_line() -> None:
    with pytest.raises(FileFormatError, match="line 2: expected the ordinate 13, to which the differences"):
        decode("a.jdx", [TextLine(1, "0A2J"), TextLine(2, "1A4B3")], 3)


def test_extremes_of_a_longer_spectrum_and_a_lost_end_are_said() -> None:
    (warning,) = _read(re.sub("##MAXY= .*", "##MAXY= 99.5", _jcamp())).warnings
    assert "the header says 99.5: that is of a longer spectrum" in warning
    assert _read(_jcamp().replace("##END=\n", "")).warnings == ("##END= is missing: the file may have been cut.",)


def test_pairs_and_compound_files() -> None:
    x = np.linspace(500.0, 600.0, 12)
    pairs = [f"{a:.2f}, {b:.1f}" for a, b in zip(x, spectrometers.spectrum(x), strict=True)]
    head = ["##TITLE= pairs", "##JCAMP-DX= 4.24", "##DATA TYPE= RAMAN SPECTRUM", "##XUNITS= 1/CM", "##YUNITS= COUNTS"]
    block = "\n".join(
        [*head, "##NPOINTS= 12", "##FIRSTX= 500.00", "##XYPOINTS= (XY..XY)", "; ".join(pairs), "##END=\n"]
    )
    (record,) = _read(block).records
    assert isinstance(record, RamanSpectrum)
    assert np.allclose(record.shift, np.round(x, 2))
    link = "##TITLE= both\n##JCAMP-DX= 4.24\n##DATA TYPE= LINK\n##BLOCKS= 2\n" + block + _jcamp() + "##END=\n"
    assert [type(one) for one in _read(link).records] == [RamanSpectrum, InfraredSpectrum]
    with pytest.raises(FileFormatError, match="2 blocks declared"):
        _read(link.replace("##BLOCKS= 2", "##BLOCKS= 7"))
    for change in (("500.00, ", "500.00 x "), ("NPOINTS= 12", "NPOINTS= 11"), ("##FIRSTX= 500", "##FIRSTX= 300")):
        with pytest.raises(FileFormatError):
            _read(block.replace(*change))


def _seed(form: str) -> Seed:
    text = _parts() if form == "NTUPLES" else _jcamp(form)
    return Seed(form, text, " ")


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("form", ["FIX", "PAC", "SQZ", "DIFDUP", "NTUPLES"])
def test_mutants(form: str, count: int) -> None:
    seed = _seed(form)
    commented = seed.text.replace("##ORIGIN=", "$$ a comment\n##ORIGIN=")
    same = [*spectrometers.same_text(seed.text), lambda _: commented.encode()]
    made = [*instruments.binary_mutants(seed, count // 2, same), *spectrometers.of_lines(seed.text, count // 2)]
    instruments.check(seed, made, spectrometers.judge(12, near=0.001), undetectable=0.3)


@given(instruments.edits(_seed("MIXED")))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


@given(st.text(alphabet="0123456789+-.@ABEIaeiJRj%rSs ?eE\n", max_size=60))
def test_any_table(table: str) -> None:
    text = _jcamp()
    head = text[: text.index("##XYDATA")]
    try:
        _read(f"{head}##XYDATA= (X++(Y..Y))\n{table}\n##END=\n")
    except InputError:
        return


def test_real_files(real_data: Path) -> None:
    def one(name: str):
        content = read(real_data / name)
        return content.records[0], content.warnings

    benzene, said = one("ftir/benzene.jdx")
    assert (len(benzene), benzene.transmittance[0], benzene.attenuated, said) == (3343, 0.8787, False, ())
    uv, said = one("ftir/dupinc1.jdx")
    assert isinstance(uv, Spectrum)
    assert (len(uv), uv.position[-1]) == (440, 469.5)
    assert uv.intensity[0] == pytest.approx(1.1663)
    assert uv.intensity.max() == pytest.approx(3.3747)
    # Every line's check of abscissa and ordinate holds; the smallest ordinate that its header says is in no line.
    assert [text[:44] for text in said] == ["The smallest ordinate is 0.0769 while the he"]
    infrared, said = one("ftir/pacdec1.jdx")
    assert (len(infrared), infrared.wavenumber[0], infrared.wavenumber[-1]) == (3301, 4000.0, 700.0)
    assert infrared.transmittance[0] == pytest.approx(1.016)
    assert "read as percent" in said[0]
    carbon, said = one("ftir/sqzdec1.jdx")
    assert (len(carbon), carbon.real[0], carbon.nucleus, said) == (16384, 2259260.0, "13C", ())


def test_the_real_carbon_spectrum(real_data: Path) -> None:
    record = read(real_data / "nmr" / "13c.jdx").records[0]
    assert isinstance(record, ResonanceSpectrum)
    assert (len(record), record.real[0], record.real.max(), record.real.min()) == (32768, -16677, 408938548, -1501402)
    assert record.shift[0] == 218.6927
    solvent = np.flatnonzero(np.abs(record.shift - 77.0) < 0.6)
    lines = [k for k in solvent if record.real[k] > 2e8 and record.real[k] == record.real[k - 9 : k + 10].max()]
    # The three lines of CDCl3, 32 Hz apart.
    assert record.shift[lines] == pytest.approx([77.34, 77.02, 76.70], abs=0.01)


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", ["ftir/benzene.jdx", "ftir/dupinc1.jdx", "ftir/pacdec1.jdx", "ftir/sqzdec1.jdx"])
def test_mutants_of_real_files(real_data: Path, name: str, count: int) -> None:
    seed = Seed(name, (real_data / name).read_bytes().decode().replace("\r\n", "\n"), " ")
    made = [*instruments.binary_mutants(seed, count // 2), *spectrometers.of_lines(seed.text, count // 2)]
    judge = spectrometers.judge(30, affine=name.endswith("sqzdec1.jdx"), near=0.001)
    instruments.check(seed, made, judge, undetectable=0.5)
