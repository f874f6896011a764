"""JEOL's decays and series of them, made from a formula, and the real ones; those of one dimension beside nmrglue."""

from __future__ import annotations

import struct
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
from lamion.records.spectrum import InductionDecay

_POINTS = 64
_DELAYS = (8.0, 4.0, 2.0, 1.0, 0.5, 0.25)
_WIDTH = 1e5
_TIME = np.arange(_POINTS) / _WIDTH
_NONE, _SECOND, _MICROSECOND, _HERTZ, _MEGAHERTZ, _PPM, _CELSIUS, _KELVIN = (
    (0x00, 0), (0x01, 28), (0x21, 28), (0x01, 13), (0xE1, 13), (0x01, 26), (0x01, 4), (0x01, 14),
)  # fmt: skip
_GIVEN = {
    "x_domain": "7Li", "x_freq": (155.37, 0, _MEGAHERTZ), "x_offset": (50.0, 0, _PPM), "x_sweep": (_WIDTH, 0, _HERTZ),
    "digital_filter": "TRUE", "orders": "2 28 73", "factors": "4  2", "spin_status": "SPIN ON", "total_scans": 16,
    "spin_get": (8.0, 3, _HERTZ), "temp_get": (40.0, 0, _CELSIUS), "relaxation_delay": (500_000.0, 0, _MICROSECOND),
}  # fmt: skip


def _decays(rows: int) -> np.ndarray:
    noise = np.random.default_rng(3).normal(0.0, 0.3, (2, rows, _POINTS))
    heights = 100.0 * (1.0 - np.exp(-np.array(_DELAYS[:rows])))[:, None]
    return heights * np.exp((2j * np.pi * 4000.0 - 3000.0) * _TIME) + noise[0] + 1j * noise[1]


@dataclass
class Jeol:
    """A .jdf as it is put together; what a test changes of it."""

    rows: int = 1
    kept: int = 1
    points: int = _POINTS
    last: int = _POINTS - 1
    end: str = "<"
    width: int = 8
    layout: int | None = None
    axes: tuple[int, ...] = ()
    units: tuple[tuple[int, int], ...] = (_SECOND, _SECOND)
    stop: float = float(_TIME[-1])
    delays: tuple[float, ...] = _DELAYS
    ends: tuple[float, float] | None = None
    given: dict[str, object] = field(default_factory=dict)

    def numbers(self) -> bytes:
        table = np.zeros((self.kept, _POINTS), dtype=complex)
        table[: self.rows] = _decays(self.rows)
        parts = []
        for part in (table.real, -table.imag):
            if self.kept == 1:
                parts.append(part.ravel())
            else:
                tiles = [part[row : row + 4, k : k + 4] for row in range(0, self.kept, 4) for k in range(0, _POINTS, 4)]
                parts.append(np.concatenate([tile.ravel() for tile in tiles]))
        return np.concatenate(parts).astype(f"{self.end}f{self.width}").tobytes()

    def parameters(self) -> bytes:
        given = {name: value for name, value in (_GIVEN | self.given).items() if value is not None}
        found = struct.pack(f"{self.end}4I", 64, 0, len(given) - 1, 64 * len(given))
        for name, value in given.items():
            number, power, unit = value if isinstance(value, tuple) else (value, 0, _NONE)
            if isinstance(number, str):
                kind, body = 0, number.encode().ljust(16)
            elif isinstance(number, int):
                kind, body = 1, struct.pack(f"{self.end}i12x", number)
            else:
                kind, body = 2, struct.pack(f"{self.end}d8x", number)
            found += struct.pack(f"{self.end}4xh10s16si", power, bytes(unit) + bytes(8), body, kind)
            found += name.upper().encode().ljust(28)
        return found

    def content(self) -> bytes:
        parameters, numbers = self.parameters(), self.numbers()
        delays = struct.pack(f">{len(self.delays)}d", *self.delays) if self.kept > 1 else b""
        begins = 1360 + len(parameters) + len(delays)
        dimensions = 1 if self.kept == 1 else 2
        layout = (1 if dimensions == 1 else 12) if self.layout is None else self.layout
        head = bytearray(1360)

        def put(place: int, form: str, *values: object) -> None:
            struct.pack_into(f">{form}", head, place, *values)

        put(0, "8sbBHBBB", b"JEOL.NMR", self.end == "<", 1, 2, dimensions, 0xFF00 >> dimensions & 0xFF, 0)
        put(14, "Bb", (0 if self.width == 8 else 64) | layout, 25)
        put(24, "2b", *(self.axes or (3, 1 if dimensions == 2 else 0)))
        put(32, "4B", *self.units[0], *(self.units[1] if dimensions == 2 else (0, 0)))
        put(48, "124s", b"invented")
        put(176, "8I", self.points, self.kept, *[1] * 6)
        put(240, "2I", self.last, self.rows - 1)
        put(272, "2d", 0.0, (self.ends or self.delays)[0] if dimensions == 2 else 0.0)
        put(336, "2d", self.stop, (self.ends or self.delays)[-1] if dimensions == 2 else 0.0)
        put(424, "128s", b"JNM")
        put(680, "128s", b"sat_recovery")
        put(1212, "II", 1360, len(parameters))
        put(1220, "2I", begins - len(delays), begins - len(delays))
        put(1252, "2I", 0, len(delays))
        put(1284, "IQQI", begins, len(numbers), begins + len(numbers), 0)
        put(1308, "QIQ", begins + len(numbers), 0, begins + len(numbers) + 8)
        return bytes(head) + parameters + delays + numbers + bytes(8)


_SERIES = Jeol(rows=6, kept=8)


def _read(content: bytes):
    return read_raw(RawFile("a.jdf", content))


@pytest.mark.parametrize("end", ["<", ">"])
@pytest.mark.parametrize("width", [8, 4])
def test_a_decay(end: str, width: int) -> None:
    content = _read(Jeol(end=end, width=width).content())
    assert (content.format, content.warnings) == ("JEOL NMR (.jdf)", ())
    assert content.metadata == {"Title": "invented", "Comment": "sat_recovery", "Instrument": "JNM", "Scans": "16"}
    (record,) = content.records
    assert isinstance(record, InductionDecay)
    assert np.allclose(record.time, _TIME)
    assert np.allclose(record.real + 1j * record.imaginary, _decays(1)[0], rtol=1e-6, atol=1e-6)
    assert record.frequency == pytest.approx(155.37e6)
    assert (record.carrier, record.nucleus, record.spinning, record.recovery) == (50.0, "7Li", 8000.0, None)
    assert (record.temperature, record.delay) == (pytest.approx(313.15), pytest.approx(0.5))
    assert record.lead == (28 - 1) / 2 / (4 * 2) + (73 - 1) / 2 / 2


@pytest.mark.parametrize("end", ["<", ">"])
def test_a_series_in_tiles_with_fewer_decays_than_rows(end: str) -> None:
    content = _read(Jeol(rows=6, kept=8, end=end).content())
    assert content.warnings == ()
    assert [one.recovery for one in content.records] == list(_DELAYS)
    for record, decay in zip(content.records, _decays(6), strict=True):
        assert np.array_equal(record.real + 1j * record.imaginary, decay)


def test_a_series_along_something_else_has_no_delays() -> None:
    content = _read(Jeol(rows=6, kept=8, units=(_SECOND, (0x11, 31))).content())
    assert [one.recovery for one in content.records] == [None] * 6


def test_delays_have_the_unit_of_their_axis() -> None:
    content = _read(Jeol(rows=6, kept=8, units=(_SECOND, _MICROSECOND)).content())
    assert [one.recovery for one in content.records] == pytest.approx([1e-6 * delay for delay in _DELAYS])


@pytest.mark.parametrize(
    ("given", "name", "expected"),
    [
        ({"temp_get": (313.15, 0, _KELVIN)}, "temperature", pytest.approx(313.15)),
        ({"temp_get": (40.0, 0, _NONE)}, "temperature", None),
        ({"temp_get": 460}, "temperature", None),
        ({"spin_status": "SPIN OFF"}, "spinning", None),
        ({"digital_filter": "FALSE"}, "lead", None),
        ({"orders": "2 28"}, "lead", None),
        ({"orders": ""}, "lead", None),
        ({"factors": "0  2"}, "lead", None),
        ({"orders": "one 28 73"}, "lead", None),
        ({"x_domain": None}, "nucleus", None),
        ({"relaxation_delay": (float("nan"), 0, _SECOND)}, "delay", None),
        ({"relaxation_delay": (1.0, 3000, _SECOND)}, "delay", None),
        ({"relaxation_delay": "long"}, "delay", None),
    ],
)
def test_parameters(given: dict[str, object], name: str, expected: object) -> None:
    content = _read(Jeol(given=given).content())
    assert content.warnings == ()
    assert getattr(content.records[0], name) == expected


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (Jeol(given={"temp_get": (460.0, 0, _CELSIUS)}), "460 degC, which is a sensor that was not connected"),
        (Jeol(given={"x_freq": None}), "names no frequency"),
        (Jeol(given={"x_sweep": (2 * _WIDTH, 0, _HERTZ)}), "s apart by the axis"),
        (Jeol(units=(_MICROSECOND, _SECOND)), "s apart by the axis"),
        (Jeol(last=_POINTS // 2), "s apart by the axis"),
        (Jeol(rows=6, kept=8, delays=(8.0, 4.0, 7.0, 1.0, 0.5, 0.25)), "neither rise nor fall"),
    ],
)
def test_what_is_odd_is_said(made: Jeol, said: str) -> None:
    assert said in " ".join(_read(made.content()).warnings)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (Jeol().content()[:1000], "a header of 1360 bytes"),
        (Jeol().content()[:-1], "bytes"),
        (Jeol().content() + b"more", "bytes"),
        (Jeol(units=((0x01, 26), _SECOND)).content(), "a processed spectrum"),
        (Jeol(axes=(1, 0)).content(), "a decay, or a small series of decays"),
        (Jeol(layout=2).content(), "a decay, or a small series of decays"),
        (Jeol(rows=6, kept=8, layout=2).content(), "a decay, or a small series of decays"),
        (Jeol(points=_POINTS + 4).content(), "bytes of 68 complex points"),
        (Jeol(points=2**31).content(), "a number of points"),
        (Jeol(rows=6, kept=6).content(), "a number of points"),
        (Jeol(last=_POINTS).content(), "a number of points"),
        (Jeol(last=4).content(), "at least 10 points"),
        (Jeol(stop=float("nan")).content(), "times from zero"),
        (Jeol(rows=6, kept=8, delays=_DELAYS[:5]).content(), "a list of 6 delays"),
        (Jeol(rows=6, kept=8, ends=(9.0, 0.25)).content(), "delays from 9 to 0.25 s"),
        (Jeol(given={"X_DOMAIN": "7Li"}).content(), "the parameter x_domain once"),
        (Jeol().content()[:1360] + bytes(64) + Jeol().content()[1424:], "a table of parameters"),
    ],
)
def test_refused(content: bytes, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(content)


def test_a_text_with_a_power_of_ten_takes_no_memory() -> None:
    assert _read(Jeol(given={"x_domain": ("7Li", 9, _NONE)}).content()).records[0].nucleus == "7Li"


_FILES = {"decay": Jeol().content(), "floats": Jeol(end=">", width=4).content(), "series": _SERIES.content()}


def _seed(name: str, content: bytes) -> Seed:
    return Seed(name, content.decode("latin-1"), " ", "latin-1")


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", _FILES)
def test_mutants(name: str, count: int) -> None:
    seed = _seed(name, _FILES[name])
    instruments.check(seed, instruments.binary_mutants(seed, count), spectrometers.judge(160, near=1e-4), 0.6)


@settings(deadline=None)
@given(st.sampled_from(sorted(_FILES)).flatmap(lambda name: instruments.edits(_seed(name, _FILES[name]))))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


@settings(deadline=None)
@given(st.sampled_from(sorted(_FILES)).flatmap(lambda name: instruments.signatures(_seed(name, _FILES[name]), 1700)))
def test_any_content_behind_a_header(content: bytes) -> None:
    instruments.reads_or_refuses(content)


@pytest.mark.parametrize("name", ["decay", "floats"])
def test_a_decay_is_what_nmrglue_reads(name: str, tmp_path: Path) -> None:
    jeol = pytest.importorskip("nmrglue.fileio.jeol")
    made = Jeol(given={"x_freq": (155.37e6, 0, _HERTZ)}, **({"end": ">", "width": 4} if name == "floats" else {}))
    (tmp_path / "a.jdf").write_bytes(made.content())
    _, expected = jeol.read(tmp_path / "a.jdf")
    (record,) = read(tmp_path / "a.jdf").records
    assert np.array_equal(record.real + 1j * record.imaginary, expected)


@pytest.mark.parametrize(
    ("name", "count", "celsius"),
    [("static_40C", 16384, 40.0), ("static_60C", 16384, 59.9), ("static_80C", 16384, 80.0)],
)
def test_the_real_decays(real_data: Path, name: str, count: int, celsius: float) -> None:
    jeol = pytest.importorskip("nmrglue.fileio.jeol")
    path = real_data / "nmr" / "jeol" / f"7Li_{name}.jdf"
    content = read(path)
    (record,) = content.records
    assert (content.warnings, len(record)) == ((), count)
    assert record.temperature == pytest.approx(273.15 + celsius, abs=0.06)
    assert record.time[1] == pytest.approx(1.0 / 195312.5)
    assert record.frequency == pytest.approx(155.3701e6)
    decay = record.real + 1j * record.imaginary
    assert np.array_equal(decay, jeol.read(path)[1])
    # The signal is there just behind the lead of the filter, and not before.
    assert record.lead == pytest.approx(19.6875)
    assert np.argmax(np.abs(decay) > 0.5 * np.abs(decay).max()) == 20


def test_the_real_decay_whose_sensor_was_not_connected(real_data: Path) -> None:
    content = read(real_data / "nmr" / "jeol" / "7Li_MAS_8kHz.jdf")
    (record,) = content.records
    assert (len(record), record.temperature, record.lead) == (512, None, None)
    assert content.warnings == (
        "The header says 460 degC, which is a sensor that was not connected: no temperature is taken.",
    )


def test_the_real_recovery_after_saturation(real_data: Path) -> None:
    """Every decay rises behind its lead, from nothing, and the less, the shorter the spins recovered."""
    content = read(real_data / "nmr" / "jeol" / "7Li_saturation_recovery_25C.jdf")
    assert content.warnings == ()
    recoveries = [one.recovery for one in content.records]
    assert recoveries == pytest.approx([80.0, 41.4358, 21.46157, 11.11596, 5.75749, 2.98207, 1.54456, 0.8])
    size = np.array([np.hypot(one.real, one.imaginary) for one in content.records])
    assert np.all(size[:, :16] < 0.06 * size.max(axis=1)[:, None])
    early = size[:, 20:40].mean(axis=1)
    assert np.all(np.diff(early) < 0.0)
    # From -T1 log(1 - M/M0) of the first six: one T1 of them all within its scatter.
    relaxation = -np.array(recoveries[3:7]) / np.log(1.0 - early[3:7] / early[0])
    assert np.ptp(np.log(relaxation)) < 0.5


@pytest.mark.parametrize("count", [100, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", ["static_40C", "MAS_8kHz", "saturation_recovery_25C"])
def test_mutants_of_real_files(real_data: Path, name: str, count: int) -> None:
    seed = _seed(name, (real_data / "nmr" / "jeol" / f"7Li_{name}.jdf").read_bytes())
    instruments.check(seed, instruments.binary_mutants(seed, count), spectrometers.judge(40, near=0.02), 0.7)
