"""What every image is checked for, whatever file it came in: labels of voxels, or a grey picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import Parsed
from lamion.quantities import FileFormatError, InputError
from lamion.records.surface import Micrograph
from lamion.records.voxel_image import VoxelImage

MOST_VOXELS = 2**27
"""Voxels of one image: 512 x 512 x 512."""
LARGEST = 8 * 2**30
"""Bytes of the file of an image."""
_SPECK = 1e-4
_MOST_OF_A_SLICE = 32
"""Labels of one slice; more are the grey values of a picture."""


def refuse_too_many(file: str, shape: tuple[int, ...]) -> None:
    """Refuse an image that declares more voxels than are read, before any memory is taken for it.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    shape : tuple of int
        As declared.
    """
    voxels = 1
    for count in shape:
        voxels *= max(int(count), 0)
    if voxels > MOST_VOXELS:
        raise FileFormatError(
            file, "the header", f"at most {MOST_VOXELS} voxels", f"{voxels}", "Cut a smaller piece, or bin the voxels."
        )


def parsed_image(
    file: str, labels: NDArray[Any], spacing: tuple[float, ...] | None, metadata: Mapping[str, str]
) -> Parsed:
    """Make the record, and warn of what looks like damage.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    labels : array
        As read.
    spacing : tuple of float or None
        m.
    metadata : Mapping of str to str
        The header.
    """
    if labels.ndim == 2 and labels.dtype.kind != "b" and min(labels.shape) >= 8 and _is_grey(labels):
        in_plane = None if spacing is None else (spacing[0], spacing[1])
        return Parsed((Micrograph(labels, in_plane, metadata),), metadata)
    try:
        image = VoxelImage(labels, spacing, metadata)
    except InputError as error:
        raise FileFormatError(file, "", "a segmented image", error.happened.rstrip("."), error.remedy) from error
    specks = [
        f"Phase {phase} has {count} of {labels.size} voxels: noise of the segmentation, or damage."
        for phase, count in image.counts.items()
        if count < max(2, _SPECK * labels.size)
    ]
    return Parsed((image,), metadata, tuple(specks))


def _is_grey(labels: NDArray[Any]) -> bool:
    return np.unique(labels[:64, :]).size > _MOST_OF_A_SLICE or np.unique(labels).size > _MOST_OF_A_SLICE
