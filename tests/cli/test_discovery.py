"""How people find what lamion can do."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lamion.cli.completion import candidates
from lamion.cli.main import VERBS, known
from lamion.tasks import catalogue

ASCII_KEYS = {"type", "unit", "required", "default", "choices", "minimum", "maximum", "many", "example", "help"}


def test_lamion_alone_shows_how_to_begin(lamion):
    said = lamion()
    assert said.status == 0
    lines = said.out.splitlines()
    assert len(lines) <= 18
    assert max(map(len, lines)) <= 100
    assert sum(line.startswith("  lamion ") for line in lines) == 3
    for word in ("analyze", "simulate", "--help"):
        assert word in said.out


def test_help_lists_every_verb_once_in_its_group(lamion):
    said = lamion("--help").out
    for verb in known():
        assert sum(line.startswith(f"  {verb}  ") for line in said.splitlines()) == 1, verb
    assert said == lamion("help").out


def test_help_imports_no_task(tmp_path):
    code = "import sys; from lamion.cli.main import main; main(sys.argv[1:]); print(sorted(sys.modules))"
    for words in (["--help"], [], ["analyze"], ["--complete", "analyze", ""]):
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
        modules = done.stdout.rpartition("\n['")[2]
        for heavy in ("numpy", "pint", "rich", "lamion.tasks.declaring", "lamion.tasks.recipe", "importlib.metadata"):
            assert f"'{heavy}'" not in modules


@pytest.mark.parametrize("group", ["analyze", "simulate", "design"])
def test_a_group_lists_its_own(lamion, group):
    said = lamion(group)
    assert said.status == 0
    assert said.out == lamion(group, "--help").out == lamion("help", group).out
    own = [verb for verb in known() if verb.startswith(f"{group} ")]
    assert all(f"  {verb} " in said.out for verb in own)
    assert not any(f"  {verb} " in said.out for verb in known() if verb not in own)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["analyse", "kk", "a.txt"], "analyze kk"),
        (["analyze", "kkk"], "analyze kk"),
        (["analyze", "conductivty"], "analyze conductivity"),
        (["conductivity", "a.mpt"], "analyze conductivity"),
        (["simulat", "energy"], "simulate energy"),
        (["reciepe"], "recipe"),
        (["analize"], "analyze"),
        (["recipe", "--eo-lii", "18"], "--eo-li"),
        (["analyze", "impedance", "a.z", "--circiut", "R0"], "--circuit"),
        (["tasks", "analyze", "kkk"], "analyze kk"),
        (["completion", "bsh"], "bash"),
    ],
)
def test_a_misspelt_word_gets_the_right_one(lamion, words, meant):
    said = lamion(*words)
    assert said.status == 2
    assert f"Did you mean '{meant}'?" in said.err
    assert said.err.count("\n") == 1


def test_a_misspelt_choice_gets_the_right_one(lamion, spectrum_file):
    said = lamion("analyze", "impedance", spectrum_file, "--weighting", "modulos")
    assert said.status == 2
    assert "Did you mean 'modulus'?" in said.err


def test_tasks_are_listed_with_what_they_are(lamion):
    said = lamion("tasks")
    assert said.status == 0
    lines = said.out.splitlines()
    for name in catalogue.names():
        found = [line for line in lines if line.startswith(f"{name}  ")]
        assert len(found) == 1
        assert len(found[0]) <= 100
        assert catalogue.find(name).is_verb != found[0].endswith(" (step only)")


def test_tasks_as_json(lamion):
    said = json.loads(lamion("tasks", "--json").out)
    assert set(said) == {"tasks"}
    assert list(said["tasks"]) == catalogue.names()
    for form in said["tasks"].values():
        assert set(form) == {"help", "options", "results", "records", "extra"}
        for option in form["options"].values():
            assert set(option) - {"of"} == ASCII_KEYS
    conductivity = said["tasks"]["analyze conductivity"]
    assert conductivity["records"] == {"files": ["ImpedanceSpectrum"], "short": ["ImpedanceSpectrum"]}
    assert conductivity["options"]["thickness"]["unit"] == "um"
    assert conductivity["options"]["thickness"]["required"] is True
    assert conductivity["options"]["files"]["many"] is True
    assert conductivity["results"]["conductivity"]["headline"] is True
    assert "is" in said["tasks"]["analyze transference"]["options"]
    assert said["tasks"]["recipe"]["options"]["eo_li"]["of"] == "recipe"
    assert said["tasks"]["analyze impedance"]["options"]["weighting"]["choices"][0] == "modulus"


def test_every_analysis_says_which_records_its_files_hold():
    from lamion import records

    for name in catalogue.names():
        found = catalogue.find(name)
        for parameter in found.parameters.values():
            no_record = parameter.name in ("components", "results_file", "structure")  # tables of a fit, a crystal
            if parameter.kind == "file" and name.startswith("analyze ") and not no_record:
                assert parameter.option.records, (name, parameter.name)
            assert all(hasattr(records, kind) or kind for kind in parameter.option.records)


def test_one_task_is_shown_as_its_help(lamion, capsys):
    said = lamion("tasks", "analyze kk")
    assert "usage: lamion analyze kk" in said.out
    assert lamion("tasks", "analyze", "kk").out == said.out
    assert list(json.loads(lamion("tasks", "analyze kk", "--json").out)["tasks"]) == ["analyze kk"]


def test_tasks_of_a_study(lamion, tmp_path, monkeypatch):
    assert lamion("new", tmp_path / "film").status == 0
    assert lamion("tasks", tmp_path / "film").status == 0
    monkeypatch.setattr("lamion.cli.tasks.own_tasks", lambda folder: {"own triplet": "The three energies"})
    assert "own triplet  " in lamion("tasks", tmp_path / "film").out


def test_words_are_completed():
    every = known()
    assert candidates([""], every) == sorted({verb.split()[0] for verb in every})
    assert candidates(["ana"], every) == ["analyze"]
    assert "kk" in candidates(["analyze", ""], every)
    assert candidates(["analyze", "kk", "--amp"], every) == ["--amplitude-pair", "--amplitudes"]
    assert candidates(["analyze", "impedance", "--weighting", "m"], every) == ["modulus"]
    assert candidates(["read", "--j"], every) == ["--json"]
    assert candidates(["read", "cell"], every) == []
    assert candidates(["completion", ""], every) == ["bash", "fish", "zsh"]
    assert candidates(["nonsense", ""], every) == []
    assert candidates(["-"], every) == ["--help", "--version"]


def test_completion_of_unknown_words_says_nothing(lamion):
    said = lamion("--complete", "analyze", "k")
    assert said.out == "kissinger\nkk\n"
    assert said.status == 0


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_completion_in_bash(lamion, tmp_path):
    script = lamion("completion", "bash").out
    command = tmp_path / "lamion"
    source = Path(__file__).parents[2] / "src"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{source}" exec "{sys.executable}" -m lamion "$@"\n')
    command.chmod(0o755)
    (tmp_path / "cell.mpt").write_text("")

    def completed(*words):
        said = " ".join(f"'{word}'" for word in words)
        ask = f'COMP_WORDS=(lamion {said}); COMP_CWORD={len(words)}; _lamion_complete; echo "${{COMPREPLY[@]}}"'
        code = f'PATH="{tmp_path}:$PATH"; cd "{tmp_path}"; {script}\n{ask}'
        return subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True).stdout.split()  # noqa: S607

    assert completed("ana") == ["analyze"]
    assert completed("analyze", "k") == ["kissinger", "kk"]
    assert completed("analyze", "kk", "cell") == ["cell.mpt"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_get_a_script_that_asks_lamion(lamion, shell):
    said = lamion("completion", shell)
    assert "lamion --complete" in said.out
    if shutil.which(shell):
        subprocess.run([shell, "-n", "-c", said.out], check=True)


def test_version_tells_plug_ins(lamion, monkeypatch):
    from importlib.metadata import EntryPoint, EntryPoints

    from lamion.cli import version

    point = EntryPoint("analyze.mine", "my_package:task", "lamion.tasks")
    monkeypatch.setattr(version, "entry_points", lambda: EntryPoints([point]))
    said = lamion("--version").out.splitlines()
    assert said[1] == "plug-ins, tasks: analyze.mine (from a package)"
    assert any(line.startswith("extras installed: ") for line in said)


def test_verbs_that_are_no_tasks_are_in_the_table():
    assert {"read", "run", "tasks", "completion", "new", "reproduce"} <= set(VERBS)
