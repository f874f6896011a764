"""A study in the page: its steps and claims, a run with its verdicts, and from a claim to its step, figure and file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamion.formats import RawFile
from lamion.page.running import shown
from lamion.progress import Progress
from lamion.quantities import InputError
from lamion.report.claim_views import claim_view
from lamion.report.run import Run, run
from lamion.study.study_file import Study, load_study
from lamion.study.verdicts import counted

JSON = dict[str, Any]


@dataclass
class OpenStudy:
    """A study that the page was opened with.

    Parameters
    ----------
    given : Path
        Its study.toml, or its folder.
    trust : bool
        Whether code that it brings may run.
    """

    given: Path
    trust: bool = False
    _done: Run | None = None

    @property
    def folder(self) -> Path:
        """Where its files are; none outside it is handed out."""
        return (self.given if self.given.is_dir() else self.given.parent).resolve()

    def loaded(self) -> Study:
        """Read its file."""
        return load_study(self.given, trust=self.trust)

    def overview(self) -> JSON:
        """Return what the study file says."""
        study = self.loaded()
        return {
            "title": study.title,
            "description": study.description,
            "folder": str(self.given),
            "steps": [
                {"id": step.id, "task": step.task.name, "subject": step.subject.name if step.subject else ""}
                for step in study.steps.values()
            ],
            "claims": len(study.claims),
            "ran": self._done is not None,
        }

    def run(self, progress: Progress, *, quick: bool = False) -> JSON:
        """Run it as `lamion run` does, and return the verdicts."""
        self._done = run(self.given, quick=quick, trust=self.trust, progress=progress)
        return self.verdicts()

    def verdicts(self) -> JSON:
        """Return every claim with its verdict, and every step that has none."""
        results = self._ran().results
        claims, outcome = results.outcome.study.claims, results.outcome
        return {
            "counts": counted(results.verdicts),
            "claims": [claim_view(claims[name], verdict) for name, verdict in results.verdicts.items()],
            "steps": list(outcome.answers),
            "failed": {name: str(error) for name, error in outcome.failed.items()},
            "report": str(self._ran().report),
        }

    def step(self, name: str) -> JSON:
        """Return one step: its answer as the page shows it, and its files."""
        done = self._ran()
        outcome = done.results.outcome
        if name not in outcome.answers:
            raise InputError(f"The study has no answer of a step '{name}'.", "", "Run it again.")
        step = outcome.study.steps[name]
        return {
            "id": name,
            "task": step.task.name,
            "evidence": done.results.evidence[name],
            "command": f"lamion run {self.given} --step {name}",
            "files": [file.name for file in self._files(name)],
            **shown(outcome.answers[name], step.task.meanings, []),
        }

    def file(self, step: str, name: str) -> bytes:
        """Return a file that a step reads, where it lies within the study's folder."""
        for one in self._files(step):
            if one.name == name:
                return one.content
        raise InputError(f"The step '{step}' reads no file '{name}' of the study's folder.", "", "Open it yourself.")

    def _files(self, step: str) -> list[RawFile]:
        inputs = self._ran().results.outcome.inputs
        found = inputs[step].read() if step in inputs else []
        return [one for one in found if one.path is not None and one.path.resolve().is_relative_to(self.folder)]

    def _ran(self) -> Run:
        if self._done is None:
            raise InputError("The study was not run yet.", "", "Run it.")
        return self._done
