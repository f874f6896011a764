"""What a study does not say of its samples, though a reader would need it to repeat or to trust the numbers."""

from __future__ import annotations

from collections.abc import Mapping

from lamion.quantities import InputError, parse
from lamion.study.study_file import Study, Subject

SAMPLE_METADATA = {
    "thickness": "its thickness",
    "area": "the electrode area",
    "replicates": "how many samples were measured",
    "pressure": "the stack pressure",
    "drying": "how it was dried",
}
"""Properties a sample with a conductivity needs; laboratories measuring one material differ by 35 to 50 %
without them (Ohno et al., ACS Energy Lett. 5 (2020) 910, doi:10.1021/acsenergylett.9b02764)."""

CELL_METADATA = {
    "electrolyte": "its electrolyte",
    "temperature": "the temperature",
    "loading": "the cathode's active-mass loading",
    "one_c": "the current density of 1C",
    "window": "the voltage window",
    "pressure": "the stack pressure",
    "catholyte": "the ion conductor within the cathode",
    "lithium": "the thickness of the lithium",
}
"""Properties that decide a cell's capacity, rate and energy density."""

_SYMMETRIC_CELL_METADATA = ("electrolyte", "temperature", "pressure", "lithium")


def missing_metadata(study: Study) -> dict[str, list[str]]:
    """List what samples and cells leave unsaid, by the name of each that lacks something."""
    found = {subject.name: _missing(subject) for subject in study.subjects.values()}
    for step in study.steps.values():
        if (
            step.task.name == "analyze conductivity"
            and step.subject is not None
            and "temperature" not in step.written()
        ):
            found[step.subject.name].append(f"the temperature of '{step.id}'")
    return {name: items for name, items in found.items() if items}


def _missing(subject: Subject) -> list[str]:
    missing = [text for name, text in _wanted(subject).items() if name not in subject.properties]
    if "thickness" in subject.properties and not _has_uncertainty(subject.properties["thickness"]):
        missing.append("the uncertainty of its thickness")
    return missing


def _wanted(subject: Subject) -> Mapping[str, str]:
    if subject.kind == "sample":
        return SAMPLE_METADATA if "thickness" in subject.properties else {}
    if "cathode" in subject.properties:
        return CELL_METADATA
    return {name: CELL_METADATA[name] for name in _SYMMETRIC_CELL_METADATA}


def _has_uncertainty(written: object) -> bool:
    if not isinstance(written, str):
        return False
    try:
        return parse(written, "m").std is not None
    except InputError:
        return False
