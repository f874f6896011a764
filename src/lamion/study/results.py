"""``results.json`` and ``provenance.json``: what came out, and what it was made from.

results.json holds no time, path, host or duration, and floats to 9 significant digits: the same inputs give the
same bytes. Everything else is provenance.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lamion import __version__, hashing
from lamion.distributions import package_versions
from lamion.study import results_schema
from lamion.study.metadata import missing_metadata
from lamion.study.runner import Outcome
from lamion.study.verdicts import Verdict, synthetic_steps, verdicts

_DIGITS = 9


@dataclass(frozen=True)
class Results:
    """The results of a run, with the verdicts they lead to.

    Parameters
    ----------
    outcome : Outcome
        The answers.
    verdicts : Mapping of str to Verdict
        By claim.
    missing : Mapping of str to list of str
        What the study leaves unsaid, by sample or cell.
    evidence : Mapping of str to str
        What each step rests on; ``"synthetic"`` where any of it is.
    """

    outcome: Outcome
    verdicts: Mapping[str, Verdict]
    missing: Mapping[str, list[str]]
    evidence: Mapping[str, str]


def results_of(outcome: Outcome) -> Results:
    """Draw the verdicts from the answers."""
    study = outcome.study
    synthetic = synthetic_steps(study, outcome.plan, outcome.answers)
    evidence = {name: "synthetic" if name in synthetic else step.task.evidence for name, step in study.steps.items()}
    return Results(
        outcome, verdicts(study, outcome.plan, outcome.answers, failures(outcome)), missing_metadata(study), evidence
    )


def failures(outcome: Outcome) -> dict[str, str]:
    """Return the steps that failed with why, without the place of the study on this machine."""
    place = f"{outcome.study.folder}{os.sep}"
    return {name: str(error).replace(place, "") for name, error in outcome.failed.items()}


def results_json(results: Results) -> str:
    """Return the text of ``results.json``."""
    study = results.outcome.study
    content = {
        "$schema": results_schema.NAME,
        "study": {"title": study.title, "reference": study.reference, "quick": results.outcome.quick},
        "claims": {name: verdict.to_json(study.claims[name]) for name, verdict in results.verdicts.items()},
        "steps": {
            name: {
                "task": study.steps[name].task.name,
                "subject": subject.name if (subject := study.steps[name].subject) else None,
                "evidence": results.evidence[name],
                **answer.to_json(),
            }
            for name, answer in results.outcome.answers.items()
        },
        "failed": failures(results.outcome),
        "missing_metadata": results.missing,
    }
    return json.dumps(rounded(content), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def rounded(value: Any) -> Any:
    """Round every float within a JSON value to 9 significant digits.

    Examples
    --------
    >>> rounded({"a": [0.1 + 0.2, 1]})
    {'a': [0.3, 1]}
    """
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, Mapping):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return value


def provenance_json(results: Results, files: Mapping[str, str], began: datetime) -> str:
    """Return the text of ``provenance.json``; `files` are the others of the folder with their hashes."""
    outcome = results.outcome
    content = {
        "lamion": __version__,
        "code": hashing.of_code(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": package_versions(),
        "began": began.isoformat(timespec="seconds"),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": outcome.study.seed,
        "steps": {
            name: {
                "key": outcome.keys[name],
                "computed": name in outcome.computed,
                "options": dict(outcome.inputs[name].options),
                "files": {file.name: file.sha256 for file in outcome.inputs[name].read()},
                "seed": outcome.inputs[name].seed,
                "quick": outcome.inputs[name].quick,
            }
            for name in outcome.answers
        },
        "files": dict(files),
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
