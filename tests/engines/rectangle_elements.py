r"""The concentration in a rectangular film by finite elements: a second engine beside the finite volumes.

Galvanostatic, cell-wise constant D and transference number: :math:`\partial c/\partial t = \nabla\cdot D\nabla c`,
:math:`-D\,\partial c/\partial n = \mp(1-t_+) i/F` at the two electrodes, no flux through the sides. Biquadratic
elements; Alexander's two-stage method in time, with steps that grow from the start of the current.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import splu

from lamion.numerics.tensor_grid import TensorGrid
from lamion.quantities import InputError, MissingExtraError

Array = NDArray[np.float64]

_GAMMA = 1 - 1 / math.sqrt(2)
_DOUBLINGS = 22


@dataclass(frozen=True, eq=False)
class ElementField:
    """Concentrations by finite elements.

    Parameters
    ----------
    times : array, shape (n,)
        s.
    position : array, shape (2, m)
        Of the nodes, m; the first coordinate runs from the electrode that dissolves to the other one.
    concentration : array, shape (n, m)
        mol/m3.
    low, high : array, shape (n,)
        Mean concentration at both electrodes, mol/m3.
    mean : array, shape (n,)
        Over the film, mol/m3.
    """

    times: Array
    position: Array
    concentration: Array
    low: Array
    high: Array
    mean: Array

    @property
    def drop(self) -> Array:
        """Concentration at the dissolving electrode less that at the other one, mol/m3."""
        return np.asarray(self.low - self.high)


def concentration_by_elements(
    grid: TensorGrid, diffusivity: Array, salt_flux: float, initial: float, times: Sequence[float], *, steps: int = 20
) -> ElementField:
    r"""Follow the concentration in a rectangular film from the moment a current is switched on.

    Parameters
    ----------
    grid : TensorGrid
        Two axes, the first through the film; its cells are the elements.
    diffusivity : array, broadcastable to grid.shape
        D of the salt in each cell, m2/s.
    salt_flux : float
        :math:`(1 - t_+) i/F` that enters at the low end and leaves at the high one, mol/(m2 s).
    initial : float
        mol/m3.
    times : sequence of float
        When to answer, s; rising, larger than zero.
    steps : int
        Steps in time per doubling of the time.

    Returns
    -------
    ElementField

    Raises
    ------
    MissingExtraError
        Without scikit-fem.
    InputError
        When the grid is not two-dimensional or the times do not rise.

    References
    ----------
    R. Alexander, SIAM J. Numer. Anal. 14 (1977) 1006, doi:10.1137/0714068 (the method in time).

    Examples
    --------
    >>> grid = TensorGrid((np.linspace(0, 1e-5, 9), np.linspace(0, 1e-5, 3)))
    >>> field = concentration_by_elements(grid, np.array(2e-12), 1e-6, 1000.0, [1e3])
    >>> round(float(field.drop[0]), 6), round(float(field.mean[0]), 6)
    (5.0, 1000.0)
    """
    asked = _checked(grid, times, steps)
    skfem = _skfem()
    basis, cells = _basis(skfem, grid, np.broadcast_to(diffusivity, grid.shape))

    one = skfem.LinearForm(_one)
    ends = [one.assemble(skfem.FacetBasis(basis.mesh, basis.elem, facets=name)) for name in ("low", "high")]
    M = skfem.BilinearForm(_mass).assemble(basis).tocsc()
    K = skfem.BilinearForm(_stiffness).assemble(basis, k=cells).tocsc()
    load = salt_flux * (ends[0] - ends[1])
    fields = np.array(_march(M, K, load, np.full(M.shape[0], initial), asked, steps))
    volume, width = one.assemble(basis), grid.lengths[1]
    return ElementField(
        asked, basis.doflocs, fields, fields @ ends[0] / width, fields @ ends[1] / width, fields @ volume / volume.sum()
    )


def conductivity_by_elements(grid: TensorGrid, conductivity: Array) -> float:
    """Return the effective conductivity of a rectangular film along its first axis.

    Parameters
    ----------
    grid : TensorGrid
        Two axes; its cells are the elements.
    conductivity : array, broadcastable to grid.shape
        Of each cell, larger than zero.

    Returns
    -------
    float
        In the unit of `conductivity`.

    Raises
    ------
    MissingExtraError
        Without scikit-fem.

    Notes
    -----
    By the energy, so that it lies above the true value and falls to it as elements shrink.

    Examples
    --------
    >>> grid = TensorGrid((np.linspace(0, 1, 3), np.linspace(0, 1, 3)))
    >>> round(conductivity_by_elements(grid, np.array([[1.0], [3.0]])), 12)
    1.5
    """
    skfem = _skfem()
    basis, cells = _basis(skfem, grid, np.broadcast_to(conductivity, grid.shape))

    K = skfem.BilinearForm(_stiffness).assemble(basis, k=cells)
    low, high = basis.get_dofs("low").all(), basis.get_dofs("high").all()
    level = basis.zeros()
    level[high] = 1.0
    level = skfem.solve(*skfem.condense(K, x=level, D=np.concatenate([low, high])))
    return float(level @ (K @ level)) * grid.lengths[0] / grid.lengths[1]


def _one(v: Any, _: Any) -> Any:
    return v


def _mass(u: Any, v: Any, _: Any) -> Any:
    return u * v


def _stiffness(u: Any, v: Any, w: Any) -> Any:
    return w.k * (u.grad[0] * v.grad[0] + u.grad[1] * v.grad[1])


def _march(M: Any, K: Any, load: Array, start: Array, asked: Array, steps: int) -> list[Array]:
    """Step through times that double, each doubling in equal steps, and through those asked for."""
    doublings = asked[-1] * 2.0 ** -np.arange(_DOUBLINGS, -1, -1.0)
    marks = np.unique(np.concatenate([[0.0], doublings, asked]))
    c, kept = start, []
    for begin, end in itertools.pairwise(marks):
        dt = (end - begin) / steps
        solve = splu(M + _GAMMA * dt * K).solve
        for _ in range(steps):
            first = solve(load - K @ c)
            second = solve(load - K @ (c + (1 - _GAMMA) * dt * first))
            c = c + dt * ((1 - _GAMMA) * first + _GAMMA * second)
        if end in asked:
            kept.append(c)
    return kept


def _basis(skfem: Any, grid: TensorGrid, coefficient: Array) -> tuple[Any, Any]:
    """Return biquadratic elements on the grid and the coefficient at their points."""
    mesh = skfem.MeshQuad.init_tensor(*grid.edges)
    middle = mesh.p[:, mesh.t].mean(axis=1)
    place = [np.searchsorted(edges, middle[k]) - 1 for k, edges in enumerate(grid.edges)]
    near = 1e-9 * grid.lengths[0]
    mesh = mesh.with_boundaries(
        {
            "low": lambda x: x[0] < grid.edges[0][0] + near,
            "high": lambda x: x[0] > grid.edges[0][-1] - near,
        }
    )
    basis = skfem.Basis(mesh, skfem.ElementQuad2())
    values = coefficient[place[0], place[1]]
    return basis, np.broadcast_to(values[:, np.newaxis], (values.size, basis.X.shape[1]))


def _checked(grid: TensorGrid, times: Sequence[float], steps: int) -> Array:
    asked = np.asarray(times, dtype=float)
    if grid.dimension != 2:
        raise InputError(f"The elements are rectangles; the grid has {grid.dimension} axes.", "", "Give one with two.")
    if not asked.size or not asked[0] > 0 or not np.all(np.isfinite(asked)) or np.any(np.diff(asked) <= 0):
        raise InputError("The times do not rise from above zero.", "", "Sort them, in s.")
    if not 1 <= steps <= 10_000:
        raise InputError(f"{steps} steps per doubling of the time are asked for; it can be 1 to 10000.", "", "Mend it.")
    return asked


def _skfem() -> Any:
    try:
        import skfem
    except ImportError as error:
        raise MissingExtraError("fem", "Solving by finite elements") from error
    return skfem
