"""The recipe of a PEO laminate against a hand calculation, and what any formulation must keep."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamion.quantities import Answer, InputError, Quantity
from lamion.substances import (
    Substance,
    formulation_from_table,
    known_substance,
    library,
    mass_parts_formulation,
    membrane_of,
    membrane_recipe,
    molar_ratio_of_batch,
    peo_formulation,
    polymer_formulation,
    repeat_units_per_plasticiser,
    structural_cases,
)

FACTS = library()


def laminate(**changes):
    return peo_formulation(FACTS, **{"eo_li": 18, "eo_sn": 4, "framework": 0.497, "lidfob": 0.01} | changes)


@pytest.fixture(scope="module")
def answer():
    return membrane_recipe(laminate())


def test_result_names(answer):
    assert set(answer.results) == {
        *(f"mass_fraction.{key}" for key in ("peo", "sn", "litfsi", "lidfob", "framework")),
        *(f"{what}.{where}" for what in ("salt_concentration", "density") for where in ("guest", "membrane")),
    }


@pytest.mark.parametrize(
    ("name", "expected", "tolerance"),
    [
        ("mass_fraction.sn", 0.1234, 0.0002),
        ("mass_fraction.peo", 0.271, 0.0005),
        ("mass_fraction.litfsi", 0.098, 0.0005),
        ("mass_fraction.lidfob", 0.01, 1e-12),
        ("mass_fraction.framework", 0.497, 1e-12),
    ],
)
def test_mass_fractions(answer, name, expected, tolerance):
    assert answer.results[name].value == pytest.approx(expected, abs=tolerance)
    assert answer.results[name].std is None
    assert answer.results[name].unit == "1"


def test_lidfob_as_a_part_of_the_guest():
    other = membrane_recipe(laminate(lidfob_basis="guest"))
    assert other.results["mass_fraction.sn"].value == pytest.approx(0.1246, abs=0.0002)
    assert other.results["mass_fraction.lidfob"].value == pytest.approx(0.01 * 0.503)


def test_sn_in_the_guest_without_lidfob():
    assert membrane_recipe(laminate(lidfob=0, framework=0)).results["mass_fraction.sn"].value == pytest.approx(
        0.250, abs=0.0005
    )


@pytest.mark.parametrize("form", ["crystal", "supplier"])
def test_guest_by_the_density_of_litfsi(form):
    """By hand: volumes per EO unit with PEO 1.12, SN 0.985, LiDFOB 2.12 and LiTFSI 2.1 or 1.33 g/cm3."""
    litfsi = {"crystal": 2.1, "supplier": 1.33}[form]
    salts, mass = 287.086 / 18, 44.0526 + 80.0881 / 4 + 287.086 / 18
    lidfob = mass * 0.01 / 0.493
    volume = 44.0526 / 1.12 + 80.0881 / 4 / 0.985 + salts / litfsi + lidfob / 2.12
    result = membrane_of(laminate(), {"litfsi": form})
    assert result.guest_density.value == pytest.approx((mass + lidfob) / volume, rel=1e-5)
    moles = 1 / 18 + lidfob / 143.767
    assert result.guest_salt_concentration.value == pytest.approx(1000 * moles / volume, rel=1e-5)
    assert result.salt_concentration["litfsi"].value == pytest.approx(1000 / 18 / volume, rel=1e-5)


def test_guest_inside_the_hand_calculation(answer):
    assert 1.14 < answer.results["density.guest"].value < 1.21
    assert 0.93 < answer.results["salt_concentration.guest"].value < 0.99
    assert answer.results["salt_concentration.guest"].unit == "mol/L"


@pytest.mark.parametrize(
    ("case", "low", "high"),
    [("pores-filled", 1.30, 1.38), ("galleries-only", 1.18, 1.23), ("galleries-only-doubled", 0.80, 0.83)],
)
@pytest.mark.parametrize("form", ["crystal", "supplier"])
def test_membrane_density_by_case(case, low, high, form):
    density = membrane_recipe(laminate(), case=case, densities={"litfsi": form}).results["density.membrane"]
    assert low < density.value < high
    assert density.std > 0


def test_membrane_concentration_is_far_from_two_molar(answer):
    assert 0.54 < answer.results["salt_concentration.membrane"].value < 0.57
    for case in answer.notes["structural_cases"].values():
        assert case["salt_concentration_mol_per_L"] + 3 * case["salt_concentration_uncertainty"] < 1


def test_an_open_choice_of_density_widens_the_uncertainty():
    """The distance to the furthest choice, over the root of 3, in quadrature."""
    free, fixed = membrane_of(laminate()), membrane_of(laminate(), {"litfsi": "crystal"})
    other = membrane_of(laminate(), {"litfsi": "supplier"})
    distance = abs(free.guest_density.value - other.guest_density.value)
    expected = math.hypot(fixed.guest_density.std, distance / math.sqrt(3))
    assert free.guest_density.std == pytest.approx(expected, rel=1e-6)


def test_lithium_in_all(answer):
    assert answer.notes["repeat_units_per_salt"]["litfsi"] == pytest.approx(18)
    assert answer.notes["repeat_units_per_cation_in_all"] == pytest.approx(15.0, abs=0.05)
    amounts = answer.notes["moles_per_kg_of_membrane"]
    assert amounts["lidfob"] / amounts["litfsi"] == pytest.approx(0.20, abs=0.005)


def _bars(answer):
    (panel,) = answer.figures["composition"].data["panels"]
    return [(bar["label"], bar["high"][0]) for bar in panel["traces"]]


def test_notes_and_figure(answer):
    assert answer.notes["structural_case"] == "pores-filled"
    assert "lidfob is a mass fraction of the whole membrane." in answer.assumptions
    assert any("litfsi is 2.10(10) g/cm3 (crystal" in line for line in answer.assumptions)
    bars = _bars(answer)
    assert [name.split()[0] for name, _ in bars] == ["peo", "sn", "litfsi", "lidfob", "framework"]
    assert [end for _, end in bars][-1] == pytest.approx(100)
    assert bars[0][1] == pytest.approx(100 * answer.results["mass_fraction.peo"].value)
    json.dumps(answer.to_json(), allow_nan=False)
    assert Answer.from_store(json.loads(json.dumps(answer.to_store()))).to_json() == answer.to_json()


def test_a_free_standing_film():
    film = membrane_recipe(laminate(eo_sn=None, framework=0, lidfob=0))
    assert film.notes["structural_case"] == "free-standing"
    assert film.results["mass_fraction.sn"].value == 0
    assert film.results["density.membrane"].value == film.results["density.guest"].value
    assert film.results["mass_fraction.litfsi"].value == pytest.approx(0.2658, abs=1e-4)
    assert [name.split()[0] for name, _ in _bars(film)] == ["peo", "litfsi"]


def test_uncertain_inputs_are_propagated():
    sure, unsure = laminate(), laminate(eo_sn=Quantity(4, 0.1, "1"), framework="49.7(5) wt%")
    fraction = membrane_recipe(unsure).results["mass_fraction.sn"]
    assert fraction.value == pytest.approx(membrane_recipe(sure).results["mass_fraction.sn"].value)
    step = 1e-4
    slopes = [
        (membrane_recipe(laminate(**more)).results["mass_fraction.sn"].value - fraction.value) / step
        for more in ({"eo_sn": 4 + step}, {"framework": 0.497 + step})
    ]
    expected = ((slopes[0] * 0.1) ** 2 + (slopes[1] * 0.005) ** 2) ** 0.5
    assert fraction.std == pytest.approx(expected, rel=1e-3)


def test_mass_parts():
    layer = mass_parts_formulation([(FACTS["pan"], 5), (FACTS["sn"], 2), (FACTS["lidfob"], 1)])
    result = membrane_recipe(layer)
    assert [result.results[f"mass_fraction.{key}"].value for key in ("pan", "sn", "lidfob")] == [0.625, 0.25, 0.125]
    assert result.results["density.membrane"].value == pytest.approx(1 / (0.625 / 1.18 + 0.25 / 0.985 + 0.125 / 2.12))
    assert result.notes["repeat_units_per_cation_in_all"] == pytest.approx(0.625 / 53.063 / (0.125 / 143.767), rel=1e-4)


def test_the_contrast_film():
    x = repeat_units_per_plasticiser(
        FACTS["peo"],
        FACTS["sn"],
        FACTS["litfsi"],
        plasticiser_fraction=Quantity(0.10, 0.005, "1"),
        repeat_units_per_salt=Quantity(18, None, "1"),
    )
    assert x.value == pytest.approx(12.0, abs=0.05)
    back = membrane_recipe(peo_formulation(FACTS, eo_li=18, eo_sn=x))
    assert back.results["mass_fraction.sn"].value == pytest.approx(0.10, rel=1e-9)
    assert back.results["mass_fraction.sn"].std == pytest.approx(0.005, rel=1e-3)


def test_the_batch_of_cutcpp():
    ratio = molar_ratio_of_batch(
        FACTS["copper_nitrate_trihydrate"], Quantity(30.2, None, "mg"), FACTS["tcpp"], Quantity(33.0, None, "mg")
    )
    assert ratio.value == pytest.approx(3.00, abs=0.006)
    pure = molar_ratio_of_batch(
        FACTS["copper_nitrate_trihydrate"],
        Quantity(30.2, None, "mg"),
        FACTS["tcpp"],
        Quantity(33.0, None, "mg"),
        second_purity=Quantity(0.97, 0.01, "1"),
    )
    assert pure.value == pytest.approx(ratio.value / 0.97)
    assert pure.std == pytest.approx(pure.value * 0.01 / 0.97, rel=1e-6)


ratios = st.floats(0.5, 200)
shares = st.floats(0.0, 0.45)


@settings(deadline=None)
@given(eo_li=ratios, eo_sn=ratios, lidfob=shares, framework=shares, basis=st.sampled_from(["guest", "membrane"]))
def test_masses_are_conserved_and_ratios_come_back(eo_li, eo_sn, lidfob, framework, basis):
    form = peo_formulation(FACTS, eo_li=eo_li, eo_sn=eo_sn, lidfob=lidfob, framework=framework, lidfob_basis=basis)
    fractions = dict(zip(form.keys, form.mass_fractions([item.amount.si for item in form.ingredients]), strict=True))
    assert sum(fractions.values()) == pytest.approx(1, abs=1e-12)
    moles = {key: fractions[key] / FACTS[key].molar_mass.si for key in ("peo", "sn", "litfsi")}
    assert moles["peo"] / moles["litfsi"] == pytest.approx(eo_li, rel=1e-9)
    assert moles["peo"] / moles["sn"] == pytest.approx(eo_sn, rel=1e-9)
    whole = 1 - framework if basis == "guest" else 1
    assert fractions["lidfob"] == pytest.approx(lidfob * whole)
    assert fractions["framework"] == framework


@settings(deadline=None)
@given(parts=st.lists(st.floats(1e-3, 1e3), min_size=3, max_size=3), framework=shares)
def test_mass_parts_keep_their_ratios(parts, framework):
    members = [FACTS[key] for key in ("pan", "sn", "lidfob")]
    form = mass_parts_formulation(list(zip(members, parts, strict=True)), framework=(FACTS["cutcpp"], framework))
    fractions = form.mass_fractions([*parts, framework])
    assert sum(fractions) == pytest.approx(1)
    assert fractions[0] / fractions[1] == pytest.approx(parts[0] / parts[1])


@pytest.mark.parametrize("framework", [0.01, 0.3, 0.497, 0.8, 0.95])
def test_densities_are_between_those_of_the_parts(framework):
    result = membrane_of(laminate(framework=framework, lidfob=0))
    filled, galleries, doubled = result.cases
    assert filled.density.value >= galleries.density.value >= doubled.density.value
    assert min(1.25, result.guest_density.value) - 0.01 < filled.density.value < 1.61
    assert filled.guest_volume_fraction > 0


def test_a_guest_too_small_for_the_pores_leaves_the_framework_as_it_is():
    """Below the pore volume the membrane is the framework's crystal with guest inside."""
    result = membrane_of(laminate(framework=0.95, lidfob=0))
    crystal = 1.2516
    assert result.cases[0].density.value == pytest.approx(crystal / 0.95, rel=1e-3)


def test_a_dense_filler():
    form = polymer_formulation(FACTS["peo"], salts=[(FACTS["litfsi"], 18)], framework=(FACTS["alumina"], 0.1))
    result = membrane_of(form)
    assert [item.case.name for item in result.cases] == ["no-pores"]
    assert 1 / result.cases[0].density.value == pytest.approx(0.9 / result.guest_density.value + 0.1 / 3.99)


def test_an_own_porous_framework():
    own = Substance.from_table(
        {
            "key": "mof",
            "formula": "C8H4O5Zn",
            "facts": [
                {"property": "density", "value": 0.6, "unit": "g/cm3", "form": "crystal"},
                {"property": "density", "value": 1.8, "unit": "g/cm3", "form": "skeleton"},
            ],
        }
    )
    filled, empty = structural_cases(own)
    assert (filled.name, empty.name) == ("pores-filled", "galleries-only")
    assert filled.specific_volume(0.2, 1e-3, 600, 1800) == pytest.approx(0.2 / 1800 + 1e-3)


def test_sodium_counts_too():
    salt = Substance.from_table({"key": "natfsi", "formula": "NaN(SO2CF3)2", "density": "2.2 g/cm3"})
    film = membrane_of(polymer_formulation(FACTS["peo"], salts=[(salt, 20)]))
    assert film.repeat_units_per_carrier.value == pytest.approx(20)


def test_only_what_a_formulation_holds_matters():
    """A study passes substances as step inputs: another substance's facts must not change the answer."""
    tables = {key: FACTS[key].to_table() for key in ("peo", "sn", "litfsi", "lidfob", "cutcpp")}
    rebuilt = {key: Substance.from_table(json.loads(json.dumps(table))) for key, table in tables.items()}
    assert (
        membrane_recipe(peo_formulation(rebuilt, eo_li=18, eo_sn=4)).to_json()
        == membrane_recipe(peo_formulation(FACTS, eo_li=18, eo_sn=4)).to_json()
    )


def test_a_recipe_as_a_table():
    table = {
        "polymer": "peo",
        "salts": {"litfsi": 18},
        "plasticisers": {"sn": 4},
        "additives": {"lidfob": "1 wt%"},
        "framework": {"cutcpp": 0.497},
    }
    answer = membrane_recipe(formulation_from_table(table, FACTS))
    assert answer.results["mass_fraction.sn"].value == pytest.approx(0.1234, abs=0.0002)
    layer = formulation_from_table({"parts": {"pan": 5, "sn": 2, "lidfob": 1}}, FACTS)
    assert layer.keys == ("pan", "sn", "lidfob")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"polymer": "peo", "salt": {}}, "unknown key 'salt'"),
        ({"polymer": "pe"}, "holds 'pe', which is not a known substance"),
        ({"salts": {"litfsi": 18}}, "neither a polymer nor mass parts"),
        ({"parts": {"pan": 1}, "salts": {"litfsi": 18}}, "also has 'salts'"),
        ({"polymer": "peo", "salts": ["litfsi"]}, "not a table"),
        ({"polymer": "peo", "salts": {"litfsi": [18]}}, "not a number"),
        ({"polymer": "peo", "salts": {"litfsi": "18 g"}}, "not a plain number"),
        ({"polymer": "peo", "additive_basis": "film"}, "additive basis 'film' is unknown"),
        ({"parts": {}}, "needs one polymer"),
    ],
)
def test_recipes_that_cannot_be_used(table, words):
    with pytest.raises(InputError, match=words):
        formulation_from_table(table, FACTS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"eo_li": 0}, "ratio of lithium bis.* is not larger than zero"),
        ({"eo_sn": -4}, "not larger than zero"),
        ({"framework": 49.7}, "Write 0.01 or '1 wt%' for one per cent"),
        ({"framework": -0.1}, "not from 0 to below 1"),
        ({"framework": 0.6, "lidfob": 0.4}, "leaves nothing for the rest"),
        ({"eo_li": Quantity(18, None, "g")}, "has a unit"),
    ],
)
def test_impossible_amounts(changes, words):
    with pytest.raises(InputError, match=words):
        laminate(**changes)


def test_other_refusals():
    with pytest.raises(InputError, match="Choose from: pores-filled, galleries-only, galleries-only-doubled"):
        membrane_recipe(laminate(), case="filled")
    with pytest.raises(InputError, match="chosen for 'litfs', which the guest does not hold"):
        membrane_recipe(laminate(), densities={"litfs": "crystal"})
    with pytest.raises(InputError, match="No density is known for lithium hexafluorophosphate"):
        membrane_recipe(polymer_formulation(FACTS["peo"], salts=[(FACTS["lipf6"], 18)]))
    with pytest.raises(InputError, match="holds 'litfsi' more than once"):
        polymer_formulation(FACTS["peo"], salts=[(FACTS["litfsi"], 18)], additives=[(FACTS["litfsi"], 0.1)])
    with pytest.raises(InputError, match="holds 'sn', which is not a known substance"):
        peo_formulation({"peo": FACTS["peo"]}, eo_li=18)
    with pytest.raises(InputError, match="is impossible"):
        molar_ratio_of_batch(FACTS["tcpp"], Quantity(0, None, "mg"), FACTS["sn"], Quantity(1, None, "mg"))


def test_a_guest_without_salt_is_said_to_be_one():
    answer = membrane_recipe(mass_parts_formulation([(FACTS["peo"], 1), (FACTS["sn"], 1)]))
    assert answer.results["salt_concentration.guest"].value == 0
    assert answer.warnings == ("The guest holds no salt: its salt concentration is zero.",)
    assert known_substance("peo").charge_carriers == 0
