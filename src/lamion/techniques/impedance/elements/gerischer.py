r"""Diffusion with a reaction on the way: :math:`Z = R/\sqrt{1 + j\omega\tau}`."""

from __future__ import annotations

import numpy as np

from lamion.techniques.impedance.elements.element import (
    Array,
    Element,
    Frequencies,
    Response,
    resistance,
    time_constant,
)


def _respond(frequencies: Frequencies, R: Array, tau: Array) -> Response:
    x = frequencies.s * tau
    impedance = R / np.sqrt(1 + x)
    return Response(impedance, (impedance, -0.5 * impedance * x / (1 + x)))


GERISCHER = Element(
    "G",
    "Gerischer impedance",
    (resistance(), time_constant("tau", "reaction time")),
    "R/sqrt(1 + s*tau)",
    _respond,
    "B. A. Boukamp, H. J. M. Bouwmeester, Solid State Ionics 157 (2003) 29, doi:10.1016/S0167-2738(02)00185-6",
)
