"""``ro-crate-metadata.json``: a results folder as a Research Object Crate, so that a repository knows what lies in it.

It follows RO-Crate 1.1 and the profile Process Run Crate 0.5: each step is an action with what it took and gave.
Numbers stay in results.json; an action's result is its place there.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from lamion import __version__
from lamion.distributions import package_versions
from lamion.formats import RawFile
from lamion.report.electrolytes import doi_of
from lamion.study.results import Results, failures, rounded

NAME = "ro-crate-metadata.json"

_CRATE = "https://w3id.org/ro/crate/1.1"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_CONTEXT = [f"{_CRATE}/context", {"sha256": "http://schema.org/sha256"}]
_DONE = "http://schema.org/CompletedActionStatus"
_FAILED = "http://schema.org/FailedActionStatus"
_SOFTWARE = "#lamion"
_RESULTS = "results.json"
_BYTES = "application/octet-stream"
_FORMATS = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "svg": "image/svg+xml",
    "toml": "application/toml",
    "txt": "text/plain",
}
_MEANINGS = {
    "report.html": "The report: every comparison, verdict and figure on one page",
    _RESULTS: "What every step gave and what that says of every claim",
    "results.schema.json": "The JSON Schema of results.json",
    "electrolytes.jsonld": "The electrolytes in BattINFO's terms",
    "provenance.json": "Versions, hashes of inputs, options and times",
}

Entity = dict[str, Any]


def crate_json(results: Results, files: Mapping[str, bytes | None], published: date) -> str:
    """Return the text of ``ro-crate-metadata.json``.

    Parameters
    ----------
    results : Results
        Of the run.
    files : Mapping of str to bytes or None
        The others of the folder, by name, with what they hold; None for one that is written after this.
    published : date
        When the run began.
    """
    graph = [
        {"@id": NAME, "@type": "CreativeWork", "conformsTo": {"@id": _CRATE}, "about": {"@id": "./"}},
        _root(results, files, published),
        *(_file(name, content) for name, content in files.items()),
        *_inputs(results),
        *_software(),
        *_actions(results, files),
        *_paper(results),
        {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
    ]
    return json.dumps(rounded({"@context": _CONTEXT, "@graph": graph}), indent=1, ensure_ascii=False) + "\n"


def _root(results: Results, files: Mapping[str, bytes | None], published: date) -> Entity:
    study, outcome = results.outcome.study, results.outcome
    said = [study.description, f"Computed by lamion {__version__}{', a quick run' if outcome.quick else ''}."]
    root: Entity = {
        "@id": "./",
        "@type": "Dataset",
        "name": study.title,
        "description": " ".join(text for text in said if text),
        "datePublished": published.isoformat(),
        "license": _license(study.license),
        "conformsTo": {"@id": _PROFILE},
        "hasPart": [_id(_address(name)) for name in files] + [_id(_named(raw)) for raw in _raw(results)],
        "mentions": _ids([_action(name) for name in (*outcome.answers, *outcome.failed)]),
    }
    if doi_of(study.reference):
        root["citation"] = _id(doi_of(study.reference))
    return root


def _license(said: str) -> Any:
    return _id(said) if said.startswith(("http://", "https://")) else said or "The study states no license."


def _file(name: str, content: bytes | None) -> Entity:
    entity: Entity = {
        "@id": _address(name),
        "@type": "File",
        "name": _MEANINGS.get(name, name.removeprefix("figures/")),
        "encodingFormat": _format(name),
    }
    if content is not None:
        entity |= {"contentSize": str(len(content)), "sha256": hashlib.sha256(content).hexdigest()}
    return entity


def _format(name: str) -> str:
    return _FORMATS.get(name.rpartition(".")[2].lower(), _BYTES)


def _raw(results: Results) -> list[RawFile]:
    """Return the files that the steps read, each once; they lie with the study, not in the folder."""
    found = {_named(raw): raw for inputs in results.outcome.inputs.values() for raw in inputs.read()}
    return list(found.values())


def _named(raw: RawFile) -> str:
    """Return the address of a file by what it holds (RFC 6920)."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(raw.sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def _inputs(results: Results) -> Iterator[Entity]:
    for raw in _raw(results):
        yield {
            "@id": _named(raw),
            "@type": "File",
            "name": raw.name,
            "description": "A raw file of the study, named by its content.",
            "encodingFormat": _format(raw.name),
            "sha256": raw.sha256,
        }


def _software() -> Iterator[Entity]:
    packages = package_versions()
    yield {
        "@id": _SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "lamion",
        "softwareVersion": __version__,
        "softwareRequirements": [_id(f"#package-{name}") for name in packages],
    }
    for name, version in packages.items():
        yield {
            "@id": f"#package-{name}",
            "@type": "SoftwareApplication",
            "name": name,
            "softwareVersion": version,
        }


def _actions(results: Results, files: Mapping[str, bytes | None]) -> Iterator[Entity]:
    outcome = results.outcome
    for name, inputs in outcome.inputs.items():
        if name not in outcome.answers:
            continue
        step = outcome.study.steps[name]
        options = [*_options(name, inputs.options)]
        given = [_named(raw) for raw in inputs.read()]
        before = sorted(outcome.plan.depends_on[name] & outcome.answers.keys())
        figures = [file for file in files if file.startswith(f"figures/{name}.")]
        yield {
            "@id": _action(name),
            "@type": "CreateAction",
            "name": f"{name}: {step.task.name}",
            "description": f"{step.task.help} Evidence: {results.evidence[name]}.",
            "instrument": _id(_SOFTWARE),
            "object": _ids([*given, *map(_answer, before), *(option["@id"] for option in options)]),
            "result": _ids([_answer(name), *map(_address, figures)]),
            "actionStatus": _DONE,
        }
        yield {
            "@id": _answer(name),
            "@type": "CreativeWork",
            "name": f"The answer of {name}",
            "isPartOf": _id(_RESULTS),
        }
        yield from options
    for name, why in failures(outcome).items():
        yield {
            "@id": _action(name),
            "@type": "CreateAction",
            "name": f"{name}: {outcome.study.steps[name].task.name}",
            "instrument": _id(_SOFTWARE),
            "actionStatus": _FAILED,
            "error": why,
        }


def _options(step: str, options: Mapping[str, Any]) -> Iterator[Entity]:
    """Yield the options of a step that are one number or word; tables are in provenance.json."""
    for name, said in options.items():
        quantity = said if isinstance(said, Mapping) and {"value", "unit"} <= said.keys() else {"value": said}
        value = quantity["value"]
        if isinstance(value, str | int | float):
            entity = {"@id": f"{_action(step)}-{name}", "@type": "PropertyValue", "name": name, "value": value}
            if quantity.get("unit", "1") != "1":
                entity["unitText"] = quantity["unit"]
            yield entity


def _paper(results: Results) -> Iterator[Entity]:
    reference = results.outcome.study.reference
    if doi_of(reference):
        yield {"@id": doi_of(reference), "@type": "ScholarlyArticle", "name": reference}


def _id(address: str) -> Entity:
    return {"@id": address}


def _ids(addresses: Sequence[str]) -> Entity | list[Entity]:
    """Return what is linked to: one alone, or a list."""
    found = [_id(address) for address in dict.fromkeys(addresses)]
    return found[0] if len(found) == 1 else found


def _address(file: str) -> str:
    return quote(file)


def _action(step: str) -> str:
    return f"#step-{quote(step)}"


def _answer(step: str) -> str:
    """Return the place of a step's answer within results.json, as a JSON pointer."""
    return f"{_RESULTS}#/steps/{quote(step.replace('~', '~0').replace('/', '~1'))}"
