"""Segmented images: what tifffile and NumPy write is read back, and damage is refused, warned of or harmless."""

from __future__ import annotations

import contextlib
import io
import struct
from collections import Counter

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st

from lamion.formats import RawFile, load, read_raw
from lamion.quantities import FileFormatError, InputError
from lamion.records.voxel_image import VoxelImage

LABELS = (np.random.default_rng(2).random((6, 16, 24)) < 0.4).astype(np.uint8)


def tiff(labels=LABELS, **options) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, labels, **options)
    return stream.getvalue()


def npy(labels=LABELS, **options) -> bytes:
    stream = io.BytesIO()
    np.save(stream, labels, **options)
    return stream.getvalue()


IMAGEJ = {"imagej": True, "resolution": (1e3, 5e2), "metadata": {"spacing": 0.004, "unit": "um", "axes": "ZYX"}}
WRITTEN = {
    "tiff": tiff(),
    "deflated": tiff(compression="zlib"),
    "tiled": tiff(tile=(16, 16)),
    "big": tiff(bigtiff=True),
    "motorola": tiff(LABELS.astype(np.uint16), byteorder=">"),
    "imagej": tiff(**IMAGEJ),
    "npy": npy(),
    "npy of integers": npy(LABELS.astype(np.int64)),
    "npy of booleans": npy(LABELS.astype(bool)),
    "npy in Fortran's order": npy(np.asfortranarray(LABELS)),
}


def image(content: bytes) -> VoxelImage:
    (record,) = read_raw(RawFile("image", content)).records
    assert isinstance(record, VoxelImage)
    return record


@pytest.mark.parametrize("name", WRITTEN)
def test_what_was_written_is_read(name: str) -> None:
    assert np.array_equal(image(WRITTEN[name]).labels, LABELS)
    assert read_raw(RawFile("image", WRITTEN[name])).warnings == ()


def test_imagej_says_how_large_a_voxel_is() -> None:
    assert image(WRITTEN["imagej"]).spacing == pytest.approx((4e-9, 2e-9, 1e-9))


def test_one_slice() -> None:
    assert image(tiff(LABELS[0])).labels.shape == (16, 24)
    assert image(npy(LABELS[0])).labels.shape == (16, 24)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (npy(LABELS.astype(float)), "integer labels"),
        (npy(np.array([{}, 1], dtype=object), allow_pickle=True), "integer labels"),
        (npy(np.array([[{}, 1]], dtype=object), allow_pickle=True), "integer labels"),
        (tiff(LABELS.astype(np.float32)), "integer labels"),
        (tiff(np.zeros((8, 8, 3), np.uint8), photometric="rgb"), "one channel"),
        (npy(np.arange(400).reshape(2, 10, 20)), "400 in number"),
        (npy(np.zeros((0, 3), np.uint8)), "axes with voxels"),
        (npy()[:-1], "bytes of voxels"),
        (npy() + b"0", "bytes of voxels"),
        (tiff()[:1000], "expected 6 pages"),
        (tiff(compression="zlib")[:1000], "(bytes at byte|expected 6 pages|decoded)"),
    ],
)
def test_refusals(content: bytes, said: str) -> None:
    with pytest.raises(FileFormatError, match=said):
        image(content)


def test_a_header_that_declares_a_huge_image_takes_no_memory() -> None:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "|u1", "fortran_order": False, "shape": (10**6, 10**4, 9)})
    with pytest.raises(FileFormatError, match="at most 134217728 voxels"):
        image(stream.getvalue())
    content = bytearray(tiff(LABELS[0]))
    for tag in (256, 257):
        place = content.index(struct.pack("<HH", tag, 4 if struct.pack("<HHI", tag, 4, 1) in content else 3))
        content[place : place + 12] = struct.pack("<HHII", tag, 4, 1, 10**6)
    with pytest.raises(FileFormatError):
        image(bytes(content))


def test_specks_are_pointed_out() -> None:
    labels = LABELS.copy()
    labels[3, 4, 5] = 37
    assert "Phase 37 has 1 of 2304 voxels" in read_raw(RawFile("image", npy(labels))).warnings[0]


def _mutant(content: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(content)
    kind = int(rng.integers(6))
    place = int(rng.integers(len(changed)))
    if kind == 0:
        return content[:place]
    if kind == 1:
        changed[place] ^= 1 << int(rng.integers(8))
    elif kind == 2:
        changed[place] = int(rng.integers(256))
    elif kind == 3:
        changed[place:place] = rng.integers(0, 256, int(rng.integers(1, 30)), dtype=np.uint8).tobytes()
    elif kind == 4:
        del changed[place : place + int(rng.integers(1, 40))]
    else:
        head = int(rng.integers(min(400, len(changed))))
        changed[head] = int(rng.integers(256))
    return bytes(changed)


def _judge(name: str, mutant: bytes) -> str:
    """Say what a reader made of damage; of changed voxels alone a file without checksums holds no evidence."""
    try:
        content = read_raw(RawFile("image", mutant))
    except InputError:
        return "refused"
    (record,) = content.records
    if not isinstance(record, VoxelImage):
        return "silent"
    if record.labels.shape == LABELS.shape:
        changed = int(np.sum(record.labels != LABELS))
        if changed == 0:
            return "right"
        if content.warnings:
            return "warned"
        return "no evidence" if changed <= 64 or len(mutant) == len(WRITTEN[name]) else "silent"
    return "warned" if content.warnings else "silent"


def _check(name: str, count: int) -> None:
    rng = np.random.default_rng(2026)
    verdicts = Counter(_judge(name, _mutant(WRITTEN[name], rng)) for _ in range(count))
    print(name, dict(verdicts))  # noqa: T201
    assert verdicts["silent"] <= 0.001 * count


@pytest.mark.parametrize("name", WRITTEN)
def test_mutants(name: str) -> None:
    _check(name, 300 if name in ("tiff", "npy") else 40)


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITTEN)
def test_many_mutants(name: str) -> None:
    _check(name, 3000)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([b"II*\x00", b"MM\x00*", b"II+\x00", b"\x93NUMPY"]), st.binary(max_size=300))
def test_any_bytes_behind_the_signature(start: bytes, behind: bytes) -> None:
    with contextlib.suppress(InputError):
        assert read_raw(RawFile("image", start + behind)).records


@pytest.mark.parametrize("write", [npy, tiff])
def test_a_volume_is_read_where_it_lies(write, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("lamion.formats.loading.LARGEST_IN_MEMORY", 100)
    path = tmp_path / "volume"
    path.write_bytes(write())
    raw = load(path)
    content = read_raw(raw)
    labels = content.the(VoxelImage).labels
    assert raw._content is None
    assert np.array_equal(labels, LABELS)
    assert not labels.flags.writeable
    assert labels.dtype == np.uint8
    assert content.sha256 == RawFile("image", path.read_bytes()).sha256
    path.write_bytes(write() + b"0")
    with pytest.raises(InputError, match="was changed while it was read"):
        read_raw(raw)


def test_an_image_counts_its_phases() -> None:
    for kind in (np.int8, np.uint16, np.int64, bool):
        labels = LABELS.astype(kind) * (1 if kind is bool else -3 if np.dtype(kind).kind == "i" else 3)
        phases, counts = np.unique(labels, return_counts=True)
        assert VoxelImage(labels).counts == {int(p): int(c) for p, c in zip(phases, counts, strict=True)}
    writable = LABELS.copy()
    record = VoxelImage(writable)
    writable[:] = 9
    assert np.array_equal(record.labels, LABELS)
