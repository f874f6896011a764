"""The parameters of an equivalent circuit from impedance spectra."""

from __future__ import annotations

import math

from lamion.formats import read_raw
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.measured import about_files, refuse_repeated


def run(inputs: Inputs) -> Answer:
    """Fit the circuit, or the best of a family.

    Parameters
    ----------
    inputs : Inputs
        ``files``; the ``circuit``, or the ``family`` to choose from; optionally ``area``, ``fmin``, ``fmax``,
        ``weighting``, ``cycle`` and ``columns``.
    """
    from lamion.techniques.impedance.circuit_answer import impedance_answer
    from lamion.techniques.impedance.families import BLOCKING_FAMILY, CELL_FAMILY

    contents = [read_raw(file, columns=inputs.options.get("columns")) for file in inputs.files["files"]]
    refuse_repeated(contents)
    family = BLOCKING_FAMILY if inputs.options.get("family") == "blocking" else CELL_FAMILY
    lowest, highest = inputs.optional_quantity("fmin"), inputs.optional_quantity("fmax")
    answer = impedance_answer(
        [content.spectrum(inputs.options.get("cycle")) for content in contents],
        inputs.options.get("circuit", family),
        weighting=inputs.options.get("weighting", "modulus"),
        lowest=0.0 if lowest is None else lowest.si,
        highest=math.inf if highest is None else highest.si,
        area=inputs.optional_quantity("area"),
    )
    return about_files(answer, contents)


KIND = StepKind(
    run,
    evidence="measured",
    options={
        "files": Option("files"),
        "circuit": Option("text", required=False),
        "family": Option("text", required=False, choices=("cell", "blocking")),
        "area": Option("quantity", "m2", required=False, from_subject=True),
        "fmin": Option("quantity", "Hz", required=False),
        "fmax": Option("quantity", "Hz", required=False),
        "weighting": Option("text", required=False, choices=("modulus", "proportional", "unit")),
        "cycle": Option("integer", required=False),
        "columns": Option("text", required=False),
    },
    heavy=True,
)
