"""Published spectra of polymer electrolytes: a number or a bound for each, beside a plain reading."""

from __future__ import annotations

import numpy as np

import lamion
from lamion.quantities import Quantity
from lamion.techniques.conduction.conductivity import conductivity

_CLOSES = 0.15
"""-Z'' over Z' at the valley, below which a person calls an arc closed."""


def plain(spectrum):
    """Return Re Z where -Im Z is least between the top of the first arc and the spike, and how deep that is."""
    order = np.argsort(-spectrum.frequency)
    z = spectrum.impedance[order]
    height = -z.imag
    valleys = [
        k
        for k in range(2, len(z) - 2)
        if height[k] == height[k - 2 : k + 3].min()
        and min(height[:k].max(), height[k:].max()) > height[k] + 0.01 * abs(z[k])
    ]
    return (z[valleys[0]].real, height[valleys[0]] / z[valleys[0]].real) if valleys else (None, None)


def test_each_spectrum_gives_a_number_or_a_bound_in_true_words(real_data):
    numbers, bounds, compared = 0, 0, 0
    for file in sorted((real_data / "polymer_electrolytes" / "spectra").iterdir()):
        spectrum = lamion.read(file).records[0]
        read, depth = plain(spectrum)
        lowest = spectrum.impedance[spectrum.frequency.argmin()]
        answer = conductivity([spectrum], Quantity(100, None, "um"), Quantity(1, None, "cm2"))
        found = answer["resistance"]
        if found.interval is not None:
            bounds += 1
            assert read is None, file.name
            assert found.interval == (found.value, None)
            assert 0.9 * abs(lowest) < found.value <= abs(lowest), file.name
            assert answer["conductivity"].at_95 == (0.0, answer["conductivity"].value)
            assert -lowest.imag > 0.3 * lowest.real, file.name
            assert any("does not close" in text and "Measure to lower" in text for text in answer.warnings), file.name
            continue
        numbers += 1
        if read is not None and depth < _CLOSES:
            compared += 1
            assert abs(found.value / read - 1) < 0.15, file.name
    assert (numbers, bounds) == (24, 7)
    assert compared == 13
