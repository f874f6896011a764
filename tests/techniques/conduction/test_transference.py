"""Current fractions: the equation itself, the paper's thin film, counted coverage, and whole records."""

import json
from functools import partial

import numpy as np
import pytest

from lamion.quantities import InputError, Quantity
from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.level import LEVEL, LEVEL_95
from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.measurements import CurrentTransient
from lamion.synthetic.polarisation import PolarisedCell, polarisation, spectrum
from lamion.techniques.conduction.current_fraction import Polarisation, ResistancePair, current_fraction
from lamion.techniques.conduction.interfacial_resistance import CellModel, cell_resistances
from lamion.techniques.conduction.newman_number import (
    concentrated,
    fraction_of,
    newman_number,
    transference_number,
    transference_number_from_slope,
)
from lamion.techniques.conduction.polarisation_step import polarisation_step
from lamion.techniques.conduction.steady_current import steady_current
from lamion.techniques.conduction.transference import (
    conditioning,
    transference_from_numbers,
    transference_from_records,
)

# 9 um at 5.62e-4 S/cm is 1.60 ohm cm2; 24.5 ohm cm2 of interfaces; both printed in the paper (25 and 55 degC).
BIAS, INTERFACE, FRACTION = 0.010, 24.5, 0.78
THIN, THICK = 9e-6 / 5.62e-2 * 1e4, 100e-6 / 5.62e-2 * 1e4


def exact(bulk: float, fraction: float = FRACTION) -> Polarisation:
    first, last = BIAS / (bulk + INTERFACE), BIAS / (bulk / fraction + INTERFACE)
    return Polarisation(BIAS, first, last, INTERFACE, INTERFACE)


def quantities(bulk: float, relative: float | None) -> list[Quantity]:
    measured = exact(bulk)
    numbers = [
        (1e3 * BIAS, "mV"),
        (1e3 * measured.initial_current, "mA/cm2"),
        (1e3 * measured.steady_current, "mA/cm2"),
    ]
    numbers += [(INTERFACE, "ohm cm2"), (INTERFACE, "ohm cm2")]
    return [Quantity(v, None if relative is None or u == "mV" else relative * v, u) for v, u in numbers]


class TestTheEquation:
    @pytest.mark.parametrize("bulk", [THIN, THICK])
    @pytest.mark.parametrize("fraction", [0.1, 0.35, 0.78, 1.0])
    def test_it_returns_the_truth(self, bulk, fraction):
        answer = exact(bulk, fraction).pair().ratio
        assert answer == pytest.approx(fraction, rel=1e-4)

    def test_it_is_the_published_form(self):
        v, i0, last, r0, rs = 0.01, 1.1e-4, 0.6e-4, 33.0, 41.0
        published = last * (v - i0 * r0) / (i0 * (v - last * rs))
        assert current_fraction(v, i0, last, r0, rs) == pytest.approx(published, rel=1e-12)

    def test_the_thin_films_conditioning(self):
        """The numbers of the audit: +1 % on R_s, -1 % on I_0, and the bulk in place of the interfaces."""
        shifts = conditioning(exact(1.60))
        assert shifts["steady resistance +1 %"] == pytest.approx(0.886, abs=5e-4)
        assert shifts["initial current -1 %"] == pytest.approx(0.908, abs=1e-3)
        m = exact(1.60)
        assert current_fraction(BIAS, m.initial_current, m.steady_current, 1.6, 1.6) == pytest.approx(0.98, abs=5e-3)

    def test_a_warning_on_the_thin_film_and_none_on_the_thick_one(self):
        thin, thick = (transference_from_numbers(*quantities(bulk, None)) for bulk in (THIN, THICK))
        assert len(thin.warnings) == 1
        assert "ill-conditioned" in thin.warnings[0]
        assert thick.warnings == ()
        assert thin.results["current_fraction"].std is None
        assert thin.results["current_fraction"].interval is None
        assert thin.results["current_fraction"].value == pytest.approx(FRACTION, rel=1e-4)

    def test_bulk_within_the_first_resistance_is_said(self):
        """I_0 R_0 is 99.5 % of 10 mV, known to 1 %."""
        q = partial(Quantity, unit="mA")
        resistances = Quantity(99.5, 1.0, "ohm"), Quantity(120.0, 1.0, "ohm")
        answer = transference_from_numbers(Quantity(10.0, 0.0, "mV"), q(0.1, 0.001), q(0.05, 0.0005), *resistances)
        assert any("the bulk's resistance seems to be counted in R_0" in text for text in answer.warnings)

    def test_with_uncertainties_the_interval_speaks(self):
        answer = transference_from_numbers(*quantities(THIN, 0.01))
        low, high = answer.results["current_fraction"].interval
        assert low == pytest.approx(0.58, abs=0.01)
        assert high == pytest.approx(1.03, abs=0.01)
        assert "only known to lie" in answer.warnings[0]
        assert "current fraction" in answer.notes["label"]
        json.dumps(answer.to_json(), allow_nan=False)

    def test_at_three_percent_the_95_interval_is_open(self):
        answer = transference_from_numbers(*quantities(THIN, 0.03))
        assert answer.notes["interval_95"] == [None, None]
        assert transference_from_numbers(*quantities(THICK, 0.03)).notes["interval_95"][1] is not None


class TestFieller:
    def test_a_certain_denominator_gives_the_normal_interval(self):
        low, high = ResistancePair(1.0, 2.0, 0.01, 0.0, 0.0).interval()
        assert (low, high) == pytest.approx((0.45, 0.55))

    def test_its_ends_solve_its_inequality(self):
        pair = ResistancePair(1.6, 2.05, 0.1, 0.12, 0.05)
        for end in pair.interval(LEVEL_95):
            spread = pair.initial_variance - 2 * end * pair.covariance + end**2 * pair.steady_variance
            assert (pair.initial - end * pair.steady) ** 2 == pytest.approx(1.959964**2 * spread, rel=1e-6)

    def test_an_undetermined_denominator_opens_it(self):
        low, high = ResistancePair(1.0, 0.1, 0.01, 0.04, 0.0).interval()
        assert low > 0
        assert high is None

    def test_nothing_known_is_open_on_both_sides(self):
        assert ResistancePair(0.1, 0.1, 1.0, 1.0, 0.0).interval() == (None, None)

    def test_the_linear_error_agrees_where_it_is_small(self):
        pair = ResistancePair(17.8, 22.8, 0.01, 0.012, 0.002)
        low, high = pair.interval()
        assert (high - low) / 2 == pytest.approx(pair.ratio_error, rel=1e-3)


def covered(bulk: float, noise: float, seeds: int) -> tuple[float, float, int]:
    """Draw the four measured numbers with relative Gaussian noise; count intervals that hold the truth."""
    truth, hits, opened = exact(bulk), np.zeros(2), 0
    values = np.array([truth.initial_current, truth.steady_current, truth.initial_resistance, truth.steady_resistance])
    for seed in range(seeds):
        drawn = values * (1 + noise * np.random.default_rng(seed).standard_normal(4))
        try:
            pair = Polarisation(BIAS, *drawn, 0.0, *(noise * drawn)).pair()
        except InputError:
            opened += 1
            continue
        for place, level in enumerate((LEVEL, LEVEL_95)):
            low, high = pair.interval(level)
            hits[place] += (low is None or low <= FRACTION) and (high is None or high >= FRACTION)
            opened += high is None and level == LEVEL_95
    return hits[0] / seeds, hits[1] / seeds, opened


@pytest.mark.parametrize("noise", [0.005, 0.01])
@pytest.mark.parametrize("bulk", [THIN, THICK], ids=["9 um", "100 um"])
class TestCoverage:
    def test_intervals_cover(self, bulk, noise):
        at_68, at_95, _ = covered(bulk, noise, 400)
        assert at_68 == pytest.approx(LEVEL, abs=0.07)
        assert at_95 == pytest.approx(LEVEL_95, abs=0.035)

    @pytest.mark.slow
    def test_intervals_cover_with_many_seeds(self, bulk, noise):
        at_68, at_95, _ = covered(bulk, noise, 2000)
        assert at_68 == pytest.approx(LEVEL, abs=0.04)
        assert at_95 == pytest.approx(LEVEL_95, abs=0.02)


class TestSteadyCurrent:
    def test_a_flat_end_is_that_of_a_parabola(self):
        """At its end a parabola through n points has three times the error of their mean."""
        t = np.linspace(0, 100, 201)
        rng = np.random.default_rng(1)
        end = steady_current(t, 1e-4 * (1 + 0.01 * rng.standard_normal(201)))
        assert end.steady
        assert abs(end.value - 1e-4) < 3 * end.std
        assert end.std == pytest.approx(3e-6 / np.sqrt(101), rel=0.2)

    @pytest.mark.parametrize("growth", [0.0, 0.05, 0.15])
    @pytest.mark.parametrize("law", [lambda x: x, np.sqrt], ids=["linear", "root"])
    def test_a_growing_interface_is_followed_to_the_end(self, growth, law):
        """R_b 20, R_w 47, R_i 100 ohm and growing: the current beside R_s is that of the last moment."""
        t = np.linspace(1.0, 1500.0, 1500)
        exact = 0.010 / (20 + 100 * (1 + growth * law(t / 1500)) + 46.7 * (1 - np.exp(-t / 60)))
        inside = []
        for seed in range(200):
            noise = 1 + 3e-4 * np.random.default_rng(seed).standard_normal(len(t))
            end = steady_current(t, exact * noise)
            inside.append(abs(end.value - exact[-1]) < end.std)
            assert end.extrapolated or abs(end.value / exact[-1] - 1) < 3e-4
        if law is not np.sqrt:  # a root is no polynomial: 0.03 % is what that leaves
            assert np.mean(inside) == pytest.approx(LEVEL, abs=0.09)

    @pytest.mark.parametrize("tau", [40.0, 100.0, 200.0])
    def test_an_unfinished_decay_is_extrapolated(self, tau):
        t = np.linspace(0, 300, 601)
        rng = np.random.default_rng(2)
        end = steady_current(t, 1e-4 + 4e-5 * np.exp(-t / tau) + 1e-7 * rng.standard_normal(601))
        assert end.extrapolated
        assert abs(end.value - 1e-4) < 3 * end.std

    def test_a_drift_is_reported(self):
        t = np.linspace(0, 100, 201)
        end = steady_current(t, 1e-4 * (1 - 0.002 * t))
        assert not end.steady
        assert end.drift == pytest.approx(-0.002 * 20 / (1 - 0.18), rel=1e-3)
        noisy = 1e-4 * (1 - 0.002 * t + 0.001 * np.random.default_rng(5).standard_normal(201))
        assert abs(steady_current(t, noisy).drift - end.drift) < 3 * steady_current(t, noisy).drift_std

    def test_correlated_noise_widens(self):
        t, rng = np.linspace(0, 100, 2001), np.random.default_rng(3)
        slow = np.repeat(rng.standard_normal(41), 50)[:2001]
        white = 1e-4 * (1 + 0.01 * rng.standard_normal(2001))
        assert steady_current(t, white + 1e-6 * slow).std > 2 * steady_current(t, white).std

    def test_too_few_samples(self):
        with pytest.raises(InputError, match="too few for a steady current"):
            steady_current(np.arange(8.0), np.ones(8))


FREQUENCY = np.geomspace(1e6, 1e-2, 57)
CELLS = {
    "9 um": PolarisedCell(1.60, 24.5, FRACTION, diffusion_time=31.5),
    "100 um": PolarisedCell(17.8, 24.5, FRACTION, diffusion_time=3890.0),
}
TRUE_MODEL = (CellModel(1, diffusion=True, inductance=False),)


class TestInterfaces:
    @pytest.mark.parametrize("name", CELLS)
    def test_exact_spectra_give_exact_resistances(self, name):
        cell = CELLS[name]
        found = cell_resistances(FREQUENCY, cell.impedance(FREQUENCY))
        assert found.bulk == pytest.approx(cell.bulk_resistance, rel=1e-5)
        assert found.interfacial == pytest.approx(cell.interfacial_resistance, rel=1e-5)
        assert found.model.circuit == "R0-p(R1,CPE1)-Ws2"

    def test_two_arcs_and_the_leads(self):
        s = 2j * np.pi * FREQUENCY
        z = 1e-6 * s + 3.0 + 20.0 / (1 + (s * 1e-4) ** 0.9) + 30.0 / (1 + (s * 1e-1) ** 0.85)
        found = cell_resistances(FREQUENCY, z)
        assert (found.bulk, found.interfacial) == pytest.approx((3.0, 50.0), rel=1e-4)
        assert found.model == CellModel(2, diffusion=False, inductance=True)

    def test_a_small_capacitance_is_bulk(self):
        s = 2j * np.pi * FREQUENCY
        z = 5.0 + 1000.0 / (1 + s * 1e-7) + 300.0 / (1 + (s * 1e-2) ** 0.9)
        found = cell_resistances(FREQUENCY, z)
        assert (found.bulk, found.interfacial) == pytest.approx((1005.0, 300.0), rel=1e-3)

    def test_a_blocking_spectrum_is_refused(self):
        s = 2j * np.pi * FREQUENCY
        with pytest.raises(InputError, match="no bulk resistance followed by an interfacial arc"):
            cell_resistances(FREQUENCY, 10.0 + 1 / (1e-5 * s))


def records(cell, seconds, *, dc=0.003, ac=0.003, seed=0, **options):
    time = np.linspace(0, seconds, 601)
    return (
        polarisation(cell, BIAS, time, noise=dc, seed=3 * seed, **options),
        spectrum(cell, FREQUENCY, noise=ac, seed=3 * seed + 1),
        spectrum(cell, FREQUENCY, noise=ac, seed=3 * seed + 2),
    )


class TestStep:
    """A rest of a minute with a current of its own stands before the step."""

    time = np.arange(0.0, 400.0)
    on = time >= 60
    current = np.where(on, 5e-5 + 5e-5 * np.exp(-(time - 60) / 50), 0.0) + 1e-6
    voltage = np.where(on, 0.010, 0.0)

    @pytest.mark.parametrize("seen", [True, False], ids=["by the voltage", "by the current"])
    def test_the_rest_is_found_and_its_current_taken_away(self, seen):
        step = polarisation_step(self.time, self.current, self.voltage if seen else None)
        assert (step.first, step.start, step.rest) == (60, 59.0, 60)
        assert step.offset == pytest.approx(1e-6)

    def test_what_follows_the_step_does_not_count(self):
        off = self.time > 300
        step = polarisation_step(self.time, np.where(off, 0, self.current), np.where(off, 0, self.voltage))
        assert (step.first, step.last) == (60, 301)

    def test_a_record_from_the_step_on_stays_whole(self):
        on = self.on
        assert polarisation_step(self.time[on], self.current[on], self.voltage[on]).whole
        assert polarisation_step(self.time[on], self.current[on]).whole

    def test_the_fraction_is_that_without_the_rest(self):
        cell = CELLS["100 um"]
        dc, before, after = records(cell, 20000.0, dc=0.0, ac=0.0)
        rest = np.arange(-300.0, 0.0, 3.0)
        late = CurrentTransient(
            np.concatenate([rest, dc.time]) + 300.0,
            np.concatenate([0 * rest, dc.current]) + 2e-6,
            np.concatenate([0 * rest, dc.voltage]),
        )
        alone, found = (transference_from_records(one, before, after) for one in (dc, late))
        assert found["current_fraction"].value == pytest.approx(alone["current_fraction"].value, abs=1e-4)
        assert any("are a rest and do not count" in text for text in found.warnings)


class TestRecords:
    @pytest.mark.parametrize("name", CELLS)
    def test_exact_records_give_the_exact_fraction(self, name):
        cell = CELLS[name]
        answer = transference_from_records(*records(cell, 6 * cell.diffusion_time, dc=0.0, ac=0.0))
        assert answer.results["current_fraction"].value == pytest.approx(FRACTION, abs=2e-3)
        assert answer.notes["steady_state"]["verdict"] == "steady"
        json.dumps(answer.to_store(), allow_nan=False)

    def test_a_short_record_is_extrapolated_with_a_warning(self):
        cell = PolarisedCell(17.8, 10.0, 0.2, diffusion_time=3890.0)
        answer = transference_from_records(*records(cell, 800.0, dc=0.001))
        assert answer.notes["steady_state"]["extrapolated"]
        assert any("No steady state is shown" in w for w in answer.warnings)
        assert answer.results["current_fraction"].value == pytest.approx(0.2, abs=0.02)

    def test_a_drifting_interface_is_not_steady(self):
        answer = transference_from_records(*records(CELLS["100 um"], 20000.0, drift=-0.2))
        assert answer.notes["steady_state"]["verdict"] == "not steady"

    def test_a_late_first_sample_is_said(self):
        cell = PolarisedCell(17.8, 10.0, 0.2, diffusion_time=389.0)
        dc, before, after = records(cell, 2000.0)
        late = CurrentTransient(dc.time[30:], dc.current[30:], dc.voltage[30:])
        answer = transference_from_records(late, before, after)
        assert any("diffusion had begun to act" in w for w in answer.warnings)
        assert answer.results["current_fraction"].value == pytest.approx(0.2, abs=0.01)

    def test_signs_and_bias(self):
        dc, before, after = records(CELLS["100 um"], 20000.0, dc=0.0, ac=0.0)
        turned = CurrentTransient(dc.time, -dc.current, -dc.voltage)
        one = transference_from_records(dc, before, after, candidates=TRUE_MODEL)
        other = transference_from_records(turned, before, after, candidates=TRUE_MODEL)
        assert other.results["current_fraction"].value == one.results["current_fraction"].value
        against = CurrentTransient(dc.time, -dc.current, dc.voltage)
        with pytest.raises(InputError, match="flows against"):
            transference_from_records(against, before, after, candidates=TRUE_MODEL)
        bias = Quantity(10.0, None, "mV")
        for voltage, said in ((0 * dc.voltage, "gives a voltage of zero"), (None, "holds no voltage")):
            silent = CurrentTransient(dc.time, dc.current, voltage)
            with pytest.raises(InputError, match=f"{said}, so the bias is not known"):
                transference_from_records(silent, before, after, candidates=TRUE_MODEL)
            given = transference_from_records(silent, before, after, bias=bias, candidates=TRUE_MODEL)
            assert given.results["current_fraction"].value == pytest.approx(FRACTION, abs=2e-3)

    def test_bulk_given_as_interface_is_refused(self):
        dc, before, after = records(CELLS["100 um"], 20000.0)
        shifted = ImpedanceSpectrum(FREQUENCY, after.impedance * 2.5)
        with pytest.raises(InputError, match="nothing is left for the electrolyte"):
            transference_from_records(dc, before, shifted, candidates=TRUE_MODEL)

    @pytest.mark.slow
    @pytest.mark.parametrize("name", CELLS)
    def test_intervals_cover_with_the_true_circuit(self, name):
        """400 seeds of whole records, 0.3 % noise on every sample, the true circuit."""
        cell, hits = CELLS[name], np.zeros(2)
        for seed in range(400):
            drawn = records(cell, 6 * cell.diffusion_time, seed=seed)
            answer = transference_from_records(*drawn, candidates=TRUE_MODEL)
            intervals = (answer.results["current_fraction"].interval, answer.notes["interval_95"])
            for place, (low, high) in enumerate(intervals):
                hits[place] += (low is None or low <= FRACTION) and (high is None or high >= FRACTION)
        assert hits[0] / 400 == pytest.approx(LEVEL, abs=0.07)
        assert hits[1] / 400 == pytest.approx(LEVEL_95, abs=0.035)


class TestConcentrated:
    def test_ideal_dilute_gives_the_transference_number(self):
        plus, minus, c, T = 2e-12, 5e-12, 50.0, 333.15
        kappa = FARADAY**2 * c * (plus + minus) / (GAS * T)
        ambipolar = 2 * plus * minus / (plus + minus)
        ne = newman_number(kappa, ambipolar, c, plus / (plus + minus), 1.0, T)
        assert fraction_of(ne) == pytest.approx(plus / (plus + minus), rel=1e-12)

    @pytest.mark.parametrize("t_plus", [-0.8, 0.0, 0.3, 0.9])
    def test_there_and_back(self, t_plus):
        properties = (0.1, 1e-11, 2000.0)
        rho = fraction_of(newman_number(*properties, t_plus, 2.5, 358.15))
        assert transference_number(rho, *properties, 2.5, 358.15) == pytest.approx(t_plus, abs=1e-12)
        product = (1 - t_plus) * 2.5
        assert transference_number_from_slope(rho, *properties, product, 358.15) == pytest.approx(t_plus, abs=1e-12)

    def test_the_cell_agrees_with_the_newman_number(self):
        """A cell without interfaces settles at I_0/(1 + Ne)."""
        cell = PolarisedCell(10.0, 0.0, fraction_of(2.5), diffusion_time=100.0)
        assert cell.steady_current(0.01) / cell.initial_current(0.01) == pytest.approx(1 / 3.5)

    def test_what_a_user_can_cause(self):
        q = [Quantity(0.2, 0.01, "1"), Quantity(1e-3, None, "S/cm"), Quantity(1e-7, None, "cm2/s")]
        q += [Quantity(2.0, None, "mol/L"), Quantity(85.0, None, "degC")]
        with pytest.raises(InputError, match="and not both"):
            concentrated(*q)
        with pytest.raises(InputError, match="not between 0 and 1"):
            concentrated(Quantity(1.2, 0.3, "1"), *q[1:], thermodynamic_factor=Quantity(2.0, None, "1"))
        open_one = Quantity(0.9, 0.3, "1", interval=(0.6, None))
        answer = concentrated(open_one, *q[1:], thermodynamic_factor=Quantity(2.0, None, "1"))
        assert "understated" in answer.warnings[0]


class TestRefusals:
    @pytest.mark.parametrize(
        ("place", "value", "words"),
        [
            (1, Quantity(0.383, None, "mA"), "units do not fit"),
            (0, Quantity(10.0, None, "mA"), "units do not fit"),
            (0, Quantity(-10.0, None, "mV"), "larger than zero"),
            (2, Quantity(0.0, None, "mA/cm2"), "larger than zero"),
            (3, Quantity(-1.0, None, "ohm cm2"), "is negative"),
            (4, Quantity(27.0, None, "ohm cm2"), "nothing is left for the electrolyte"),
        ],
    )
    def test_numbers(self, place, value, words):
        given = quantities(THIN, None)
        given[place] = value
        with pytest.raises(InputError, match=words):
            transference_from_numbers(*given)

    def test_large_bias_and_a_fraction_above_one_are_said(self):
        given = quantities(THICK, None)
        given[0] = Quantity(50.0, None, "mV")
        given[1], given[2] = (Quantity(5 * q.value, None, q.unit) for q in given[1:3])
        assert any("is large" in w for w in transference_from_numbers(*given).warnings)
        given = quantities(THICK, None)
        given[4] = Quantity(32.0, None, "ohm cm2")
        assert any("outside 0 to 1" in w for w in transference_from_numbers(*given).warnings)
