"""The report: one self-contained HTML page, the picture of all comparisons and the verdicts first."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from lamion import __version__
from lamion.distributions import package_versions
from lamion.report.claim_views import EXPLANATIONS, SIGNS, audit_of, groups_of, picture_of, printed
from lamion.report.lean_svg import as_uri
from lamion.report.plates import ShownPlate
from lamion.report.step_views import Picture, chapter_of, chapters_of
from lamion.study.claims import Claim
from lamion.study.results import Results, failures
from lamion.study.study_file import Subject
from lamion.study.verdicts import counted

__all__ = ["Picture", "report_html"]


@dataclass(frozen=True)
class PlatePicture:
    """A drawn plate.

    Parameters
    ----------
    shown : ShownPlate
        What its panels show.
    name : str
        The name of its file.
    svg : bytes
        For light and for dark paper.
    """

    shown: ShownPlate
    name: str
    svg: bytes


def report_html(results: Results, pictures: Sequence[Picture], plates: Sequence[PlatePicture] = ()) -> str:
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
    chapters = chapters_of(results, pictures)
    groups = groups_of(results, lambda step: chapter_of(step, study.chapters))
    script = (resources.files("lamion.report") / "templates" / "report.js").read_text(encoding="utf-8")
    return environment.get_template("report.html.j2").render(
        study=study,
        quick=results.outcome.quick,
        counts=counted(results.verdicts),
        claims=len(results.verdicts),
        explanations=EXPLANATIONS,
        signs=SIGNS,
        picture=picture_of(results),
        groups=groups,
        audit=audit_of(results),
        chapters=chapters,
        choices=_choices(groups, chapters),
        plates=plates,
        failed=failures(results.outcome),
        warnings=[(name, text) for name, answer in results.outcome.answers.items() for text in answer.warnings]
        + list(_from_elsewhere(results)),
        missing=results.missing,
        subjects=[_subject_view(subject, study.claims) for subject in study.subjects.values()],
        files=_files(results),
        lamion_version=__version__,
        packages=package_versions(),
        seed=study.seed,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _choices(groups: Sequence[Mapping[str, Any]], chapters: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return what can be chosen among: every word that a claim or a step has, in the order of the report."""
    claims = [row for group in groups for row in group["rows"]]
    steps = [step for chapter in chapters for step in chapter["steps"]]
    found = {
        "verdict": [row["verdict"] for row in claims],
        "evidence": sorted({*(row["evidence"] for row in claims), *(step["evidence"] for step in steps)}),
        "sample": [*(row["sample"] for row in claims), *(step["subject"] for step in steps)],
        "chapter": [chapter["title"] for chapter in chapters],
    }
    chosen = {name: [word for word in dict.fromkeys(words) if word not in ("", "-")] for name, words in found.items()}
    return {name: words for name, words in chosen.items() if len(words) > 1}


def _svg_uri(svg: bytes) -> Any:
    """Return the address that holds a picture; it has no quotation mark that would have to be escaped."""
    from markupsafe import Markup

    return Markup(as_uri(svg))  # noqa: S704  What is escaped in an attribute is escaped in it already.


def _subject_view(subject: Subject, claims: Mapping[str, Claim]) -> dict[str, Any]:
    return {
        "name": subject.name,
        "kind": subject.kind,
        "properties": [(name.replace("_", " "), _property(item, claims)) for name, item in subject.properties.items()],
    }


def _property(written: Any, claims: Mapping[str, Claim]) -> str:
    if isinstance(written, Mapping):
        if isinstance(written.get("claim"), str) and written["claim"] in claims:
            return printed(claims[written["claim"]])
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
