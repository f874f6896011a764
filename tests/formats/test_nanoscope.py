"""NanoScope's images: made from a formula, damaged, and a real one against what pySPM 0.6.3 reads of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from tests.formats import instruments
from tests.formats.mutator import Mutant, Seed, Verdict

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError, InputError
from lamion.records import AdhesionMap, HeightMap

_HEAD = 4096
_WIDTH, _HEIGHT = 24, 16
_WORTH = 24.576 / 2**32


def integers(width: int = _WIDTH, height: int = _HEIGHT) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    noise = np.random.default_rng(3).normal(0.0, 2e5, (height, width))
    return (6e6 * np.sin(x / 3.0) + 4e5 * y + noise).astype("<i4")


@dataclass
class Image:
    """An image's section, as it is put together; what a test changes of it."""

    name: str = "Height Sensor"
    sensitivity: str = "Sens. ZsensSens"
    lsb: str = "0.00000000572205"
    scale: str = "24.57600 V"
    size: str = "1 0.5 ~m"
    planefit: str = "None"
    values: np.ndarray = field(default_factory=integers)

    def section(self, place: int) -> list[str]:
        return [
            "\\*Ciao image list",
            f"\\Data offset: {place}",
            f"\\Data length: {self.values.nbytes}",
            "\\Bytes/pixel: 4",
            f"\\Samps/line: {self.values.shape[1]}",
            f"\\Number of lines: {self.values.shape[0]}",
            f"\\Scan Size: {self.size}",
            f"\\Offline Planefit: {self.planefit}",
            f'\\@2:Image Data: S [X] "{self.name}"',
            f"\\@2:Z scale: V [{self.sensitivity}] ({self.lsb} V/LSB) {self.scale}",
        ]


def content(*images: Image, extra: tuple[str, ...] = (), tail: bytes = b"") -> bytes:
    lines = ["\\*File list", "\\Version: 0x10000102", f"\\Data length: {_HEAD}", "\\*Scanner list"]
    lines += ["\\@Sens. ZsensSens: V 800.0000 nm/V", "\\@Sens. ForceSens: V 12.50000 nN/V"]
    lines += ["\\@Sens. Error: V 1.000000 ", "\\*Ciao scan list", "\\Scan Size: 1000 nm", *extra]
    place, found = _HEAD, b""
    for one in images:
        lines += one.section(place)
        place += one.values.nbytes
        found += one.values.tobytes()
    text = "\r\n".join([*lines, "\\*File list end", ""]).encode("latin-1") + b"\x1a"
    return text.ljust(_HEAD, b"\0") + found + tail


def parsed(*images: Image, **more):
    return read_raw(RawFile("a.di", content(*images, **more)))


def test_heights_and_adhesion_in_their_units():
    force = Image("Adhesion", "Sens. ForceSens", values=integers() // 2)
    found = parsed(Image(), force, Image("Peak Force Error", "Sens. Error"))
    height, adhesion = found.records
    assert isinstance(height, HeightMap)
    assert isinstance(adhesion, AdhesionMap)
    assert height.raster.values == pytest.approx(integers() * _WORTH * 800e-9)
    assert adhesion.raster.values == pytest.approx((integers() // 2) * _WORTH * 12.5e-9)
    assert (height.raster.step_x, height.raster.step_y) == pytest.approx((1e-6 / _WIDTH, 0.5e-6 / _HEIGHT))
    assert height.channel == "Height Sensor"
    assert any("'Peak Force Error'" in said for said in found.warnings)


def test_two_bytes_a_point():
    small = Image(lsb="0.0003750000", values=(integers() // 2**16).astype("<i2"))
    (height,) = parsed(small).records
    assert height.raster.values == pytest.approx((integers() // 2**16) * (24.576 / 2**16) * 800e-9)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image(lsb="0.0003750000"), "24.576 V over 4294967296 integers"),
        (Image(scale="442.0000 V"), "integers"),
        (Image(sensitivity="Sens. Other"), "one sensitivity"),
        (Image(size="2 2 ~m"), "at most 1e-06 m"),
        (Image(size="1 1"), "one or two lengths"),
        (Image("Phase", "Sens. Error"), "heights or of adhesion"),
        (Image(values=integers(8, 4)), "64 points"),
    ],
)
def test_what_contradicts_itself_is_refused(image, expected):
    with pytest.raises(FileFormatError, match=expected):
        parsed(image)


def test_bytes_behind_the_last_image_are_refused():
    with pytest.raises(FileFormatError, match="3 more bytes"):
        parsed(Image(), tail=b"abc")


def test_what_was_done_to_the_image_is_said():
    assert any("was levelled" in said for said in parsed(Image(planefit="Plane")).warnings)
    values = integers()
    values[10:] = values[9, 0]
    assert any("6 of 16 rows" in said for said in parsed(Image(values=values)).warnings)
    clipped = np.minimum(integers(), 3_000_000).astype("<i4")
    assert any("of its two ends" in said for said in parsed(Image(values=clipped)).warnings)


def judged(seed: Seed, mutant: Mutant) -> Verdict:
    """Hold a mutant against the whole; no trace is left of scales that stand once, nor of a few integers."""
    try:
        found = read_raw(RawFile(seed.name, mutant.content))
    except InputError:
        return Verdict.REFUSED
    except Exception:  # noqa: BLE001  any other exception is what is being looked for
        return Verdict.RAW
    whole = read_raw(RawFile(seed.name, seed.content))
    if set(found.warnings) - set(whole.warnings):
        return Verdict.WARNED
    if [type(one) for one in found.records] != [type(one) for one in whole.records]:
        return Verdict.SILENT
    hidden = False
    for one, other in zip(found.records, whole.records, strict=True):
        for title, values in other.arrays().items():
            seen = one.arrays()[title]
            if seen.shape != values.shape:
                return Verdict.SILENT
            scale = float(np.median(seen[values != 0.0] / values[values != 0.0]))
            changed = np.flatnonzero(~np.isclose(seen, scale * values, rtol=1e-9, atol=1e-16))
            if len(changed) and changed[-1] - changed[0] > 40:
                return Verdict.SILENT
            hidden |= bool(len(changed)) or abs(scale - 1) > 1e-12
    return Verdict.UNDETECTABLE if hidden else Verdict.RIGHT


def seed_of(name: str, whole: bytes) -> Seed:
    return Seed(name, whole.decode("latin-1"), " ", "latin-1")


_SEED = seed_of("own", content(Image(), Image("Adhesion", "Sens. ForceSens")))


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants(count):
    instruments.check(_SEED, instruments.binary_mutants(_SEED, count), judged, undetectable=0.6)


@settings(deadline=None)
@given(instruments.edits(_SEED))
def test_any_content(changed: bytes):
    instruments.reads_or_refuses(changed)


@settings(deadline=None)
@given(instruments.signatures(_SEED, 16))
def test_any_content_behind_a_signature(changed: bytes):
    instruments.reads_or_refuses(changed)


def test_a_real_image(real_data: Path):
    (height,) = read(real_data / "afm" / "di-5.di").records
    values = height.raster.values
    assert values.shape == (512, 512)
    assert (values.min(), values.max()) == pytest.approx((-322.586e-9, -296.910e-9), abs=1e-12)


@pytest.mark.parametrize("count", [60, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants_of_a_real_image(real_data: Path, count):
    seed = seed_of("real", (real_data / "afm" / "di-5.di").read_bytes())
    instruments.check(seed, instruments.binary_mutants(seed, count), judged, undetectable=0.95)
