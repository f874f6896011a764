"""Ionic conductivity from the impedance spectra of blocking cells."""

from __future__ import annotations

from lamion.formats import read_raw
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.measured import about_files, refuse_repeated


def run(inputs: Inputs) -> Answer:
    """Read the spectra and analyse them together.

    Parameters
    ----------
    inputs : Inputs
        ``files``, one or more cells; ``thickness`` and ``area``; optionally ``temperature``, the limits ``fmin``
        and ``fmax``, the ``cycle`` to take, ``short``, the spectrum of the shorted cell, and ``columns`` for files
        whose headers do not say what they hold.
    """
    from lamion.techniques.conduction.conductivity import conductivity

    columns = inputs.options.get("columns")
    contents = [read_raw(file, columns=columns) for file in inputs.files["files"]]
    refuse_repeated(contents)
    short = inputs.file("short")
    shorted = None if short is None else read_raw(short, columns=columns)
    answer = conductivity(
        [content.spectrum(inputs.options.get("cycle")) for content in contents],
        inputs.quantity("thickness"),
        inputs.quantity("area"),
        temperature=inputs.optional_quantity("temperature"),
        fmin=inputs.optional_quantity("fmin"),
        fmax=inputs.optional_quantity("fmax"),
        short=None if shorted is None else shorted.spectrum(),
    )
    return about_files(answer, contents if shorted is None else [*contents, shorted])


KIND = StepKind(
    run,
    evidence="measured",
    options={
        "files": Option("files"),
        "short": Option("file", required=False),
        "thickness": Option("quantity", "m", from_subject=True),
        "area": Option("quantity", "m2", from_subject=True),
        "temperature": Option("quantity", "K", required=False, from_subject=True),
        "fmin": Option("quantity", "Hz", required=False),
        "fmax": Option("quantity", "Hz", required=False),
        "cycle": Option("integer", required=False),
        "columns": Option("text", required=False),
    },
    heavy=True,
)
