from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import fixtures, instruments
from tests.formats.fixtures import Spectrum
from tests.formats.mutator import Mutant, Seed

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError
from lamion.records import ImpedanceSpectrum

_KINDS = {4: "f8", 24: "f8", 39: "u2", 131: "u2", 13: "f8", 11: "f8", 7: "f8", 468: "u4", 1: "u1", 3: "u1"}
_NUMBERS = (32, 37, 38, 36, 35, 4, 6, 8, 169, 172, 24, 39, 33, 34, 131)


def eclab_module(name: str, content: bytes, version: int) -> bytes:
    """Write a module with the older header for version 3, with the newer one for version 11."""
    names = struct.pack("<6s10s25s", b"MODULE", name.encode().ljust(10), name.encode().ljust(25))
    if version == 3:
        return names + struct.pack("<II8s", len(content), version, b"03/03/21") + content
    return names + struct.pack("<IIII8s", 0xFFFFFFFF, len(content), 0, version, b"03.03.21") + content


def _points(data: Sequence[Spectrum], numbers: Sequence[int]) -> np.ndarray:
    f = np.concatenate([part.frequency for part in data])
    z = np.concatenate([part.impedance for part in data])
    cycle = np.repeat(np.arange(1, len(data) + 1), [len(part.frequency) for part in data])
    known = {32: f, 37: z.real, 38: -z.imag, 36: np.abs(z), 35: np.degrees(np.angle(z)), 24: cycle}
    known[4] = np.cumsum(1.0 + 2.0 / f)
    points = np.zeros(len(f), [(str(number), "<" + _KINDS.get(number, "f4")) for number in numbers])
    for number in numbers:
        points[str(number)] = known.get(number, 11)
    return points


def _data(points: np.ndarray, version: int, numbers: Sequence[int], *, count: int | None = None) -> bytes:
    head = struct.pack("<IB", len(points) if count is None else count, len(numbers)) + (version == 11) * b"\x00"
    head += struct.pack(f"<{len(numbers)}H", *numbers)
    return head.ljust({3: 406, 11: 1007}[version], b"\x00") + points.tobytes()


def _file(
    data: Sequence[Spectrum],
    version: int = 3,
    numbers: Sequence[int] = _NUMBERS,
    *,
    count: int | None = None,
    behind: bytes = b"",
) -> bytes:
    return _container(_data(_points(data, numbers), version, numbers, count=count), version) + behind


def _container(data: bytes, version: int = 3) -> bytes:
    settings_ = eclab_module("VMP Set", bytes([29, 0, 8, 0x4B]) + 300 * b"\x07", version)
    return b"BIO-LOGIC MODULAR FILE\x1a" + 25 * b" " + 4 * b"\x00" + settings_ + eclab_module("VMP data", data, version)


_DATA = fixtures.spectrum()
_LOG = eclab_module("VMP LOG", 200 * b"\x01", 3)
_CONTENT = _file([_DATA], behind=_LOG)


def _seed(name: str, content: bytes) -> Seed:
    return Seed(name, content.decode("latin-1"), " ", "latin-1", witnessed=3e-5)


_SEED = _seed("EC-Lab binary", _CONTENT)


def _read(content: bytes):
    return read_raw(RawFile("cell.mpr", content))


@pytest.mark.parametrize("version", [3, 11])
def test_exact_numbers(version: int) -> None:
    content = _read(_file([_DATA], version))
    (spectrum,) = content.records
    assert content.format == "EC-Lab binary file"
    assert np.array_equal(spectrum.frequency, _DATA.frequency.astype("f4"))
    assert np.array_equal(spectrum.impedance.real, _DATA.impedance.real.astype("f4"))
    assert np.array_equal(spectrum.impedance.imag, _DATA.impedance.imag.astype("f4"))
    assert spectrum.cycle == 1
    assert content.metadata["Technique"] == "Potentio Electrochemical Impedance Spectroscopy"
    assert content.metadata["Date"] == {3: "03/03/21", 11: "03.03.21"}[version]
    assert content.warnings == ()


def test_cycles() -> None:
    content = _read(_file([_DATA, fixtures.spectrum(900.0)]))
    assert [(record.cycle, len(record)) for record in content.records] == [(1, 36), (2, 36)]


def test_columns_in_another_order_and_flags() -> None:
    content = _read(_file([_DATA], numbers=_NUMBERS[::-1]))
    assert np.array_equal(content.records[0].impedance, _read(_CONTENT).records[0].impedance)


def test_points_that_the_instrument_flags_do_not_count() -> None:
    numbers = [3, *_NUMBERS]
    points = _points([_DATA], numbers)
    points["3"] = 0
    points["3"][[0, 7]] = 0x08
    content = _read(_container(_data(points, 3, numbers)))
    (spectrum,) = content.records
    assert isinstance(spectrum, ImpedanceSpectrum)
    assert [point.number for point in spectrum.left_out] == [1, 8]
    assert spectrum.columns()["Point / 1"][:7] == [2, 3, 4, 5, 6, 7, 9]
    assert any("flagged points 1 (" in warning for warning in content.warnings)


def test_an_unknown_column() -> None:
    content = _read(_file([_DATA], numbers=(*_NUMBERS[:5], 505, *_NUMBERS[5:])))
    assert np.array_equal(content.records[0].impedance, _read(_CONTENT).records[0].impedance)
    assert content.warnings == ("The column of number 505 is unknown to lamion; it was passed over.",)


def test_two_unknown_columns() -> None:
    with pytest.raises(FileFormatError) as caught:
        _read(_file([_DATA], numbers=(*_NUMBERS[:5], 505, 506, *_NUMBERS[5:])))
    assert str(caught.value) == (
        "The file cell.mpr, byte 485: expected a column that lamion knows, found column number 505. Export the file "
        "as text (.mpt) from EC-Lab; lamion reads that."
    )


def test_a_count_that_the_bytes_contradict() -> None:
    with pytest.raises(FileFormatError, match="expected 37 points of 64 bytes, as declared, found 2304 bytes of"):
        _read(_file([_DATA], count=37))
    with pytest.raises(FileFormatError, match="expected 4294967295 points of 64 bytes"):
        _read(_file([_DATA], count=0xFFFFFFFF))


def test_a_length_beyond_the_end() -> None:
    content = bytearray(_CONTENT)
    content[52 + 41 : 52 + 45] = b"\xff\xff\xff\x7f"
    with pytest.raises(FileFormatError, match=r"at most .* bytes in the module, which is where the file ends"):
        _read(bytes(content))


def test_a_version_that_was_never_tried() -> None:
    content = _CONTENT.replace(
        b"VMP data".ljust(25) + struct.pack("<II", 2710, 3), b"VMP data".ljust(25) + struct.pack("<II", 2710, 4)
    )
    with pytest.raises(FileFormatError, match="expected data of version 2 or 3 or 11, found version 4"):
        _read(content)


def test_bytes_behind_the_last_module() -> None:
    with pytest.raises(FileFormatError, match="expected the next module"):
        _read(_CONTENT + 100 * b"\x00")


def test_modulus_and_phase_are_compared() -> None:
    points = _points([_DATA], _NUMBERS)
    points["38"][7] *= -1
    content = _CONTENT[:52] + eclab_module("VMP data", _data(points, 3, _NUMBERS), 3)
    with pytest.raises(FileFormatError, match=r"point 8: expected a phase of .*\(1 of 36 points disagree\)"):
        _read(content)


def test_not_a_number() -> None:
    points = _points([_DATA], _NUMBERS)
    points["32"][7] = np.nan
    content = _CONTENT[:52] + eclab_module("VMP data", _data(points, 3, _NUMBERS), 3)
    with pytest.raises(FileFormatError, match=r"point 8 .*expected a number under 'freq/Hz', found nan"):
        _read(content)


def test_points_that_were_exchanged() -> None:
    points = _points([_DATA], _NUMBERS)
    points[[9, 10]] = points[[10, 9]]
    warnings = _read(_CONTENT[:52] + eclab_module("VMP data", _data(points, 3, _NUMBERS), 3)).warnings
    assert any(warning.startswith("Point 11: the time does not rise") for warning in warnings)
    assert not any("ine 1" in warning for warning in warnings)


def test_real_file_of_the_older_layout(real_data: Path) -> None:
    content = read(real_data / "impedance" / "PEIS-0.mpr")
    (spectrum,) = content.records
    assert len(spectrum) == 60
    assert spectrum.frequency[0] == 10001.0
    assert spectrum.impedance[0] == pytest.approx(5.52131414 - 1.55130708j, rel=1e-8)
    assert spectrum.frequency[-1] == pytest.approx(0.00931322575, rel=1e-8)
    assert spectrum.impedance[-1] == pytest.approx(95.2886353 - 80.3527451j, rel=1e-8)
    assert content.warnings == ()


def test_real_file_of_the_newer_layout_agrees_with_its_export(real_data: Path) -> None:
    (spectrum,) = read(real_data / "impedance" / "PEIS_LPSCl_IonBlocking_-25C.mpr").records
    (text,) = read(real_data / "impedance" / "PEIS_LPSCl_IonBlocking_-25C.txt").records
    assert len(spectrum) == len(text) == 79
    assert spectrum.cycle == text.cycle == 1
    assert (spectrum.frequency[0], spectrum.impedance[0].imag) == (7000018.5, -290.920379638671875)
    for one, other in (
        (spectrum.frequency, text.frequency),
        (spectrum.impedance.real, text.impedance.real),
        (spectrum.impedance.imag, text.impedance.imag),
    ):
        assert np.allclose(one, other, rtol=6e-8, atol=0.0)


class _Modules:
    """A file taken apart, so that a mutation can put it together again without a contradiction of lengths."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.place = content.index(b"MODULEVMP data")
        new = content[self.place + 41 : self.place + 45] == b"\xff\xff\xff\xff"
        self.size_at = self.place + (45 if new else 41)
        self.start = self.place + (65 if new else 57)
        (self.size,) = struct.unpack_from("<I", content, self.size_at)
        self.ids_at, self.points_at = (6, 1007) if new else (5, 406)
        self.count, self.width = struct.unpack_from("<IB", content, self.start)
        self.ids = list(struct.unpack_from(f"<{self.width}H", content, self.start + self.ids_at))
        kinds = [(str(number), "<" + _KINDS.get(number, "f4")) for number in self.ids]
        self.points = np.frombuffer(content, kinds, self.count, self.start + self.points_at)

    def with_points(self, points: np.ndarray, ids: Sequence[int] | None = None) -> bytes:
        head = bytearray(self.content[self.start : self.start + self.points_at])
        struct.pack_into("<I", head, 0, len(points))
        struct.pack_into(f"<{self.width}H", head, self.ids_at, *(ids or self.ids))
        body = bytes(head) + points.tobytes()
        before = bytearray(self.content[: self.start])
        struct.pack_into("<I", before, self.size_at, len(body))
        return bytes(before) + body + self.content[self.start + self.size :]


def eclab_mutants(seed: Seed, count: int, number: int = 2026) -> list[Mutant]:
    rng = np.random.default_rng(number)
    parts = _Modules(seed.content)
    return [_MUTATIONS[k % len(_MUTATIONS)](parts, rng) for k in range(count)]


def _truncate(parts: _Modules, rng: np.random.Generator) -> Mutant:
    return Mutant("truncate", parts.content[: int(rng.integers(1, len(parts.content)))])


def _flip_bit(parts: _Modules, rng: np.random.Generator) -> Mutant:
    content = bytearray(parts.content)
    content[int(rng.integers(len(content)))] ^= 1 << int(rng.integers(8))
    return Mutant("flip a bit", bytes(content))


def _flip_in_data(parts: _Modules, rng: np.random.Generator) -> Mutant:
    content = bytearray(parts.content)
    content[parts.start + int(rng.integers(parts.size))] = int(rng.integers(256))
    return Mutant("change a byte of the data", bytes(content))


def _flip_in_heads(parts: _Modules, rng: np.random.Generator) -> Mutant:
    content = bytearray(parts.content)
    places = [*range(109), *range(parts.place, parts.start + parts.ids_at + 2 * parts.width)]
    content[int(rng.choice(places))] = int(rng.integers(256))
    return Mutant("change a byte of a header", bytes(content))


def _insert(parts: _Modules, rng: np.random.Generator) -> Mutant:
    place = int(rng.integers(len(parts.content)))
    noise = rng.integers(0, 256, int(rng.integers(1, 80)), dtype=np.uint8).tobytes()
    return Mutant("insert noise", parts.content[:place] + noise + parts.content[place:])


def _cut(parts: _Modules, rng: np.random.Generator) -> Mutant:
    place = int(rng.integers(len(parts.content)))
    return Mutant("cut a piece out", parts.content[:place] + parts.content[place + int(rng.integers(1, 80)) :])


def _zeros(parts: _Modules, rng: np.random.Generator) -> Mutant:
    place, length = int(rng.integers(len(parts.content))), int(rng.integers(1, 600))
    rest = parts.content[place + length :]
    return Mutant("write zeros", parts.content[:place] + bytes(len(parts.content) - place - len(rest)) + rest)


def _delete_point(parts: _Modules, rng: np.random.Generator) -> Mutant:
    return Mutant("delete a point", parts.with_points(np.delete(parts.points, rng.integers(parts.count))))


def _repeat_point(parts: _Modules, rng: np.random.Generator) -> Mutant:
    place = int(rng.integers(parts.count))
    order = np.insert(np.arange(parts.count), int(rng.choice([place, parts.count])), place)
    return Mutant("repeat a point", parts.with_points(parts.points[order]))


def _exchange_points(parts: _Modules, rng: np.random.Generator) -> Mutant:
    order = np.arange(parts.count)
    one, other = rng.integers(parts.count, size=2)
    order[[one, other]] = order[[other, one]]
    return Mutant("exchange two points", parts.with_points(parts.points[order]))


def _exchange_ids(parts: _Modules, rng: np.random.Generator) -> Mutant:
    ids = list(rng.permutation(parts.ids))
    return Mutant("exchange columns below headers", parts.with_points(parts.points, ids))


def _exchange_columns(parts: _Modules, rng: np.random.Generator) -> Mutant:
    ids = [int(number) for number in rng.permutation(parts.ids)]
    points = np.zeros(parts.count, [(str(number), parts.points.dtype[str(number)]) for number in ids])
    for number in ids:
        points[str(number)] = parts.points[str(number)]
    return Mutant("exchange columns with headers", parts.with_points(points, ids), benign=True)


def _another_module(parts: _Modules, rng: np.random.Generator) -> Mutant:
    module = eclab_module("VMP ExtDev", rng.bytes(int(rng.integers(60))), int(rng.choice([3, 11])))
    place = int(rng.choice([parts.place, len(parts.content)]))
    return Mutant("one module more", parts.content[:place] + module + parts.content[place:], benign=True)


def _other_date(parts: _Modules, rng: np.random.Generator) -> Mutant:
    content = bytearray(parts.content)
    content[parts.start - 8 : parts.start] = str(rng.choice(["31.12.99", "12/31/99"])).encode()
    return Mutant("another date", bytes(content), benign=True)


_MUTATIONS = (
    _truncate,
    _flip_bit,
    _flip_in_data,
    _flip_in_heads,
    _insert,
    _cut,
    _zeros,
    _delete_point,
    _repeat_point,
    _exchange_points,
    _exchange_ids,
    _exchange_columns,
    _another_module,
    _other_date,
)


def test_mutants() -> None:
    instruments.check(_SEED, eclab_mutants(_SEED, 300))


@pytest.mark.slow
def test_many_mutants() -> None:
    instruments.check(_SEED, eclab_mutants(_SEED, 3000, 7))


_REAL = ("PEIS-0.mpr", "PEIS_LPSCl_IonBlocking_-25C.mpr")


@pytest.mark.parametrize("name", _REAL)
def test_mutants_of_real_files(name: str, real_data: Path) -> None:
    seed = _seed(name, (real_data / "impedance" / name).read_bytes())
    instruments.check(seed, eclab_mutants(seed, 300))


@pytest.mark.slow
@pytest.mark.parametrize("name", _REAL)
def test_many_mutants_of_real_files(name: str, real_data: Path) -> None:
    seed = _seed(name, (real_data / "impedance" / name).read_bytes())
    instruments.check(seed, eclab_mutants(seed, 3000, 8))


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=600).map(lambda found: _CONTENT[:52] + found),
        st.binary(max_size=300).map(lambda found: _CONTENT[:52] + eclab_module("VMP data", found, 3)),
        st.binary(min_size=1300, max_size=1400).map(lambda found: _CONTENT[:52] + eclab_module("VMP data", found, 11)),
        st.binary(min_size=64, max_size=64).map(
            lambda found: (
                _CONTENT[:52]
                + eclab_module("VMP data", _data(_points([_DATA], _NUMBERS)[:0], 3, _NUMBERS, count=1) + found, 3)
            )
        ),
        instruments.edits(_SEED),
    )
)
def test_any_bytes_behind_the_signature(content: bytes) -> None:
    instruments.reads_or_refuses(content)
