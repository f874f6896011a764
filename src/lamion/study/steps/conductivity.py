"""Ionic conductivity from the impedance spectra of blocking cells."""

from __future__ import annotations

from lamion.quantities import Answer, InputError
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
    from lamion.formats import read_bytes
    from lamion.techniques.conduction.conductivity import conductivity

    columns = inputs.options.get("columns")
    contents = [read_bytes(file.name, file.content, columns=columns) for file in inputs.files]
    cycle = inputs.options.get("cycle")
    spectra = [
        record
        for content in contents
        for record in content.records
        if cycle is None or record.cycle == cycle or len(content.records) == 1
    ]
    if not spectra:
        raise InputError(f"no file holds a cycle {cycle}.", "", "Leave 'cycle' away, or name one that exists.")
    fmin, fmax = inputs.optional_quantity("fmin"), inputs.optional_quantity("fmax")
    answer = conductivity(
        spectra,
        inputs.quantity("thickness"),
        inputs.quantity("area"),
        temperature=inputs.optional_quantity("temperature"),
        fmin=fmin,
        fmax=fmax,
    )
    warnings = [f"{content.name}: {warning}" for content in contents for warning in content.warnings]
    return Answer(answer.results, answer.series, answer.notes, (*warnings, *answer.warnings), answer.figures)


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
)
