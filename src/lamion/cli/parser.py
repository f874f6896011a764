"""A parser whose errors are lamion's: one paragraph, the nearest word that would have done, exit status 2."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from lamion.cli.pages import Page
from lamion.quantities.errors import InputError


@dataclass(frozen=True)
class Argument:
    """One argument of a verb that is no task: what argparse takes of it.

    Parameters
    ----------
    names : tuple of str
        Its name, or an option's.
    settings : Mapping
        The rest.
    """

    names: tuple[str, ...]
    settings: Mapping[str, Any]


def argument(*names: str, **settings: Any) -> Argument:
    """Declare an argument of a verb that is no task, as :meth:`argparse.ArgumentParser.add_argument` takes it."""
    return Argument(names, settings)


class Parser(argparse.ArgumentParser):
    """An argument parser that raises what it has to say."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"formatter_class": Page, **settings})
        self._positionals.title = "arguments"

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong, as a paragraph, with the choice that was probably meant."""
        see = f"See `{self.prog} --help`."
        lacking = re.search(r"the following arguments are required: (.*)", message)
        if lacking:
            raise InputError(f"`{self.prog}` needs {lacking[1]}.", "", see)
        wrong = re.search(r"argument ([^:]*): invalid choice: '([^']*)' \(choose from (.*)\)", message)
        if wrong:
            known = re.findall(r"[^\s,']+", wrong[3])
            cause = f"{_near(wrong[2], known)} It can be: {', '.join(known)}.".strip()
            raise InputError(f"`{self.prog}`: {wrong[1]} cannot be '{wrong[2]}'.", cause, see)
        empty = re.search(r"argument ([^:]*): expected (?:at least )?one argument", message)
        if empty:
            raise InputError(f"`{self.prog}`: {empty[1]} needs a value behind it.", "", see)
        bad = re.search(r"argument ([^:]*): invalid int value: '([^']*)'", message)
        if bad:
            raise InputError(f"`{self.prog}`: {bad[1]} '{bad[2]}' is not a whole number.", "", see)
        raise InputError(f"`{self.prog}`: {message}.", "", see)

    def add_group(self, title: str, *, place: int) -> argparse._ArgumentGroup:
        """Begin a group of options after so many others; the help leaves it out where it stays empty."""
        group = self.add_argument_group(title)
        self._action_groups.insert(place, self._action_groups.pop())
        return group

    def declare(self, arguments: Iterable[Argument]) -> None:
        """Take what a verb declares."""
        for one in arguments:
            self.add_argument(*one.names, **one.settings)

    def flags(self) -> list[str]:
        """Return every option's name."""
        return [flag for action in self._actions for flag in action.option_strings if flag.startswith("--")]


def parse(parser: Parser, words: list[str], renamed: Mapping[str, str] | None = None) -> argparse.Namespace:
    """Parse what follows a verb; `renamed` says what options were called before, with what they are called now."""
    given, unknown = parser.parse_known_args(_with_negative_values(words))
    if unknown:
        word = unknown[0].partition("=")[0]
        now = {f"--{old.replace('_', '-')}": new.replace("_", "-") for old, new in (renamed or {}).items()}
        if word in now:
            raise InputError(f"`{word}` is called `--{now[word]}` now.", "", f"See `{parser.prog} --help`.")
        near = _near(word, parser.flags()) if word.startswith("-") else ""
        raise InputError(f"`{parser.prog}` does not know '{word}'.", near, f"See `{parser.prog} --help`.")
    return given


def _near(word: str, known: list[str]) -> str:
    from lamion.tasks.declaring.value import did_you_mean

    # The hyphens that all options share say nothing of how near they are.
    near = did_you_mean(word.lstrip("-"), [flag.lstrip("-") for flag in known])
    return near.replace("'", "'--", 1) if near and word.startswith("--") else near


def _with_negative_values(words: list[str]) -> list[str]:
    """Join an option and a value such as -9um, which argparse would take for another option."""
    joined: list[str] = []
    for word in words:
        if joined and re.match(r"-[\d.]", word) and joined[-1].startswith("--") and "=" not in joined[-1]:
            joined[-1] = f"{joined[-1]}={word}"
        else:
            joined.append(word)
    return joined
