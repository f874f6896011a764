"""``electrolytes.jsonld``: the electrolytes of a study in BattINFO's terms, each parameter with where it comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lamion.quantities import InputError, Quantity, units
from lamion.quantities.constants import AVOGADRO
from lamion.report.electrolyte_terms import CONTEXT, TERMS, Term
from lamion.report.printed import held_against
from lamion.study.claims import Claim
from lamion.study.results import Results, rounded

NAME = "electrolytes.jsonld"

_NATURES = {"measured": ["MeasuredProperty"], "computed": ["ModelledProperty"]}
"""What EMMO calls a number by where it comes from; of what is printed or synthetic it says nothing."""
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>]+[^\s\"'<>.,;)\]]")


@dataclass(frozen=True)
class Parameter:
    """One number of an electrolyte.

    Parameters
    ----------
    term : Term
        What it is.
    quantity : Quantity
        The number.
    provenance : str
        ``"measured"``, ``"computed"``, ``"synthetic"`` or ``"printed"``.
    said : str
        Where it comes from, in a few words.
    step : str
        The step that gave it; empty for a printed one.
    kelvin : float or None
        The temperature it holds at, where that is known.
    """

    term: Term
    quantity: Quantity
    provenance: str
    said: str
    step: str = ""
    kelvin: float | None = None


def electrolytes_json(results: Results) -> str:
    """Return the text of ``electrolytes.jsonld``; empty where no sample has a parameter that BattINFO knows.

    Parameters
    ----------
    results : Results
        Of a run.
    """
    by_sample: dict[str, list[Parameter]] = {}
    for sample, parameter in _parameters(results):
        if parameter not in by_sample.setdefault(sample, []):
            by_sample[sample].append(parameter)
    if not by_sample:
        return ""
    paper = doi_of(results.outcome.study.reference)
    graph = [_electrolyte(number, *item, paper) for number, item in enumerate(by_sample.items(), start=1)]
    return json.dumps(rounded({"@context": CONTEXT, "@graph": graph}), indent=1, ensure_ascii=False) + "\n"


def doi_of(reference: str) -> str:
    """Return the address of the paper that a reference names by its DOI; empty where it names none.

    Parameters
    ----------
    reference : str
        As a study says it.

    Examples
    --------
    >>> doi_of("Guo et al., Adv. Sci. 2024, doi:10.1002/advs.202404307.")
    'https://doi.org/10.1002/advs.202404307'
    """
    found = _DOI.search(reference)
    return f"https://doi.org/{found[0]}" if found else ""


def _parameters(results: Results) -> Iterator[tuple[str, Parameter]]:
    study = results.outcome.study
    for name, answer in results.outcome.answers.items():
        step = study.steps[name]
        if step.subject is None or step.subject.kind != "sample":
            continue
        held = held_against(study, name, answer)
        for term in TERMS:
            for given in (given for given in term.results if given.task == step.task.name):
                if given.result in answer.results:
                    found = _in_unit(answer.results[given.result], term)
                    kind, said = _class_of(results.evidence[name]), f"{step.task.name}: {results.evidence[name]}"
                    kelvin = _kelvin_of(results.outcome.inputs[name].options.get(given.temperature))
                    yield step.subject.name, Parameter(term, found, kind, said, name, kelvin)
                for claim in held.get(given.result, ()):
                    yield claim.sample, _as_printed(claim, term)


def _as_printed(claim: Claim, term: Term) -> Parameter:
    where = f"printed, {claim.where}" if claim.where else "printed"
    celsius = claim.conditions.get("temperature_C")
    kelvin = units.convert(float(celsius), "degC", "K") if isinstance(celsius, int | float) else None
    return Parameter(term, _in_unit(claim.as_quantity, term), "printed", where, kelvin=kelvin)


def _class_of(evidence: str) -> str:
    return evidence if evidence in ("measured", "synthetic") else "computed"


def _in_unit(quantity: Quantity, term: Term) -> Quantity:
    """Return a number in the term's unit; an energy of one ion becomes that of a mole of them."""
    try:
        return quantity.to(term.unit)
    except InputError:
        each = quantity.to("J")
        std = None if each.std is None else each.std * AVOGADRO
        return Quantity(each.value * AVOGADRO, std, term.unit, quantity.source)


def _kelvin_of(said: Any) -> float | None:
    """Return the temperature that an option says, resolved as inputs hold it."""
    if not isinstance(said, dict) or not isinstance(said.get("value"), int | float):
        return None
    return units.convert(float(said["value"]), said["unit"], "K")


def _electrolyte(number: int, sample: str, parameters: list[Parameter], paper: str) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": f"#electrolyte-{number}", "@type": "Electrolyte", "name": sample}
    if paper:
        node["citation"] = paper
    node["hasProperty"] = [
        _node(f"#electrolyte-{number}-parameter-{place}", one) for place, one in enumerate(parameters, start=1)
    ]
    return node


def _node(address: str, one: Parameter) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": address,
        "@type": [one.term.name, *_NATURES.get(one.provenance, [])],
        "hasNumericalPart": _real(one.quantity.value),
        "hasMeasurementUnit": one.term.unit_name,
        "provenance": {"@type": "PropertyValue", "name": "provenance class", "value": one.provenance},
        "description": f"{one.said}; {one.term.remark}" if one.term.remark else one.said,
    }
    if one.quantity.std is not None:
        node["hasMetrologicalUncertainty"] = {
            "@type": "MetrologicalUncertainty",
            "name": "standard deviation",
            "hasNumericalPart": _real(one.quantity.std),
            "hasMeasurementUnit": one.term.unit_name,
        }
    if one.kelvin is not None:
        node["hasMeasurementParameter"] = {
            "@type": "ThermodynamicTemperature",
            "hasNumericalPart": _real(one.kelvin),
            "hasMeasurementUnit": "Kelvin",
        }
    if one.step:
        node["wasGeneratedBy"] = f"ro-crate-metadata.json#step-{one.step}"
    return node


def _real(value: float) -> dict[str, Any]:
    return {"@type": "RealData", "hasNumericalValue": value}
