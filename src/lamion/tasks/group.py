"""The tasks of one first word, as Python calls them: ``lamion.analyze.conductivity(...)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamion.tasks import catalogue

if TYPE_CHECKING:
    from lamion.tasks.declaring import Task


class Group:
    """Tasks by the second of their words, each imported when it is used.

    Parameters
    ----------
    word : str
        The first of their words.
    """

    def __init__(self, word: str) -> None:
        self._word = word

    def __getattr__(self, name: str) -> Task:
        if name.startswith("_"):
            raise AttributeError(name)
        words = f"{self._word} {name.replace('_', '-')}"
        if words not in catalogue.names():
            from lamion.tasks.declaring.value import did_you_mean

            near = did_you_mean(name, dir(self))
            raise AttributeError(f"lamion.{self._word} has no task '{name}'. {near}".strip())
        found = catalogue.find(words)
        setattr(self, name, found)
        return found

    def __dir__(self) -> list[str]:
        """Return the names of the tasks, for editors and notebooks."""
        words = (name.split(" ") for name in catalogue.names())
        return sorted(word[1].replace("-", "_") for word in words if word[0] == self._word and len(word) == 2)

    def __repr__(self) -> str:
        return f"lamion.{self._word}: {', '.join(dir(self))}"


analyze, simulate, design, audit = (Group(word) for word in catalogue.GROUPS)
