"""Li|Li traces: hand-made ones whose answer is known, and the real cell."""

from __future__ import annotations

import numpy as np
import pytest

import lamion
from lamion.quantities import InputError, Quantity
from lamion.records import ImpedanceSpectrum
from lamion.records.measurements import CyclingRecord, MetalSignal, VoltageTransient
from lamion.synthetic.plating import plating_trace
from lamion.techniques.plating.half_cycle import half_cycles
from lamion.techniques.plating.overpotential import overpotential_raw
from lamion.techniques.plating.plating import Conditions, plating
from lamion.techniques.plating.shunt import shunt_raw

HOUR = 3600.0
CM2 = Conditions(area=Quantity("1 cm2"))


def trace(resistance, current, *, hours=8, step=60.0, noise=0.0, seed=1):
    """Return a square wave; resistance and current are functions of the time in hours."""
    t = np.arange(step / 2, hours * HOUR, step)
    sign = np.where((t // HOUR) % 2 == 0, 1.0, -1.0)
    current = sign * np.array([current(x / HOUR) for x in t])
    ohm = np.array([resistance(x / HOUR) for x in t])
    factor = 1 + noise * np.random.default_rng(seed).standard_normal(len(t))
    return CyclingRecord(t, current * ohm * factor, current)


def steps(x):
    """Return a protocol of two half-cycles at 0.2, 0.4 ... mA."""
    return 2e-4 * (1 + x // 2)


class TestHalfCycles:
    def test_rests_are_left_out(self):
        t = np.arange(90.0)
        current = np.repeat([1e-3, 0.0, -1e-3], 30)
        found = half_cycles(CyclingRecord(t, 50 * current, current))
        assert [(c.sign, c.time[0]) for c in found] == [(1, 0.0), (-1, 60.0)]

    def test_the_voltage_says_the_direction_in_spite_of_noise_around_zero(self):
        t = np.arange(400.0)
        rng = np.random.default_rng(1)
        U = np.where(t < 200, 1.0, -1.0) * np.clip(np.abs(t - 200), 0, 40) / 40 * 0.01 + 2e-4 * rng.standard_normal(400)
        found = half_cycles(VoltageTransient(t, U), current=1e-3)
        assert [c.sign for c in found] == [1, -1]
        assert found[1].time[0] == pytest.approx(200, abs=6)

    def test_interruptions_where_no_sign_tells(self):
        t = np.arange(0.0, 4000.0, 10.0)
        U = np.where((t % 1007.0) < 10.0, 0.01, 0.1)
        found = half_cycles(VoltageTransient(t, U), current=1e-3, duration=1000.0)
        assert [c.time[0] for c in found] == [0.0, 1010.0, 2020.0, 3030.0]

    def test_a_current_is_asked_for_once(self):
        with pytest.raises(InputError, match="holds no current"):
            half_cycles(VoltageTransient([0.0, 1.0], [0.1, 0.1]))
        with pytest.raises(InputError, match="another was given"):
            half_cycles(CyclingRecord([0.0, 1.0], [0.1, 0.1], [1e-3, 1e-3]), current=1e-3)


class TestAnswer:
    def test_resistance_per_area_of_cell_and_interface(self):
        under = Conditions(area=Quantity("2 cm2"), electrolyte_resistance=Quantity(10.0, 1.0, "ohm"))
        answer = plating(trace(lambda x: 50.0, lambda x: 1e-3), under)
        assert answer["area_specific_resistance.cell"].value == pytest.approx(100.0)
        interface = answer["area_specific_resistance.interface"]
        assert (interface.value, interface.std) == (pytest.approx(40.0), pytest.approx(1.0))

    def test_directions_that_differ_are_put_together(self):
        answer = plating(trace(lambda x: 40.0 if x // 1 % 2 == 0 else 60.0, lambda x: 1e-3), CM2)
        assert answer["overpotential"].value == pytest.approx(50.0)

    def test_a_short_from_the_first_cycle_cannot_be_told_without_the_electrolyte(self):
        record = trace(lambda x: 5.0, lambda x: 1e-3)
        assert plating(record, CM2).notes["short_from_first_cycle"] == "cannot tell"
        known = Conditions(area=Quantity("1 cm2"), electrolyte_resistance=Quantity(10.0, 0.2, "ohm"))
        answer = plating(record, known)
        assert answer.verdict == "shorted"
        assert "less than its electrolyte" in answer.reason

    def test_two_half_cycles_cannot_tell(self):
        assert plating(trace(lambda x: 5.0, lambda x: 1e-3, hours=2), CM2).verdict == "cannot tell"

    def test_every_half_cycle_is_a_row(self):
        answer = plating(trace(lambda x: 50.0 + x, lambda x: 1e-3), CM2)
        assert answer.series["Half-cycle / 1"] == list(range(1, 9))
        assert answer.series["Plateau / mV"][3] == pytest.approx(53.5, rel=1e-3)

    @pytest.mark.parametrize(("level", "expected"), [(1.0, 0.683), (1.96, 0.95)])
    def test_the_overpotential_covers_the_truth(self, level, expected):
        hits = []
        for seed in range(300):
            record = trace(lambda x: 50.0, lambda x: 1e-3, hours=4, step=90.0, noise=0.02, seed=seed)
            found = plating(record, CM2)["overpotential"]
            hits.append(abs(found.value - 50.0) < level * found.std)
        assert np.mean(hits) == pytest.approx(expected, abs=0.07)


class TestCriticalCurrent:
    def test_between_the_step_that_held_and_the_one_that_shorted(self):
        record = trace(lambda x: 50.0 if x < 15.4 else 2.0, steps, hours=18, noise=0.001)
        answer = plating(record, CM2)
        assert answer.notes["critical_current"] == "[1.4, 1.6) mA/cm2"
        assert answer["critical_current_density"].at_95 == (pytest.approx(1.4), pytest.approx(1.6))
        assert answer.verdict == "hard short"

    def test_more_than_what_was_run(self):
        answer = plating(trace(lambda x: 50.0, steps, hours=14, noise=0.001), CM2)
        assert answer.notes["critical_current"] == "> 1.4 mA/cm2"
        assert answer["critical_current_density"].interval == (pytest.approx(1.4), None)

    def test_a_voltage_that_falls_as_the_current_steps_up(self):
        answer = plating(trace(lambda x: 50.0 if x < 14 else 20.0, steps, hours=18, noise=0.001), CM2)
        assert answer.notes["critical_current"] == "[1.4, 1.6) mA/cm2"

    def test_charge_transfer_that_bends_is_no_short(self):
        def bent(x):
            part = steps(x) * 500.0 / 0.1028
            return 0.1028 * np.arcsinh(part / 2) * 2 / steps(x)

        assert plating(trace(bent, steps, hours=18, noise=0.001), CM2).notes["shorts"] == []

    def test_one_current_has_none(self):
        assert "critical_current_density" not in plating(trace(lambda x: 50.0, lambda x: 1e-3), CM2)

    def test_the_protocol_is_carried_along(self):
        under = Conditions(area=Quantity("1 cm2"), pressure=Quantity("3 MPa"), temperature=Quantity("25 degC"))
        answer = plating(trace(lambda x: 50.0, steps, hours=6), under)
        protocol = answer.notes["protocol"]
        assert protocol["currents_mA"] == pytest.approx([0.2, 0.4, 0.6])
        assert (protocol["pressure"], protocol["area"]) == ("3 MPa", "1 cm2")
        assert protocol["half_cycle_h"] == pytest.approx(1.0, rel=0.02)
        assert not any("pressure" in doubt for doubt in answer.warnings)


class TestShunt:
    frequency = np.geomspace(0.8, 500.0, 9)
    cell = 180.0 + 60.0 / (1 + 1j * frequency / 200.0)

    def noisy(self, impedance, seed):
        rng = np.random.default_rng(seed)
        return impedance * (1 + 2e-3 * (rng.standard_normal(9) + 1j * rng.standard_normal(9)))

    def test_a_path_is_told_from_a_better_cell(self):
        path = shunt_raw(self.frequency, self.noisy(self.cell, 1), self.noisy(1 / (1 / self.cell + 2e-3), 2))
        better = shunt_raw(self.frequency, self.noisy(self.cell, 1), self.noisy(self.cell / 1.4, 2))
        assert path.opens
        assert path.conductance == pytest.approx(2e-3, abs=3 * path.conductance_margin)
        assert not better.opens
        assert better.scaling == pytest.approx(0.4, abs=3 * better.scaling_margin)

    def test_spectra_say_when(self):
        record = trace(lambda x: 240.0, lambda x: 1e-4)
        late = 1 / (1 / self.cell + 2e-3)
        spectra = [ImpedanceSpectrum(self.frequency, self.noisy(self.cell if k < 5 else late, k)) for k in range(8)]
        answer = plating(record, CM2, spectra=spectra)
        assert answer.verdict == "soft short"
        assert answer.notes["paths_open_before_half_cycles"] == [6]
        assert answer["short_time"].interval == (pytest.approx(4.0), pytest.approx(5.0))

    def test_spectra_of_another_cell_are_refused(self):
        one = ImpedanceSpectrum(self.frequency, self.cell)
        with pytest.raises(InputError, match="3 spectra stand beside 8 half-cycles"):
            plating(trace(lambda x: 240.0, lambda x: 1e-4), CM2, spectra=[one] * 3)


def test_what_the_directions_of_a_synthetic_cell_show():
    steady = plating_trace("steady", 5)
    read = [overpotential_raw(one) for one in half_cycles(steady.record)]
    assert 0.009 < np.mean([one.plateau for one in read]) < 0.25
    assert all(one.peak >= one.plateau for one in read)


def test_the_real_cell(real_data):
    folder = real_data / "plating"
    record = lamion.read(folder / "LiLi_TEGDME_voltage.txt").records[0]
    spectra = lamion.read(folder / "LiLi_TEGDME_GEIS.mpr").records
    nmr = lamion.read(folder / "LiLi_TEGDME_7Li_metal.txt", columns="time=1 s,metalsignal=3", record="metal").records[0]
    assert isinstance(nmr, MetalSignal)
    under = Conditions(current=Quantity("0.4 mA"), half_cycle=Quantity("1 h"))
    answer = plating(record, under, spectra=spectra, metal=nmr)
    starts = np.array((folder / "LiLi_TEGDME_loops.txt").read_text().split()[4:], dtype=int)
    assert len(starts) == answer.notes["half_cycles"] == 45
    assert np.allclose(answer.series["Start / h"], (record.time[starts] - record.time[0]) / HOUR, atol=0.002)
    ohm, Z = (np.array(answer.series[name]) for name in ("Resistance / ohm", "Re Z before / ohm"))
    assert (ohm[20], ohm[24]) == (pytest.approx(320, abs=10), pytest.approx(141, abs=10))
    assert (Z[23], Z[24]) == (pytest.approx(223, abs=1), pytest.approx(129, abs=1))
    assert answer.verdict == "soft short"
    assert answer.notes["paths_open_before_half_cycles"][0] == 25
    assert answer["short_time"].interval == (pytest.approx(23.05, abs=0.01), pytest.approx(24.05, abs=0.01))
    assert "metal's signal grew" in answer.reason
    assert any("one sign" in doubt for doubt in answer.warnings)
    assert any("do not tell the electrolyte" in doubt for doubt in answer.warnings)
    assert "area_specific_resistance.cell" not in answer
