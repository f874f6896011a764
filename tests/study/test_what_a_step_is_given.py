"""Options, files and references of a step: used, or refused; never dropped in silence."""

import pytest

from lamion.quantities import Answer, InputError, Quantity
from lamion.store import Store
from lamion.study.claims import Claim
from lamion.study.runner import run
from lamion.study.study_file import load_study
from lamion.study.verdicts import settle
from lamion.synthetic.examples import example

HEAD = """
[study]
title = "one"

[[sample]]
name = "film"
thickness = "9 um"
area = "2.01 cm2"
temperature = "30 degC"
recipe = { polymer = "peo", salts = { litfsi = 18 } }

[[step]]
id = "one"
sample = "film"
"""


@pytest.fixture
def study(tmp_path):
    """Run a study of one step."""
    for name in ("blocking_cell.csv", "lithium_cell.csv", "lithium_cell_after.csv"):
        (tmp_path / name).write_bytes(example(name))

    def go(text):
        (tmp_path / "study.toml").write_text(HEAD + text)
        outcome = run(load_study(tmp_path), Store(tmp_path / "store"), workers=1)
        if "one" in outcome.failed:
            raise outcome.failed["one"]
        return outcome.answers["one"]

    return go


WRONG = {
    "two files for one": (
        'task = "analyze kk"\nfile = "lithium*.csv"',
        "2 files match 'lithium.*', and 'file' takes one",
    ),
    "a table for a file": ('task = "analyze kk"\nfile = { name = "lithium_cell.csv" }', "is no record"),
    "a table for a file that may be left away": (
        'task = "analyze conductivity"\nfiles = ["blocking_cell.csv"]\nshort = { x = 1 }',
        "is no record",
    ),
    "two records for one file": (
        'task = "analyze kk"\nfile = [{ step = "b" }, { step = "b" }]\n[[step]]\nid = "b"\ntask = "analyze drt"\n'
        'file = "lithium_cell.csv"',
        "'file' takes one record, not 2",
    ),
    "a result that no task gives": (
        'task = "audit formula"\nformula = "2 * a"\nunit = "1"\nvalues = { a = { step = "b", result = "density" } }\n'
        '[[step]]\nid = "b"\ntask = "recipe"\nsample = "film"',
        "refers to the result 'density' of the step 'b', which `recipe` does not give",
    ),
    "the alias twice": ('task = "analyze transference"\nis = "1 mA"\ni_s = "2 mA"', "are one option"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_would_be_dropped_is_refused(study, name):
    text, said = WRONG[name]
    with pytest.raises(InputError, match=said):
        study(text)


def test_the_step_s_own_words_win_over_the_sample_s(study):
    from_sample, own = study('task = "recipe"'), study('task = "recipe"\neo_li = 36')
    name = "mass_fraction.litfsi"
    assert own.results[name].value < from_sample.results[name].value


def test_a_conductivity_takes_the_sample_s_temperature(study):
    answer = study('task = "analyze conductivity"\nfiles = ["blocking_cell.csv"]')
    assert "30" in str(answer.notes)


@pytest.mark.parametrize("word", ["is", "i_s"])
def test_the_steady_current_goes_by_both_of_its_names(study, word):
    text = 'task = "analyze transference"\nbias = "10 mV"\ni0 = "0.1 mA"\nr0 = "40 ohm"\nrs = "50 ohm"\n'
    assert study(f'{text}{word} = "0.05 mA"').results["current_fraction"].value == pytest.approx(0.4)


def test_a_result_that_was_not_reached_settles_nothing_and_ends_nothing():
    claim = Claim("c", "film", "time", "60", 60.0, "s", "predict")
    answer = Answer({"voltage": Quantity(1.0, None, "V")}, unreached={"depletion_time": "s"})
    verdict = settle(claim, answer, "depletion_time", "model", "one")
    assert (verdict.verdict, verdict.reason) == ("not computed", "The depletion time was not reached.")
