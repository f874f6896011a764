"""Every stored fact says what it is, where it holds, who says so and how sure that is."""

import json

import pytest

from lamion.quantities import InputError
from lamion.quantities import units as lamion_units
from lamion.substances import GRADES, Fact, Substance, known_substance, library

FACTS = [
    pytest.param(fact, id=f"{item.key}-{fact.property_name}-{fact.form}")
    for item in library().values()
    for fact in item.facts
]


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_complete(fact):
    lamion_units.check(fact.unit)
    assert fact.source.strip()
    assert fact.conditions.strip()
    assert fact.form.strip()
    assert fact.grade in GRADES
    assert fact.std is None or 0 <= fact.std < abs(fact.value)
    assert fact.quantity.source == fact.source


def test_forms_of_one_property_differ():
    for item in library().values():
        named = [(fact.property_name, fact.form) for fact in item.facts]
        assert len(named) == len(set(named)), item.key


def test_names_are_unique():
    names = [name.casefold() for item in library().values() for name in {item.key, item.name, *item.aliases}]
    for item in library().values():
        for name in (item.key, item.name, *item.aliases):
            assert known_substance(name.upper()) is item
    assert len({*names}) >= len(library())


# Molar masses in g/mol as printed by suppliers (rounded there to two decimals).
PRINTED = {
    "peo": 44.05,
    "sn": 80.09,
    "litfsi": 287.09,
    "lidfob": 143.77,
    "lipf6": 151.91,
    "lifsi": 187.07,
    "libob": 193.79,
    "libf4": 93.75,
    "liclo4": 106.39,
    "pan": 53.06,
    "pvdf": 64.03,
    "pcl": 114.14,
    "ec": 88.06,
    "pc": 102.09,
    "cutcpp": 975.36,
    "tcpp": 790.77,
    "copper_nitrate_trihydrate": 241.60,
    "alumina": 101.96,
    "silica": 60.08,
    "lithium": 6.94,
    "lfp": 157.76,
    "nmc622": 96.93,
}


@pytest.mark.parametrize(("key", "printed"), PRINTED.items())
def test_molar_mass_against_published_values(key, printed):
    assert known_substance(key).molar_mass.value == pytest.approx(printed, abs=0.011)


@pytest.mark.parametrize(("key", "capacity"), [("lfp", 169.9), ("nmc622", 276.5)])
def test_theoretical_capacity(key, capacity):
    assert known_substance(key).theoretical_capacity.value == pytest.approx(capacity, abs=0.05)


def test_theoretical_capacity_of_lithium():
    assert known_substance("lithium").theoretical_capacity.value == pytest.approx(3861, abs=1)


@pytest.mark.parametrize("item", library().values(), ids=lambda item: item.key)
def test_a_substance_survives_json(item):
    assert Substance.from_table(json.loads(json.dumps(item.to_table()))) == item


def test_an_own_substance():
    own = Substance.from_table(
        {
            "key": "mine",
            "molar_mass": "500 g/mol",
            "kind": "salt",
            "density": "1.5 ± 0.1 g/cm3",
            "facts": [{"property": "melting_point", "value": 80, "unit": "degC", "source": "own DSC", "grade": "A"}],
        }
    )
    assert own.molar_mass.value == 500
    assert own.charge_carriers == 1
    assert own.quantity("density").std == pytest.approx(0.1)
    assert own.fact("density").grade == "C"
    assert Substance.from_table(own.to_table()) == own


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"formula": "C"}, "has no key"),
        ({"key": "x"}, "neither a formula nor a molar mass"),
        ({"key": "x", "formula": "C", "colour": "red"}, "unknown key 'colour'"),
        ({"key": "x", "formula": "Xx2"}, "'Xx' is not an element"),
        ({"key": "x", "formula": "C", "density": "1.2"}, "has no unit"),
        ({"key": "x", "formula": "C", "density": "-1 g/cm3"}, "not larger than zero"),
        ({"key": "x", "formula": "C", "facts": "none"}, "not a list"),
        ({"key": "x", "formula": "C", "facts": [{"property": "density"}]}, "lacks value, unit"),
        ({"key": "x", "formula": "C", "facts": [{"property": "p", "value": "1", "unit": "1"}]}, "not a number"),
        ({"key": "x", "formula": "C", "facts": [{"property": "p", "value": 1, "unit": "zz"}]}, "not a unit"),
    ],
)
def test_tables_that_cannot_be_used(table, words):
    with pytest.raises(InputError, match=words):
        Substance.from_table(table)


def test_an_unknown_substance_lists_the_known_ones():
    with pytest.raises(InputError) as error:
        known_substance("litsfi")
    assert str(error.value).startswith("There is no substance called 'litsfi'. Known are: peo, sn, litfsi,")
    assert "define your own" in str(error.value)


def test_an_unknown_form_lists_the_known_ones():
    with pytest.raises(InputError, match="Known forms are 'crystal', 'supplier'"):
        known_substance("litfsi").fact("density", "melt")


def test_a_grade_is_one_of_the_scale():
    with pytest.raises(InputError, match="The grade 'Z' of the fact 'density' is unknown"):
        Fact("density", 1.0, None, "g/cm3", "x", "x", "x", "Z")


@pytest.mark.parametrize(("value", "unit", "words"), [(1.0, "g", "given in 'g'"), (-1.0, "g/cm3", "not larger")])
def test_a_density_is_a_positive_density(value, unit, words):
    with pytest.raises(InputError, match=words):
        Fact("density", value, None, unit, "x", "x", "x", "A")


def test_a_source_is_needed():
    with pytest.raises(InputError, match="has no source"):
        Fact("density", 1.0, None, "g/cm3", "x", "x", " ", "A")
