"""What a scanning probe or a microscope writes: points of a surface in rows, and grey pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.errors import InputError
from lamion.records.record import Array, Table, column, record, summary
from lamion.records.source import SourceFile

_UNEVEN = 0.01
"""Of a step: places of one raster."""


@dataclass(frozen=True, eq=False)
class Raster:
    """Values in rows over a surface.

    Parameters
    ----------
    values : array, shape (rows, points)
        Row by row, in the order of y, each in the order of x.
    step_x, step_y : float
        From point to point and from row to row, m.
    """

    values: Array
    step_x: float
    step_y: float


class ScannedMap(Table):
    """What is at each point of a raster; `x` and `y` are in m, and every row has the same points."""

    x: Array
    y: Array

    @cached_property
    def raster(self) -> Raster:
        """The values in rows.

        Raises
        ------
        InputError
            When the points are not those of one raster, each there once.
        """
        across, down = np.unique(self.x), np.unique(self.y)
        shape = len(down), len(across)
        order = np.lexsort((self.x, self.y))
        places = np.stack(np.meshgrid(across, down)).reshape(2, -1)
        if not (
            len(self) == places.shape[1] > max(shape)
            and np.array_equal(np.stack([self.x, self.y])[:, order], places)
            and _even(across)
            and _even(down)
        ):
            raise InputError(
                f"The {len(self)} points are not those of one raster.",
                f"They lie at {shape[1]} places along x and {shape[0]} along y.",
                "Export the whole image, every point of every row once.",
            )
        values: Array = getattr(self, next(name for name in self.kind.columns if name not in ("x", "y")))
        return Raster(values[order].reshape(shape), float(np.median(np.diff(across))), float(np.median(np.diff(down))))


def _even(places: Array) -> bool:
    steps = np.diff(places)
    return bool(np.all(np.abs(steps - np.median(steps)) <= _UNEVEN * np.median(steps)))


def points_of(width: int, height: int, step_x: float, step_y: float) -> dict[str, Array]:
    """Return the places of a raster's points, row by row.

    Parameters
    ----------
    width, height : int
        Points in a row, and rows.
    step_x, step_y : float
        m.
    """
    return {"x": np.tile(step_x * np.arange(width), height), "y": np.repeat(step_y * np.arange(height), width)}


@record("height map", key="height-map", fewest=64)
class HeightMap(ScannedMap):
    """Height in m at each point of a raster, as a scanning probe gives it: not levelled.

    `channel` is what the instrument calls it.

    Examples
    --------
    >>> HeightMap(**points_of(8, 8, 1e-9, 1e-9), height=range(64)).raster.values.shape
    (8, 8)
    """

    x: Array = column("m", "X / m", "x xposition", signed=True)
    y: Array = column("m", "Y / m", "y yposition", signed=True)
    height: Array = column("m", "Height / m", "height z topography heightsensor", signed=True)
    channel: str | None = None


@record("adhesion map", key="adhesion-map", fewest=64)
class AdhesionMap(ScannedMap):
    """Force in N that holds the probe back at each point of a raster.

    `channel` is what the instrument calls it.

    Examples
    --------
    >>> len(AdhesionMap(**points_of(8, 8, 1e-9, 1e-9), adhesion=[1e-9] * 64))
    64
    """

    x: Array = column("m", "X / m", "x xposition", signed=True)
    y: Array = column("m", "Y / m", "y yposition", signed=True)
    adhesion: Array = column("N", "Adhesion / N", "adhesion adhesionforce pulloff pulloffforce", signed=True)
    channel: str | None = None


@dataclass(frozen=True, eq=False)
class Micrograph:
    """A grey picture.

    Parameters
    ----------
    brightness : array, shape (rows, columns)
        Of each pixel, in whatever unit; the first row is the upper one.
    spacing : tuple of float, optional
        From row to row and from column to column, m, where the file says it.
    metadata : Mapping of str to str
        What else the file's header says, as printed there.
    source : SourceFile, optional
        Where it comes from.

    Raises
    ------
    InputError
        When it has not two axes with at least 8 pixels each.

    Examples
    --------
    >>> Micrograph(np.zeros((20, 30), np.uint8)).columns()
    {'Brightness / 1': [0.0], 'Pixels / 1': [600.0]}
    """

    brightness: NDArray[Any]
    spacing: tuple[float, float] | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: SourceFile | None = None

    __repr__ = summary

    def __init__(
        self,
        brightness: ArrayLike,
        spacing: tuple[float, float] | None = None,
        metadata: Mapping[str, str] | None = None,
        source: SourceFile | None = None,
    ) -> None:
        found = np.array(brightness)
        if found.ndim != 2 or min(found.shape) < 8:
            raise InputError(
                f"A picture has two axes with 8 pixels at least; this has the shape {found.shape}.",
                "",
                "Give one grey picture.",
            )
        found.setflags(write=False)
        for name, value in (("brightness", found), ("spacing", spacing), ("metadata", dict(metadata or {}))):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "source", source)

    def __len__(self) -> int:
        return int(self.brightness.size)

    def columns(self) -> dict[str, list[float]]:
        """Return how many pixels each brightness has."""
        values, counts = np.unique(self.brightness, return_counts=True)
        return {"Brightness / 1": values.astype(float).tolist(), "Pixels / 1": counts.astype(float).tolist()}
