"""Activation energy from a table of conductivities, or from one cell's spectra at several temperatures."""

from __future__ import annotations

from lamion.formats import read_raw
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.measured import about_files, activation_answer


def run(inputs: Inputs) -> Answer:
    """Fit the laws of temperature.

    Parameters
    ----------
    inputs : Inputs
        ``files``: one table, or one spectrum per temperature, then with ``temperatures``, ``thickness`` and ``area``;
        optionally ``of`` (sigma or sigma T), ``model``, ``break_temperature`` and ``reference_temperature``.
    """
    contents = [read_raw(file) for file in inputs.files["files"]]
    answer = activation_answer(
        contents,
        temperatures=inputs.quantities("temperatures"),
        thickness=inputs.optional_quantity("thickness"),
        area=inputs.optional_quantity("area"),
        of=inputs.options.get("of", "sigma"),
        model=inputs.options.get("model"),
        break_temperature=inputs.optional_quantity("break_temperature"),
        reference_temperature=inputs.optional_quantity("reference_temperature"),
    )
    return about_files(answer, contents)


KIND = StepKind(
    run,
    evidence="measured",
    options={
        "files": Option("files"),
        "temperatures": Option("quantities", "K", required=False),
        "thickness": Option("quantity", "m", required=False, from_subject=True),
        "area": Option("quantity", "m2", required=False, from_subject=True),
        "of": Option("text", required=False, choices=("sigma", "sigma T")),
        "model": Option("text", required=False, choices=("arrhenius", "vtf", "two-segment")),
        "break_temperature": Option("quantity", "K", required=False),
        "reference_temperature": Option("quantity", "K", required=False),
    },
    heavy=True,
)
