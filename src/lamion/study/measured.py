"""From files to answers: what the command line and the study's steps share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lamion.formats import FileContent
from lamion.quantities import Answer, InputError, Quantity
from lamion.records.conductivity_series import ConductivitySeries

if TYPE_CHECKING:
    from lamion.models.transport.polarisation_answer import CellFacts

CONCENTRATED_SOLUTION = {
    "conductivity": "S/m",
    "diffusivity": "m2/s",
    "concentration": "mol/m3",
    "temperature": "K",
    "thermodynamic_factor": "1",
}
"""What concentrated-solution theory needs beside a current fraction, with units."""


def about_files(answer: Answer, contents: Iterable[FileContent]) -> Answer:
    """Add the readers' warnings to an answer, and call it synthetic where a file says that it is.

    Parameters
    ----------
    answer : Answer
        What was computed from the files.
    contents : iterable of FileContent
        What was read.

    Returns
    -------
    Answer
        With ``synthetic`` true, and figures that say so, where any file is synthetic.
    """
    read = list(contents)
    warnings = (*(f"{content.name}: {text}" for content in read for text in content.warnings), *answer.warnings)
    if not any("synthetic" in content.metadata for content in read):
        return replace(answer, warnings=warnings)
    figures = {name: replace(f, title=f"Synthetic: {f.title}") for name, f in answer.figures.items()}
    return replace(answer, warnings=warnings, figures=figures, synthetic=True)


def refuse_repeated(contents: Sequence[FileContent]) -> None:
    """Refuse the same measurement given twice: it would count as two cells that agree.

    Parameters
    ----------
    contents : sequence of FileContent
        What was read.

    Raises
    ------
    InputError
        Naming the two files.
    """
    seen: dict[str, str] = {}
    for content in contents:
        if content.sha256 in seen:
            raise InputError(
                f"{content.name} holds the same bytes as {seen[content.sha256]}.",
                "It was named twice, or copied.",
                "Give each cell's own file once.",
            )
        seen[content.sha256] = content.name


def activation_answer(
    contents: Sequence[FileContent],
    *,
    temperatures: Sequence[Quantity] = (),
    thickness: Quantity | None = None,
    area: Quantity | None = None,
    of: str = "sigma",
    model: str | None = None,
    break_temperature: Quantity | None = None,
    reference_temperature: Quantity | None = None,
) -> Answer:
    """Find the activation energy from one table, or from the spectra of one cell at several temperatures.

    Parameters
    ----------
    contents : sequence of FileContent
        One table of conductivities, or one spectrum per temperature.
    temperatures : sequence of Quantity
        Of the spectra, in their order.
    thickness, area : Quantity, optional
        Of the electrolyte and of one electrode; needed for spectra.
    of, model, break_temperature, reference_temperature
        As in :func:`lamion.techniques.conduction.arrhenius.activation`.

    Raises
    ------
    InputError
        When the files are neither, or spectra lack temperatures, thickness or area.
    """
    from lamion.techniques.conduction.arrhenius import activation

    refuse_repeated(contents)
    if len(contents) == 1 and not temperatures:
        series, source = contents[0].the(ConductivitySeries), contents[0].name
    else:
        series = _series_of_spectra(contents, temperatures, thickness, area)
        source = f"{len(contents)} spectra"
    return activation(
        series.temperature,
        series.conductivity,
        series.uncertainty,
        of="sigma T" if of == "sigma T" else "sigma",
        model=model,
        break_temperature=None if break_temperature is None else break_temperature.si,
        reference_temperature=None if reference_temperature is None else reference_temperature.si,
        source=source,
    )


def _series_of_spectra(
    contents: Sequence[FileContent],
    temperatures: Sequence[Quantity],
    thickness: Quantity | None,
    area: Quantity | None,
) -> ConductivitySeries:
    from lamion.techniques.conduction.conductivity_series import conductivity_series

    if thickness is None or area is None or not temperatures:
        raise InputError(
            "Spectra need their temperatures, the thickness and the area.",
            "Only a single table of conductivities can do without.",
            "Give all three.",
        )
    spectra = [content.spectrum() for content in contents]
    return conductivity_series(spectra, temperatures, thickness, area).series


def transference_answer(dc: FileContent, before: FileContent, after: FileContent, *, bias: Quantity | None) -> Answer:
    """Find the current fraction from a polarisation and the spectra before and after it.

    Parameters
    ----------
    dc : FileContent
        Current against time.
    before, after : FileContent
        Impedance.
    bias : Quantity or None
        The voltage applied; the mean of the record without it.
    """
    from lamion.records.current_transient import CurrentTransient
    from lamion.techniques.conduction.transference import transference_from_records

    answer = transference_from_records(dc.the(CurrentTransient), before.spectrum(), after.spectrum(), bias=bias)
    return about_files(answer, [dc, before, after])


def diffusion_answer(content: FileContent, thickness: Quantity) -> Answer:
    """Find the salt's diffusion coefficient from a relaxation.

    Parameters
    ----------
    content : FileContent
        Voltage against time.
    thickness : Quantity
        Of the electrolyte.
    """
    from lamion.records.voltage_transient import VoltageTransient
    from lamion.techniques.conduction.restricted_diffusion import diffusion_coefficient

    return about_files(diffusion_coefficient(content.the(VoltageTransient), thickness), [content])


def transport_answer(
    dc: FileContent, spectrum: FileContent, relaxation: FileContent | None, facts: CellFacts
) -> Answer:
    """Find diffusivity, transference number and conductivity from the records of one cell together.

    Parameters
    ----------
    dc : FileContent
        Current and voltage against time.
    spectrum : FileContent
        Impedance at rest.
    relaxation : FileContent or None
        Voltage against time after the interruption.
    facts : CellFacts
        Of the cell.
    """
    from lamion.models.transport.inverse import Measurement
    from lamion.models.transport.polarisation_answer import transport_properties
    from lamion.records.current_transient import CurrentTransient
    from lamion.records.voltage_transient import VoltageTransient

    after = None if relaxation is None else relaxation.the(VoltageTransient)
    measured = Measurement(dc.the(CurrentTransient), spectrum.spectrum(), after)
    contents = [dc, spectrum, *([] if relaxation is None else [relaxation])]
    return about_files(transport_properties(measured, facts), contents)


def concentration_cell_answer(
    content: FileContent, *, at: Quantity, temperature: Quantity, transference: Quantity | None
) -> Answer:
    """Find the thermodynamic factor from concentration cells.

    Parameters
    ----------
    content : FileContent
        Voltage against concentration.
    at, temperature, transference
        As in :func:`lamion.techniques.conduction.concentration_cell.thermodynamic_factor`.
    """
    from lamion.records.concentration_cells import ConcentrationCells
    from lamion.techniques.conduction.concentration_cell import thermodynamic_factor

    cells = content.the(ConcentrationCells)
    answer = thermodynamic_factor(cells.concentration, cells.voltage, at, temperature, transference=transference)
    return about_files(answer, [content])


def leakage_answer(
    content: FileContent,
    *,
    thickness: Quantity,
    area: Quantity,
    temperature: Quantity | None,
    ionic_conductivity: Quantity | None,
    cell: str = "blocking",
) -> Answer:
    """Find the electronic conductivity from one polarisation, or from steady currents at several voltages.

    Parameters
    ----------
    content : FileContent
        Either of the two.
    thickness, area, temperature, ionic_conductivity, cell
        As in :func:`lamion.techniques.conduction.electronic_leakage.electronic_conductivity`.

    Raises
    ------
    InputError
        When steady currents lack the temperature.
    """
    from lamion.records.current_transient import CurrentTransient
    from lamion.records.polarisation_curve import PolarisationCurve
    from lamion.techniques.conduction import electronic_leakage as technique

    if isinstance(content.records[0], CurrentTransient):
        transient = content.the(CurrentTransient)
        answer = technique.electronic_conductivity_from_transient(
            transient, thickness, area, ionic_conductivity=ionic_conductivity
        )
        return about_files(answer, [content])
    curve = content.the(PolarisationCurve)
    if temperature is None:
        raise InputError("Steady currents at several voltages need the cell's temperature.", "", "Give it.")
    answer = technique.electronic_conductivity(
        curve.voltage,
        curve.current,
        thickness,
        area,
        temperature,
        cell="hebb-wagner" if cell == "hebb-wagner" else "blocking",
        ionic_conductivity=ionic_conductivity,
    )
    return about_files(answer, [content])


def with_concentrated_solution(
    answer: Answer,
    *,
    conductivity: Quantity,
    diffusivity: Quantity,
    concentration: Quantity,
    temperature: Quantity,
    thermodynamic_factor: Quantity,
) -> Answer:
    """Add what concentrated-solution theory reads from a current fraction.

    Parameters
    ----------
    answer : Answer
        With ``current_fraction``.
    conductivity, diffusivity, concentration, temperature, thermodynamic_factor
        As in :func:`lamion.techniques.conduction.newman_number.concentrated`.

    Returns
    -------
    Answer
        With ``transference_number`` and ``newman_number`` as well.
    """
    from lamion.techniques.conduction.newman_number import concentrated

    read = concentrated(
        answer.results["current_fraction"],
        conductivity,
        diffusivity,
        concentration,
        temperature,
        thermodynamic_factor=thermodynamic_factor,
    )
    return replace(
        answer,
        results={**answer.results, **read.results},
        notes={**answer.notes, "concentrated_solution": dict(read.notes)},
        warnings=(*answer.warnings, *read.warnings),
    )
