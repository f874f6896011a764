"""The graph of a study's steps: which depends on which, and on which printed numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from lamion.quantities import InputError, parse
from lamion.study.claims import Claim
from lamion.study.references import references, written_out
from lamion.study.study_file import Step, Study
from lamion.tasks.declaring.value import did_you_mean

_TEMPERATURES = ("temperature", "at")
"""Options that may say at which temperature a step's results hold."""
_SAME = 0.5
"""K between temperatures that count as one."""


@dataclass(frozen=True)
class Plan:
    """The steps in an order in which each comes after those it depends on.

    Parameters
    ----------
    order : tuple of str
        Step ids.
    depends_on : Mapping of str to frozenset of str
        Steps whose results a step takes.
    printed : Mapping of str to frozenset of str
        Claims whose printed number reaches a step, directly or through other steps.
    """

    order: tuple[str, ...]
    depends_on: Mapping[str, frozenset[str]]
    printed: Mapping[str, frozenset[str]]

    def only(self, step: str) -> Plan:
        """Return the part of the plan that one step needs."""
        if step not in self.depends_on:
            raise InputError(
                f"The study has no step '{step}'.", did_you_mean(step, self.order), f"It has: {', '.join(self.order)}."
            )
        needed = {step}
        for name in reversed(self.order):
            if name in needed:
                needed |= self.depends_on[name]
        return Plan(
            tuple(name for name in self.order if name in needed),
            {name: steps for name, steps in self.depends_on.items() if name in needed},
            {name: claims for name, claims in self.printed.items() if name in needed},
        )


def plan(study: Study) -> Plan:
    """Order a study's steps and refuse what could not be an honest check.

    Refused are circles, references to steps that do not exist, a step that would settle a claim by a number that was
    made from that claim's own printed value, and a step at one temperature that would settle a claim at another.
    """
    depends_on = {step.id: _steps_named(step, study) for step in study.steps.values()}
    try:
        order = tuple(TopologicalSorter(depends_on).static_order())
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise InputError(f"Steps depend on each other in a circle: {circle}.", "", "Break the circle.") from error
    printed: dict[str, frozenset[str]] = {}
    for name in order:
        printed[name] = _printed(study.steps[name], study, printed)
    for step in study.steps.values():
        for claim, result in step.settles.items():
            _refuse_circular_check(step.id, claim, result, study, printed[step.id])
            _refuse_other_temperature(step, study.claims[claim], study)
    for reading in study.readings:
        _refuse_circular_check(reading.step, reading.claim, reading.result, study, printed[reading.step])
    return Plan(order, depends_on, printed)


def _steps_named(step: Step, study: Study) -> frozenset[str]:
    named = [reference for reference in references(step, study) if "step" in reference]
    for reference in named:
        name, result = reference["step"], reference.get("result")
        if name not in study.steps:
            raise InputError(
                f"Step '{step.id}' refers to the step '{name}', which does not exist.",
                did_you_mean(name, study.steps),
                "Check its id.",
            )
        task = study.steps[name].task
        if result is not None and not task.gives(str(result)):
            raise InputError(
                f"Step '{step.id}' refers to the result '{result}' of the step '{name}', which `{task.name}` does not "
                "give.",
                did_you_mean(result, task.results),
                f"It gives: {', '.join(task.results)}.",
            )
    return frozenset(reference["step"] for reference in named)


def _printed(step: Step, study: Study, before: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the claims whose printed number reaches a step; `before` are those of the steps it depends on."""
    found: set[str] = set()
    for reference in references(step, study):
        if "claim" in reference:
            found.add(reference["claim"])
        elif "step" in reference:
            rest = _without_an_entry(study.steps[reference["step"]], reference.get("result"))
            found |= before[reference["step"]] if rest is None else _printed(rest, study, before)
    return frozenset(found)


def _without_an_entry(step: Step, result: str | None) -> Step | None:
    """Return a step without the entry of a table that one of its results leaves out, None where it leaves out none."""
    option = "" if result is None else step.task.result(str(result)).leaves_out
    table = step.options.get(option)
    if not isinstance(table, Mapping):
        return None
    left_out = max((name for name in table if str(result).endswith(f".{name}")), key=len, default=None)
    rest = {name: item for name, item in table.items() if name != left_out}
    return replace(step, options={**step.options, option: rest})


def _refuse_circular_check(step: str, claim: str, result: str, study: Study, printed: frozenset[str]) -> None:
    if result != "verdict" and study.claims[claim].route != "input" and claim in printed:
        raise InputError(
            f"Step '{step}' would settle the claim '{claim}' by a number made from its own printed value.",
            "Such a check could never disagree.",
            "Compute the number from something else.",
        )


def _refuse_other_temperature(step: Step, claim: Claim, study: Study) -> None:
    """Refuse a claim at one temperature that a step at another would settle; what does not say its own may."""
    printed = _number(claim.conditions.get("temperature_C"))
    if printed is None or claim.route == "input":
        return
    written = step.written()
    for name in _TEMPERATURES:
        own = _celsius(written_out(written.get(name), study), study)
        if own is not None and abs(own - printed) > _SAME:
            raise InputError(
                f"Step '{step.id}' is at {own:g} degC ('{name}'), and the claim '{claim.id}' at {printed:g} degC.",
                "A number at one temperature says nothing of one at another.",
                "Settle the claim by a step at its own temperature, or mend the claim's conditions.",
            )


def _number(written: Any) -> float | None:
    """Return a condition that is a number; one such as "20 to 80" is none."""
    try:
        return float(str(written))
    except ValueError:
        return None


def _celsius(written: Any, study: Study) -> float | None:
    """Return what an option says in degC; None where it says no one temperature, or only a result will."""
    try:
        if isinstance(written, Mapping):
            return study.claims[written["claim"]].as_quantity.to("degC").value
        return parse(written, "K").to("degC").value if isinstance(written, str) else None
    except (InputError, KeyError):
        return None
