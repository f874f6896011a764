"""Whether a spectrum is one of a blocking cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

FEWEST_POINTS = 8
_FEWEST_FREQUENCIES = 5
_MOST_INDUCTIVE = 0.75
"""Above this part of points with a positive imaginary part the sign is the likelier mistake."""


def check_blocking(frequency: Array, impedance: ComplexArray, *, corrected: bool) -> None:
    """Refuse what no resistance between blocking electrodes can be read from.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, ascending.
    impedance : array of complex, shape (n,)
        Ohm.
    corrected : bool
        Whether leads were subtracted.

    Raises
    ------
    InputError
        When there are too few points, a part has the wrong sign or the spectrum does not end in a capacitive spike.
    """
    if len(frequency) < FEWEST_POINTS:
        raise InputError(
            f"The spectrum holds {len(frequency)} points; at least {FEWEST_POINTS} are needed.",
            "The frequency limits may leave too little of it.",
            "Measure more points per decade or widen the limits.",
        )
    different = len(np.unique(frequency))
    if different < _FEWEST_FREQUENCIES:
        raise InputError(
            f"The spectrum has {different} different frequenc{'y' if different == 1 else 'ies'}; at least "
            f"{_FEWEST_FREQUENCIES} are needed.",
            "The frequency may be taken from another column, or the sweep repeats one frequency.",
            "Give a spectrum over a decade or more.",
        )
    if np.any(np.abs(impedance) == 0):
        raise InputError("The spectrum holds an impedance of zero.", "", "Remove that point.")
    if np.median(impedance.real) <= 0:
        cause = (
            "The short-circuit spectrum may belong to other leads."
            if corrected
            else "The sign or the columns may be swapped."
        )
        raise InputError("The real part of the impedance is negative.", cause, "Check the files.")
    if np.all(impedance.imag >= 0):
        raise InputError(
            "The imaginary part of the impedance is positive throughout, so the spectrum is inductive.",
            "The column may hold -Z'' and not Z'', or the cell is shorted.",
            "Check the sign of the imaginary part and the cell.",
        )
    if np.mean(impedance.imag > 0) > _MOST_INDUCTIVE:
        raise InputError(
            f"The imaginary part of the impedance is positive at {100 * np.mean(impedance.imag > 0):.0f} % of the "
            "points, as of an inductor.",
            "The column probably holds -Z'' under a header without the minus sign.",
            'Say so with --columns, as in "f=1,re=2,im=-3", or mend the header.',
        )
    if not _ends_in_spike(frequency, impedance):
        raise InputError(
            "The spectrum does not end in a capacitive spike at low frequency.",
            "The electrodes may let the ion through (lithium), electrons may conduct, or the lowest frequency is "
            "too high.",
            "Use ion-blocking electrodes, measure to lower frequencies, or fit a circuit with "
            "`lamion analyze impedance`.",
        )


def _ends_in_spike(f: Array, z: ComplexArray) -> bool:
    """Tell whether -Z'' is positive and rises towards the lowest frequencies, beyond its noise."""
    points = max(4, int(np.sum(f <= 3.2 * f[0])))
    height = -z.imag[:points]
    if np.mean(height > 0) < 0.75:
        return False
    x = np.log(f[:points] / f[0])
    slope = float(np.polyfit(x, height / np.abs(height).max(), 1)[0])
    return slope < 0 and float(np.mean(height)) > 0.02 * float(np.mean(np.abs(z[:points])))
