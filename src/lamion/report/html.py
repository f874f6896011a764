"""The report: one self-contained HTML page, verdicts first."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from lamion import __version__
from lamion.distributions import package_versions
from lamion.quantities import Answer, Quantity
from lamion.quantities.answer_json import said_in_notes
from lamion.quantities.formatting import format_bare, format_number
from lamion.quantities.showing import label
from lamion.study.claims import NOT_NUMBERS, Claim
from lamion.study.results import Results, failures
from lamion.study.study_file import Subject
from lamion.study.verdicts import Verdict, counted

_SIGNS = {
    "agrees": "✓",
    "holds": "✓",
    "resolvable": "✓",
    "shown": "✓",
    "undecided": "?",
    "not shown": "–",
    "disagrees": "✗",
    "does not hold": "✗",
    "not resolvable": "≉",
    "input": "→",
    "not computed": "–",
}
_GROUPS = (
    ("What does not stand", ("disagrees", "does not hold", "not resolvable")),
    ("What stands", ("agrees", "holds", "resolvable")),
    ("What cannot be decided", ("undecided",)),
    ("What lamion adds", ("shown", "not shown")),
    ("Given to the models", ("input",)),
    ("Not computed", ("not computed",)),
)
_REST = "Properties"
_EXPLANATIONS = {
    "agrees": "the printed number lies in the 95 % range of one computed without it",
    "disagrees": "it lies outside, by every ordinary reading of what the paper leaves open",
    "undecided": "the test could not have noticed (a reach above 0.5), or ordinary readings decide differently",
    "shown": "what lamion adds: no verdict on anybody's words",
    "not shown": "what lamion asked and could not show",
    "holds": "an audit that came out as the paper says",
    "does not hold": "an audit that did not",
    "resolvable": "raw data were never published; the stated measurement, simulated, resolves the printed digits",
    "not resolvable": "raw data were never published; the stated measurement, simulated, does not",
    "input": "given, not checkable by itself",
    "not computed": "with the reason",
}


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


def report_html(results: Results, pictures: Sequence[Picture]) -> str:
    """Write the report: one HTML page without any link to other files."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("lamion.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["svg_uri"] = _svg_uri
    study = results.outcome.study
    return environment.get_template("report.html.j2").render(
        study=study,
        quick=results.outcome.quick,
        counts=counted(results.verdicts),
        claims=len(results.verdicts),
        explanations=_EXPLANATIONS,
        signs=_SIGNS,
        groups=_grouped(results),
        chapters=_chapters(results, pictures),
        failed=failures(results.outcome),
        warnings=[(name, text) for name, answer in results.outcome.answers.items() for text in answer.warnings]
        + list(_from_elsewhere(results)),
        missing=results.missing,
        subjects=[_subject_view(subject, study.claims) for subject in study.subjects.values()],
        files=_files(results),
        lamion_version=__version__,
        packages=package_versions(),
        seed=study.seed,
    )


def _chapters(results: Results, pictures: Sequence[Picture]) -> list[dict[str, Any]]:
    """Sort the steps into the study's chapters; what fits none comes last."""
    study, answers = results.outcome.study, results.outcome.answers
    titles = {name: _chapter_of(name, study.chapters) for name in answers}
    chapters = []
    for number, title in enumerate([*study.chapters, ""], start=1):
        steps = [_step_view(results, name, answers[name], pictures) for name in answers if titles[name] == title]
        if steps:
            chapters.append({"id": f"chapter-{number}", "title": title or _REST, "steps": steps})
    return chapters


def _chapter_of(step: str, chapters: Mapping[str, list[str]]) -> str:
    fitting = (title for title, patterns in chapters.items() if any(fnmatchcase(step, p) for p in patterns))
    return next(fitting, "")


def _svg_uri(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode()


def _grouped(results: Results) -> list[dict[str, Any]]:
    claims = results.outcome.study.claims
    groups = []
    for title, words in _GROUPS:
        found = [item for word in words for item in results.verdicts.items() if item[1].verdict == word]
        found.sort(key=lambda item: (words.index(item[1].verdict), _reach(item[1])))
        rows = [claim_view(claims[name], verdict) for name, verdict in found]
        if rows:
            groups.append({"title": title, "rows": rows, "folded": words in (("input",), ("not computed",))})
    if len(groups) == 1:
        groups[0]["folded"] = False
    return groups


def _reach(verdict: Verdict) -> float:
    """Return what sorts verdicts of a kind: the sharpest comparison first, what has none last."""
    return math.inf if verdict.reach is None else verdict.reach


def claim_view(claim: Claim, verdict: Verdict) -> dict[str, Any]:
    """Return one row of the table of verdicts, as texts."""
    plain = claim.unit in ("1", *NOT_NUMBERS)
    return {
        "id": claim.id,
        "quantity": claim.quantity,
        "sample": claim.sample,
        "where": claim.where,
        "printed": claim.printed if plain else f"{claim.printed} {claim.unit}",
        "computed": "" if verdict.computed is None else str(verdict.computed),
        "verdict": verdict.verdict,
        "reach": "" if verdict.reach is None else f"{verdict.reach:.2g}",
        "comparison": verdict.comparison,
        "evidence": verdict.evidence,
        "reason": verdict.reason,
        "step": verdict.step,
    }


def _step_view(results: Results, name: str, answer: Answer, pictures: Sequence[Picture]) -> dict[str, Any]:
    step = results.outcome.study.steps[name]
    return {
        "id": name,
        "task": step.task.name,
        "subject": "" if step.subject is None else step.subject.name,
        "evidence": results.evidence[name],
        "results": [
            (label(answer, result), format_bare(quantity), _unit(quantity))
            for result, quantity in answer.results.items()
        ]
        + [(result, "none", "") for result in answer.unreached],
        "notes": list(_notes(said_in_notes(answer))),
        "series": _series(answer),
        "warnings": list(answer.warnings),
        "pictures": [picture for picture in pictures if picture.step == name],
    }


def _unit(quantity: Quantity) -> str:
    return "" if quantity.unit == "1" else quantity.unit


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


def _series(answer: Answer) -> dict[str, Any] | None:
    if not answer.series or len(next(iter(answer.series.values()))) > 40:
        return None
    rows = [[_plain("" if item is None else item) for item in row] for row in zip(*answer.series.values(), strict=True)]
    return {"titles": list(answer.series), "rows": rows}


def _subject_view(subject: Subject, claims: Mapping[str, Claim]) -> dict[str, Any]:
    return {
        "name": subject.name,
        "kind": subject.kind,
        "properties": [(name.replace("_", " "), _property(item, claims)) for name, item in subject.properties.items()],
    }


def _property(written: Any, claims: Mapping[str, Claim]) -> str:
    if isinstance(written, Mapping):
        if isinstance(written.get("claim"), str) and written["claim"] in claims:
            claim = claims[written["claim"]]
            return claim.printed if claim.unit == "1" else f"{claim.printed} {claim.unit}"
        return ", ".join(f"{name} {_property(item, claims)}" for name, item in written.items())
    if isinstance(written, list):
        return (" to " if len(written) == 2 else ", ").join(_property(item, claims) for item in written)
    return str(written)


def _from_elsewhere(results: Results) -> Iterable[tuple[str, str]]:
    """Name the files that do not lie in the study's folder: a study of somebody else's reads what it names."""
    home = results.outcome.study.folder.resolve()
    for name, inputs in results.outcome.inputs.items():
        for file in (file for files in inputs.files.values() for file in files):
            if file.path is not None and not file.path.resolve().is_relative_to(home):
                yield name, f"{file.name} does not lie in the study's folder."


def _files(results: Results) -> list[tuple[str, str, str]]:
    return [(name, file.name, file.sha256) for name, inputs in results.outcome.inputs.items() for file in inputs.read()]
