r"""How the concentrations of a uniform film settle at a held voltage, exactly and at all times.

A binary electrolyte of thickness L lies between two equal electrodes. The current sets the salt's flux at both; the
difference of concentration between them takes from the voltage that drives the current. This is the linear diffusion
problem with a boundary of the third kind: the series over the roots of :math:`b \cot b = -\mathrm{Bi}` with

.. math:: \mathrm{Bi} = \mathrm{Ne}\,\frac{R_b}{R_b + R_i}

of the Newman number, the bulk's resistance and both interfaces'; and at short times, where the series is slow, the
solution of the half-infinite electrolyte. Double layers are charged at once; the interface is ohmic, as it is at 10 mV;
the coefficients do not depend on concentration.

References
----------
H. S. Carslaw, J. C. Jaeger, Conduction of Heat in Solids, 2nd ed., Oxford 1959, sections 2.7 and 3.11 (both
solutions); N. P. Balsara, J. Newman, J. Electrochem. Soc. 162 (2015) A2720, doi:10.1149/2.0651514jes (Ne).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_SHORT = 0.02
_MODES = 60


def settled_share(biot: float, reduced_time: Array) -> Array:
    r"""Return the share of its steady value that the concentration difference has reached.

    .. math:: 1 - \sum_n a_n \sin b_n\,e^{-b_n^2 \theta}, \quad b_n \cot b_n = -\mathrm{Bi}, \quad
              \theta = \frac{4 D t}{L^2}

    and, below theta = 0.02, :math:`(1 + 1/\mathrm{Bi})(1 - e^{\mathrm{Bi}^2\theta}
    \mathrm{erfc}(\mathrm{Bi}\sqrt\theta))`, which there differs by less than rounding.

    Parameters
    ----------
    biot : float
        How strongly the concentration difference throttles the current; zero at constant current.
    reduced_time : array
        theta.

    Examples
    --------
    >>> settled_share(0.3, np.array([0.0, 1e9])).round(12)
    array([0., 1.])
    """
    short = reduced_time < _SHORT
    share = np.empty_like(reduced_time)
    share[short] = _half_infinite(biot, reduced_time[short])
    b = _roots(biot)
    overlap = (np.sin(b) - b * np.cos(b)) / b**2
    weight = np.sin(b) * overlap / (0.5 - np.sin(2.0 * b) / (4.0 * b))
    share[~short] = 1.0 - np.exp(-np.outer(reduced_time[~short], b**2)) @ weight
    return share


def _half_infinite(biot: float, theta: Array) -> Array:
    from scipy.special import erfcx

    if biot == 0.0:
        return 2.0 * np.sqrt(theta / np.pi)
    share: Array = (1.0 + 1.0 / biot) * (1.0 - erfcx(biot * np.sqrt(theta)))
    return share


def _roots(biot: float) -> Array:
    """Return the first roots of b cot b = -Bi by bisection between the poles."""
    low = (np.arange(_MODES) + 0.5) * np.pi
    high = (np.arange(_MODES) + 1.0) * np.pi
    sign = np.sign(np.cos(high))
    for _ in range(60):
        middle = 0.5 * (low + high)
        beyond = np.sign(middle * np.cos(middle) + biot * np.sin(middle)) == sign
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    root: Array = 0.5 * (low + high)
    return root
