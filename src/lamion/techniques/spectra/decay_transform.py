r"""From a free induction decay to its spectrum.

.. math:: S(\nu) = e^{-i\varphi} \sum_j s(t_j)\, e^{-\pi b t_j}\, e^{-2\pi i \nu t_j}, \qquad
          \delta = \delta_\mathrm{carrier} \mp 10^6\, \frac{\nu}{\nu_0}

with the broadening b, and the phase that makes the real part's area largest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.records import InductionDecay, ResonanceSpectrum

Array = NDArray[np.float64]

_RISEN = 0.5
"""Of the largest magnitude: what comes before is a digital filter's lead."""
_FILLED = 2
"""Times as many points as there are, up to the next power of two."""


def transformed(decay: InductionDecay, broadening: float = 0.0) -> ResonanceSpectrum:
    """Return the spectrum of a decay, phased.

    Parameters
    ----------
    decay : InductionDecay
        With its spectrometer's frequency.
    broadening : float
        Hz, of a Lorentzian that every line is broadened by.

    Raises
    ------
    InputError
        When the frequency is not known, the decay is empty, or the broadening is negative.

    Notes
    -----
    What comes before the decay's first point is dropped, so that no phase changes along the spectrum; the first point
    counts half. Half the width of the spectrum is the inverse of the time between two points.

    Examples
    --------
    >>> t = np.arange(512) * 1e-4
    >>> s = np.exp(2j * np.pi * 500 * t - 60 * t)
    >>> spectrum = transformed(InductionDecay(t, s.real, s.imag, frequency=1e8, carrier=1.0))
    >>> float(spectrum.shift[np.argmax(spectrum.real)].round(1))
    6.0
    """
    if decay.frequency is None:
        raise InputError(
            "The decay names no frequency of its spectrometer, so that there are no shifts.",
            "",
            "Give the processed spectrum, or a file that names it.",
        )
    if broadening < 0:
        raise InputError(f"A broadening of {broadening:g} Hz is negative.", "", "Give it as zero or more.")
    signal, time = _begun(decay)
    signal = signal * np.exp(-np.pi * broadening * time)
    signal[0] *= 0.5
    count = _FILLED * 2 ** int(np.ceil(np.log2(len(signal))))
    spectrum = np.fft.fftshift(np.fft.fft(signal, count))
    hertz = np.fft.fftshift(np.fft.fftfreq(count, float(time[1] - time[0])))
    spectrum = spectrum * np.exp(-1j * np.angle(np.sum(spectrum * np.abs(spectrum) ** 2)))
    known = {name: getattr(decay, name) for name in ("frequency", "nucleus", "spinning", "temperature", "delay")}
    return ResonanceSpectrum(
        (decay.carrier or 0.0) + 1e6 * hertz / decay.frequency,
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
