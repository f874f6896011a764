"""Run a protocol on a film: choose the path, step through time, keep the fields that were asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from lamion.models.transport.binary_electrolyte import check_at
from lamion.models.transport.coupled import CoupledFilm, Sources
from lamion.models.transport.decoupled import DecoupledFilm, is_decoupled
from lamion.models.transport.electrodes import REVERSIBLE, Kinetics
from lamion.models.transport.medium import Medium, check_cells
from lamion.models.transport.protocol import CellProtocol, Stretch
from lamion.models.transport.solution import Solution, Terminals
from lamion.numerics.time_steps import Stepping, advance
from lamion.progress import Progress, silent
from lamion.quantities import InputError

Array = NDArray[np.float64]
Path = Literal["decoupled", "coupled"]

_DEPLETED = 0.02


class SimulatedFilm(Protocol):
    """What both paths offer."""

    solves: int

    def begin(self, stretch: Stretch, start: float, u: Array) -> None:
        """Impose what a stretch of the protocol asks for, from a time on at which the concentration is u."""
        ...

    def rate(self, u: Array, time: float) -> Array:
        """Return dc/dt at the start of a stretch."""
        ...

    def solve(self, base: Array, weight: float, time: float) -> Array | None:
        """Return the concentration after an implicit stage."""
        ...

    def potential(self, u: Array, time: float) -> Array:
        """Return the potential."""
        ...

    def terminals(self, u: Array, time: float) -> Terminals:
        """Return what the electrodes show."""
        ...


def simulate(
    medium: Medium,
    protocol: CellProtocol,
    initial: float | Array,
    *,
    times: Sequence[float] = (),
    kinetics: Kinetics = REVERSIBLE,
    stepping: Stepping | None = None,
    path: Path | None = None,
    sources: Sources | None = None,
    progress: Progress = silent,
) -> Solution:
    """Simulate a film between two lithium electrodes.

    Parameters
    ----------
    medium : Medium
        The film.
    protocol : CellProtocol
        What is imposed. A current per area of film; positive, it dissolves lithium at the low electrode.
    initial : float or array of the grid's shape
        Concentration at the start, mol/m3, larger than zero.
    times : sequence of float
        Times of the fields, s; by default the end of the protocol.
    kinetics : Kinetics
        Of both electrodes.
    stepping : Stepping, optional
        Tolerance and scheme of the steps in time.
    path : str, optional
        ``"decoupled"`` or ``"coupled"``; by default the first where it is right.
    sources : Sources, optional
        Of salt and charge within the film, to test against solutions that are made up.
    progress : callable
        Told of the stretches.

    Returns
    -------
    Solution
        Up to the depletion time where the salt is used up before the protocol ends.

    Raises
    ------
    InputError
        For a grid too large, laws that are not positive at the initial concentration, or times outside the protocol.

    Examples
    --------
    >>> from lamion.models.transport.binary_electrolyte import dilute
    >>> from lamion.models.transport.medium import uniform
    >>> from lamion.models.transport.protocol import step
    >>> from lamion.models.transport.uniform_film import UniformFilm
    >>> from lamion.numerics.tensor_grid import TensorGrid, even_edges
    >>> film = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
    >>> medium = uniform(TensorGrid((even_edges(9e-6, 40),)), dilute(film))
    >>> end = simulate(medium, step(12.0, 60.0), 2000.0).at(60.0)
    >>> round(end.drop, 2), round(1e3 * end.voltage, 3)
    (95.89, 2.464)
    """
    check_cells(medium.grid.cells)
    start = _initial(medium, initial)
    asked = _times(times, protocol)
    currents = all(stretch.control == "current" for stretch in protocol.stretches)
    free = is_decoupled(medium) and currents and sources is None
    if path == "decoupled" and not free:
        raise InputError(
            "The concentration does not decouple from the potential here.",
            "Coefficients depend on the concentration, the film is not layered, or a voltage is imposed.",
            "Leave the path to be chosen.",
        )
    use = path or ("decoupled" if free else "coupled")
    film: SimulatedFilm
    film = DecoupledFilm(medium, kinetics) if use == "decoupled" else CoupledFilm(medium, kinetics, sources)
    return _run(film, medium, protocol, start, asked, stepping or Stepping(), progress)


def _run(
    film: SimulatedFilm,
    medium: Medium,
    protocol: CellProtocol,
    u: Array,
    asked: tuple[float, ...],
    stepping: Stepping,
    progress: Progress,
) -> Solution:
    kept = _Kept(film, medium, asked)
    scale = float(np.max(u[medium.active]))
    begin, steps, depletion = 0.0, 0, math.inf
    for number, stretch in enumerate(protocol.stretches):
        progress(number, len(protocol.stretches), f"{stretch.duration:g} s of imposed {stretch.control}")
        end = begin + stretch.duration
        film.begin(stretch, begin, u)
        kept.observe(begin, u)
        stops = [begin, *(t for t in asked if begin < t < end), end]
        first = min(stretch.duration, _first_step(medium, u))
        reached = advance(film, u, stops, scale=scale, first_step=first, stepping=stepping, observe=kept.observe)
        u, begin, steps = reached.u, end, steps + reached.steps
        if not reached.complete:
            _refuse_failure(reached.steps, stepping, kept.terminals[-1], scale)
            depletion = reached.time
            break
    return kept.solution(depletion, steps)


def _refuse_failure(steps: int, stepping: Stepping, last: Terminals, scale: float) -> None:
    if steps > stepping.most:
        raise InputError(
            f"The simulation took more than {stepping.most} steps.", "The tolerance may be too tight.", "Loosen it."
        )
    if last.lowest > _DEPLETED * scale:
        raise InputError(
            f"The equations found no solution after {last.time:.6g} s, at {last.voltage:.4g} V.",
            "The laws may be used outside their range, or the grid is too coarse for them.",
            "Check the laws, or take finer cells.",
        )


@dataclass(eq=False)
class _Kept:
    """What is kept of a run."""

    film: SimulatedFilm
    medium: Medium
    asked: tuple[float, ...]
    terminals: list[Terminals] = field(default_factory=list)
    fields: dict[float, tuple[Array, Array]] = field(default_factory=dict)

    def observe(self, time: float, u: Array) -> None:
        self.terminals.append(self.film.terminals(u, time))
        if time in self.asked:
            self.fields[time] = (u.copy(), self.film.potential(u, time))

    def solution(self, depletion: float, steps: int) -> Solution:
        shape = (0, *self.medium.grid.shape)
        outside = ~self.medium.active
        concentrations, potentials = [], []
        for c, phi in self.fields.values():
            concentrations.append(np.where(outside, np.nan, c))
            potentials.append(np.where(outside, np.nan, phi))
        return Solution(
            self.medium.grid,
            tuple(self.fields),
            np.array(concentrations) if concentrations else np.empty(shape),
            np.array(potentials) if potentials else np.empty(shape),
            tuple(self.terminals),
            depletion,
            steps,
            self.film.solves,
        )


def _initial(medium: Medium, initial: float | Array) -> Array:
    field_ = np.broadcast_to(np.asarray(initial, dtype=float), medium.grid.shape).copy()
    lowest = float(np.min(field_[medium.active]))
    if not (lowest > 0 and np.all(np.isfinite(field_))):
        raise InputError(
            f"The concentration at the start is {lowest:g} mol/m3, not larger than zero.", "", "Check its sign."
        )
    for material in medium.materials:
        check_at(material, float(np.mean(field_[medium.active])))
    return field_


def _times(times: Sequence[float], protocol: CellProtocol) -> tuple[float, ...]:
    asked = tuple(sorted(set(times))) or (protocol.duration,)
    for time in asked:
        if not 0 <= time <= protocol.duration:
            raise InputError(
                f"The time {time:g} s lies outside the protocol, which lasts {protocol.duration:g} s.",
                "",
                "Ask for another time or make the protocol longer.",
            )
    return asked


def _first_step(medium: Medium, u: Array) -> float:
    """Return a tenth of the time in which salt crosses the narrowest row."""
    c = np.array([float(np.mean(u[medium.active]))])
    fastest = max(float(material.diffusivity.value(c)[0]) * material.factor(0) for material in medium.materials)
    return 0.1 * float(medium.grid.widths[0].min()) ** 2 / fastest
