"""Run a study's steps: what is in the store is taken from it, the rest is computed and kept as it finishes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamion.code_keys import Code, ReachedCode
from lamion.formats import RawFile, load
from lamion.progress import Progress, silent
from lamion.quantities import Answer, InputError
from lamion.store import Store
from lamion.study import blanks
from lamion.study.executors import Executor, attempt, executor
from lamion.study.inputs import Inputs
from lamion.study.last_run import LastRun, why
from lamion.study.plan import Plan, plan
from lamion.study.references import are_records, inputs
from lamion.study.study_file import Step, Study


@dataclass(frozen=True)
class Outcome:
    """What a run of a study gave.

    Parameters
    ----------
    study : Study
        The study that ran.
    plan : Plan
        The steps that ran, in their order.
    answers : Mapping of str to Answer
        By step, in the order of the study file.
    inputs : Mapping of str to Inputs
        What each step was made from.
    keys : Mapping of str to str
        The hash of each step's inputs, options and code.
    computed : frozenset of str
        The steps that were computed now; the others came from the store.
    failed : Mapping of str to InputError
        The steps that have no answer, each with why.
    blanks : Mapping of str to list of str
        What the study leaves to be filled in, each with the steps that wait for it; they are among the failed.
    quick : bool
        Whether the tasks that can be quick were.
    """

    study: Study
    plan: Plan
    answers: Mapping[str, Answer]
    inputs: Mapping[str, Inputs]
    keys: Mapping[str, str]
    computed: frozenset[str]
    failed: Mapping[str, InputError] = field(default_factory=dict)
    blanks: Mapping[str, list[str]] = field(default_factory=dict)
    quick: bool = False


def run(
    study: Study,
    store: Store,
    *,
    quick: bool = False,
    only: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress = silent,
) -> Outcome:
    """Run the steps of a study, `only` one with those it depends on.

    Finished steps are kept in the store, from which an interrupted run continues. A step that fails stops none but
    those that depend on it; an InputError is raised where none is left or the one asked for failed, and at once for
    what the study itself says wrongly. Without a number of `workers` there is one for each core, and none where fewer
    than two heavy steps are left; a `scheduler` is the address of a Dask cluster.
    """
    job = _begun(study, store, quick, only)
    if workers is not None and workers < 1:
        raise InputError(f"{workers} workers cannot run anything.", "", "Give 1 or more.")
    try:
        job.take_what_is_ready()
        if job.left:
            with executor(min(workers or os.cpu_count() or 1, job.heavy_left), scheduler) as place:
                job.compute(place, progress)
    finally:
        job.remember()
    left_open = blanks.listed(study)
    if left_open and not job.answers and only is None:
        raise InputError(
            f"Nothing can be computed yet: the study has {len(left_open)} blanks, the {'; the '.join(left_open)}.",
            f'A blank is written "{blanks.BLANK}".',
            "Fill one in, and run it again.",
        )
    if job.failed and (only is not None or not job.answers):
        raise job.failed.get(only or "") or next(iter(job.failed.values()))
    return Outcome(
        study=study,
        plan=job.graph,
        answers={name: job.answers[name] for name in study.steps if name in job.answers},
        inputs=job.inputs,
        keys=job.keys,
        computed=frozenset(job.computed),
        failed={name: job.failed[name] for name in study.steps if name in job.failed},
        blanks=left_open,
        quick=quick,
    )


@dataclass(frozen=True)
class Foreseen:
    """What a run would do with one step.

    Parameters
    ----------
    kept : bool
        Whether its answer would be taken from the store.
    reasons : tuple of str
        Why it would be computed; empty where it is kept.
    """

    kept: bool
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "kept" if self.kept else f"would be computed: {'; '.join(self.reasons)}"


def explain(study: Study, store: Store, *, quick: bool = False, only: str | None = None) -> dict[str, Foreseen]:
    """Tell which steps a run would compute, and why, each after those it depends on, without computing anything."""
    job = _begun(study, store, quick, only)
    ready = set(job.take_what_is_ready())
    last = LastRun.read(store, study)
    found = {}
    for name in job.graph.order:
        if name in job.answers:
            found[name] = Foreseen(True)
        elif name in job.failed:
            found[name] = Foreseen(False, (f"but it cannot be: {job.failed[name]}",))
        elif name in ready:
            found[name] = Foreseen(
                False, why(job.inputs[name], job.study.steps[name].task.name, job.code(name), last, name)
            )
        else:
            waits = sorted(job.graph.depends_on[name] - job.answers.keys())
            found[name] = Foreseen(False, tuple(f"it depends on the step '{other}'" for other in waits))
    return found


def _begun(study: Study, store: Store, quick: bool, only: str | None) -> _Run:
    graph = plan(study) if only is None else plan(study).only(only)
    open_steps = {name: why for name, why in blanks.waiting(study).items() if name in graph.depends_on}
    files = {
        name: _files(step, study)
        for name, step in study.steps.items()
        if name in graph.depends_on and name not in open_steps
    }
    return _Run(study, graph, files, store, quick, failed=dict(open_steps))


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
    failed: dict[str, InputError] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)
    sources: Code = field(default_factory=Code)
    computed: set[str] = field(default_factory=set)

    @property
    def left(self) -> int:
        """How many steps have no answer yet."""
        return len(self.graph.order) - len(self.answers) - len(self.failed)

    @property
    def heavy_left(self) -> int:
        """How many of them are heavy."""
        return sum(
            self.study.steps[name].task.heavy
            for name in self.graph.order
            if name not in {**self.answers, **self.failed}
        )

    def take_what_is_ready(self) -> list[str]:
        """Take finished steps from the store; return those that can be computed now."""
        ready = []
        for name in self.graph.order:
            if name in self.answers or name in self.running or name in self.failed:
                continue
            needed = self.graph.depends_on[name]
            if broken := sorted(needed & self.failed.keys()):
                on = f"it depends on the step '{broken[0]}', which has no answer"
                self.failed[name] = InputError(f"Step '{name}': {on}.")
            elif needed <= self.answers.keys():
                try:
                    kept = self._kept(name)
                except InputError as error:
                    if not needed:
                        raise
                    self.failed[name] = error
                    continue
                if kept is None:
                    ready.append(name)
                else:
                    self.answers[name] = kept
        return ready

    def _kept(self, name: str) -> Answer | None:
        """Gather what a step is made from, and look for its answer in the store."""
        step = self.study.steps[name]
        self.inputs[name] = inputs(step, self.study, self.answers, self.files[name], self.quick)
        self.keys[name] = self.inputs[name].key(step.task.name, self.code(name).key)
        return self.store.get(self.keys[name])

    def compute(self, place: Executor, progress: Progress) -> None:
        """Compute what the store does not hold, keeping each answer as it comes."""
        total = len(self.graph.order)
        while self.left:
            for name in self.take_what_is_ready():
                self._begin(name, place)
            progress(len(self.answers), total, ", ".join(sorted(self.running)))
            if self.running:
                self._take(*place.next_finished())
        progress(total, total, "")

    def _begin(self, name: str, place: Executor) -> None:
        """Send a heavy step to the workers; a light one costs less than the journey."""
        step = self.study.steps[name]
        if step.task.heavy:
            self.running.add(name)
            place.submit(name, step.reference, self.inputs[name])
        else:
            self._take(name, attempt(name, step.reference, lambda: self.inputs[name]))

    def _take(self, name: str, found: Answer | InputError) -> None:
        """Take a step's answer, or why it has none."""
        self.running.discard(name)
        if isinstance(found, InputError):
            self.failed[name] = found
        else:
            self._keep(name, found)

    def code(self, name: str) -> ReachedCode:
        """Return the code that a step's answer rests on."""
        step = self.study.steps[name]
        if step.own is not None and not step.own.is_packaged:
            return self.sources.reached_outside(step.own.place)
        return self.sources.reached(step.task.module)

    def remember(self) -> None:
        """Note what the answers were made from, so that the next run can say what changed."""
        steps = {name: (self.study.steps[name].task.name, self.inputs[name], self.code(name)) for name in self.answers}
        LastRun.read(self.store, self.study).with_steps(steps).write(self.store, self.study)

    def _keep(self, name: str, answer: Answer) -> None:
        # An answer computed while its code was edited belongs to no one version of it.
        own = self.study.steps[name].own
        if not self.sources.changed() and (own is None or own.is_current):
            self.store.put(self.keys[name], answer)
        self.answers[name] = answer
        self.computed.add(name)


def _files(step: Step, study: Study) -> dict[str, tuple[RawFile, ...]]:
    """Read the files that a step's options name; each name or pattern must match at least one."""
    found = {}
    for name, written in step.written().items():
        parameter = step.task.parameters[name]
        if parameter.kind != "file" or are_records(written):
            continue
        if parameter.many and (not isinstance(written, list) or not written):
            raise InputError(f"Step '{step.id}': '{name}' is not a list of files.", "", f'Write {name} = ["data/..."].')
        patterns = written if parameter.many else [written]
        paths = [path for pattern in patterns for path in _matching(pattern, step, study)]
        if not parameter.many and len(paths) > 1:
            raise InputError(
                f"Step '{step.id}': {len(paths)} files match '{written}', and '{name}' takes one.",
                "",
                f"Name it: {', '.join(path.name for path in paths[:3])}...",
            )
        found[name] = tuple(_loaded(path, step) for path in paths)
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
