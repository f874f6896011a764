"""The claims of a run as the report shows them: the picture that opens it, and the table of verdicts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lamion.report.ranges import DIFFERENCES, RATIO, Range, Ranges, Scale, on_scale, ranges, scale_of
from lamion.study.claims import NOT_NUMBERS, Claim
from lamion.study.results import Results
from lamion.study.verdicts import Verdict, by_chance
from lamion.texts import first_sentence

SIGNS = {
    "agrees": "✓",
    "holds": "✓",
    "resolvable": "✓",
    "shown": "✓",
    "undecided": "?",
    "not shown": "–",
    "disagrees": "✗",
    "does not hold": "✗",
    "not resolvable": "≉",
    "input": "→",
    "not computed": "–",
}
EXPLANATIONS = {
    "agrees": "the printed number lies in the 95 % range of one computed without it",
    "disagrees": "it lies outside, by every ordinary reading of what the paper leaves open",
    "undecided": "the test could not have noticed (a reach above 0.5), or ordinary readings decide differently",
    "shown": "what lamion adds: no verdict on anybody's words",
    "not shown": "what lamion asked and could not show",
    "holds": "an audit that came out as the paper says",
    "does not hold": "an audit that did not",
    "resolvable": "raw data were never published; the stated measurement, simulated, resolves the printed digits",
    "not resolvable": "raw data were never published; the stated measurement, simulated, does not",
    "input": "given, not checkable by itself",
    "not computed": "with the reason",
}
SHAPES = {
    "agrees": "disc",
    "holds": "disc",
    "disagrees": "diamond",
    "does not hold": "diamond",
    "undecided": "square",
    "resolvable": "ring",
    "not resolvable": "hollow-diamond",
    "shown": "triangle",
    "not shown": "hollow-triangle",
}
_GROUPS = (
    ("What does not stand", ("disagrees", "does not hold", "not resolvable")),
    ("What stands", ("agrees", "holds", "resolvable")),
    ("What cannot be decided", ("undecided",)),
    ("What lamion adds", ("shown", "not shown")),
    ("Given to the models", ("input",)),
    ("Not computed", ("not computed",)),
)
_DRAWN = (
    ("Disagrees or does not hold", ("disagrees", "does not hold")),
    ("Agrees or holds", ("agrees", "holds")),
    ("Undecided", ("undecided",)),
    ("Would the stated measurement resolve it? On synthetic data", ("resolvable", "not resolvable")),
    ("What lamion adds", ("shown", "not shown")),
)
_AUDITED = ("does not hold", "disagrees", "shown", "not shown")
_RARE = 1e-4
_FEW = 30
"""Rows that need no folding."""
_UNFOLDED = _DRAWN[:2]

View = dict[str, Any]


def groups_of(results: Results, chapter_of: Callable[[str], str]) -> list[View]:
    """Return the table of verdicts, group by group, the sharpest comparison of each verdict first.

    Parameters
    ----------
    results : Results
        Of the run.
    chapter_of : callable
        Gives the title of a step's chapter.
    """
    claims = results.outcome.study.claims
    groups = []
    for title, words in _GROUPS:
        found = [item for word in words for item in results.verdicts.items() if item[1].verdict == word]
        found.sort(key=lambda item: (words.index(item[1].verdict), _reach(item[1])))
        rows = [_row(claims[name], verdict, results, chapter_of) for name, verdict in found]
        if rows:
            groups.append({"title": title, "rows": rows, "folded": words in (("input",), ("not computed",))})
    if len(groups) == 1:
        groups[0]["folded"] = False
    return groups


def picture_of(results: Results) -> View | None:
    """Return the picture of every comparison, or None where there is none.

    Parameters
    ----------
    results : Results
        Of the run.
    """
    found = ranges(results)
    if not found.drawn:
        return None
    scale = scale_of(one for one in found.drawn if one.scale == RATIO)
    groups = [_drawn_group(entry, found, scale, results) for entry in _DRAWN]
    return {
        "groups": [group for group in groups if group["count"]],
        "count": len(found.drawn),
        "left_out": sum(verdict.verdict in ("input", "not computed") for verdict in results.verdicts.values()),
        "shapes": {word: SHAPES[word] for word in SHAPES if any(one.verdict.verdict == word for one in found.drawn)},
    }


def _drawn_group(entry: tuple[str, tuple[str, ...]], found: Ranges, scale: Scale, results: Results) -> View:
    title, words = entry
    mine = [one for word in words for one in found.drawn if one.verdict.verdict == word]
    mine.sort(key=lambda one: (words.index(one.verdict.verdict), _reach(one.verdict)))
    parts = [
        {
            "ticks": each.ticks,
            "scale": each.kind,
            "rows": [_drawn_row(one, each) for one in mine if one.scale == each.kind],
        }
        for each in (scale, *DIFFERENCES)
    ]
    shown = [part for part in parts if part["rows"]]
    without = _without(found, results, words)
    return {
        "title": title,
        "count": sum(len(one.claims) for one in mine) + sum(len(names) for _, names in without),
        "parts": shown,
        "without": without,
        "folded": len(found.drawn) > _FEW and entry not in _UNFOLDED,
    }


def _drawn_row(one: Range, scale: Scale) -> View:
    return {
        "claim": one.claims[0],
        "claims": one.claims,
        "name": one.name,
        "subject": one.subject,
        "verdict": one.verdict.verdict,
        "shape": SHAPES[one.verdict.verdict],
        "step": one.verdict.step,
        "said": one.said.replace("-", "−"),
        "drawn": on_scale(one, scale),
    }


def _without(found: Ranges, results: Results, words: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return the claims of some verdicts that have no range, by why."""
    reasons: dict[str, list[str]] = {}
    for name, why in found.without.items():
        if results.verdicts[name].verdict in words:
            reasons.setdefault(why, []).append(name)
    return list(reasons.items())


def _reach(verdict: Verdict) -> float:
    """Return what sorts verdicts of a kind: the sharpest comparison first, what has none last."""
    return math.inf if verdict.reach is None else verdict.reach


def audit_of(results: Results) -> View | None:
    """Return what contradicts and what was found, each once, after what chance would make; None where nothing decided.

    Parameters
    ----------
    results : Results
        Of the run.
    """
    chance = by_chance(results.verdicts)
    listed: dict[str, tuple[str, Verdict]] = {}
    for word in _AUDITED:
        for name, verdict in results.verdicts.items():
            if verdict.verdict == word:
                listed.setdefault(verdict.comparison or name, (name, verdict))
    if not chance.decided and not listed:
        return None
    claims = results.outcome.study.claims
    return {
        "chance": chance,
        "probability": f"{chance.probability:.2g}" if chance.probability > _RARE else f"less than {_RARE:g}",
        "rows": [
            {**claim_view(claims[name], verdict), "said": first_sentence(verdict.reason)}
            for name, verdict in listed.values()
        ],
    }


def claim_view(claim: Claim, verdict: Verdict) -> View:
    """Return one row of a table of verdicts, as texts.

    Parameters
    ----------
    claim : Claim
        The claim.
    verdict : Verdict
        What is said of it.
    """
    return {
        "id": claim.id,
        "quantity": claim.quantity,
        "sample": claim.sample,
        "where": claim.where,
        "printed": printed(claim),
        "conditions": ", ".join(f"{name} = {item}" for name, item in claim.conditions.items()),
        "computed": "" if verdict.computed is None else str(verdict.computed),
        "verdict": verdict.verdict,
        "reach": "" if verdict.reach is None else f"{verdict.reach:.2g}",
        "comparison": verdict.comparison,
        "evidence": verdict.evidence,
        "reason": verdict.reason,
        "step": verdict.step,
    }


def _row(claim: Claim, verdict: Verdict, results: Results, chapter_of: Callable[[str], str]) -> View:
    answers = results.outcome.answers
    return {
        **claim_view(claim, verdict),
        "chapter": chapter_of(verdict.step) if verdict.step else "",
        "answered": verdict.step in answers,
        "figure": verdict.step in answers and bool(answers[verdict.step].figures),
    }


def printed(claim: Claim) -> str:
    """Return what a claim prints, with its unit.

    Parameters
    ----------
    claim : Claim
        The claim.
    """
    return claim.printed if claim.unit in ("1", *NOT_NUMBERS) else f"{claim.printed} {claim.unit}"


def verdicts_by_step(results: Results) -> Mapping[str, list[str]]:
    """Return the verdicts that each step led to.

    Parameters
    ----------
    results : Results
        Of the run.
    """
    found: dict[str, list[str]] = {}
    for verdict in results.verdicts.values():
        if verdict.step and verdict.verdict not in found.setdefault(verdict.step, []):
            found[verdict.step].append(verdict.verdict)
    return found
