r"""A protrusion of an electrode, such as the seed of a dendrite, and how the flux crowds at its tip: finite elements.

At steady state the salt obeys Laplace's equation and each electrode holds one concentration, so that the flux at a
place over its mean is pure geometry: with :math:`\nabla^2 u = 0`, u = 0 at the electrode that bears the protrusion and
u = 1 at the other one, it is :math:`|\nabla u|` over its mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError, MissingExtraError

Array = NDArray[np.float64]

_ANGLES = 48
_GROWTH = 0.12
_FINEST = 0.02
_EDGE = 1e-9


@dataclass(frozen=True, eq=False)
class Protrusion:
    """Half an ellipsoid on an electrode, seen through the film.

    Parameters
    ----------
    tip_flux : float
        Flux at the tip over that of the flat film between the same concentrations.
    mean_flux : float
        Total flux over that of the flat film between the same concentrations.
    mean_level : float
        Mean of u over the electrolyte; one half in a flat film.
    position : array, shape (2, n)
        Radius and height of the nodes, m.
    level : array, shape (n,)
        u there, from 0 at the electrode with the protrusion to 1 at the other one.
    """

    tip_flux: float
    mean_flux: float
    mean_level: float
    position: Array
    level: Array

    @property
    def tip_over_mean(self) -> float:
        """The local current at the tip over the mean current."""
        return self.tip_flux / self.mean_flux

    @property
    def limiting_current_ratio(self) -> float:
        """The limiting current over that of the flat film when the electrode with the protrusion plates.

        The mean concentration stays; at the limit the plating electrode is bare of salt.
        """
        return self.mean_flux / (2 * self.mean_level)


def spheroid_focusing(height: float, radius: float) -> float:
    r"""Return the flux at the tip of half a spheroid on an endless plane over the flux far away, exactly.

    .. math::
        \frac{1}{N}, \qquad N = \frac{1 - e^2}{e^2}\left(\frac{1}{2e}\ln\frac{1+e}{1-e} - 1\right), \quad
        e^2 = 1 - \frac{a^2}{h^2}

    for h > a, 3 for the hemisphere, and with :math:`N = e^{-2}(1 - \sqrt{1 - e^2}\,\arcsin(e)/e)`,
    :math:`e^2 = 1 - h^2/a^2` for h < a.

    Parameters
    ----------
    height : float
        h, m.
    radius : float
        a of the base, m.

    Returns
    -------
    float

    References
    ----------
    J. A. Stratton, Electromagnetic Theory, McGraw-Hill, 1941, sections 3.25-3.29; N is the depolarising factor.

    Examples
    --------
    >>> round(spheroid_focusing(1.0, 1.0), 9), round(spheroid_focusing(4.0, 1.0), 2)
    (3.0, 13.26)
    """
    _check(height=height, radius=radius)
    ratio = height / radius
    if abs(ratio - 1) < 1e-4:
        return 3 + 12 / 5 * (ratio - 1)
    if ratio > 1:
        e = math.sqrt(1 - ratio**-2)
        factor = (1 - e**2) / e**2 * (math.atanh(e) / e - 1)
    else:
        e = math.sqrt(1 - ratio**2)
        factor = (1 - ratio * math.asin(e) / e) / e**2
    return 1 / factor


def protrusion(
    height: float, radius: float, thickness: float, half_width: float, *, angles: int = _ANGLES
) -> Protrusion:
    r"""Solve the flux around half an ellipsoid on one electrode of a film.

    .. math::
        \frac{1}{r}\frac{\partial}{\partial r} r\,\frac{\partial u}{\partial r}
        + \frac{\partial^2 u}{\partial z^2} = 0

    Parameters
    ----------
    height, radius : float
        Of the protrusion and of its base, m.
    thickness : float
        Of the film, m; larger than the height.
    half_width : float
        Radius of the round piece of film that belongs to one protrusion, m; larger than the base's.
    angles : int
        Elements along the protrusion, from its base to its tip.

    Returns
    -------
    Protrusion

    Raises
    ------
    MissingExtraError
        Without scikit-fem.
    InputError
        When a length is not positive or the protrusion does not fit into the film.

    Notes
    -----
    Curved elements of second order on a mesh fitted to the ellipsoid; no flux through the side of the piece. The
    electrodes are reversible: charge transfer, where it is slow against diffusion over the tip's size, evens the flux
    out.

    Examples
    --------
    >>> round(protrusion(1e-6, 1e-6, 30e-6, 30e-6).tip_flux, 2)
    3.0
    """
    _check(height=height, radius=radius, thickness=thickness, half_width=half_width)
    if not (height < thickness and radius < half_width):
        raise InputError(
            f"A protrusion {height:g} m high and {radius:g} m wide does not fit into a film {thickness:g} m thick and "
            f"{half_width:g} m wide.",
            "",
            "Give a smaller protrusion.",
        )
    if not 8 <= angles <= 400:
        raise InputError(f"{angles} elements along the protrusion are asked for; it can be 8 to 400.", "", "Mend it.")
    skfem = _skfem()
    basis = skfem.Basis(_mesh(skfem, height, radius, thickness, half_width, angles), skfem.ElementQuad2(), intorder=6)
    level = _laplace(skfem, basis)
    r, z = basis.doflocs
    mean_flux, mean_level = _means(skfem, basis, level, thickness, half_width)
    return Protrusion(
        _tip_gradient(skfem, basis, level, height) * thickness, mean_flux, mean_level, np.array([r, z]), level
    )


def _laplace(skfem: Any, basis: Any) -> Array:
    metal, counter = basis.get_dofs("metal"), basis.get_dofs("counter")
    level = basis.zeros()
    level[counter.all()] = 1.0
    fixed = np.concatenate([metal.all(), counter.all()])
    stiffness = skfem.BilinearForm(_stiffness).assemble(basis)
    solved: Array = skfem.solve(*skfem.condense(stiffness, x=level, D=fixed))
    return solved


def _means(skfem: Any, basis: Any, level: Array, thickness: float, half_width: float) -> tuple[float, float]:
    """Return the total flux, from the energy, over the flat film's; and the mean of u."""
    energy, content, volume = (
        float(skfem.Functional(form).assemble(basis, u=basis.interpolate(level)))
        for form in (lambda w: _stiffness(w["u"], w["u"], w), lambda w: w.x[0] * w["u"], lambda w: w.x[0])
    )
    return energy * thickness / (0.5 * half_width**2), content / volume


def _stiffness(u: Any, v: Any, w: Any) -> Any:
    return w.x[0] * (u.grad[0] * v.grad[0] + u.grad[1] * v.grad[1])


def _tip_gradient(skfem: Any, basis: Any, level: Array, height: float) -> float:
    """Return the gradient at the tip, from the element that touches it."""
    mesh = basis.mesh
    tip = int(np.argmin(np.hypot(mesh.p[0], mesh.p[1] - height)[: mesh.nvertices]))
    corner, element = (int(place[0]) for place in np.nonzero(mesh.t == tip))
    there = (mesh.refdom.p[:, [corner]], np.array([1.0]))
    piece = skfem.Basis(mesh, basis.elem, elements=np.array([element]), quadrature=there)
    return float(piece.interpolate(level).grad[1][0, 0])


def _mesh(skfem: Any, height: float, radius: float, thickness: float, half_width: float, angles: int) -> Any:
    """Return quadrilaterals of second order between the ellipsoid and the box, finer towards the ellipsoid."""
    stretch = math.hypot(half_width, thickness) / min(height, radius) * _GROWTH / _FINEST
    layers = math.ceil(math.log1p(stretch) / math.log1p(_GROWTH) * angles / _ANGLES)
    # Half of the angles for the side and half for the top of the box, so that its corner is a node.
    plain = skfem.MeshQuad.init_tensor(np.linspace(0, 1, 2 * (angles // 2) + 1), np.linspace(0, 1, layers + 1))
    bent = skfem.MeshQuad2.from_mesh(plain)
    along, out = bent.doflocs
    inner = np.array([radius * np.cos(0.5 * math.pi * along), height * np.sin(0.5 * math.pi * along)])
    outer = np.array([half_width * np.minimum(2 - 2 * along, 1.0), thickness * np.minimum(2 * along, 1.0)])
    graded = np.expm1(out * math.log1p(stretch)) / stretch
    mesh = skfem.MeshQuad2(inner + (outer - inner) * graded, bent.t)
    metal = plain.facets_satisfying(lambda x: (x[0] < _EDGE) | (x[1] < _EDGE), boundaries_only=True)
    counter = plain.facets_satisfying(lambda x: (x[1] > 1 - _EDGE) & (x[0] > 0.5), boundaries_only=True)
    return mesh.with_boundaries({"metal": metal, "counter": counter})


def _check(**lengths: float) -> None:
    for name, value in lengths.items():
        if not (value > 0 and math.isfinite(value)):
            raise InputError(
                f"The {name.replace('_', ' ')} is {value:g} m, not a finite number larger than zero.", "", "Check it."
            )


def _skfem() -> Any:
    try:
        import skfem
    except ImportError as error:
        raise MissingExtraError("fem", "Solving around a curved electrode") from error
    return skfem
