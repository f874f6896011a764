"""The level of intervals is stated once: nothing repeats it, and all follows it."""

import ast
import doctest
import math
import re
import subprocess
import sys
from pathlib import Path

import pytest

import lamion
from lamion.quantities import InputError, Quantity
from lamion.quantities.level import LEVEL, LEVEL_95, central_percentiles, coverage_factor, level_text

SOURCE = Path(lamion.__file__).parent
STATED = SOURCE / "quantities" / "level.py"
REPEATS = [LEVEL, (1 + LEVEL) / 2, (1 - LEVEL) / 2]
TEXT = re.compile(r"\b68(\.\d+)?\s?(%|per cent)")


def prose(text):
    """Return a docstring without what its examples print."""
    try:
        return " ".join(part for part in doctest.DocTestParser().parse(text) if isinstance(part, str))
    except ValueError:
        return text


def repeats(source):
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Constant):
            continue
        if isinstance(node.value, float):
            near = any(abs(node.value / scale - level) < 1e-4 for level in REPEATS for scale in (1, 100))
            if near:
                yield node.lineno, node.value
        elif isinstance(node.value, str) and TEXT.search(prose(node.value)):
            yield node.lineno, node.value


def test_what_would_repeat_it_is_found():
    text = "x = 0.6827\ny = [15.865, 84.135]\nz = 0.8413447\nt = f'{x} (68 %)'\nfine = 0.7\n"
    assert sorted(line for line, _ in repeats(text)) == [1, 2, 2, 3, 4]


def test_no_file_repeats_the_level():
    found = {
        f"{path.relative_to(SOURCE)}:{line}": value
        for path in sorted(SOURCE.rglob("*.py"))
        if path != STATED
        for line, value in repeats(path.read_text(encoding="utf-8"))
    }
    assert not found


def test_level_is_one_standard_deviation():
    assert pytest.approx(0.682689492137086, rel=1e-15) == LEVEL
    assert coverage_factor() == 1.0
    assert coverage_factor(LEVEL_95) == pytest.approx(1.959963984540054, rel=1e-14)
    # Table G.2 of the GUM, 68.27 %.
    assert [round(coverage_factor(freedom=n), 2) for n in (1, 2, 5, 10)] == [1.84, 1.32, 1.11, 1.05]
    assert central_percentiles() == pytest.approx((15.865525393145708, 84.13447460685429), rel=1e-14)
    assert Quantity(1.0, None, "V").level == LEVEL
    assert level_text() == "68 %"


CHANGED = """
from lamion.quantities import level
level.LEVEL = 0.9
import numpy as np
from scipy.stats import norm, t
from lamion.techniques.cycling.diffusion_fit import CapacityCurves, _interval
from lamion.models.cells.rate_table import _with_spread
from lamion.numerics.least_squares import fit
from lamion.numerics.profile_interval import profile_interval
from lamion.quantities import InputError, Quantity
from lamion.tasks.design._resolution import central_half_width
from lamion.techniques.conduction.combined_cells import combine_cells
from lamion.techniques.conduction.current_fraction import ResistancePair
from lamion.techniques.impedance import profile
from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.circuit_fits import formal_deviations
from lamion.techniques.impedance.circuit_parameters import _means, _Reading
from lamion.techniques.impedance.fit import fit_circuit
from lamion.techniques.impedance.spectra import gather

k = norm.ppf(0.95)
close = lambda one, other, rel=1e-9: np.testing.assert_allclose(one, other, rtol=rel)
asymmetric = Quantity(0.9, None, "1", interval=(0.7, 1.0))
assert str(asymmetric) == "0.9 (90 %: 0.7 to 1)", str(asymmetric)
assert asymmetric.level == 0.9
close(central_half_width(norm.ppf((np.arange(100_000) + 0.5) / 100_000)), k, 1e-3)
cells = combine_cells(np.array([1.0, 3.0]), np.zeros(2), np.zeros(2))
close(cells.std, t.ppf(0.95, 1) * np.sqrt(2) / np.sqrt(2))
readings = [_Reading("", {"x": Quantity(v, 0.0, "ohm")}, (), (), np.zeros((1, 1)), None) for v in (1.0, 3.0)]
close(_means(readings)["x"].std, t.ppf(0.95, 1))
low, high = ResistancePair(1.0, 2.0, 1e-8, 0.0, 0.0).interval()
close([low, high], [0.5 - k * 0.5e-4, 0.5 + k * 0.5e-4])
x = np.linspace(-1.0, 1.0, 21)
line = lambda p: (p[0] + p[1] * x - np.exp(x)) / 0.1
best = fit(line, [1.0, 1.0], absolute_weights=True)
found = profile_interval(line, best, 1, 10.0)
close((found.high - found.low) / 2, k * best.standard_errors[1], 0.02)
circuit, f = Circuit.read("R0-C1"), np.geomspace(1e4, 1.0, 30)
fits = fit_circuit(circuit, gather(f, (1 + 0.01 * np.cos(np.arange(30) * 7.0)) * circuit.impedance([10.0, 1e-4], f)))
found = profile.circuit_profile_interval(fits, 0, "R0")
close((found.high - found.low) / 2, k * fits.values[0, 0] * formal_deviations(fits, 0)[0], 0.05)
# Capacities on a parabola of the exponent, two above and two below by one: S = 4 (1 + e^2).
e = np.linspace(-3.0, 3.0, 61)
curves = CapacityCurves(e, np.stack([e + s for s in (1.0, -1.0, 1.0, -1.0)], axis=1))
low, high = _interval(curves, 0.0, np.zeros(4), np.full(4, True))
close([-low, high], t.ppf(0.95, 3) / np.sqrt(3), 1e-6)
close(_with_spread(10.0, [{-1.0: -1.0, 1.0: 2.0}], 1.0, "V").interval, [10 - k, 10 + 2 * k])
"""


def test_all_follows_the_level():
    done = subprocess.run([sys.executable, "-c", CHANGED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_level_is_that_of_the_error_function():
    assert math.erf(1 / math.sqrt(2)) == LEVEL


@pytest.mark.parametrize("ends", [(0.0, math.inf), (math.nan, 1.0), (2.0, 1.0), (0.0, 1.0, 2.0)])
def test_an_interval_has_two_ends_that_are_numbers_or_open(ends):
    with pytest.raises(InputError, match="is no interval"):
        Quantity(1.0, None, "m", interval=ends)
