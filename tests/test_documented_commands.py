"""Every command and every call that the documentation shows: the words are known, the calls run on the examples."""

import functools
import re
import shlex
from pathlib import Path

import pytest

import lamion
from lamion.cli.adapter import parser_of
from lamion.cli.main import VERBS, parser_of_own
from lamion.cli.parser import parse
from lamion.synthetic.examples import EXAMPLES, example
from lamion.tasks import catalogue

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.relative_to(DOCS).parts),
    *sorted((DOCS / "gallery").glob("*.py")),
]
_BLOCK = re.compile(r"^```(\{?\w+\}?)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`+([^`]+)`+")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
_ENDS = (";", "&&", "||", "|", "&", ">", ">>")


def _blocks(*kinds):
    return [
        (page.relative_to(ROOT).as_posix(), text)
        for page in PAGES
        for found, text in _BLOCK.findall(page.read_text("utf-8"))
        if found in kinds
    ]


def _commands(text):
    """Find the words of each `lamion ...` in a block of shell, without comments, pipes and what is behind them."""
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars="&|;<>")
        lexer.whitespace_split = True
        words = list(lexer)
        for place, word in enumerate(words):
            starts = place == 0 or words[place - 1] in _ENDS
            if starts and Path(word).name == "lamion":
                rest = words[place + 1 :]
                end = next((n for n, one in enumerate(rest) if one in _ENDS), len(rest))
                found.append(rest[:end])
    return found


COMMANDS = {
    f"{page}: lamion {' '.join(words)}": words
    for page, text in _blocks("sh", "{lamion}")
    if not text.startswith(":refused:")  # What is shown to be refused, the site's build runs.
    for words in _commands(text)
}  # fmt: skip
_CALLED = re.compile(r"(?<!from )(?<!import )\blamion\.(read|recipe|run|plot|analyze|simulate|design|audit)\b")
CALLS = [(page, text) for page, text in _blocks("python") if _CALLED.search(text)]
SCRIPTS = [page for page in PAGES if page.suffix == ".py"]


def test_commands_are_found_behind_folders_pipes_and_comments():
    text = 'x && .venv/bin/lamion run a --quick | tee b  # lamion no\nlamion read c \\\n  --csv "d e"\nlamion\n'
    assert _commands(text) == [["run", "a", "--quick"], ["read", "c", "--csv", "d e"], []]


def test_the_documentation_shows_commands():
    assert len(COMMANDS) > 30


def test_commands_that_the_site_runs_are_found():
    page, text = next(found for found in _blocks("{lamion}") if found[0] == "docs/begin/spectrum.md")
    assert f"{page}: lamion new files --examples" in COMMANDS, text


@functools.cache
def _parser(verb):
    return parser_of_own(verb) if verb in VERBS else parser_of(catalogue.find(verb))


def _verb(words):
    """Find the verb that a command begins with, and the words behind it."""
    for count in (2, 1):
        verb = " ".join(words[:count])
        if verb in VERBS or verb in catalogue.names():
            return verb, words[count:]
    return "", words


@pytest.mark.parametrize("name", COMMANDS)
def test_a_documented_command_is_known(name):
    words = COMMANDS[name]
    if not words or (len(words) == 1 and words[0] in ("--help", "--version", "help", *catalogue.GROUPS)):
        return
    verb, rest = _verb(words)
    assert verb, f"no verb is called {words[0]}"
    if "--help" not in rest:
        parse(_parser(verb), rest)


@functools.cache
def _every_option():
    parsers = [_parser(verb) for verb in (*VERBS, *catalogue.names())]
    return {option for parser in parsers for option in parser._option_string_actions} | {"--help", "--version"}


def _unknown_options(prose):
    """Find the options that inline code names and no verb has; of `lamion VERB ...`, those that this verb has not."""
    unknown = []
    for span in _SPAN.findall(_BLOCK.sub("", prose)):
        words = span.split()
        if words and (words[0] == "lamion" or words[0].startswith("--")):
            verb, rest = _verb(words[1:]) if words[0] == "lamion" else ("", words)
            known = {*_parser(verb)._option_string_actions, "--help"} if verb else _every_option()
            unknown += [option for option in _OPTION.findall(" ".join(rest)) if option not in known]
    return unknown


def test_options_that_no_verb_has_are_found_in_prose():
    prose = (
        "`--leave-out 1`, `pip --no-such`, `lamion analyze kk --cycle 2 --rates 1`\n```sh\n--not-prose\n```\n`--leave`"
    )
    assert _unknown_options(prose) == ["--rates", "--leave"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_option_in_prose_is_known(page):
    assert not _unknown_options(page.read_text("utf-8"))


@pytest.fixture
def examples(tmp_path, monkeypatch):
    """Stand in a folder with the examples' files, and with a folder of them as the gallery's scripts have it."""
    (tmp_path / "files").mkdir()
    for name in EXAMPLES:
        for folder in (tmp_path, tmp_path / "files"):
            (folder / name).write_bytes(example(name))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")


@pytest.mark.usefixtures("examples")
@pytest.mark.parametrize("place", range(len(CALLS)))
def test_a_documented_call_runs(place):
    page, text = CALLS[place]
    exec(compile(text, page, "exec"), {"__name__": "documented", "lamion": lamion})  # noqa: S102


@pytest.mark.usefixtures("examples")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_an_example_runs(script):
    exec(compile(script.read_text("utf-8"), script.name, "exec"), {"__name__": "documented"})  # noqa: S102
