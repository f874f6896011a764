r"""The concentration by itself: constant D and t+, an imposed current spread evenly over flat electrodes.

.. math:: \frac{\partial c}{\partial t} = \nabla\cdot(D\nabla c), \qquad
    -D\,\partial_y c = \frac{(1 - t_+) i}{F}\ \text{at both electrodes}

and the potential afterwards, from :math:`\nabla\cdot[\kappa(c)\nabla(\Phi - (2RT/F)(1 - t_+)\chi\ln c)] = 0`. Each
time step is one direct solve, mode by mode; the potential takes conjugate gradients, with the laterally averaged
conductivity solved the same way as preconditioner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lamion.models.transport.electrodes import Kinetics
from lamion.models.transport.medium import Medium
from lamion.models.transport.protocol import Stretch
from lamion.models.transport.solution import Terminals, electrode_potential_step, too_steep
from lamion.numerics.finite_volumes import diffusion_matrix
from lamion.numerics.lateral_modes import LateralModes, solve_tridiagonal
from lamion.numerics.tensor_grid import TensorGrid
from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY

Array = NDArray[np.float64]

_RESIDUAL = 1e-11
_ITERATIONS = 200


def is_decoupled(medium: Medium) -> bool:
    """Say whether the concentration can be solved for without the potential.

    Parameters
    ----------
    medium : Medium
        It can where layers are flat, D is constant in each, and t+ and the thermodynamic factor are the same in all.
    """
    if not (medium.layered and all(material.linear for material in medium.materials)):
        return False
    one = np.ones(1)
    pairs = {
        (float(m.transference.value(one)[0]), float(m.thermodynamic_factor.value(one)[0]), m.temperature)
        for m in medium.materials
    }
    return len(pairs) == 1


@dataclass(eq=False)
class DecoupledFilm:
    """The concentration in a layered film, stepped in time.

    Parameters
    ----------
    medium : Medium
        As :func:`is_decoupled` asks.
    kinetics : Kinetics
        Of both electrodes.
    current : callable
        From the time in s to the current in A/m2; set by :meth:`begin`.

    Notes
    -----
    Fields of any shape across the film are carried: nothing here supposes that they are even.
    """

    medium: Medium
    kinetics: Kinetics
    current: Callable[[float], float] = field(default=lambda _: 0.0)
    solves: int = 0
    _jump: tuple[float, float] | None = None
    _last: tuple[Array, float, Array] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not is_decoupled(self.medium):
            raise InputError("The concentration does not decouple from the potential here.", "", "Solve both together.")

    @property
    def grid(self) -> TensorGrid:
        """The cells."""
        return self.medium.grid

    def begin(self, stretch: Stretch, start: float, u: Array) -> None:
        """Impose the current of a stretch of a protocol from a time in s on, at which the concentration is u."""
        before = self._salt_flow(start)
        self._last = None
        self.current = lambda time: stretch.value(time - start)
        self._jump = None
        if min(float(end.min()) for end in self.ends(u, start)) <= 0:
            raise too_steep(self.current(start))
        self._jump = (start, before)

    def rate(self, u: Array, time: float) -> Array:
        """Return dc/dt; `u` in mol/m3 of the shape of the grid, `time` in s."""
        conductance = self._across
        flow = np.zeros((u.shape[0] + 1, *u.shape[1:]))
        flow[1:-1] = -self._column(conductance) * np.diff(u, axis=0)
        flow[0] = flow[-1] = self._salt_flow(time)
        change = -np.diff(flow, axis=0) / self._column(self._capacity)
        if any(n > 1 for n in self.grid.shape[1:]):
            modes = self._modes.transform(u)
            change = change - self._modes.inverse(modes * self._sideways) / self._column(self._capacity)
        return np.asarray(change)

    def solve(self, base: Array, weight: float, time: float) -> Array | None:
        """Return the concentration after an implicit stage; None where the salt is used up at an electrode."""
        right = self._column(self._capacity) * base
        right[0] += weight * self._salt_flow(time)
        right[-1] -= weight * self._salt_flow(time)
        diagonal = self._column(self._capacity + weight * self._diagonal) + weight * self._sideways
        modes = solve_tridiagonal(-weight * self._across, diagonal, self._modes.transform(right))
        self.solves += 1
        found = self._conserving(self._modes.inverse(modes), base)
        ends = self.ends(found, time)
        return None if min(float(end.min()) for end in ends) <= 0 else found

    def _conserving(self, found: Array, base: Array) -> Array:
        """Take out the rounding of the solve: what flows in flows out, so a stage leaves the salt as it was.

        Where a step is many time constants long the matrix tells little of the amount of salt.
        """
        capacity = self._column(self._capacity) * self.grid.face_areas(0)[0]
        total = np.sum(np.broadcast_to(capacity, base.shape))
        return np.asarray(found + np.sum(capacity * (base - found)) / total)

    def ends(self, u: Array, time: float) -> tuple[Array, Array]:
        r"""Return the concentrations at the two electrodes.

        .. math:: c_s = \bar c + \frac{h}{2 D} q - \frac{h}{6 D}(q - q_1)

        by the salt flux q that the current asks for and that through the next face, from the outermost cell's mean.
        Where the current jumps, q is that before the jump: concentrations take time to follow.

        Parameters
        ----------
        u : array, shape grid.shape
            mol/m3.
        time : float
            s.
        """
        flow = self._jump[1] if self._jump and time == self._jump[0] else self._salt_flow(time)
        low, high = self._half
        if len(u) == 1:
            return u[0] + flow * low, u[-1] - flow * high
        bend_low = (flow - self._across[0] * (u[0] - u[1])) / 3
        bend_high = (flow - self._across[-1] * (u[-2] - u[-1])) / 3
        return u[0] + (flow - bend_low) * low, u[-1] - (flow - bend_high) * high

    def potential(self, u: Array, time: float) -> Array:
        r"""Return :math:`\Phi` against the electrolyte at the high electrode, V.

        Parameters
        ----------
        u : array, shape grid.shape
            mol/m3.
        time : float
            s.
        """
        _, c_high = self.ends(u, time)
        relative = np.log(u) - self._mean(np.log(c_high))
        return np.asarray(self._psi(u, time) + self._diffusion_voltage * relative)

    def terminals(self, u: Array, time: float) -> Terminals:
        """Return what the electrodes show.

        Parameters
        ----------
        u : array, shape grid.shape
            mol/m3.
        time : float
            s.
        """
        j = self.current(time)
        c_low, c_high = self.ends(u, time)
        psi = self._psi(u, time)
        first = psi[0] + j * self._ohmic_half(u[0], 0)
        low = first + self._diffusion_voltage * (np.log(c_low) - np.log(c_high))
        inside = self._mean(low)
        step = electrode_potential_step(self.medium.materials[0], c_high, c_low)
        into = np.full_like(c_low, j)
        charge = self.kinetics.overpotential(into, c_low) - self.kinetics.overpotential(-into, c_high)
        voltage = inside + self._mean(charge)
        lowest = min(float(c_low.min()), float(c_high.min()))
        electrostatic = inside - self._mean(step)
        return Terminals(time, j, voltage, electrostatic, self._mean(c_low), self._mean(c_high), lowest)

    def _psi(self, u: Array, time: float) -> Array:
        """Return the part of the potential that drives the current, solved for once where asked for again."""
        if self._last is None or self._last[0] is not u or self._last[1] != time:
            self._last = u, time, self._solve_psi(u, time)
        return self._last[2]

    def _solve_psi(self, u: Array, time: float) -> Array:
        """Solve for the part of the potential that drives the current; zero at the high electrode on the average."""
        kappa = self._conductivity(u)
        j = self.current(time)
        if j == 0:
            return np.zeros_like(u)
        psi = self._ohmic_field(kappa, j)
        end = psi[-1] - j * self._ohmic_half(u[-1], -1)
        return np.asarray(psi - self._mean(end))

    def _ohmic_field(self, kappa: Array, j: float) -> Array:
        lateral = tuple(range(1, kappa.ndim))
        areas = self.grid.face_areas(0)
        mean = np.sum(kappa * areas, axis=lateral) / np.sum(areas)
        across = _series(mean * self._factor(0), self.grid.widths[0])
        sideways = sum(
            (
                self._column(mean * self._factor(k + 1) * self.grid.widths[0]) * values
                for k, values in enumerate(self._modes.eigenvalues)
            ),
            np.zeros((kappa.shape[0],) + (1,) * len(lateral)),
        )
        diagonal = self._column(_row_sums(across)) + sideways
        diagonal[(0,) * kappa.ndim] += across[0] if across.size else 1.0
        right = np.zeros_like(kappa)
        right[0] += j
        right[-1] -= j

        def precondition(residual: Array) -> Array:
            self.solves += 1
            return self._modes.inverse(solve_tridiagonal(-across, diagonal, self._modes.transform(residual)))

        if not lateral or np.ptp(kappa / self._column(mean)) <= _RESIDUAL:
            return precondition(right)
        matrix = diffusion_matrix(
            self.grid, [kappa * self._column(self._factor(k)) for k in range(self.grid.dimension)]
        )
        return _conjugate_gradients(
            lambda x: (matrix @ x.ravel()).reshape(kappa.shape) / areas, right, precondition, areas
        )

    def _mean(self, values: Array) -> float:
        """Average over the film's area."""
        areas = self.grid.face_areas(0)[0]
        return float(np.sum(values * areas) / np.sum(np.broadcast_to(areas, values.shape)))

    def _salt_flow(self, time: float) -> float:
        return (1 - self._transference) * self.current(time) / FARADAY

    def _conductivity(self, u: Array) -> Array:
        rows = self._rows
        kappa = np.empty_like(u)
        for k, material in enumerate(self.medium.materials):
            kappa[rows == k] = material.conductivity.value(u[rows == k])
        return kappa

    def _ohmic_half(self, u: Array, row: int) -> Array:
        material = self.medium.materials[int(self._rows[row])]
        return np.asarray(self.grid.widths[0][row] / (2 * material.factor(0) * material.conductivity.value(u)))

    def _factor(self, axis: int) -> Array:
        return np.asarray(self._factors[axis])

    @cached_property
    def _factors(self) -> Array:
        return np.array(
            [[self.medium.materials[k].factor(axis) for k in self._rows] for axis in range(self.grid.dimension)]
        )

    def _column(self, values: Array) -> Array:
        return np.asarray(values.reshape((-1,) + (1,) * (self.grid.dimension - 1)))

    @cached_property
    def _rows(self) -> NDArray[np.int64]:
        return np.asarray(self.medium.which.reshape(self.grid.shape[0], -1)[:, 0])

    @cached_property
    def _modes(self) -> LateralModes:
        return LateralModes(self.grid)

    @cached_property
    def _diffusivity(self) -> Array:
        return np.array([float(self.medium.materials[k].diffusivity.value(np.ones(1))[0]) for k in self._rows])

    @cached_property
    def _transference(self) -> float:
        return float(self.medium.materials[0].transference.value(np.ones(1))[0])

    @cached_property
    def _diffusion_voltage(self) -> float:
        return float(self.medium.materials[0].diffusion_voltage(np.ones(1))[0])

    @cached_property
    def _capacity(self) -> Array:
        storage = np.array([self.medium.materials[k].storage for k in self._rows])
        return np.asarray(storage * self.grid.widths[0])

    @cached_property
    def _across(self) -> Array:
        return _series(self._diffusivity * self._factor(0), self.grid.widths[0])

    @cached_property
    def _diagonal(self) -> Array:
        return _row_sums(self._across)

    @cached_property
    def _half(self) -> tuple[float, float]:
        resistances = self.grid.widths[0] / (2 * self._diffusivity * self._factor(0))
        return float(resistances[0]), float(resistances[-1])

    @cached_property
    def _sideways(self) -> Array:
        rows = np.zeros((self.grid.shape[0],) + (1,) * (self.grid.dimension - 1))
        for k, values in enumerate(self._modes.eigenvalues):
            rows = rows + self._column(self._diffusivity * self._factor(k + 1) * self.grid.widths[0]) * values
        return rows


def _series(coefficient: Array, widths: Array) -> Array:
    halves = 2 * coefficient / widths
    return np.asarray(halves[:-1] * halves[1:] / (halves[:-1] + halves[1:]))


def _row_sums(conductances: Array) -> Array:
    sums = np.zeros(conductances.size + 1)
    sums[:-1] += conductances
    sums[1:] += conductances
    return sums


def _conjugate_gradients(
    apply: Callable[[Array], Array], right: Array, precondition: Callable[[Array], Array], areas: Array
) -> Array:
    """Solve a positive semi-definite system in the inner product of the cells' areas."""
    x = precondition(right)
    residual = right - apply(x)
    goal = _RESIDUAL * float(np.max(np.abs(right)))
    direction = z = precondition(residual)
    product = float(np.sum(areas * residual * z))
    for _ in range(_ITERATIONS):
        if float(np.max(np.abs(residual))) <= goal:
            return x
        image = apply(direction)
        step = product / float(np.sum(areas * direction * image))
        x = x + step * direction
        residual = residual - step * image
        z = precondition(residual)
        previous, product = product, float(np.sum(areas * residual * z))
        direction = z + product / previous * direction
    raise InputError(
        "The potential does not converge.", "The conductivity varies too strongly across the film.", "Refine the grid."
    )
