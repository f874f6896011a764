"""Files of diffractometers: made from a formula, damaged, and the real ones against each other."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import diffractometers as made
from tests.formats import instruments, spectrometers
from tests.formats.mutator import Mutant, Seed

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError
from lamion.records import Pattern

_LINES = ("Cu", *made.LINES)


def _read(content: bytes | str):
    return read_raw(RawFile("a", content.encode() if isinstance(content, str) else content))


def _is_truth(record, lines=_LINES, radius=None, counted=None) -> None:
    assert isinstance(record, Pattern)
    assert np.allclose(record.two_theta, made.ANGLE, atol=1e-6)
    assert np.allclose(record.counts, made.COUNTS, rtol=1e-6)
    told = (record.anode, record.wavelength, record.second_wavelength, record.second_ratio)
    assert (*told, record.radius, record.counted) == (*lines, radius, counted)


@pytest.mark.parametrize(
    ("content", "name", "radius", "counted", "sample"),
    [
        (made.raw1(), "Bruker RAW1.01", 0.2005, 0.5, "invented"),
        (made.raw4(), "Bruker RAW4.00", None, 77.9, "invented"),
        (made.uxd(), "Bruker UXD text", 0.2005, 0.5, "invented"),
        (made.xrdml(), "PANalytical XRDML", 0.24, 15.24, "invented"),
        (made.xrdml(listed=True), "PANalytical XRDML", 0.24, 15.24, "invented"),
        (made.zipped(made.brml_parts()), "Bruker BRML", 0.141, 124.8, "invented"),
    ],
)
def test_each_format_with_all_it_says(content, name: str, radius, counted, sample: str) -> None:
    found = _read(content)
    assert (found.format, found.warnings, found.metadata["Sample"]) == (name, (), sample)
    (record,) = found.records
    _is_truth(record, radius=radius, counted=counted)


def test_formats_that_say_less() -> None:
    found = _read(made.zipped(made.rasx_parts()))
    assert (found.format, found.warnings) == ("Rigaku RASX", ())
    _is_truth(found.records[0], ("Cu", *made.LINES[:2], None))
    found = _read(made.rigaku())
    assert (found.format, found.warnings) == ("Rigaku text", ())
    _is_truth(found.records[0], ("Cu", None, None, None))
    found = _read(made.eva())
    assert (found.format, found.warnings) == ("Bruker DIFFRAC.EVA text (.xy)", ())
    assert np.allclose(found.records[0].counts, made.COUNTS / 96, atol=6e-4)
    assert (found.records[0].anode, found.records[0].counted) == ("Cu", None)


def test_several_ranges_and_scans() -> None:
    for content in (made.raw1(ranges=3), made.uxd(ranges=3), made.xrdml(scans=3)):
        records = _read(content).records
        assert len(records) == 3
        for record in records:
            assert np.array_equal(record.counts, made.COUNTS)


def test_what_is_odd_is_said() -> None:
    assert "one axis" in _read(made.raw1(theta=1.0)).warnings[0]
    assert _read(made.raw1(wavelength=1.39222)).records[0].second_wavelength is None
    assert "no diffractometer uses" in " ".join(_read(made.raw1(wavelength=15.406)).warnings)
    assert "measurement was stopped" in _read(made.raw4(planned=100)).warnings[0]
    assert "'Aborted', not completed" in _read(made.xrdml(status="Aborted")).warnings[0]
    attenuated = "<beamAttenuationFactors>1 1 10</beamAttenuationFactors>"
    assert "attenuator" in _read(made.xrdml(more=attenuated)).warnings[0]
    assert "absorber" in _read(made.zipped(made.brml_parts(absorber="10"))).warnings[0]
    assert "90 of 100 points" in _read(made.zipped(made.brml_parts(points=100))).warnings[0]
    spiked = made.COUNTS.copy()
    spiked[40] *= 30
    assert "far from that of both neighbours" in " ".join(_read(made.raw1(spiked)).warnings)
    assert np.array_equal(_read(made.zipped(made.rasx_parts(factor="2"))).records[0].counts, 2 * made.COUNTS)
    assert "while the header declares 95" in _read(made.rigaku(stop=made.ANGLE[-1] + 0.1)).warnings[0]
    without = re.sub(r"_START=.*\n", "", made.uxd())
    assert "compared with nothing" in _read(without).warnings[0]


_BRML, _RASX = made.brml_parts(), made.rasx_parts()


def _changed(parts: dict[str, str], old: str, new: str) -> bytes:
    found = {name: text.replace(old, new, 1) for name, text in parts.items()}
    assert found != parts
    return made.zipped(found)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (made.raw1()[:-3], "the counts in 360 bytes"),
        (made.raw1() + b"rest", "the end of the file"),
        (made.raw1(points=80), "the end of the file"),
        (made.raw1(length=100), "a header of a range"),
        (made.raw1(step=-1.0), "a start and a step in degrees"),
        (made.raw4()[:-3], "the counts in 360 bytes"),
        (made.raw4(scan=b"Rocking Curve"), "a scan over two theta"),
        (made.raw4(points=80), "the number of points"),
        (made.raw4(size=8), "single floats"),
        (made.raw4(more=91), "segments that end where"),
        (made.raw4(more=88), "segments that end where"),
        (made.raw4(tube=4), "a segment of 8 bytes"),
        (made.uxd(counted="_COUNTS"), "counts alone"),
        (made.uxd(STEPSIZE="0.03"), "which start and step make"),
        (made.uxd(WL1="1.54x"), "a number behind _WL1"),
        (made.eva(scan="Rocking Curve"), "a scan over two theta"),
        (made.eva()[:-2], "half a number"),
        (made.rigaku(mode="Omega"), "a scan over two theta"),
        (made.rigaku(step=0.04), "which start and step make"),
        (made.rigaku(stop=11.0), "90 points declared"),
        (made.xrdml(axis="Chi"), "a scan over the axis 2Theta"),
        (made.xrdml()[:-40], "well-formed XML"),
        (made.xrdml().replace("<scan ", "<!DOCTYPE x><scan "), "well-formed XML"),
        (made.xrdml(listed=True).replace("10.02 ", "", 1), "90 positions"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]>" + made.xrdml().split("\n", 1)[1], "without a document type"),
        (_changed(_BRML, "<Datum>124.8,1,10.020000", "<Datum>124.8,1,10.030000"), "which start and increment make"),
        (_changed(_BRML, f"{made.COUNTS[7]:.0f}</Datum>", f"{made.COUNTS[7] + 1:.0f}</Datum>"), "intensities whose"),
        (_changed(_BRML, "<MeasurementPoints>90", "<MeasurementPoints>80"), "80 rows"),
        (_changed(_BRML, 'LogicName="ScanCounter"', 'LogicName="Other"'), "a scan with ScanCounter"),
        (_changed(_BRML, 'RouteFlag="Measured"', 'RouteFlag="Smoothed"'), "as it was measured"),
        (_changed(_RASX, "<AxisName>TwoThetaTheta", "<AxisName>Omega"), "a scan over two theta"),
        (_changed(_RASX, "10.0200\t", "10.0500\t"), "which start and step make"),
        (made.zipped({"Data0/Profile0.txt": _RASX["Data0/Profile0.txt"]}), "how the scan was measured"),
    ],
)
def test_refused(content, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(content)


_BINARY = {"raw1": made.raw1(), "raw1 with ranges": made.raw1(ranges=2), "raw4": made.raw4()}
_ARCHIVES = {"brml": _BRML, "rasx": _RASX}
_TEXTS = {"uxd": made.uxd(), "eva": made.eva(), "rigaku": made.rigaku(), "xrdml": made.xrdml()}


def _seed(name: str, content: bytes) -> Seed:
    return Seed(name, content.decode("latin-1"), " ", "latin-1")


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", _BINARY)
def test_binary_mutants(name: str, count: int) -> None:
    seed = _seed(name, _BINARY[name])
    judge = spectrometers.judge(160, affine=True, near=0.35)
    instruments.check(seed, instruments.binary_mutants(seed, count), judge, undetectable=0.6)


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", _ARCHIVES)
def test_mutants_of_archives(name: str, count: int) -> None:
    """The archive's bytes are damaged, and the lines of its largest part, packed anew."""
    parts = _ARCHIVES[name]
    seed = _seed(name, made.zipped(parts))
    part = max(parts, key=lambda one: len(parts[one]))
    lines = spectrometers.of_lines(parts[part].replace("\r\n", "\n"), count // 2)
    inside = [Mutant(one.kind, made.zipped(parts | {part: one.content.decode()})) for one in lines]
    judge = spectrometers.judge(3, ends=True, near=0.35)
    instruments.check(seed, [*instruments.binary_mutants(seed, count // 2), *inside], judge, undetectable=0.5)


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", _TEXTS)
def test_mutants_of_texts(name: str, count: int) -> None:
    seed = Seed(name, _TEXTS[name], " " if name in ("eva", "xrdml") else "\t")
    same = [] if name == "xrdml" else spectrometers.same_text(seed.text)
    made_of = [*instruments.binary_mutants(seed, count // 2, same), *spectrometers.of_lines(seed.text, count // 2)]
    ends_alone = name == "xrdml"
    judge = spectrometers.judge(3, ends=True, affine=ends_alone, near=0.35, uncounted=ends_alone)
    instruments.check(seed, made_of, judge, undetectable=0.6)


_ALL = {**_BINARY, **{name: made.zipped(parts) for name, parts in _ARCHIVES.items()}}
_ALL |= {name: text.encode() for name, text in _TEXTS.items()}


@settings(deadline=None)
@given(st.sampled_from(sorted(_ALL)).flatmap(lambda name: instruments.edits(_seed(name, _ALL[name]))))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


@settings(deadline=None)
@given(st.sampled_from(sorted(_ALL)).flatmap(lambda name: instruments.signatures(_seed(name, _ALL[name]), 400)))
def test_any_content_behind_a_signature(content: bytes) -> None:
    instruments.reads_or_refuses(content)


_REAL = {
    "xrd/TiO2.raw": (1647, 10.0, 70.04114, [557, 602]),
    "xrd/TiOF.brml": (2469, 9.99884, 60.01278, [4471, 4545]),
    "xrd/Scan_C2.xrdml": (7181, 5.00476, 124.99167, [379, 400]),
    "xrd/HL1-2_5-90_60min.xrdml": (6474, 5.00117, 89.99348, [1426, 1457]),
    "xrd/JO_KL_16_ZF_3_60deg_0.02step_12degpermin_001.rasx": (2851, 3.0, 60.0, [2589, 2684]),
    "xrd/Cu3Au-1.raw": (3901, 22.0, 100.0, [48, 24]),
    "xrd/example_evadiffract.xy": (28, 5.0001, 5.2743, [4.852, 4.097]),
    "polymer_electrolytes/xrd/MU_xrd_1102_intensive_1029_xrd.TXT": (2751, 5.0, 60.0, [52398.3, 50140.5]),
    "polymer_electrolytes/xrd/MU_xrd_1102_parallel_1018_xrd_100.TXT": (2751, 5.0, 60.0, [5743.76, 5653.45]),
}


@pytest.mark.parametrize("name", _REAL)
def test_the_real_ones(real_data: Path, name: str) -> None:
    count, first, last, counts = _REAL[name]
    content = read(real_data / name)
    (record,) = content.records
    assert isinstance(record, Pattern)
    assert (len(record), content.warnings) == (count, ())
    assert (record.two_theta[0], record.two_theta[-1]) == (
        pytest.approx(first, abs=1e-5),
        pytest.approx(last, abs=1e-5),
    )
    assert record.counts[:2].tolist() == counts


def test_the_real_raw_is_its_text(real_data: Path) -> None:
    binary, text = (read(real_data / "xrd" / name).records[0] for name in ("BT86.raw", "BT86_.UXD"))
    assert len(binary) == len(text) == 2374
    assert binary.counts[:2].tolist() == [187, 183]
    assert np.array_equal(binary.counts, text.counts)
    assert np.allclose(binary.two_theta, text.two_theta, atol=5e-4)
    for name in ("anode", "wavelength", "second_wavelength", "second_ratio", "radius", "counted"):
        assert getattr(binary, name) == getattr(text, name)
