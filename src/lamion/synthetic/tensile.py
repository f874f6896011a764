r"""A strip that is pulled until it breaks, of known modulus.

.. math:: \sigma = E \varepsilon \;(\varepsilon < \varepsilon_y), \qquad
          \sigma = \sigma_y + (\sigma_\infty - \sigma_y)\left(1 - e^{-E (\varepsilon - \varepsilon_y) /
          (\sigma_\infty - \sigma_y)}\right)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamion.records.mechanics import TensileCurve
from lamion.records.source import SourceFile

_SOURCE = SourceFile("a strip of known modulus", "", "synthetic")
_BEHIND = 6
"""Points behind the break."""


@dataclass(frozen=True)
class PulledStrip:
    """What is pulled.

    Parameters
    ----------
    modulus : float
        Pa.
    yield_stress, strength : float
        Up to which the stress goes with the strain, and which it tends to, Pa.
    elongation : float
        Strain at which it breaks.
    slack : float
        Strain of the record before the strip is taut.
    """

    modulus: float
    yield_stress: float
    strength: float
    elongation: float
    slack: float = 0.0


def tensile_curve(strip: PulledStrip, *, points: int = 800, noise: float = 0.0, seed: int = 0) -> TensileCurve:
    """Return the curve, up to a few points behind the break.

    Parameters
    ----------
    strip : PulledStrip
        The truth.
    points : int
        Up to the break.
    noise : float
        Standard deviation of each stress, Pa.
    seed : int
        Of the noise.

    Examples
    --------
    >>> curve = tensile_curve(PulledStrip(1e8, 1e6, 3e6, 0.5), points=50)
    >>> len(curve), round(float(curve.stress.max()) / 1e6, 2)
    (56, 3.0)
    """
    step = (strip.elongation + strip.slack) / (points - 1)
    strain = step * np.arange(points + _BEHIND)
    pulled = np.clip(strain - strip.slack, 0.0, None)
    left = strip.strength - strip.yield_stress
    beyond = np.clip(pulled - strip.yield_stress / strip.modulus, 0.0, None)
    stress = np.minimum(strip.modulus * pulled, strip.yield_stress) + left * -np.expm1(-strip.modulus * beyond / left)
    stress = np.where(np.arange(len(strain)) < points, stress, 0.0)
    return TensileCurve(
        strain, stress + noise * np.random.default_rng(seed).standard_normal(len(strain)), source=_SOURCE
    )
