r"""Conductivity of a voxel image: between two faces, or the whole tensor of a periodic one.

Voxels are finite volumes; the face between two passes :math:`g = A / (h/2k_a + h/2k_b)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse.csgraph import connected_components

from lamion.numerics.lattice_network import Links, Network, solve_network
from lamion.progress import Progress, silent
from lamion.quantities import InputError

Array = NDArray[np.float64]
Labels = NDArray[np.integer]


@dataclass(frozen=True)
class VoxelConductivity:
    """What an image conducts along one axis.

    Parameters
    ----------
    conductivity : float
        In the unit of the phases'; zero where nothing reaches from face to face.
    mean : float
        Of the phases by volume.
    error : float
        Estimated error of `conductivity` by iteration; the voxels are taken as they are.
    connected_fraction : float
        Volume of conducting voxels that reach from face to face, over all conducting ones.
    iterations : int
        Of conjugate gradients.
    """

    conductivity: float
    mean: float
    error: float
    connected_fraction: float
    iterations: int

    @property
    def tortuosity_factor(self) -> float | None:
        r"""Return :math:`\tau = \bar k / k`; None where nothing passes."""
        return self.mean / self.conductivity if self.conductivity > 0 else None


@dataclass(frozen=True, eq=False)
class VoxelTensor:
    """The effective tensor of an image that repeats.

    Parameters
    ----------
    conductivity : array, shape (3, 3)
        Symmetric, in the order of the image's axes.
    error : float
        Estimated error of its largest entry by iteration.
    mean : float
        Of the phases by volume.
    """

    conductivity: Array
    error: float
    mean: float


def conductivities_of(labels: Labels, phases: Mapping[int, float]) -> Array:
    """Return the conductivity of every voxel.

    Parameters
    ----------
    labels : int array, three axes (two are taken as one slice)
        What each voxel is.
    phases : Mapping of int to float
        Conductivity by label, not negative; labels that are not named do not conduct.

    Raises
    ------
    InputError
        When the array has another number of axes, or a conductivity is negative or not finite.

    Examples
    --------
    >>> conductivities_of(np.array([[[0, 1]]]), {1: 2.0}).tolist()
    [[[0.0, 2.0]]]
    """
    if labels.ndim not in (2, 3) or labels.size == 0:
        raise InputError(f"The image has {labels.ndim} axes and {labels.size} voxels.", "", "Give two or three axes.")
    for label, value in phases.items():
        if not (np.isfinite(value) and value >= 0):
            raise InputError(f"The conductivity of phase {label} is {value:g}.", "", "Give zero or a positive number.")
    solid = np.zeros(labels.shape)
    for label, value in phases.items():
        solid[labels == label] = value
    return solid if labels.ndim == 3 else solid[np.newaxis]


def between_voxel_faces(
    conductivity: Array,
    axis: int = 0,
    spacing: Sequence[float] = (1.0, 1.0, 1.0),
    *,
    tolerance: float = 1e-5,
    progress: Progress = silent,
) -> VoxelConductivity:
    r"""Solve for the current between two opposite faces at potentials 0 and 1, the sides closed.

    .. math:: k_\mathrm{eff} = \frac{L}{A} \sum_f g_f (1 - u_f), \qquad \tau = \bar k / k_\mathrm{eff}

    Parameters
    ----------
    conductivity : array, three axes
        Of each voxel, not negative.
    axis : int
        From which face to which.
    spacing : sequence of three floats
        Lengths of a voxel, in one unit.
    tolerance : float
        Relative error of the current to reach.
    progress : Progress
        Told the iterations.

    Returns
    -------
    VoxelConductivity

    Notes
    -----
    Voxels that reach neither or one of the faces only carry nothing and are left out first. Corners of voxels touch
    without passing current.

    References
    ----------
    S. J. Cooper, A. Bertei, P. R. Shearing, J. A. Kilner, N. P. Brandon, SoftwareX 5 (2016) 203,
    doi:10.1016/j.softx.2016.09.002, for the definition of the tortuosity factor.

    Examples
    --------
    >>> found = between_voxel_faces(np.ones((4, 3, 3)))
    >>> round(found.conductivity, 9), round(found.tortuosity_factor, 9)
    (1.0, 1.0)
    """
    conducting = conductivity > 0
    mean = float(conductivity.mean())
    reached = _reaching(conducting, axis)
    if not reached.any():
        return VoxelConductivity(0.0, mean, 0.0, 0.0, 0)
    connected = float(reached.sum() / conducting.sum())
    numbers = _numbered(reached)
    links = _links(numbers, conductivity, spacing, periodic=False)
    area = _area(spacing, axis)
    held = np.zeros(int(reached.sum()))
    source = np.zeros_like(held)
    for end, potential in ((0, 0.0), (-1, 1.0)):
        face, values = np.take(numbers, end, axis), np.take(conductivity, end, axis)
        at = face[face >= 0]
        conductance = 2 * values[face >= 0] * area / spacing[axis]
        held[at] += conductance
        source[at] += conductance * potential
    network = Network(np.array(np.nonzero(reached), np.int32), links, held)
    supply = float(source.sum())
    found = solve_network(network, source, supply, tolerance=tolerance, progress=progress)
    current = supply - float(source @ found.potential)
    shape = conductivity.shape
    value = current * shape[axis] * spacing[axis] / (area * (conductivity.size / shape[axis]))
    return VoxelConductivity(value, mean, found.error * value, connected, found.iterations)


def periodic_voxel_tensor(
    conductivity: Array,
    spacing: Sequence[float] = (1.0, 1.0, 1.0),
    *,
    tolerance: float = 1e-5,
    progress: Progress = silent,
) -> VoxelTensor:
    r"""Return the effective tensor of an image that repeats along every axis.

    .. math:: V K_{ij} = \sum_f g_f (\Delta v_i + h_f \delta_{i}) (\Delta v_j + h_f \delta_{j})

    Parameters
    ----------
    conductivity : array, three axes
        Of each voxel, not negative.
    spacing : sequence of three floats
        Lengths of a voxel.
    tolerance : float
        Error to reach, relative to the conductivity of the image's best phase side by side.
    progress : Progress
        Told the iterations.

    Returns
    -------
    VoxelTensor

    Examples
    --------
    >>> layers = np.ones((2, 2, 2)); layers[0] = 3.0
    >>> np.round(np.diag(periodic_voxel_tensor(layers).conductivity), 9).tolist()
    [1.5, 2.0, 2.0]
    """
    mean = float(conductivity.mean())
    conducting = conductivity > 0
    if not conducting.any():
        return VoxelTensor(np.zeros((3, 3)), 0.0, mean)
    links = _links(_numbered(conducting), conductivity, spacing, periodic=True)
    nodes = int(conducting.sum())
    network = Network(np.array(np.nonzero(conducting), np.int32), links, _pinned(links, nodes))
    volume = conductivity.size * float(np.prod(spacing))
    drops: list[list[float]] = []
    fields, errors = [], []
    for axis, part in enumerate(links):
        flow = part.conductance * spacing[axis]
        source = np.asarray(np.bincount(part.low, flow, nodes) - np.bincount(part.high, flow, nodes), dtype=float)
        found = solve_network(network, source, mean * volume, tolerance=tolerance, progress=progress)
        fields.append(found.potential)
        errors.append(found.error)
        drops.append([spacing[axis] if k == axis else 0.0 for k in range(3)])
    tensor = np.zeros((3, 3))
    for axis, part in enumerate(links):
        steps = [v[part.high] - v[part.low] + drops[i][axis] for i, v in enumerate(fields)]
        tensor += [[float(np.sum(part.conductance * one * other)) for other in steps] for one in steps]
    return VoxelTensor(np.asarray(tensor / volume, dtype=float), max(errors) * mean, mean)


def _reaching(conducting: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    """Tell which conducting voxels are connected to both faces."""
    clusters, count = ndimage.label(conducting)
    ends = [np.bincount(np.take(clusters, end, axis).ravel(), minlength=count + 1) > 0 for end in (0, -1)]
    both = ends[0] & ends[1]
    both[0] = False
    return np.asarray(both[clusters])


def _numbered(kept: NDArray[np.bool_]) -> NDArray[np.int32]:
    numbers = np.full(kept.shape, -1, np.int32)
    numbers[kept] = np.arange(int(kept.sum()), dtype=np.int32)
    return numbers


def _links(
    numbers: NDArray[np.int32], conductivity: Array, spacing: Sequence[float], *, periodic: bool
) -> tuple[Links, ...]:
    links = []
    for axis in range(3):
        ahead, low = [slice(None)] * 3, [slice(None)] * 3
        if periodic:
            low_number, high_number = numbers, np.roll(numbers, -1, axis)
            low_k, high_k = conductivity, np.roll(conductivity, -1, axis)
        else:
            low[axis], ahead[axis] = slice(None, -1), slice(1, None)
            low_number, high_number = numbers[tuple(low)], numbers[tuple(ahead)]
            low_k, high_k = conductivity[tuple(low)], conductivity[tuple(ahead)]
        joined = (low_number >= 0) & (high_number >= 0)
        one, other = low_k[joined], high_k[joined]
        width = _area(spacing, axis) / spacing[axis]
        links.append(Links(low_number[joined], high_number[joined], 2 * width * one * other / (one + other)))
    return tuple(links)


def _area(spacing: Sequence[float], axis: int) -> float:
    return float(np.prod([length for k, length in enumerate(spacing) if k != axis]))


def _pinned(links: tuple[Links, ...], nodes: int) -> Array:
    """Hold one node of every connected part: no current flows there, since none is fed in."""
    low, high = (np.concatenate([getattr(part, end) for part in links]) for end in ("low", "high"))
    joined = sparse.coo_array((np.ones(low.size, np.int8), (low, high)), shape=(nodes, nodes))
    _, part = connected_components(joined, directed=False)
    _, first = np.unique(part, return_index=True)
    held = np.zeros(nodes)
    held[first] = float(np.mean(np.concatenate([item.conductance for item in links])))
    return held
