"""Under what conditions a file was measured, where its header says so, in the same words for every instrument."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from lamion.formats.content import FileContent

_CONDITIONS = {
    "technique": ("Technique", "TITLE", "Experiment Type"),
    "amplitude": ("VAC|mV rms", "Va (mV)|mV", "Potential-AC|mV", "Amplitude (V)|V", "Amplitude (mV RMS)|mV rms"),
    "potential": ("VDC|V", "E (V)|V", "Potential-DC|V", "Init E (V)|V", "Potential (V),Value|V"),
    "against": ("vs.", "Potential (V),Versus"),
    "description": ("Description", "Comments", "Note", "Notes"),
    "electrolyte": ("Electrolyte",),
    "area by the header": ("Electrode surface area",),
    "mass by the header": ("Characteristic mass",),
    "formula": ("formula",),
    "cell": ("cell",),
    "space group": ("space group",),
    "charge": ("charge",),
    "multiplicity": ("multiplicity",),
    "measured": ("Acquisition started on", "DATE", "Date", "Experiment DateAcquired"),
    "at": ("TIME", "Time", "Experiment TimeAcquired"),
}
"""Entries of headers, each with the unit that its instrument leaves unsaid."""
_LONGEST = 60
_UNSET = re.compile(r"0+(?:[.,]0*)? *(?:[cm]?m(?:\u00b2|\^?2)|[\u00b5umk]?g)", re.IGNORECASE)
"""An area or a mass of zero, as programs write that nobody gave."""


def conditions(content: FileContent) -> dict[str, str]:
    """Return what a header says of the measurement; only what is there."""
    found = {name: said for name, keys in _CONDITIONS.items() if (said := _first(content.metadata, keys))}
    if "against" in found and "potential" in found:
        found["potential"] += f" {_versus(found['against'])}"
    if "at" in found and "measured" in found:
        found["measured"] += f" {found['at']}"
    origins = {source.origin for record in content.records if (source := record.source) is not None}
    if len(origins) == 1 and (origin := origins.pop()) is not None:
        found["first read from"] = ", a ".join(filter(None, (origin.name, origin.format)))
    temperature = _temperature(content)
    kept = {name: said[:_LONGEST] for name, said in found.items() if name not in ("against", "at")}
    return {**({"temperature": temperature} if temperature else {}), **kept}


def _first(header: Mapping[str, str], keys: tuple[str, ...]) -> str:
    for key in keys:
        name, _, unit = key.partition("|")
        said = " ".join(str(header.get(name, "")).split())
        if said and not said.startswith("xx/") and not _UNSET.fullmatch(said):
            return f"{_number(said)} {unit}".strip() if unit else said
    return ""


def _number(text: str) -> str:
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


def _versus(text: str) -> str:
    return text if text.startswith("vs") else f"vs. {text}"


def _temperature(content: FileContent) -> str:
    """Return the records' temperature, or its range over the cycles."""
    every = [getattr(record, "temperature", None) for record in content.records]
    known = [t for t in every if isinstance(t, float) and math.isfinite(t)]
    if not known or len(known) < len(every):
        return ""
    low, high = min(known), max(known)
    return f"{low - 273.15:.4g} degC" if high - low < 0.05 else f"{low - 273.15:.4g} to {high - 273.15:.4g} degC"
