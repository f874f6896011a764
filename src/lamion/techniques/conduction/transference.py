"""The current fraction of an electrolyte from a DC polarisation of a Li|Li cell and two impedance spectra."""

from __future__ import annotations

import math
from typing import Any

from lamion.quantities import Answer, FigureData, InputError, Quantity, units
from lamion.quantities.figure import Axis, Figure, Panel, Points, Rule, Span, prefixed
from lamion.quantities.level import LEVEL_95, level_text
from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.measurements import CurrentTransient
from lamion.records.record import check_area
from lamion.techniques.conduction.current_fraction import Polarisation, ResistancePair, current_fraction
from lamion.techniques.conduction.interfacial_resistance import CANDIDATES, CellModel
from lamion.techniques.conduction.polarisation_reading import PolarisationReading, read_polarisation

_LABEL = "current fraction (Evans, Vincent, Bruce): the cation transference number only in an ideal, dilute electrolyte"
_SENSITIVE = 0.05
_LARGE_BIAS = 0.020
_USELESS = 0.1
_ROUNDING = 1e-9
_SOURCE = "Evans, Vincent and Bruce, doi:10.1016/0032-3861(87)90394-6"


def transference_from_numbers(
    bias: Quantity,
    initial_current: Quantity,
    steady: Quantity,
    initial_resistance: Quantity,
    steady_resistance: Quantity,
) -> Answer:
    r"""Find the current fraction from five numbers.

    .. math:: \rho_+ = \frac{I_s (\Delta V - I_0 R_0)}{I_0 (\Delta V - I_s R_s)}

    Parameters
    ----------
    bias : Quantity
        Delta V.
    initial_current, steady : Quantity
        I_0 and I_s; currents, or current densities where the resistances are area-specific.
    initial_resistance, steady_resistance : Quantity
        R_0 and R_s: of the interfaces, both electrodes together.

    Returns
    -------
    Answer
        ``current_fraction`` with its interval (Fieller's, which may be open); ``notes.interval_95``,
        ``notes.conditioning``.

    Raises
    ------
    InputError
        When units do not fit together, a number is not positive, or the interfaces would need the whole bias.

    References
    ----------
    J. Evans, C. A. Vincent, P. G. Bruce, Polymer 28 (1987) 2324, doi:10.1016/0032-3861(87)90394-6; E. C. Fieller,
    J. R. Stat. Soc. B 16 (1954) 175, doi:10.1111/j.2517-6161.1954.tb00159.x.

    Examples
    --------
    >>> answer = transference_from_numbers(
    ...     Quantity(10.0, None, "mV"), Quantity(0.100, 0.001, "mA"), Quantity(0.050, 0.0005, "mA"),
    ...     Quantity(40.0, 0.4, "ohm"), Quantity(50.0, 0.5, "ohm"))
    >>> print(answer.results["current_fraction"])
    0.4000(90) (68 %: 0.391 to 0.4091)
    """
    _check_units(bias, (initial_current, steady), (initial_resistance, steady_resistance))
    given = (bias, initial_current, steady, initial_resistance, steady_resistance)
    measured = Polarisation(*(q.si for q in given), *(q.si_std for q in given))
    shifts, pair = conditioning(measured), measured.pair()
    known = any(q.std for q in given)
    names = ("bias", "initial current", "steady current", "initial resistance", "steady resistance")
    missing = [name for name, q in zip(names, given, strict=True) if not q.std]
    return Answer(
        {"current_fraction": _quantity(pair, known=known)},
        notes={
            "label": _LABEL,
            "interval_95": list(pair.interval(LEVEL_95)) if known else None,
            "conditioning": shifts,
            "uncertainty_not_given": missing,
        },
        warnings=tuple(_doubts(measured, pair, shifts, known=known, steady_known=bool(given[4].std))),
        method="The equation of Evans, Vincent and Bruce, I_s (dV - I_0 R_0) / (I_0 (dV - I_s R_s)), from the five "
        "numbers given.",
    )


def transference_from_records(
    transient: CurrentTransient,
    before: ImpedanceSpectrum,
    after: ImpedanceSpectrum,
    *,
    bias: Quantity | None = None,
    current_accuracy: float = 0.0,
    drift_threshold: float = 0.01,
    candidates: tuple[CellModel, ...] = CANDIDATES,
) -> Answer:
    r"""Find the current fraction from a polarisation and the spectra before and after it.

    .. math:: I_0 = \frac{\Delta V}{R_b + R_0} \quad\Rightarrow\quad
              \rho_+ = \frac{R_b}{\Delta V / I_s - R_s}

    Parameters
    ----------
    transient : CurrentTransient
        The current at constant bias.
    before, after : ImpedanceSpectrum
        At rest before, and at the end of, the polarisation; of the same cell.
    bias : Quantity, optional
        Delta V; the mean voltage of the record without it.
    current_accuracy : float
        Relative standard uncertainty of the DC current's scale against the impedance's.
    drift_threshold : float
        The largest relative change over the last fifth of the record that counts as steady.
    candidates : tuple of CellModel
        The circuits to compare.

    Returns
    -------
    Answer
        ``current_fraction`` with its interval, ``bulk_resistance``, ``interfacial_resistance_before`` and
        ``_after``, ``initial_current`` (Ohm's law), ``first_current`` (first sample), ``steady_current``.

    Raises
    ------
    InputError
        When a spectrum holds no interfacial arc, the record is too short, the currents are not positive or the
        bias is missing.

    Notes
    -----
    I_0 comes from Ohm's law, since the first sample comes after the double layers and often after part of the
    diffusion; the first sample is compared. With it R_0 drops out of the ratio and the bulk resistance takes its
    place, leads included. An end of the record that still decays is extrapolated.

    References
    ----------
    J. Evans, C. A. Vincent, P. G. Bruce, Polymer 28 (1987) 2324, doi:10.1016/0032-3861(87)90394-6; P. G. Bruce,
    C. A. Vincent, J. Electroanal. Chem. 225 (1987) 1, doi:10.1016/0022-0728(87)80001-3.

    Examples
    --------
    A cell of bulk 20 ohm and interfaces 40 ohm whose current settles as it does for a fraction of 0.4:

    >>> import numpy as np
    >>> t, f = np.linspace(0.0, 900.0, 901), np.geomspace(1e5, 0.1, 37)
    >>> Z = 20.0 + 40.0 / (1.0 + 2j * np.pi * f * 1e-3)
    >>> I = 0.010 / 90.0 + (0.010 / 60.0 - 0.010 / 90.0) * np.exp(-t / 60.0)
    >>> spectrum = ImpedanceSpectrum(f, Z)
    >>> answer = transference_from_records(CurrentTransient(t, I, 0.010 + 0 * t), spectrum, spectrum)
    >>> round(answer.results["current_fraction"].value, 4)
    0.4
    """
    for record in (transient, before, after):
        check_area(record, None)
    reading = read_polarisation(
        transient,
        before,
        after,
        bias=bias,
        current_accuracy=current_accuracy,
        drift_threshold=drift_threshold,
        candidates=candidates,
    )
    measured, pair = reading.numbers(), reading.pair
    shifts = conditioning(measured)
    doubts = _doubts(measured, pair, shifts, known=True, steady_known=True)
    return Answer(
        _results(reading),
        transient.columns(),
        _record_notes(reading, shifts),
        tuple(doubts + reading.doubts()),
        {"polarisation": _figure(reading)},
        method="Bruce and Vincent, R_b / (dV / I_s - R_s): I_s from the end of the polarisation, the resistances from "
        "fits to the two spectra.",
    )


def conditioning(measured: Polarisation) -> dict[str, float | None]:
    """Return the current fraction with one measured number a hundredth higher or lower.

    Parameters
    ----------
    measured : Polarisation
        The five numbers.

    Returns
    -------
    dict of str to float or None
        None where the interfaces would then need the whole bias.

    Examples
    --------
    A film of 9 um between interfaces of 24.5 ohm cm2, whose current fraction is 0.78:

    >>> shifts = conditioning(Polarisation(0.010, 3.83142e-4, 3.76631e-4, 24.5, 24.5))
    >>> round(shifts["steady resistance +1 %"], 2), round(shifts["initial current -1 %"], 2)
    (0.89, 0.91)
    """

    def changed(place: int, factor: float) -> float | None:
        values = [
            measured.bias,
            measured.initial_current,
            measured.steady_current,
            measured.initial_resistance,
            measured.steady_resistance,
        ]
        values[place] *= factor
        try:
            return current_fraction(*values)
        except InputError:
            return None

    names = ("bias", "initial current", "steady current", "initial resistance", "steady resistance")
    shifts = {f"{name} +1 %": changed(i, 1.01) for i, name in enumerate(names)}
    return shifts | {f"{name} -1 %": changed(i, 0.99) for i, name in enumerate(names)}


def _quantity(pair: ResistancePair, *, known: bool) -> Quantity:
    return Quantity(
        pair.ratio,
        pair.ratio_error if known else None,
        "1",
        _SOURCE,
        pair.interval() if known else None,
    )


def _check_units(bias: Quantity, currents: tuple[Quantity, ...], resistances: tuple[Quantity, ...]) -> None:
    plain = all(units.same_dimension(q.unit, "A") for q in currents) and all(
        units.same_dimension(q.unit, "ohm") for q in resistances
    )
    specific = all(units.same_dimension(q.unit, "A/m2") for q in currents) and all(
        units.same_dimension(q.unit, "ohm m2") for q in resistances
    )
    if not units.same_dimension(bias.unit, "V") or not (plain or specific):
        raise InputError(
            "The units do not fit together.",
            "Currents go with resistances (mA, ohm), current densities with area-specific ones (mA/cm2, ohm cm2).",
            "Give the bias in mV and the others in one of the two ways.",
        )


def _doubts(
    measured: Polarisation,
    pair: ResistancePair,
    shifts: dict[str, float | None],
    *,
    known: bool,
    steady_known: bool,
) -> list[str]:
    found = [_ill_conditioned(measured, pair, shifts) if not steady_known else ""]
    if known:
        found += [_bulk_within(measured, pair), _wide(measured, pair)]
    if not 0 <= pair.ratio <= 1.0 + _ROUNDING:
        found.append(
            f"The current fraction {pair.ratio:.3f} lies outside 0 to 1, where every stable electrolyte's lies: an "
            "interface that shrank during the polarisation, or noise, explains it."
        )
    if measured.bias > _LARGE_BIAS:
        found.append(
            f"The bias of {1e3 * measured.bias:.3g} mV is large: the equation holds for small ones, about 10 mV."
        )
    return [text for text in found if text]


def _share(measured: Polarisation, pair: ResistancePair) -> str:
    return f"{100 * pair.initial * measured.initial_current / measured.bias:.2g} %"


def _ill_conditioned(measured: Polarisation, pair: ResistancePair, shifts: dict[str, float | None]) -> str:
    moved = [shifts["steady resistance +1 %"], shifts["steady resistance -1 %"]]
    if all(value is not None and abs(value - pair.ratio) <= _SENSITIVE for value in moved):
        return ""
    text = " or ".join("as large as one likes" if value is None else f"{value:.3f}" for value in moved)
    return (
        f"The current fraction {pair.ratio:.3f} is ill-conditioned: 1 % on the steady interfacial resistance makes "
        f"it {text}, since the electrolyte holds only {_share(measured, pair)} of the bias. Give the uncertainties, "
        "and measure a thicker film."
    )


def _bulk_within(measured: Polarisation, pair: ResistancePair) -> str:
    """Say where R_0 may hold the bulk: then I_0 R_0 is the whole bias."""
    if pair.initial > 2 * math.sqrt(pair.initial_variance):
        return ""
    share = measured.initial_current * measured.initial_resistance / measured.bias
    return (
        f"I_0 R_0 is {100 * share:.3g} % of the bias, within its uncertainty all of it: the bulk's resistance seems to "
        "be counted in R_0, which is that of the interfaces alone."
    )


def _wide(measured: Polarisation, pair: ResistancePair) -> str:
    low, high = pair.interval()
    if low is None or high is None:
        return (
            "The interval of the current fraction is open: within their uncertainties the interfaces may take the "
            "whole bias at steady state. Measure a thicker film."
        )
    if high - low > 2 * _USELESS:
        return (
            f"The current fraction is only known to lie from {low:.2f} to {high:.2f} ({level_text()}), since the "
            f"electrolyte holds {_share(measured, pair)} of the bias. Measure a thicker film."
        )
    return ""


def _results(reading: PolarisationReading) -> dict[str, Quantity]:
    before, after, end = reading.before, reading.after, reading.end
    return {
        "current_fraction": _quantity(reading.pair, known=True),
        "bulk_resistance": Quantity(before.bulk, before.bulk_total_std, "ohm"),
        "interfacial_resistance_before": Quantity(before.interfacial, before.interfacial_total_std, "ohm"),
        "interfacial_resistance_after": Quantity(after.interfacial, after.interfacial_total_std, "ohm"),
        "initial_current": Quantity(1e3 * reading.initial_current, 1e3 * reading.initial_current_std, "mA"),
        "first_current": Quantity(1e3 * reading.first_current, None, "mA"),
        "steady_current": Quantity(1e3 * end.value, 1e3 * end.std, "mA"),
    }


def _record_notes(reading: PolarisationReading, shifts: dict[str, float | None]) -> dict[str, Any]:
    before, after, end = reading.before, reading.after, reading.end
    return {
        "label": _LABEL,
        "interval_95": list(reading.pair.interval(LEVEL_95)),
        "conditioning": shifts,
        "initial_current": "Ohm's law: bias over bulk plus interfacial resistance before",
        "current_fraction_with_first_sample": _with_first_sample(reading),
        "first_sample_after_s": float(reading.transient.time[0]),
        "steady_state": {
            "verdict": "steady" if end.steady else "not steady",
            "drift_over_last_fifth": end.drift,
            "drift_uncertainty": end.drift_std,
            "threshold": reading.drift_threshold,
            "extrapolated": end.extrapolated,
            "time_constant_s": end.time_constant,
        },
        "circuits": {"before": before.model.circuit, "after": after.model.circuit},
        "uncertainty": {
            "bulk_resistance_model_choice_ohm": before.bulk_model_choice_std,
            "interfacial_resistance_model_choice_ohm": after.interfacial_model_choice_std,
        },
    }


def _with_first_sample(reading: PolarisationReading) -> float | None:
    try:
        return reading.numbers(reading.first_current).pair().ratio
    except InputError:
        return None


def _figure(reading: PolarisationReading) -> FigureData:
    size, unit = prefixed(float(abs(reading.current).max()), "A")
    steady, std = reading.end.value / size, reading.end.std / size
    traces = [
        Points(reading.transient.time, reading.current / size, "current", marker="dot"),
        Rule(reading.initial_current / size, "y", "initial, by Ohm's law", 1, "dashed"),
        Rule(steady, "y", "steady", 5, "solid"),
        Span(steady - std, steady + std, "y", color=5),
    ]
    panel = Panel(traces, Axis("time", "s"), Axis("current", unit))
    return Figure([panel]).entitled("Current while the cell is polarised")
