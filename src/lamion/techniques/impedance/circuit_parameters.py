"""Spectra to the parameters of a circuit, as quantities."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.progress import Progress, silent
from lamion.quantities import units
from lamion.quantities.answer import Answer, SeriesColumn
from lamion.quantities.errors import InputError
from lamion.quantities.figure import FigureData
from lamion.quantities.level import coverage_factor
from lamion.quantities.nyquist import nyquist
from lamion.quantities.quantity import Interval, Quantity
from lamion.records.impedance import ImpedanceSpectrum, left_out, points_in_words
from lamion.records.record import check_area
from lamion.techniques.impedance.capacitance import effective_capacitances
from lamion.techniques.impedance.choice import CircuitChoice, choose_circuit
from lamion.techniques.impedance.circuit import Circuit, scales
from lamion.techniques.impedance.circuit_fits import (
    CircuitFits,
    formal_deviations,
    residuals_correlate,
    widened_covariance,
)
from lamion.techniques.impedance.drift import Drift, drift_of
from lamion.techniques.impedance.elements.element import Array
from lamion.techniques.impedance.families import INDUCTIVE_FAMILY
from lamion.techniques.impedance.fit import fit_circuit
from lamion.techniques.impedance.held_parameters import fixed_values, limits_of
from lamion.techniques.impedance.inductive_branch import rest_resistance
from lamion.techniques.impedance.inductive_loop import inductive_loop
from lamion.techniques.impedance.noise import Noise, noise_of
from lamion.techniques.impedance.over_corrected import NegativeResistance, negative_resistance
from lamion.techniques.impedance.physical_order import arc_time_constant
from lamion.techniques.impedance.profile import circuit_profile_interval
from lamion.techniques.impedance.spectra import gather
from lamion.techniques.impedance.validity import OFF, without_outliers

_SQUARE_CENTIMETRES = 1e4
_QUADRATIC = 0.2
_OPEN = 1e30
"""A logarithm (or exponent) less certain than this gets the interval of its profile."""
_MISFIT = 1e-3
"""A structure in the residuals that matters, relative to abs Z."""
_SOURCE = "complex least squares on impedance"
_FIXED = "held at a given value"


@dataclass(frozen=True, eq=False)
class _Reading:
    """One spectrum's parameters in the units of the answer."""

    label: str
    results: dict[str, Quantity]
    undetermined: tuple[str, ...]
    at_bound: tuple[str, ...]
    covariance: Array
    drift: Drift
    negative: NegativeResistance | None = None
    source: str = _SOURCE


def circuit_parameters(
    spectra: Sequence[ImpedanceSpectrum],
    circuit: str | Sequence[str],
    *,
    weighting: str = "modulus",
    loss: str = "linear",
    fixed: Mapping[str, Quantity | float] | None = None,
    bounds: Mapping[str, str | tuple[float, float]] | None = None,
    shared: Sequence[str] = (),
    lowest: float = 0.0,
    highest: float = math.inf,
    area: Quantity | None = None,
    std: Sequence[ArrayLike] | None = None,
    in_order: bool = False,
    keep_outliers: bool = False,
    progress: Progress = silent,
) -> Answer:
    """Fit a circuit, or the best one of a family, to spectra.

    Parameters
    ----------
    spectra : sequence of ImpedanceSpectrum
        One, or a series that one circuit describes.
    circuit : str or sequence of str
        The circuit, such as ``R0-p(R1,CPE1)-CPE2``; of several the best is chosen by AICc.
    weighting : str
        ``"modulus"``, ``"proportional"``, ``"unit"``, or ``"measured"`` with `std`.
    loss : str
        ``"linear"``, or ``"robust"`` against outliers.
    fixed : Mapping of str to Quantity or float, optional
        Parameters that keep a value, a number in SI; with one circuit only.
    bounds : Mapping of str to str or pair of float, optional
        Between which values parameters may lie, such as ``{"R0": "-50..100 ohm"}``, a pair in SI; with one circuit
        only. A resistance in series with all else may be negative.
    shared : sequence of str
        Parameters that all spectra have in common; with one circuit only.
    lowest, highest : float
        The range of frequencies to use, Hz.
    area : Quantity, optional
        With it resistances are in ohm cm2 and capacitances in F/cm2.
    std : sequence of arrays, optional
        Measured standard deviations of the points of each spectrum, ohm: real, of both parts, or complex.
    in_order : bool
        Whether the spectra follow one another (in temperature, time, state of charge): each is then begun from its
        neighbours' parameters, too.
    keep_outliers : bool
        Whether the choice among circuits is fitted to points, too, that lie off all others by
        :func:`~lamion.techniques.impedance.validity.validity`. A circuit that is named is fitted to all points.
    progress : Progress
        Told how far the fits are.

    Returns
    -------
    Answer
        One result per parameter (R0, CPE1.Q, CPE1.n) and the effective capacitance C1 of every arc p(R1,CPE1). Of
        several spectra the results are the means; ``series`` has a row for each. A value whose uncertainty is not
        given was not determined by the data.

    Raises
    ------
    InputError
        When there is no spectrum, or the data or the circuit cannot be used.

    Examples
    --------
    >>> f = np.geomspace(1e5, 1.0, 40)
    >>> z = Circuit.read("R0-p(R1,C1)").impedance([10.0, 50.0, 1e-6], f)
    >>> found = circuit_parameters([ImpedanceSpectrum(f, z)], "R0-p(R1,C1)").results
    >>> round(found["R1"].value, 6), found["R1"].unit
    (50.0, 'ohm')
    """
    if not spectra:
        raise InputError("No impedance spectrum was given.")
    for spectrum in spectra:
        check_area(spectrum, spectrum.area if area is None else area.si)
    used = [_ascending(spectrum.within(lowest, highest)) for spectrum in spectra]
    if not (isinstance(circuit, str) or keep_outliers or std is not None):
        used = [without_outliers(spectrum) for spectrum in used]
    stds = None if std is None else [_kept(s, one, lowest, highest) for s, one in zip(spectra, std, strict=True)]
    block = gather([s.frequency for s in used], [s.impedance for s in used], weighting, stds)
    choice: CircuitChoice | None = None
    if isinstance(circuit, str):
        one = Circuit.read(circuit)
        one = one.within(limits_of(one, bounds or {}))
        fits = fit_circuit(
            one,
            block,
            fixed=fixed_values(one, fixed or {}),
            loss=loss,
            shared=shared,
            in_order=in_order,
            progress=progress,
        )
    elif fixed or bounds or shared:
        raise InputError("Fixed, bounded and shared parameters need one circuit, not a family to choose from.")
    else:
        family = [*circuit, *(INDUCTIVE_FAMILY if any(map(_has_loop, used)) else ())]
        choice = choose_circuit(block, family, loss=loss, progress=progress)
        fits = choice.fits
        if in_order:
            fits = fit_circuit(fits.circuit, fits.spectra, start=fits.values, in_order=True)
    labels = [_label(spectrum, index) for index, spectrum in enumerate(used)]
    readings = []
    for index, label in enumerate(labels):
        progress(index, len(labels), "uncertainties")
        readings.append(_read(fits, index, label, area, _source(used[index])))
    return Answer(
        results=readings[0].results if len(readings) == 1 else _means(readings),
        series=_curve_columns(fits) if len(readings) == 1 else _rows(fits, readings),
        notes=_notes(fits, readings, choice, weighting, loss, area),
        warnings=[*_left_out(used, labels), *_warnings(fits, readings)],
        figures={"nyquist": _figure(fits, readings, used)},
        synthetic=any(s.source is not None and s.source.format == "synthetic" for s in used),
        method=_method(fits, choice, weighting),
    )


def _ascending(spectrum: ImpedanceSpectrum) -> ImpedanceSpectrum:
    return spectrum.at(np.argsort(spectrum.frequency, kind="stable"))


def _has_loop(spectrum: ImpedanceSpectrum) -> bool:
    """Tell whether a spectrum ends in an inductive loop at low frequencies."""
    loop = inductive_loop(spectrum.frequency, spectrum.impedance)
    return loop is not None and loop.end == "low"


def _kept(spectrum: ImpedanceSpectrum, std: ArrayLike, lowest: float, highest: float) -> NDArray[Any]:
    """Return the standard deviations of the points that are used, in ascending order of frequency."""
    given, f = np.asarray(std), spectrum.frequency
    if given.shape != f.shape:
        raise InputError(f"{given.shape} standard deviations were given for {len(f)} points.")
    order = np.argsort(f, kind="stable")
    return np.asarray(given[order][(f[order] >= lowest) & (f[order] <= highest)])


def _label(spectrum: ImpedanceSpectrum, index: int) -> str:
    return spectrum.name or f"spectrum {index + 1}"


def _source(spectrum: ImpedanceSpectrum) -> str:
    synthetic = spectrum.source is not None and spectrum.source.format == "synthetic"
    return f"{_SOURCE} (synthetic data)" if synthetic else _SOURCE


def _read(fits: CircuitFits, index: int, label: str, area: Quantity | None, source: str) -> _Reading:
    drift = drift_of(fits, index)
    covariance = widened_covariance(fits, index)
    determined = np.sqrt(np.diag(covariance)) < fits.largest_deviations
    if drift.seen or not residuals_correlate(fits, index):
        covariance = covariance + drift.covariance
    deviations = np.sqrt(np.diag(covariance))
    per_coordinate = np.where(fits.logarithmic, fits.values[index], scales(fits.circuit))
    results: dict[str, Quantity] = {}
    lost, at_bound = [], []
    for place, (name, parameter) in enumerate(zip(fits.circuit.names, fits.circuit.parameters, strict=True)):
        factor, unit = _per_area(parameter.unit, parameter.impedance_power, area)
        value = float(fits.values[index, place])
        std: float | None = float(deviations[place] * per_coordinate[place])
        interval: Interval | None = None
        if fits.free[place] and not deviations[place] < _QUADRATIC:
            formal = float(formal_deviations(fits, index)[np.sum(fits.free[:place])])
            wider = deviations[place] / formal if 0 < formal < np.inf and np.isfinite(deviations[place]) else 1.0
            found = circuit_profile_interval(fits, index, name, float(wider))
            interval = _scaled(found.low, factor), _scaled(found.high, factor)
        if not determined[place]:
            lost.append(name)
            std = None
        if fits.free[place] and np.isclose(value, [parameter.lower, parameter.upper], rtol=1e-9, atol=0.0).any():
            at_bound.append(name)
        std = _with_area(std, value, 0.0 if parameter.exponent else parameter.impedance_power, area)
        origin = source if fits.free[place] else _FIXED
        results[name] = Quantity(value * factor, None if std is None else std * factor, unit, origin, interval)
    results.update(_polarisation(fits, index, covariance, area, source))
    results.update(_capacitances(fits, index, covariance, area, source))
    negative = negative_resistance(fits, index) if _misfit(fits, index) else None
    return _Reading(label, results, tuple(lost), tuple(at_bound), covariance, drift, negative, source)


def _per_area(unit: str, power: float, area: Quantity | None) -> tuple[float, str]:
    """Return the factor and the unit of an area-specific value; a unit that cannot be read yet becomes 1."""
    if area is not None and power:
        factor = float((area.si * _SQUARE_CENTIMETRES) ** power)
        wanted = f"{unit} cm2" if power > 0 else f"{unit}/cm2"
        return factor, _readable(wanted)
    return 1.0, _readable(unit)


def _readable(unit: str) -> str:
    try:
        units.check(unit)
    except InputError:
        return "1"
    return unit


def _scaled(end: float | None, factor: float) -> float | None:
    return None if end is None else end * factor


def _with_area(std: float | None, value: float, power: float, area: Quantity | None) -> float | None:
    if std is None or area is None or not power:
        return std
    return math.hypot(std, value * power * area.si_std / area.si)


def _capacitances(
    fits: CircuitFits, index: int, covariance: Array, area: Quantity | None, source: str
) -> dict[str, Quantity]:
    factor, unit = _per_area("F", -1.0, area)
    results = {}
    for one in effective_capacitances(fits.circuit, fits.values[[index]], covariance[None]):
        value, relative = float(one.parallel[0]), float(one.parallel_std[0] / one.parallel[0])
        std = _with_area(value * relative if relative < 1.0 else None, value, -1.0, area)
        results[one.label] = Quantity(value * factor, None if std is None else std * factor, unit, source)
    return results


def _polarisation(
    fits: CircuitFits, index: int, covariance: Array, area: Quantity | None, source: str
) -> dict[str, Quantity]:
    """Return what resistances beside an inductive branch come to at zero frequency, without those in series."""
    rest = rest_resistance(fits.circuit, fits.values[index])
    if rest is None:
        return {}
    factor, unit = _per_area("ohm", 1.0, area)
    variance = float(rest.slopes @ np.where(np.isfinite(covariance), covariance, 0.0) @ rest.slopes)
    std = _with_area(math.sqrt(max(variance, 0.0)), rest.polarisation, 1.0, area)
    return {"R_polarisation": Quantity(rest.polarisation * factor, None if std is None else std * factor, unit, source)}


def _means(readings: Sequence[_Reading]) -> dict[str, Quantity]:
    """Average over the spectra; the uncertainty is the scatter's or the spectra's own, whichever is larger."""
    count = len(readings)
    student = coverage_factor(freedom=count - 1)
    results = {}
    for name, first in readings[0].results.items():
        values = np.array([reading.results[name].value for reading in readings])
        own = [reading.results[name].std for reading in readings]
        mean = float(values.mean())
        scatter = student * float(values.std(ddof=1)) / math.sqrt(count)
        inside = None if None in own else math.sqrt(sum((std or 0.0) ** 2 for std in own)) / count
        results[name] = Quantity(mean, None if inside is None else max(scatter, inside), first.unit, first.source)
    return results


def _curve_columns(fits: CircuitFits) -> dict[str, SeriesColumn]:
    used = fits.spectra.used(0)
    data, fitted = fits.spectra.impedance[0, used], fits.fitted[0, used]
    return {
        "Frequency / Hz": fits.spectra.grid(0).tolist(),
        "Real Impedance / ohm": data.real.tolist(),
        "Imaginary Impedance / ohm": data.imag.tolist(),
        "Fitted Real Impedance / ohm": fitted.real.tolist(),
        "Fitted Imaginary Impedance / ohm": fitted.imag.tolist(),
    }


def _rows(fits: CircuitFits, readings: Sequence[_Reading]) -> dict[str, SeriesColumn]:
    rows: dict[str, SeriesColumn] = {"File": [reading.label for reading in readings]}
    for name, first in readings[0].results.items():
        rows[f"{name} / {first.unit}"] = [reading.results[name].value for reading in readings]
        rows[f"{name} Uncertainty / {first.unit}"] = [reading.results[name].std for reading in readings]
    rows["Relative Residual / 1"] = [float(noise) for noise in fits.noise]
    return rows


def _notes(
    fits: CircuitFits,
    readings: Sequence[_Reading],
    choice: CircuitChoice | None,
    weighting: str,
    loss: str,
    area: Quantity | None,
) -> dict[str, Any]:
    notes: dict[str, Any] = {
        "circuit": str(fits.circuit),
        "weighting": weighting,
        "loss": loss,
        "units": _declared_units(fits.circuit, area),
        "fixed": [name for name, free in zip(fits.circuit.names, fits.free, strict=True) if not free],
        "bounds": {one.name: [one.lower, one.upper] for one in fits.circuit.limits},
        "conventions": {leaf.element.symbol: leaf.element.convention for leaf in fits.circuit.leaves},
        "capacitance": "C of an arc is Q^(1/n) R^(1/n-1), its constant-phase element beside its own resistance",
        "spectra": [_spectrum_notes(fits, index, reading) for index, reading in enumerate(readings)],
    }
    if choice is not None:
        notes["choice"] = choice.reason
        notes["circuits_tried"] = [
            {"circuit": one.circuit, "aicc": _finite(one.aicc), "weight": one.weight, "undetermined": one.undetermined}
            for one in choice.ranked
        ]
    return notes


def _method(fits: CircuitFits, choice: CircuitChoice | None, weighting: str) -> str:
    count = fits.spectra.impedance.shape[0]
    points = sum(len(fits.spectra.grid(index)) for index in range(count))
    data = f"{points} points" if count == 1 else f"{points} points of {count} spectra"
    chosen = "" if choice is None else f", the best by AICc of {len(choice.ranked)} circuits"
    held = [name for name, free in zip(fits.circuit.names, fits.free, strict=True) if not free]
    said = [
        f"Complex least squares of {fits.circuit}{chosen} to {data}, {weighting} weighting",
        *([f"{', '.join(held)} held at the given value{'s' * (len(held) > 1)}"] if held else []),
        *(f"{one.name} kept within {_range(fits.circuit, one.name)}" for one in fits.circuit.limits),
        _goodness(fits),
        *_conventions(fits.circuit),
    ]
    return "; ".join(said) + "."


def _goodness(fits: CircuitFits) -> str:
    """Say how close the fit is: the residuals relative to abs Z, and the reduced chi-square of the weights."""
    relative = max(_relative_residual(fits, index) for index in range(len(fits)))
    of_the_worst = "" if len(fits) == 1 else " of the worst"
    shown = [_noise(fits, index) for index in range(len(fits))]
    constant = next((one for one in shown if one.constant), None)
    return (
        f"residuals{of_the_worst} {100 * relative:.2g} % of abs Z (rms), reduced chi-square {fits.noise.max() ** 2:.2g}"
        + ("" if constant is None else f", as of noise of {constant.in_words}")
    )


def _noise(fits: CircuitFits, index: int) -> Noise:
    """Return the noise that a spectrum's residuals show."""
    used = fits.spectra.used(index)
    data = fits.spectra.impedance[index, used]
    return noise_of(np.abs(fits.fitted[index, used] - data) ** 2, np.abs(data))


def _relative_residual(fits: CircuitFits, index: int) -> float:
    """Return the root of the mean square of the residuals of either part, relative to abs Z."""
    used = fits.spectra.used(index)
    data = fits.spectra.impedance[index, used]
    return float(np.sqrt(np.mean(np.abs(fits.fitted[index, used] - data) ** 2 / np.abs(data) ** 2) / 2))


def _conventions(circuit: Circuit) -> list[str]:
    """Say what the elements mean beyond resistors, capacitors and inductors."""
    elements = {leaf.element.symbol: leaf.element for leaf in circuit.leaves if leaf.element.symbol not in "RCL"}
    if not elements:
        return []
    return [f"Z, with s = j omega: {', '.join(element.convention for element in elements.values())}"]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _declared_units(circuit: Circuit, area: Quantity | None) -> dict[str, str]:
    """Return every parameter's unit in full, those that the results cannot carry included."""
    suffixes = {1.0: " cm2", -1.0: "/cm2"} if area is not None else {}
    return {
        name: parameter.unit + suffixes.get(parameter.impedance_power, "")
        for name, parameter in zip(circuit.names, circuit.parameters, strict=True)
    }


def _spectrum_notes(fits: CircuitFits, index: int, reading: _Reading) -> dict[str, Any]:
    values = fits.values[[index]]
    capacitances = effective_capacitances(fits.circuit, values, fits.covariance[[index]])
    scale = np.sqrt(np.diag(reading.covariance))
    product = np.outer(scale, scale)
    usable = np.isfinite(product) & (product > 0)
    shown = _noise(fits, index)
    correlation = np.where(usable, reading.covariance, 0.0) / np.where(usable, product, 1.0)
    return {
        "file": reading.label,
        "converged": bool(fits.converged[index]),
        "relative_residual": float(fits.noise[index]),
        "rms_residual": _relative_residual(fits, index),
        "reduced_chi_square": float(fits.noise[index] ** 2),
        "not_identifiable": list(reading.undetermined),
        "at_bound": list(reading.at_bound),
        "asked_for": {} if reading.negative is None else _all_values(reading.negative),
        "parameters": list(fits.circuit.names),
        "correlation": correlation.round(6).tolist(),
        "time_constants_s": _times(fits, values),
        "capacitance_brug_f": {c.label: float(c.brug[0]) for c in capacitances if np.isfinite(c.brug[0])},
        "noise": {"kind": shown.kind, "relative": shown.relative, "constant_ohm": shown.constant},
        "drift": {"of_all_Z": reading.drift.size, "uncertainty": _finite(reading.drift.std)},
        "range_used_hz": [float(fits.spectra.grid(index)[0]), float(fits.spectra.grid(index)[-1])],
    }


def _times(fits: CircuitFits, values: Array) -> dict[str, float]:
    from lamion.techniques.impedance.parsing import SeriesNode

    tree = fits.circuit.tree
    parts = tree.parts if isinstance(tree, SeriesNode) else (tree,)
    found = {str(part): arc_time_constant(fits.circuit, part, values) for part in parts}
    return {name: float(time[0]) for name, time in found.items() if time is not None}


def _warnings(fits: CircuitFits, readings: Sequence[_Reading]) -> list[str]:
    warnings = []
    bound = "" if fits.free.all() and not fits.circuit.limits else ", as held and bounded,"
    for index, reading in enumerate(readings):
        head = "" if len(readings) == 1 else f"{reading.label}: "
        if reading.undetermined:
            names = ", ".join(reading.undetermined)
            warnings.append(f"{head}The data do not determine {names}: not identifiable.")
        if reading.at_bound:
            names = ", ".join(f"{name} ({_range(fits.circuit, name)})" for name in reading.at_bound)
            warnings.append(f"{head}{names} stands at the end of its range.")
        if reading.negative is not None:
            warnings.append(f"{head}{_asked(reading.negative, reading.source)}")
        elif misfit := _misfit(fits, index):
            warnings.append(
                f"{head}The residuals keep a structure of about {100 * misfit:.2g} % of abs Z: "
                f"{fits.circuit}{bound} does not describe the spectrum within its noise, and the "
                f"uncertainties were widened for that.{_as_cause(reading.drift)}"
            )
        elif reading.drift.seen:
            warnings.append(f"{head}{_about(reading.drift)}")
        if not fits.converged[index]:
            warnings.append(f"{head}The fit did not converge.")
    return warnings


def _asked(negative: NegativeResistance, source: str) -> str:
    """Say what the data ask for where a series resistance would be negative."""
    found = _read(negative.fits, 0, "", None, source).results
    names = [name for name in negative.fits.circuit.names if name != negative.name]
    others = ", ".join(f"{name} {found[name]}" for name in names)
    allowed = f"{negative.name}={2 * negative.fits.values[0, negative.place]:.2g} ohm.."
    return (
        f"The data ask for {negative.name} of about {found[negative.name]}. No cell has a negative resistance: the "
        "leads were probably corrected for twice, or by too much. Correct the data, or allow it with "
        f'--circuit "{negative.fits.circuit}" --bounds "{allowed}": then {others}.'
    )


def _all_values(negative: NegativeResistance) -> dict[str, float]:
    return dict(zip(negative.fits.circuit.names, map(float, negative.fits.values[0]), strict=True))


def _range(circuit: Circuit, name: str) -> str:
    """Say between which values a parameter may lie."""
    parameter = circuit.parameters[circuit.names.index(name)]
    unit = "" if parameter.unit == "1" else f" {parameter.unit}"
    if parameter.upper >= _OPEN:
        return f"{parameter.lower:g}{unit} or more"
    return f"{parameter.lower:g} to {parameter.upper:g}{unit}"


def _about(drift: Drift) -> str:
    size, std = 100 * abs(drift.size), 100 * drift.std
    return (
        f"Z seems to have drifted by {size:.2g} ± {std:.1g} % during the sweep. The uncertainties were widened for "
        "that; to be sure, repeat the first frequencies at the end."
    )


def _as_cause(drift: Drift) -> str:
    return f" A drift of Z by {100 * abs(drift.size):.2g} % during the sweep may be the cause." if drift.seen else ""


def _left_out(used: Sequence[ImpedanceSpectrum], labels: Sequence[str]) -> list[str]:
    """Say which points were left out though nobody asked for it."""
    said = []
    for spectrum, label in zip(used, labels, strict=True):
        off = [point for point in spectrum.left_out if point.why == OFF]
        if off:
            named = points_in_words([point.number for point in off], [point.frequency for point in off])
            head = "" if len(used) == 1 else f"{label}: "
            said.append(
                f"{head}Not fitted: {named}, off what all others say. To fit all points leave out none (--leave-out "
                "none), or name a circuit."
            )
    return said


def _misfit(fits: CircuitFits, index: int) -> float:
    """Return the size of residuals that keep a structure, relative to abs Z, or zero where they are noise or small."""
    used = fits.spectra.used(index)
    data = fits.spectra.impedance[index, used]
    size = float(np.median(np.abs(fits.fitted[index, used] - data) / np.abs(data)))
    return size if size > _MISFIT and residuals_correlate(fits, index) else 0.0


def _figure(fits: CircuitFits, readings: Sequence[_Reading], used: Sequence[ImpedanceSpectrum]) -> FigureData:
    synthetic = any(s.source and s.source.format == "synthetic" for s in used)
    title = f"Impedance and fit of {fits.circuit}{' (synthetic)' if synthetic else ''}"
    return nyquist(
        title,
        [
            {**_curve(fits, index, reading), "number": used[index].numbers.tolist(), **left_out(used[index])}
            for index, reading in enumerate(readings)
        ],
    )


def _curve(fits: CircuitFits, index: int, reading: _Reading) -> dict[str, Any]:
    used = fits.spectra.used(index)
    data, fitted = fits.spectra.impedance[index, used], fits.fitted[index, used]
    total, std = _total_resistance(fits, index, reading.covariance)
    return {
        "label": reading.label,
        "frequency": fits.spectra.grid(index).tolist(),
        "re": data.real.tolist(),
        "im": data.imag.tolist(),
        "fit_re": fitted.real.tolist(),
        "fit_im": fitted.imag.tolist(),
        "resistance": total,
        "resistance_std": std,
    }


def _total_resistance(fits: CircuitFits, index: int, covariance: Array) -> tuple[float, float]:
    """Return the sum of the circuit's resistances, ohm, or the largest modulus where it has none."""
    places = [place for place, p in enumerate(fits.circuit.parameters) if p.unit == "ohm"]
    values = fits.values[index, places]
    rest = rest_resistance(fits.circuit, fits.values[index])
    if rest is not None:
        return rest.total, 0.0
    if not places:
        return float(np.abs(fits.spectra.impedance[index]).max()), 0.0
    block = covariance[np.ix_(places, places)]
    variance = float(values @ np.where(np.isfinite(block), block, 0.0) @ values)
    return float(values.sum()), math.sqrt(max(variance, 0.0))
