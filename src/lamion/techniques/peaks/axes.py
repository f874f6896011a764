"""A spectrum as two arrays, whatever kind of record it is: the abscissa rising, in its own unit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.records.measurements import Pattern
from lamion.records.spectrum import InfraredSpectrum, PhotoelectronSpectrum, RamanSpectrum, ResonanceSpectrum, Spectrum

Array = NDArray[np.float64]
AnySpectrum = Spectrum | RamanSpectrum | InfraredSpectrum | PhotoelectronSpectrum | ResonanceSpectrum | Pattern
FEWEST = 10


@dataclass(frozen=True, eq=False)
class Curve:
    """An ordinate against a rising abscissa.

    Parameters
    ----------
    x, y : array, shape (n,)
        The numbers.
    label, unit : str
        Of the abscissa.
    ordinate : str
        What the ordinate is.
    backwards : bool
        Whether its field draws the abscissa from right to left.
    name : str
        The file it comes from.
    """

    x: Array
    y: Array
    label: str
    unit: str
    ordinate: str
    backwards: bool = False
    name: str = "The spectrum"

    def within(self, low: float | None, high: float | None) -> Curve:
        """Return the part between two values of the abscissa, each end without limit where it is None.

        Raises
        ------
        InputError
            When fewer than ten points lie there.
        """
        kept = (self.x >= (-np.inf if low is None else low)) & (self.x <= (np.inf if high is None else high))
        if np.count_nonzero(kept) < FEWEST:
            span = f"{self.x[0]:.6g} to {self.x[-1]:.6g} {self.unit}".removesuffix(" 1")
            raise InputError(
                f"{self.name} has {np.count_nonzero(kept)} points in the range that is asked for.",
                f"It spans {span}.",
                f"Choose a range of {FEWEST} points or more.",
            )
        return replace(self, x=self.x[kept], y=self.y[kept])


_DRAWN = {
    RamanSpectrum: ("Raman shift", "1/cm", "counts", False),
    PhotoelectronSpectrum: ("binding energy", "eV", "counts", True),
    ResonanceSpectrum: ("chemical shift", "ppm", "intensity", True),
    Pattern: ("two theta", "deg", "counts", False),
}


def curve_of(record: AnySpectrum) -> Curve:
    r"""Return a spectrum as two arrays.

    Parameters
    ----------
    record : record of a spectrum
        Of any kind; an infrared transmittance becomes the absorbance, :math:`-\log_{10} T`.

    Raises
    ------
    InputError
        When a transmittance is not above zero, or one abscissa has two ordinates.

    Examples
    --------
    >>> curve_of(RamanSpectrum(range(750, 730, -1), range(20))).x[:3].tolist()
    [731.0, 732.0, 733.0]
    """
    name = record.source.name if record.source is not None else "The spectrum"
    first, second = (getattr(record, column) for column in record.kind.shown[:2])
    if isinstance(record, InfraredSpectrum):
        return _rising(Curve(first, _absorbance(record, name), "wavenumber", "1/cm", "absorbance", True, name))
    if isinstance(record, Spectrum):
        ordinate = f"intensity / {record.intensity_unit}" if record.intensity_unit else "intensity"
        return _rising(Curve(first, second, "position", record.position_unit or "1", ordinate, False, name))
    label, unit, ordinate, backwards = _DRAWN[type(record)]
    return _rising(Curve(first, second, label, unit, ordinate, backwards, name))


def _absorbance(record: InfraredSpectrum, name: str) -> Array:
    if record.absorbance is not None:
        return record.absorbance
    assert record.transmittance is not None  # noqa: S101  its kind is told by one of the two
    if record.transmittance.min() <= 0:
        raise InputError(
            f"{name} holds a transmittance that is not above zero, so it has no absorbance there.",
            "The band may be saturated, or the background's spectrum does not belong to it.",
            "Choose a range without it, or measure a thinner sample.",
        )
    return np.asarray(-np.log10(record.transmittance))


def _rising(curve: Curve) -> Curve:
    order = np.argsort(curve.x, kind="stable")
    x = curve.x[order]
    if np.any(np.diff(x) <= 0):
        place = x[int(np.argmax(np.diff(x) <= 0))]
        raise InputError(
            f"{curve.name} holds two ordinates at {place:g} {curve.unit}.".replace(" 1.", "."),
            "Several spectra may be joined in one file.",
            "Give each in a file of its own.",
        )
    return replace(curve, x=x, y=curve.y[order])
