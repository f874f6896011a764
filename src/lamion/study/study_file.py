"""``study.toml``: what was made, what was measured, what is to be computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from lamion.quantities import InputError
from lamion.study import judgement, own_tasks
from lamion.study.claims import NOT_ONE_SAMPLE, Claim, load_toml, no_claim, parse_claims, text_of
from lamion.study.judgement import Reading, Together
from lamion.study.own_tasks import OwnCode
from lamion.study.plates import Plate, plates
from lamion.study.renamed import TASK_OF
from lamion.study.trust import Ask, check, nobody
from lamion.tasks import catalogue
from lamion.tasks.declaring import Task
from lamion.tasks.declaring.parameter import THING
from lamion.tasks.declaring.value import did_you_mean

_TABLES = {
    "study", "sample", "cell", "step", "substance", "chapters", "not_computed", "reading", "comparison", "plate",
}  # fmt: skip
_STUDY_FIELDS = {"title", "reference", "claims", "seed", "description", "steps", "license"}
_LONGEST_ID = 100
_STEP_FIELDS = {"id", "task", "seed", "sample", "cell", "settles"}


@dataclass(frozen=True)
class Subject:
    """A sample or a cell, with its properties as the study file writes them."""

    name: str
    kind: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One step as the study file writes it.

    Parameters
    ----------
    id : str
        Its name in the study.
    task : Task
        What it computes.
    subject : Subject or None
        The sample or cell it is about.
    settles : Mapping of str to str
        Claim id to the name of the result that settles it, or to ``"verdict"``.
    options : Mapping
        Everything else, unresolved.
    seed : int or None
        Of its random numbers; None for one made from the study's seed, the sample and the step.
    own : OwnCode or None
        Its task's code, for one of the study's own.
    """

    id: str
    task: Task
    subject: Subject | None
    settles: Mapping[str, str]
    options: Mapping[str, Any]
    seed: int | None = None
    own: OwnCode | None = None

    def written(self) -> dict[str, Any]:
        """Return the options as written, those that come from the sample or cell included; the step's own win."""
        spelled = {self.task.spelled[name].group for name in self.options if name in self.task.spelled}
        inherited = {
            name: self.subject.properties[name]
            for name, parameter in self.task.parameters.items()
            if parameter.option.subject and self.subject is not None and name in self.subject.properties
            if name not in spelled and not (parameter.group == THING and isinstance(self.subject.properties[name], str))
        }
        return self.task.folded({**inherited, **self.options})

    def afresh(self) -> Step:
        """Return it without the options that spare computing."""
        spared = {name for name, one in self.task.parameters.items() if one.option.spares}
        return replace(self, options={name: item for name, item in self.options.items() if name not in spared})

    @property
    def reference(self) -> str:
        """What names its task in another process: its words, and the hash and the place of the study's own code."""
        return self.task.name if self.own is None else f"{self.task.name}@{self.own.code}@{self.own.place}"


@dataclass(frozen=True)
class Study:
    """A whole study, checked for structure.

    Parameters
    ----------
    title, reference, description : str
        For the report.
    folder : Path
        Where its files are.
    seed : int
        The seed that every step's seed is made from.
    subjects : Mapping of str to Subject
        Samples and cells by name.
    steps : Mapping of str to Step
        By id, in the order of the file.
    claims : Mapping of str to Claim
        By id; empty without a claims file.
    substances : Mapping of str to Mapping
        The study's own substances, as tables.
    not_computed : Mapping of str to str
        Reasons why a claim is not computed, by claim id.
    chapters : Mapping of str to list of str
        The report's chapters: title to patterns of step ids, such as ``"recipe.*"``; the first that fits counts.
    readings : tuple of Reading
        Other ordinary readings of claims.
    comparisons : tuple of Together
        Claims that are one comparison.
    plates : tuple of Plate
        Its numbered figures.
    license : str
        Under which the results are given away: an address, or its name; empty where the study does not say.
    """

    title: str
    reference: str
    description: str
    folder: Path
    seed: int
    subjects: Mapping[str, Subject]
    steps: Mapping[str, Step]
    claims: Mapping[str, Claim] = field(default_factory=dict)
    substances: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    not_computed: Mapping[str, str] = field(default_factory=dict)
    chapters: Mapping[str, list[str]] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
    comparisons: tuple[Together, ...] = ()
    plates: tuple[Plate, ...] = ()
    license: str = ""

    @property
    def settled_by(self) -> dict[str, Step]:
        """The step that settles each claim that is settled."""
        return {claim: step for step in self.steps.values() for claim in step.settles}

    def afresh(self) -> Study:
        """Return the same study without what spares computing, such as relaxed structures that it ships."""
        return replace(self, steps={name: step.afresh() for name, step in self.steps.items()})


def load_study(path: Path, *, trust: bool = False, ask: Ask = nobody) -> Study:
    """Read and check a study file, or that of a folder, and its claims.

    Code that the study brings runs only where the caller vouches for it or the person who is asked does.
    """
    if path.is_dir():
        if not (path / "study.toml").is_file():
            raise InputError(
                f"There is no study.toml in {path}.", "", "Name the folder of a study; `lamion new DIR` makes one."
            )
        path /= "study.toml"
    elif not path.exists():
        cause = "The name is misspelled, or it lies in another folder."
        raise InputError(
            f"There is no study '{path}'.", cause, "`lamion new DIR` makes a folder with one to begin with."
        )
    tables = load_toml(text_of(path), path.name)
    _refuse_unknown(tables, _TABLES, path.name)
    head = tables.get("study", {})
    if not isinstance(head, dict) or not isinstance(head.get("title"), str):
        raise InputError(f"{path.name} has no title.", "", 'Begin it with [study] and title = "...".')
    _refuse_unknown(head, _STUDY_FIELDS, f"{path.name}, [study]")
    for field_name in ("reference", "description", "claims", "license"):
        if not isinstance(head.get(field_name, ""), str):
            raise InputError(f"{path.name}, [study]: '{field_name}' is not a text.", "", "Write it in quotation marks.")
    subjects = _subjects(tables, path.name)
    claims = _claims(path.parent, head)
    own = None
    if "steps" in head:
        own = own_tasks.read(own_tasks.place_of(path.parent, head["steps"], path.name))
        check(own, trust=trust, ask=ask)
    steps = _steps(tables.get("step", []), subjects, own, path.name)
    study = Study(
        title=head["title"],
        reference=head.get("reference", ""),
        description=head.get("description", ""),
        folder=path.parent,
        seed=_seed(head, path.name),
        subjects=subjects,
        steps=steps,
        claims=claims,
        substances=_table_of(tables, "substance", dict, path.name),
        not_computed=_table_of(tables, "not_computed", str, path.name),
        chapters=_table_of(tables, "chapters", list, path.name),
        readings=judgement.readings(_list_of_tables(tables.get("reading", []), "reading", path.name), path.name),
        comparisons=judgement.comparisons(
            _list_of_tables(tables.get("comparison", []), "comparison", path.name), path.name
        ),
        plates=plates(_list_of_tables(tables.get("plate", []), "plate", path.name), steps, path.name),
        license=head.get("license", ""),
    )
    _check_claims_named(study, path.name)
    _check_subjects(study, str(head.get("claims")))
    _check_samples(study, path.name)
    _check_judgement(study, path.name)
    _check_chapters(study, path.name)
    return study


def _refuse_unknown(table: Mapping[str, Any], known: set[str], place: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise InputError(
            f"{place}: '{unknown[0]}' is not known here.",
            "It may be misspelt.",
            f"Known are: {', '.join(sorted(known))}.",
        )


def _table_of(tables: Mapping[str, Any], name: str, kind: type, file: str) -> dict[str, Any]:
    table = tables.get(name, {})
    if not isinstance(table, dict) or not all(isinstance(item, kind) for item in table.values()):
        what = "tables" if kind is dict else "lists" if kind is list else "texts"
        raise InputError(f"{file}: [{name}] is not a table of {what}.", "", "See the documentation of studies.")
    return table


def _seed(head: Mapping[str, Any], name: str) -> int:
    seed = head.get("seed", 0)
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise InputError(f"{name}: the seed {seed!r} is not a whole number of zero or more.")
    return seed


def _claims(folder: Path, head: Mapping[str, Any]) -> dict[str, Claim]:
    if "claims" not in head:
        return {}
    return parse_claims(text_of(folder / str(head["claims"])), str(head["claims"]))


def _subjects(tables: Mapping[str, Any], name: str) -> dict[str, Subject]:
    subjects: dict[str, Subject] = {}
    for kind in ("sample", "cell"):
        for table in _list_of_tables(tables.get(kind, []), kind, name):
            label = table.get("name")
            if not isinstance(label, str) or not label.strip() or "\n" in label:
                raise InputError(f"{name}: a [[{kind}]] has no name.", "", 'Give it name = "...".')
            if label in subjects:
                raise InputError(f"{name}: the name '{label}' stands twice.", "", "Give each sample and cell its own.")
            subjects[label] = Subject(label, kind, {key: item for key, item in table.items() if key != "name"})
    if not any(subject.kind == "sample" for subject in subjects.values()):
        raise InputError(
            f"{name} holds no samples.",
            "A study is about at least one.",
            'Add a [[sample]] with name = "...".',
        )
    return subjects


def _list_of_tables(item: Any, kind: str, name: str) -> list[dict[str, Any]]:
    if not isinstance(item, list) or not all(isinstance(table, dict) for table in item):
        raise InputError(f"{name}: '{kind}' is not a list of tables.", "", f"Write each one under [[{kind}]].")
    return item


def _steps(tables: Any, subjects: Mapping[str, Subject], own: OwnCode | None, name: str) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    for table in _list_of_tables(tables, "step", name):
        step = _step(table, subjects, own, name)
        if step.id in steps:
            raise InputError(f"{name}: the step '{step.id}' stands twice.", "", "Give each step its own id.")
        steps[step.id] = step
    if not steps:
        raise InputError(f"{name} holds no steps.", "There is nothing to compute.", "Add a [[step]].")
    return steps


def _step(table: Mapping[str, Any], subjects: Mapping[str, Subject], own: OwnCode | None, name: str) -> Step:
    if not isinstance(table.get("id"), str):
        raise InputError(f"{name}: a [[step]] has no id.", "", 'Give it id = "...".')
    place = f"{name}, step '{table['id']}'"
    if "kind" in table:
        now = TASK_OF.get(str(table["kind"]), "...")
        raise InputError(f"{place}: what a step computes is its 'task' now.", "", f'Write task = "{now}".')
    if not isinstance(table.get("task"), str):
        raise InputError(f"{place}: it has no task.", "", 'Give it task = "analyze conductivity" or another.')
    if not table["id"].replace("-", "").replace("_", "").replace(".", "").isalnum() or len(table["id"]) > _LONGEST_ID:
        raise InputError(
            f"{place[:_LONGEST_ID]}: an id is made of letters, digits, '.', '-' and '_', at most {_LONGEST_ID}."
        )
    is_own = table["task"].startswith("own ")
    step = Step(
        id=table["id"],
        task=_task(table["task"], own, place),
        subject=_subject_of(table, subjects, place),
        settles=_settles(table.get("settles", {}), place),
        options={key: item for key, item in table.items() if key not in _STEP_FIELDS},
        seed=_seed(table, place) if "seed" in table else None,
        own=own if is_own else None,
    )
    _check_options(step, place)
    return step


def _subject_of(table: Mapping[str, Any], subjects: Mapping[str, Subject], place: str) -> Subject | None:
    if "sample" in table and "cell" in table:
        raise InputError(f"{place}: it names a sample and a cell.", "", "Name the one that it is about.")
    for kind in ("sample", "cell"):
        if kind in table:
            subject = subjects.get(str(table[kind]))
            if subject is None or subject.kind != kind:
                known = ", ".join(s.name for s in subjects.values() if s.kind == kind)
                raise InputError(f"{place}: there is no {kind} '{table[kind]}'.", "", f"Known are: {known}.")
            return subject
    return None


def _settles(item: Any, place: str) -> dict[str, str]:
    if not isinstance(item, dict) or not all(isinstance(text, str) for text in item.values()):
        raise InputError(
            f"{place}: 'settles' does not give the name of a result for each claim.",
            "",
            'Write settles = { "claim.id" = "result" }.',
        )
    return item


def _task(words: str, own: OwnCode | None, place: str) -> Task:
    try:
        if not words.startswith("own "):
            return catalogue.find(words)
        if own is None:
            raise InputError(
                f"'{words}' would be a task of the study's own, and it has none.",
                "",
                'Name its code: steps = "steps.py".',
            )
        return own_tasks.find(words, own)
    except InputError as error:
        raise InputError(f"{place}: {error.happened}", error.cause, error.remedy) from error


def _check_options(step: Step, place: str) -> None:
    known = [parameter.written for parameter in (*step.task.parameters.values(), *step.task.spelled.values())]
    for name in step.options:
        if name not in known and name not in step.task.parameters:
            raise InputError(
                f"{place}: '{name}' is not known here.", did_you_mean(name, known), f"Known are: {', '.join(known)}."
            )
    try:
        missing = step.task.missing(step.written())
    except InputError as error:
        raise InputError(f"{place}: {error.happened}", error.cause, error.remedy) from error
    for parameter in missing:
        remedy = f"Add {parameter.written} to the step" + (" or to its sample." if parameter.option.subject else ".")
        raise InputError(f"{place}: '{parameter.written}' is missing.", "", remedy)
    for claim, result in step.settles.items():
        if result != "verdict" and not step.task.gives(result):
            raise InputError(
                f"{place}: it would settle '{claim}' by the result '{result}', which `{step.task.name}` does not give.",
                did_you_mean(result, step.task.results),
                f"It gives: {', '.join(step.task.results)}.",
            )


def _check_claims_named(study: Study, name: str) -> None:
    settled: dict[str, str] = {}
    for step in study.steps.values():
        for claim in step.settles:
            if claim not in study.claims:
                raise no_claim(f"{name}, step '{step.id}': there is no claim '{claim}'.", claim, study.claims)
            if claim in settled:
                raise InputError(
                    f"{name}: the claim '{claim}' is settled by the steps '{settled[claim]}' and '{step.id}'.",
                    "",
                    "Leave it to one of them.",
                )
            settled[claim] = step.id
    for claim in study.not_computed:
        if claim not in study.claims:
            raise no_claim(f"{name}, [not_computed]: there is no claim '{claim}'.", claim, study.claims)
        if claim in settled:
            by = f"The step '{settled[claim]}' settles it."
            raise InputError(f"{name}, [not_computed]: the claim '{claim}' is computed.", by, "Remove one of the two.")


def _check_subjects(study: Study, claims_file: str) -> None:
    """Refuse a claim of a sample that the study does not have."""
    for claim in study.claims.values():
        if claim.sample not in study.subjects and claim.sample not in NOT_ONE_SAMPLE:
            known = ", ".join(study.subjects)
            others = ", ".join(f"'{word}'" for word in NOT_ONE_SAMPLE)
            raise InputError(
                f"{claims_file}, claim '{claim.id}': there is no sample '{claim.sample}'.",
                did_you_mean(claim.sample, study.subjects),
                f"Known are: {known}; a claim about no single sample says one of {others}.",
            )


def _check_samples(study: Study, name: str) -> None:
    """Refuse a claim of one sample that a step on another would settle."""
    for claim, step in study.settled_by.items():
        said, subject = study.claims[claim], step.subject
        if said.route == "input" or subject is None or subject.kind != "sample" or said.sample == subject.name:
            continue
        if said.sample in study.subjects:
            raise InputError(
                f"{name}, step '{step.id}': it is about {subject.name}, and the claim '{claim}' about {said.sample}.",
                "A number of one sample says nothing of another.",
                "Settle the claim by a step on its own sample.",
            )


def _check_judgement(study: Study, name: str) -> None:
    for one in study.readings:
        place = f"{name}, [[reading]] of '{one.claim}'"
        if one.claim not in study.settled_by:
            raise InputError(f"{place}: no step settles this claim.", "", "Settle it by its first reading.")
        _check_result(study, one.step, one.result, place)
    for together in study.comparisons:
        place = f"{name}, [[comparison]] '{together.name}'"
        for claim in together.claims:
            if claim not in study.claims:
                raise no_claim(f"{place}: there is no claim '{claim}'.", claim, study.claims)
        for result in filter(None, (together.fitted, together.independent)):
            _check_result(study, together.step, result, place)


def _check_result(study: Study, step: str, result: str, place: str) -> None:
    if step not in study.steps:
        raise InputError(f"{place}: there is no step '{step}'.", did_you_mean(step, study.steps), "Check its id.")
    task = study.steps[step].task
    if result != "verdict" and not task.gives(result):
        raise InputError(
            f"{place}: `{task.name}` gives no '{result}'.",
            did_you_mean(result, task.results),
            f"It gives: {', '.join(task.results)}.",
        )


def _check_chapters(study: Study, name: str) -> None:
    for title, patterns in study.chapters.items():
        for pattern in patterns:
            if not isinstance(pattern, str) or not any(fnmatchcase(step, pattern) for step in study.steps):
                raise InputError(
                    f"{name}, [chapters]: no step fits {pattern!r} of '{title}'.",
                    "",
                    'Write ids of steps or patterns of them, such as ["recipe.*"].',
                )
