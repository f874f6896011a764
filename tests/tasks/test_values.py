"""What people write for an option: each kind is read, or refused in a sentence."""

import math
from dataclasses import replace
from typing import Annotated

import numpy as np
import pytest

import lamion
from lamion.formats import RawFile
from lamion.quantities import Answer, InputError, Quantity
from lamion.synthetic.examples import example
from lamion.tasks import catalogue
from lamion.tasks.declaring import File, Option, task
from lamion.tasks.declaring.value import value_of


def _option(words, name):
    found = catalogue.find(words)
    return {**found.spelled, **found.parameters}[name]


NUMBER = _option("simulate diffraction", "march")
PLAIN = _option("simulate transport", "transference")
LENGTH = _option("simulate transport", "thickness")
RATES = _option("simulate cell", "rates")
WINDOW = _option("simulate cell", "window")
PRINTED = _option("design transference", "fraction")
SWITCH = _option("simulate transport", "picture")


@pytest.mark.parametrize("number", [np.float64(0.5), np.float32(0.5), np.array(0.5)])
def test_numbers_of_numpy_are_numbers(number):
    assert value_of(number, PLAIN).value == 0.5
    assert value_of(number, NUMBER) == 0.5
    assert value_of([number, number], RATES) == (0.5, 0.5)
    assert value_of({"a": number}, _option("audit spread", "readings"))["a"].value == 0.5


def test_arrays_and_columns_are_lists():
    assert value_of(np.array([0.5, 1.0]), RATES) == (0.5, 1.0)
    assert [item.value for item in value_of(np.array(["2.8 V", "4.3 V"]), WINDOW)] == [2.8, 4.3]
    pandas = pytest.importorskip("pandas")
    assert value_of(pandas.Series([0.5, 1.0]), RATES) == (0.5, 1.0)


def test_a_truth_of_numpy_is_a_truth_and_no_number():
    assert value_of(np.bool_(True), SWITCH) is True
    with pytest.raises(InputError, match="is not a number"):
        value_of(np.bool_(True), NUMBER)


def test_points_may_be_numbered():
    assert value_of([1, "4-6"], _option("analyze kk", "leave_out")) == ("1", "4-6")


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("0.78", 0.005),
        ("0.80", 0.005),
        (".8", 0.05),
        ("78 %", 0.005),
        ("78%", 0.005),
        ("7.8e-1", 0.005),
        ("7.8×10-1", 0.005),
    ],
)
def test_a_printed_number_has_the_rounding_of_its_digits(text, half):
    assert value_of(text, PRINTED).std == pytest.approx(half / math.sqrt(3))


def test_a_printed_number_may_touch_its_unit():
    option = _option("design conductivity", "conductivity")
    assert value_of("5.62e-4S/cm", option).std == pytest.approx(0.005e-4 / math.sqrt(3))


def test_a_number_has_no_printed_digits():
    """0.80 is 0.8 to Python and TOML."""
    assert value_of(0.80, PRINTED).std is None
    with pytest.raises(InputError, match="has no printed digits"):
        lamion.design.transference(
            conductivity="5e-4 S/cm",
            interface="24.5 ohm cm2",
            fraction=0.80,
            thickness="9 um",
            resistance_uncertainty="1 %",
            current_uncertainty="1 %",
        )


@pytest.mark.parametrize(
    "table",
    [{"value": None}, {"value": 9, "unit": 5}, {"value": 9, "std": "x", "unit": "um"}, {"value": True, "unit": "um"}],
)
def test_a_table_that_is_no_quantity_is_refused(table):
    with pytest.raises(InputError, match="is no quantity"):
        value_of(table, LENGTH)


def test_what_is_nested_too_deeply_is_refused():
    nested = 1.0
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(InputError, match="nested too deeply"):
        value_of(nested, RATES)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"Test Time / s": 1.0}, "'Test Time / s' of the table is no column"),
        ({"Test Time / s": "123"}, "is no column"),
        ({"Test Time / s": None}, "is no column"),
        ({"Test Time / s": [0, 1], "Voltage / V": [1]}, "'Test Time / s' 2, 'Voltage / V' 1"),
    ],
)
def test_what_is_no_table_is_refused(columns, said):
    with pytest.raises(InputError, match=said):
        File.of(columns)


def test_a_frame_needs_no_pandas():
    class Frame:
        """What polars and others share with pandas."""

        columns = ("Test Time / s", "Voltage / V")

        def to_dict(self, *, as_series=True):
            raise AssertionError("not the same everywhere")

        def __getitem__(self, title):
            return [0.0, 1.0, 2.0] if title == "Test Time / s" else [0.10, 0.05, 0.02]

    assert len(File.of(Frame()).read().records[0]) == 3


def test_two_columns_of_one_name_are_refused():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(InputError, match="two columns called 'a'"):
        File.of(pandas.DataFrame([[1, 2]], columns=["a", "a"]))


@pytest.mark.parametrize("seed", [-1, 1.5, "a", None, True])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(InputError, match="The seed"):
        lamion.simulate.percolation(size=4, seed=seed)


def test_an_option_has_no_word_of_steps_and_commands():
    def mine(sample: "Annotated[str, Option('a text')]") -> Answer:
        return Answer()

    with pytest.raises(TypeError, match="has an option called 'sample'"):
        task(results={}, evidence="x", example="")(mine)


def test_the_alias_is_one_option():
    with pytest.raises(InputError, match="'is' and 'i_s' are one option"):
        lamion.analyze.transference(**{"is": "1 mA", "i_s": "2 mA"})


IDLE = {
    "points of a table": ("analyze arrhenius", {"files": ["conductivities.csv"], "leave_out": "1"}, "beside a table"),
    "points beside numbers": (
        "analyze transference",
        {"bias": "10 mV", "i0": "1 mA", "i_s": "0.5 mA", "r0": "1 ohm", "rs": "1 ohm", "fmin": "1 Hz"},
        "The fmin is given beside numbers",
    ),
    "places of no series": ("analyze impedance", {"files": ["lithium_cell.csv"], "at": "25 degC"}, "Name the series"),
    "a grid of no simulation": (
        "simulate transport",
        {
            "thickness": "9 um",
            "concentration": "2 mol/L",
            "conductivity": "5e-4 S/cm",
            "transference": 0.5,
            "cells": 100,
        },
        "Current and time are missing",
    ),
}


@pytest.mark.parametrize("name", IDLE)
def test_an_option_that_would_do_nothing_is_refused(name):
    words, options, said = IDLE[name]
    given = {key: [example_file(item) for item in value] if key == "files" else value for key, value in options.items()}
    with pytest.raises(InputError, match=said):
        catalogue.find(words)(**given)


def example_file(name):
    """Return an example as a raw file."""
    return RawFile(name, example(name))


@pytest.mark.parametrize("thing", [object(), np.array([1.0]), Quantity("9 um")])
def test_a_thing_of_the_field_is_that_or_a_table(thing):
    with pytest.raises(InputError, match=r"not a (Formulation|table)"):
        lamion.recipe(recipe=thing)


def test_none_is_not_given():
    assert lamion.recipe(eo_li=18, framework=None, plasticiser=None)["density.guest"]


def test_numbers_that_lead_nowhere_are_one_paragraph(monkeypatch):
    task = lamion.recipe
    fails = replace(task, function=lambda **_: 1 / 0)
    with pytest.raises(InputError, match=r"The computation failed \(ZeroDivisionError: .*Check the numbers"):
        fails(eo_li=18)


def test_a_slip_of_the_unit_is_told_in_the_property_s_own_unit():
    with pytest.raises(InputError, match=r"The thickness is 9 km; it must be from 0\.0001 to 1e\+06 um"):
        lamion.simulate.impedance(thickness="9 km", conductivity="5e-4 S/cm", transference=0.4, concentration="2 mol/L")
