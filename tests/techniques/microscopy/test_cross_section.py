"""Thickness of a layer from pictures of known layers."""

from __future__ import annotations

import io

import numpy as np
import pytest
import tifffile
from tests.report.figure_contract import hold

import lamion
from lamion.quantities import InputError
from lamion.synthetic.surfaces import Layer, layer_picture
from lamion.techniques.microscopy.cross_section import Faces, Seen, faces_raw, thickness, thickness_raw

PIXEL = 5e-8
SEEN = Seen((PIXEL, PIXEL))


@pytest.mark.parametrize(("count", "within"), [(60, 0.13), pytest.param(400, 0.07, marks=pytest.mark.slow)])
@pytest.mark.parametrize("layer", [Layer(9e-6, waviness=2e-7), Layer(9e-6, waviness=2e-7, blur=1e-7, turned=0.05)])
def test_the_thickness_is_covered(layer, count, within):
    found = [thickness(layer_picture(layer, PIXEL, (260, 320), [4, k]), SEEN)["thickness"] for k in range(count)]
    assert np.mean([abs(one.value - 9.0) < one.std for one in found]) == pytest.approx(0.683, abs=within)


def test_scale_and_tilt_stand_in_the_uncertainty():
    picture = layer_picture(Layer(9e-6), PIXEL, (320, 240), 1)
    answer = thickness(
        picture, Seen((PIXEL, PIXEL), scale=0.03, tilt=np.radians(10.0), tilt_uncertainty=np.radians(2.0))
    )
    # By hand: 9 um / cos 10 deg; 3 % of it, and its tangent times 2 deg.
    assert answer["thickness"].value == pytest.approx(9.0 / np.cos(np.radians(10.0)), rel=1e-3)
    assert answer["thickness"].std == pytest.approx(np.hypot(0.03 * 9.14, 9.14 * (0.1763 * 0.0349 + 0.0006)), rel=0.03)
    hold(answer.figures["faces"])


def test_a_turned_layer_is_as_thick():
    x = np.arange(50.0)
    tilted = Faces(x, 10.0 + 0.2 * x, 110.0 + 0.2 * x, 50)
    assert thickness_raw(tilted, 1e-7, 1e-7).mean == pytest.approx(1e-5 * np.cos(np.arctan(0.2)), rel=1e-9)


def test_no_layer_is_said():
    noise = np.random.default_rng(1).normal(100.0, 10.0, (200, 200))
    with pytest.raises(InputError, match="faces of a layer"):
        faces_raw(noise)
    with pytest.raises(InputError, match="equally bright"):
        faces_raw(np.full((200, 200), 7.0))


@pytest.fixture
def picture(tmp_path):
    """A picture that stands, with a bar of text, whose scale it does not say."""
    brightness = np.asarray(layer_picture(Layer(9e-6), PIXEL, (320, 240), 1).brightness)
    bar = np.random.default_rng(1).choice([0, 255], (40, 240)).astype(np.uint8)
    file = tmp_path / "sem.tif"
    content = io.BytesIO()
    tifffile.imwrite(content, np.vstack([brightness, bar]), metadata=None)
    file.write_bytes(content.getvalue())
    return file


def test_a_picture_as_the_microscope_saves_it(picture):
    with pytest.raises(InputError, match="--pixel"):
        lamion.analyze.thickness(picture)
    answer = lamion.analyze.thickness(picture, pixel="50 nm", rows="1-320", scale_uncertainty="3 %")
    assert answer["thickness"].value == pytest.approx(9.0, abs=0.01)
    expected = lamion.analyze.thickness(picture, pixel="50 nm", rows="11-320", faces=[60, 260])
    assert expected["thickness"].value == pytest.approx(9.0, abs=0.01)
    turned = tifffile.imread(picture)[:320].T
    tifffile.imwrite(picture, turned, metadata=None)
    assert lamion.analyze.thickness(picture, pixel="50 nm", upright=True)["thickness"].value == pytest.approx(
        9, abs=0.01
    )
    with pytest.raises(InputError, match="Write them like 1-700"):
        lamion.analyze.thickness(picture, pixel="50 nm", rows="1-7000")
    with pytest.raises(InputError, match="two faces"):
        lamion.analyze.thickness(picture, pixel="50 nm", faces=[60])
