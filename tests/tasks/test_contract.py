"""One contract for all tasks: declared once, a task is a verb, a step and a Python call with the same options."""

import json
import keyword
import shlex

import pytest

from lamion.cli.adapter import parser_of
from lamion.cli.main import main
from lamion.cli.parser import parse
from lamion.quantities import Answer, units
from lamion.synthetic.examples import EXAMPLES, example
from lamion.tasks import catalogue
from lamion.tasks.declaring.option import RESERVED

NAMES = list(catalogue.built_in())
RUN = [name for name in NAMES if catalogue.find(name).example]


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A folder with the files that examples name."""
    made = tmp_path_factory.mktemp("examples")
    for name in EXAMPLES:
        (made / name).write_bytes(example(name))
    return made


@pytest.fixture(autouse=True)
def _here(folder, monkeypatch):
    monkeypatch.chdir(folder)


def _options(task):
    return [*task.parameters.values(), *task.spelled.values()]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_declared_as_people_need_it(name):
    task = catalogue.find(name)
    assert task.name == name
    assert task.help == catalogue.help_line(name)
    assert 10 < len(task.help) < 100
    assert task.evidence
    assert task.headline or not task.results, "no result is what people ask for first"
    for option in _options(task):
        assert option.name not in RESERVED
        assert not keyword.iskeyword(option.name)
        assert option.name == option.name.lower()
        assert option.option.help
        assert not option.option.help.endswith(".")
        for unit in option.option.units:
            units.check(unit)
    for pattern, result in task.results.items():
        assert result.meaning
        assert not result.leaves_out or (pattern.endswith(".*") and task.parameters[result.leaves_out].named)
        if result.unit:
            units.check(result.unit)


@pytest.mark.parametrize("name", RUN)
def test_its_verb_helps_with_every_option(name, capsys):
    task = catalogue.find(name)
    with pytest.raises(SystemExit) as caught:
        main([*name.split(), "--help"])
    assert caught.value.code == 0
    said = capsys.readouterr().out
    assert f"usage: lamion {name}" in said
    for option in _options(task):
        if option.option.noun is None and not option.option.table and not option.option.positional:
            assert option.flag in said


@pytest.fixture(scope="module")
def said():
    """What each example answers on the command line, by name."""
    return {}


def _verb(name, said, capsys):
    if name not in said:
        status = main([*name.split(), *shlex.split(catalogue.find(name).example), *_quick(name), "--json"])
        captured = capsys.readouterr()
        assert status == 0, captured.err
        said[name] = json.loads(captured.out, parse_constant=pytest.fail)
    return said[name]


def _quick(name):
    return ["--quick"] if catalogue.find(name).quick else []


def _given(name):
    """Return the options that the example gives, as texts, lists and switches."""
    task = catalogue.find(name)
    given = vars(parse(parser_of(task), shlex.split(task.example)))
    return {key: item for key, item in given.items() if key in task.parameters or key in task.spelled}


@pytest.mark.parametrize("name", RUN)
def test_its_example_runs_and_gives_what_it_declares(name, said, capsys):
    task, answer = catalogue.find(name), _verb(name, said, capsys)
    assert answer["results"]
    for result, item in answer["results"].items():
        assert task.gives(result), f"{result} is not declared"
        wanted = task.result(result).unit
        assert not wanted or units.same_dimension(item["unit"], wanted), f"{result} is in {item['unit']}"
    declared_first = [
        pattern for pattern in task.headline if any(_fits(result, pattern) for result in answer["results"])
    ]
    assert declared_first, "no headline result came"
    assert Answer.from_json(answer).to_json() == answer


def _fits(result, pattern):
    from fnmatch import fnmatchcase

    return fnmatchcase(result, pattern)


def _differing(one, other, path=""):
    """Name the first place where two JSON values differ, numbers apart that agree to 9 digits."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return f"{path}: {sorted(one.keys() ^ other.keys())}"
        return next((found for key in one if (found := _differing(one[key], other[key], f"{path}/{key}"))), "")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return next(
            (
                found
                for n, (a, b) in enumerate(zip(one, other, strict=True))
                if (found := _differing(a, b, f"{path}/{n}"))
            ),
            "",
        )
    if isinstance(one, float) or isinstance(other, float):
        return (
            ""
            if one is not None and other is not None and float(one) == pytest.approx(float(other), rel=1e-8, abs=1e-300)
            else f"{path}: {one} {other}"
        )
    return "" if one == other else f"{path}: {one!r} {other!r}"


@pytest.mark.parametrize("name", RUN)
def test_its_python_call_says_the_same(name, said, capsys):
    task = catalogue.find(name)
    words = {"quick": True} if task.quick else {}
    assert not _differing(json.loads(json.dumps(task(**_given(name), **words).to_json())), _verb(name, said, capsys))


@pytest.mark.parametrize("name", RUN)
def test_its_step_says_the_same(name, said, capsys, folder):
    task = catalogue.find(name)
    lines = [f"{task_word(key)} = {_toml(item, task, key)}" for key, item in _given(name).items()]
    random = ["seed = 0"] if task.random else []
    text = "\n".join(
        ['[study]\ntitle = "one"\n[[sample]]\nname = "film"\n[[step]]\nid = "one"', f'task = "{name}"', *random, *lines]
    )
    path = folder / f"{name.replace(' ', '-')}.toml"
    path.write_text(text + "\n", encoding="utf-8")
    out = folder / f"{path.stem}-results"
    assert main(["run", str(path), "--out", str(out), "--workers", "1", *_quick(name)]) == 0, capsys.readouterr().err
    capsys.readouterr()
    step = json.loads((out / "results.json").read_text())["steps"]["one"]
    kept = {key: step[key] for key in ("results", "series", "notes", "warnings")}
    assert not _differing(kept, _verb(name, said, capsys))


def task_word(name):
    return {"i_s": "is"}.get(name, name)


def _toml(item, task, name):
    option = {**task.spelled, **task.parameters}[name]
    if option.named:
        pairs = [text.partition("=") for text in item]
        return "{ " + ", ".join(f'"{key}" = {json.dumps(value)}' for key, _, value in pairs) + " }"
    if option.kind == "file" and option.many:
        return json.dumps(item)
    return json.dumps(item, ensure_ascii=False)
