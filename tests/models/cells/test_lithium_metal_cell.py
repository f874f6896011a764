"""Lithium-metal cells: conservation of charge, exact overpotentials, diffusion in closed form, the tables of a paper.

PyBaMM does the solving; what it is given and what is made of its answer is held against formulas that do not need it.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import lamion
from lamion.models.cells.cathodes import cathode, cathodes
from lamion.models.cells.cell_sensitivity import cell_sensitivity
from lamion.models.cells.cell_simulator import CellSimulator, Discharge, Mesh, _failure
from lamion.models.cells.depleted_cell import _bare, bare_film_capacity, depleted_capacities
from lamion.models.cells.discharge_end import discharge_ends, end_notes, end_warnings
from lamion.models.cells.discretisation import Discretisation, discretisation, mesh_warnings
from lamion.models.cells.lithium_metal_cell import LithiumMetalCell, check_cell, scaled_film_conductivity
from lamion.models.cells.open_circuit import TabulatedPotential, content_at
from lamion.models.cells.rate_table import cell_warnings, rate_table
from lamion.models.cells.stated_cell import DEFAULTS, StatedCell
from lamion.quantities import InputError, Quantity, parse
from lamion.techniques.cycling.diffusion_fit import CapacityCurves, companions, fit_diffusion
from lamion.techniques.cycling.fitted_rate_table import fitted_rate_table

MAH_G = 3600.0
EXACT = {
    name: replace(fact, value=1.0 if name.endswith("_spread") else fact.value, std=None)
    for name, fact in cathode("lfp").facts.items()
}
RATES = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
LFP_TABLE = np.array([165.7, 163.6, 160.5, 154.8, 147.2, 142.6]) * MAH_G
NCM_TABLE = np.array([186.7, 182.5, 162.2, 138.8, 117.8, 106.7]) * MAH_G


@pytest.fixture(scope="module")
def simulator():
    pytest.importorskip("pybamm")
    return CellSimulator(Mesh(film=16, cathode=8, particle=16))


def lfp(**changes):
    cell = LithiumMetalCell(
        material=cathode("lfp").at(328.15),
        loading=0.04,
        one_c=6.8,
        lowest=2.5,
        highest=4.0,
        thickness=9e-6,
        conductivity=0.137,
        transference=0.78,
        concentration=960.0,
        temperature=328.15,
        lithium_resistance=24.5e-4,
    )
    return replace(cell, **changes)


def ncm(**changes):
    cell = lfp(material=cathode("NMC622").at(298.15), loading=0.07, one_c=13.0, lowest=2.8, highest=4.3)
    return replace(cell, thickness=10.5e-6, conductivity=0.0528, temperature=298.15, **changes)


def contrast(**changes):
    """LFP|PEO/SN/LiTFSI|Li at 25 degC, 100 um."""
    cell = lfp(material=cathode("lfp").at(298.15), loading=0.07, one_c=12.0, thickness=100e-6, temperature=298.15)
    return replace(cell, conductivity=8.92e-3, lithium_resistance=284e-4, concentration=2000.0, **changes)


def typed_lfp(**changes):
    def q(text, unit):
        return parse(text, unit)

    inputs = StatedCell(
        cathode=cathode("lfp"),
        loading=q("4.0 mg/cm2", "kg/m2"),
        one_c=q("0.68 mA/cm2", "A/m2"),
        window=(q("2.5 V", "V"), q("4.0 V", "V")),
        thickness=q("9 um", "m"),
        conductivity=q("1.37e-3 S/cm", "S/m"),
        transference=q("0.78", "1"),
        concentration=q("0.96 mol/L", "mol/m3"),
        temperature=q("55 degC", "K"),
        porosity=q("0.3", "1"),
        lithium_resistance=q("24.5 ohm cm2", "ohm m2"),
    )
    return replace(inputs, **changes)


def test_a_slow_discharge_gives_all_the_charge_between_the_ends_of_the_window(simulator):
    for cell, theory in ((lfp(), 169.9), (ncm(), 199.0)):
        assert cell.capacity_at_rest / MAH_G == pytest.approx(theory, rel=1e-9)
        assert simulator.discharge(cell, 0.005).capacity == pytest.approx(cell.capacity_at_rest, rel=2e-3)


def test_a_slow_discharge_runs_along_the_open_circuit_potential(simulator):
    cell = ncm()
    charged, discharged = cell.contents
    x = np.linspace(charged, discharged, 2001)
    at_rest = np.trapezoid(cell.material.potential(x), x) / (discharged - charged)
    assert simulator.discharge(cell, 0.005).average_voltage == pytest.approx(at_rest, abs=2e-3)


def test_a_contact_resistance_takes_its_ohmic_share(simulator):
    plain, resisted = (simulator.discharge(lfp(contact_resistance=r), 1.0) for r in (0.0, 50e-4))
    assert plain.middle_voltage - resisted.middle_voltage == pytest.approx(50e-4 * 6.8, abs=3e-4)


def test_solid_diffusion_costs_what_a_sphere_in_closed_form_says(simulator):
    """A sphere under constant flux: the surface leads the mean by (dq/dt) R2/(15 D) once it is quasi-steady."""
    cell = lfp().with_material(diffusion_rate=3e-4)
    for rate in (0.4, 1.0):
        lost = rate * cell.one_c / cell.loading / (15 * 3e-4)
        assert simulator.discharge(cell, rate).capacity == pytest.approx(cell.capacity_at_rest - lost, abs=0.4 * MAH_G)


def test_charging_without_a_hold_leaves_less_to_discharge(simulator):
    cell = lfp().with_material(diffusion_rate=1.2e-4)
    full, held, cc = (simulator.discharge(replace(cell, protocol=p), 1.0).capacity for p in ("full", "cc-cv", "cc"))
    assert cc < held < full
    # On a plateau between two steep ends each half-cycle loses the same again.
    assert cell.capacity_at_rest - cc == pytest.approx(2 * (cell.capacity_at_rest - full), rel=0.03)


def test_the_same_input_gives_the_same_bytes():
    pytest.importorskip("pybamm")
    first, second = (CellSimulator(Mesh(16, 8, 12)).discharge(lfp(), 1.0) for _ in range(2))
    assert first.capacity == second.capacity
    assert first.voltage.tobytes() == second.voltage.tobytes()


def test_one_number_describes_the_printed_tables(simulator):
    """By hand: 1.2e-4 1/s leaves 1.1 mAh/g of the LFP table, 3.3e-5 leaves 3.2 of the NCM622 table."""
    found = fit_diffusion(lfp(), RATES, LFP_TABLE, simulator=simulator)
    assert found.rms / MAH_G < 1.5
    assert found.diffusion_rate == pytest.approx(1.2e-4, rel=0.06)
    assert found.interval[0] < found.diffusion_rate < found.interval[1]
    layered = fit_diffusion(ncm(), RATES, NCM_TABLE, simulator=simulator)
    assert layered.rms / MAH_G < 3.5
    assert layered.diffusion_rate == pytest.approx(3.3e-5, rel=0.06)
    film, capacity = companions(
        [
            ("film halved", lfp(conductivity=0.0685)),
            ("capacity + 3 %", lfp().with_material(saturation=1.03 * lfp().material.saturation)),
        ],
        found,
        RATES,
        LFP_TABLE,
        simulator=simulator,
    )
    assert film.as_good
    assert not capacity.as_good


def test_a_fit_finds_the_diffusion_that_made_the_table(simulator):
    true = lfp().with_material(diffusion_rate=2.5e-4)
    rates = (0.2, 0.5, 1.0)
    table = [d.capacity for d in simulator.discharges(true, rates)]
    found = fit_diffusion(lfp(), rates, table, simulator=simulator)
    assert found.diffusion_rate == pytest.approx(2.5e-4, rel=0.02)


def test_the_interval_of_the_fit_covers_the_truth():
    """Capacities that fall with rate and diffusion as a sphere's do, with noise: no cell has to be solved."""
    from lamion.techniques.cycling.diffusion_fit import _interval

    rates, exponents = np.array(RATES), np.linspace(-4.6, -3.2, 29)
    curves = CapacityCurves(exponents, 170.0 - 170.0 * rates / (15 * 3600 * 10.0 ** exponents[:, None]) * 3.6)
    truth, counted, inside = -3.9, np.ones(6, bool), 0
    for seed in range(400):
        noise = np.random.default_rng(seed).normal(0.0, 1.0, 6)
        table = curves.at(truth) + noise
        low, high = _interval(curves, curves.best(table, counted), table, counted)
        inside += low < truth < high
    assert inside / 400 == pytest.approx(0.683, abs=0.07)


def test_a_film_that_runs_out_of_salt_decides_the_capacity(simulator):
    """By hand, PyBaMM: 9, 12 and 21 mAh/g for t+ 0.2, 0.3, 0.5 at 2 mol/L, and less at 0.8 mol/L."""
    rows = depleted_capacities(contrast(), 1.0, (0.2, 0.3, 0.5), (2000.0, 800.0), simulator=simulator)
    salty, lean = rows[:3], rows[3:]
    for row, by_hand in zip(salty, (9.0, 12.0, 21.0), strict=True):
        assert row.cell / MAH_G == pytest.approx(by_hand, abs=3.0)
    assert all(less.cell < more.cell / 2 for less, more in zip(lean, salty, strict=True))
    # The bare film bounds its own contribution: the time to depletion goes with the salt squared over its diffusion.
    assert bare_film_capacity(contrast(transference=0.3), 1.0) / MAH_G == pytest.approx(9.85, abs=0.1)
    assert bare_film_capacity(lfp(), 1.0) == float("inf")


@pytest.mark.parametrize("mesh", [Mesh(16, 8, 12), Mesh()])
@pytest.mark.parametrize(("transference", "concentration"), [(0.2, 800.0), (0.35, 2000.0)])
def test_a_depleted_cell_on_an_endlessly_fine_mesh_lies_in_the_interval(mesh, transference, concentration):
    pytest.importorskip("pybamm")
    inputs = _exact_contrast(transference, concentration)
    answer = rate_table(inputs, [1.0], uncertainty=False, simulator=CellSimulator(mesh))
    fine = CellSimulator(Mesh(120, 60, 60)).discharge(inputs.cell(), 1.0)
    wanted = {"capacity": fine.capacity / MAH_G, "average_voltage": fine.average_voltage}
    for name, value in {**wanted, "middle_voltage": fine.middle_voltage}.items():
        found = answer.results[f"{name}.1C"]
        assert abs(found.value - value) < 2 * found.std
        assert found.std < 0.1 * value


def _exact_contrast(transference, concentration):
    exact = {name: replace(DEFAULTS[name], std=None) for name in ("porosity", "contact_resistance")}
    return typed_lfp(
        loading=parse("7 mg/cm2", "kg/m2"),
        one_c=parse("1.2 mA/cm2", "A/m2"),
        thickness=parse("100 um", "m"),
        conductivity=parse("8.92e-5 S/cm", "S/m"),
        temperature=parse("25 degC", "K"),
        lithium_resistance=parse("284 ohm cm2", "ohm m2"),
        transference=Quantity(transference, None, "1"),
        concentration=Quantity(concentration, None, "mol/m3"),
        **exact,
    )


def test_every_capacity_of_a_depleted_cell_carries_its_mesh(simulator):
    (row,) = depleted_capacities(contrast(), 1.0, (0.35,), (2000.0,), simulator=simulator)
    fine = CellSimulator(Mesh(120, 60, 60)).discharge(contrast(transference=0.35), 1.0).capacity
    assert 0 < abs(row.cell - fine) < 2 * row.mesh
    assert row.mesh < 0.1 * row.cell


class _Coarse:
    """A simulator that is wrong by a capacity that falls with the square of the mesh's width."""

    def __init__(self, width=1.0):
        self.mesh, self._width = Mesh(), width

    finer = property(lambda self: _Coarse(self._width / 2))
    coarser = property(lambda self: _Coarse(2 * self._width))

    def discharges(self, cell, rates):
        lost = [2e-6 * rate / cell.material.diffusion_rate for rate in rates]
        return [_straight(rate, 600e3 * (1 - x) + 4e3 * self._width**2) for rate, x in zip(rates, lost, strict=True)]


def test_an_error_of_second_order_is_the_uncertainty_and_widens_a_fit():
    cell = lfp().with_material(diffusion_rate=1e-4)
    (part,) = discretisation(_Coarse(), cell, _Coarse().discharges(cell, [1.0]))
    assert part.capacity == pytest.approx(4e3 * 2**0.5)
    assert part.average_voltage == 0.0
    table = [600e3 * (1 - 2e-2 * rate) + noise for rate, noise in zip(RATES, (100, -100) * 3, strict=True)]
    rough, exact = (fit_diffusion(cell, RATES, table, simulator=_Coarse(width)) for width in (1.0, 1e-3))
    low, high = rough.interval
    assert low < exact.diffusion_rate < high
    assert high - low > 2 * (exact.interval[1] - exact.interval[0])
    assert np.all(rough.std > 4e3)


def test_a_mesh_that_leaves_a_part_open_or_cannot_be_refined_is_named():
    (said,) = mesh_warnings(Mesh(16, 8, 12), [_straight(1.0, 3.6e4)], [Discretisation(3.6e3, 0.0, 0.0)])
    assert (
        said
        == "At 1C the mesh leaves 1 mAh/g of the capacity open, 10 % of it. A run that is not quick has a finer one."
    )
    (said,) = mesh_warnings(Mesh(), [_straight(1.0, 3.6e4)], [None])
    assert "not known" in said
    assert mesh_warnings(Mesh(), [_straight(1.0, 3.6e4)], [Discretisation(36.0, 0.0, 0.0)]) == ()


@pytest.mark.parametrize(
    ("cell", "cause", "said"),
    [
        (lfp(), "full", "the cathode was full: "),
        (lfp().with_material(diffusion_rate=2e-5), "solid diffusion", "full at their surface: "),
        (contrast(transference=0.35), "salt", "salt ran short in the cathode (0."),
        # 0.9 V of 3.4 - 2.5 V fall over the film alone: below the plateau, and no salt moves with t+ near 1.
        (lfp(transference=0.99, conductivity=9e-6 * 6.8 / 0.85), "resistance", "resistance of film"),
    ],
)
def test_why_a_discharge_ended(simulator, cell, cause, said):
    (end,) = discharge_ends(simulator, cell, simulator.discharges(cell, (1.0,)))
    assert end.cause == cause
    assert said in end_notes([end])["1C"]
    if cause == "full":
        assert end_warnings([end]) == ()
    else:
        assert end_warnings([end])[0].startswith("At 1C the discharge ended at")
        assert max(end.without, key=end.without.get) == cause
        assert end.without[cause] > 0.8 * end.at_rest


def test_limits_that_bind_together_and_cells_that_cannot_be_freed_are_said():
    class Limited:
        """Each limit alone lets through a little more; both at once would."""

        def __init__(self, fails=False):
            self.fails = fails

        def discharges(self, cell, rates):
            if self.fails:
                raise InputError("Not solved.", "", "")
            return [_straight(rate, 2e5) for rate in rates]

    ends = [discharge_ends(Limited(fails), lfp(), [_straight(1.0, 1e5)]) for fails in (False, True)]
    assert [end.cause for (end,) in ends] == ["several", "unknown"]
    assert "27.8 of 169.9 mAh/g by several limits together: 55.6 mAh/g with" in end_warnings(ends[0])[0]
    assert "not known" in end_warnings(ends[1])[0]
    both = [replace(ends[0][0], discharge=_straight(rate, 1e5)) for rate in (0.5, 1.0)]
    assert len(end_warnings(both)) == 1
    assert end_warnings(both)[0].startswith("At 0.5C and 1C the discharge ended at 27.8 and 27.8 of")


@pytest.mark.parametrize(("one_c", "asked"), [("0.68 mA/cm2", False), ("0.75 mA/cm2", True), ("0.6 mA/cm2", True)])
def test_one_c_is_held_against_loading_times_capacity(one_c, asked):
    """4 mg/cm2 of 169.9 mAh/g are 0.680 mAh/cm2."""
    inputs = typed_lfp(one_c=parse(one_c, "A/m2"))
    assert any("Is the loading that of the active mass" in text for text in cell_warnings(inputs)) == asked
    hours = 0.6796 / float(one_c.split()[0])
    assert inputs.cell().hours_at_one_c == pytest.approx(hours, rel=1e-3)
    assert f"rates are multiples of {one_c}" in inputs.assumptions()["one_c"]


def test_the_blind_prediction_says_how_far_published_diffusion_differs(simulator):
    answer = rate_table(typed_lfp(), [0.1, 1.0], simulator=simulator)
    shares = answer.notes["uncertainty_mAh_g"]["1C"]
    assert max(shares, key=shares.get) == "diffusion_rate"
    capacity = answer.results["capacity.1C"]
    assert abs(capacity.value - 142.6) < 2 * capacity.std
    assert capacity.interval[0] < capacity.value < capacity.interval[1]
    assert answer.results["middle_voltage.0.1C"].value == pytest.approx(3.40, abs=0.01)
    assert answer.series["Rate / 1"].count(1.0) == 60


def test_measured_blind_and_fitted_stand_side_by_side(simulator):
    table = [Quantity(value / MAH_G, None, "mAh/g") for value in LFP_TABLE]
    answer = fitted_rate_table(typed_lfp(), RATES, table, also=[0.5], compare=False, simulator=simulator)
    assert answer.results["rms.fitted"].value < 1.5 < 12 < answer.results["rms.blind"].value
    assert answer.results["capacity.0.5C"].value == pytest.approx(157.8, abs=2.5)
    assert answer.series["Measured / mAh/g"][-1] is None
    assert answer.notes["fitted"].startswith("D/R2")


def test_the_film_does_not_control_the_tables(simulator):
    fitted = typed_lfp(cathode=cathode("lfp").with_fact("diffusion_rate", Quantity(1.2e-4, 4e-6, "s-1")))
    answer = cell_sensitivity(fitted, 1.0, 2.0, simulator=simulator)
    assert answer.results["largest.electrolyte"].value < 1.0
    assert answer.results["largest.cathode"].value > 10.0
    assert answer.results["gain.capacity"].value < 1.0


def test_a_table_of_potentials_serves_as_the_formula_does(simulator):
    x = np.linspace(0.02, 1.0, 400)
    own = ncm(material=replace(ncm().material, potential=TabulatedPotential(x, ncm().material.potential(x))))
    formula = simulator.discharge(ncm(), 0.5).capacity
    assert simulator.discharge(own, 0.5).capacity == pytest.approx(formula, rel=2e-3)


def test_a_table_may_begin_at_the_top_of_the_window_without_lithium(simulator):
    potential = TabulatedPotential([0.0, 0.2, 0.5, 0.9, 1.0], [4.3, 4.1, 3.8, 3.6, 2.8])
    cell = ncm(material=replace(ncm().material, potential=potential))
    found = simulator.discharge(cell, 0.1).capacity
    assert found == pytest.approx(cell.capacity_at_rest, rel=0.02)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"conductivity": 1e-7}, "as soon as the current flows"),
        ({"lowest": 4.1, "highest": 4.2}, "nothing to discharge"),
        ({"lowest": 4.0, "highest": 2.5}, "nothing to discharge"),
        ({"transference": 1.2}, "transference number is 1.2"),
        ({"thickness": -9e-6}, "thickness is -9e-06"),
        ({"conductivity": 0.0}, "conductivity is 0"),
        ({"temperature": float("nan")}, "temperature is nan"),
        ({"porosity": 1.0}, "porosity"),
        ({"concentration": 1e-1}, "salt concentration is 0.1 mol/m3, outside"),
        ({"temperature": 10.0}, "temperature is 10 K"),
        ({"loading": 1e3}, "loading is"),
        ({"diffusivity": -1e-12}, "diffusivity of the salt"),
        ({"contact_resistance": -1e-4}, "contact resistance is -0.0001"),
        ({"material": replace(cathode("lfp").at(298.15), saturation=1e9)}, "capacity at rest is"),
    ],
)
def test_nonsense_is_refused_with_its_cause(simulator, changes, said):
    with pytest.raises(InputError, match=said):
        simulator.discharge(lfp(**changes), 1.0)


def test_equations_that_cannot_be_solved_are_named_with_their_current():
    said = str(_failure(lfp(), 1.0, "IDA_ERR_FAIL: Error test failures occurred too many times"))
    assert "cannot be solved at 1C: IDA_ERR_FAIL" in said
    assert "6.8 A/m2 through a film of 9 um" in said


def test_a_table_that_diffusion_cannot_give_is_refused(simulator):
    with pytest.raises(InputError, match="at least three"):
        fit_diffusion(lfp(), (0.1, 1.0), [600e3, 500e3], simulator=simulator)


def test_a_missing_pybamm_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "pybamm", None)
    with pytest.raises(InputError, match=r'pip install "lamion\[cells\]"'):
        CellSimulator().discharge(lfp(), 1.0)


def test_cathodes_say_where_their_numbers_come_from():
    for item in cathodes().values():
        assert item.potential_source
        assert all(fact.source and fact.conditions for fact in item.facts.values())
    assert "NMC532" in cathode("ncm622").stands_for
    with pytest.raises(InputError, match="Known are: lfp, ncm622"):
        cathode("lmo")


def test_a_potential_is_read_back_at_its_voltage():
    potential = cathode("lfp").potential
    for voltage in (2.5, 3.4, 4.0):
        assert float(potential(content_at(potential, voltage))) == pytest.approx(voltage, abs=1e-6)
    with pytest.raises(InputError, match="not within 0 to 1"):
        TabulatedPotential([0.0, 50.0, 100.0], [4.3, 3.8, 3.0])
    with pytest.raises(InputError, match="does not rise"):
        TabulatedPotential([0.0, 0.5, 1.0], [3.0, 3.5, 4.0])


def test_pybamm_is_imported_in_the_cells_alone():
    root = Path(lamion.__file__).parent
    users = {
        path.relative_to(root).as_posix() for path in root.rglob("*.py") if "import pybamm" in path.read_text("utf-8")
    }
    assert users == {"models/cells/cell_simulator.py", "models/cells/open_circuit.py"}


def test_every_uncertain_input_stays_possible_and_each_stated_one_counts():
    stated = typed_lfp(
        transference=Quantity(0.9, 0.3, "1"),
        porosity=Quantity(0.8, 0.3, "1"),
        temperature=Quantity(55.0, 2.0, "degC"),
        one_c=Quantity(0.68, 0.05, "mA/cm2"),
        diffusivity=Quantity(1e-12, 5e-13, "m2/s"),
    )
    uncertain = {item.name: item for item in stated.uncertain()}
    assert {"transference", "porosity", "temperature", "one_c", "diffusivity"} <= set(uncertain)
    for item in uncertain.values():
        for deviations in (-2.0, -1.0, 1.0, 2.0):
            check_cell(item.at(deviations))
    warm = uncertain["temperature"].at(1.0)
    assert warm.temperature == pytest.approx(330.15)
    assert warm.material.diffusion_rate > stated.cell().material.diffusion_rate


def test_a_films_uncertain_conductivity_leaves_a_stated_catholyte_alone():
    film = Quantity(1.37e-3, 3e-4, "S/cm")
    cell = typed_lfp(conductivity=film, catholyte=Quantity(5e-4, None, "S/cm"))
    shifted = next(item for item in cell.uncertain() if item.name == "conductivity").at(1.0)
    assert shifted.conductivity == pytest.approx(0.167)
    assert shifted.conductivity * shifted.catholyte_ratio == pytest.approx(0.05)
    halved = scaled_film_conductivity(lfp(), 0.5)
    assert halved.conductivity * halved.catholyte_ratio == pytest.approx(lfp().conductivity)
    assert halved.salt_diffusivity * halved.catholyte_ratio == pytest.approx(lfp().salt_diffusivity)


def test_the_voltage_at_half_of_the_capacity_has_an_uncertainty_of_its_own(simulator):
    """An ohmic resistance of 50 ± 10 ohm cm2 at 0.68 mA/cm2 moves it by 6.8 mV, and diffusion hardly."""
    exact = replace(cathode("lfp"), facts=EXACT)
    resistance = Quantity(50.0, 10.0, "ohm cm2")
    ratio = Quantity(1.37e-3, None, "S/cm")
    inputs = typed_lfp(cathode=exact, contact_resistance=resistance, catholyte=ratio)
    answer = rate_table(inputs, [1.0], simulator=simulator)
    assert answer.results["middle_voltage.1C"].std == pytest.approx(6.8e-3, rel=0.05)


def test_a_fit_stands_beside_a_diffusion_that_was_given_as_exact(simulator):
    given = typed_lfp(cathode=cathode("lfp").with_fact("diffusion_rate", Quantity(2e-4, None, "s-1")))
    table = [Quantity(value / MAH_G, None, "mAh/g") for value in LFP_TABLE[[0, 2, 5]]]
    answer = fitted_rate_table(given, (0.1, 0.4, 1.0), table, compare=False, simulator=simulator)
    band = answer.figures["rates"].data["panels"][0]["traces"][0]
    assert band["low"] == band["high"]
    assert band["label"] == "blind, 68 % of diffusion alone"


def test_a_companion_far_from_the_fit_is_still_found():
    """Lost capacity in proportion to rate over diffusion: ten times the demand wants ten times the diffusion."""

    class Sphere:
        finer = coarser = property(lambda self: self)

        def discharges(self, cell, rates):
            lost = [1e-5 * r * cell.thickness / cell.material.diffusion_rate for r in rates]
            return [_straight(rate, 600e3 * (1 - x)) for rate, x in zip(rates, lost, strict=True)]

    thin, thick = lfp(thickness=1.0), lfp(thickness=10.0)
    table = [d.capacity for d in Sphere().discharges(thin.with_material(diffusion_rate=1e-4), RATES)]
    table = np.array(table) + np.array([1, -1, 1, -1, 1, -1]) * MAH_G
    fit = fit_diffusion(thin, RATES, table, simulator=Sphere())
    (found,) = companions([("thick", thick)], fit, RATES, table, simulator=Sphere())
    assert found.diffusion_rate == pytest.approx(10 * fit.diffusion_rate, rel=0.02)
    assert found.as_good


def test_what_the_film_alone_gives_has_the_uncertainty_of_its_inputs(simulator):
    """Sand's time goes with (c0 d)2 ... the limiting current 2 F D c0 / ((1 - t+) d) in inverse proportion to d."""
    inputs = typed_lfp(
        thickness=Quantity(100.0, 10.0, "um"), conductivity=Quantity(8.92e-5, None, "S/cm"), cathode=cathode("lfp")
    )
    inputs = replace(inputs, transference=Quantity(0.3, None, "1"), temperature=Quantity(25.0, None, "degC"))
    found = _bare(inputs, 1.0)
    current = found["limiting_current"]
    assert current.std / current.value == pytest.approx(0.1, rel=0.02)


def test_assumptions_and_limits_are_said(simulator):
    assumed = typed_lfp(thickness=DEFAULTS["thickness"]).assumptions()
    assert assumed["thickness"].endswith("(assumed)")
    assert "8:1:1" in assumed["cathode"].replace("0.8:0.1:0.1", "8:1:1")
    slow = typed_lfp(cathode=cathode("lfp").with_fact("diffusion_rate", Quantity(1e-9, None, "s-1")))
    wide = replace(slow, window=(Quantity(1.5, None, "V"), Quantity(4.0, None, "V")))
    answer = rate_table(replace(slow, window=wide.window), [1.0], uncertainty=False, simulator=simulator)
    assert any("is rough" in text for text in answer.warnings)
    assert any("is not counted" in text for text in answer.warnings)
    assert answer.notes["uncertainty_mAh_g"]["1C"].keys() == {"discretisation"}
    assert "the mesh leaves open" in answer.method


def test_a_better_catholyte_makes_a_better_cell(simulator):
    """Ten times the conductivity in a thick cathode's pores: more voltage and more capacity at 1C; a tenth, less."""
    poor, same, good = (
        simulator.discharge(lfp(loading=0.12, one_c=20.4, catholyte_ratio=x), 1.0) for x in (0.1, 1.0, 10.0)
    )
    assert poor.average_voltage < same.average_voltage - 1e-3
    assert same.average_voltage < good.average_voltage - 1e-3
    assert poor.capacity < same.capacity <= good.capacity


def _straight(rate, capacity):
    """Return a discharge along a straight line."""
    return Discharge(
        rate, capacity, 3.4, 3.4, np.array([0.0, capacity]), np.array([3.5, 3.3]), {"film": 1.0, "cathode": 0.9}
    )


class _Polynomial:
    """A simulator whose capacity is a polynomial of the logarithm of the solid's diffusion rate."""

    mesh = Mesh()
    finer = coarser = property(lambda self: self)

    def __init__(self, reference, spread, linear, quadratic):
        self._of = lambda x: 5e5 * (1 + linear * x + quadratic * x**2)
        self._reference, self._spread = reference, spread

    def capacity(self, diffusion_rate):
        return self._of(np.log(diffusion_rate / self._reference) / self._spread)

    def discharges(self, cell, rates):
        capacity = float(self.capacity(cell.material.diffusion_rate))
        return tuple(_straight(rate, capacity) for rate in rates)


@pytest.mark.parametrize(("linear", "quadratic"), [(-0.1, 0.0), (-0.08, -0.03), (0.0, -0.05)])
def test_a_capacitys_uncertainty_is_that_of_brute_force(linear, quadratic):
    """400,000 log-normal draws of the diffusion rate against the four evaluations of the rate table."""
    inputs = StatedCell(
        cathode=cathode("lfp"),
        loading=parse("7 mg/cm2", "kg/m2"),
        one_c=parse("1.19 mA/cm2", "A/m2"),
        window=(parse("2.5 V", "V"), parse("4.0 V", "V")),
        **{name: replace(DEFAULTS[name], std=None) for name in ("thickness", "conductivity", "transference")},
        concentration=DEFAULTS["concentration"],
    )
    rate, spread = inputs.cell().material.diffusion_rate, inputs.cathode.spread("diffusion_rate", inputs.temperature.si)
    simulator = _Polynomial(rate, spread, linear, quadratic)
    found = rate_table(inputs, [1.0], simulator=simulator).results["capacity.1C"]
    draws = np.random.default_rng(7).standard_normal(400_000)
    sampled = simulator.capacity(rate * np.exp(spread * draws))
    expected = np.sqrt(np.mean((sampled - 5e5) ** 2)) / MAH_G
    assert found.std == pytest.approx(expected, rel=0.01)
