r"""Depressed arcs written with their time constant.

.. math:: Z_\mathrm{ZARC} = \frac{R}{1 + (j\omega\tau)^n}, \qquad
          Z_\mathrm{HN} = \frac{R}{\left[1 + (j\omega\tau)^n\right]^b}
"""

from __future__ import annotations

import numpy as np

from lamion.techniques.impedance.elements.element import (
    Array,
    Element,
    Frequencies,
    Response,
    exponent,
    resistance,
    time_constant,
)


def _zarc(frequencies: Frequencies, R: Array, tau: Array, n: Array) -> Response:
    x = frequencies.power(n) * tau**n
    impedance = R / (1 + x)
    by_x = -impedance * x / (1 + x)
    return Response(impedance, (impedance, n * by_x, by_x * (frequencies.log_s + np.log(tau))))


def _havriliak_negami(frequencies: Frequencies, R: Array, tau: Array, n: Array, b: Array) -> Response:
    x = frequencies.power(n) * tau**n
    logarithm = np.log(1 + x)
    impedance = R * np.exp(-b * logarithm)
    by_x = -b * impedance * x / (1 + x)
    by_n = by_x * (frequencies.log_s + np.log(tau))
    return Response(impedance, (impedance, n * by_x, by_n, -impedance * logarithm))


_ARC_EXPONENT = exponent("n", "exponent, 1 for a semicircle", 0.1, 1.0, (0.7, 0.9))

ZARC = Element(
    "Zarc",
    "depressed arc",
    (resistance(), time_constant(), _ARC_EXPONENT),
    "R/(1 + (s*tau)**n)",
    _zarc,
    "K. S. Cole, R. H. Cole, J. Chem. Phys. 9 (1941) 341, doi:10.1063/1.1750906",
)
HAVRILIAK_NEGAMI = Element(
    "HN",
    "Havriliak-Negami arc",
    (resistance(), time_constant(), _ARC_EXPONENT, exponent("b", "skewness, 1 for a ZARC", 0.1, 1.5, (0.6, 1.0))),
    "R/(1 + (s*tau)**n)**b",
    _havriliak_negami,
    "S. Havriliak, S. Negami, Polymer 8 (1967) 161, doi:10.1016/0032-3861(67)90021-3",
)
