"""Whether a spectrum is one of a blocking cell, which circuit describes it, over which range of frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.records.column import as_written
from lamion.techniques.conduction.blocking_circuits import BlockingFit
from lamion.techniques.impedance.choice import fit_family
from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.families import BLOCKING_WITH_ONE_ARC, BLOCKING_WITH_TWO_ARCS
from lamion.techniques.impedance.fit import fit_circuit
from lamion.techniques.impedance.spectra import gather

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_EXPONENT_ROOM = 0.1
_SUPPORTED = 10.0
_NARROWER_WINDOWS = (0.75, 0.5)
_FEWEST_IN_WINDOW = 16
FEWEST_POINTS = 8
_FEWEST_FREQUENCIES = 5
_MOST_INDUCTIVE = 0.75
"""Above this part of points with a positive imaginary part the sign is the likelier mistake."""


class NoBlockingCircuitError(InputError):
    """No circuit of a blocking cell gives the resistance; it may still be read off as people do.

    Parameters
    ----------
    happened, cause, remedy : str
        As in :class:`InputError`.
    intercept : float or None
        Where the best circuit meets the real axis at high frequency, in ohm.
    """

    def __init__(self, happened: str, cause: str = "", remedy: str = "", intercept: float | None = None) -> None:
        super().__init__(happened, cause, remedy)
        self.intercept = intercept


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
            f"Say which columns to take, as in {as_written()}, or mend the header.",
        )
    if not _ends_in_spike(frequency, impedance):
        raise NoBlockingCircuitError(
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


@dataclass(frozen=True, eq=False)
class BlockingSpectrum:
    """A spectrum, ascending in frequency.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz.
    impedance : array of complex, shape (n,)
        Ohm.
    """

    frequency: Array
    impedance: ComplexArray

    def upper_part(self, part: float) -> BlockingSpectrum | None:
        """Return the upper part of the logarithmic range of frequencies, or None where it holds too few points."""
        f = self.frequency
        kept = f >= f[-1] * (f[0] / f[-1]) ** part
        return BlockingSpectrum(f[kept], self.impedance[kept]) if kept.sum() >= _FEWEST_IN_WINDOW else None


@dataclass(frozen=True, eq=False)
class BlockingChoice:
    """The circuit chosen on one range of frequencies, with those it was chosen from.

    Parameters
    ----------
    spectrum : BlockingSpectrum
        The range.
    best : BlockingFit
        The plausible circuit with the smallest AICc (of those within 10 the first that determines the resistance),
        fitted once more with the modulus of its own curve as weight.
    tried : tuple of BlockingFit
        All that were fitted.
    """

    spectrum: BlockingSpectrum
    best: BlockingFit
    tried: tuple[BlockingFit, ...]

    @property
    def plausible(self) -> tuple[BlockingFit, ...]:
        """Those whose parameters make physical sense, the smallest AICc first."""
        return tuple(sorted((one for one in self.tried if one.plausible), key=lambda one: one.aicc))

    @property
    def relative_std(self) -> float:
        """The uncertainty of the resistance from the fit, relative to it."""
        return self.best.fit_std / self.best.resistance


def choose(spectra: Sequence[BlockingSpectrum]) -> list[BlockingChoice | InputError]:
    """Choose a circuit for each spectrum.

    Circuits with two arcs are tried where the residuals of the best one with fewer keep a structure.

    Parameters
    ----------
    spectra : sequence of BlockingSpectrum
        Fitted together.

    Returns
    -------
    list of BlockingChoice or InputError
        One per spectrum; the error where no circuit makes sense.
    """
    tried = _tried(spectra, BLOCKING_WITH_ONE_ARC)
    best = [_best(one) for one in tried]
    again = [index for index, one in enumerate(best) if one is None or one.correlated]
    if again:
        for index, more in zip(again, _tried([spectra[i] for i in again], BLOCKING_WITH_TWO_ARCS), strict=True):
            tried[index] += more
            best[index] = _best(tried[index])
    refined = _refined(spectra, best)
    return [
        _no_circuit(all_of) if one is None else BlockingChoice(spectrum, one, tuple(all_of))
        for spectrum, one, all_of in zip(spectra, refined, tried, strict=True)
    ]


def choose_narrower(spectrum: BlockingSpectrum) -> list[BlockingChoice]:
    """Choose again on the upper three quarters and the upper half of the range, where they hold enough points.

    Parameters
    ----------
    spectrum : BlockingSpectrum
        The whole range.
    """
    parts = [part for share in _NARROWER_WINDOWS if (part := spectrum.upper_part(share)) is not None]
    return [one for part in parts for one in choose([part]) if isinstance(one, BlockingChoice)]


def _tried(spectra: Sequence[BlockingSpectrum], family: Sequence[str]) -> list[list[BlockingFit]]:
    """Fit a family; where a circuit is refused for one of the spectra, each is fitted alone."""
    block = gather([one.frequency for one in spectra], [one.impedance for one in spectra])
    try:
        fitted = fit_family(block, family, exponent_room=_EXPONENT_ROOM)
    except InputError:
        fitted = []
    if len(fitted) < len(family) and len(spectra) > 1:
        return [_tried([one], family)[0] for one in spectra]
    return [[BlockingFit.of(fits, index) for fits in fitted] for index in range(len(spectra))]


def _best(tried: Sequence[BlockingFit]) -> BlockingFit | None:
    """Return the plausible circuit with the smallest AICc, among those with support the best that determines R."""
    plausible = sorted((one for one in tried if one.plausible), key=lambda one: one.aicc)
    supported = [one for one in plausible if one.aicc <= plausible[0].aicc + _SUPPORTED]
    return next((one for one in supported if one.determined), plausible[0] if plausible else None)


def _refined(spectra: Sequence[BlockingSpectrum], best: Sequence[BlockingFit | None]) -> list[BlockingFit | None]:
    """Fit the chosen circuits once more, weighted by their own curves, which removes the bias of noisy weights."""
    refined = list(best)
    for circuit in sorted({one.circuit for one in best if one is not None}):
        chosen = [(index, one) for index, one in enumerate(best) if one is not None and one.circuit == circuit]
        block = gather(
            [spectra[index].frequency for index, _ in chosen],
            [spectra[index].impedance for index, _ in chosen],
            "measured",
            [np.abs(one.curve) for _, one in chosen],
        )
        start = np.array([list(one.values.values()) for _, one in chosen])
        fits = fit_circuit(Circuit.read(circuit), block, start=start, exponent_room=_EXPONENT_ROOM)
        for place, (index, _) in enumerate(chosen):
            again = BlockingFit.of(fits, place)
            refined[index] = again if again.plausible else best[index]
    return refined


def _no_circuit(tried: Sequence[BlockingFit]) -> NoBlockingCircuitError:
    if not any(one.resistance > 0 and one.fit_std < one.resistance for one in tried):
        return NoBlockingCircuitError(
            "No circuit of a blocking cell with positive resistances and capacitances fits the spectrum.",
            "Its resistance is negative or hidden, after the subtraction of the leads if a short was given.",
            "Check the sign of the imaginary part, the columns and the short-circuit spectrum.",
        )
    return NoBlockingCircuitError(
        "No circuit of a blocking cell describes the spectrum with parameters that make physical sense.",
        "The cell may not be blocking, or the spectrum drifts or is dominated by noise.",
        "Test it with `lamion analyze kk`, choose the frequency limits, or fit a circuit with "
        "`lamion analyze impedance`.",
    )
