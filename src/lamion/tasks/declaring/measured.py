"""What every answer from files says of them, and what no set of files may hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lamion.formats import FileContent
from lamion.quantities import Answer, InputError
from lamion.tasks.declaring.file import File


def about_files(answer: Answer, contents: Iterable[FileContent]) -> Answer:
    """Add the readers' warnings to an answer, and call it synthetic where a file says that it is.

    Parameters
    ----------
    answer : Answer
        What was computed from the files.
    contents : iterable of FileContent
        What was read.
    """
    read = list(contents)
    warnings = (*(f"{content.name}: {text}" for content in read for text in content.warnings), *answer.warnings)
    if not any("synthetic" in content.metadata for content in read):
        return replace(answer, warnings=warnings)
    figures = {name: replace(f, title=f"Synthetic: {f.title}") for name, f in answer.figures.items()}
    return replace(answer, synthetic=True, warnings=warnings, figures=figures)


def refuse_repeated(files: Sequence[File]) -> None:
    """Refuse the same measurement given twice: it would count as two cells that agree.

    Parameters
    ----------
    files : sequence of File
        What was given for one option.

    Raises
    ------
    InputError
        Naming the two files.
    """
    seen: dict[str, str] = {}
    for file in files:
        sha256 = file.content.sha256 if file.content is not None else file.raw.sha256
        if sha256 in seen:
            raise InputError(
                f"{file.name} holds the same bytes as {seen[sha256]}.",
                "It was named twice, or copied.",
                "Give each cell's own file once.",
            )
        seen[sha256] = file.name
