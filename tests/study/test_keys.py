"""A step's key holds the code it can reach and no other, and what its numbers rest on spreads to whoever takes them."""

import importlib.metadata
import os
import shutil
from pathlib import Path

import pytest
from tests.study.conftest import STUDY
from tests.study.toy_plug_in import toy  # noqa: F401  A fixture.

import lamion
from lamion import code_keys, distributions
from lamion.code_keys import Code
from lamion.quantities import Answer
from lamion.study.plan import plan
from lamion.study.references import inputs
from lamion.study.study_file import Step
from lamion.study.verdicts import synthetic_steps
from lamion.tasks import catalogue

FOURTH = """
[[step]]
id = "fourth"
task = "audit formula"
formula = "2 * sigma"
values = { sigma = { step = "third", result = "value" } }
unit = "S/cm"
means = "four times that"
"""


@pytest.fixture
def copy(tmp_path):
    """Return a copy of lamion's code that a test may edit."""
    folder = tmp_path / "lamion"
    shutil.copytree(Path(lamion.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def keys(folder):
    code = Code(folder)
    return {name: code.reached(module).key for name, module in catalogue.built_in().items()}


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    # An edit within one tick of the clock that keeps the size is not seen by anybody.
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1_000_000_000))


def changed(folder, before):
    return {name for name, key in keys(folder).items() if key != before[name]}


# By hand: the tasks that read files, fit circuits, and take a cathode.
READING = {name for name in catalogue.built_in() if name.startswith("analyze ") and name != "analyze laminate"}
READING |= {"simulate cell", "simulate sensitivity"}
FITTING = {"analyze impedance", "analyze conductivity", "analyze arrhenius", "design conductivity", "design impedance"}
CATHODES = {"simulate cell", "analyze rate-table", "simulate sensitivity"}
NEITHER = {"recipe", "audit formula", "audit spread", "simulate laminate", "simulate energy"}


@pytest.mark.parametrize(
    ("file", "old", "new", "reaches"),
    [
        ("formats/gamry.py", "from __future__", "X = 1\nfrom __future__", READING),
        ("techniques/impedance/elements/constant_phase.py", "from __future__", "X = 1\nfrom __future__", FITTING),
        ("models/cells/cathodes.toml", "[", "# \n[", CATHODES),
        ("formats/text.py", "from __future__", "X = 1\nfrom __future__", READING),
    ],
)
def test_an_edit_changes_the_key_of_every_step_that_reaches_it(copy, file, old, new, reaches):
    before = keys(copy)
    edit(copy / file, old, new)
    found = changed(copy, before)
    assert reaches <= found
    if not reaches & NEITHER:
        assert not found & NEITHER
    assert found != set(catalogue.built_in()) or file == "formats/text.py"


def test_one_step_s_edit_is_its_own(copy):
    before = keys(copy)
    edit(copy / "tasks" / "recipe.py", "from __future__", "X = 1\nfrom __future__")
    assert changed(copy, before) == {"recipe"}


def test_the_report_and_the_command_line_change_no_answer(copy):
    before = keys(copy)
    for file in ("report/html.py", "cli/main.py", "study/runner.py"):
        edit(copy / file, "from __future__", "X = 1\nfrom __future__")
    edit(copy / "studies" / "lse_hfc" / "study.toml", "[study]", "# \n[study]")
    assert changed(copy, before) == set()


def test_docstrings_comments_and_layout_change_nothing(copy):
    before = keys(copy)
    edit(copy / "formats" / "gamry.py", '"""', '"""Another beginning. ')
    edit(copy / "hashing.py", "    return hashlib", "    # A comment.\n\n    return hashlib")
    assert changed(copy, before) == set()


@pytest.mark.parametrize(
    "indirect", ["import lamion.formats.gamry", "from . import gamry", "from .gamry import FORMAT"]
)
def test_imports_within_functions_and_relative_ones_are_followed(copy, indirect):
    (copy / "formats" / "own.py").write_text(f"def f():\n    {indirect}\n")
    (copy / "formats" / "by_text.py").write_text("TABLE = {'a': 'lamion.formats.own:f'}\n")
    reached = [path.name for path in Code(copy).reachable("lamion.formats.by_text")]
    assert {"by_text.py", "own.py", "gamry.py"} <= set(reached)


def test_a_name_taken_through_the_front_door_leads_everywhere(copy):
    (copy / "numerics" / "odd.py").write_text("from lamion import read\n")
    (copy / "numerics" / "even.py").write_text("from lamion import hashing\n")
    reached = {name: {p.name for p in Code(copy).reachable(f"lamion.numerics.{name}")} for name in ("odd", "even")}
    assert "gamry.py" in reached["odd"]
    assert "gamry.py" not in reached["even"]


def test_a_plug_in_s_code_counts_where_it_can_be_reached(toy):  # noqa: F811
    def of(name):
        return Code().reached(catalogue.find(name).module).key

    names = ("analyze conductivity", "recipe", "analyze toy-number")
    before = {name: of(name) for name in names}
    edit(toy / "lamion_toy" / "format.py", "False", "bool()")
    after = {name: of(name) for name in names}
    assert {name for name in before if before[name] != after[name]} == {"analyze conductivity", "analyze toy-number"}
    edit(toy / "lamion_toy-0.1.dist-info" / "METADATA", "0.1", "0.2")
    assert of("analyze conductivity") != after["analyze conductivity"]
    assert of("recipe") == before["recipe"]


def test_a_plug_in_reaches_what_it_imports_in_lamion(toy, copy):  # noqa: F811
    before = Code(copy).reached("lamion_toy.steps").key
    edit(copy / "quantities" / "quantity.py", "from __future__", "X = 1\nfrom __future__")
    assert Code(copy).reached("lamion_toy.steps").key != before
    before = Code(copy).reached("lamion_toy.steps").key
    edit(copy / "models" / "cells" / "cathodes.toml", "[", "# \n[")
    assert Code(copy).reached("lamion_toy.steps").key == before


def test_a_user_s_own_code_counts_with_what_it_reaches(tmp_path):
    own = tmp_path / "steps.py"
    own.write_text('"""Doc."""\nfrom lamion.formats import read\n')
    before = Code().reached_outside(own).key
    own.write_text('"""Another."""\nfrom lamion.formats import read\n')
    assert Code().reached_outside(own).key == before
    own.write_text("from lamion.formats import read\nx = 1\n")
    assert Code().reached_outside(own).key != before
    assert any("gamry" in name for name in Code().reached_outside(own).sources)


def test_a_module_beside_a_script_counts_for_own_code(tmp_path, monkeypatch):
    own, helper = tmp_path / "steps.py", tmp_path / "lamion_tests_helper.py"
    own.write_text("import lamion_tests_helper\n")
    helper.write_text("FACTOR = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = Code().reached_outside(own).key
    helper.write_text("FACTOR = 12\n")
    assert Code().reached_outside(own).key != before


def test_what_this_process_may_have_loaded_before_an_edit_is_never_shared(monkeypatch):
    honest = Code().reached("lamion.hashing").key
    monkeypatch.setattr(code_keys, "_BEGAN", 0)
    edited = Code().reached("lamion.hashing").key
    monkeypatch.setattr(code_keys, "_THIS_PROCESS", "another")
    assert len({honest, edited, Code().reached("lamion.hashing").key}) == 3


def test_test_tools_are_no_part_of_a_key(monkeypatch):
    required = importlib.metadata.requires("lamion")
    asked = distributions.runtime_requirements(required)
    assert {"numpy", "scipy", "pint"} <= set(asked)
    assert not {"pytest", "hypothesis", "ruff", "mypy", "import-linter", "pytest-xdist"} & set(asked)
    assert set(asked) == set(distributions.runtime_requirements([*required, 'new-tool>=1; extra == "test"']))
    code = Code()
    for module in catalogue.built_in().values():
        assert not {"pytest", "hypothesis", "dask", "distributed"} & set(code.reached(module).versions)


def test_a_version_counts_where_the_package_is_imported(monkeypatch):
    def of(name):
        return Code().reached(catalogue.built_in()[name]).key

    before = {name: of(name) for name in ("simulate cell", "recipe")}
    version = distributions._version
    monkeypatch.setattr(distributions, "_version", lambda name: "99" if name == "pybamm" else version(name))
    assert of("simulate cell") != before["simulate cell"]
    assert of("recipe") == before["recipe"]


def test_two_steps_of_one_study_draw_independently(bench):
    task = catalogue.find("simulate percolation")
    assert task.random
    study = bench.load()
    a, b, again = (inputs(Step(name, task, None, {}, {}), study, {}, {}, False).seed for name in ("a", "b", "a"))
    assert a == again
    assert a != b


def test_synthetic_spreads_to_every_step_that_takes_a_number_of_it(bench):
    bench.write(STUDY + FOURTH)
    study = bench.load()
    answers = dict.fromkeys(study.steps, Answer())
    answers["other"] = Answer(synthetic=True)
    assert synthetic_steps(study, plan(study), answers) == {"other", "third", "fourth"}
