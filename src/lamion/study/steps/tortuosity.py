"""Tortuosity factors of a segmented image."""

from __future__ import annotations

from lamion.formats import read_raw
from lamion.quantities import Answer, InputError, Quantity
from lamion.study.imaged import tortuosity_answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Solve for each axis.

    Parameters
    ----------
    inputs : Inputs
        The ``file``; ``phases``, a table of label to conductivity over the best phase's; ``voxel``, one or three
        lengths; ``boundary``.
    """
    lengths = [item.si for item in inputs.quantities("voxel")]
    if len(lengths) not in (0, 1, 3):
        raise InputError(f"'voxel' has {len(lengths)} lengths.", "", "Give one, or three for z, y and x.")
    return tortuosity_answer(
        read_raw(inputs.files["file"][0]),
        dict(_phase(label, value) for label, value in inputs.options["phases"].items()),
        spacing=(lengths * 3 if len(lengths) == 1 else lengths) or None,
        periodic=inputs.options.get("boundary", "walls") == "periodic",
    )


def _phase(label: str, value: object) -> tuple[int, Quantity]:
    try:
        return int(label), Quantity(float(str(value)), None, "1")
    except ValueError as error:
        raise InputError(f"'phases' holds {label} = {value}.", "", "Write it like { 1 = 1.0 }.") from error


KIND = StepKind(
    run,
    evidence="measured",
    options={
        "file": Option("file"),
        "phases": Option("table"),
        "voxel": Option("quantities", "m", required=False),
        "boundary": Option("text", required=False, choices=("walls", "periodic")),
    },
    heavy=True,
)
