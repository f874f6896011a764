"""Verdicts: what a computed number says of a printed one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lamion.quantities import Answer, InputError, Quantity, parse
from lamion.study.claims import Claim
from lamion.study.comparison import Comparison, against_printed, to_a_factor
from lamion.study.judgement import Reading, Together
from lamion.study.plan import Plan
from lamion.study.references import written_out
from lamion.study.study_file import Step, Study

AUDIT_VERDICTS = ("holds", "does not hold")
FINDING_VERDICTS = ("shown", "not shown")
RECOVER_VERDICTS = ("resolvable", "not resolvable")
COMPARED_VERDICTS = ("agrees", "disagrees")
UNDECIDED = "undecided"
VERDICTS = (
    *COMPARED_VERDICTS,
    *AUDIT_VERDICTS,
    UNDECIDED,
    *RECOVER_VERDICTS,
    *FINDING_VERDICTS,
    "input",
    "not computed",
)

_CONFIRMED = (COMPARED_VERDICTS[0], AUDIT_VERDICTS[0])
_REFUTED = (COMPARED_VERDICTS[1], AUDIT_VERDICTS[1])

_SIZES = ("thickness", "area")
"""What is measured by hand, and often the largest uncertainty of all."""

_MISSED = 0.05
"""Of true numbers, by a 95 % range."""

_WORDS = {"audit": AUDIT_VERDICTS, "finding": FINDING_VERDICTS, "recover": RECOVER_VERDICTS}

_UNSETTLED = {
    "recover": "No step of this study settles it, and the raw measurement is not among its files.",
    "predict": "No step of this study predicts it.",
    "geometry": "No step of this study computes it from the crystal's geometry.",
    "audit": "No step of this study audits it.",
    "finding": "No step of this study asks.",
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
    reach : float or None
        Half the range of printed values that would have passed, over the printed value; None where nothing was
        compared.
    step : str
        The step that computed it; empty when none did.
    comparison : str
        The comparison that it counts with; its own where that is empty.
    simulated : Quantity or None
        What the stated measurement, simulated, would give, in the claim's unit: its truth was the printed number, so
        that it is compared with nothing.
    """

    verdict: str
    evidence: str
    reason: str
    computed: Quantity | None = None
    reach: float | None = None
    step: str = ""
    comparison: str = ""
    simulated: Quantity | None = None

    def to_json(self, claim: Claim) -> dict[str, Any]:
        """Return the entry of ``results.json``."""
        return {
            "verdict": self.verdict,
            "evidence": self.evidence,
            "printed": claim.printed,
            "unit": claim.unit,
            "computed": None if self.computed is None else self.computed.value,
            "uncertainty": None if self.computed is None else self.computed.std,
            "reach": self.reach,
            "reason": self.reason,
            "step": self.step,
            "comparison": self.comparison or claim.id,
        }


def verdicts(study: Study, graph: Plan, answers: Mapping[str, Answer], failed: Mapping[str, str]) -> dict[str, Verdict]:
    """Give every claim of a study its verdict, in the order of the claims file; `failed` says why steps have none."""
    synthetic = synthetic_steps(study, graph, answers)
    found = {}
    for claim in study.claims.values():
        step = study.settled_by.get(claim.id)
        if step is None:
            found[claim.id] = _unsettled(claim, study)
            continue
        if step.id not in answers:
            reason = failed.get(step.id, f"The step '{step.id}' was not asked for.")
            found[claim.id] = Verdict("not computed", "", reason, step=step.id)
            continue
        evidence = "synthetic" if step.id in synthetic else step.task.evidence
        try:
            own = settle(claim, answers[step.id], step.settles[claim.id], evidence, step.id)
            if own.verdict == COMPARED_VERDICTS[1] and own.computed is not None:
                own = replace(own, reason=f"{own.reason} {_counted_as_exact(step, study)}".strip())
            readings = [reading for reading in study.readings if reading.claim == claim.id and reading.step in answers]
            found[claim.id] = with_readings(claim, own, readings, answers)
        except InputError as error:
            raise InputError(f"Step '{step.id}': {error.happened}", error.cause, error.remedy) from error
    return {**found, **judged_together(study.comparisons, found, answers)}


def _counted_as_exact(step: Step, study: Study) -> str:
    """Say which sizes of a step were written without an uncertainty: a disagreement may be theirs."""
    written = step.written()
    known = [name for name in _SIZES if name in written and step.task.parameters[name].kind == "quantity"]
    sizes = {name: written_out(written[name], study) for name in known}
    exact = [name for name, size in sizes.items() if isinstance(size, str) and parse(size).std is None]
    if not exact:
        return ""
    were = "was" if len(exact) == 1 else "were"
    return f"The {' and the '.join(exact)} {were} given without an uncertainty, and counted as exact."


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
    """Hold a computed number against a printed one.

    The printed number, widened by its rounding, lies inside or outside the 95 % range of the computed one. Where the
    reach is larger than one half the test could not have noticed, and nothing is decided, unless the printed number
    lies twice as far off as the range goes.

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
        ``agrees`` or ``disagrees``; for an audit ``holds`` or ``does not hold``, for a finding ``shown`` or ``not
        shown``; ``undecided``.

    Examples
    --------
    >>> claim = Claim("c0", "film", "concentration", "2", 2, "mol/L", "audit")
    >>> compare(claim, Quantity(0.96, 0.03, "mol/L"), "composition").verdict
    'does not hold'
    """
    found, test = computed.to(claim.unit), against_printed(claim, computed)
    unit = "" if claim.unit == "1" else f" {claim.unit}"
    said = f"Computed {found}, printed {claim.printed}{unit}: {_passing(test, unit)} would have passed."
    if not test.decided:
        said += " The test could not have noticed a wrong number."
    return Verdict(_word(claim, test), evidence, f"{said} {reason}".strip(), found, _finite(test.reach), step)


def _word(claim: Claim, test: Comparison) -> str:
    """Return the verdict of a comparison in the words of the claim's route."""
    words = {**_WORDS, "recover": COMPARED_VERDICTS}.get(claim.route, COMPARED_VERDICTS)
    return UNDECIDED if not test.decided else words[0] if test.inside else words[1]


def _passing(test: Comparison, unit: str) -> str:
    if math.isinf(test.low) or math.isinf(test.high):
        bound = "anything" if math.isinf(test.low + test.high) and test.low == -test.high else ""
        return bound or (f"{test.high:.3g}{unit} or less" if math.isinf(test.low) else f"{test.low:.3g}{unit} or more")
    return f"{test.low:.3g} to {test.high:.3g}{unit}"


def _finite(reach: float) -> float | None:
    """Return what JSON can hold: a reach without end is none."""
    return reach if math.isfinite(reach) else None


def with_readings(claim: Claim, own: Verdict, readings: Sequence[Reading], answers: Mapping[str, Answer]) -> Verdict:
    """Let every ordinary reading of what is left open decide: where they differ, nothing is decided."""
    if not readings or own.verdict == "not computed":
        return own
    others = [settle(claim, answers[one.step], one.result, own.evidence, own.step) for one in readings]
    words = {own.verdict, *(other.verdict for other in others)}
    verdict = own.verdict if len(words) == 1 else UNDECIDED
    listed = "; ".join(
        f"{one.means} ({one.source}): {other.verdict}" + ("" if other.computed is None else f", {other.computed}")
        for one, other in zip(readings, others, strict=True)
    )
    count = sum(other.verdict == own.verdict for other in others)
    reason = (
        f"{own.reason} As read first: {own.verdict}; of {len(readings)} other ordinary "
        f"reading{'s' * (len(readings) > 1)} {count or 'none'} {'says' if count < 2 else 'say'} the same: {listed}."
    )
    return replace(own, verdict=verdict, reason=reason)


def judged_together(
    comparisons: Sequence[Together], found: Mapping[str, Verdict], answers: Mapping[str, Answer]
) -> dict[str, Verdict]:
    """Give claims that rest on one unknown the verdict of that unknown, and mark what is one comparison as one."""
    judged: dict[str, Verdict] = {}
    for one in comparisons:
        for name in one.claims:
            judged[name] = replace(found[name], comparison=one.name)
        if one.step and one.step in answers:
            judged |= {name: _by_the_unknown(judged[name], one, answers[one.step]) for name in one.claims}
        refuted = next((name for name in one.claims if judged[name].verdict in _REFUTED), None)
        judged |= {name: _void(judged[name], refuted) for name in one.claims if refuted}
    return judged


def _void(row: Verdict, refuted: str | None) -> Verdict:
    """Take back an agreement that rests on the same as a claim that fails."""
    if row.verdict not in _CONFIRMED:
        return row
    reason = f"{row.reason} It rests on the same as {refuted}, which fails: such an agreement decides nothing."
    return replace(row, verdict=UNDECIDED, reason=reason)


def _by_the_unknown(row: Verdict, one: Together, answer: Answer) -> Verdict:
    fitted, independent = answer.results[one.fitted], answer.results[one.independent]
    test = to_a_factor(fitted, independent)
    words = COMPARED_VERDICTS[0] if test.inside else COMPARED_VERDICTS[1]
    reason = (
        f"{len(one.claims)} claims rest on one unknown, {one.name}, and are one comparison: fitted to them it is "
        f"{fitted}, independently {independent}; {_passing(test, f' {fitted.unit}')} would have passed."
    )
    if not test.decided:
        reason += " So wide a range could not have noticed a wrong number."
    return replace(
        row,
        verdict=words if test.decided else UNDECIDED,
        reason=f"{reason} This row, predicted without the fit: {row.computed or 'not computed'}.",
        reach=_finite(test.reach),
    )


@dataclass(frozen=True)
class ByChance:
    """How many comparisons fail, beside how many would if every printed number were true.

    Parameters
    ----------
    decided, failed : int
        Independent comparisons that decided, and those of them that came out against the printed number.
    expected : float
        The most that chance alone would let fail on average.
    probability : float
        The largest that chance alone would have of letting so many fail, or more.
    """

    decided: int
    failed: int
    expected: float
    probability: float


def by_chance(verdicts: Mapping[str, Verdict]) -> ByChance:
    """Set the failures beside those of chance: a 95 % range misses a true number once in twenty times at most.

    Parameters
    ----------
    verdicts : Mapping of str to Verdict
        By claim. Those that rest on one unknown count once; what is undecided, or was only simulated, does not count.

    Examples
    --------
    >>> wrong, right = (Verdict(word, "model", "") for word in COMPARED_VERDICTS[::-1])
    >>> found = by_chance({"a": wrong, "b": wrong, **{str(k): right for k in range(18)}})
    >>> found.decided, found.failed, found.expected, round(found.probability, 2)
    (20, 2, 1.0, 0.26)
    """
    words = [one.verdict for one in _comparisons(verdicts)]
    failed = sum(word in _REFUTED for word in words)
    decided = failed + sum(word in _CONFIRMED for word in words)
    fewer = sum(math.comb(decided, k) * _MISSED**k * (1 - _MISSED) ** (decided - k) for k in range(failed))
    return ByChance(decided, failed, _MISSED * decided, max(1 - fewer, 0.0))


def counted(verdicts: Mapping[str, Verdict]) -> dict[str, int]:
    """Count independent comparisons by verdict; one whose claims differ counts by the first of them in VERDICTS."""
    return _by_word(_comparisons(verdicts))


def counted_by_evidence(verdicts: Mapping[str, Verdict]) -> dict[str, dict[str, int]]:
    """Count independent comparisons by what they rest on and by verdict; what rests on nothing is left out."""
    compared = _comparisons(verdicts)
    kinds = dict.fromkeys(one.evidence for one in compared if one.evidence)
    return {kind: _by_word([one for one in compared if one.evidence == kind]) for kind in kinds}


def _comparisons(verdicts: Mapping[str, Verdict]) -> list[Verdict]:
    """Return one verdict for each independent comparison."""
    order = {word: number for number, word in enumerate(VERDICTS)}
    found: dict[str, Verdict] = {}
    for name, verdict in verdicts.items():
        key = verdict.comparison or name
        found[key] = min(found.get(key, verdict), verdict, key=lambda one: order[one.verdict])
    return list(found.values())


def _by_word(compared: Sequence[Verdict]) -> dict[str, int]:
    words = [one.verdict for one in compared]
    return {word: words.count(word) for word in VERDICTS if word in words}


def _own_verdict(claim: Claim, answer: Answer, evidence: str, step: str) -> Verdict:
    verdict = answer.verdict
    allowed = (
        (*RECOVER_VERDICTS, UNDECIDED, "not computed") if evidence == "synthetic" else _verdicts_a_step_may_give(claim)
    )
    if verdict not in allowed:
        raise InputError(
            f"its verdict '{verdict}' does not go with the claim '{claim.id}' of route '{claim.route}'.",
            "",
            f"Such a claim can be: {', '.join(allowed)}.",
        )
    spoken_of = answer.results[answer.computed] if answer.computed and claim.value is not None else None
    found = None if spoken_of is None else spoken_of.to(claim.unit)
    if verdict in RECOVER_VERDICTS:
        return Verdict(verdict, evidence, answer.reason, step=step, simulated=found)
    return Verdict(verdict, evidence, answer.reason, found, step=step)


def _verdicts_a_step_may_give(claim: Claim) -> tuple[str, ...]:
    """Let a step judge statements, audits and whether a measurement resolves; numbers are compared here alone."""
    by_route = _WORDS.get(claim.route, ())
    return (*by_route, *(COMPARED_VERDICTS if claim.value is None else ()), UNDECIDED, "not computed")


def _unsettled(claim: Claim, study: Study) -> Verdict:
    if claim.route == "input":
        return Verdict("input", "", _sentence(claim.note) or "Given to the models; not checkable by itself.")
    return Verdict("not computed", "", study.not_computed.get(claim.id, _UNSETTLED[claim.route]))


def _sentence(note: str) -> str:
    text = note.strip()
    return text and text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")
