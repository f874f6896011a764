"""Electronic conductivity from the direct current of a cell whose electrodes block ions."""

from __future__ import annotations

from lamion.formats import read_raw
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.measured import leakage_answer


def run(inputs: Inputs) -> Answer:
    """Find the electronic conductivity.

    Parameters
    ----------
    inputs : Inputs
        The ``file``, ``thickness`` and ``area``; optionally ``temperature``, ``ionic_conductivity`` and ``cell``.
    """
    return leakage_answer(
        read_raw(inputs.files["file"][0]),
        thickness=inputs.quantity("thickness"),
        area=inputs.quantity("area"),
        temperature=inputs.optional_quantity("temperature"),
        ionic_conductivity=inputs.optional_quantity("ionic_conductivity"),
        cell=inputs.options.get("cell", "blocking"),
    )


KIND = StepKind(
    run,
    evidence="measured",
    options={
        "file": Option("file"),
        "thickness": Option("quantity", "m", from_subject=True),
        "area": Option("quantity", "m2", from_subject=True),
        "temperature": Option("quantity", "K", required=False, from_subject=True),
        "ionic_conductivity": Option("quantity", "S/m", required=False),
        "cell": Option("text", required=False, choices=("blocking", "hebb-wagner")),
    },
)
