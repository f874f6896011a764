"""Every command and every call that the documentation shows: the words are known, the calls run on the examples."""

import re
import shlex
from pathlib import Path

import pytest

import lamion
from lamion.cli.adapter import parser_of
from lamion.cli.main import VERBS, main, parser_of_own
from lamion.cli.parser import parse
from lamion.synthetic.examples import EXAMPLES, example
from lamion.tasks import catalogue

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ENDS = (";", "&&", "||", "|", "&", ">", ">>")


def _blocks(kind):
    return [
        (page.name, text) for page in PAGES for found, text in _BLOCK.findall(page.read_text("utf-8")) if found == kind
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
    for page, text in _blocks("sh")
    for words in _commands(text)
}  # fmt: skip
_CALLED = re.compile(r"(?<!from )(?<!import )\blamion\.(read|recipe|run|plot|analyze|simulate|design|audit)\b")
CALLS = [(page, text) for page, text in _blocks("python") if _CALLED.search(text)]


def test_commands_are_found_behind_folders_pipes_and_comments():
    text = 'x && .venv/bin/lamion run a --quick | tee b  # lamion no\nlamion read c \\\n  --csv "d e"\nlamion\n'
    assert _commands(text) == [["run", "a", "--quick"], ["read", "c", "--csv", "d e"], []]


def test_the_documentation_shows_commands():
    assert len(COMMANDS) > 30


@pytest.mark.parametrize("name", COMMANDS)
def test_a_documented_command_is_known(name):
    words = COMMANDS[name]
    if not words or (len(words) == 1 and words[0] in ("--help", "--version", "help", *catalogue.GROUPS)):
        return
    for count in (2, 1):
        verb = " ".join(words[:count])
        if verb in VERBS:
            parser = parser_of_own(verb)
        elif verb in catalogue.names():
            parser = parser_of(catalogue.find(verb))
        else:
            continue
        if "--help" not in words:
            parse(parser, words[count:])
        return
    pytest.fail(f"no verb is called {words[0]}")


def test_what_the_readme_shows_of_a_terminal_is_what_comes(tmp_path, monkeypatch, capsys):
    """Lines that are left out are one `…`; the others come in their order, whatever stands between two of them."""
    for name in EXAMPLES:
        (tmp_path / name).write_bytes(example(name))
    monkeypatch.chdir(tmp_path)
    (shown,) = [text for page, text in _blocks("console") if page == "README.md"]
    sessions = shown.split("$ lamion ")[1:]
    assert len(sessions) == 5
    for session in sessions:
        words, *lines = session.splitlines()
        assert main(shlex.split(words)) == 0
        came = capsys.readouterr().out.splitlines()
        expected = [line for line in lines if line != "…"]
        assert expected
        if lines[0] != "…":
            assert came[0] == lines[0]
        places = [came.index(line) for line in expected]
        assert places == sorted(places)


@pytest.mark.parametrize("place", range(len(CALLS)))
def test_a_documented_call_runs(place, tmp_path, monkeypatch):
    page, text = CALLS[place]
    for name in EXAMPLES:
        (tmp_path / name).write_bytes(example(name))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    exec(compile(text, page, "exec"), {"__name__": "documented", "lamion": lamion})  # noqa: S102
