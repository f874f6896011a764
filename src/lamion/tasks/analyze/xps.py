"""Photoelectron lines: binding energies, shifts, atomic fractions.

FILE is a spectrometer's file. Of one region (--region where it holds several) the components are fitted: --position,
--number or --components say which; without them their number is found. --reference is where the C 1s line of the same
sample was read. Of several regions the atomic fractions are given. --casaxps takes the fit that CasaXPS stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from lamion.quantities import Answer, InputError, Quantity
from lamion.records import PhotoelectronSpectrum
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import Components
from lamion.techniques.peaks.peaks import Choice
from lamion.techniques.spectra.casaxps import differs, results_table, stored_fit
from lamion.techniques.spectra.charge_reference import ADVENTITIOUS, ADVENTITIOUS_UNCERTAINTY, ChargeReference
from lamion.techniques.spectra.composition import Factors, composition
from lamion.techniques.spectra.sensitivity import line_named
from lamion.techniques.spectra.stored_answer import as_starts, stored_answer
from lamion.techniques.spectra.xps import Doublet, Measured
from lamion.techniques.spectra.xps import xps as fit_lines

_SENSITIVITY_UNCERTAINTY = Quantity(0.1, None, "1")
_REFERENCE = Quantity(ADVENTITIOUS, ADVENTITIOUS_UNCERTAINTY, "eV")


@task(
    results={
        "*.position": Result("eV", "binding energy of a component", headline=True),
        "*.shift": Result("eV", "from the first component, without the reference's uncertainty", headline=True),
        "*.width": Result("eV", "full width at half maximum"),
        "*.area": Result("1", "counts times eV; per second of a stored fit"),
        "*.area_fraction": Result("1", "of all components", headline=True),
        "*.maximum": Result("eV", "where a shape that leans is largest"),
        "*.area_ratio": Result("1", "over that of one atom of the other components"),
        "adventitious_fraction": Result("1", "of the area: what the first has beyond its atoms"),
        "*.atomic_fraction": Result("1", "of the elements whose lines are there", headline=True),
    },
    evidence="measured",
    example='c1s.csv --position 284.8 --position 286.5 --reference "285.2 eV"',
    cites=("shirley1972", "tougaard1988", "scofield1976", "baer2020"),
    usual=True,
)
def xps(
    file: Annotated[File, Option("spectra of one sample", positional=True, record="PhotoelectronSpectrum")],
    lines: Components,
    region: Annotated[str | None, Option("which of several", example="C 1s", otherwise="atomic fractions")] = None,
    background: Annotated[
        Literal["shirley", "tougaard", "linear"], Option("below the components; the others count as spread")
    ] = "shirley",
    reference: Annotated[
        Quantity | None, Option("where the sample's reference line was read", unit="eV", example="285.3 ± 0.05 eV")
    ] = None,
    reference_energy: Annotated[
        Quantity, Option("where it is taken to be, with its uncertainty", unit="eV", otherwise="284.80 ± 0.25 eV")
    ] = _REFERENCE,
    splitting: Annotated[
        Quantity | None, Option("of a doublet, from each component to its partner", unit="eV", example="13.1 eV")
    ] = None,
    ratio: Annotated[float, Option("the partner's area over the component's", minimum=0.01, maximum=10.0)] = 0.5,
    stoichiometry: Annotated[
        tuple[float, ...], Option("atoms of each component, 0 counted with the first", example="3, 1, 1, 0")
    ] = (),
    sensitivity: Annotated[
        Mapping[str, Quantity] | None, Option("of a line over C 1s, before Scofield's", example="Mo 3d=9.5")
    ] = None,
    sensitivity_uncertainty: Annotated[
        Quantity, Option("of each factor, relative", unit="1", example="10 %", positive=False)
    ] = _SENSITIVITY_UNCERTAINTY,
    casaxps: Annotated[
        Literal["as-stored", "refit"] | None, Option("take the fit that is stored in the file, or start from it")
    ] = None,
    results_file: Annotated[File | None, Option("CasaXPS' table of results, held against the stored fit")] = None,
    low: Annotated[float | None, Option("leave out what lies below, in eV from the reference", example="280")] = None,
    high: Annotated[float | None, Option("leave out what lies above, in eV from the reference", example="295")] = None,
) -> Answer:
    """Fit the components, or weigh the regions."""
    records = _records(file, region)
    if casaxps is None and results_file is not None:
        raise InputError("A table of CasaXPS' results is given without its fit.", "", "Say --casaxps as-stored.")
    if len(records) > 1:
        own = {name: one.si for name, one in (sensitivity or {}).items()}
        return composition(records, background, Factors(own, sensitivity_uncertainty.si))
    if sum((bool(lines.position), lines.components is not None, casaxps is not None)) > 1:
        raise InputError("The components are said twice.", "", "Say positions, a table, or CasaXPS' fit.")
    known = _reference(reference, reference_energy)
    doublet = None if splitting is None else Doublet(splitting.to("eV").value, ratio)
    choice = Choice(lines.named, lines.number, lines.shape, low=low, high=high)
    measured = Measured(choice, background, known, doublet, stoichiometry)
    if casaxps is None:
        return fit_lines(records[0], measured)
    return _of_casaxps(records[0], measured, results_file, refit=casaxps == "refit")


def _of_casaxps(record: PhotoelectronSpectrum, measured: Measured, results: File | None, *, refit: bool) -> Answer:
    """Return the fit that is stored with a spectrum, or one that starts from it."""
    stored = stored_fit(record)
    said = "" if results is None else differs(stored, results_table(results.raw.content, results.name))
    if refit:
        shift = 0.0 if measured.reference is None else measured.reference.shift
        choice, ends = measured.choice, stored.energy[[0, -1]] + shift
        own = replace(
            choice,
            components=as_starts(stored, shift),
            low=float(ends[0]) if choice.low is None else choice.low,
            high=float(ends[1]) if choice.high is None else choice.high,
        )
        answer = fit_lines(record, replace(measured, choice=own))
    else:
        answer = stored_answer(stored)
    return replace(answer, warnings=(*([said] if said else []), *answer.warnings))


def _records(file: File, region: str | None) -> list[PhotoelectronSpectrum]:
    """Return the file's spectra, or those of one region."""
    found = [one for one in file.read().records if isinstance(one, PhotoelectronSpectrum)]
    if not found:
        raise InputError(f"{file.name} holds no photoelectron spectrum.", "", "Give a spectrometer's file.")
    if region is None:
        return found
    chosen = [one for one in found if region in (one.region, line_named(one.region or ""))]
    if len(chosen) != 1:
        held = ", ".join(dict.fromkeys(one.region or "one without a name" for one in found))
        raise InputError(f"{file.name} holds {len(chosen)} regions '{region}'.", "", f"It holds {held}.")
    return chosen


def _reference(read: Quantity | None, energy: Quantity) -> ChargeReference | None:
    if read is None:
        return None
    known = energy.to("eV")
    measured = read.to("eV")
    return ChargeReference(measured.value, measured.std or 0.0, known.value, known.std or 0.0)
