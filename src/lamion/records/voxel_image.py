"""A segmented image: what each voxel of a box is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities import InputError
from lamion.records.record import summary
from lamion.records.source import SourceFile

_MANY = 2**20
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

    Attributes
    ----------
    counts : Mapping of int to int
        The voxels of each phase.

    Raises
    ------
    InputError
        When there are no voxels, not two or three axes, or more labels than a segmented image has.

    Examples
    --------
    >>> VoxelImage(np.array([[0, 1], [1, 1]])).columns()
    {'Phase / 1': [0.0, 1.0], 'Voxels / 1': [1.0, 3.0]}
    """

    labels: NDArray[np.integer[Any]]
    spacing: tuple[float, ...] | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: SourceFile | None = None
    counts: Mapping[int, int] = field(default_factory=dict, init=False)

    __repr__ = summary

    def __init__(
        self,
        labels: ArrayLike,
        spacing: tuple[float, ...] | None = None,
        metadata: Mapping[str, str] | None = None,
        source: SourceFile | None = None,
    ) -> None:
        found = np.asarray(labels)
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
        counts = _counts(found)
        if counts is None or max(map(abs, counts)) > np.iinfo(np.int32).max:
            several = f"more than {MOST_PHASES}" if found.size > _MANY else f"{np.unique(found).size}"
            raise InputError(
                f"The image holds labels up to {found.max()}, {several} in number.",
                f"A segmented image has at most {MOST_PHASES}: it may hold grey values.",
                "Segment it, and write the phases as small integers.",
            )
        whole = _unchangeable(found)
        given = {"labels": whole, "counts": counts, "spacing": spacing, "metadata": dict(metadata or {})}
        for name, value in given.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "source", source)

    def __len__(self) -> int:
        return int(self.labels.size)

    def columns(self) -> dict[str, list[float]]:
        """Return the phases and how many voxels each of them has."""
        return {
            "Phase / 1": [float(phase) for phase in self.counts],
            "Voxels / 1": [float(count) for count in self.counts.values()],
        }


def _counts(labels: NDArray[Any]) -> dict[int, int] | None:
    """Return how many voxels each phase has, in the order of the labels; None for more phases than an image has."""
    found: Counter[int] = Counter()
    for part in np.atleast_2d(labels):
        if part.dtype.itemsize == 1:
            own = np.bincount(part.ravel().view(np.uint8), minlength=256)
            seen = np.flatnonzero(own).astype(np.uint8)
            phases, counts = seen.view(part.dtype if part.dtype.kind == "i" else np.uint8), own[seen]
        else:
            phases, counts = np.unique(part, return_counts=True)
        if len(phases) > MOST_PHASES:
            return None
        found.update(dict(zip(phases.tolist(), counts.tolist(), strict=True)))
        if len(found) > MOST_PHASES:
            return None
    return {int(phase): found[phase] for phase in sorted(found)}


def _unchangeable(labels: NDArray[Any]) -> NDArray[Any]:
    """Return the labels in native bytes, read-only; those that nobody can change are not copied."""
    kind = np.dtype(np.uint8) if labels.dtype.kind == "b" else labels.dtype.newbyteorder("=")
    if labels.dtype.itemsize > 4:
        kind = np.dtype(np.int32)
    whole = labels.view(kind) if labels.dtype.kind == "b" else labels.astype(kind, copy=labels.flags.writeable)
    if whole.flags.writeable:
        whole = whole.copy() if whole is labels or whole.base is labels else whole
        whole.setflags(write=False)
    return whole
