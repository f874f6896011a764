from __future__ import annotations

import numpy as np
import pytest
from tests.formats import fixtures

from lamion.formats.plausibility import oddities
from lamion.records import ImpedanceSpectrum


def _oddities(frequency: object, impedance: object) -> list[str]:
    spectrum = ImpedanceSpectrum(frequency, impedance)
    return list(oddities(spectrum, np.arange(10, 10 + len(spectrum))))


def _changed(position: int, *, frequency: float = 1.0, impedance: complex = 1.0) -> list[str]:
    data = fixtures.spectrum()
    f, z = data.frequency.copy(), data.impedance.copy()
    f[position] *= frequency
    z[position] *= impedance
    return _oddities(f, z)


def test_nothing_odd() -> None:
    assert _changed(0) == []


def test_one_point() -> None:
    assert _oddities([1.0], [1.0]) == ["The sweep that begins on line 10 has fewer than three points."]


@pytest.mark.parametrize("factor", [10.0, 0.1, -1.0])
def test_an_outlier(factor: float) -> None:
    assert "Line 15: the impedance is far from its neighbours." in _changed(5, impedance=factor)


@pytest.mark.parametrize("position", [0, -1])
def test_an_outlier_at_an_end(position: int) -> None:
    assert any("the impedance is far from its neighbours" in text for text in _changed(position, impedance=1e6))


def test_a_frequency_out_of_order() -> None:
    (turned, *_) = _changed(5, frequency=10.0)
    assert turned == ("Line 15: the frequency turns back, so the file may hold several sweeps or a changed number.")


def test_a_repeated_frequency() -> None:
    data = fixtures.spectrum()
    f = data.frequency.copy()
    f[5] = f[4]
    assert "Line 15: the frequency of the line above is repeated." in _oddities(f, data.impedance)


def test_a_missing_point() -> None:
    data = fixtures.spectrum()
    found = _oddities(np.delete(data.frequency, 5), np.delete(data.impedance, 5))
    assert found == ["Line 15: the step in frequency differs from the others, so a point may be missing or changed."]


def test_evenly_spaced_by_differences() -> None:
    f = np.linspace(100.0, 1000.0, 19)
    assert _oddities(f, 10.0 + 1.0 / f - 1e3j / f) == []


def test_several_densities_are_not_odd() -> None:
    f = np.concatenate([np.logspace(6, 3.1, 30), np.logspace(3, -1, 9)])
    assert _oddities(f, 10.0 + 1.0 / f - 1j / f**0.1) == []


def test_impossible_magnitudes() -> None:
    assert "Line 10 and 2 more: a frequency or an impedance is beyond what instruments measure." in _oddities(
        [1e12, 1e11, 2e10], [1.0, 1.0, 1.0]
    )


def test_signs() -> None:
    assert _oddities([100.0, 10.0, 1.0], [-1.0 + 1j, -0.9 + 1.1j, 1.0 + 1.2j]) == [
        "The real part is negative at 2 of 3 points, which no passive sample shows.",
        "The imaginary part is positive, as of an inductor, at 3 of 3 points: the file may hold -Z'' under a "
        "header without the minus sign.",
    ]
