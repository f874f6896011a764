r"""Steps in time for stiff systems :math:`\dot u = f(u, t)`: TR-BDF2 with error control, and backward Euler.

Both are diagonally implicit and stiffly accurate, so a stage solver that also holds algebraic unknowns (a potential)
leaves them consistent at the end of each step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_ROOT = math.sqrt(2.0)
_W = _ROOT / 4
_D = 1 - _ROOT / 2
_SMALLEST = 1e-7
_SAFETY, _GROWTH, _SHRINK = 0.9, 4.0, 0.2


class StageSolver(Protocol):
    """What a model offers to be stepped in time."""

    def rate(self, u: Array, time: float) -> Array:
        """Return f(u, t) at the start of a stretch of time."""
        ...

    def solve(self, base: Array, weight: float, time: float) -> Array | None:
        """Return u with u = base + weight f(u, t); None where there is no admissible one."""
        ...


@dataclass(frozen=True)
class Tableau:
    """A diagonally implicit, stiffly accurate scheme whose first stage may be explicit.

    Parameters
    ----------
    name : str
        Its name.
    nodes : tuple of float
        Times of the implicit stages within the step.
    weights : tuple of tuple of float
        Of each implicit stage: on the rates at the start and at the stages so far, its own last.
    error : tuple of float
        Weights of all rates in the error estimate; empty where there is none.
    order : int
        Of the error estimate plus one: what the step size is controlled with.
    """

    name: str
    nodes: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    error: tuple[float, ...]
    order: int


TR_BDF2 = Tableau(
    "TR-BDF2",
    (2 - _ROOT, 1.0),
    ((_D, _D), (_W, _W, _D)),
    (_W - (1 - _W) / 3, _W - (3 * _W + 1) / 3, _D - _D / 3),
    3,
)
"""Second order, L-stable, with a third-order companion (Hosea and Shampine 1996)."""

BACKWARD_EULER = Tableau("backward Euler", (1.0,), ((0.0, 1.0),), (), 1)
"""First order, L-stable; for comparison with programs that know no other."""


@dataclass(frozen=True)
class Stepping:
    """How time is stepped.

    Parameters
    ----------
    tolerance : float
        Largest error of a step that is accepted, over the scale of u.
    fixed : float or None
        A constant step in s instead of error control.
    scheme : Tableau
        :data:`TR_BDF2` or :data:`BACKWARD_EULER` (which needs a fixed step).
    most : int
        Steps after which it gives up.
    """

    tolerance: float = 1e-5
    fixed: float | None = None
    scheme: Tableau = TR_BDF2
    most: int = 100_000


@dataclass(frozen=True)
class StretchEnd:
    """Where a stretch of time ended.

    Parameters
    ----------
    time : float
        s; earlier than asked for where no admissible step leads on.
    u : array
        There.
    rate : array
        f(u, t) there.
    step : float
        The step that would come next.
    steps : int
        How many were accepted.
    complete : bool
        Whether the end was reached.
    """

    time: float
    u: Array
    rate: Array
    step: float
    steps: int
    complete: bool


def advance(
    solver: StageSolver,
    u: Array,
    times: Sequence[float],
    *,
    scale: float,
    first_step: float,
    stepping: Stepping,
    observe: Callable[[float, Array], None],
) -> StretchEnd:
    r"""Step through a stretch of time in which f is smooth.

    Parameters
    ----------
    solver : StageSolver
        The model.
    u : array
        At ``times[0]``.
    times : sequence of float
        s, increasing: the start, times to be hit exactly, the end.
    scale : float
        What an error in u is measured against.
    first_step : float
        s, a guess.
    stepping : Stepping
        Tolerance and scheme.
    observe : callable
        Called with time and u after every accepted step.

    Returns
    -------
    StretchEnd
        Its ``complete`` is False where u ceases to be admissible (None from the solver, whatever the step); its time
        is then the last admissible one, to a ten-millionth of the stretch.

    References
    ----------
    R. E. Bank et al., IEEE Trans. Electron Devices 32 (1985) 1992; M. E. Hosea, L. F. Shampine, Appl. Numer. Math. 20
    (1996) 21.

    Examples
    --------
    >>> class Decay:
    ...     def rate(self, u, time):
    ...         return -u
    ...     def solve(self, base, weight, time):
    ...         return base / (1 + weight)
    >>> end = advance(Decay(), np.ones(1), [0.0, 1.0], scale=1.0, first_step=0.01, stepping=Stepping(1e-8),
    ...               observe=lambda time, u: None)
    >>> bool(abs(end.u[0] - np.exp(-1)) < 1e-5)
    True
    """
    time, rate = times[0], solver.rate(u, times[0])
    smallest = _SMALLEST * (times[-1] - times[0])
    step = stepping.fixed or first_step
    steps, refused = 0, False
    for target in times[1:]:
        while time < target:
            if steps > stepping.most:
                return StretchEnd(time, u, rate, step, steps, complete=False)
            size = _to_land_on(target - time, step)
            found = _step(solver, u, rate, time, size, stepping.scheme)
            if found is None:
                refused = True
                step = 0.5 * size
                if step < smallest:
                    return StretchEnd(time, u, rate, step, steps, complete=False)
                continue
            error = 0.0 if stepping.fixed else _error(found[1], size, stepping.scheme) / (stepping.tolerance * scale)
            factor = _factor(error, stepping.scheme.order)
            if error > 1:
                step = size * factor
                continue
            u, rates = found
            rate = rates[-1]
            time = target if size == target - time else time + size
            steps += 1
            observe(time, u)
            if stepping.fixed is None and not refused:
                step = max(step, size * factor) if size < step else size * factor
    return StretchEnd(time, u, rate, step, steps, complete=True)


def _to_land_on(left: float, step: float) -> float:
    """Return the step itself, or one that ends at the target without leaving a sliver."""
    if step >= left * (1 - 1e-9):
        return left
    return left / 2 if step > left / 2 else step


def _step(
    solver: StageSolver, u: Array, rate: Array, time: float, size: float, scheme: Tableau
) -> tuple[Array, list[Array]] | None:
    rates = [rate]
    found: Array | None = u
    for node, weights in zip(scheme.nodes, scheme.weights, strict=True):
        base = u + size * sum((w * k for w, k in zip(weights, rates, strict=False) if w), np.zeros_like(u))
        found = solver.solve(base, size * weights[-1], time + node * size)
        if found is None:
            return None
        rates.append((found - base) / (size * weights[-1]))
    return found, rates  # type: ignore[return-value]


def _error(rates: list[Array], size: float, scheme: Tableau) -> float:
    return float(size * np.max(np.abs(sum(w * k for w, k in zip(scheme.error, rates, strict=True)))))


def _factor(error: float, order: int) -> float:
    return _GROWTH if error == 0 else float(np.clip(_SAFETY * error ** (-1 / order), _SHRINK, _GROWTH))
