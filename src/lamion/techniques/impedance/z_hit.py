r"""Z-HIT: whether the modulus at low frequencies is the one that the phase asks for.

.. math:: \ln|Z(\omega_0)| \approx c + \frac{2}{\pi}\int_{\omega_s}^{\omega_0} \varphi\, d\ln\omega
          - \frac{\pi}{6} \left.\frac{d\varphi}{d\ln\omega}\right|_{\omega_0}

The phase of each frequency is measured over a few periods and is hardly touched by a drift; the modulus keeps what has
drifted since the sweep began. Unlike the Kramers-Kronig relations the transform needs nothing beyond the range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.impedance.kramers_kronig import LinKK
from lamion.techniques.impedance.outliers import deleted

Array = NDArray[np.float64]

_LATE = 1.0
_BEFORE = 3.0
"""Decades above the lowest frequency: the last one is held against the two before it."""
_SEEN = 3.0
_MATTERS = 0.005
_LEAST_POINTS = 3


@dataclass(frozen=True)
class LowFrequencyDrift:
    """By how much abs Z of the lowest decade is off what the phase asks for, beside the two decades above.

    Parameters
    ----------
    size : float
        Relative to abs Z.
    std : float
        Its standard uncertainty, of the noise.
    below : float
        The upper end of the lowest decade, Hz.
    """

    size: float
    std: float
    below: float

    @property
    def seen(self) -> bool:
        """Whether it stands out, by three standard uncertainties, and matters, by 0.5 %."""
        return abs(self.size) > max(_SEEN * self.std, _MATTERS)


def low_frequency_drift(model: LinKK) -> LowFrequencyDrift | None:
    """Compare the modulus with the one from the phase; None where the range spans less than three decades.

    Parameters
    ----------
    model : LinKK
        A fit that follows the spectrum. It obeys the relations, so the error that the transform makes of it is known:
        only what the data differ from it by is transformed.

    Returns
    -------
    LowFrequencyDrift or None

    References
    ----------
    W. Ehm, H. Goehr, R. Kaus, B. Roeseler, C. A. Schiller, ACH Models Chem. 137 (2000) 145; C. A. Schiller,
    F. Richter, E. Guelzow, N. Wagner, Phys. Chem. Chem. Phys. 3 (2001) 374, doi:10.1039/b007678n.

    Examples
    --------
    >>> from lamion.techniques.impedance.drift import elapsed
    >>> from lamion.techniques.impedance.kramers_kronig import lin_kk
    >>> f = np.logspace(-2, 5, 71)
    >>> cell = 20 + 50 / (1 + 1j * f / 1e3)
    >>> found = low_frequency_drift(lin_kk(f, cell * (1 + 0.05 * elapsed(f)), elements=8))
    >>> found.seen, round(found.size, 3)
    (True, 0.016)
    """
    f, first = np.unique(model.points.frequency, return_index=True)
    decades = np.log10(f / f[0])
    late, before = decades <= _LATE, (decades > _LATE) & (decades <= _BEFORE)
    if decades[-1] < _BEFORE or min(np.count_nonzero(late), np.count_nonzero(before)) < _LEAST_POINTS:
        return None
    mean = late / np.count_nonzero(late) - before / np.count_nonzero(before)
    of_phase = _of_phase(np.log(f), mean)
    left = np.log(model.points.impedance / model.impedance)[first]
    scatter = deleted(model).scatter * (model.points.spread / model.points.modulus)[first]
    variance = float(np.sum((mean**2 + of_phase**2) * scatter**2))
    size = float(mean @ left.real + of_phase @ left.imag)
    return LowFrequencyDrift(size, math.sqrt(variance), float(f[late][-1]))


def _of_phase(x: Array, mean: Array) -> Array:
    """Return what each phase adds to a mean of ln abs Z less the transform; x is ln omega, ascending."""
    width = np.diff(x)
    begun = np.cumsum(mean)[:-1]
    weights = np.zeros_like(x)
    # The integral runs down from the highest frequency: each interval counts for all points below it.
    weights[:-1] += width * begun / math.pi
    weights[1:] += width * begun / math.pi
    after = np.minimum(np.arange(len(x)) + 1, len(x) - 1)
    before = np.maximum(np.arange(len(x)) - 1, 0)
    slope = math.pi / 6.0 * mean / (x[after] - x[before])
    np.add.at(weights, after, slope)
    np.add.at(weights, before, -slope)
    return weights
