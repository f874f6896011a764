"""Circuits: both notations, refusals, impedance and derivatives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamion.quantities import InputError
from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.elements.element import Frequencies

FREQUENCY = np.geomspace(0.1, 1e5, 13)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("R0-p(R1,CPE1)-CPE2", "R0-p(R1,CPE1)-CPE2"),
        (" R0 - p( R1 , CPE1 ) ", "R0-p(R1,CPE1)"),
        ("R(RQ)Q", "R0-p(R1,CPE1)-CPE2"),
        ("R(RQ)(RQ)Q", "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3"),
        ("LR(Q[R(RQ)])", "L1-R2-p(CPE3,R3-p(R4,CPE4))"),
        ("R(C[RW])", "R0-p(C1,R1-W1)"),
        ("RO", "R0-Ws1"),
        ("p(R1-Wo1,CPE1)", "p(R1-Wo1,CPE1)"),
        ("R1", "R1"),
        ("CPE", "CPE1"),
        ("R-p(R,CPE)", "R0-p(R1,CPE1)"),
        ("p(p(R1,C1),R2)", "p(R1,C1,R2)"),
        ("R0-TLMi1-HN2-G3", "R0-TLMi1-HN2-G3"),
    ],
)
def test_reads(text, read):
    assert str(Circuit.read(text)) == read


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("R0-", "an element was expected"),
        ("R0--R1", "an element was expected"),
        ("R0-p(R1)", "two parts or more"),
        ("R0-p(R1,CPE1", r"'\)' or another part"),
        ("R0-X1", "no element 'X'"),
        ("R0-R0", "two elements called R0"),
        ("R(RQ", r"'\)' or another part"),
        ("R(R[Q)", "']' is missing|expected"),
        ("R0)-R1", "nothing more was expected|cannot stand"),
        ("R0+R1", "cannot stand there"),
        ("__import__('os')", "cannot"),
        ("p(" * 40 + "R1", "nested more than|characters"),
        ("R" * 1000, "longer than"),
    ],
)
def test_refuses(text, why):
    with pytest.raises(InputError, match=why):
        Circuit.read(text)


@given(st.text(alphabet="RCLWQOTGp(),-[]0123 é", max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        circuit = Circuit.read(text)
    except InputError:
        return
    assert str(Circuit.read(str(circuit))) == str(circuit)


def test_nested_impedance():
    circuit = Circuit.read("R0-p(R1-p(R2,C2),C1)")
    assert circuit.names == ("R0", "R1", "R2", "C2", "C1")
    s = 2j * np.pi * FREQUENCY
    inner = 2 + 1 / (1 / 3 + s * 4e-3)
    np.testing.assert_allclose(circuit.impedance([1, 2, 3, 4e-3, 5e-6], FREQUENCY), 1 + 1 / (1 / inner + s * 5e-6))


@pytest.mark.parametrize(
    "text", ["R0-p(R1,CPE1)-p(R2,CPE2)-CPE3", "L0-R0-p(R1-Wo1,CPE1)-TLMe2", "p(R1-p(R2-G2,C2),C1)"]
)
def test_derivatives_agree_with_differences(text):
    circuit = Circuit.read(text)
    random = np.random.default_rng(3)
    plain = np.array([p.exponent for p in circuit.parameters])
    values = np.where(plain, random.uniform(0.6, 0.95, (2, len(plain))), 10 ** random.uniform(-2, 1, (2, len(plain))))
    impedance, derivatives = circuit.response(values, Frequencies.of(FREQUENCY))
    for place, exponent in enumerate(plain):
        ends = []
        for step in (1e-6, -1e-6):
            moved = values.copy()
            moved[:, place] += step if exponent else moved[:, place] * step
            ends.append(circuit.impedance(moved, FREQUENCY))
        error = np.abs((ends[0] - ends[1]) / 2e-6 - derivatives[:, place])
        assert np.all(error < 1e-7 * np.abs(impedance) + 1e-4 * np.abs(derivatives[:, place]))


def test_values_by_name():
    circuit = Circuit.read("R0-C1")
    np.testing.assert_array_equal(circuit.values({"C1": 2.0, "R0": 1.0}), [1.0, 2.0])
    with pytest.raises(InputError, match="C2 does not fit"):
        circuit.values({"R0": 1.0, "C1": 1.0, "C2": 1.0})
