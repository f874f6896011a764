r"""From a free induction decay to its spectrum.

.. math:: S(\nu) = e^{-i\varphi} \sum_j s(t_j)\, e^{-\pi b t_j}\, e^{-2\pi i \nu t_j}, \qquad
          \delta = \delta_\mathrm{carrier} \mp 10^6\, \frac{\nu}{\nu_0}

with the broadening b, and the phase, the same everywhere and growing with the frequency, that leaves least below zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.records import InductionDecay, ResonanceSpectrum

Array = NDArray[np.float64]

_RISEN = 0.5
"""Of the largest magnitude: what comes before is a digital filter's lead."""
_MISJUDGED = np.linspace(-2.0, 2.0, 41)
"""Points by which the decay may have begun earlier or later."""
_TURNED = np.linspace(-0.6, 0.6, 13)
"""Radians to either side of the phase that makes the strongest lines upright."""
_LESS = 0.8
"""Of what lies below zero: what a shift that is further from none has to leave at most."""
_CLEAR = 4.0
"""Of the median magnitude: what is signal."""
_LOOKED_AT = 4096
"""Points, the strongest, by which the phase is judged."""
_FILLED = 2
"""Times as many points as there are, up to the next power of two."""


def transformed(
    decay: InductionDecay, broadening: float = 0.0, *, first: float = 0.5, frequency: float | None = None
) -> ResonanceSpectrum:
    """Return the spectrum of a decay, phased.

    Parameters
    ----------
    decay : InductionDecay
        With its spectrometer's frequency.
    broadening : float
        Hz, of a Lorentzian that every line is broadened by.
    first : float
        How much the first point counts: half where the decay begins with it, all where that is not known.
    frequency : float, optional
        The spectrometer's for this nucleus, Hz, where the decay is silent.

    Raises
    ------
    InputError
        When the frequency is not known, the decay is empty, or the broadening is negative.

    Notes
    -----
    What comes before the decay's first point is dropped, and the first point counts half. What that misjudges by up to
    two points is a phase that grows along the spectrum, which is found. Half the width of the spectrum is the inverse
    of the time between two points.

    Examples
    --------
    >>> t = np.arange(512) * 1e-4
    >>> s = np.exp(2j * np.pi * 500 * t - 60 * t)
    >>> spectrum = transformed(InductionDecay(t, s.real, s.imag, frequency=1e8, carrier=1.0))
    >>> float(spectrum.shift[np.argmax(spectrum.real)].round(1))
    6.0
    """
    zero = decay.frequency or frequency
    if zero is None:
        raise InputError(
            "The decay names no frequency of its spectrometer, so that there are no shifts.",
            "",
            "Give the processed spectrum, or a file that names it.",
        )
    if broadening < 0:
        raise InputError(f"A broadening of {broadening:g} Hz is negative.", "", "Give it as zero or more.")
    signal, time = _begun(decay)
    signal = signal * np.exp(-np.pi * broadening * time)
    signal[0] *= first
    count = _FILLED * 2 ** int(np.ceil(np.log2(len(signal))))
    spectrum = np.fft.fftshift(np.fft.fft(signal, count))
    hertz = np.fft.fftshift(np.fft.fftfreq(count, float(time[1] - time[0])))
    spectrum = _phased(spectrum, hertz * float(time[1] - time[0]))
    known = {name: getattr(decay, name) for name in ("nucleus", "spinning", "temperature", "delay")}
    known["frequency"] = zero
    return ResonanceSpectrum(
        (decay.carrier or 0.0) + 1e6 * hertz / known["frequency"],
        spectrum.real,
        spectrum.imag,
        metadata=decay.metadata,
        source=decay.source,
        **known,
    )


def _begun(decay: InductionDecay) -> tuple[NDArray[np.complex128], Array]:
    """Return the decay from where it begins, and the times since then."""
    signal = decay.real + 1j * decay.imaginary
    magnitude = np.abs(signal)
    if magnitude.max() <= 0:
        raise InputError("The decay is zero throughout.", "No signal was recorded.", "Give another measurement.")
    lead = int(np.argmax(magnitude >= _RISEN * magnitude.max())) if decay.lead is None else round(decay.lead)
    kept = signal[lead:]
    if len(kept) < decay.kind.fewest:
        raise InputError(
            f"{len(kept)} points are left of the decay behind its lead of {lead}.", "", "Give the whole decay."
        )
    return kept, np.asarray(decay.time[lead:] - decay.time[lead])


def _phased(spectrum: NDArray[np.complex128], cycles: Array) -> NDArray[np.complex128]:
    """Turn a spectrum so that least lies below zero; `cycles` are those of each point between two times."""
    magnitude = np.abs(spectrum)
    strong = np.argsort(magnitude)[-_LOOKED_AT:]
    strong = strong[magnitude[strong] > _CLEAR * np.median(magnitude)]
    own, turns = spectrum[strong], np.exp(1j * _TURNED)
    best, least = spectrum, np.inf
    for points in sorted(_MISJUDGED, key=abs):
        moved = own * np.exp(2j * np.pi * cycles[strong] * points)
        upright = np.exp(-1j * np.angle(np.sum(moved * np.abs(moved) ** 2)))
        below = np.sum(np.minimum((moved[:, None] * upright * turns).real, 0.0) ** 2, axis=0)
        place = int(np.argmin(below))
        if below[place] < _LESS * least:
            least = float(below[place])
            best = spectrum * np.exp(2j * np.pi * cycles * points) * upright * turns[place]
    return best
