"""GITT and interruption against particles solved by finite volumes, and against their own stated uncertainty."""

import math

import numpy as np
import pytest
from tests.engines.particle import VolumeParticle

from lamion.models.cells.particle_diffusion import LAYER, SPHERE
from lamion.quantities import InputError, Quantity
from lamion.quantities.level import LEVEL
from lamion.records.measurements import CyclingRecord
from lamion.synthetic.titration import (
    HalfCell,
    Step,
    curved,
    gitt_programme,
    ici_programme,
    straight,
    titration,
)
from lamion.techniques.cycling.constant_currents import stretches
from lamion.techniques.cycling.gitt import gitt, gitt_raw
from lamion.techniques.cycling.interruption import ici, ici_raw

TIME = 1e4
BOTH = pytest.mark.parametrize("particle", [SPHERE, LAYER], ids=lambda one: one.name)
CURVES = pytest.mark.parametrize("potential", [straight, curved])
LENGTHS = pytest.mark.parametrize(("length", "count"), [(0.002, 40), (0.01, 20), (0.05, 10)])


def simulated(particle, programme, potential, resistance=5.0, capacity=10.0):
    """Solve a programme by finite volumes, all its steps with equal numbers of samples."""
    points = programme[0].points
    currents, lasts = [step.current for step in programme], [step.duration for step in programme]
    surface = np.concatenate(VolumeParticle(particle.dimension, TIME).surface(currents, lasts, points))
    begins = np.cumsum([0.0, *lasts[:-1]])
    time = np.concatenate([b + d * np.arange(1, points + 1) / points for b, d in zip(begins, lasts, strict=True)])
    current = np.repeat(currents, points)
    return CyclingRecord(time, potential(0.2 + surface / capacity) + resistance * current, current)


@BOTH
@CURVES
@LENGTHS
def test_gitt_is_within_five_percent_of_a_simulated_particle(particle, potential, length, count):
    programme = gitt_programme(0.3 / count * 10 / (length * TIME), length * TIME, TIME, count, points=60)
    record = simulated(particle, programme, potential)
    pulses = gitt_raw(record.time, record.voltage, record.current, particle).pulses
    inside = [one.diffusion.time / TIME for one in pulses if one.diffusion.beyond == 0]
    assert len(inside) > count / 4
    assert inside == pytest.approx([1.0] * len(inside), rel=0.05)
    if potential is straight:
        assert [one.diffusion.time / TIME for one in pulses] == pytest.approx([1.0] * count, rel=0.05)


@BOTH
@CURVES
def test_interruptions_are_within_five_percent_of_a_simulated_particle(particle, potential):
    record = simulated(particle, ici_programme(5e-4, 300.0, 10.0, 20, points=60), potential)
    found = ici_raw(record.time, record.voltage, record.current, particle).readings
    assert [one.diffusion.time / TIME for one in found] == pytest.approx([1.0] * 20, rel=0.05)
    assert np.median([one.resistance for one in found]) == pytest.approx(5.0, rel=0.01)


def test_a_line_in_the_root_of_time_is_right_for_a_short_pulse_alone():
    def ratio(length):
        programme = gitt_programme(0.02 * 10 / (length * TIME), length * TIME, TIME, 3, points=60)
        record = titration(HalfCell(LAYER, TIME, 10.0), programme)
        return gitt_raw(record.time, record.voltage, record.current, LAYER).pulses[0].diffusion.plain / TIME

    assert ratio(0.002) == pytest.approx(1.0, abs=0.01)
    assert ratio(1.0) > 1.4


@BOTH
def test_an_unrelaxed_rest_is_counted_said_and_in_the_interval(particle):
    record = titration(HalfCell(particle, TIME, 10.0), gitt_programme(5e-4, 500.0, 600.0, 12), noise=1e-5, seed=1)
    answer = gitt(record, particle, Quantity("1 um"))
    assert answer["diffusivity"].value == pytest.approx(1e-8 / TIME, rel=0.02)
    assert answer["diffusivity"].std / answer["diffusivity"].value > 0.1
    assert any("before the voltage has settled" in text for text in answer.warnings)


def test_an_interface_that_charges_is_no_diffusion():
    cell = HalfCell(SPHERE, TIME, 10.0, ohmic=10.0, kinetic=20.0, kinetic_time=4.0)
    record = titration(cell, gitt_programme(1e-3, 200.0, TIME, 4, points=200), noise=1e-6, seed=1)
    pulse = gitt_raw(record.time, record.voltage, record.current, SPHERE).pulses[1]
    assert pulse.diffusion.time == pytest.approx(TIME, rel=0.02)
    assert pulse.resistance == pytest.approx(30.0, rel=0.01)
    assert pulse.ohmic == pytest.approx(10 + 20 * (1 - math.exp(-1 / 4)), rel=0.01)
    assert pulse.diffusion.start > 8.0


def _hits(readings, ohmic):
    return [
        [
            abs(math.log(one.diffusion.time / TIME)) < one.diffusion.log_std,
            abs(one.resistance - ohmic) < one.resistance_std,
            abs(one.ohmic - ohmic) < one.ohmic_std,
        ]
        for one in readings
        if one.diffusion.beyond == 0
    ]


def _covered(particle, seeds, noise):
    cell = HalfCell(particle, TIME, 10.0, ohmic=5.0)
    programme = gitt_programme(8e-4, 500.0, 1.5 * TIME, 10)
    records = [titration(cell, programme, noise=noise, seed=seed) for seed in range(seeds)]
    every = [gitt_raw(one.time, one.voltage, one.current, particle).pulses for one in records]
    return np.mean([hit for pulses in every for hit in _hits(pulses, cell.ohmic)], axis=0)


def test_intervals_of_pulses_cover():
    """400 pulses of relaxed rests: ln D, the whole jump and the ohmic one."""
    assert _covered(SPHERE, 50, 1e-4) == pytest.approx(LEVEL, abs=0.07)


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("noise", [1e-5, 1e-4])
def test_intervals_of_pulses_cover_with_many_seeds(particle, noise):
    assert _covered(particle, 250, noise) == pytest.approx(LEVEL, abs=0.04)


def _covered_by_interruptions(particle, seeds, noise):
    cell = HalfCell(particle, TIME, 10.0, ohmic=10.0)
    programme = ici_programme(1e-3, 300.0, 10.0, 12)
    records = [titration(cell, programme, noise=noise, seed=seed) for seed in range(seeds)]
    every = [ici_raw(one.time, one.voltage, one.current, particle).readings for one in records]
    return np.mean([hit for readings in every for hit in _hits(readings, cell.ohmic)], axis=0)


def test_intervals_of_interruptions_cover():
    """About 400 interruptions: ln D, the whole jump and the ohmic one."""
    assert _covered_by_interruptions(SPHERE, 37, 1e-5) == pytest.approx(LEVEL, abs=0.07)


@pytest.mark.slow
def test_intervals_of_interruptions_cover_with_many_seeds():
    assert _covered_by_interruptions(SPHERE, 182, 1e-4) == pytest.approx(LEVEL, abs=0.04)


def test_resistances_in_a_layer_are_covered():
    assert _covered_by_interruptions(LAYER, 37, 1e-5)[1:] == pytest.approx(LEVEL, abs=0.07)


@pytest.mark.slow
def test_diffusion_in_a_layer_is_covered():
    assert _covered_by_interruptions(LAYER, 37, 1e-5)[0] == pytest.approx(LEVEL, abs=0.07)


@pytest.mark.parametrize("seed", [27, 29])
def test_a_flat_agreement_of_a_layers_interruptions_is_found(seed):
    """Seeds with which the median alone, which early interruptions tell nothing of, led away from L2/D."""
    cell = HalfCell(LAYER, TIME, 10.0, ohmic=10.0)
    record = titration(cell, ici_programme(1e-3, 300.0, 10.0, 12), noise=1e-5, seed=seed)
    readings = ici_raw(record.time, record.voltage, record.current, LAYER).readings
    assert readings[-1].diffusion.time == pytest.approx(TIME, rel=0.03)


def test_a_layers_interruptions_are_said_to_rest_on_all():
    record = titration(HalfCell(LAYER, TIME, 10.0), ici_programme(1e-3, 300.0, 10.0, 6), noise=1e-6)
    assert any("all interruptions agree on" in text for text in ici(record, LAYER, Quantity("10 um")).warnings)
    assert not any("all interruptions agree on" in text for text in ici(record, SPHERE, Quantity("10 um")).warnings)


def test_a_layer_that_lithium_has_hardly_crossed_is_said():
    short, long = (
        titration(HalfCell(LAYER, TIME, 10.0), ici_programme(1e-3, 300.0, 10.0, count), noise=1e-6, seed=1)
        for count in (6, 12)
    )
    assert any("hardly reached the other side" in text for text in ici(short, LAYER, Quantity("10 um")).warnings)
    assert not any("hardly reached the other side" in text for text in ici(long, LAYER, Quantity("10 um")).warnings)


def test_a_charge_and_a_discharge_have_curves_of_their_own():
    there = gitt_programme(1e-3, 500.0, TIME, 4)
    back = [Step(-step.current, step.duration, step.points) for step in there[1:]]
    record = titration(HalfCell(SPHERE, TIME, 10.0, potential=curved), [*there, *back])
    pulses = gitt_raw(record.time, record.voltage, record.current, SPHERE).pulses
    assert [math.copysign(1, one.current) for one in pulses] == [1, 1, 1, 1, -1, -1, -1, -1]
    inside = [one.diffusion.time / TIME for one in pulses if one.diffusion.beyond == 0]
    assert len(inside) > 3
    assert inside == pytest.approx([1.0] * len(inside), rel=0.05)


def test_the_instruments_own_charge_is_taken():
    t, current = np.arange(6.0), np.array([0.0, 0.0, 2.0, 2.0, 0.0, 0.0])
    found = stretches(t, current, np.array([5.0, 5.0, 7.2, 9.4, 9.4, 9.4]))
    assert found.current.tolist() == pytest.approx([0.0, 2.2, 0.0])
    assert found.passed.tolist() == pytest.approx([0.0, 0.0, 4.4])


def test_a_charge_at_held_voltage_is_no_pulse():
    t = np.arange(0.0, 60.0)
    tapering = np.where((t > 9) & (t < 40), np.exp(-(t - 10) / 10), 0.0)
    with pytest.raises(InputError, match="no pulse"):
        gitt_raw(t, 3.7 + 0.0 * t, tapering, SPHERE)


def test_a_plateau_determines_nothing():
    record = titration(
        HalfCell(SPHERE, TIME, 10.0, potential=lambda x: 3.4 + 0 * x), gitt_programme(1e-3, 200.0, TIME, 4), noise=1e-5
    )
    with pytest.raises(InputError, match="determines a diffusion"):
        gitt(record, SPHERE, Quantity("5 um"))


@pytest.mark.parametrize(
    ("current", "time", "said"),
    [(np.zeros(9), np.arange(9.0), "No current"), (np.ones(9), np.arange(9.0)[::-1], "goes back")],
)
def test_no_titration_is_refused(current, time, said):
    with pytest.raises(InputError, match=said):
        gitt_raw(time, np.full(9, 3.7), current, SPHERE)


def test_one_interruption_is_refused():
    record = titration(HalfCell(SPHERE, TIME, 10.0), ici_programme(1e-3, 300.0, 10.0, 1))
    with pytest.raises(InputError, match="no two interruptions"):
        ici(record, SPHERE, Quantity("5 um"))
