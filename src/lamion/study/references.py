"""From what a study file writes to the plain values a step receives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lamion import hashing
from lamion.formats import RawFile
from lamion.quantities import Answer, InputError, Quantity, parse, units
from lamion.study.inputs import Inputs, quantity_to_json
from lamion.study.kinds import Option, StepKind
from lamion.study.study_file import Step, Study
from lamion.substances import Substance, substance

_KINDS_OF_REFERENCE = ("claim", "step", "sample", "cell")


Reference = Mapping[str, Any]


def references(step: Step, study: Study) -> Iterator[Reference]:
    """Yield every reference a step rests on: in its options, and in the properties those lead to.

    Parameters
    ----------
    step : Step
        As the study file writes it.
    study : Study
        The whole study.
    """
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


def inputs(
    step: Step, study: Study, answers: Mapping[str, Answer], files: Mapping[str, tuple[RawFile, ...]], quick: bool
) -> Inputs:
    """Resolve a step's options once the steps it depends on are done.

    Parameters
    ----------
    step : Step
        As the study file writes it.
    study : Study
        The whole study.
    answers : Mapping of str to Answer
        The answers of the steps that are done.
    files : Mapping of str to tuple of RawFile
        The step's files, by option.
    quick : bool
        Whether the run is a quick one.

    Returns
    -------
    Inputs

    Raises
    ------
    InputError
        When a value cannot be read or a reference leads nowhere; the paragraph names the step.
    """
    kind = step.step_kind()
    try:
        options = _options(step, kind, study, answers)
        if kind.substances is not None:
            options["substances"] = {name: _facts_of(name, study, kind.facts) for name in kind.substances(options)}
    except InputError as error:
        raise InputError(f"Step '{step.id}': {error.happened}", error.cause, error.remedy) from error
    return Inputs(
        options=options,
        files=files,
        seed=_seed(study, step) if kind.random else None,
        quick=quick and kind.quick,
    )


def _options(step: Step, kind: StepKind, study: Study, answers: Mapping[str, Answer]) -> dict[str, Any]:
    lookup = _Lookup(study, answers)
    return {
        name: _value(written, kind.options[name], f"'{name}'", lookup)
        for name, written in step.written().items()
        if kind.options[name].type not in ("file", "files")
    }


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
            raise InputError(f"{name} refers to the claim '{claim}', which does not exist.", "", "Check its id.")
        return self.study.claims[claim].as_quantity

    def _result(self, reference: Reference, name: str) -> Quantity:
        answer = self.answers[reference["step"]]
        result = answer.results.get(str(reference.get("result")))
        if result is None:
            raise InputError(
                f"{name} refers to the result '{reference.get('result')}' of the step '{reference['step']}'.",
                "That step has no such result.",
                f"It has: {', '.join(answer.results)}.",
            )
        return result


def _value(written: Any, option: Option, name: str, lookup: _Lookup) -> Any:
    if option.type == "quantity":
        return quantity_to_json(_quantity(written, option, name, lookup))
    if option.type == "quantities":
        items = written if isinstance(written, list) else [written]
        return [quantity_to_json(_quantity(item, option, name, lookup)) for item in items]
    if option.type == "any":
        return _table(written, name, lookup)
    types: dict[str, type] = {"text": str, "table": dict, "integer": int}
    if not isinstance(written, types[option.type]) or isinstance(written, bool):
        raise InputError(f"{name} is not a {option.type}.", "", "See the documentation of this kind of step.")
    if option.choices and written not in option.choices:
        raise InputError(f"{name} is '{written}'.", "", f"It can be: {', '.join(option.choices)}.")
    if option.type == "integer":
        _check_bounds(float(str(written)), option, name)
    return _table(written, name, lookup) if option.type == "table" else written


def _table(written: Any, name: str, lookup: _Lookup) -> Any:
    """Resolve the references within a table; everything else stays as it is."""
    if _is_reference(written):
        found = lookup.quantity(written, name)
        return quantity_to_json(found) if isinstance(found, Quantity) else _table(found, name, lookup)
    if isinstance(written, dict):
        return {key: _table(item, f"{name}, '{key}'", lookup) for key, item in written.items()}
    if isinstance(written, list):
        return [_table(item, name, lookup) for item in written]
    return written


def _quantity(written: Any, option: Option, name: str, lookup: _Lookup) -> Quantity:
    found = lookup.quantity(written, name) if _is_reference(written) else written
    quantity = found if isinstance(found, Quantity) else _typed(found, option, name)
    if option.unit and not units.same_dimension(quantity.unit, option.unit):
        raise InputError(f"{name} is {units.dimension_name(quantity.unit)}, not {units.dimension_name(option.unit)}.")
    if option.positive and quantity.si <= 0:
        raise InputError(f"{name} is {quantity}, not larger than zero.", "", "Check its sign.")
    _check_bounds(quantity.si, option, name)
    return quantity


def _check_bounds(value: float, option: Option, name: str) -> None:
    low, high = option.at_least, option.at_most
    if (low is not None and value < low) or (high is not None and value > high):
        bounds = " and ".join(
            [*([f"{low:g} or more"] if low is not None else []), *([f"{high:g} or less"] if high is not None else [])]
        )
        raise InputError(f"{name} is {value:g}; it must be {bounds}.", "", "Check its value and its unit.")


def _typed(written: Any, option: Option, name: str) -> Quantity:
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        raise InputError(f"{name} is neither a quantity nor a reference.", "", 'Write it like "9 um".')
    return parse(str(written), option.unit or None, name=name)


def _facts_of(name: str, study: Study, facts: tuple[str, ...]) -> dict[str, Any]:
    """Return a substance with only the facts a kind of step uses, so that it depends on no other."""
    own = study.substances.get(name)
    table = (substance(name) if own is None else Substance.from_table({"key": name, **own})).to_table()
    kept = [fact for fact in table["facts"] if "*" in facts or fact["property"] in (*facts, "molar_mass")]
    return {"key": table["key"], "formula": table["formula"], "kind": table["kind"], "facts": kept}


def _seed(study: Study, step: Step) -> int:
    sample = step.subject.name if step.subject else ""
    return int(hashing.of_value([study.seed, sample, step.id])[:15], 16)
