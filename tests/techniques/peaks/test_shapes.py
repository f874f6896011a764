"""Line shapes: unit area, unit width, slopes; Voigt beside the convolution itself."""

import numpy as np
import pytest

from lamion.quantities import InputError
from lamion.techniques.peaks.shapes import SHAPES, Shape, shape_named, voigt

T = np.linspace(-4.0, 4.0, 801)[None]


def middle(shape: Shape) -> list[np.ndarray]:
    return [
        np.array([[0.5 * extra.low + 0.5 * extra.high if extra.name == "mixing" else 0.2]]) for extra in shape.extras
    ]


@pytest.mark.parametrize("name", [shape.name for shape in SHAPES.values() if shape.centred])
def test_a_shape_has_unit_area_and_unit_width(name: str):
    shape = SHAPES[name]
    t = np.linspace(-2000.0, 2000.0, 4_000_001)[None]
    assert np.trapezoid(shape.profile(t, *middle(shape))[0], t[0]) == pytest.approx(1.0, abs=4e-4)
    fine = np.linspace(-3.0, 3.0, 600_001)[None]
    profile = shape.profile(fine, *middle(shape))[0]
    above = fine[0][profile >= profile.max() / 2]
    assert np.ptp(above) == pytest.approx(1.0, abs=5e-4)


def test_a_metals_line_has_unit_area_within_ten_widths_and_leans_to_larger_abscissae():
    t = np.linspace(-10.0, 10.0, 200_001)[None]
    profile = SHAPES["doniach-sunjic"].profile(t, np.array([[0.3]]))[0]
    assert np.trapezoid(profile, t[0]) == pytest.approx(1.0, rel=1e-5)
    assert profile[t[0] > 1.0].sum() > 2 * profile[t[0] < -1.0].sum()
    at = SHAPES["doniach-sunjic"].maximum(0.3)
    assert at == pytest.approx(t[0][np.argmax(profile)], abs=1e-3)


def test_an_asymmetric_lorentzian_has_unit_area_and_leans_to_its_lower_power():
    line = SHAPES["asymmetric-lorentzian"]
    t = np.linspace(-40.0, 40.0, 80_001)[None]
    own = [np.array([[value]]) for value in (0.6, 8.0, 0.8, 9.0)]
    profile = line.profile(t, *own)[0]
    assert np.trapezoid(profile, t[0]) == pytest.approx(1.0, rel=1e-4)
    assert line.maximum(0.6, 8.0, 0.8, 9.0) == pytest.approx(t[0][np.argmax(profile)], abs=0.01)
    # Of equal powers, hardly broadened or damped: the Lorentzian of half the width, between them the tail of the low.
    sharp = [np.array([[value]]) for value in (1.0, 1.0, 0.02, 30.0)]
    even = line.profile(t, *sharp)[0]
    assert np.interp(0.25, t[0], even) / even.max() == pytest.approx(0.5, abs=0.01)
    assert np.interp(-2.0, t[0], even) == pytest.approx(np.interp(2.0, t[0], even), rel=0.02)


@pytest.mark.parametrize("name", list(SHAPES))
def test_slopes_are_the_differences_of_the_profile(name: str):
    shape = SHAPES[name]
    extras = middle(shape)
    away = T[np.abs(T) > 0.02][None]  # a split shape has a kink at its centre
    by_hand = Shape(name, shape.profile, shape.extras).with_slopes(away, *extras)
    for own, other in zip(shape.with_slopes(away, *extras), by_hand, strict=True):
        assert own == pytest.approx(other, abs=1e-7)


def test_a_voigt_profile_is_the_convolution():
    width_l = 0.4
    width_g = np.sqrt((1 - 0.5346 * width_l) ** 2 - 0.2166 * width_l**2)
    u = np.linspace(-60.0, 60.0, 240_001)
    gauss = np.exp(-4 * np.log(2) * (u / width_g) ** 2)
    gauss /= np.trapezoid(gauss, u)
    at = np.array([0.0, 0.3, 1.0, 2.5])
    expected = [np.trapezoid(gauss * 2 / np.pi / width_l / (1 + 4 * ((one - u) / width_l) ** 2), u) for one in at]
    assert voigt(at[None], np.array([[width_l]]))[0] == pytest.approx(expected, rel=1e-6)


def test_an_unknown_shape_is_refused_with_those_that_are_known():
    with pytest.raises(InputError, match="gaussian, lorentzian"):
        shape_named("triangle")
