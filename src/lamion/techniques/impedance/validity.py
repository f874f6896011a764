"""Whether a spectrum is one of a linear, causal cell that did not change while it was measured."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.records.impedance import ImpedanceSpectrum, format_frequency, points_in_words
from lamion.techniques.impedance.kramers_kronig import (
    MU_LIMIT,
    LinKK,
    fit_elements,
    most_elements,
    neighbour_correlation,
    raise_elements,
)
from lamion.techniques.impedance.noise import Noise
from lamion.techniques.impedance.outliers import deleted, lying_off, noise_left
from lamion.techniques.impedance.points import OrderedPoints, ordered, out_of_order
from lamion.techniques.impedance.relative_residuals import residual_figure
from lamion.techniques.impedance.unphysical import unphysical
from lamion.techniques.impedance.z_hit import LowFrequencyDrift, low_frequency_drift

Array = NDArray[np.float64]

_SOURCE = "Lin-KK (doi:10.1016/j.electacta.2014.01.034)"
_Z_HIT = "Z-HIT (doi:10.1039/b007678n)"
_STRUCTURE = 3.0
_SMALL_MISFIT = 0.003
_MOST_NOISE = 0.05
_PER_DECADE = 7
_FEWEST_PER_DECADE = 2
_STEP = 2
_MOST_OUTLIERS = 20
_FEW_POINTS = 20
_FEWEST_LEFT = 7
_REWEIGHTINGS = 5
_NEIGHBOURS = 10
"""Points that one bad one may pull along."""
_ROUNDING = 1e-5
OFF = "off all others"
"""Why an outlier does not count."""
LINEARITY_NOTE = (
    "Kramers-Kronig sees drift and instability, not weak non-linearity: compare spectra at two amplitudes, or look at "
    "harmonics, for that."
)


@dataclass(frozen=True, eq=False)
class Validity:
    """The judgement of a spectrum.

    Parameters
    ----------
    valid : bool
        Whether nothing speaks against it as a whole.
    reason : str
        What decided, one sentence.
    test : LinKK
        Lin-KK where mu stopped it.
    model : LinKK
        The fit that was judged, without the outliers: `test`, or one with more elements where `test` left a shape in
        the residuals, or with other weights where the noise has a part that is the same at every abs Z.
    correlation : float
        Standard deviations by which neighbouring residuals of `model` are alike; see
        :func:`~lamion.techniques.impedance.kramers_kronig.neighbour_correlation`.
    noise : float
        The part of the residuals that neighbours do not share, relative to abs Z, without the outliers.
    misfit : float
        The part that they share, relative to abs Z; zero when no structure is seen.
    outliers : array of int
        Places, from 0, of points far off all others.
    rest_valid : bool
        Whether nothing speaks against the points that are no outliers.
    drift : LowFrequencyDrift or None
        What Z-HIT says of the lowest decade; None for a range of less than three.
    shown : Noise
        What the residuals of as many elements as may be show: noise in proportion to abs Z, the same everywhere, both.
    """

    valid: bool
    reason: str
    test: LinKK
    model: LinKK
    correlation: float
    noise: float
    misfit: float
    outliers: NDArray[np.intp]
    rest_valid: bool
    drift: LowFrequencyDrift | None
    shown: Noise


def validity_raw(
    frequency: ArrayLike,
    impedance: ArrayLike,
    *,
    mu_limit: float = MU_LIMIT,
    capacitor: bool = True,
    inductance: bool = True,
) -> Validity:
    r"""Judge a spectrum by the size and the structure of what no Kramers-Kronig model can describe.

    .. math:: r^2 = s_\mathrm{noise}^2 + s_\mathrm{misfit}^2

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, in any order.
    impedance : array of complex, shape (n,)
        Ohm.
    mu_limit : float
        Of Lin-KK.
    capacitor, inductance : bool
        Whether blocking electrodes and inductive leads are allowed for.

    Returns
    -------
    Validity
        Not valid when a point lies off the fit of all others by 3 % and by eight times their scatter, however many
        elements are fitted (:mod:`~lamion.techniques.impedance.outliers`); when the residuals have a structure (three
        standard deviations) whose size is above 0.3 %; or when the residuals are above 5 %, where the test says
        nothing more.

    Raises
    ------
    InputError
        As :func:`~lamion.techniques.impedance.points.ordered`, or when large residuals or outliers mean nothing since
        the points allow fewer than two elements per decade.

    Notes
    -----
    Every sum of RC elements obeys the relations, so more elements than mu allows are tried, up to seven per decade,
    before a structure counts: a spectrum of sharp arcs stops the mu criterion at a poor fit. The residuals of that
    many elements also say whether the noise is in proportion to abs Z, or has a part that is the same at every abs Z:
    the points are weighted accordingly. No outlier was found among 1,200 valid spectra of 40 to 60 points with
    noise of either kind or both. A drift that leaves less
    than the noise passes: of synthetic cells whose slower arc grew by half during the sweep, one in four is found
    at 1 % noise and half at 0.3 %, but 3 % and 10 % of them where a blocking tail hides the arc.

    References
    ----------
    M. Schoenleber, D. Klotz, E. Ivers-Tiffee, Electrochim. Acta 131 (2014) 20, doi:10.1016/j.electacta.2014.01.034.

    Examples
    --------
    >>> f = np.logspace(-1, 5, 61)
    >>> blocking = 20 + 50 / (1 + 1j * f / 1e4) + 1 / (1e-4 * (2j * np.pi * f) ** 0.9)
    >>> validity_raw(f, blocking).valid, validity_raw(f, blocking.conj()).valid
    (True, False)
    """
    points = ordered(frequency, impedance)
    kind = _Terms(mu_limit, capacitor, inductance)
    first = raise_elements(points, mu_limit, capacitor=capacitor, inductance=inductance)
    found = _sorted(points, kind)
    places = np.array([] if found.many else sorted(found.outliers), dtype=np.intp)
    rest = found.every.judged if found.many else found.rest.judged
    noise, misfit = _parts(rest)
    shown = noise_left(rest if found.many else found.rest.closest)
    against = _reason_against(rest, noise, misfit)
    hint = _sign_hint(rest, kind) if against and not len(places) else ""
    if (found.outliers or against) and misfit <= _SMALL_MISFIT and not hint:
        _refuse_too_few(points)
    if found.many and not against:
        against = f"{len(found.outliers)} points or more lie off the others, which is no fault of single points."
    against += hint or _reason_of_neighbours(frequency, places)
    return Validity(
        not (against or found.outliers),
        against or _reason_for(rest, misfit, shown),
        first,
        rest,
        neighbour_correlation(rest),
        noise,
        misfit,
        places,
        not against,
        low_frequency_drift(rest),
        shown,
    )


@dataclass(frozen=True)
class _Terms:
    """What is fitted, and where mu stops it."""

    mu_limit: float
    capacitor: bool
    inductance: bool

    def fit(self, points: OrderedPoints, elements: int) -> LinKK:
        return fit_elements(points, elements, capacitor=self.capacitor, inductance=self.inductance)

    def raised(self, points: OrderedPoints) -> LinKK:
        return raise_elements(points, self.mu_limit, capacitor=self.capacitor, inductance=self.inductance)


def validity(
    spectrum: ImpedanceSpectrum,
    *,
    mu_limit: float = MU_LIMIT,
    capacitor: bool = True,
    inductance: bool = True,
) -> Answer:
    """Test a spectrum for drift, instability and wrong points.

    Parameters
    ----------
    spectrum : ImpedanceSpectrum
        To be tested.
    mu_limit, capacitor, inductance
        As in :func:`validity_raw`.

    Returns
    -------
    Answer
        ``mu`` and ``residual_rms`` (relative to abs Z), ``noise``, ``misfit``, ``low_frequency_drift``; ``verdict``
        is ``"valid"``, ``"not valid"`` or, where single points lie off, such as ``"valid but for point 1
        (100 kHz)"``; ``reason`` says why; the residuals as series and figure.

    Raises
    ------
    InputError
        As :func:`validity_raw`.

    Examples
    --------
    >>> f = np.logspace(0, 5, 51)
    >>> validity(ImpedanceSpectrum(f, 20 + 50 / (1 + 1j * f / 1e3))).verdict
    'valid'
    """
    found = validity_raw(
        spectrum.frequency, spectrum.impedance, mu_limit=mu_limit, capacitor=capacitor, inductance=inductance
    )
    off = _named(spectrum, found.outliers)
    results = {
        "mu": Quantity(max(found.test.mu, -1e9), None, "1", _SOURCE),
        "residual_rms": Quantity(found.model.residual_rms, None, "1", _SOURCE),
        "noise": Quantity(found.noise, None, "1"),
        "misfit": Quantity(found.misfit, None, "1"),
    }
    if found.drift is not None:
        results["low_frequency_drift"] = Quantity(found.drift.size, found.drift.std, "1", _Z_HIT)
    return Answer(
        results,
        _series(found.model),
        _notes(found, spectrum),
        _warnings(found),
        {"residuals": _figure(found, spectrum)},
        verdict=_verdict(found, off),
        reason=f"{_about_outliers(off)}{found.reason}",
        method=_method(found),
    )


def without_outliers(spectrum: ImpedanceSpectrum) -> ImpedanceSpectrum:
    """Leave out the points that lie off all others, where the others are valid, and the points suffice to tell.

    Parameters
    ----------
    spectrum : ImpedanceSpectrum
        Any.

    Examples
    --------
    >>> f = np.logspace(5, 0, 51)
    >>> z = 20 + 50 / (1 + 1j * f / 1e3)
    >>> z[0] *= 1.5
    >>> without_outliers(ImpedanceSpectrum(f, z)).left_out[0].number
    1
    """
    try:
        found = validity_raw(spectrum.frequency, spectrum.impedance)
    except InputError:
        return spectrum
    if not (found.rest_valid and len(found.outliers)):
        return spectrum
    return spectrum.without(spectrum.numbers[found.outliers].tolist(), OFF)


def _named(spectrum: ImpedanceSpectrum, places: NDArray[np.intp]) -> str:
    """Name points by number and frequency; empty for none."""
    return points_in_words(spectrum.numbers[places].tolist(), spectrum.frequency[places].tolist())


def _verdict(found: Validity, off: str) -> str:
    if found.valid:
        return "valid"
    return f"valid but for {off}" if found.rest_valid else "not valid"


def _about_outliers(off: str) -> str:
    if not off:
        return ""
    each = "lies off what all others say of it" if off.startswith("point ") else "lie off what all others say of them"
    return f"{off[0].upper()}{off[1:]} {each}: repeat or leave out. Of the others: "


@dataclass(frozen=True, eq=False)
class _Fits:
    """The fit that the verdict is drawn from, and one of as many elements as may be, which misses nothing of a cell."""

    judged: LinKK
    closest: LinKK

    @classmethod
    def of(cls, points: OrderedPoints, kind: _Terms) -> _Fits:
        """Fit points, weighted by their spread."""
        judged = _until_unstructured(kind.raised(points), kind)
        return cls(judged, kind.fit(points, _most(judged)))


def _until_unstructured(model: LinKK, kind: _Terms) -> LinKK:
    """Raise the number of elements until the residuals show no structure and could be noise, or to seven per decade.

    Few points show no structure: there mu alone can stop the elements short of what the cell needs.
    """
    points = model.points
    most = _most(model)
    while model.elements < most and model.residual_rms > 1e-12 and _could_be_closer(model):
        model = kind.fit(points, min(model.elements + _STEP, most))
    return model


def _most(model: LinKK) -> int:
    """Return how many elements may follow a spectrum: seven per decade, if its points determine as many."""
    decades = math.log10(model.points.frequency[-1] / model.points.frequency[0])
    return min(most_elements(model.points), max(model.elements, math.ceil(_PER_DECADE * decades)))


def _could_be_closer(model: LinKK) -> bool:
    return _size(model) > _MOST_NOISE or neighbour_correlation(model) > _STRUCTURE


def _size(model: LinKK) -> float:
    """Return the root mean square of the residuals over the points' spread, which is abs Z or more."""
    return math.sqrt(float(np.mean(model.scattered**2)))


def _parts(model: LinKK) -> tuple[float, float]:
    """Split the residuals, relative to abs Z, into what neighbours do not share and what they do."""
    scattered = model.scattered
    if neighbour_correlation(model) <= _STRUCTURE:
        return model.residual_rms, 0.0
    second = scattered[:, :-2] - 2.0 * scattered[:, 1:-1] + scattered[:, 2:]
    alone = min(float(np.mean(second**2)) / (6.0 * float(np.mean(scattered**2))), 1.0)
    return model.residual_rms * math.sqrt(alone), model.residual_rms * math.sqrt(1.0 - alone)


@dataclass(frozen=True, eq=False)
class _Sorted:
    """A fit of all points, the places of those that lie off, and the fit without them."""

    every: _Fits
    outliers: list[int]
    rest: _Fits

    @property
    def many(self) -> bool:
        """Whether so many lie off that it is the measurement that does."""
        return len(self.outliers) > _most_outliers(self.every.judged.points)


def _sorted(points: OrderedPoints, kind: _Terms) -> _Sorted:
    """Find the outliers, with noise in proportion to abs Z and, where the other points show another, with that."""
    found, known = _leave_out(_Fits.of(points, kind), kind), 0.0
    for _ in range(_REWEIGHTINGS):
        constant = noise_left(found.rest.closest, doubted=bool(found.outliers)).constant_share
        if math.isclose(constant, known):
            break
        found, known = _leave_out(_Fits.of(points.scattering(constant), kind), kind), constant
    return found


def _leave_out(every: _Fits, kind: _Terms) -> _Sorted:
    """Leave out the worst point while one lies off, or until many do."""
    found = _Sorted(every, [], every)
    while not found.many and (off := lying_off(found.rest.closest)).any():
        points = found.rest.closest.points
        order = np.argsort(np.where(off, -deleted(found.rest.judged).square, np.inf))
        worst = int(order[0])
        rest = points.without(np.arange(len(points)) == worst)
        if len(np.unique(rest.frequency)) < _FEWEST_LEFT:
            return _Sorted(every, [], every)
        if np.count_nonzero(off) > _NEIGHBOURS * _most_outliers(points):
            return _Sorted(every, points.places[order[: np.count_nonzero(off)]].tolist(), every)
        found = _Sorted(every, [*found.outliers, int(points.places[worst])], _Fits.of(rest, kind))
    return found


def _most_outliers(points: OrderedPoints) -> int:
    """Return how many points may lie off before it is the measurement that is off: one in twenty, at most twenty."""
    return min(max(1, len(points) // 20), _MOST_OUTLIERS)


def _reason_of_neighbours(frequency: ArrayLike, outliers: NDArray[np.intp]) -> str:
    """Tell whether outliers are no single bad points: beside each other, or where the order of the sweep turns."""
    f = np.asarray(frequency, dtype=np.float64)
    turned = out_of_order(f)
    if np.isin(outliers, turned).any():
        where = ", ".join(format_frequency(one) for one in f[turned])
        return f"The sweep turns to {where} and back, where the impedance is not that of the frequency: a false number."
    ranks = np.argsort(np.argsort(f, kind="stable"), kind="stable")[outliers]
    if np.any(np.diff(np.sort(ranks)) == 1):
        return "Points beside each other lie off: the cell changed, or a whole range is wrong."
    return ""


def _reason_against(model: LinKK, noise: float, misfit: float) -> str:
    if misfit > _SMALL_MISFIT:
        return (
            f"Neighbouring residuals share {100 * misfit:.2g} % of abs Z beside {100 * noise:.2g} % of noise, most at "
            f"{_most_at(model):.3g} Hz: the cell changed while it was measured, or the signs or columns are wrong."
        )
    if _size(model) > _MOST_NOISE:
        return f"The residuals are {100 * _size(model):.2g} % of abs Z: noise, or no impedance of a steady cell."
    return ""


def _refuse_too_few(points: OrderedPoints) -> None:
    """Refuse a spectrum whose points allow too few elements for large residuals to mean anything."""
    decades = math.log10(points.frequency[-1] / points.frequency[0])
    if most_elements(points) < _FEWEST_PER_DECADE * decades:
        raise InputError(
            f"{len(points)} points over {decades:.2g} decades are too few to test: the elements that they allow leave "
            "large residuals of any cell.",
            "",
            "Measure ten points per decade.",
        )


def _most_at(model: LinKK) -> float:
    """Return the frequency in Hz at which a running mean of five residuals is largest."""
    kernel = np.ones(5) / 5.0
    smooth = [np.convolve(part, kernel, mode="same") for part in model.residuals]
    return float(model.points.frequency[int(np.argmax(np.hypot(*smooth)))])


def _sign_hint(model: LinKK, kind: _Terms) -> str:
    """Return what to say when the spectrum with the imaginary part's sign turned fits far better."""
    if kind.fit(model.points.conjugate(), model.elements).residual_rms < 0.2 * model.residual_rms:
        return " With the sign of the imaginary part turned it fits: the column may hold -Im Z."
    return ""


def _reason_for(model: LinKK, misfit: float, shown: Noise) -> str:
    size = f"The residuals are {100 * model.residual_rms:.2g} % of abs Z"
    if misfit > 0:
        return f"{size}; the shape in them is {100 * misfit:.2g} %, too small to matter."
    if model.residual_rms < _ROUNDING:
        return f"{size}: the spectrum obeys the relations as closely as its numbers are printed."
    alike = neighbour_correlation(model)
    return (
        f"{size} with no shape in them that stands out (neighbours alike by {alike:.1f} standard deviations); they "
        f"look like noise of {shown.in_words}."
    )


def _method(found: Validity) -> str:
    points = len(found.model.points.frequency)
    return (
        f"Lin-KK, {found.model.elements} RC elements fitted to {points} points; the verdict is drawn from the size and "
        "the structure of what is left."
    )


def _notes(found: Validity, spectrum: ImpedanceSpectrum) -> dict[str, object]:
    test, model = found.test, found.model
    return {
        "elements": {"by_mu": test.elements, "judged": model.elements, "residual_rms_by_mu": test.residual_rms},
        "structure": found.correlation,
        "noise": {"kind": found.shown.kind, "relative": found.shown.relative, "constant_ohm": found.shown.constant},
        "series_resistance_ohm": model.series_resistance,
        "series_capacitance_F": 1.0 / model.inverse_capacitance if model.inverse_capacitance > 0 else None,
        "inductance_H": model.inductance,
        "outliers": spectrum.numbers[found.outliers].tolist(),
        "outliers_Hz": spectrum.frequency[found.outliers].tolist(),
        "linearity": LINEARITY_NOTE,
    }


def _warnings(found: Validity) -> tuple[str, ...]:
    warnings = unphysical(found.model) if found.rest_valid else []
    if found.rest_valid and found.drift is not None and found.drift.seen:
        warnings.append(
            f"Below {format_frequency(found.drift.below)} |Z| is {100 * found.drift.size:.2g} ± "
            f"{100 * found.drift.std:.1g} % off what its phase asks for (Z-HIT): the cell drifted while it was "
            "measured there, which Kramers-Kronig sees less well. Wait longer before the sweep, or end it sooner."
        )
    if found.valid and found.misfit > 0:
        warnings.append(
            f"A shape of {100 * found.misfit:.2g} % of abs Z stays in the residuals: a slight drift, or the instrument."
        )
    if len(found.model.points) < _FEW_POINTS:
        warnings.append(
            f"With {len(found.model.points)} points the test sees only gross faults; measure ten points per decade."
        )
    return tuple(warnings)


def _series(model: LinKK) -> dict[str, list[float]]:
    fitted = model.impedance
    return {
        "Frequency / Hz": model.points.frequency.tolist(),
        "Real Impedance / ohm": model.points.impedance.real.tolist(),
        "Imaginary Impedance / ohm": model.points.impedance.imag.tolist(),
        "Model Real Impedance / ohm": fitted.real.tolist(),
        "Model Imaginary Impedance / ohm": fitted.imag.tolist(),
        "Real Residual / 1": model.residuals[0].tolist(),
        "Imaginary Residual / 1": model.residuals[1].tolist(),
    }


def _figure(found: Validity, spectrum: ImpedanceSpectrum) -> FigureData:
    model = found.model
    off = spectrum.frequency[found.outliers]
    title = f"Kramers-Kronig residuals: {_verdict(found, _named(spectrum, found.outliers))}"
    left_over = model.residuals[0] + 1j * model.residuals[1]
    return residual_figure(title, model.points.frequency, left_over, found.noise, off)
