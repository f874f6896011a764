"""Published points: every one cited, in its unit, with its temperature; and how one's own stands among them."""

import re
from dataclasses import replace

import pytest

from lamion.quantities import InputError, Quantity, units
from lamion.substances.fact import GRADES
from lamion.substances.published import CELL, ELECTROLYTE, PublishedPoint, cited_cells, cited_electrolytes, standing

ROW = {"name": "A", "doi": "10.1000/1", "grade": "B", "temperature": "25 degC", "conductivity": "1 mS/cm"}
OWN = {"conductivity": Quantity("1 mS/cm"), "modulus": Quantity("1 GPa"), "thickness": Quantity("10 um")}
ROOM = Quantity("25 degC")


@pytest.mark.parametrize("point", [*cited_electrolytes(), *cited_cells()], ids=lambda one: one.name)
def test_every_point_is_cited_and_in_its_unit(point):
    assert re.fullmatch(r"10\.\d{4,9}/\S+", point.doi)
    assert point.seen
    assert point.grade in GRADES
    for name, value in point.values.items():
        wanted = {**ELECTROLYTE, **CELL}[name].unit
        assert units.same_dimension(value.unit, wanted)
        assert value.value > 0
    if "conductivity" in point.values:
        assert point.room or point.temperature is not None
        assert 1e-8 < point.values["conductivity"].to("S/cm").value < 0.1


def test_names_are_told_apart():
    names = [one.name for one in cited_electrolytes()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"doi": "a paper"}, "no DOI"),
        ({"grade": "D"}, "grade"),
        ({"temperature": None}, "without its temperature"),
        ({"colour": "red"}, "'colour' is not known"),
        ({"conductivity": "1 GPa"}, "GPa"),
    ],
)
def test_a_row_that_lacks_something_is_refused(change, said):
    row = {name: item for name, item in {**ROW, **change}.items() if item is not None}
    with pytest.raises(InputError, match=said):
        PublishedPoint.from_table(row, ELECTROLYTE)


def point(name, conductivity, modulus, thickness, temperature="25 degC"):
    row = {"conductivity": conductivity, "modulus": modulus, "thickness": thickness, "temperature": temperature}
    return PublishedPoint.from_table({**ROW, **row, "name": name}, ELECTROLYTE)


def test_a_conductivity_at_another_temperature_is_not_compared():
    warm = point("warm", "10 mS/cm", "10 GPa", "1 um", "60 degC")
    assert not standing(OWN, ROOM, [warm], ELECTROLYTE).complete
    assert standing(OWN, Quantity("60 degC"), [warm], ELECTROLYTE).beaten_by == ("warm",)
    said_room = point("room", "10 mS/cm", "10 GPa", "1 um", "room")
    assert said_room.comparable(ROOM)
    assert not said_room.comparable(Quantity("55 degC"))


def test_thinner_is_better_and_one_that_lacks_a_property_does_not_count():
    thin = point("thin", "1 mS/cm", "1 GPa", "5 um")
    lacking = replace(thin, name="lacking", values={"conductivity": Quantity("9 S/cm")})
    found = standing(OWN, ROOM, [thin, lacking], ELECTROLYTE)
    assert [one.name for one in found.complete] == ["thin"]
    assert dict(found.better) == {"conductivity": 0, "modulus": 0, "thickness": 1}
    assert found.beaten_by == ("thin",)


def test_trading_one_property_for_another_beats_nobody():
    stiff, quick = point("stiff", "0.1 mS/cm", "9 GPa", "10 um"), point("quick", "9 mS/cm", "0.1 GPa", "10 um")
    found = standing(OWN, ROOM, [stiff, quick], ELECTROLYTE)
    assert found.beaten_by == ()
    assert found.unbeaten == 2
