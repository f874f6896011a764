"""Activation energy from conductivities and temperatures.

FILE is one table with the headers `temperature / degC`, `conductivity / S/cm` and, where known,
`uncertainty / S/cm`; or several spectra of one blocking cell, with --temperatures, --thickness and --area.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from lamion.quantities import Answer, InputError, Quantity
from lamion.records.measurements import ConductivitySeries
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.points import PointsOfSweeps
from lamion.techniques.conduction.arrhenius import activation
from lamion.techniques.conduction.conductivity_series import SeriesFromSpectra, conductivity_series

_NAMED = re.compile(r"(?<![\d.,])(-?\d+(?:[.,]\d+)?) ?(?:deg|°|_deg)?C(?![a-zA-Z])")
_SAME = 5.0
"""A set point and what was reached differ by less, in kelvin."""


@task(
    results={
        "activation_energy": Result(
            "eV", "where the law is straight, else at the reference temperature", headline=True
        ),
        "activation_energy.*": Result("eV", "of one run, where the temperatures turn", headline=True),
        "conductivity": Result("S/cm", "by the law, at the temperature asked for", headline=True),
        "prefactor": Result("", "of the law", headline=True),
        "activation_energy_molar": Result("kJ/mol", "the same in molar units"),
        "activation_energy_below_break": Result("eV", "below the break"),
        "activation_energy_above_break": Result("eV", "above the break"),
    },
    evidence="measured",
    example="conductivities.csv",
    heavy=True,
    cites=("fulcher1925", "hurvich1989", "burnham2004"),
    usual=True,
)
def arrhenius(
    files: Annotated[
        tuple[File, ...],
        Option(
            "a table of conductivities, or spectra",
            positional=True,
            record=("ConductivitySeries", "ImpedanceSpectrum"),
        ),
    ],
    points: PointsOfSweeps,
    of: Annotated[Literal["sigma", "sigma T"], Option("of what the energy is")] = "sigma",
    model: Annotated[
        Literal["arrhenius", "vtf", "two-segment"] | None, Option("the law", otherwise="the least AICc")
    ] = None,
    break_temperature: Annotated[
        Quantity | None,
        Option(
            "where a break is expected", of="temperature", example="50 degC", otherwise="searched for", formerly="break"
        ),
    ] = None,
    reference_temperature: Annotated[
        Quantity | None,
        Option(
            "where a bent law's energy is stated",
            of="temperature",
            example="40 degC",
            otherwise="the middle",
            formerly="reference",
        ),
    ] = None,
    at: Annotated[
        Quantity | None, Option("state the law's conductivity there", of="temperature", example="25 degC")
    ] = None,
    temperatures: Annotated[
        tuple[Quantity, ...], Option("of the spectra, in order", of="temperature", example="20 degC, 30 degC")
    ] = (),
    thickness: Annotated[Quantity | None, Option("of the electrolyte, for spectra", subject=True)] = None,
    area: Annotated[Quantity | None, Option("of one electrode, for spectra", subject=True)] = None,
) -> Answer:
    """Fit the laws of temperature."""

    def law(series: ConductivitySeries, source: str) -> Answer:
        return activation(
            series.temperature,
            series.conductivity,
            series.uncertainty,
            of=of,
            model=model,
            break_temperature=None if break_temperature is None else break_temperature.si,
            reference_temperature=None if reference_temperature is None else reference_temperature.si,
            at=None if at is None else at.si,
            source=source,
        )

    if len(files) == 1 and not temperatures:
        points.refuse_any("a table of conductivities")
        return law(files[0].read().the(ConductivitySeries), files[0].name)
    found = _of_spectra(files, points, temperatures, thickness, area)
    answer = law(found.series, f"{len(found.names)} spectra")
    return replace(
        answer,
        series={"File": list(found.names), **answer.series},
        warnings=(*found.warnings, *answer.warnings),
    )


def _check_order(files: Sequence[File], temperatures: Sequence[Quantity]) -> None:
    """Refuse temperatures that are not those in the files' names, as where 100C was listed before 20C."""
    named = [_NAMED.search(file.name) for file in files]
    for file, said, given in zip(files, named, temperatures, strict=False):
        if said is not None and abs(float(said[1].replace(",", ".")) - given.to("degC").value) > _SAME:
            raise InputError(
                f"{file.name} is given as {given}, and its name says {said[1]} degC.",
                "Files may be listed in another order than the temperatures: 100C comes before 20C in most lists.",
                "Give the temperatures in the order of the files, or rename the file.",
            )


def _of_spectra(
    files: Sequence[File],
    points: PointsOfSweeps,
    temperatures: Sequence[Quantity],
    thickness: Quantity | None,
    area: Quantity | None,
) -> SeriesFromSpectra:
    if thickness is None or area is None or not temperatures:
        raise InputError(
            "Spectra need their temperatures, the thickness and the area.",
            "",
            "Give all three, or a single table of conductivities.",
        )
    _check_order(files, temperatures)
    return conductivity_series(
        [one.within(points.lowest, points.highest) for one in points.of_all(files)], temperatures, thickness, area
    )
