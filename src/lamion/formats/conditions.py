"""Under what conditions a file was measured, where its header says so, in the same words for every instrument."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from lamion.formats.content import NOT_BELIEVED, FileContent
from lamion.records.spectrum import InductionDecay, ResonanceSpectrum

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
_CELSIUS = re.compile(r"-?\d{1,3}(?:\.\d+)?(?=\s*(?:\+-\s*\d+(?:\.\d+)?\s*)?C)", re.ASCII | re.IGNORECASE)
_OPEN_INPUT = -1.5
"""degC: Zahner's thermocouple input, left open, shows -0.6 to -0.8 degC in 31 of 31 spectra of a published study."""
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
    found |= _of_spectrometers(content)
    temperature = _temperature(content)
    kept = {name: said[:_LONGEST] for name, said in found.items() if name not in ("against", "at")}
    return {**({"temperature": temperature} if temperature else {}), **kept}


def of_no_sensor(header: Mapping[str, str]) -> Iterator[str]:
    """Doubt a header's temperature just below 0 degC, which an input without a sensor shows.

    Parameters
    ----------
    header : Mapping of str to str
        Whose ``Temperature`` is in degC, as printed.

    Examples
    --------
    >>> len(list(of_no_sensor({"Temperature": "-0.7 +-0.1 C"}))), list(of_no_sensor({"Temperature": "23.8+-0.1C"}))
    (1, [])
    """
    match = _CELSIUS.match(header.get("Temperature", ""))
    if match is not None and _OPEN_INPUT <= float(match[0]) < 0.0:
        yield (
            f"The header's temperature, {float(match[0]):g} degC, is what an input without a sensor shows: "
            f"{NOT_BELIEVED}"
        )


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


def _of_spectrometers(content: FileContent) -> dict[str, str]:
    """Return the laser, the nucleus or the sample's mass that all share, and units of a spectrum of no other kind."""
    resonances = all(isinstance(one, ResonanceSpectrum | InductionDecay) for one in content.records)
    frequency = _shared(content, "frequency") if resonances else None
    laser = _shared(content, "laser")
    wavelength, counted = _shared(content, "wavelength"), _shared(content, "counted")
    told = {
        "laser": f"{laser:g} nm" if isinstance(laser, float) else None,
        "nucleus": _shared(content, "nucleus"),
        "anode": _shared(content, "anode"),
        "wavelength": f"{wavelength:.7g} angstrom" if isinstance(wavelength, float) else None,
        "each point": f"{counted:g} s" if isinstance(counted, float) else None,
        "spectrometer": f"{1e-6 * frequency:.7g} MHz" if isinstance(frequency, float) else None,
        "position in": _shared(content, "position_unit"),
        "intensity in": _shared(content, "intensity_unit"),
        "sample mass": f"{1e6 * mass:.6g} mg" if isinstance(mass := _shared(content, "sample_mass"), float) else None,
        "exothermic": _shared(content, "exothermic"),
    }
    return {name: str(said) for name, said in told.items() if said}


def _shared(content: FileContent, name: str) -> object:
    """Return what all records have under a name, None where they differ or have none."""
    values = {getattr(one, name, None) for one in content.records if not hasattr(getattr(one, name, None), "shape")}
    return values.pop() if len(values) == 1 else None


def _temperature(content: FileContent) -> str:
    """Return the records' temperature, or its range over the cycles."""
    every = [getattr(record, "temperature", None) for record in content.records]
    known = [t for t in every if isinstance(t, float) and math.isfinite(t)]
    if not known or len(known) < len(every):
        return ""
    low, high = min(known), max(known)
    return f"{low - 273.15:.4g} degC" if high - low < 0.05 else f"{low - 273.15:.4g} to {high - 273.15:.4g} degC"
