"""From an image file to what it conducts: shared by the command line and the study's step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lamion.formats import FileContent
from lamion.models.laminate.tortuosity import AXES, tortuosity
from lamion.progress import Progress, silent
from lamion.quantities import Answer, Quantity
from lamion.records.voxel_image import VoxelImage
from lamion.study.measured import about_files


def tortuosity_answer(
    content: FileContent,
    phases: Mapping[int, Quantity],
    *,
    spacing: Sequence[float] | None = None,
    axes: Sequence[str] | None = None,
    periodic: bool = False,
    progress: Progress = silent,
) -> Answer:
    """Compute what a segmented image conducts.

    Parameters
    ----------
    content : FileContent
        With a voxel image.
    phases, periodic, progress
        As in :func:`lamion.models.laminate.tortuosity.tortuosity`.
    spacing : sequence of float, optional
        Lengths of a voxel, m; by default the file's own, else cubes.
    axes : sequence of str, optional
        All by default, but for the missing one of a single slice.
    """
    image = content.the(VoxelImage)
    chosen = list(axes or (AXES if image.labels.ndim == 3 else AXES[1:]))
    lengths = spacing if spacing is not None else image.spacing
    answer = tortuosity(image.labels, phases, spacing=lengths, axes=chosen, periodic=periodic, progress=progress)
    return about_files(answer, [content])
