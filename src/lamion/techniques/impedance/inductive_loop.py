"""Inductive loops: what no distribution of relaxation times, which only stores charge, can hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_FEWEST = 3
_SEEN = 0.01
_RISES = 0.05


@dataclass(frozen=True)
class InductiveLoop:
    """A loop at one end of a spectrum.

    Parameters
    ----------
    end : str
        ``"low"`` or ``"high"``: the end of the frequencies at which it lies.
    frequency : float
        Where it begins, Hz.
    """

    end: Literal["low", "high"]
    frequency: float


def inductive_loop(frequency: Array, impedance: ComplexArray) -> InductiveLoop | None:
    """Look for three points or more with a positive imaginary part at either end.

    At low frequencies those are a loop (adsorbed species, side reactions). At high ones a lead's inductance gives them,
    too, whose real part stands: a loop there is one whose real part rises by a twentieth besides.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, in any order.
    impedance : array of complex, shape (n,)
        ohm.

    Examples
    --------
    >>> f = np.geomspace(1e-2, 1e4, 61)
    >>> arc = 10 + 50 / (1 + 2j * np.pi * f * 1e-3)
    >>> inductive_loop(f, arc) is None
    True
    >>> branch = 2j * np.pi * f * 20.0
    >>> inductive_loop(f, arc + 20 * branch / (20 + branch)).end
    'low'
    """
    order = np.argsort(frequency, kind="stable")
    f, z = frequency[order], impedance[order]
    upwards = z.imag > 0
    low = int(np.argmin(upwards)) if not upwards.all() else 0
    if low >= _FEWEST and _is_seen(z[:low]):
        return InductiveLoop("low", float(f[low - 1]))
    high = int(np.argmin(upwards[::-1])) if not upwards.all() else 0
    part = z[len(z) - high :]
    if high >= _FEWEST and _is_seen(part) and np.ptp(part.real) > _RISES * float(np.mean(part.real)):
        rises = part.real[-1] > part.real[0]
        return InductiveLoop("high", float(f[len(f) - high])) if rises else None
    return None


def _is_seen(part: ComplexArray) -> bool:
    return bool(np.mean(part.imag) > _SEEN * np.mean(np.abs(part)))
