"""The steps of a run as the report shows them: chapter by chapter, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from lamion.quantities import Answer
from lamion.quantities.answer_json import said_in_notes
from lamion.quantities.formatting import format_number
from lamion.quantities.showing import label
from lamion.report.claim_views import verdicts_by_step
from lamion.study.results import Results

_REST = "Properties"
_LONGEST_TABLE = 40

View = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """A drawn figure.

    Parameters
    ----------
    step : str
        The step it belongs to.
    name : str
        The name of its file.
    title : str
        What it shows.
    svg : bytes
        For light and for dark paper.
    """

    step: str
    name: str
    title: str
    svg: bytes


def chapters_of(results: Results, pictures: Sequence[Picture]) -> list[View]:
    """Sort the steps into the study's chapters; what fits none comes last.

    Parameters
    ----------
    results : Results
        Of the run.
    pictures : sequence of Picture
        Of all steps.
    """
    study, answers = results.outcome.study, results.outcome.answers
    judged = verdicts_by_step(results)
    titles = {name: chapter_of(name, study.chapters) for name in answers}
    chapters = []
    for number, title in enumerate([*study.chapters, _REST], start=1):
        steps = [
            _step(results, name, answers[name], pictures, judged.get(name, []))
            for name in answers
            if titles[name] == title
        ]
        if steps:
            chapters.append({"id": f"chapter-{number}", "title": title, "steps": steps})
    return chapters


def chapter_of(step: str, chapters: Mapping[str, list[str]]) -> str:
    """Return the title of a step's chapter.

    Parameters
    ----------
    step : str
        Its id.
    chapters : Mapping of str to list of str
        The study's: patterns of ids by title.
    """
    fitting = (title for title, patterns in chapters.items() if any(fnmatchcase(step, p) for p in patterns))
    return next(fitting, _REST)


def _step(results: Results, name: str, answer: Answer, pictures: Sequence[Picture], verdicts: Sequence[str]) -> View:
    outcome = results.outcome
    step = outcome.study.steps[name]
    return {
        "id": name,
        "task": step.task.name,
        "subject": "" if step.subject is None else step.subject.name,
        "evidence": results.evidence[name],
        "verdicts": verdicts,
        "results": [
            *((label(answer, result), str(quantity)) for result, quantity in answer.results.items()),
            *((result, "none") for result in answer.unreached),
        ],
        "notes": list(_notes(said_in_notes(answer))),
        "series": _series(answer),
        "warnings": list(answer.warnings),
        "pictures": [picture for picture in pictures if picture.step == name],
        "files": list(dict.fromkeys(file.name for file in outcome.inputs[name].read())),
        "steps": sorted(outcome.plan.depends_on[name] & outcome.answers.keys()),
    }


def _notes(notes: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for name, note in notes.items():
        if name in ("verdict", "reason", "computed", "means", "synthetic") or note is None:
            continue
        if isinstance(note, Mapping):
            yield from _notes(note, f"{prefix}{name}: ")
        elif isinstance(note, list):
            yield f"{prefix}{name}", "; ".join(_plain(item) for item in note)
        else:
            yield f"{prefix}{name}", _plain(note)


def _plain(item: Any) -> str:
    return format_number(item, None) if isinstance(item, float) else str(item)


def _series(answer: Answer) -> View | None:
    if not answer.series or len(next(iter(answer.series.values()))) > _LONGEST_TABLE:
        return None
    rows = [[_plain("" if item is None else item) for item in row] for row in zip(*answer.series.values(), strict=True)]
    columns = [(title, _unit_of(title)) for title in answer.series]
    return {"columns": columns, "rows": rows}


def _unit_of(title: str) -> str:
    """Return the unit that a column's title names.

    Examples
    --------
    >>> _unit_of("Conductivity / S/cm"), _unit_of("rate / 1"), _unit_of("file")
    ('S/cm', '', '')
    """
    unit = title.partition(" / ")[2]
    return "" if unit == "1" else unit
