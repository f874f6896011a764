"""A protrusion of an electrode, such as the seed of a dendrite, and how the current gathers at it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamion.models.transport.coupled import CoupledFilm
from lamion.models.transport.electrodes import REVERSIBLE, Kinetics
from lamion.models.transport.medium import HIGH_METAL, Medium
from lamion.models.transport.protocol import Stretch
from lamion.quantities import InputError


def with_protrusion(medium: Medium, height: float, radius: float) -> Medium:
    """Put half an ellipsoid (in two dimensions, half an elliptic ridge) onto the electrode at the high end.

    Parameters
    ----------
    medium : Medium
        A film in two or three dimensions.
    height : float
        m, above the flat electrode; smaller than the film is thick.
    radius : float
        m, half its width at the foot, in the middle of the film.

    Returns
    -------
    Medium
        With the cells whose centres lie in the protrusion turned to metal.

    Raises
    ------
    InputError
        Where it does not fit, or no cell's centre lies in it.
    """
    grid = medium.grid
    if grid.dimension < 2:
        raise InputError("A protrusion needs a film of two or three dimensions.", "", "Take a wider grid.")
    if not (0 < height < grid.lengths[0] and 0 < radius <= min(grid.lengths[1:]) / 2):
        raise InputError(
            f"A protrusion of {height:g} m by {radius:g} m does not fit into a film of "
            f"{' x '.join(f'{length:g} m' for length in grid.lengths)}.",
            "",
            "Take a smaller one.",
        )
    reach = ((grid.edges[0][-1] - grid.centres[0]) / height) ** 2
    for axis in range(1, grid.dimension):
        away = (grid.centres[axis] - grid.edges[axis][0] - grid.lengths[axis] / 2) / radius
        reach = reach[..., np.newaxis] + away**2
    inside = reach < 1
    if not inside.any():
        raise InputError(
            f"No cell's centre lies in a protrusion of {height:g} m by {radius:g} m.", "", "Take finer cells."
        )
    return Medium(grid, medium.materials, np.where(inside, HIGH_METAL, medium.which))


@dataclass(frozen=True)
class Focusing:
    """How the current gathers at a protrusion.

    Parameters
    ----------
    over_shadow : float
        Current into the protrusion over what passes as much of the film on the average; 2 for a small half cylinder,
        3 for a small half sphere.
    tip : float
        Largest current density at the protrusion over the average. It depends on the cells: a staircase has
        corners.
    voltage : float
        Between the electrodes, V.
    """

    over_shadow: float
    tip: float
    voltage: float


def focusing(medium: Medium, concentration: float, current: float, *, kinetics: Kinetics = REVERSIBLE) -> Focusing:
    """Return how the current is distributed at the moment it is switched on.

    Parameters
    ----------
    medium : Medium
        With a protrusion, as :func:`with_protrusion` makes it.
    concentration : float
        Even at that moment, mol/m3.
    current : float
        A per m2 of film.
    kinetics : Kinetics
        Of both electrodes; slow charge transfer evens the current out.

    Returns
    -------
    Focusing

    Raises
    ------
    InputError
        Where there is no protrusion.

    Notes
    -----
    Over time the concentrations follow: :func:`lamion.models.transport.simulation.simulate` takes the same medium.

    References
    ----------
    J.-N. Chazalviel, Phys. Rev. A 42 (1990) 7355.

    Examples
    --------
    >>> from lamion.models.transport.binary_electrolyte import dilute
    >>> from lamion.models.transport.medium import uniform
    >>> from lamion.models.transport.uniform_film import UniformFilm
    >>> from lamion.numerics.tensor_grid import TensorGrid, even_edges
    >>> film = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
    >>> grid = TensorGrid((even_edges(9e-6, 27), even_edges(9e-6, 27)))
    >>> medium = with_protrusion(uniform(grid, dilute(film)), 1e-6, 1e-6)
    >>> bool(1.8 < focusing(medium, 2000.0, 1.0).over_shadow < 2.3)
    True
    """
    metal = np.any(medium.which == HIGH_METAL, axis=0).ravel()
    if not metal.any():
        raise InputError("The high electrode has no protrusion.", "", "Make one.")
    film = CoupledFilm(medium, kinetics)
    film.begin(Stretch(1.0, "current", lambda _: current), 0.0, np.full(medium.grid.shape, concentration))
    faces, j = film.faces, -film.electrode_currents()
    rows = np.unravel_index(faces.cells[faces.electrode_cell], medium.grid.shape)
    lateral = np.ravel_multi_index(rows[1:], medium.grid.shape[1:])
    last = rows[0] == medium.grid.shape[0] - 1
    flat = ~faces.at_low & last & ~metal[lateral]
    raised = ~faces.at_low & ~flat
    shadow = float(np.broadcast_to(medium.grid.face_areas(0), (1, *medium.grid.shape[1:])).ravel()[metal].sum())
    into = float(np.sum((j * faces.electrode_area)[raised]))
    return Focusing(
        into / (shadow * current), float(j[raised].max()) / current, film.terminals(np.empty(0), 0.0).voltage
    )
