"""What every answer from files says of them, and what no set of files may hold.

Apart from :class:`File`, so that the key of a task without files does not hold the code of every reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from lamion.quantities import Answer, InputError


class Given(Protocol):
    """A file that a task was given."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def sha256(self) -> str:
        """Hash of what it holds."""


def noticed(contents: Iterable[Any], temperature: str = "") -> tuple[str, ...]:
    """Return the readers' warnings, each with its file; a doubted temperature with a sentence on the true one."""
    return tuple(f"{content.name}: {text}" for content in contents for text in content.noticed(temperature))


def about_files(answer: Answer, contents: Iterable[Any], temperature: str = "") -> Answer:
    """Add the readers' warnings to an answer, and call it synthetic where a file says that it is."""
    read = list(contents)
    warnings = (*noticed(read, temperature), *answer.warnings)
    if not any("synthetic" in content.metadata for content in read):
        return replace(answer, warnings=warnings)
    figures = {name: replace(f, title=f"Synthetic: {f.title}") for name, f in answer.figures.items()}
    return replace(answer, synthetic=True, warnings=warnings, figures=figures)


def refuse_repeated(files: Sequence[Given]) -> None:
    """Refuse the same measurement given twice: it would count as two cells that agree."""
    seen: dict[str, str] = {}
    for file in files:
        if file.sha256 in seen:
            raise InputError(
                f"{file.name} holds the same bytes as {seen[file.sha256]}.",
                "It was named twice, or copied.",
                "Give each file once.",
            )
        seen[file.sha256] = file.name
