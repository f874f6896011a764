r"""A sweep of the potential over an electrolyte that is oxidised from some potential on.

.. math:: j = C v + g\,(E - E_\mathrm{start}) + j_\mathrm{F}, \qquad
          j_\mathrm{F} = j_0\, 10^{(E - j_\mathrm{F} R - E_0)/b}

with the double layer C, a leakage g, an oxidation that rises tenfold within b and a resistance R that limits it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import wrightomega

from lamion.records.measurements import Voltammogram
from lamion.records.source import SourceFile

_SOURCE = SourceFile("an oxidation behind a resistance", "", "synthetic")


@dataclass(frozen=True)
class OxidisedCell:
    """What the current of a sweep is made of.

    Parameters
    ----------
    onset : float
        E_0 in V, where the oxidation has reached `current`.
    slope : float
        b, V a decade.
    resistance : float
        R, ohm m2.
    current : float
        j_0, A/m2.
    capacitance : float
        C, F/m2.
    leakage : float
        g, S/m2.
    """

    onset: float
    slope: float = 0.2
    resistance: float = 0.05
    current: float = 0.1
    capacitance: float = 0.1
    leakage: float = 1e-3


def voltammogram(
    cell: OxidisedCell,
    start: float,
    end: float,
    rate: float,
    *,
    step: float = 5e-3,
    noise: float = 0.0,
    seed: int = 0,
) -> Voltammogram:
    """Return the sweep, on an electrode of 1 cm2.

    Parameters
    ----------
    cell : OxidisedCell
        The truth.
    start, end : float
        V.
    rate : float
        V/s.
    step : float
        Between samples, V.
    noise : float
        Standard deviation of each sample, A/m2.
    seed : int
        Of the noise.

    Examples
    --------
    >>> sweep = voltammogram(OxidisedCell(4.5, capacitance=0.0, leakage=0.0), 3.0, 5.0, 1e-3)
    >>> place = int(np.argmin(np.abs(sweep.voltage - 4.5)))
    >>> round(float(sweep.current[place]) / 1e-4, 3)  # A/m2; 10 uA/cm2, less what the resistance leaves of it
    0.095
    """
    E = np.arange(start, end + step / 2, step)
    k = math.log(10.0) / cell.slope
    oxidation = wrightomega(math.log(k * cell.resistance * cell.current) + k * (E - cell.onset)) / (k * cell.resistance)
    j = cell.capacitance * rate + cell.leakage * (E - start) + oxidation
    noisy = j + noise * np.random.default_rng(seed).standard_normal(len(E))
    return Voltammogram(E, 1e-4 * noisy, (E - start) / rate, area=1e-4, source=_SOURCE)
