"""What obeys the Kramers-Kronig relations, and still is no cell alone: terms of the wrong sign or size, in words."""

from __future__ import annotations

import math

import numpy as np

from lamion.quantities.formatting import format_number
from lamion.techniques.impedance.kramers_kronig import LinKK

_CERTAIN = 8.0
_MATTERS = 0.02


def unphysical(model: LinKK) -> list[str]:
    """Name a negative inductance, a negative series resistance, and one above all of abs Z.

    Parameters
    ----------
    model : LinKK
        A fit without a shape in its residuals.

    Returns
    -------
    list of str
        One sentence each; empty for most cells.

    Notes
    -----
    A term is named when it is eight standard deviations off and makes 2 % of abs Z at the highest frequency: an arc
    that only begins within the range bends the spectrum by less.

    Examples
    --------
    >>> from lamion.techniques.impedance.kramers_kronig import lin_kk
    >>> f = np.logspace(0, 5, 51)
    >>> unphysical(lin_kk(f, 20 + 50 / (1 + 1j * f / 1e3) - 2e-5j * f, elements=11))[0].split(':')[0]
    'An inductance of -3.1831e-6 H is in the data'
    """
    highest = 2.0 * math.pi * float(model.points.frequency[-1])
    size = _MATTERS * float(model.points.modulus[-1])
    deviations = model.deviations
    named = []
    if _below(model.inductance, float(deviations[-1]), size / highest):
        named.append(
            f"An inductance of {format_number(model.inductance, None)} H is in the data: the leads were taken off with "
            "too much, or an arc lies above the highest frequency."
        )
    resistance, std = model.series_resistance, float(deviations[model.elements])
    if _below(resistance, std, size):
        named.append(
            f"A series resistance of {format_number(resistance, std)} ohm is in the data: the leads were taken off "
            "with too much."
        )
    if _below(float(np.max(model.points.modulus)) - resistance, std, size):
        named.append(
            f"The series resistance, {format_number(resistance, std)} ohm, is above all of |Z|: an inductive loop lies "
            "below, or above, the range, or a sign is turned."
        )
    return named


def _below(value: float, std: float, size: float) -> bool:
    """Tell whether a value is negative beyond doubt, and matters."""
    return value < -max(_CERTAIN * std, size)
