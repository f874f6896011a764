"""Bruker's NMR folders, made from a formula, zipped and not, and the real one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import instruments, spectrometers
from tests.formats.mutator import Seed

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError
from lamion.records.spectrum import InductionDecay, ResonanceSpectrum

_COUNT = 200
_POINTS = 128
_WIDTH = 20000.0
_BASE, _OFFSET, _REFERENCE = 77.778117, 1500.0, 77.7781
_OBSERVED = _BASE + 1e-6 * _OFFSET
_TIME = np.arange(_COUNT // 2) / _WIDTH
_NOISE = np.random.default_rng(1).normal(0.0, 300.0, (3, _POINTS))
_SIGNAL = 4e5 * np.exp((2j * np.pi * 900.0 - 400.0) * _TIME) + _NOISE[0, :100] + 1j * _NOISE[1, :100]
_NUMBERS = np.round(np.column_stack([_SIGNAL.real, _SIGNAL.imag]).ravel())
_SHIFT = 1e6 * (_OBSERVED / _REFERENCE - 1.0) + (0.5 - np.arange(_POINTS) / _POINTS) * _WIDTH / _REFERENCE
_LINE = np.round(spectrometers.band(_SHIFT, 10.0, 12.0, 9e6) + 10.0 * _NOISE[2])


@dataclass
class Experiment:
    """A folder as TopSpin writes it; what a test changes of it."""

    order: str = "<"
    kind: str = "i4"
    acqus: dict[str, str] = field(default_factory=dict)
    procs: dict[str, str] = field(default_factory=dict)
    behind: bytes = b""

    def fid(self) -> bytes:
        content = _NUMBERS.astype(self.order + self.kind).tobytes()
        return content.ljust(1024 * -(-len(content) // 1024), b"\0") + self.behind

    def parameters(self, name: str) -> str:
        coded = {"order": "0" if self.order == "<" else "1", "type": "0" if self.kind == "i4" else "2"}
        of_the_decay = {
            "BF1": f"{_BASE}", "BYTORDA": coded["order"], "D": "(0..3)\n0 2.5 0\n0", "DTYPA": coded["type"],
            "GRPDLY": "3.25", "INSTRUM": "<spect>", "MASR": "7000", "NC": "-3", "NS": "16", "NUC1": "<7Li>",
            "O1": f"{_OFFSET}", "PROBHD": "<1.3 mm MAS\n>", "PULPROG": "<hahnecho>", "SFO1": f"{_OBSERVED!r}",
            "SW": f"{_WIDTH / _OBSERVED!r}", "SW_h": f"{_WIDTH}", "TD": f"{_COUNT}", "TE": "303",
        }  # fmt: skip
        of_the_spectrum = {
            "AXNUC": "<7Li>", "BYTORDP": coded["order"], "DTYPP": coded["type"], "NC_proc": "-4",
            "OFFSET": f"{float(_SHIFT[0])!r}", "SF": f"{_REFERENCE}", "SI": f"{_POINTS}", "SW_p": f"{_WIDTH}",
            "YMAX_p": f"{_LINE.max():.0f}", "YMIN_p": f"{_LINE.min():.0f}",
        }  # fmt: skip
        given = of_the_decay | self.acqus if name == "acqus" else of_the_spectrum | self.procs
        lines = [f"##${label}= {value}" for label, value in given.items() if value]
        head = ["##TITLE= Parameter file", "##JCAMPDX= 5.0", "##DATATYPE= Parameter Values", "##OWNER= nobody"]
        return "\n".join([*head, "$$ 2022-03-01 /a/path", *lines, "##END="]) + "\n"

    def members(self) -> dict[str, bytes]:
        line = _LINE.astype(self.order + self.kind)
        return {
            "7/acqus": self.parameters("acqus").encode(),
            "7/fid": self.fid(),
            "7/pdata/1/procs": self.parameters("procs").encode(),
            "7/pdata/1/1r": line.tobytes(),
            "7/pdata/1/1i": line[::-1].tobytes(),
            "7/pdata/1/title": b"a title",
        }

    def beside(self, name: str) -> RawFile:
        """Return ``fid`` or ``1r`` with its parameters beside it."""
        other = "acqus" if name == "fid" else "procs"
        found = {path.rpartition("/")[2]: content for path, content in self.members().items()}
        return RawFile(name, found[name], sidecar=RawFile(other, found[other]))


def _zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return written.getvalue()


def _read(content: bytes):
    return read_raw(RawFile("7.zip", content))


_WHOLE = Experiment().members()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["i4", "f8"])
def test_an_archive(order: str, kind: str) -> None:
    content = _read(_zipped(Experiment(order, kind).members()))
    assert (content.format, content.warnings) == ("Bruker NMR", ())
    assert content.metadata["Pulse program"] == "hahnecho"
    line, decay = content.records
    assert isinstance(line, ResonanceSpectrum)
    assert isinstance(decay, InductionDecay)
    assert np.allclose(line.shift, _SHIFT)
    assert np.array_equal(line.real, _LINE / 16.0)
    assert line.imaginary is not None
    assert np.array_equal(line.imaginary, _LINE[::-1] / 16.0)
    assert np.allclose(decay.time, _TIME)
    assert np.array_equal(decay.real + 1j * decay.imaginary, (_NUMBERS[::2] + 1j * _NUMBERS[1::2]) / 8.0)
    assert decay.lead == 3.25
    assert decay.carrier == pytest.approx(1e6 * (_OBSERVED / _REFERENCE - 1.0))
    for record in (line, decay):
        assert record.frequency == pytest.approx(1e6 * _REFERENCE)
        assert (record.nucleus, record.spinning, record.temperature, record.delay) == ("7Li", 7000.0, 303.0, 2.5)


def test_files_beside_their_parameters(tmp_path: Path) -> None:
    for path, content in _WHOLE.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    decay = read(tmp_path / "7" / "fid")
    assert decay.warnings == ("The shift's reference stands with the processed spectrum, which is not here.",)
    assert decay.records[0].frequency == pytest.approx(1e6 * _BASE)
    assert decay.records[0].carrier == pytest.approx(_OFFSET / _BASE)
    line = read(tmp_path / "7" / "pdata" / "1" / "1r")
    assert line.warnings == ()
    assert (line.records[0].nucleus, line.records[0].frequency) == ("7Li", pytest.approx(1e6 * _REFERENCE))
    assert np.array_equal(line.records[0].real, _LINE / 16.0)


def test_an_archive_with_a_part_of_it() -> None:
    decay = {name: content for name, content in _WHOLE.items() if "pdata" not in name}
    assert [type(one) for one in _read(_zipped(decay)).records] == [InductionDecay]
    line = {name: content for name, content in _WHOLE.items() if "pdata" in name}
    assert [type(one) for one in _read(_zipped(line)).records] == [ResonanceSpectrum]
    again = _WHOLE | {name.replace("/1/", "/2/"): content for name, content in line.items()}
    assert _read(_zipped(again)).warnings == ("Of 2 processed spectra the one numbered 1 was read.",)
    hidden = {f"__MACOSX/{name.replace('/', '/._')}": b"hidden" for name in _WHOLE}
    assert _read(_zipped(hidden | _WHOLE)).warnings == ()


@pytest.mark.parametrize("kelvin", ["0", "9999"])
def test_a_temperature_of_no_sensor(kelvin: str) -> None:
    assert _read(_zipped(Experiment(acqus={"TE": kelvin}).members())).records[0].temperature is None


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (Experiment(acqus={"TD": "198"}), "792 bytes of 198 numbers"),
        (Experiment(acqus={"TD": "1000"}), "4000 bytes of 1000 numbers"),
        (Experiment(acqus={"TD": "199"}), "199 numbers"),
        (Experiment(acqus={"TD": "1e99"}), "a number of points"),
        (Experiment(acqus={"TD": ""}), "a number of points"),
        (Experiment(acqus={"DTYPA": "2"}), "1600 bytes of 200 numbers"),
        (Experiment(acqus={"DTYPA": "1"}), "0 or 2"),
        (Experiment(acqus={"BYTORDA": ""}), "0 or 1"),
        (Experiment(acqus={"SW_h": "0"}), "a spectral width in Hz"),
        (Experiment(acqus={"SFO1": "wide"}), "a number behind"),
        (Experiment(behind=b"\0" * 1024), "zeros to a whole block"),
        (Experiment(procs={"SI": "127"}), "508 bytes of 127 points"),
        (Experiment(procs={"NC_proc": "0.5"}), "a power of two"),
        (Experiment(procs={"SF": ""}), "a frequency in MHz"),
        (Experiment(procs={"OFFSET": ""}), "a shift in ppm"),
    ],
)
def test_refused(made: Experiment, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(_zipped(made.members()))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (Experiment(acqus={"BF1": "71.778117"}), "is not BF1 with O1"),
        (Experiment(acqus={"O1": "2500"}), "is not BF1 with O1"),
        (Experiment(acqus={"SFO1": "77.7"}), "is not BF1 with O1"),
        (Experiment(acqus={"SW_h": "21000"}), "Hz by SW"),
        (Experiment(acqus={"BYTORDA": "1"}), "other order of bytes"),
        (Experiment(kind="f8", acqus={"BYTORDA": "1"}), "beyond what its neighbours make likely"),
        (Experiment(acqus={"TD": "204"}), "The last points are zero"),
        (Experiment(procs={"BYTORDP": "1"}), "The largest point is"),
        (Experiment(procs={"YMAX_p": "17"}), "The largest point is"),
        (Experiment(procs={"YMIN_p": "17"}), "The smallest point is"),
        (Experiment(procs={"OFFSET": "100.0"}), "The largest shift is 100 ppm"),
        (Experiment(procs={"SF": "77.1781"}), "The largest shift is"),
    ],
)
def test_what_contradicts_itself_is_said(made: Experiment, said: str) -> None:
    assert said in " ".join(_read(_zipped(made.members())).warnings)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (_WHOLE | {name.replace("7/", "8/"): content for name, content in _WHOLE.items()}, "one experiment"),
        ({"7/fid": _WHOLE["7/fid"]}, "the parameters 'acqus' beside 'fid'"),
        ({"7/pdata/1/1r": _WHOLE["7/pdata/1/1r"]}, "a whole part of the archive"),
        (_WHOLE | {"7/acqus": _WHOLE["7/acqus"][:-7]}, "parameters that end with ##END="),
        (_WHOLE | {"7/acqus": _WHOLE["7/acqus"][:300]}, "Lines were removed or changed"),
        (_WHOLE | {"7/acqus": 2 * _WHOLE["7/acqus"]}, "parameters that end with ##END="),
        (_WHOLE | {"7/acqus": bytes(5 * 2**20)}, "at most 4 MiB, unpacked"),
        (_WHOLE | {"7/pdata/1/1r": bytes(65 * 2**20)}, "at most 64 MiB, unpacked"),
        (_WHOLE | {f"7/{number}": b"" for number in range(1000)}, "at most 1000 members"),
    ],
)
def test_archives_refused(members: dict[str, bytes], expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(_zipped(members))


def test_a_member_that_stands_twice_is_refused() -> None:
    content = _zipped(_WHOLE | {"7/fie": _WHOLE["7/fid"]}).replace(b"7/fie", b"7/fid")
    with pytest.raises(FileFormatError, match="each once"):
        _read(content)


def _beside(name: str, damaged: str) -> Callable[[str, bytes], RawFile]:
    """Return a maker of files of which either the numbers or the parameters beside them are given."""

    def raw(seed: str, content: bytes) -> RawFile:
        whole = Experiment().beside(name)
        assert whole.sidecar is not None
        if damaged == name:
            return RawFile(seed, content, sidecar=whole.sidecar)
        return RawFile(seed, whole.content, sidecar=RawFile(damaged, content))

    return raw


def _seed(name: str, content: bytes) -> Seed:
    return Seed(name, content.decode("latin-1"), " ", "latin-1")


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_mutants_of_an_archive(compression: int, count: int) -> None:
    def stored_otherwise(rng: np.random.Generator) -> bytes:
        names = rng.permutation(list(_WHOLE)).tolist()
        return _zipped({f"up/{name}": _WHOLE[name] for name in names}, int(rng.choice([0, 8])))

    seed = _seed("archive", _zipped(_WHOLE, compression))
    made = instruments.binary_mutants(seed, count, [stored_otherwise])
    instruments.check(seed, made, spectrometers.judge(0), undetectable=0.0)


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("name", "parameters"), [("fid", "acqus"), ("1r", "procs")])
def test_mutants_of_files_beside_each_other(name: str, parameters: str, count: int) -> None:
    """The scale of the numbers, a power of two, and the reference of ``1r`` stand nowhere twice."""
    content = Experiment().beside(name).content
    judge = spectrometers.judge(160, raw=_beside(name, name))
    instruments.check(_seed(name, content), instruments.binary_mutants(_seed(name, content), count), judge, 0.6)
    text = Experiment().parameters(parameters)
    seed = _seed(parameters, text.encode())
    judge = spectrometers.judge(1000, affine=name == "1r", raw=_beside(name, parameters))
    ways = spectrometers.same_text(text)
    made = instruments.binary_mutants(seed, count, ways) + spectrometers.of_lines(text, count)
    instruments.check(seed, made, judge, 0.6)


@settings(deadline=None)
@given(instruments.edits(_seed("archive", _zipped(_WHOLE, zipfile.ZIP_STORED))))
def test_any_archive(content: bytes) -> None:
    instruments.reads_or_refuses(content)


@settings(deadline=None)
@given(st.sampled_from(["fid", "1r"]), st.data())
def test_any_parameters(name: str, data: st.DataObject) -> None:
    parameters = "acqus" if name == "fid" else "procs"
    seed = _seed(parameters, Experiment().parameters(parameters).encode())
    content = data.draw(st.one_of(instruments.edits(seed), instruments.signatures(seed, 120)))
    instruments.reads_or_refuses(_beside(name, parameters)("any", content))


def test_the_real_archive(real_data: Path) -> None:
    content = read(real_data / "nmr" / "71.zip")
    assert content.warnings == ()
    line, decay = content.records
    assert isinstance(line, ResonanceSpectrum)
    assert isinstance(decay, InductionDecay)
    assert (len(line), len(decay)) == (16384, 9949)
    assert (line.real.max(), line.real.min()) == (435007602 / 16, -9737871 / 16)
    assert (line.shift[0], line.spinning, line.temperature) == (6467.549, 7000.0, 303.0)
    assert decay.time[1] == pytest.approx(1e-6)
    # The echo's decay begins behind the lead of the filter.
    assert decay.lead is not None
    assert np.argmax(np.hypot(decay.real, decay.imaginary)) >= int(decay.lead)


@pytest.mark.parametrize("count", [100, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants_of_the_real_archive(real_data: Path, count: int) -> None:
    seed = _seed("71.zip", (real_data / "nmr" / "71.zip").read_bytes())
    instruments.check(seed, instruments.binary_mutants(seed, count), spectrometers.judge(0), undetectable=0.0)
