r"""Whether a cell answered in proportion: from two amplitudes, or from the harmonics of one.

The Kramers-Kronig relations cannot tell: a charge transfer driven too hard obeys them with a resistance that is too
low. What a pair of spectra at two amplitudes shows is

.. math:: d(\omega) = \frac{Z_2 - Z_1}{|Z_1 + Z_2|/2}

beyond noise; to the leading order the response changes with the square of the amplitude a, so that the first
spectrum lies off its limit of small amplitudes by

.. math:: \frac{Z_1 - Z_0}{|Z|} = d\,\frac{a_1^2}{a_2^2 - a_1^2}

References
----------
M. E. Orazem, B. Tribollet, Electrochemical Impedance Spectroscopy, Wiley 2008, doi:10.1002/9780470381588, chapter 8
(amplitude and linearity).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity, units
from lamion.records.impedance import ImpedanceSpectrum
from lamion.techniques.impedance.points import ordered
from lamion.techniques.impedance.relative_residuals import residual_figure

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

FALSE_ALARMS = 0.01
"""How often noise alone is called non-linear, at most."""

SMALLEST_DIFFERENCE = 0.003
"""A difference that matters, relative to abs Z: ranges of one instrument agree no better."""

_SAME_FREQUENCY = 0.02
_FEWEST = 10
_SOURCE = "difference of spectra at two amplitudes"
LIMITS = (
    "A pair of amplitudes shows what changes between them: a cell that changed between the two measurements looks "
    "the same (repeat the smaller amplitude after the larger one), and what is equal at both, or below the noise, is "
    "not seen."
)


@dataclass(frozen=True, eq=False)
class AmplitudePair:
    """Two spectra at two amplitudes, compared.

    Parameters
    ----------
    frequency : array, shape (n,)
        The common frequencies, Hz, ascending.
    difference : array of complex, shape (n,)
        (Z2 - Z1) over the mean modulus.
    smooth : array of complex, shape (n,)
        The part of it that neighbours share.
    noise : float
        Standard deviation of each part of the rest.
    size : float
        Root of the mean square of the smooth part's modulus, less what noise adds to it.
    probability : float
        How often noise alone gives as much smooth difference.
    detectable : float
        The size that would be found nine times in ten.
    """

    frequency: Array
    difference: ComplexArray
    smooth: ComplexArray
    noise: float
    size: float
    probability: float
    detectable: float

    @property
    def nonlinear(self) -> bool:
        """Whether the spectra differ beyond noise by more than instruments do."""
        return self.probability < FALSE_ALARMS and self.size > SMALLEST_DIFFERENCE

    @property
    def worst(self) -> int:
        """Where the smooth difference is largest."""
        return int(np.argmax(np.abs(self.smooth)))


def compare_amplitudes(first: tuple[ArrayLike, ArrayLike], second: tuple[ArrayLike, ArrayLike]) -> AmplitudePair:
    r"""Tell a smooth difference of two spectra from noise.

    The real and the imaginary part of d are described by polynomials in the logarithm of the frequency, one degree
    per decade; what these explain against what they leave is the F ratio

    .. math:: F = \frac{S_\mathrm{smooth}/p}{S_\mathrm{rest}/(2n - p)}

    Parameters
    ----------
    first, second : tuple of array of float and array of complex
        Frequencies in Hz and impedances in ohm, in any order; compared at the frequencies they share within 2 %.

    Returns
    -------
    AmplitudePair

    Raises
    ------
    InputError
        When a spectrum cannot be used, or they share fewer than ten frequencies.

    Notes
    -----
    For noise in proportion to abs Z, alike in both parts, F has Fisher's distribution whatever the noise's size: one
    in a hundred pairs of a linear cell is called different. A difference narrower than a decade is seen less well.

    Examples
    --------
    >>> f = np.geomspace(1e5, 0.1, 61)
    >>> random = np.random.default_rng(1)
    >>> def cell(R):
    ...     z = 10 + R / (1 + 2j * np.pi * f * 1e-2)
    ...     return z * (1 + 0.002 * (random.standard_normal(61) + 1j * random.standard_normal(61)))
    >>> pairs = [compare_amplitudes((f, cell(50.0)), (f, cell(R))) for R in (50.0, 45.0)]
    >>> [pair.nonlinear for pair in pairs]
    [False, True]
    """
    from scipy.special import fdtrc, fdtri

    f, one, two = _common(first, second)
    mean = 0.5 * np.abs(one + two)
    difference = (two - one) / np.where(mean > 0, mean, 1.0)
    basis = _polynomials(f)
    smooth = basis @ (basis.T @ difference)
    count = 2 * basis.shape[1]
    left = 2 * len(f) - count
    explained, rest = float(np.sum(np.abs(smooth) ** 2)), float(np.sum(np.abs(difference - smooth) ** 2))
    variance = max(rest / left, np.finfo(float).tiny)
    size = math.sqrt(max(explained - count * variance, 0.0) / len(f))
    limit = count * float(fdtri(count, left, 1 - FALSE_ALARMS)) + 1.2816 * math.sqrt(2.0 * count)
    return AmplitudePair(
        f,
        difference,
        np.asarray(smooth),
        math.sqrt(variance),
        size,
        float(fdtrc(count, left, explained / count / variance)),
        math.sqrt(limit * variance / len(f)),
    )


def _common(
    first: tuple[ArrayLike, ArrayLike], second: tuple[ArrayLike, ArrayLike]
) -> tuple[Array, ComplexArray, ComplexArray]:
    one, two = ordered(*first), ordered(*second)
    distance = np.abs(np.log(one.frequency[:, None] / two.frequency))
    nearest = distance.argmin(axis=1)
    mutual = distance.argmin(axis=0)[nearest] == np.arange(len(one))
    shared = np.flatnonzero(mutual & (distance[np.arange(len(one)), nearest] < _SAME_FREQUENCY))
    if len(shared) < _FEWEST:
        raise InputError(
            f"The two spectra share {len(shared)} frequencies; at least {_FEWEST} are needed.",
            "They were measured over different ranges or with other steps.",
            "Measure both amplitudes with one sweep's settings.",
        )
    return one.frequency[shared], one.impedance[shared], two.impedance[nearest[shared]]


def _polynomials(frequency: Array) -> Array:
    """Return orthonormal polynomials in ln f, one degree per decade, shape (n, degree + 1)."""
    x = np.log(frequency)
    decades = (x[-1] - x[0]) / math.log(10.0)
    degree = min(max(2, round(float(decades))), len(x) // 4)
    basis, _ = np.linalg.qr(np.polynomial.legendre.legvander(2 * (x - x[0]) / (x[-1] - x[0]) - 1, degree))
    return np.asarray(basis)


@dataclass(frozen=True)
class Distortion:
    """The harmonics of a response.

    Parameters
    ----------
    total : float
        Total harmonic distortion: root of the summed squares of the harmonics, less what noise adds, over the
        fundamental.
    std : float
        Its standard uncertainty from the noise floor.
    probability : float
        How often noise alone gives as much.
    """

    total: float
    std: float
    probability: float

    @property
    def nonlinear(self) -> bool:
        """Whether the harmonics stand out of the noise."""
        return self.probability < FALSE_ALARMS


def harmonic_distortion(amplitudes: ArrayLike, floor: float, floor_bins: int | None = None) -> Distortion:
    r"""Judge the harmonics of the response to one sine against the noise floor.

    .. math:: \mathrm{THD} = \frac{\sqrt{\sum_{k=2}^{K} A_k^2 - (K-1)\nu^2}}{A_1}

    Parameters
    ----------
    amplitudes : array, shape (K,)
        Amplitudes of the fundamental and of the harmonics 2 to K, in one unit.
    floor : float
        nu, root mean square amplitude of the Fourier bins between the harmonics, in that unit.
    floor_bins : int, optional
        From how many bins the floor was taken; known exactly without it.

    Returns
    -------
    Distortion

    Raises
    ------
    InputError
        When there is no harmonic, or a number is negative or not finite.

    Notes
    -----
    Noise makes the amplitude of a bin Rayleigh distributed, so that the harmonics' mean square over the floor's has
    Fisher's distribution. A symmetric element, such as a charge transfer with a transfer coefficient of one half, has
    odd harmonics alone: measure the third. Series resistance and a double layer hide harmonics above their corner
    frequency, and a source with harmonics of its own adds them: compare with a resistor.

    References
    ----------
    As :mod:`lamion.techniques.impedance.linearity`.

    Examples
    --------
    >>> found = harmonic_distortion([1.0, 0.001, 0.05], floor=0.001)
    >>> round(found.total, 4), found.nonlinear
    (0.05, True)
    """
    from scipy.special import chdtrc, fdtrc

    a = np.asarray(amplitudes, dtype=np.float64)
    if a.ndim != 1 or len(a) < 2 or not (np.isfinite(a).all() and (a >= 0).all() and a[0] > 0):
        raise InputError("Harmonic distortion needs the amplitude of the fundamental and of one harmonic or more.")
    if not (math.isfinite(floor) and floor > 0) or (floor_bins is not None and floor_bins < 1):
        raise InputError(f"The noise floor {floor:g} is not larger than zero, or comes from no bin.")
    count, square = len(a) - 1, float(np.sum(a[1:] ** 2))
    ratio = square / (count * floor**2)
    probability = (
        chdtrc(2 * count, 2 * count * ratio) if floor_bins is None else fdtrc(2 * count, 2 * floor_bins, ratio)
    )
    total = math.sqrt(max(square - count * floor**2, 0.0))
    variance = 2 * floor**2 * total**2 + count * floor**4
    spread = math.sqrt(variance) / (2 * total) if total > floor else floor
    return Distortion(total / float(a[0]), spread / float(a[0]), float(probability))


def linearity(
    spectrum: ImpedanceSpectrum,
    other: ImpedanceSpectrum,
    amplitudes: tuple[Quantity, Quantity] | None = None,
) -> Answer:
    """Compare the spectra of one cell at two amplitudes.

    Parameters
    ----------
    spectrum, other : ImpedanceSpectrum
        At the smaller and at the larger amplitude.
    amplitudes : tuple of Quantity, optional
        Of the two, both voltages or both currents: then the error of the first spectrum is estimated.

    Returns
    -------
    Answer
        ``amplitude_difference``, ``amplitude_noise``, ``detectable_difference`` and, with amplitudes,
        ``largest_error_of_first``, all relative to abs Z; ``notes.linearity`` says what decided.

    Raises
    ------
    InputError
        As :func:`compare_amplitudes`, or when the second amplitude is not the larger one.

    Examples
    --------
    >>> f = np.geomspace(1e5, 0.1, 61)
    >>> z = 10 + 50 / (1 + 2j * np.pi * f * 1e-2)
    >>> linearity(ImpedanceSpectrum(f, z), ImpedanceSpectrum(f, z)).notes["linearity"]["verdict"]
    'linear'
    """
    share = None if amplitudes is None else _first_share(*amplitudes)
    pair = compare_amplitudes((spectrum.frequency, spectrum.impedance), (other.frequency, other.impedance))
    results = {
        "amplitude_difference": Quantity(pair.size, None, "1", _SOURCE),
        "amplitude_noise": Quantity(pair.noise, None, "1", _SOURCE),
        "detectable_difference": Quantity(pair.detectable, None, "1", _SOURCE),
    }
    if share is not None:
        largest = share * float(np.abs(pair.smooth[pair.worst]))
        results["largest_error_of_first"] = Quantity(largest, None, "1", _SOURCE)
    notes = {
        "linearity": {
            "verdict": "not linear" if pair.nonlinear else "linear",
            "reason": _reason(pair),
            "probability_of_noise": pair.probability,
            "limits": LIMITS,
        }
    }
    warnings = (_reason(pair),) if pair.nonlinear else ()
    method = f"The two spectra compared at {len(pair.frequency)} frequencies, their difference against the noise in it."
    return Answer(results, _series(pair), notes, warnings, {"linearity": _figure(pair)}, method=method)


def _first_share(small: Quantity, large: Quantity) -> float:
    """Return the part of the difference that the first spectrum lies off its limit of small amplitudes."""
    if not units.same_dimension(small.unit, large.unit) or not 0 < small.si < large.si:
        raise InputError(
            f"The amplitudes {small} and {large} are no smaller and larger one of a kind.",
            "",
            "Give that of FILE and then that of the second file, as in '10 mV, 50 mV'.",
        )
    return small.si**2 / (large.si**2 - small.si**2)


def _reason(pair: AmplitudePair) -> str:
    where = f"{pair.frequency[pair.worst]:.3g} Hz"
    if pair.nonlinear:
        worst = 100 * float(np.abs(pair.smooth[pair.worst]))
        return (
            f"The spectra at the two amplitudes differ by {100 * pair.size:.2g} % of abs Z beside "
            f"{100 * pair.noise:.2g} % of noise, most ({worst:.2g} %) at {where}: the response is not linear, or the "
            "cell changed in between."
        )
    if pair.probability < FALSE_ALARMS:
        return f"The spectra differ by {100 * pair.size:.2g} % of abs Z, too little to matter."
    return (
        f"The spectra differ by no more than their noise of {100 * pair.noise:.2g} % of abs Z; a difference of "
        f"{100 * pair.detectable:.2g} % would have shown."
    )


def _series(pair: AmplitudePair) -> dict[str, list[float]]:
    return {
        "Frequency / Hz": pair.frequency.tolist(),
        "Real Difference / 1": pair.difference.real.tolist(),
        "Imaginary Difference / 1": pair.difference.imag.tolist(),
        "Smooth Real Difference / 1": pair.smooth.real.tolist(),
        "Smooth Imaginary Difference / 1": pair.smooth.imag.tolist(),
    }


def _figure(pair: AmplitudePair) -> FigureData:
    title = f"Spectra at two amplitudes: {'not linear' if pair.nonlinear else 'linear'}"
    return residual_figure(title, pair.frequency, pair.difference, pair.noise, label="difference")
