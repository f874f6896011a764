"""Li|Cu cells that lose a known share of the lithium."""

from __future__ import annotations

import numpy as np
import pytest

from lamion.quantities import InputError, Quantity
from lamion.records.measurements import CyclingRecord
from lamion.techniques.plating.lithium_efficiency import lithium_efficiency

MA = 1e-3
STEP = 10.0


def record_of(steps, *, first=-1.0):
    """Return the record of steps of (hours, whether the copper is bare at the end); platings and strippings in turn."""
    times, volts, currents, now = [], [], [], 0.0
    for number, (hours, bare) in enumerate(steps):
        t = np.arange(0.0, hours * 3600.0 + STEP / 2, STEP)
        sign = first if number % 2 == 0 else -first
        U = np.full(len(t), 0.03)
        U[-1] = 1.0 if bare else 0.03
        times.append(now + t)
        volts.append(sign * U)
        currents.append(np.full(len(t), sign * MA))
        now += t[-1] + STEP
    return CyclingRecord(np.concatenate(times), np.concatenate(volts), np.concatenate(currents))


RESERVOIR = [(4.0, False), *[(1.0, False)] * 20, (2.5, True)]


def test_reservoir_after_aurbach_and_adams():
    # (n Q_C + Q_S) / (n Q_C + Q_T) with n = 10, Q_C = 1, Q_T = 4, Q_S = 2.5
    answer = lithium_efficiency(record_of(RESERVOIR))
    assert answer["efficiency.reservoir"].value == pytest.approx(12.5 / 14.0, rel=1e-6)
    assert "efficiency.plating_stripping" not in answer
    assert answer.notes["reservoirs"] == [10]


def test_plating_and_stripping_without_the_first():
    answer = lithium_efficiency(record_of([(1.0, False), (0.8, True)] + [(1.0, False), (0.95, True)] * 5))
    assert answer["efficiency.plating_stripping"].value == pytest.approx(0.95, rel=1e-6)
    assert "efficiency.reservoir" not in answer


def test_a_formation_stands_apart_from_the_reservoir():
    answer = lithium_efficiency(record_of([(4.0, False), (3.4, True), *RESERVOIR]))
    assert answer["efficiency.reservoir"].value == pytest.approx(12.5 / 14.0, rel=1e-6)
    assert answer["efficiency.plating_stripping"].value == pytest.approx(0.85, rel=1e-6)
    assert any("forms the copper's surface" in doubt for doubt in answer.warnings)


def test_the_sign_of_the_current_does_not_matter():
    value = lithium_efficiency(record_of(RESERVOIR, first=1.0))["efficiency.reservoir"].value
    assert value == pytest.approx(12.5 / 14.0, rel=1e-6)


def test_the_accuracy_of_the_charges_is_in_the_interval():
    answer = lithium_efficiency(record_of([(1.0, False), (0.9, True)]), accuracy=Quantity("1 %"))
    assert answer["efficiency.plating_stripping"].std == pytest.approx(0.01 * np.hypot(1.0, 0.9), rel=0.02)


def test_a_test_that_never_ends_is_refused():
    with pytest.raises(InputError, match="No stripping reaches its end"):
        lithium_efficiency(record_of(RESERVOIR[:-1]))


def test_more_stripped_than_plated_is_doubted():
    answer = lithium_efficiency(record_of([(1.0, False), (1.1, True)]))
    assert any("More was stripped" in doubt for doubt in answer.warnings)
