"""results.json is what its schema says, and the schema says no more than that."""

import copy
import json
from pathlib import Path

import pytest

from lamion.cli.main import main
from lamion.study import results_schema
from lamion.study.results import results_json, results_of

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")


@pytest.fixture(scope="module")
def validator():
    jsonschema.Draft202012Validator.check_schema(results_schema.schema())
    return jsonschema.Draft202012Validator(results_schema.schema())


@pytest.fixture
def written(bench):
    return json.loads(results_json(results_of(bench.run())))


def test_the_results_of_a_study_are_valid(validator, written):
    assert written["$schema"] == results_schema.NAME
    assert written["claims"]
    validator.validate(written)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found.pop("claims"),
        lambda found: found.update(extra=1),
        lambda found: found["claims"]["twice"].update(verdict="perhaps"),
        lambda found: found["claims"]["twice"].update(uncertainty=-1.0),
        lambda found: found["claims"]["twice"].pop("reason"),
        lambda found: found["steps"]["third"]["results"]["value"].update(value="much"),
        lambda found: found["steps"]["third"]["results"]["value"].update(interval=[1.0]),
        lambda found: found["steps"]["third"].update(warnings="one"),
    ],
)
def test_what_is_none_is_refused(validator, written, spoil):
    wrong = copy.deepcopy(written)
    spoil(wrong)
    assert not validator.is_valid(wrong)


def test_lamion_prints_it(capsys):
    assert main(["tasks", "--schema"]) == 0
    assert capsys.readouterr().out == results_schema.text()


def test_one_schema_serves_all_tasks(capsys):
    assert main(["tasks", "analyze", "kk", "--schema"]) == 2
    assert "--schema and 'analyze kk' were both given" in capsys.readouterr().err


def test_the_documentation_holds_the_same(request):
    page = Path(request.config.rootpath) / "docs" / "reference" / results_schema.NAME
    assert page.read_text(encoding="utf-8") == results_schema.text(), "run docs/generate.py"
