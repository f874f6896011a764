"""From a spectrum to its relaxation times: the distribution, its peaks and their resistances."""

from __future__ import annotations

import math

import numpy as np

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Band, Figure, Line, Panel, Rule, Span, Trace, prefixed
from lamion.records.impedance import ImpedanceSpectrum
from lamion.techniques.impedance.drt_tikhonov import Distribution, TailKind, relaxation_times_raw
from lamion.techniques.impedance.inductive_loop import inductive_loop
from lamion.techniques.impedance.peaks import RelaxationPeak, RelaxationPeaks, find_peaks

_SOURCE = "distribution of relaxation times, Tikhonov with non-negativity"
_POOR_FIT = 0.03
_CHOICE = "most probable: marginal likelihood on a grid of three per decade"


def relaxation_times(
    spectrum: ImpedanceSpectrum,
    *,
    regularisation: float | None = None,
    tail: TailKind = "auto",
    inductance: bool = True,
) -> Answer:
    """Find the relaxation times of a spectrum and their resistances.

    Parameters
    ----------
    spectrum : ImpedanceSpectrum
        To be resolved.
    regularisation : float, optional
        lambda; chosen by the data without it.
    tail, inductance
        As in :func:`~lamion.techniques.impedance.drt_tikhonov.relaxation_times_raw`.

    Returns
    -------
    Answer
        ``polarisation_resistance``, ``series_resistance`` (ohm); ``peak1.time`` (s), ``peak1.resistance`` (ohm),
        ``peak1.exponent``, ..., the fastest first; ``notes.lambda``; the distribution as series and figure.

    Raises
    ------
    InputError
        As :func:`~lamion.techniques.impedance.drt_tikhonov.relaxation_times_raw`; for an inductive loop.

    Notes
    -----
    Whether two arcs are seen as two depends on their distance: at 1 % noise, exponents above 0.8 and resistances
    within a factor of three, those 1.5 decades apart give two peaks in 95 % of cases or more.

    Examples
    --------
    >>> f = np.logspace(-1, 5, 61)
    >>> z = 10 + 50 / (1 + (2j * np.pi * f * 1e-3) ** 0.9)
    >>> answer = relaxation_times(ImpedanceSpectrum(f, z))
    >>> [(name, round(quantity.value, 4)) for name, quantity in answer.results.items() if "peak" in name]
    [('peak1.time', 0.001), ('peak1.resistance', 50.0), ('peak1.exponent', 0.9)]
    """
    _refuse_loop(spectrum)
    found = relaxation_times_raw(
        spectrum.frequency, spectrum.impedance, regularisation=regularisation, tail=tail, inductance=inductance
    )
    peaks = find_peaks(found)
    return Answer(
        _results(found, peaks),
        _series(found),
        _notes(found, peaks, chosen=regularisation is None),
        _warnings(found, peaks),
        {"relaxation-times": _figure(found, peaks)},
        method=f"A distribution of relaxation times that is not negative, by Tikhonov regularisation of "
        f"{len(spectrum)} points, lambda {'chosen by the data' if regularisation is None else 'as given'}.",
    )


def _refuse_loop(spectrum: ImpedanceSpectrum) -> None:
    loop = inductive_loop(spectrum.frequency, spectrum.impedance)
    if loop is None:
        return
    side, bound = ("below", "fmin") if loop.end == "low" else ("above", "fmax")
    raise InputError(
        f"The spectrum has an inductive loop {side} {loop.frequency:.3g} Hz: its imaginary part is positive there.",
        "A distribution of relaxation times holds no inductive branch; it would go into the peaks and resistances.",
        f"Leave these frequencies out ({bound}), or fit a circuit with a branch of its own, such as p(R3,L3).",
    )


def _results(found: Distribution, peaks: RelaxationPeaks) -> dict[str, Quantity]:
    results = {
        "polarisation_resistance": Quantity(
            peaks.polarisation_resistance, peaks.polarisation_resistance_std, "ohm", _SOURCE
        ),
        "series_resistance": Quantity(peaks.series_resistance, peaks.series_resistance_std, "ohm", _SOURCE),
    }
    for number, peak in enumerate(peaks.peaks, start=1):
        spread = math.exp(min(peak.log_time_std, 50.0))
        results[f"peak{number}.time"] = Quantity(
            peak.time, peak.time * peak.log_time_std, "s", _SOURCE, (peak.time / spread, peak.time * spread)
        )
        results[f"peak{number}.resistance"] = Quantity(peak.resistance, peak.resistance_std, "ohm", _SOURCE)
        if peak.exponent is not None:
            results[f"peak{number}.exponent"] = Quantity(peak.exponent, peak.exponent_std, "1", _SOURCE)
    return results


def _notes(found: Distribution, peaks: RelaxationPeaks, *, chosen: bool) -> dict[str, object]:
    tail = None if found.tail is None else {"Q_S_s^n": found.tail.Q, "exponent": found.tail.exponent}
    how = "Cole-Cole relaxations fitted to the spectrum, one per peak" if peaks.from_relaxations else "areas and tops"
    return {
        "lambda": found.regularisation,
        "lambda_choice": _CHOICE if chosen else "given",
        "peaks": len(peaks.peaks),
        "peak_values": how,
        "residual_rms": found.residual_rms,
        "area_of_distribution_ohm": found.polarisation_resistance,
        "inductance_H": found.inductance,
        "tail": tail,
    }


def _warnings(found: Distribution, peaks: RelaxationPeaks) -> tuple[str, ...]:
    warnings = []
    if found.residual_rms > _POOR_FIT:
        warnings.append(
            f"The distribution leaves {100 * found.residual_rms:.2g} % of abs Z: noise, or no impedance of a steady "
            "cell. Test it with `lamion analyze kk`."
        )
    if not peaks.peaks:
        warnings.append("No peak stands out of the uncertainty within the spectrum's frequencies.")
    elif not peaks.from_relaxations:
        warnings.append(
            "The spectrum is no sum of Cole-Cole relaxations at these peaks, so a peak's resistance is the area "
            "between two valleys: its uncertainty leaves out what overlapping peaks share beyond a factor of e in time."
        )
    return tuple(warnings)


def _series(found: Distribution) -> dict[str, list[float]]:
    return {
        "Time Constant / s": found.time_constants.tolist(),
        "Distribution / ohm": found.gamma.tolist(),
        "Distribution Uncertainty / ohm": np.sqrt(np.maximum(np.diag(found.covariance), 0.0)).tolist(),
    }


def _figure(found: Distribution, peaks: RelaxationPeaks) -> FigureData:
    height = _height(found, peaks)
    size, unit = prefixed(height, "ohm")
    gamma, std = found.gamma / size, np.sqrt(np.maximum(np.diag(found.covariance), 0.0)) / size
    traces: list[Trace] = [
        Band(found.time_constants, (gamma - std).clip(0.0), gamma + std),
        Line(found.time_constants, gamma),
    ]
    traces += [Rule(peak.time, text=f"{peak.time:.2g} s\n{_resistance(peak)}") for peak in peaks.peaks]
    ends = float(found.time_constants[0]), float(found.time_constants[-1])
    traces += [
        Span(low, high, label=text, color="faint")
        for low, high, text in (
            (ends[0], _time(found.points.frequency[-1]), "beyond the measured frequencies"),
            (_time(found.points.frequency[0]), ends[1], ""),
        )
        if low < high
    ]
    x = Axis("time constant", "s", "log", low=ends[0], high=ends[1])
    panel = Panel(traces, x, Axis("distribution", unit, low=0.0, high=_HEADROOM * height / size))
    return Figure([panel], size=(6.0, 3.4)).entitled("Distribution of relaxation times")


_HEADROOM = 1.3


def _time(frequency: float) -> float:
    return 1.0 / (2.0 * math.pi * float(frequency))


def _resistance(peak: RelaxationPeak) -> str:
    return str(Quantity(peak.resistance, peak.resistance_std if math.isfinite(peak.resistance_std) else None, "ohm"))


def _height(found: Distribution, peaks: RelaxationPeaks) -> float:
    """Return the largest value near a peak, or anywhere without peaks: a tail may rise far above."""
    if not peaks.peaks:
        return float(max(found.gamma.max(), 1e-12))
    at = np.log([peak.time for peak in peaks.peaks])
    return float(np.interp(at, np.log(found.time_constants), found.gamma).max()) or 1.0
