"""Tortuosity factors of a segmented voxel image (TIFF, .npy).

z counts the slices of a stack, y its rows, x its columns. The tortuosity factor is mean over effective conductivity.
An image of one voxel's thickness is a plane: it has two axes, and its bounds are those of two dimensions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity
from lamion.records.surface import Micrograph
from lamion.records.voxel_image import VoxelImage
from lamion.tasks.declaring import Context, File, Option, Result, task
from lamion.techniques.microscopy.tortuosity import AXES
from lamion.techniques.microscopy.tortuosity import tortuosity as solve


@task(
    results={
        "tortuosity_factor.*": Result("1", "mean over effective conductivity, along an axis", headline=True),
        "conductivity_ratio.*": Result("1", "over the best phase's, along an axis", headline=True),
        "conducting_fraction": Result("1", "of the volume"),
    },
    evidence="measured",
    example="image.npy --phase 1=1",
    heavy=True,
    cites=("cooper2016",),
)
def tortuosity(
    file: Annotated[File, Option("a segmented image", positional=True, record="VoxelImage")],
    context: Context,
    phase: Annotated[
        Mapping[str, Quantity] | None,
        Option("a label and its conductivity, with or without unit", unit=("S/m", "1"), example="1=1", positive=False),
    ] = None,
    voxel: Annotated[
        tuple[Quantity, ...], Option("its edge, or z, y and x (of a plane two)", unit="m", example="20 nm,10 nm,10 nm")
    ] = (),
    axis: Annotated[tuple[str, ...], Option("z, y or x", otherwise="all with more than one voxel")] = (),
    periodic: Annotated[bool, Option("the image repeats: find the whole tensor")] = False,
) -> Answer:
    """Solve for each axis."""
    content = file.read()
    if any(isinstance(one, Micrograph) for one in content.records):
        raise InputError(
            f"{file.name} holds a grey picture.",
            "A tortuosity needs the phase of each pixel.",
            "Segment it, and write the phases as small integers.",
        )
    image = content.the(VoxelImage)
    for name in axis:
        if name not in AXES:
            raise InputError(f"There is no axis '{name}'.", "", f"Known are: {', '.join(AXES)}.")
    return solve(
        image.labels,
        _phases(phase or {"1": Quantity(1.0, None, "1")}),
        spacing=[length.si for length in voxel] or image.spacing,
        axes=axis,
        periodic=periodic,
        progress=context.progress,
    )


def _phases(written: Mapping[str, Quantity]) -> dict[int, Quantity]:
    try:
        phases = {int(label): conductivity for label, conductivity in written.items()}
    except ValueError as error:
        raise InputError(
            f"A phase's label is no whole number: {', '.join(written)}.", "", "Write it like 1=1."
        ) from error
    if len(phases) != len(written):
        raise InputError("A phase is given twice.", "", "Give each label once.")
    return phases
