"""Grey pictures as PNG and TIFF: what Pillow and tifffile write is read back, and damage is refused."""

from __future__ import annotations

import io

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from PIL import Image
from tests.formats import instruments
from tests.formats.mutator import Mutant, Seed, Verdict

import lamion
from lamion.formats import RawFile, read_raw
from lamion.quantities import FileFormatError, InputError
from lamion.records import Micrograph

GREY = np.random.default_rng(4).normal(120.0, 30.0, (40, 60)).clip(0, 255).astype(np.uint8)


def png(pixels=GREY, **options) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", **options)
    return stream.getvalue()


def tiff(pixels=GREY, **options) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, pixels, metadata=None, **options)
    return stream.getvalue()


def picture(content: bytes) -> Micrograph:
    (record,) = read_raw(RawFile("a", content)).records
    assert isinstance(record, Micrograph)
    return record


@pytest.mark.parametrize("pixels", [GREY, GREY.astype(np.uint16) * 200])
def test_grey_pictures_are_read_back(pixels):
    assert np.array_equal(picture(png(pixels)).brightness, pixels)
    assert np.array_equal(picture(tiff(pixels)).brightness, pixels)


def test_the_scale_of_a_print_is_not_that_of_the_object():
    assert picture(png(dpi=(300, 300))).spacing is None
    ours = picture(tiff(resolution=(2e5, 1e5), resolutionunit="CENTIMETER"))
    assert ours.spacing == pytest.approx((1e-7, 5e-8))


def test_colours_are_averaged_and_said():
    colours = np.stack([GREY, GREY // 2, GREY // 3], axis=2)
    found = read_raw(RawFile("a", png(colours)))
    assert found.records[0].brightness == pytest.approx(colours.mean(axis=2))
    assert "coloured" in found.warnings[0]
    grey = read_raw(RawFile("a", png(np.stack([GREY] * 3, axis=2))))
    assert grey.warnings == ()


def test_few_values_of_a_slice_are_labels():
    (record,) = read_raw(RawFile("a", tiff((GREY > 120).astype(np.uint8)))).records
    assert not isinstance(record, Micrograph)


def test_a_picture_is_no_segmented_image(tmp_path):
    file = tmp_path / "grey.tif"
    file.write_bytes(tiff())
    with pytest.raises(InputError, match="Segment it"):
        lamion.analyze.tortuosity(file)


@pytest.mark.parametrize(("content", "said"), [
    (png()[:-20], "chunk"),
    (png() + b"more", "4 more bytes"),
    (png(GREY[:4]), "8 pixels"),
    (png()[:40] + b"\0" + png()[41:], "checksum"),
])  # fmt: skip
def test_damage_is_refused(content, said):
    with pytest.raises(FileFormatError, match=said):
        picture(content)


def judged(seed: Seed, mutant: Mutant) -> Verdict:
    try:
        found = picture(mutant.content).brightness
    except InputError:
        return Verdict.REFUSED
    except Exception:  # noqa: BLE001  any other exception is what is being looked for
        return Verdict.RAW
    return Verdict.RIGHT if np.array_equal(found, GREY) else Verdict.SILENT


_SEED = Seed("png", png().decode("latin-1"), " ", "latin-1")


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants(count):
    instruments.check(_SEED, instruments.binary_mutants(_SEED, count), judged, undetectable=0.0)


@settings(deadline=None)
@given(instruments.signatures(_SEED, 33))
def test_any_content_behind_a_signature(content: bytes):
    instruments.reads_or_refuses(content)
