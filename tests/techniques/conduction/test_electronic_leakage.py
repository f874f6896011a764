"""Electronic conductivities against Ohm's law and the closed form of Hebb and Wagner."""

import json

import numpy as np
import pytest

from lamion.quantities import InputError, Quantity
from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.level import LEVEL, LEVEL_95
from lamion.records.measurements import CurrentTransient
from lamion.techniques.conduction.electronic_conductivity import (
    electronic_conductivity,
    electronic_conductivity_from_transient,
    electronic_conductivity_raw,
)

L, A, T = 1e-4, 2e-4, 298.15
CELL = (Quantity(100.0, 1.0, "um"), Quantity(2.0, 0.02, "cm2"), Quantity(25.0, None, "degC"))
U = np.linspace(0.05, 0.5, 10)


def wagner(n: float, p: float) -> np.ndarray:
    thermal = GAS * T / FARADAY
    return A / L * thermal * (n * (1 - np.exp(-U / thermal)) + p * (np.exp(U / thermal) - 1))


def test_electrons_saturate_and_both_come_back():
    answer = electronic_conductivity(U, wagner(3e-8, 2e-14), *CELL, cell="hebb-wagner")
    assert answer.results["electron_conductivity"].value == pytest.approx(3e-10, rel=1e-6)
    assert answer.results["hole_conductivity"].value == pytest.approx(2e-16, rel=1e-6)


def test_the_small_voltage_limit_is_ohms_law():
    small = np.linspace(1e-5, 1e-4, 5)
    thermal = GAS * T / FARADAY
    current = A / L * thermal * 4e-8 * (1 - np.exp(-small / thermal))
    ohmic = electronic_conductivity_raw(small, current, L, A, T)
    assert ohmic.conductivity == pytest.approx(4e-8, rel=3e-3)


def test_the_ions_share():
    answer = electronic_conductivity(
        U, 1e-7 * A / L * U, *CELL, std=np.full(10, 1e-10), ionic_conductivity=Quantity(9e-9, 0.0, "S/cm")
    )
    assert answer.results["ionic_transference"].value == pytest.approx(0.9, rel=1e-9)
    assert answer.results["leakage_ratio"].value == pytest.approx(0.1, rel=1e-9)
    relative = answer.results["electronic_conductivity"].std / answer.results["electronic_conductivity"].value
    assert relative >= np.hypot(0.01, 0.01)
    json.dumps(answer.to_store(), allow_nan=False)


def test_nothing_resolved_is_a_limit():
    rng = np.random.default_rng(4)
    answer = electronic_conductivity(U, 1e-11 * rng.standard_normal(10), *CELL, std=np.full(10, 1e-11))
    assert answer.verdict == "no leakage resolved"
    assert answer.notes["upper_limit_95_S_cm"] > 0
    assert "upper limit" in answer.warnings[0]


def test_ions_that_still_move_are_said():
    t = np.linspace(0.0, 600.0, 301)
    moving = CurrentTransient(t, 2e-9 + 1e-7 * np.exp(-t / 300.0), 0.2 + 0 * t)
    answer = electronic_conductivity_from_transient(moving, *CELL[:2])
    assert any("still changes" in w for w in answer.warnings)
    turned = CurrentTransient(t, -moving.current, -moving.voltage)
    other = electronic_conductivity_from_transient(turned, *CELL[:2])
    assert other.results["electronic_conductivity"] == answer.results["electronic_conductivity"]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("cell", ["blocking", "hebb-wagner"])
def test_intervals_cover(known, cell):
    thermal = GAS * T / FARADAY
    low = np.linspace(0.02, 0.2, 10)
    shape = low if cell == "blocking" else thermal * (1 - np.exp(-low / thermal) + 1e-3 * np.expm1(low / thermal))
    truth, noise, hits = 3e-8 * A / L * shape, 3e-10, np.zeros(2)
    expected = 3e-8 if cell == "blocking" else 3e-8 * 1.001
    for seed in range(400):
        drawn = truth + noise * np.random.default_rng(seed).standard_normal(10)
        found = electronic_conductivity_raw(low, drawn, L, A, T, std=np.full(10, noise) if known else None, cell=cell)
        miss = abs(found.conductivity - expected)
        hits += [miss <= found.margin(LEVEL), miss <= found.margin(LEVEL_95)]
    assert hits[0] / 400 == pytest.approx(LEVEL, abs=0.07)
    assert hits[1] / 400 == pytest.approx(LEVEL_95, abs=0.035)


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((U[:3], U[:4], *CELL), {}, "one current"),
        (([0.1], [1e-9], *CELL), {}, "too few"),
        (([0.1, float("nan")], [1e-9, 1e-9], *CELL), {}, "not a finite number"),
        ((U, U, *CELL), {"std": -U}, "not a positive number"),
        ((U, U, *CELL), {"cell": "open"}, "is not known"),
        ((U, U, CELL[1], CELL[1], CELL[2]), {}, "not a positive value of a length"),
        ((U, U, *CELL), {"ionic_conductivity": Quantity(1.0, None, "S")}, "not a positive value of a conductivity"),
    ],
)
def test_what_a_user_can_cause(arguments, options, words):
    with pytest.raises(InputError, match=words):
        electronic_conductivity(*arguments, **options)


def test_a_rest_is_refused():
    t = np.arange(30.0)
    with pytest.raises(InputError, match="voltage is zero"):
        electronic_conductivity_from_transient(CurrentTransient(t, t, 0 * t), *CELL[:2])
    with pytest.raises(InputError, match="holds no voltage"):
        electronic_conductivity_from_transient(CurrentTransient(t, t), *CELL[:2])
