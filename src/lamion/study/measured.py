"""What every answer says of the files it was made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lamion.formats import FileContent
from lamion.quantities import Answer


def about_files(answer: Answer, contents: Iterable[FileContent]) -> Answer:
    """Add the readers' warnings to an answer, and call it synthetic where a file says that it is.

    Parameters
    ----------
    answer : Answer
        What was computed from the files.
    contents : iterable of FileContent
        What was read.

    Returns
    -------
    Answer
        With ``notes["synthetic"]`` true, and figures that say so, where any file is synthetic.
    """
    read = list(contents)
    warnings = (*(f"{content.name}: {text}" for content in read for text in content.warnings), *answer.warnings)
    if not any("synthetic" in content.metadata for content in read):
        return replace(answer, warnings=warnings)
    figures = {name: replace(f, title=f"Synthetic: {f.title}") for name, f in answer.figures.items()}
    return replace(answer, notes={"synthetic": True, **answer.notes}, warnings=warnings, figures=figures)
