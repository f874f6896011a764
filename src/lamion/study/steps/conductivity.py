"""Ionic conductivity from the impedance spectra of blocking cells."""

from __future__ import annotations

from lamion.formats import read_raw
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Read the spectra and analyse them together.

    Parameters
    ----------
    inputs : Inputs
        Files, one or more cells; ``thickness`` and ``area``; optionally ``temperature``, the limits ``fmin`` and
        ``fmax``, the ``cycle`` to take, and ``columns`` for files whose headers do not say what they hold.
    """
    from lamion.techniques.conduction.conductivity import conductivity

    contents = [read_raw(file, columns=inputs.options.get("columns")) for file in inputs.files]
    spectra = [content.spectrum(inputs.options.get("cycle")) for content in contents]
    answer = conductivity(
        spectra,
        inputs.quantity("thickness"),
        inputs.quantity("area"),
        temperature=inputs.optional_quantity("temperature"),
        fmin=inputs.optional_quantity("fmin"),
        fmax=inputs.optional_quantity("fmax"),
    )
    synthetic = {"synthetic": True} if any("synthetic" in content.metadata for content in contents) else {}
    warnings = [f"{content.name}: {warning}" for content in contents for warning in content.warnings]
    return Answer(
        answer.results, answer.series, {**answer.notes, **synthetic}, (*warnings, *answer.warnings), answer.figures
    )


KIND = StepKind(
    run,
    evidence="measured",
    options={
        "thickness": Option("quantity", "m", from_subject=True),
        "area": Option("quantity", "m2", from_subject=True),
        "temperature": Option("quantity", "K", required=False, from_subject=True),
        "fmin": Option("quantity", "Hz", required=False),
        "fmax": Option("quantity", "Hz", required=False),
        "cycle": Option("integer", required=False),
        "columns": Option("text", required=False),
    },
    files=True,
    heavy=True,
)
