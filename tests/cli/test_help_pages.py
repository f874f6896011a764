"""Help pages: a short usage, nothing wider than 100 columns, examples that can be copied, words instead of codes."""

import shlex

import pytest

from lamion.cli.adapter import parser_of
from lamion.cli.main import VERBS, main, parser_of_own
from lamion.cli.pages import example, usage
from lamion.tasks import catalogue

TASKS = [name for name in catalogue.names() if catalogue.find(name).is_verb]


def _page(name):
    return (parser_of_own(name) if name in VERBS else parser_of(catalogue.find(name))).format_help()


@pytest.mark.parametrize("name", [*VERBS, *TASKS])
def test_a_page_is_no_wider_than_100_columns(name):
    wide = [line for line in _page(name).splitlines() if len(line) > 100]
    assert wide == []


@pytest.mark.parametrize("words", [[], ["--help"], ["analyze"], ["simulate"], ["design"], ["audit"], ["tasks"]])
def test_a_list_is_no_wider_than_100_columns(words, capsys):
    assert main(words) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if len(line) > 100] == []


@pytest.mark.parametrize("name", TASKS)
def test_the_usage_is_what_a_verb_needs(name):
    task = catalogue.find(name)
    head = _page(name).partition("\n\n")[0]
    assert head.startswith(f"usage: lamion {name}")
    assert head.endswith("[options]")
    for parameter in task.parameters.values():
        if parameter.required and parameter.kind not in ("noun", "table") and not parameter.option.positional:
            assert f"{parameter.flag} " in head


@pytest.mark.parametrize("name", TASKS)
def test_the_example_on_the_page_is_the_tasks_own_command(name):
    shown = _page(name).partition("example")[2].partition("\n")[2]
    assert shlex.split(shown.replace("\\\n", " "))[1:] == [*name.split(), *shlex.split(catalogue.find(name).example)]


def test_a_page_says_where_the_files_of_its_example_come_from():
    assert "example, on the files of `lamion new DIR --examples`:" in _page("analyze conductivity")
    assert "\nexample:\n" in _page("recipe")


def test_what_is_needed_stands_first_and_says_that_a_sample_may_give_it():
    page = _page("analyze conductivity")
    needed, _, others = page.partition("needed, unless --sample gives it:")[2].partition("options:")
    assert "--thickness VALUE" in needed
    assert "--area VALUE" in needed
    assert "--temperature VALUE" in others


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("analyze impedance", "--circuit CIRCUIT"),
        ("analyze impedance", "--at VALUE,..."),
        ("analyze kk", "--columns KEY=N,..."),
        ("analyze kk", "--leave-out N,..."),
        ("audit formula", "--formula FORMULA"),
        ("simulate cell", "--window VALUE [VALUE ...]"),
        ("design impedance", "--values NAME=VALUE"),
        ("read", "--columns KEY=N,..."),
        ("recipe", '"pores-filled"'),
    ],
)
def test_metavars_say_what_is_written(verb, said):
    assert said in _page(verb)


def test_verbs_that_are_no_tasks_have_examples_too():
    for verb in ("read", "new", "run", "reproduce", "tasks"):
        assert "\nexamples:\n  lamion " in _page(verb)


def test_an_example_breaks_before_an_option_and_not_within_quotes():
    command = 'lamion simulate cell --one-c "1.30 mA/cm2" ' + " ".join(f'--option-{n} "a b"' for n in range(9))
    lines = example(command).splitlines()
    assert all(line.endswith(" \\") for line in lines[:-1])
    assert all(line.startswith("      --") for line in lines[1:])
    assert shlex.split(example(command).replace("\\\n", " ")) == shlex.split(command)


def test_a_long_usage_hangs():
    lines = usage("lamion x", [f"--option-{n} VALUE" for n in range(12)]).splitlines()
    assert len(lines) > 1
    assert all(line.startswith("       --") for line in lines[1:])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["read"], "`lamion read` needs FILE."),
        (["completion", "bahs"], "SHELL cannot be 'bahs'. Did you mean 'bash'? It can be: bash, zsh, fish."),
        (["run", "x", "--out"], "`lamion run`: --out needs a value behind it."),
        (["run", "x", "--details"], "--details shows more of one step."),
        (["analyze", "kk", "a.csv", "b.csv"], "`lamion analyze kk` does not know 'b.csv'."),
    ],
)
def test_a_mistake_in_the_words_is_said_in_words(lamion, words, said):
    answer = lamion(*words)
    assert answer.status == 2
    assert said in answer.err
