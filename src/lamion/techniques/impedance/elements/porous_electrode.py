r"""Porous electrodes: two rails, ions and electrons, and a constant-phase element between them everywhere.

With :math:`z = 1/(Q (j\omega)^n)` across the whole electrode:

.. math:: Z_\mathrm{TLM} = \sqrt{R z}\,\coth\sqrt{R/z}

for a pore of resistance R whose other rail conducts perfectly (de Levie). A composite whose two faces both block ions
lets current in and out through the electronic rail only:

.. math:: Z_\mathrm{TLMi} = \frac{R_i R_e}{R_i + R_e}
          + \frac{R_e^2}{R_i + R_e}\,\frac{\tanh(\nu/2)}{\nu/2}, \qquad \nu = \sqrt{(R_i + R_e)/z}

which runs from the two rails side by side at high frequency to :math:`R_e` at low. With both faces blocking
electrons (TLMe) the rails change places. These solve :math:`\phi_e' = -R_e i_e`, :math:`\phi_i' = -R_i i_i`,
:math:`i_i' = (\phi_e - \phi_i)/z`, :math:`i_e + i_i = I`, with no current of the blocked carrier at either face.
"""

from __future__ import annotations

import numpy as np

from lamion.techniques.impedance.elements.element import (
    Array,
    Element,
    Frequencies,
    Response,
    exponent,
    pseudo_capacitance,
    resistance,
)
from lamion.techniques.impedance.elements.warburg import hyperbolic_tangent, tangent_over

_SOURCE = "R. de Levie, Electrochim. Acta 8 (1963) 751, doi:10.1016/0013-4686(63)80042-0"
_EXPONENT = exponent("n", "exponent, 1 for a capacitor", 0.1, 1.0, (0.8, 0.95))


def _pore(frequencies: Frequencies, R: Array, Q: Array, n: Array) -> Response:
    x = np.sqrt(R * Q) * frequencies.power(n / 2)
    tangent = hyperbolic_tangent(x)
    impedance = R / (x * tangent)
    by_x = -impedance - R * (1 - tangent**2) / tangent**2
    return Response(impedance, (impedance + 0.5 * by_x, 0.5 * by_x, 0.5 * by_x * frequencies.log_s))


def _one_rail(frequencies: Frequencies, through: Array, blocked: Array, Q: Array, n: Array) -> Response:
    """Respond for current that enters and leaves through one rail; derivatives by that rail, the other, Q, n."""
    total = through + blocked
    ratio, by_x = tangent_over(0.5 * np.sqrt(total * Q) * frequencies.power(n / 2))
    size = through**2 / total
    by_half = 0.5 * size * by_x
    impedance = through * blocked / total + size * ratio
    by_through = through * (
        (blocked / total) ** 2 + (through * (through + 2 * blocked) / total**2) * ratio + by_half / total
    )
    by_blocked = blocked * ((through / total) ** 2 * (1 - ratio) + by_half / total)
    return Response(impedance, (by_through, by_blocked, by_half, by_half * frequencies.log_s))


def _ion_blocking(frequencies: Frequencies, Ri: Array, Re: Array, Q: Array, n: Array) -> Response:
    found = _one_rail(frequencies, Re, Ri, Q, n)
    by_e, by_i, by_q, by_n = found.derivatives
    return Response(found.impedance, (by_i, by_e, by_q, by_n))


def _electron_blocking(frequencies: Frequencies, Ri: Array, Re: Array, Q: Array, n: Array) -> Response:
    return _one_rail(frequencies, Ri, Re, Q, n)


_RAILS = (
    resistance("Ri", "ionic resistance"),
    resistance("Re", "electronic resistance"),
    pseudo_capacitance(),
    _EXPONENT,
)
_NU = "(sqrt((Ri + Re)*Q*s**n)/2)"

PORE = Element(
    "TLM",
    "pore of a porous electrode",
    (resistance("R", "resistance of the pore"), pseudo_capacitance(), _EXPONENT),
    "R*coth(sqrt(R*Q*s**n))/sqrt(R*Q*s**n)",
    _pore,
    _SOURCE,
)
ION_BLOCKING = Element(
    "TLMi",
    "composite between ion-blocking contacts",
    _RAILS,
    f"Ri*Re/(Ri + Re) + Re**2/(Ri + Re)*tanh{_NU}/{_NU}",
    _ion_blocking,
    _SOURCE,
)
ELECTRON_BLOCKING = Element(
    "TLMe",
    "composite between electron-blocking contacts",
    _RAILS,
    f"Ri*Re/(Ri + Re) + Ri**2/(Ri + Re)*tanh{_NU}/{_NU}",
    _electron_blocking,
    _SOURCE,
)
