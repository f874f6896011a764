"""Tortuosity factors and effective conductivities of a segmented image, with bounds beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.models.laminate import bounds
from lamion.models.laminate.voxels import (
    VoxelConductivity,
    between_voxel_faces,
    conductivities_of,
    periodic_voxel_tensor,
)
from lamion.progress import Progress, silent
from lamion.quantities import Answer, FigureData, InputError, Quantity

AXES = ("z", "y", "x")
_SOURCE = "voxel image"
_DIMENSIONS = {1: "one dimension", 2: "two dimensions", 3: "three dimensions"}


def tortuosity(
    labels: NDArray[np.integer],
    phases: Mapping[int, Quantity],
    *,
    spacing: Sequence[float] | None = None,
    axes: Sequence[str] = (),
    periodic: bool = False,
    tolerance: float = 1e-5,
    progress: Progress = silent,
) -> Answer:
    r"""Compute what an image conducts along its axes.

    .. math:: r = k_\mathrm{eff} / k_\mathrm{max}, \qquad \tau = \bar k / k_\mathrm{eff}

    with the volume average of the phases' conductivities :math:`\bar k`; of one conducting phase of fraction
    :math:`\varepsilon`, :math:`\tau = \varepsilon k_0 / k_\mathrm{eff}`.

    Parameters
    ----------
    labels : int array, two or three axes
        The phase of each voxel; z counts the slices, y the rows, x the columns. An image of one voxel's thickness is a
        plane, of a body that does not change across it.
    phases : Mapping of int to Quantity
        Conductivity by label, all of one kind: S/cm, or plain numbers. Labels not named do not conduct.
    spacing : sequence of float, optional
        Lengths of a voxel along z, y, x, m; one of a cube, two of a plane along its own axes. Cubes by default.
    axes : sequence of str
        Which of ``"z"``, ``"y"``, ``"x"``; by default all along which the image has more than one voxel.
    periodic : bool
        Whether the image repeats; then the whole tensor is found. Otherwise faces at two potentials and closed sides.
    tolerance : float
        Relative error of iteration to reach.
    progress : Progress
        Told the axes.

    Returns
    -------
    Answer
        ``conductivity_ratio.z``, ``tortuosity_factor.z`` and so on (a factor only where something passes), and
        ``conducting_fraction``; ``notes.bounds`` (Wiener; of isotropic media of as many dimensions as the image,
        ``notes.bounds_of``, Hashin and Shtrikman, and Bruggeman), ``notes.tensor`` of a periodic image. The
        uncertainties are those of iteration: neither the segmentation's nor, for several phases, those of their
        conductivities.

    Raises
    ------
    InputError
        When no label conducts or occurs, a spacing is not positive, or an axis crosses a single voxel.

    References
    ----------
    S. J. Cooper, A. Bertei, P. R. Shearing, J. A. Kilner, N. P. Brandon, SoftwareX 5 (2016) 203,
    doi:10.1016/j.softx.2016.09.002.

    Examples
    --------
    >>> image = np.zeros((8, 8, 8), int); image[:, :4, :4] = 1
    >>> answer = tortuosity(image, {1: Quantity(1.0, None, "1")}, axes=["z"])
    >>> round(answer.results["tortuosity_factor.z"].value, 6), round(answer.results["conductivity_ratio.z"].value, 6)
    (1.0, 0.25)
    """
    values = _values(labels, phases)
    best = max(values.values())
    solid = conductivities_of(labels, values) / best
    own = _extended(solid.shape)
    axes = _checked(axes or own, own)
    lengths = _lengths(solid.shape, own, spacing)
    fractions = [float(np.mean(labels == label)) for label in values]
    conductivities = [value / best for value in values.values()]
    notes: dict[str, Any] = {
        "boundary": "periodic" if periodic else "two faces held, the sides closed",
        "bounds": _bounds([*fractions, 1 - sum(fractions)], [*conductivities, 0.0], len(own)),
        "bounds_of": _DIMENSIONS[len(own)],
        "fractions": {str(label): fraction for label, fraction in zip(values, fractions, strict=True)},
        "voxels": [solid.shape[AXES.index(axis)] for axis in own],
    }
    results = {"conducting_fraction": Quantity(float(np.mean(solid > 0)), None, "1", _SOURCE)}
    warnings: list[str] = []
    if periodic:
        tensor = periodic_voxel_tensor(solid, lengths, tolerance=tolerance, progress=progress)
        kept = [AXES.index(axis) for axis in own]
        notes["tensor"] = tensor.conductivity[np.ix_(kept, kept)].tolist()
        for axis in axes:
            k = AXES.index(axis)
            _add(results, axis, float(tensor.conductivity[k, k]), tensor.error, tensor.mean)
    else:
        for done, axis in enumerate(axes):
            progress(done, len(axes), f"axis {axis}")
            found = between_voxel_faces(solid, AXES.index(axis), lengths, tolerance=tolerance)
            _add(results, axis, found.conductivity, found.error, found.mean)
            warnings += _doubts(axis, found)
    figure = FigureData("voxel-slice", "A slice of the image", _slice(labels.reshape(solid.shape), own, lengths))
    method = f"Conduction solved on {' x '.join(map(str, notes['voxels']))} voxels, {notes['boundary']}."
    if len(own) < len(AXES):
        method += f" {_flat(len(own), notes['bounds'])}"
    return Answer(results, _series(results, axes), notes, tuple(warnings), {"slice": figure}, method=method)


def _values(labels: NDArray[np.integer], phases: Mapping[int, Quantity]) -> dict[int, float]:
    if not phases:
        raise InputError("No phase conducts.", "", "Name one with its conductivity, such as 1=1.")
    if len({item.unit == "1" for item in phases.values()}) > 1:
        raise InputError("Some conductivities have a unit and some have none.", "", "Give all of them in one kind.")
    there = {int(label) for label in np.unique(labels)}
    for label in phases:
        if label not in there:
            known = ", ".join(str(item) for item in sorted(there)[:20])
            raise InputError(f"The image holds no phase {label}.", "", f"It holds: {known}.")
    values = {label: item.si for label, item in phases.items()}
    for label, value in values.items():
        if value < 0:
            raise InputError(f"The conductivity of phase {label} is {value:g}.", "", "Give zero or a positive number.")
    if max(values.values()) == 0:
        raise InputError("No phase conducts: every conductivity is zero.", "", "Give one that is larger.")
    return values


def _extended(shape: tuple[int, ...]) -> tuple[str, ...]:
    """Return the axes along which an image has more than one voxel; all of them for a single voxel."""
    return tuple(axis for axis, count in zip(AXES, shape, strict=True) if count > 1) or AXES


def _checked(axes: Sequence[str], own: tuple[str, ...]) -> Sequence[str]:
    for axis in axes:
        if axis in AXES and axis not in own:
            raise InputError(
                f"The image is one voxel thick along {axis}: it says nothing of conduction there.",
                "",
                f"Leave it out; the image extends along {' and '.join(own)}.",
            )
    return axes


def _flat(dimension: int, limits: Mapping[str, float]) -> str:
    """Say that an image of fewer dimensions than three is read as one, and within what its ratio would lie."""
    high, mean = (limits[f"{name}_if_isotropic"] for name in ("hashin_shtrikman_upper", "bruggeman_effective_medium"))
    return (
        f"The image is one voxel thick: its bounds are those of {_DIMENSIONS[dimension]}, in which an isotropic "
        f"medium conducts at most {high:.3g} of the best phase (Hashin and Shtrikman; Bruggeman's effective medium "
        f"{mean:.3g})."
    )


def _lengths(shape: tuple[int, ...], own: tuple[str, ...], spacing: Sequence[float] | None) -> tuple[float, ...]:
    given = list(spacing or (1.0,))
    given = given * 3 if len(given) == 1 else given
    if len(given) == 2 and 1 in shape:
        across = shape.index(1) if len(own) == 2 else 0
        given.insert(across, given[0])
    if len(given) != 3:
        raise InputError(f"The voxel has {len(given)} lengths.", "", "Give one, or three for z, y and x.")
    if not all(np.isfinite(length) and length > 0 for length in given):
        raise InputError(f"The voxel's lengths are {list(given)}.", "", "Give one or three positive lengths.")
    # Only their ratios matter.
    return tuple(length / min(given) for length in given)


def _bounds(fractions: list[float], conductivities: list[float], dimension: int) -> dict[str, float]:
    low, high = bounds.hashin_shtrikman(fractions, conductivities, dimension)
    return {
        "wiener_series": bounds.wiener_series(fractions, conductivities),
        "wiener_parallel": bounds.wiener_parallel(fractions, conductivities),
        "hashin_shtrikman_lower_if_isotropic": low,
        "hashin_shtrikman_upper_if_isotropic": high,
        "bruggeman_effective_medium_if_isotropic": bounds.bruggeman(fractions, conductivities, dimension),
    }


def _add(results: dict[str, Quantity], axis: str, value: float, error: float, mean: float) -> None:
    results[f"conductivity_ratio.{axis}"] = Quantity(value, error, "1", _SOURCE)
    if value > 0:
        factor = mean / value
        results[f"tortuosity_factor.{axis}"] = Quantity(factor, factor * error / value, "1", _SOURCE)


def _doubts(axis: str, found: VoxelConductivity) -> list[str]:
    if found.conductivity == 0:
        return [f"Nothing passes along {axis}: no conducting voxels reach from face to face."]
    if found.connected_fraction < 0.9:
        part = 1 - found.connected_fraction
        return [f"Along {axis}, {100 * part:.0f} % of the conducting voxels do not reach from face to face."]
    return []


def _series(results: Mapping[str, Quantity], axes: Sequence[str]) -> dict[str, list[float | str | None]]:
    def column(name: str) -> list[float | str | None]:
        return [results[f"{name}.{axis}"].value if f"{name}.{axis}" in results else None for axis in axes]

    return {
        "Axis": list(axes),
        "Conductivity Ratio / 1": column("conductivity_ratio"),
        "Tortuosity Factor / 1": column("tortuosity_factor"),
    }


def _slice(
    labels: NDArray[np.integer], own: tuple[str, ...], lengths: tuple[float, ...], most: int = 160
) -> dict[str, Any]:
    """Return a plane as it is, and of a volume the slice across the middle of y."""
    across = next((k for k, axis in enumerate(AXES) if axis not in own), 1)
    page = np.take(labels, labels.shape[across] // 2, across)
    down, along = (k for k in range(3) if k != across)
    steps = [max(1, -(-size // most)) for size in page.shape]
    thinned = page[:: steps[0], :: steps[1]]
    aspect = steps[0] * lengths[down] / (steps[1] * lengths[along])
    return {"labels": thinned.tolist(), "aspect": aspect, "axes": [AXES[down], AXES[along]]}
