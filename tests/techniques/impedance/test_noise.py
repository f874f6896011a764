"""Which noise residuals show, and what a spectrum that obeys the relations holds that no cell does."""

from __future__ import annotations

import re

import numpy as np
import pytest

from lamion.records.impedance import ImpedanceSpectrum
from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.noise import noise_of
from lamion.techniques.impedance.validity import validity

FREQUENCY = np.geomspace(1e6, 0.1, 71)
CELL = Circuit.read("R0-p(R1,CPE1)-p(R2,CPE2)")
EXACT = CELL.impedance([20.0, 300.0, 1e-7, 0.9, 500.0, 1e-4, 0.8], FREQUENCY)
KINDS = {"proportional": (0.01, 0.0), "additive": (0.0, 0.5), "mixed": (0.01, 1.0)}


def with_noise(exact, kind, random):
    relative, constant = KINDS[kind]
    normal = random.standard_normal((2, len(exact)))
    return exact + np.hypot(relative * np.abs(exact), constant) * (normal[0] + 1j * normal[1])


@pytest.mark.parametrize("kind", KINDS)
def test_the_noise_is_told(kind):
    random = np.random.default_rng(8)
    found = []
    for _ in range(20):
        noise = noise_of(np.abs(with_noise(EXACT, kind, random) - EXACT) ** 2, np.abs(EXACT))
        found.append(noise.kind)
        relative, constant = KINDS[kind]
        if noise.kind == kind:
            assert noise.relative == pytest.approx(relative, rel=0.5)
            assert noise.constant == pytest.approx(constant, rel=0.5)
    assert found.count(kind) >= 18


def test_no_noise_is_in_proportion_to_everything():
    noise = noise_of(np.zeros(5), np.arange(1.0, 6.0))
    assert (noise.kind, noise.relative, noise.constant, noise.constant_share) == ("proportional", 0.0, 0.0, 0.0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_says_which_noise(kind):
    answer = validity(ImpedanceSpectrum(FREQUENCY, with_noise(EXACT, kind, np.random.default_rng(4))))
    assert answer.verdict == "valid"
    assert answer.notes["noise"]["kind"] == kind
    assert ("ohm at every |Z|" in answer.reason) == (kind != "proportional")


def test_a_cell_is_not_called_unphysical():
    random = np.random.default_rng(9)
    for _ in range(20):
        assert not validity(ImpedanceSpectrum(FREQUENCY, with_noise(EXACT, "proportional", random))).warnings


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (-2j * np.pi * FREQUENCY * 3e-6, r"inductance of -(2\.9|3\.)"),
        (np.full(len(FREQUENCY), -50.0), r"series resistance of -(28|29|30|31)\."),
        (np.full(len(FREQUENCY), 3.0), None),
    ],
)
def test_terms_of_the_wrong_sign_are_named(change, said):
    # Of 200 seeds the tenth alone shows a chance drift of three standard uncertainties.
    z = with_noise(EXACT, "proportional", np.random.default_rng(12)) + change
    warnings = " ".join(validity(ImpedanceSpectrum(FREQUENCY, z)).warnings)
    assert re.search(said, warnings) if said else not warnings


def test_a_series_resistance_above_all_of_the_modulus_is_named():
    """An inductive loop between an electrolyte of 100 ohm and a sum of 20 ohm, one that no arc of a cell makes."""
    loop = 100.0 - 80.0 / (1 + 2j * np.pi * FREQUENCY * 1e-3)
    z = with_noise(loop, "proportional", np.random.default_rng(11))
    below = FREQUENCY < 200.0
    assert "above all of |Z|" in " ".join(validity(ImpedanceSpectrum(FREQUENCY[below], z[below])).warnings)
