r"""A Li|Li cell's answer in time to a current or a voltage switched on and held: small changes of concentration.

.. math::
    U = R\,I + R_D\sum_{n\ \mathrm{odd}} \frac{8}{n^2\pi^2}\,x_n, \qquad
    \dot x_n = \frac{n^2\pi^2 D}{L^2}\,(I - x_n)

with R of bulk and interfaces together and :math:`R_D` of the concentrations at the steady state: exact in a
uniform film whose double layers are charged. Modes too fast to be seen are taken at their end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_RATES = (np.arange(1, 60, 2) * math.pi) ** 2
_WEIGHTS = 8 / _RATES
_REST = 1 - float(_WEIGHTS.sum())


@dataclass(frozen=True, eq=False)
class CellResponse:
    """A cell's current and voltage, and what is left in its modes.

    Parameters
    ----------
    current : array, shape (n,)
        A.
    voltage : array, shape (n,)
        V.
    modes : array
        x_n at the last time, A.
    """

    current: Array
    voltage: Array
    modes: Array


def hold(
    kind: Literal["current", "voltage"],
    value: float,
    time: Array,
    resistance: float,
    diffusion_resistance: float,
    rate: float,
) -> CellResponse:
    r"""Return the answer of a cell at rest to what is switched on and held.

    Parameters
    ----------
    kind : str
        ``"current"`` or ``"voltage"``.
    value : float
        A or V.
    time : array, shape (n,)
        s since it was switched on; not negative.
    resistance : float
        Of bulk and interfaces together, ohm, larger than zero.
    diffusion_resistance : float
        :math:`R_D`, ohm.
    rate : float
        :math:`D/L^2`, 1/s.

    Returns
    -------
    CellResponse

    Notes
    -----
    At a held voltage the modes are coupled by the current; with :math:`x_n = n^2\pi^2 y_n` their matrix is symmetric,
    and its eigenvectors give the answer at all times at once.

    Examples
    --------
    >>> hold("voltage", 0.01, np.array([1.0, 1e4]), 10.0, 10.0, 1e-2).current.round(6)
    array([0.000809, 0.0005  ])
    """
    reduced = time * rate
    direct = resistance + diffusion_resistance * _REST
    if kind == "current":
        modes = -value * np.expm1(-np.outer(reduced, _RATES))
        voltage = direct * value + diffusion_resistance * (modes @ _WEIGHTS)
        return CellResponse(np.full(time.size, value), voltage, modes[-1])
    coupling = 8 * diffusion_resistance / direct
    values, vectors = np.linalg.eigh(np.diag(_RATES) + coupling)
    grown = -np.expm1(-np.outer(reduced, values)) / values
    y = (grown * vectors.sum(axis=0)) @ vectors.T * (value / direct)
    current = (value - 8 * diffusion_resistance * y.sum(axis=1)) / direct
    return CellResponse(current, np.full(time.size, value), _RATES * y[-1])


def relaxed_voltage(time: Array, diffusion_resistance: float, rate: float, modes: Array) -> Array:
    """Return the voltage at open circuit, V.

    Parameters
    ----------
    time : array, shape (n,)
        s since the current was interrupted.
    diffusion_resistance : float
        ohm.
    rate : float
        D/L2, 1/s.
    modes : array
        What the polarisation left, A.

    Examples
    --------
    >>> left = hold("current", 1e-3, np.array([1e4]), 10.0, 10.0, 1e-2).modes
    >>> relaxed_voltage(np.array([0.0, 1e9]), 10.0, 1e-2, left).round(4)
    array([0.0099, 0.    ])
    """
    decay = np.exp(-np.outer(time * rate, _RATES))
    return np.asarray(diffusion_resistance * (decay @ (_WEIGHTS * modes)))
