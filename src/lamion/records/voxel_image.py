"""A segmented image: what each voxel of a box is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities import InputError
from lamion.records.record import summary
from lamion.records.source import SourceFile

MOST_PHASES = 256
"""Labels in one image; more are grey values."""


@dataclass(frozen=True, eq=False)
class VoxelImage:
    """The phase of every voxel.

    Parameters
    ----------
    labels : int array, two or three axes
        The phase's label; of a stack of slices the first axis counts the slices.
    spacing : tuple of float, optional
        Length of a voxel along each axis, m, where the file says it.
    metadata : Mapping of str to str
        What else the file's header says, as printed there.
    source : SourceFile, optional
        Where it comes from.

    Raises
    ------
    InputError
        When there are no voxels, not two or three axes, or more labels than a segmented image has.

    Examples
    --------
    >>> VoxelImage(np.array([[0, 1], [1, 1]])).columns()
    {'Phase / 1': [0.0, 1.0], 'Voxels / 1': [1.0, 3.0]}
    """

    labels: NDArray[np.int32]
    spacing: tuple[float, ...] | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: SourceFile | None = None

    __repr__ = summary

    def __init__(
        self,
        labels: ArrayLike,
        spacing: tuple[float, ...] | None = None,
        metadata: Mapping[str, str] | None = None,
        source: SourceFile | None = None,
    ) -> None:
        found = np.array(labels)
        if found.ndim not in (2, 3) or found.size == 0:
            raise InputError(
                f"An image has two or three axes and voxels in each; this has the shape {found.shape}.",
                "",
                "Give one slice or a stack of slices.",
            )
        if found.dtype.kind not in "biu":
            raise InputError(
                f"The voxels are numbers of the kind '{found.dtype}', not labels.",
                "The image may hold grey values.",
                "Segment it, and write the phases as integers.",
            )
        whole = found.astype(np.int32)
        if not np.array_equal(whole, found) or np.unique(whole).size > MOST_PHASES:
            raise InputError(
                f"The image holds labels up to {found.max()}, {np.unique(found).size} in number.",
                f"A segmented image has at most {MOST_PHASES}: it may hold grey values.",
                "Segment it, and write the phases as small integers.",
            )
        whole.setflags(write=False)
        for name, value in {"labels": whole, "spacing": spacing, "metadata": dict(metadata or {})}.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "source", source)

    def __len__(self) -> int:
        return int(self.labels.size)

    def columns(self) -> dict[str, list[float]]:
        """Return the phases and how many voxels each of them has."""
        phases, counts = np.unique(self.labels, return_counts=True)
        return {"Phase / 1": phases.astype(float).tolist(), "Voxels / 1": counts.astype(float).tolist()}
