"""Energy densities against sums done by hand, and the search over ways to count."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lamion.models.cells.cell_package import coin_cell, pouch_cell
from lamion.models.cells.composite_cathode import CathodeRecipe, composite_cathode
from lamion.models.cells.energy_density import WeighedCell, energy_density
from lamion.models.cells.mass_budget import mass_budget
from lamion.quantities import InputError, Quantity, parse
from lamion.studies.lse_hfc.steps._budget_search import (
    BudgetAxes,
    PrintedCell,
    best_with_other_loadings,
    extra_mass,
    search_budgets,
)
from lamion.studies.lse_hfc.steps._energy_vs_thickness import Unstated, energy_vs_thickness
from lamion.studies.lse_hfc.steps._shared_lithium import predicted_energy
from lamion.substances import known_substance

RECIPE = CathodeRecipe(0.8, 0.1, 0.1, 3600.0, 1950.0, 1780.0, porosity=0.35)
WH = 3600.0

# The budget of the hand check: 8:1:1 cathode, electrolyte at 1.30 g/cm3, 25 um of lithium, no collectors.
LFP55 = {"cathode": "lfp", "loading": "4 mg/cm2", "capacity": "157.8 mAh/g", "voltage": "3.39 V"}
LFP25 = {"cathode": "lfp", "loading": "7 mg/cm2", "capacity": "164 mAh/g", "voltage": "3.38 V"}
NCM = {"cathode": "ncm622", "loading": "7 mg/cm2", "capacity": "182.8 mAh/g", "voltage": "3.80 V"}
HVL = {"second_thickness": "1.5 um", "second_density": "1.2 g/cm3"}


def cell(table, **changes):
    texts = {"electrolyte_thickness": "9 um", "electrolyte_density": "1.30 g/cm3", "lithium_thickness": "25 um"}
    texts |= table | changes
    cathode = known_substance(texts.pop("cathode"))
    return WeighedCell(cathode, **{name: parse(text, None) for name, text in texts.items() if text is not None})


def wh_per_kg(table, **changes):
    return energy_density(cell(table, **changes)).results["gravimetric_energy"].value


@pytest.mark.parametrize(
    ("table", "changes", "by_hand"),
    [
        (LFP55, {}, 285.1),
        (LFP25, {}, 344.8),
        (LFP25, {"capacity": "147.3 mAh/g"}, 309.7),
        (NCM, HVL, 425.2),
        (LFP55, {"lithium_thickness": None, "n_over_p": "1"}, 338),
        (LFP25, {"capacity": "147.3 mAh/g", "lithium_thickness": None, "n_over_p": "1"}, 341.5),
        (NCM, HVL | {"lithium_thickness": None, "n_over_p": "1"}, 465),
        (LFP55, {"lithium_thickness": "50 um"}, 242),
        (LFP25, {"capacity": "147.3 mAh/g", "lithium_thickness": "50 um"}, 278),
        (NCM, HVL | {"lithium_thickness": "50 um"}, 381),
        (LFP25, {"catholyte_density": "1.2 g/cm3"}, 296),
    ],
)
def test_the_reference_budget(table, changes, by_hand):
    assert wh_per_kg(table, **changes) == pytest.approx(by_hand, rel=0.005)


BY_THICKNESS = {
    "um": (1, 5, 9, 15, 20, 30, 50, 100),
    "lfp55": (331, 306, 285, 258, 240, 209, 167, 111),
    "lfp25": (380, 362, 345, 322, 306, 278, 234, 168),
    "ncm": (468, 446, 425, 398, 378, 343, 290, 209),
}


@pytest.mark.parametrize(("name", "table", "changes"), [("lfp55", LFP55, {}), ("lfp25", LFP25, {}), ("ncm", NCM, HVL)])
def test_against_thickness(name, table, changes):
    unstated = Unstated((3e-6, 50e-6), (1190.0, 1380.0), (3.3, 3.9))
    lengths = [1e-6 * value for value in BY_THICKNESS["um"]]
    curve = energy_vs_thickness(cell(table, **changes).design(), lengths, unstated)
    np.testing.assert_allclose(curve.energy / WH, BY_THICKNESS[name], rtol=0.005)
    assert curve.falls
    assert np.all(curve.lowest < curve.energy)
    assert np.all(curve.energy < curve.highest)


def test_the_band_holds_whatever_lies_within_its_ranges():
    base, rng = cell(LFP55), np.random.default_rng(7)
    unstated = Unstated((3e-6, 50e-6), (1190.0, 1380.0), (3.37, 3.41))
    curve = energy_vs_thickness(base.design(), [9e-6], unstated)
    for lithium, density, voltage in rng.uniform((3e-6, 1190, 3.37), (50e-6, 1380, 3.41), (200, 3)):
        inside = base.design(lithium_thickness=lithium, electrolyte_density=density, voltage=voltage)
        assert curve.lowest[0] <= mass_budget(inside).gravimetric("stack") <= curve.highest[0]


def test_masses_and_volumes_add_up():
    """By hand: 8.75 mg/cm2 of cathode; 7/3.6 + 0.875/1.95 + 0.875/1.78 over 0.65 is 44.4 um."""
    answer = energy_density(
        cell(LFP25, cathode_collector_thickness="12 um", catholyte_density="1.2 g/cm3"), "collectors"
    )
    rows = dict(zip(answer.series["Component"], answer.series["Areal Mass / mg/cm2"], strict=True))
    assert rows["catholyte"] == pytest.approx(0.35 * 44.4e-4 * 1200, rel=2e-3)
    assert rows["cathode collector"] == pytest.approx(12e-4 * 2.70 * 1e3, rel=1e-3)
    assert sum(rows.values()) == pytest.approx(answer.results["areal_mass"].value)
    assert sum(answer.series["Mass Fraction / 1"]) == pytest.approx(1)
    thick = sum(answer.series["Thickness / um"])
    assert thick == pytest.approx(44.4 + 9 + 25 + 12, rel=2e-3)
    energy = answer.results["areal_energy"].value
    assert answer.results["volumetric_energy"].value == pytest.approx(1e4 * energy / thick, rel=1e-6)


def test_a_wider_basis_never_weighs_less():
    budget = mass_budget(
        cell(NCM, **HVL, cathode_collector_thickness="16 um", anode_collector_thickness="8 um").design()
    )
    masses = [budget.mass(basis) for basis in ("active", "cathode", "electrodes", "stack", "collectors")]
    assert masses == sorted(masses)
    assert len(set(masses)) == 5


def test_a_coin_and_a_pouch():
    """A CR2032 is 1.005 cm3; a 5 x 4 cm pouch with a 5 mm rim has 2 x 30 cm2 of foil."""
    coin = coin_cell(0.012, 3.5e-3)
    assert coin.volume * math.pi * 0.006**2 == pytest.approx(1.005e-6, rel=1e-3)
    one = pouch_cell(0.05, 0.04, 1, margin=0.005, laminate_mass=0.18, laminate_thickness=113e-6)
    assert one.mass * 0.05 * 0.04 == pytest.approx(2 * 0.06 * 0.05 * 0.18)
    design = cell(LFP55, cathode_collector_thickness="16 um").design()
    in_pouch = [replace(design, package=package) for package in (coin, one)]
    in_coin, in_pouch = (mass_budget(item) for item in in_pouch)
    assert in_coin.gravimetric("cell") < 3 * WH < 30 * WH < in_pouch.gravimetric("cell")
    twenty = pouch_cell(0.05, 0.04, 20, margin=0.005, laminate_mass=0.18, laminate_thickness=113e-6)
    many = mass_budget(replace(design, package=twenty))
    assert many.components["cathode collector"].mass == pytest.approx(0.5 * 16e-6 * 2700)
    assert many.gravimetric("cell") > 2 * in_pouch.gravimetric("cell")


def test_uncertainties_are_those_of_a_random_draw():
    texts = {"loading": "4.0 ± 0.1 mg/cm2", "voltage": "3.39 ± 0.03 V", "lithium_thickness": "25 ± 3 um"}
    base = cell(LFP55, **texts)
    found = energy_density(base).results["gravimetric_energy"]
    draws = np.random.default_rng(3).normal((0.04, 3.39, 25e-6), (0.001, 0.03, 3e-6), (2000, 3))
    drawn = [
        mass_budget(base.design(loading=m, voltage=u, lithium_thickness=d)).gravimetric("stack") / WH
        for m, u, d in draws
    ]
    assert found.std == pytest.approx(np.std(drawn), rel=0.06)


PRINTED = {"LFP 55": 288.4, "LFP 25": 343.8, "NCM622": 420.7}


def _solids(density):
    """Volume of 8:1:1 over its active mass, m3/kg."""
    return 1 / density + 0.125 / 1950 + 0.125 / 1780


def printed_cells(capacity=147.3):
    rows: tuple = (("LFP 55", 0.04, 157.8, 3.39, 3600.0, 0.0), ("LFP 25", 0.07, capacity, 3.39, 3600.0, 0.0))
    rows += (("NCM622", 0.07, 182.8, 3.80, 4700.0, 1.5e-6),)
    return [
        PrintedCell(name, loading, q * WH, u, PRINTED[name] * WH, 1.25, _solids(density), 9e-6, second)
        for name, loading, q, u, density, second in rows
    ]


def test_no_budget_gives_the_three_printed_values():
    found = search_budgets(printed_cells())
    assert found.count == pytest.approx(97_000, rel=0.01)
    assert found.matching(0.02) == 0
    assert found.best > 0.04
    assert extra_mass(*printed_cells()[:2]) == pytest.approx(0.916, abs=0.001)


def test_what_capacity_the_odd_one_would_need():
    """By hand: with 25 um of lithium and 1.30 g/cm3, 343.8 Wh/kg needs 163 mAh/g."""
    low, high = search_budgets(printed_cells()).capacity_needed(1, 0.02)
    assert low / WH < 163 < high / WH
    assert low / WH > 155
    assert search_budgets(printed_cells(163.0)).matching(0.02) > 0


def test_the_search_finds_a_budget_that_exists():
    axes = BudgetAxes()
    truth = {"density": 1300.0, "lithium": 25e-6}
    assert truth["lithium"] in [pytest.approx(value) for value in axes.lithium_thickness]
    cells = [
        replace(c, energy_density=c.energy / mass)
        for c in printed_cells()
        for mass in [1.25 * c.loading + 1300 * 9e-6 + 1200 * c.second_thickness + 25e-6 * 534]
    ]
    assert search_budgets(cells).best < 1e-12


def test_the_search_agrees_with_the_budget():
    """The vectorised formula and the component-wise one are two ways to the same mass."""
    axes = BudgetAxes((True,), (1300.0,), (1200.0,), (25e-6,), (), (1200 * 0.35 / 0.65,), (0.03,))
    found = search_budgets(printed_cells(), axes)
    design = cell(NCM, **HVL, catholyte_density="1.2 g/cm3").design()
    budget = mass_budget(design)
    assert found.energy_density[2, 0] == pytest.approx(budget.energy / (budget.mass("stack") + 0.03), rel=1e-9)


def test_other_loadings_do_not_help_either():
    """By a search of its own (27 combinations of 4.0, 7.0, 7.0 and 0.3 mg/cm2): 3.6 % at best."""
    assert best_with_other_loadings(printed_cells(), [0.003] * 3) == pytest.approx(0.0359, abs=1e-4)
    assert best_with_other_loadings(printed_cells(), [0.0] * 3) == search_budgets(printed_cells()).best


def test_a_cathode_without_additives_counts_as_it_is():
    """A recipe of active material alone leaves no difference between it and the whole cathode."""
    cells = [replace(cell, cathode_factor=1.0) for cell in printed_cells()]
    one, other = (search_budgets(cells, BudgetAxes((whole,))).energy_density for whole in (True, False))
    np.testing.assert_array_equal(one, other)


def test_the_charge_ratio_is_as_uncertain_as_the_foil():
    found = energy_density(cell(LFP55, lithium_thickness="25 ± 3 um")).results["n_over_p"]
    assert found.std / found.value == pytest.approx(3 / 25, rel=1e-6)


def test_a_basis_that_counts_what_is_not_there_says_so():
    assert "counts collectors, and none are given" in energy_density(cell(LFP55), "collectors").warnings[0]


@pytest.mark.parametrize(("left_out", "agrees"), [("LFP 55", True), ("LFP 25", False), ("NCM622", True)])
def test_two_of_the_three_share_a_budget(left_out, agrees):
    tables = {"LFP 55": LFP55, "LFP 25": LFP25 | {"capacity": "147.3 mAh/g"}, "NCM622": NCM | HVL}
    cells = {name: cell(table) for name, table in tables.items()}
    others = {name: item for name, item in cells.items() if name != left_out}
    printed = {name: Quantity(PRINTED[name], None, "Wh/kg") for name in others}
    found = predicted_energy(cells[left_out], others, printed).results["gravimetric_energy"]
    assert (abs(found.value - PRINTED[left_out]) < 2 * found.std) is agrees


def test_a_fitted_foil_comes_back():
    thin = {name: cell(table, lithium_thickness="17 um") for name, table in {"a": LFP55, "b": NCM}.items()}
    printed = {name: energy_density(item).results["gravimetric_energy"] for name, item in thin.items()}
    found = predicted_energy(cell(LFP25), thin, printed)
    assert found.results["lithium_thickness"].value == pytest.approx(17, rel=1e-9)
    assert found.results["lithium_thickness"].std == pytest.approx(0, abs=1e-9)
    assert found.results["gravimetric_energy"].value == pytest.approx(wh_per_kg(LFP25, lithium_thickness="17 um"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"loading": "0 mg/cm2"}, "The loading is 0 mg/cm2, not from"),
        ({"loading": "4 g/cm2"}, "A unit|a unit may be wrong"),
        ({"voltage": "339 V"}, "The voltage is 339 V, not from"),
        ({"voltage": "3.39 mA"}, "is a current, not a voltage"),
        ({"capacity": "nan mAh/g"}, "cannot be read|not a"),
        ({"electrolyte_thickness": "-9 um"}, "electrolyte.s thickness is -9 um"),
        ({"electrolyte_density": "1300 g/cm3"}, "electrolyte.s density is 1300 g/cm3"),
        ({"porosity": "98 %"}, "porosity is 0.98"),
        ({"n_over_p": "1"}, "by its thickness and by N/P"),
        ({"lithium_thickness": None}, "by neither"),
        ({"second_thickness": "1 um"}, "needs a thickness and a density"),
    ],
)
def test_numbers_of_no_sense_are_refused(changes, words):
    with pytest.raises(InputError, match=words):
        energy_density(cell(LFP55, **changes))


def test_a_stack_does_not_fit_a_thinner_case():
    package = coin_cell(0.019, 3e-3, height=5e-5)
    with pytest.raises(InputError, match="the case holds"):
        mass_budget(replace(cell(LFP55).design(), package=package))


@pytest.mark.parametrize(
    "package",
    [
        lambda: coin_cell(0.030, 3e-3),
        lambda: coin_cell(1e-9, 3e-3),
        lambda: coin_cell(0.012, -1.0),
        lambda: pouch_cell(0.05, 0.04, 1, margin=-0.01, laminate_mass=0.18, laminate_thickness=113e-6),
        lambda: pouch_cell(0.05, 0.04, 10**400, margin=0.01, laminate_mass=0.18, laminate_thickness=113e-6),
        lambda: pouch_cell(0.05, 0.04, 1, margin=0.01, laminate_mass=0.18, laminate_thickness=9.0),
        lambda: pouch_cell(0.05, 0.04, 1, margin=0.01, laminate_mass=1e-300, laminate_thickness=113e-6),
        lambda: coin_cell(0.012, 1e-300),
        lambda: pouch_cell(0.05, 0.04, 0, margin=0.01, laminate_mass=0.18, laminate_thickness=113e-6),
        lambda: pouch_cell(1e-9, 0.04, 1, margin=0.01, laminate_mass=0.18, laminate_thickness=113e-6),
    ],
)
def test_packages_of_no_sense_are_refused(package):
    with pytest.raises(InputError, match="cannot"):
        package()


def test_a_cathode_is_an_active_material():
    with pytest.raises(InputError, match=r"poly\(ethylene oxide\) is a polymer, not an active material"):
        cell(LFP55, cathode="peo")


def test_an_unknown_basis():
    with pytest.raises(InputError, match=r"The basis 'everything' is not known\. Use one of: active, cathode"):
        energy_density(cell(LFP55), "everything")


def test_a_cathode_of_active_material_alone():
    recipe = CathodeRecipe(1.0, 0.0, 0.0, 4700.0, 1.0, 1.0, porosity=0.0)
    cathode = composite_cathode(0.047, recipe)
    assert cathode.thickness == pytest.approx(1e-5)
    assert cathode.pores == 0
