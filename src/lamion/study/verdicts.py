"""Verdicts: what a computed number says of a printed one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lamion.quantities import Answer, InputError, Quantity
from lamion.study.claims import Claim
from lamion.study.plan import Plan
from lamion.study.study_file import Study

AUDIT_VERDICTS = ("holds", "does not hold")
RECOVER_VERDICTS = ("resolvable", "not resolvable")
COMPARED_VERDICTS = ("agrees", "disagrees")
VERDICTS = (*COMPARED_VERDICTS, *AUDIT_VERDICTS, *RECOVER_VERDICTS, "input", "not computed")

# An agreement whose tolerance is a larger part than this of the printed value is said to be weak.
_WEAK = 0.1

_UNSETTLED = {
    "recover": "No step of this study settles it, and the raw measurement is not among its files.",
    "predict": "No step of this study predicts it.",
    "geometry": "No step of this study computes it from the crystal's geometry.",
    "audit": "No step of this study audits it.",
    "derive": "No step of this study derives it.",
    "recipe": "No step of this study computes it from the recipe.",
}


@dataclass(frozen=True)
class Verdict:
    """What lamion says of one claim.

    Parameters
    ----------
    verdict : str
        One of :data:`VERDICTS`.
    evidence : str
        What the computed number rests on; empty when nothing was computed.
    reason : str
        A sentence or two for people.
    computed : Quantity or None
        The computed number, in the claim's unit.
    tolerance : float or None
        The largest difference that would still agree, in the claim's unit.
    step : str
        The step that computed it; empty when none did.
    """

    verdict: str
    evidence: str
    reason: str
    computed: Quantity | None = None
    tolerance: float | None = None
    step: str = ""

    def to_json(self, claim: Claim) -> dict[str, Any]:
        """Return the entry of ``results.json``."""
        return {
            "verdict": self.verdict,
            "evidence": self.evidence,
            "printed": claim.printed,
            "unit": claim.unit,
            "computed": None if self.computed is None else self.computed.value,
            "uncertainty": None if self.computed is None else self.computed.std,
            "tolerance": self.tolerance,
            "reason": self.reason,
            "step": self.step,
        }


def verdicts(study: Study, graph: Plan, answers: Mapping[str, Answer], failed: Mapping[str, str]) -> dict[str, Verdict]:
    """Give every claim of a study its verdict, in the order of the claims file; `failed` says why steps have none."""
    synthetic = synthetic_steps(study, graph, answers)
    settled_by = {claim: step for step in study.steps.values() for claim in step.settles}
    found = {}
    for claim in study.claims.values():
        step = settled_by.get(claim.id)
        if step is None:
            found[claim.id] = _unsettled(claim, study)
            continue
        if step.id not in answers:
            reason = failed.get(step.id, f"The step '{step.id}' was not asked for.")
            found[claim.id] = Verdict("not computed", "", reason, step=step.id)
            continue
        evidence = "synthetic" if step.id in synthetic else step.task.evidence
        try:
            found[claim.id] = settle(claim, answers[step.id], step.settles[claim.id], evidence, step.id)
        except InputError as error:
            raise InputError(f"Step '{step.id}': {error.happened}", error.cause, error.remedy) from error
    return found


def synthetic_steps(study: Study, graph: Plan, answers: Mapping[str, Answer]) -> set[str]:
    """Find the steps that rest on synthetic data, themselves or through others."""
    found: set[str] = set()
    for name in graph.order:
        own = (name in answers and answers[name].synthetic) or study.steps[name].task.evidence == "synthetic"
        if own or graph.depends_on[name] & found:
            found.add(name)
    return found


def settle(claim: Claim, answer: Answer, result: str, evidence: str, step: str) -> Verdict:
    """Settle one claim by a result of one answer, or by the answer's own ``"verdict"``."""
    if result == "verdict":
        return _own_verdict(claim, answer, evidence, step)
    if claim.value is None:
        raise InputError(f"the claim '{claim.id}' is a {claim.unit}: a number cannot settle it.", "", "Use 'verdict'.")
    if result in answer.unreached:
        return Verdict("not computed", evidence, f"The {result.replace('_', ' ')} was not reached.", step=step)
    if result not in answer.results:
        raise InputError(
            f"it has no result '{result}' to settle '{claim.id}' with.",
            "",
            f"It has: {', '.join(answer.results)}.",
        )
    computed = answer.results[result]
    if evidence == "synthetic":
        reason = "The data are synthetic, so this says nothing of the claim: put measured files in their place."
        return Verdict("not computed", evidence, reason, computed.to(claim.unit), step=step)
    if claim.route == "input":
        means = answer.means or result
        reason = f"{_sentence(claim.note) or 'Given to the models.'} It implies {means} of {computed}."
        return Verdict("input", evidence, reason, step=step)
    return compare(claim, computed, evidence, answer.reason, step)


def compare(claim: Claim, computed: Quantity, evidence: str, reason: str = "", step: str = "") -> Verdict:
    r"""Hold a computed number against a printed one.

    .. math:: |x - x_\mathrm{printed}| \le 2 \sqrt{u^2(x) + u^2_\mathrm{printed}}

    Parameters
    ----------
    claim : Claim
        The printed number; its uncertainty is that of its rounding.
    computed : Quantity
        A number computed without the printed one.
    evidence, reason, step : str
        As in :class:`Verdict`.

    Returns
    -------
    Verdict
        ``agrees`` or ``disagrees``; for an audit ``holds`` or ``does not hold``.

    Examples
    --------
    >>> claim = Claim("c0", "film", "concentration", "2", 2, "mol/L", "audit")
    >>> compare(claim, Quantity(0.96, 0.03, "mol/L"), "composition").verdict
    'does not hold'
    """
    printed = claim.as_quantity
    found = computed.to(claim.unit)
    tolerance = 2 * math.hypot(found.std or 0.0, printed.std or 0.0)
    difference = found.value - printed.value
    close = abs(difference) <= tolerance
    words = AUDIT_VERDICTS if claim.route == "audit" else COMPARED_VERDICTS
    unit = "" if claim.unit == "1" else f" {claim.unit}"
    said = (
        f"Computed {found}, printed {claim.printed}{unit}: the difference of "
        f"{difference:.2g} is {'within' if close else 'beyond'} the tolerance of {tolerance:.2g}."
    )
    if close and claim.route != "audit" and tolerance > _WEAK * abs(printed.value):
        low, high = found.value - tolerance, found.value + tolerance
        said += f" A weak test: anything from {low:.3g} to {high:.3g}{unit} would have agreed."
    text = f"{said} {reason}".strip()
    return Verdict(words[0] if close else words[1], evidence, text, found, tolerance, step)


def _own_verdict(claim: Claim, answer: Answer, evidence: str, step: str) -> Verdict:
    verdict = answer.verdict
    allowed = (*RECOVER_VERDICTS, "not computed") if evidence == "synthetic" else _verdicts_a_step_may_give(claim)
    if verdict not in allowed:
        raise InputError(
            f"its verdict '{verdict}' does not go with the claim '{claim.id}' of route '{claim.route}'.",
            "",
            f"Such a claim can be: {', '.join(allowed)}.",
        )
    spoken_of = answer.results[answer.computed] if answer.computed and claim.value is not None else None
    computed = None if spoken_of is None else spoken_of.to(claim.unit)
    return Verdict(verdict, evidence, answer.reason, computed, step=step)


def _verdicts_a_step_may_give(claim: Claim) -> tuple[str, ...]:
    """Let a step judge statements, audits and whether a measurement resolves; numbers are compared here alone."""
    by_route = {"recover": RECOVER_VERDICTS, "audit": AUDIT_VERDICTS}.get(claim.route, ())
    return (*by_route, *(COMPARED_VERDICTS if claim.value is None else ()), "not computed")


def _unsettled(claim: Claim, study: Study) -> Verdict:
    if claim.route == "input":
        return Verdict("input", "", _sentence(claim.note) or "Given to the models; not checkable by itself.")
    return Verdict("not computed", "", study.not_computed.get(claim.id, _UNSETTLED[claim.route]))


def _sentence(note: str) -> str:
    text = note.strip()
    return text and text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")
