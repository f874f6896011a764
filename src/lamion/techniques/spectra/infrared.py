"""Bands of an infrared spectrum: positions, widths and areas in absorbance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lamion.quantities import Answer
from lamion.records import InfraredSpectrum
from lamion.techniques.peaks.axes import Curve, curve_of
from lamion.techniques.peaks.peaks import Choice, answer_of

_SATURATED = 2.0
"""Absorbance: 1 % of the light is left, and stray light is a large part of it."""


def infrared(record: InfraredSpectrum, choice: Choice | None = None, accuracy: float = 0.0) -> Answer:
    r"""Fit the bands of an infrared spectrum.

    .. math:: A = -\log_{10} T = \varepsilon\, c\, d

    Parameters
    ----------
    record : InfraredSpectrum
        Absorbance, or transmittance, which is turned into it: bands add there.
    choice : Choice
        Bands, range in 1/cm, baseline.
    accuracy : float
        The standard uncertainty of the wavenumber scale, 1/cm.

    Returns
    -------
    Answer
        ``NAME.position``, ``NAME.width`` (1/cm) and ``NAME.area`` (absorbance times 1/cm) of each band. Shares of the
        area are not given: bands absorb with strengths of their own.

    Raises
    ------
    InputError
        When a transmittance in the range is not above zero, or the points are too few.

    Notes
    -----
    In an attenuated total reflection strong bands stand lower by several 1/cm and are stronger at small wavenumbers, as
    the refractive index changes across them; no correction is made.

    References
    ----------
    P. R. Griffiths, J. A. de Haseth, Fourier Transform Infrared Spectrometry, Wiley 2007, doi:10.1002/047010631X.

    Examples
    --------
    >>> x = np.arange(1350.0, 1450.0, 1.0)
    >>> A = 0.05 + 0.4 / (1 + ((x - 1400.0) / 8.0) ** 2) + np.random.default_rng(1).normal(0.0, 1e-3, len(x))
    >>> answer = infrared(InfraredSpectrum(x, A), Choice(number=1))
    >>> round(answer["peak1.position"].value)
    1400
    """
    choice = choice or Choice()
    curve = _curve(record, choice)
    answer = answer_of(curve, choice, shares=False, accuracy=accuracy)
    assumed = () if record.attenuated else ("The spectrum is one of transmission.",) * (record.attenuated is None)
    return replace(
        answer,
        warnings=(*_doubts(record, curve, choice), *answer.warnings),
        assumptions=(*answer.assumptions, *assumed),
        headline=("*.position",),
    )


def _curve(record: InfraredSpectrum, choice: Choice) -> Curve:
    """Return the part in range: a transmittance below zero elsewhere does not matter."""
    low = -np.inf if choice.low is None else choice.low
    high = np.inf if choice.high is None else choice.high
    kept = (record.wavenumber >= low) & (record.wavenumber <= high)
    if np.count_nonzero(kept) < record.kind.fewest:
        return curve_of(record).within(choice.low, choice.high)
    cut = {name: values[kept] for name in record.kind.columns if (values := getattr(record, name)) is not None}
    own = InfraredSpectrum(**cut, attenuated=record.attenuated, metadata=record.metadata, source=record.source)
    return curve_of(own)


def _doubts(record: InfraredSpectrum, curve: Curve, choice: Choice) -> Iterator[str]:
    if record.attenuated:
        yield (
            "The spectrum is one of attenuated total reflection: strong bands stand some 1/cm lower than in "
            "transmission, so compare it with its like."
        )
    if curve.y.max() > _SATURATED:
        at = float(curve.x[int(np.argmax(curve.y))])
        yield (
            f"The absorbance reaches {curve.y.max():.1f} at {at:.0f} 1/cm, where little light is left: such a band is "
            "cut off, its width and area too large and too small. Measure a thinner sample."
        )
