"""Local environments in an NMR spectrum: shifts, widths and shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from lamion.quantities import Answer, InputError, Quantity
from lamion.records import InductionDecay, ResonanceSpectrum
from lamion.techniques.peaks.axes import Curve, curve_of
from lamion.techniques.peaks.peaks import Choice, answer_of
from lamion.techniques.spectra.decay_transform import transformed
from lamion.techniques.spectra.side_bands import Spinning, noise_of_ends, spinning_of, summed

_BELOW = 0.05
"""Of the area above zero: what lies below it where the phase is right."""
_CLEAR = 5.0
"""Of the noise: what stands out."""
_BROADENED = 0.1
"""Of a line's width, which that hardly changes."""
_MARGIN = 0.5
"""Of the range in which signals stand out, to its sides, where no range is said."""
_RECOVERED = 5.0
"""Times T1, after which less than 1 % is left unrecovered."""
_SOURCE = "distance of side bands"


@dataclass(frozen=True)
class Resonance:
    """What a person says of an NMR spectrum.

    Parameters
    ----------
    choice : Choice
        Environments, range in ppm, baseline.
    spinning : float, optional
        Hz; found where side bands are seen.
    sum_side_bands : bool
        Whether each environment's side bands are added to its centre.
    relaxation : float, optional
        The longest T1, s.
    broadening : float
        Hz, of a decay's lines.
    accuracy : float
        The standard uncertainty of the reference, ppm.
    """

    choice: Choice = field(default_factory=Choice)
    spinning: float | None = None
    sum_side_bands: bool = False
    relaxation: float | None = None
    broadening: float = 0.0
    accuracy: float = 0.0


def resonance(record: ResonanceSpectrum | InductionDecay, said: Resonance | None = None) -> Answer:
    r"""Fit the local environments of a nucleus.

    .. math:: S(\delta) = \sum_k A_k\, p_k(\delta; \delta_k, w_k) + b(\delta), \qquad
              x_k = \frac{A_k}{\sum_l A_l}

    Parameters
    ----------
    record : ResonanceSpectrum or InductionDecay
        A processed spectrum, or a decay, which is transformed and phased.
    said : Resonance
        What is known of it.

    Returns
    -------
    Answer
        ``NAME.position``, ``NAME.width`` (ppm), ``NAME.area`` and ``NAME.area_fraction`` of each environment, and
        ``spinning`` (Hz), where side bands show it.

    Raises
    ------
    InputError
        When the range holds too few points, side bands are to be summed and none are known, or a decay has no
        frequency.

    Notes
    -----
    A share of the area is one of the nuclei only where every nucleus had recovered before each scan (five T1) and side
    bands are counted with their line; else it is called apparent. With one rate of spinning the strongest band is taken
    for the centre; only a second rate tells.

    Examples
    --------
    >>> x, rng = np.linspace(-6.0, 4.0, 1001), np.random.default_rng(1)
    >>> line = lambda at, w: 1 / (1 + 4 * ((x - at) / w) ** 2)
    >>> y = line(-1.88, 0.3) + 0.5 * line(-1.17, 0.3) + rng.normal(0.0, 0.005, len(x))
    >>> answer = resonance(ResonanceSpectrum(x, y, frequency=155.4e6), Resonance(Choice(number=2)))
    >>> round(answer["peak1.position"].value, 2), round(answer["peak2.area_fraction"].value, 2)
    (-1.88, 0.33)
    """
    said = said or Resonance()
    spectrum = transformed(record, said.broadening) if isinstance(record, InductionDecay) else record
    curve = replace(curve_of(spectrum), name=record.source.name if record.source is not None else "The spectrum")
    found = _spinning(record, spectrum, curve)
    used = _used(curve, spectrum, found, said)
    answer = answer_of(used, said.choice, accuracy=said.accuracy)
    results = dict(answer.results)
    if found is not None:
        results["spinning"] = Quantity(found.rate, found.uncertainty, "Hz", _SOURCE)
    return replace(
        answer,
        results=results,
        notes={**answer.notes, **_facts(spectrum, curve, found)},
        warnings=(*_doubts(spectrum, curve, found, said), *answer.warnings),
        assumptions=(*answer.assumptions, *_assumed(spectrum, found, said)),
        headline=("*.position", "*.area_fraction"),
    )


def _spinning(record: ResonanceSpectrum | InductionDecay, spectrum: ResonanceSpectrum, curve: Curve) -> Spinning | None:
    """Return how fast the sample spun: by a phased spectrum, or by a decay's magnitude, which no phase moves.

    A decay is broadened by a part of its strongest line's width, so that noise makes no bands.
    """
    if spectrum.frequency is None:
        return None
    if isinstance(record, ResonanceSpectrum):
        return spinning_of(curve, spectrum.frequency)
    above = np.count_nonzero(curve.y - np.median(curve.y) > 0.5 * (curve.y.max() - np.median(curve.y)))
    width = above * float(np.median(np.diff(curve.x))) * 1e-6 * spectrum.frequency
    smooth = transformed(record, width * _BROADENED, first=1.0)
    assert smooth.imaginary is not None  # noqa: S101  every transform has one
    order = np.argsort(smooth.shift)
    magnitude = replace(curve, x=smooth.shift[order], y=np.hypot(smooth.real, smooth.imaginary)[order])
    return spinning_of(magnitude, spectrum.frequency)


def _used(curve: Curve, spectrum: ResonanceSpectrum, found: Spinning | None, said: Resonance) -> Curve:
    """Return the range that is fitted, its side bands added where that is asked for."""
    choice = said.choice
    if not said.sum_side_bands:
        low, high = _range(curve)
        return curve.within(low if choice.low is None else choice.low, high if choice.high is None else choice.high)
    rate = said.spinning or (found.rate if found is not None else None)
    if rate is None or spectrum.frequency is None:
        raise InputError(
            "Side bands are to be summed, but the spectrum shows none.",
            "The sample may not have spun, or they lie outside the spectrum.",
            "Say the rate of spinning, or leave --sum-side-bands away.",
        )
    if choice.low is None or choice.high is None:
        raise InputError(
            "Side bands are to be summed into a range that is not named.", "", "Say --low and --high of the centre."
        )
    return summed(curve, choice.low, choice.high, 1e6 * rate / spectrum.frequency)


def _range(curve: Curve) -> tuple[float | None, float | None]:
    """Return the range in which signals stand out, with a margin; none where nothing does."""
    clear = np.flatnonzero(curve.y - np.median(curve.y) > _CLEAR * noise_of_ends(curve.y))
    if len(clear) < 3:
        return None, None
    first, last = float(curve.x[clear[0]]), float(curve.x[clear[-1]])
    margin = _MARGIN * (last - first)
    return first - margin, last + margin


def _facts(spectrum: ResonanceSpectrum, curve: Curve, found: Spinning | None) -> dict[str, object]:
    facts: dict[str, object] = {
        "nucleus": spectrum.nucleus,
        "spectrometer_MHz": None if spectrum.frequency is None else spectrum.frequency / 1e6,
        "area_below_zero": _below(curve),
        "signal_over_noise": float(np.max(curve.y) / (noise_of_ends(curve.y) or 1.0)),
        "delay_s": spectrum.delay,
    }
    if found is not None and spectrum.frequency is not None:
        centre = float(curve.x[int(np.argmax(curve.y))])
        distance = 1e6 * found.rate / spectrum.frequency
        facts["side_bands_ppm"] = [round(centre + order * distance, 2) for order in (-2, -1, 0, 1, 2)]
    return facts


def _below(curve: Curve) -> float:
    """Return the area clearly below zero, over that clearly above it."""
    y = curve.y - np.median(curve.y)
    beyond = _CLEAR * noise_of_ends(curve.y)
    above = float(np.sum(y[y > beyond]))
    return float(-np.sum(y[y < -beyond])) / above if above > 0 else 0.0


def _doubts(spectrum: ResonanceSpectrum, curve: Curve, found: Spinning | None, said: Resonance) -> Iterator[str]:
    below = _below(curve)
    if below > _BELOW:
        yield (
            f"{100 * below:.0f} % of the area lies below zero: the phase is not right, or the baseline rolls. Phase "
            "the spectrum again, since shares and shifts go wrong with it."
        )
    known = said.spinning or spectrum.spinning
    if found is not None and known is not None and not found.agrees_with(known):
        yield (
            f"The side bands stand {found.rate / 1e3:.3g} kHz apart, while {known / 1e3:.3g} kHz of spinning are said: "
            "the header may keep an old value. The side bands are believed."
        )
    if said.relaxation is not None and spectrum.delay is not None and spectrum.delay < _RECOVERED * said.relaxation:
        yield (
            f"The delay between scans, {spectrum.delay:g} s, is shorter than five T1: environments that recover slowly "
            "are counted too few."
        )


def _assumed(spectrum: ResonanceSpectrum, found: Spinning | None, said: Resonance) -> Iterator[str]:
    recovered = (
        said.relaxation is not None and spectrum.delay is not None and spectrum.delay >= _RECOVERED * said.relaxation
    )
    whole = said.sum_side_bands or found is None
    if not (recovered and whole):
        missing = [] if recovered else ["that the delay reaches five T1 is not known"]
        missing += [] if whole else ["side bands are not summed"]
        yield f"The shares are apparent: {' and '.join(missing)}."
    if said.accuracy == 0.0:
        yield "The reference of the shift is exact."
