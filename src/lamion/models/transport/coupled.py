r"""Concentration and potential together, by Newton's method.

For coefficients that depend on the concentration, electrodes that protrude, media that are not layered, imposed
voltages and charge transfer that depends on the place. The unknowns are c and :math:`\Phi` of each cell, the current
density j of each electrode face and the voltage of the low electrode; what is conserved is the anion, which no
electrode takes up:

.. math::
    \frac{\partial c}{\partial t} + \nabla\cdot\mathbf{N}_- = 0, \qquad
    \mathbf{N}_- = -D\nabla c - \frac{1 - t_+}{F}\mathbf{i}, \qquad \nabla\cdot\mathbf{i} = 0
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lamion.models.transport import coupled_solver
from lamion.models.transport.balance import (
    Balance,
    Properties,
    State,
    balance_of,
    properties_of,
    shares_of,
    surface_of,
)
from lamion.models.transport.electrodes import Kinetics
from lamion.models.transport.faces import Faces, SparsityPattern, faces_of, sparsity_pattern
from lamion.models.transport.medium import Medium
from lamion.models.transport.protocol import Stretch
from lamion.models.transport.solution import Terminals, electrode_potential_step, too_steep
from lamion.numerics.lateral_modes import BlockTridiagonal, LateralModes
from lamion.numerics.tensor_grid import TensorGrid
from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY

Array = NDArray[np.float64]

_NEWTON = 14
_CLOSE = 1e-7
_HALVINGS = 10
_MANY = 2000


@dataclass(frozen=True, eq=False)
class Sources:
    """Salt and charge that appear within the film, for solutions that are made up to test against.

    Parameters
    ----------
    salt : callable
        From the time in s to mol/(m3 s), shape of the grid.
    charge : callable
        From the time in s to A/m3, shape of the grid.
    """

    salt: Callable[[float], Array]
    charge: Callable[[float], Array]


@dataclass(eq=False)
class CoupledFilm:
    """A film whose concentration and potential are solved for together, stepped in time.

    Parameters
    ----------
    medium : Medium
        What fills the grid.
    kinetics : Kinetics
        Of both electrodes.
    sources : Sources, optional
        None in a real film.
    """

    medium: Medium
    kinetics: Kinetics
    sources: Sources | None = None
    solves: int = 0
    _stretch: Stretch | None = None
    _start: float = 0.0
    _state: State | None = field(default=None, repr=False)

    def begin(self, stretch: Stretch, start: float, u: Array) -> None:
        """Impose what a stretch asks for from a time in s on; potentials follow the concentrations u at once."""
        self._stretch, self._start = stretch, start
        c = u.ravel()[self.faces.cells]
        if self._state is None:
            self._state = State(c, np.zeros_like(c), np.zeros(self.faces.electrode_cell.size), 0.0)
        if self._newton(c, 0.0, start, 1.0) is None and not self._approach(c, start):
            raise too_steep(stretch.value(0.0)) if stretch.control == "current" else _no_start(stretch.value(0.0))

    def _approach(self, c: Array, start: float) -> bool:
        """Reach what a stretch imposes by and by."""
        return all(self._newton(c, 0.0, start, share) is not None for share in (0.03, 0.1, 0.3, 0.6, 1.0))

    def rate(self, u: Array, time: float) -> Array:
        """Return dc/dt of the state held; `u` in mol/m3 of the shape of the grid, `time` in s."""
        change = np.zeros(self.medium.grid.cells)
        balance = self._balance(self._held)
        salt = -balance.salt + self._source(time)[0]
        change[self.faces.cells] = salt / self.faces.volumes
        return change.reshape(self.medium.grid.shape)

    def solve(self, base: Array, weight: float, time: float) -> Array | None:
        """Return the concentration after an implicit stage; None where there is no admissible one."""
        state = self._newton(base.ravel()[self.faces.cells], weight, time, 1.0)
        if state is None:
            return None
        full = base.ravel().copy()
        full[self.faces.cells] = state.c
        return full.reshape(base.shape)

    def potential(self, u: Array, time: float) -> Array:
        """Return the potential held, against the electrolyte at the high electrode, V; zero outside the electrolyte."""
        full = np.zeros(self.medium.grid.cells)
        full[self.faces.cells] = self._held.phi - self._surface(~self.faces.at_low)[1]
        return full.reshape(self.medium.grid.shape)

    def terminals(self, u: Array, time: float) -> Terminals:
        """Return what the electrodes show in the state held."""
        at_low = self.faces.at_low
        c_low, phi_low = self._surface(at_low)
        c_high, phi_high = self._surface(~at_low)
        material = self.medium.materials[int(self.faces.material[self.faces.electrode_cell[at_low]][0])]
        step = float(electrode_potential_step(material, np.array([c_high]), np.array([c_low]))[0])
        current = float(np.sum((self._held.j * self.faces.electrode_area)[at_low])) / self.medium.area
        lowest = float(surface_of(self.faces, self._properties(self._held.c), self._held).min())
        return Terminals(time, current, self._held.voltage, phi_low - phi_high - step, c_low, c_high, lowest)

    @cached_property
    def faces(self) -> Faces:
        """Of the medium."""
        return faces_of(self.medium)

    @property
    def _held(self) -> State:
        assert self._state is not None  # noqa: S101  (begin comes first)
        return self._state

    def electrode_currents(self) -> Array:
        """Return the current density of each electrode face in the state held, A/m2, in the order of the faces."""
        return self._held.j

    @cached_property
    def _pattern(self) -> SparsityPattern:
        return sparsity_pattern(self.faces)

    @cached_property
    def _scale(self) -> Array:
        scale = np.empty(2 * self.faces.cells.size)
        scale[0::2] = float(np.mean(self._held.c))
        scale[1::2] = self.medium.materials[0].thermal_voltage
        return scale

    @cached_property
    def _shares(self) -> tuple[Array, Array]:
        """How much each cell of an inner face counts there, taken once and for all at the mean concentration."""
        even = np.full(self.faces.cells.size, float(np.mean(self._held.c)))
        return shares_of(self.faces, self._properties(even).diffusivity)

    def _source(self, time: float) -> tuple[Array, Array]:
        if self.sources is None:
            return np.zeros(1), np.zeros(1)
        cells = self.faces.cells
        volumes = self.medium.grid.volumes.ravel()[cells]
        return (
            self.sources.salt(time).ravel()[cells] * volumes,
            self.sources.charge(time).ravel()[cells] * volumes,
        )

    def _surface(self, which: NDArray[np.bool_]) -> tuple[float, float]:
        """Return concentration and potential at an electrode, averaged over its area."""
        state, faces = self._held, self.faces
        cell = faces.electrode_cell[which]
        p = self._properties(state.c)
        c = surface_of(faces, p, state)[which]
        ohmic = state.j[which] * faces.electrode_distance[which] / p.conductivity[cell]
        phi = state.phi[cell] + ohmic + p.w[cell] * np.log(c / state.c[cell])
        weights = faces.electrode_area[which]
        return float(np.average(c, weights=weights)), float(np.average(phi, weights=weights))

    def _newton(self, base: Array, weight: float, time: float, share: float) -> State | None:
        """Solve Vε(c - base) + weight div N = 0 with the potentials; keep the state and return it."""
        assert self._stretch is not None  # noqa: S101  (begin comes first)
        target = share * self._stretch.value(time - self._start)
        imposed = self._stretch.control == "voltage"
        state = self._held if weight else State(base, self._held.phi, self._held.j, self._held.voltage)
        state = State(state.c, state.phi, state.j, target) if imposed else state
        total = target * self.medium.area
        source = self._source(time)
        modes: coupled_solver.Solve | None = None
        for _ in range(_NEWTON):
            balance = self._balance(state)
            matrix, right, column = self._system(balance, state, base, weight, source)
            if modes is None and self._by_modes_works:
                modes = self._modes_of(state, weight)
            change = self._change(matrix, right, column, modes, balance, state, None if imposed else total)
            moved = None if change is None else self._move(state, change)
            if moved is None or change is None:
                return None
            full, state = moved[1], moved[0]
            if full and float(np.max(np.abs(np.stack([change.c, change.phi], 1).ravel() / self._scale))) < _CLOSE:
                self._state = state
                return state
        return None

    def _move(self, state: State, change: State) -> tuple[State, bool] | None:
        """Go along a Newton step as far as concentrations stay positive."""
        for halving in range(_HALVINGS):
            part = 0.5**halving
            trial = State(
                state.c + part * change.c,
                state.phi + part * change.phi,
                state.j + part * change.j,
                state.voltage + part * change.voltage,
            )
            if trial.c.min() > 0 and surface_of(self.faces, self._properties(trial.c), trial).min() > 0:
                return trial, halving == 0
        return None

    def _change(
        self,
        matrix: sparse.csc_array,
        right: Array,
        column: Array,
        modes: coupled_solver.Solve | None,
        balance: Balance,
        state: State,
        total: float | None,
    ) -> State | None:
        """Solve for the Newton step, with the voltage that makes up the total current where one is imposed."""
        solve: Callable[[Array], Array | None]
        solve = coupled_solver.direct(matrix) if modes is None else coupled_solver.refined(matrix, modes, self._scale)
        self.solves += 1
        x = solve(right)
        if modes is not None and x is None:
            self.__dict__["_by_modes_works"] = False
            solve = coupled_solver.direct(matrix)
            x = solve(right)
        if x is None or not np.all(np.isfinite(x)):
            return None
        rise = 0.0
        if total is not None:
            y = solve(column)
            if y is None:
                return None
            missing = total - self._low_current(state.j + self._j_change(balance, x, 0.0))
            gain = self._low_current(self._j_change(balance, y, 1.0) + balance.mismatch / balance.by_j)
            rise = missing / gain
            x = x + rise * y
        return State(x[0::2], x[1::2], self._j_change(balance, x, rise), rise)

    def _j_change(self, balance: Balance, x: Array, rise: float) -> Array:
        cell = self.faces.electrode_cell
        lead = np.where(self.faces.at_low, rise, 0.0)
        return -(balance.mismatch + balance.by_c * x[2 * cell] - x[2 * cell + 1] + lead) / balance.by_j

    def _low_current(self, j: Array) -> float:
        return float(np.sum((j * self.faces.electrode_area)[self.faces.at_low]))

    def _system(
        self, balance: Balance, state: State, base: Array, weight: float, source: tuple[Array, Array]
    ) -> tuple[sparse.csc_array, Array, Array]:
        """Return the Jacobian, the right-hand side and the column of the low electrode's voltage."""
        faces, n = self.faces, self.faces.cells.size
        take = faces.electrode_area / balance.by_j
        cell = faces.electrode_cell
        blocks = np.zeros((4, n))
        blocks[0] = faces.volumes
        blocks[2] = np.bincount(cell, take * balance.by_c, n)
        blocks[3] = -np.bincount(cell, take, n)
        entries = [*blocks]
        for k, derivative in enumerate(balance.fluxes):
            scaled = weight * derivative if k < 4 else derivative
            entries += [scaled, -scaled]
        matrix = self._pattern.matrix(np.concatenate(entries))
        right = np.zeros(2 * n)
        right[0::2] = -(faces.volumes * (state.c - base) + weight * (balance.salt - source[0]))
        right[1::2] = -(balance.charge - source[1] + np.bincount(cell, take * balance.mismatch, n))
        column = np.zeros(2 * n)
        column[1::2] = -np.bincount(cell, np.where(faces.at_low, take, 0.0), n)
        return matrix, right, column

    def _properties(self, c: Array) -> Properties:
        return properties_of(self.medium.materials, self.faces, c)

    def _balance(self, state: State) -> Balance:
        return balance_of(self.faces, self._shares, self._properties(state.c), self.kinetics, state)

    @cached_property
    def _by_modes_works(self) -> bool:
        grid = self.medium.grid
        return grid.dimension > 1 and grid.cells >= _MANY and self.medium.layered

    @cached_property
    def _modes(self) -> LateralModes:
        return LateralModes(self.medium.grid)

    @cached_property
    def _line(self) -> CoupledFilm:
        """The same layers in one dimension."""
        which = self.medium.which.reshape(self.medium.grid.shape[0], -1)[:, 0]
        return CoupledFilm(
            Medium(TensorGrid((self.medium.grid.edges[0],)), self.medium.materials, which), self.kinetics
        )

    def _modes_of(self, state: State, weight: float) -> coupled_solver.ByModes:
        """Return the approximate inverse of the Jacobian from the lateral averages of a state."""
        rows = self.medium.grid.shape[0]
        at_low = self.faces.at_low
        mean = State(
            self._lateral_mean(state.c),
            self._lateral_mean(state.phi),
            np.array([state.j[at_low].mean(), state.j[~at_low].mean()]),
            state.voltage,
        )
        line = self._line
        line._state = mean
        balance = line._balance(mean)
        matrix, _, _ = line._system(balance, mean, mean.c, weight, (np.zeros(1), np.zeros(1)))
        blocks = _blocks(matrix, rows)
        sideways = np.zeros((rows, 2, 2, 1))
        p = line._properties(mean.c)
        current = np.stack([-p.conductivity * p.w / mean.c, p.conductivity], axis=1)
        spreading = np.stack([p.diffusivity, np.zeros(rows)], axis=1)
        salt = weight * (spreading - (p.anion / FARADAY)[:, np.newaxis] * current)
        lateral = np.stack([salt, current], axis=1)
        for axis, values in enumerate(self._modes.eigenvalues, start=1):
            factor = np.array([self.medium.materials[k].factor(axis) for k in line.faces.material])
            spread = (factor * self.medium.grid.widths[0])[:, np.newaxis] * np.broadcast_to(
                values, self.medium.grid.shape[1:]
            ).reshape(1, -1)
            sideways = sideways + spread[:, np.newaxis, np.newaxis] * lateral[..., np.newaxis]
        return coupled_solver.ByModes(
            self._modes,
            BlockTridiagonal(blocks[0], blocks[1][..., np.newaxis] + sideways, blocks[2]),
            self.medium.grid.face_areas(0),
        )

    def _lateral_mean(self, values: Array) -> Array:
        areas = np.broadcast_to(self.medium.grid.face_areas(0), self.medium.grid.shape)
        lateral = tuple(range(1, self.medium.grid.dimension))
        return np.asarray(np.average(values.reshape(self.medium.grid.shape), axis=lateral, weights=areas))


def _no_start(voltage: float) -> InputError:
    return InputError(
        f"No current was found that goes with {voltage:g} V between the electrodes.",
        "The voltage may be far beyond what the film can carry.",
        "Impose a smaller voltage, or approach it by a ramp.",
    )


def _blocks(matrix: sparse.csc_array, rows: int) -> tuple[Array, Array, Array]:
    full = np.zeros((3, rows, 2, 2))
    entries = matrix.tocoo()
    row, column = entries.coords
    np.add.at(full, (column // 2 - row // 2 + 1, row // 2, row % 2, column % 2), entries.data)
    return full[0, 1:], full[1], full[2, :-1]
