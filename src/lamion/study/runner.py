"""Run a study's steps: what is in the store is taken from it, the rest is computed and kept as it finishes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamion import hashing
from lamion.formats import RawFile, load
from lamion.progress import Progress, silent
from lamion.quantities import Answer, InputError
from lamion.store import Store
from lamion.study.executors import Executor, executor, run_step
from lamion.study.inputs import Inputs
from lamion.study.plan import Plan, plan
from lamion.study.references import inputs
from lamion.study.study_file import Step, Study
from lamion.distributions import package_versions


@dataclass(frozen=True)
class Outcome:
    """What a run of a study gave.

    Parameters
    ----------
    study : Study
        The study that ran.
    answers : Mapping of str to Answer
        By step, in the order of the study file.
    inputs : Mapping of str to Inputs
        What each step was made from.
    keys : Mapping of str to str
        The hash of each step's inputs, options and code.
    computed : frozenset of str
        The steps that were computed now; the others came from the store.
    quick : bool
        Whether the kinds of step that can be quick were.
    """

    study: Study
    answers: Mapping[str, Answer]
    inputs: Mapping[str, Inputs]
    keys: Mapping[str, str]
    computed: frozenset[str]
    quick: bool = False


def run(
    study: Study,
    store: Store,
    *,
    quick: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress = silent,
) -> Outcome:
    """Run every step of a study.

    Parameters
    ----------
    study : Study
        As read from its file.
    store : Store
        Where finished steps are kept; an interrupted run continues from it.
    quick : bool
        Let the kinds of step that can be quick be so.
    workers : int, optional
        Local processes; by default one per core, and none where fewer than two heavy steps are left.
    scheduler : str, optional
        The address of a Dask scheduler to use instead.
    progress : Progress
        Told after each step.

    Returns
    -------
    Outcome

    Raises
    ------
    InputError
        When the study cannot be planned, or a step's inputs cannot be used; finished steps stay in the store.
    """
    job = _Run(study, plan(study), {step.id: _files(step, study) for step in study.steps.values()}, store, quick)
    job.take_what_is_ready()
    if workers is not None and workers < 1:
        raise InputError(f"{workers} workers cannot run anything.", "", "Give 1 or more.")
    if job.left:
        with executor(min(workers or os.cpu_count() or 1, job.heavy_left), scheduler) as place:
            job.compute(place, progress)
    return Outcome(
        study=study,
        answers={name: job.answers[name] for name in study.steps},
        inputs=job.inputs,
        keys=job.keys,
        computed=frozenset(job.computed),
        quick=quick,
    )


@dataclass
class _Run:
    """A run under way."""

    study: Study
    graph: Plan
    files: Mapping[str, Mapping[str, tuple[RawFile, ...]]]
    store: Store
    quick: bool
    answers: dict[str, Answer] = field(default_factory=dict)
    inputs: dict[str, Inputs] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)
    computed: set[str] = field(default_factory=set)

    @property
    def left(self) -> int:
        """How many steps have no answer yet."""
        return len(self.graph.order) - len(self.answers)

    @property
    def heavy_left(self) -> int:
        """How many of them are heavy."""
        return sum(self.study.steps[name].step_kind().heavy for name in self.graph.order if name not in self.answers)

    def take_what_is_ready(self) -> list[str]:
        """Take finished steps from the store; return those that can be computed now."""
        ready = []
        for name in self.graph.order:
            waiting = name not in self.answers and name not in self.running
            if not waiting or not self.graph.depends_on[name] <= self.answers.keys():
                continue
            step = self.study.steps[name]
            self.inputs[name] = inputs(step, self.study, self.answers, self.files[name], self.quick)
            self.keys[name] = self.inputs[name].key(step.kind, _code())
            kept = self.store.get(self.keys[name])
            if kept is None:
                ready.append(name)
            else:
                self.answers[name] = kept
        return ready

    def compute(self, place: Executor, progress: Progress) -> None:
        """Compute what the store does not hold, keeping each answer as it comes."""
        total = len(self.graph.order)
        while self.left:
            for name in self.take_what_is_ready():
                self._begin(name, place)
            progress(len(self.answers), total, ", ".join(sorted(self.running)))
            if self.running:
                self._keep(*place.next_finished())
        progress(total, total, "")

    def _begin(self, name: str, place: Executor) -> None:
        """Send a heavy step to the workers; a light one costs less than the journey."""
        step = self.study.steps[name]
        if step.step_kind().heavy:
            self.running.add(name)
            place.submit(name, step.kind, self.inputs[name])
        else:
            self._keep(name, Answer.from_store(run_step(name, step.kind, self.inputs[name])))

    def _keep(self, name: str, answer: Answer) -> None:
        self.store.put(self.keys[name], answer)
        self.answers[name] = answer
        self.running.discard(name)
        self.computed.add(name)


def _code() -> str:
    """Identify what computes: lamion's own code and the versions of what it rests on."""
    return hashing.of_value([hashing.of_code(), package_versions()])


def _files(step: Step, study: Study) -> dict[str, tuple[RawFile, ...]]:
    """Read the files that a step's options name; each name or pattern must match at least one."""
    found = {}
    for name, written in step.written().items():
        kind = step.step_kind().options[name].type
        if kind == "files" and (not isinstance(written, list) or not written):
            raise InputError(f"Step '{step.id}': '{name}' is not a list of files.", "", f'Write {name} = ["data/..."].')
        if kind in ("file", "files"):
            patterns = written if kind == "files" else [written]
            found[name] = tuple(_loaded(path, step) for pattern in patterns for path in _matching(pattern, step, study))
    return found


def _matching(pattern: Any, step: Step, study: Study) -> list[Path]:
    if not isinstance(pattern, str) or not pattern:
        raise InputError(f"Step '{step.id}': {pattern!r} is not the name of a file.", "", 'Write it like "data/a.txt".')
    path = Path(pattern)
    # A name with brackets or a star in it is a name where a file has it, and a pattern otherwise.
    exact = study.folder / path
    try:
        matches = [exact] if exact.exists() or path.is_absolute() else sorted(study.folder.glob(pattern))
    except (OSError, ValueError) as error:
        raise InputError(f"Step '{step.id}': '{pattern[:60]}' cannot name a file: {error}.") from error
    if not matches:
        raise InputError(
            f"Step '{step.id}': no file matches '{pattern}' in {study.folder}.",
            "The file may be missing or its name misspelt.",
            "Check the name; it is relative to the study file.",
        )
    return matches


def _loaded(path: Path, step: Step) -> RawFile:
    try:
        return load(path)
    except InputError as error:
        raise InputError(f"Step '{step.id}': {error.happened}", error.cause, error.remedy) from error
