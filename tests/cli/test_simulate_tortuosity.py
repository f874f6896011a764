"""`lamion simulate tortuosity` and `lamion read` on segmented images."""

import numpy as np
import pytest
import tifffile


@pytest.fixture
def strip(tmp_path):
    labels = np.zeros((12, 8, 8), np.uint8)
    labels[:, :4, :4] = 1
    tifffile.imwrite(tmp_path / "strip.tif", labels)
    return tmp_path / "strip.tif"


def test_strip(lamion, strip, tmp_path):
    said = lamion("analyze", "tortuosity", strip, "--axis", "z", "--json", "--figure", tmp_path / "a.png")
    results = said.json["results"]
    assert results["tortuosity_factor.z"]["value"] == pytest.approx(1.0)
    assert results["conductivity_ratio.z"]["value"] == pytest.approx(0.25)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_phases_voxels_and_periodic(lamion, strip):
    said = lamion(
        "analyze", "tortuosity", strip, "--phase", "1=1 S/cm", "--phase", "0=0.1 S/cm", "--voxel", "20 nm,10 nm,10 nm",
        "--periodic", "--json",
    )  # fmt: skip
    assert said.json["results"]["conductivity_ratio.z"]["value"] == pytest.approx(0.25 + 0.075)
    assert np.shape(said.json["notes"]["tensor"]) == (3, 3)


def test_nothing_passes(lamion, strip):
    said = lamion("analyze", "tortuosity", strip, "--axis", "x", "--json")
    assert said.json["results"]["conductivity_ratio.x"]["value"] == 0
    assert said.json["series"]["Tortuosity Factor / 1"] == [None]


def test_read_says_what_an_image_is(lamion, strip):
    said = lamion("read", strip, "--json")
    assert said.json["notes"]["format"] == "TIFF stack"
    assert said.json["series"]["Voxels / 1"] == [576.0, 192.0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--phase", "a=1"], "label"),
        (["--phase", "9=1"], "no phase 9"),
        (["--voxel", "1 nm,2 nm"], "2 lengths"),
        (["--phase", "1=1", "--phase", "1=2"], "twice"),
    ],
)
def test_refusals(lamion, strip, words, said):
    refused = lamion("analyze", "tortuosity", strip, *words)
    assert refused.status == 2
    assert said in refused.err


def test_a_plane_says_so_on_the_screen(lamion, tmp_path):
    np.save(tmp_path / "plane.npy", np.random.default_rng(0).integers(0, 4, (30, 30), np.uint8).clip(0, 1))
    said = lamion(
        "analyze", "tortuosity", tmp_path / "plane.npy", "--voxel", "2 nm,1 nm", "--figure", tmp_path / "a.svg"
    )
    assert "those of two dimensions" in " ".join(said.out.split())
    assert "y / drawn voxels" in (tmp_path / "a.svg").read_text()
