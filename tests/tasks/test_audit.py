"""Printed numbers against each other: formulas, spreads, tables of readings."""

import math

import pytest

from lamion.quantities import InputError, Quantity
from lamion.tasks.audit.formula import formula
from lamion.tasks.audit.readings import readings
from lamion.tasks.audit.spread import spread


def test_a_formula_with_what_its_names_stand_for():
    """By hand: 5.62e-4 over 6.3."""
    values = {"sigma": Quantity(5.62e-4, None, "S/cm"), "ratio": "6.3 ± 0.03"}
    said = formula("sigma / ratio", values=values, unit="S/cm", means="a conductivity")
    assert said["value"].value == pytest.approx(8.9206e-5, rel=1e-4)
    assert said["value"].std == pytest.approx(8.9206e-5 * 0.03 / 6.3, rel=1e-4)
    assert said.means == "a conductivity"
    assert formula("2 * 3", values={}, unit="1").means == "2 * 3"


def test_values_as_the_command_line_writes_them():
    said = formula("a * b", values=["a=2 mA", "b = 50 ohm"], unit="V")
    assert said["value"].value == pytest.approx(0.1)
    with pytest.raises(InputError, match="names a twice"):
        formula("a", values=["a=2 mA", "a=3 mA"], unit="A")


def test_a_spread_is_the_standard_deviation_in_the_first_unit():
    said = spread({"one": "-0.5 eV", "two": Quantity(-700.0, None, "meV")}, means="a binding energy")
    assert said["value"].value == pytest.approx(-0.6)
    assert said["value"].std == pytest.approx(0.1 * math.sqrt(2))
    assert (said["lowest"].value, said["highest"].value) == pytest.approx((-0.7, -0.5))
    with pytest.raises(InputError, match="one reading has no spread"):
        spread({"one": "1 eV"}, means="nothing")


def test_readings_beside_a_printed_number():
    groups = {"PEO": {"printed": "-1.2 eV", "readings": {"near": "-1.1 eV", "far": "-300 meV"}}}
    said = readings(groups, heading="What it could mean", quantity="binding energy")
    assert said.notes["nearest"] == {"PEO": "near: -1.1 eV against -1.2 printed"}
    assert said.series["Computed over printed / 1"] == pytest.approx([1.1 / 1.2, 0.25])
    assert said.figures["readings"].title == "What it could mean"
    assert not readings.is_verb


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({"PEO": {"printed": "-1.2 eV"}}, "of PEO: 'readings' is missing"),
        ({"PEO": {"printed": "-1.2 eV", "readings": {}}}, "the group 'PEO' has no readings"),
        ({"PEO": {"printed": "-1.2 eV", "reading": {}}}, "'reading' is not known. Did you mean 'readings'?"),
        ({"PEO": "-1.2 eV"}, "is not a table"),
        ({}, "printed in no unit"),
        (
            {"a": {"printed": "1 eV", "readings": {"x": "1 eV"}}, "b": {"printed": "1 V", "readings": {"x": "1 V"}}},
            "printed in V and eV",
        ),
    ],
)
def test_groups_that_are_none(groups, said):
    with pytest.raises(InputError) as caught:
        readings(groups, heading="x")
    assert said in str(caught.value)
