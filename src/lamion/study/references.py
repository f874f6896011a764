"""From what a study file writes to the plain values a step receives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lamion import hashing
from lamion.formats import RawFile
from lamion.quantities import Answer, InputError, Quantity
from lamion.study.claims import no_claim
from lamion.study.inputs import Inputs
from lamion.study.study_file import Step, Study
from lamion.substances import Substance, known_substance
from lamion.tasks.declaring.file import table_of
from lamion.tasks.declaring.parameter import Parameter
from lamion.tasks.declaring.value import quantity_to_json, value_of

_KINDS_OF_REFERENCE = ("claim", "step", "sample", "cell")


Reference = Mapping[str, Any]


def references(step: Step, study: Study) -> Iterator[Reference]:
    """Yield every reference a step rests on: in its options, and in the properties those lead to."""
    yield from _references_in(list(step.written().values()), study, ())


def _references_in(written: Any, study: Study, path: tuple[Any, ...]) -> Iterator[Reference]:
    if isinstance(written, list):
        for item in written:
            yield from _references_in(item, study, path)
    elif _is_reference(written):
        if written in path:
            raise InputError(f"The reference {written} leads back to itself.", "", "Write the value there.")
        yield written
        yield from _references_in(_property_written(written, study), study, (*path, written))
    elif isinstance(written, dict):
        yield from _references_in(list(written.values()), study, path)


def _is_reference(written: Any) -> bool:
    return isinstance(written, dict) and any(isinstance(written.get(kind), str) for kind in _KINDS_OF_REFERENCE)


def _property_written(reference: Reference, study: Study) -> Any:
    """Return what a reference to a property leads to; None for other references."""
    name = reference.get("sample", reference.get("cell"))
    subject = study.subjects.get(name) if name is not None else None
    return None if subject is None else subject.properties.get(str(reference.get("property")))


def written_out(written: Any, study: Study) -> Any:
    """Put what stands at a sample's or cell's property in the place of a reference to it; other references stay."""
    if _is_reference(written):
        found = _property_written(written, study)
        return written if found is None else written_out(found, study)
    if isinstance(written, dict):
        return {key: written_out(item, study) for key, item in written.items()}
    return [written_out(item, study) for item in written] if isinstance(written, list) else written


def inputs(
    step: Step, study: Study, answers: Mapping[str, Answer], files: Mapping[str, tuple[RawFile, ...]], quick: bool
) -> Inputs:
    """Resolve a step's options once the steps it depends on are done; an error names the step."""
    task, lookup = step.task, _Lookup(study, answers)
    try:
        options = {
            name: _resolved(_thing(written, name, answers), f"'{task.parameters[name].written}'", lookup)
            for name, written in step.written().items()
            if task.parameters[name].kind != "file"
        }
        substances = {name: _facts_of(name, study) for name in task.substances(options)}
        own = {name: Substance.from_table(table) for name, table in substances.items()}
        options = task.filled(options, own)
        options = {name: _checked(item, task.parameters[name], own) for name, item in options.items()}
    except InputError as error:
        raise InputError(f"Step '{step.id}': {error.happened}", error.cause, error.remedy) from error
    return Inputs(
        options=options,
        files={**files, **_records(step, answers)},
        substances=substances,
        seed=(_seed(study, step) if step.seed is None else step.seed) if task.random else None,
        quick=quick and task.quick,
    )


@dataclass(frozen=True)
class _Lookup:
    """Where references lead."""

    study: Study
    answers: Mapping[str, Answer]

    def quantity(self, reference: Reference, name: str) -> Any:
        """Return the quantity a reference leads to, or what is written at the property it names."""
        if "claim" in reference:
            printed = self._claim(reference["claim"], name)
            # A nominal value, such as a molar ratio that was weighed out, is not a rounded measurement.
            return replace(printed, std=None) if reference.get("nominal") else printed
        if "step" in reference:
            return self._result(reference, name)
        written = _property_written(reference, self.study)
        if written is None:
            raise InputError(
                f"{name} refers to {dict(reference)}.",
                "There is no such property.",
                'Write { sample = "...", property = "..." } with names that stand in the study.',
            )
        return self.quantity(written, name) if _is_reference(written) else written

    def _claim(self, claim: str, name: str) -> Quantity:
        if claim not in self.study.claims:
            raise no_claim(f"{name} refers to the claim '{claim}', which does not exist.", claim, self.study.claims)
        return self.study.claims[claim].as_quantity

    def _result(self, reference: Reference, name: str) -> Quantity:
        answer, wanted = self.answers[reference["step"]], str(reference.get("result"))
        if wanted not in answer.results:
            raise InputError(
                f"{name} refers to the result '{wanted}' of the step '{reference['step']}'.",
                "It was not reached." if wanted in answer.unreached else "That step has no such result.",
                f"It has: {', '.join(answer.results)}.",
            )
        return answer.results[wanted]


def _thing(written: Any, name: str, answers: Mapping[str, Answer]) -> Any:
    """Put the table of what another step makes known, such as an electrolyte, in the place of a reference to it."""
    if not (_is_reference(written) and "step" in written and "result" not in written):
        return written
    known = answers[written["step"]].things
    if name not in known:
        raise InputError(
            f"'{name}' refers to the step '{written['step']}', which makes no {name} known.",
            "",
            'Name a step that does, or one of its results: { step = "...", result = "..." }.',
        )
    return {key: quantity_to_json(quantity) for key, quantity in known[name].items()}


def _resolved(written: Any, name: str, lookup: _Lookup) -> Any:
    """Put quantities in the place of references, however deep in tables they stand."""
    if _is_reference(written):
        found = lookup.quantity(written, name)
        return quantity_to_json(found) if isinstance(found, Quantity) else _resolved(found, name, lookup)
    if isinstance(written, dict):
        return {key: _resolved(item, f"{name}, '{key}'", lookup) for key, item in written.items()}
    if isinstance(written, list):
        return [_resolved(item, name, lookup) for item in written]
    return written


def _checked(written: Any, parameter: Parameter, substances: Mapping[str, Substance]) -> Any:
    """Refuse what the task could not use; write quantities in one form, so that "9 um" and "9.0 um" are the same."""
    value = value_of(written, parameter, substances)
    if parameter.kind != "quantity" or parameter.named:
        return written
    return [quantity_to_json(item) for item in value] if parameter.many else quantity_to_json(value)


def _records(step: Step, answers: Mapping[str, Answer]) -> dict[str, tuple[RawFile, ...]]:
    """Return the files that are records which other steps gave; what is synthetic stays so."""
    found = {}
    for name, written in step.written().items():
        parameter = step.task.parameters[name]
        if parameter.kind != "file" or not are_records(written):
            continue
        items = written if isinstance(written, list) else [written]
        if not parameter.many and len(items) > 1:
            raise InputError(f"Step '{step.id}': '{name}' takes one record, not {len(items)}.", "", "Name one step.")
        found[name] = tuple(_record(step, item, answers) for item in items)
    return found


def are_records(written: Any) -> bool:
    """Tell whether what a step says for files are tables, which can only be records that other steps give."""
    items = written if isinstance(written, list) and written else [written]
    return all(isinstance(item, dict) for item in items)


def _record(step: Step, reference: Reference, answers: Mapping[str, Answer]) -> RawFile:
    name = reference.get("step")
    if not isinstance(name, str) or not answers[name].series:
        raise InputError(
            f"Step '{step.id}': {dict(reference)} is no record.",
            "",
            'Write { step = "..." } with a step that has a series.',
        )
    return table_of(answers[name].series, f"{name}.csv", synthetic=answers[name].synthetic)


def _facts_of(name: str, study: Study) -> dict[str, Any]:
    """Return a substance: the study's own, or the one that comes with lamion; by the name that the study uses."""
    own = study.substances.get(name)
    table = (known_substance(name) if own is None else Substance.from_table({"key": name, **own})).to_table()
    return {key: table[key] for key in ("key", "formula", "kind", "facts")}


def _seed(study: Study, step: Step) -> int:
    sample = step.subject.name if step.subject else ""
    return int(hashing.of_value([study.seed, sample, step.id])[:15], 16)
