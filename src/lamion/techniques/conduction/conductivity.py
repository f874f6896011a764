r"""Ionic conductivity from the impedance of blocking cells.

.. math:: \sigma = \frac{L}{R A}
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.nyquist import nyquist
from lamion.records.impedance import ImpedanceSpectrum, left_out
from lamion.records.record import check_area
from lamion.techniques.conduction.blocking_choice import NoBlockingCircuitError
from lamion.techniques.conduction.blocking_resistance import READ_OFF, BlockingResistance, blocking_resistance, read_off
from lamion.techniques.conduction.combined_cells import CombinedCells, combine_cells
from lamion.techniques.conduction.open_arc import bounded
from lamion.techniques.conduction.plain_reading import OpenArcError
from lamion.techniques.conduction.short_circuit import Leads, leads_from_short

Array = NDArray[np.float64]
OnePerCell = Quantity | Sequence[Quantity] | None

_APART = 2.0


def conductivity(
    spectra: Sequence[ImpedanceSpectrum],
    thickness: OnePerCell = None,
    area: OnePerCell = None,
    *,
    temperature: Quantity | None = None,
    fmin: Quantity | float | None = None,
    fmax: Quantity | float | None = None,
    short: ImpedanceSpectrum | None = None,
) -> Answer:
    r"""Return the conductivity of an electrolyte from impedance spectra between blocking electrodes.

    .. math:: \sigma = L / (R A)

    Parameters
    ----------
    spectra : sequence of ImpedanceSpectrum
        One per cell (or one cell).
    thickness : Quantity or sequence of Quantity, optional
        Of the electrolyte: one for all cells, then its uncertainty is shared, or one per cell. Without it only the
        resistance and the conductance are returned.
    area : Quantity or sequence of Quantity, optional
        Of the electrode: one for all cells or one per cell.
    temperature : Quantity, optional
        Recorded in the notes; the spectra's own temperature without it.
    fmin, fmax : Quantity or float, optional
        Limits of what is used of every spectrum, both included; a float is in Hz.
    short : ImpedanceSpectrum, optional
        The fixture closed by metal: its resistance and inductance are subtracted from every spectrum.

    Returns
    -------
    Answer
        ``results``: ``resistance`` (ohm), ``conductance`` (S), with an area ``areal_conductance`` (S/cm2) and with
        a thickness too ``conductivity`` (S/cm) and, where that can be read, ``conductivity_by_eye`` from Re Z where
        -Im Z is least; means over the cells, the conductance that of the mean resistance. Of one cell whose arc
        does not close, bounds of resistance and conductivity.
        ``series``: one row per spectrum. ``notes``: the method and why, every reading, the parts of the
        uncertainty. ``figures["nyquist"]``: data and fit.

    Raises
    ------
    InputError
        When a spectrum cannot give a resistance (see
        :func:`~lamion.techniques.conduction.blocking_resistance.blocking_resistance`), a thickness or an area is
        not positive, or their number is neither one nor that of the spectra.

    Examples
    --------
    >>> f = np.geomspace(1e5, 0.1, 61)
    >>> cell = ImpedanceSpectrum(f, 500.0 + 1 / (1e-5 * (2j * np.pi * f) ** 0.9))
    >>> answer = conductivity([cell], Quantity(1.0, 0.01, "mm"), Quantity(2.0, None, "cm2"))
    >>> print(answer.results["conductivity"])
    1.000(10)e-4 S/cm
    """
    cells = _cells(spectra, thickness, area)
    lowest, highest = _limit(fmin, 0.0), _limit(fmax, math.inf)
    leads = None if short is None else _leads(short.within(lowest, highest))
    try:
        found = [_resistance(cell.spectrum.within(lowest, highest), leads, cell.name) for cell in cells]
    except OpenArcError as open_:
        if len(cells) > 1:
            raise
        return _bounded(cells[0], open_, leads)
    by_eye = [_by_eye(cell.spectrum.within(lowest, highest), leads) for cell in cells]
    results, parts = _results(cells, found, by_eye)
    return Answer(
        results=results,
        series=_series(cells, found),
        notes=_notes(cells, found, parts, leads, temperature),
        warnings=[*_warnings(cells, found), *_apart(cells, found, parts), *_thicker_than_wide(cells)],
        figures={"nyquist": _figure(cells, found, leads)},
        method=_method(cells, found, leads) + _scatter(parts, len(cells)),
        synthetic="synthetic" in _source(cells),
        headline=("conductivity", "resistance"),
    )


@dataclass(frozen=True)
class _Cell:
    name: str
    spectrum: ImpedanceSpectrum
    thickness: Quantity | None
    area: Quantity | None
    shared_geometry: float
    """Relative standard uncertainty of L/A that all cells share."""
    own_geometry: float
    """Relative standard uncertainty of L/A of this cell alone."""

    @property
    def factor(self) -> float | None:
        """L/A in 1/cm."""
        if self.thickness is None or self.area is None:
            return None
        return self.thickness.si / self.area.si / 100.0


def _cells(spectra: Sequence[ImpedanceSpectrum], thickness: OnePerCell, area: OnePerCell) -> list[_Cell]:
    if not spectra:
        raise InputError("No spectrum was given.", "", "Give at least one impedance file.")
    thicknesses = _per_cell(thickness, len(spectra), "thickness", "cm")
    areas = _per_cell(area, len(spectra), "area", "cm2")
    cells = []
    for index, spectrum in enumerate(spectra):
        length, surface = thicknesses[index], areas[index]
        check_area(spectrum, spectrum.area if surface is None else surface.si)
        shared = math.hypot(_shared(thickness), _shared(area))
        own = math.hypot(_own(thickness, length), _own(area, surface))
        cells.append(_Cell(_name(spectrum, index), spectrum, length, surface, shared, own))
    return cells


def _per_cell(given: OnePerCell, count: int, name: str, unit: str) -> list[Quantity | None]:
    listed = [given] * count if given is None or isinstance(given, Quantity) else list(given)
    if len(listed) != count:
        raise InputError(
            f"{len(listed)} values of the {name} were given for {count} spectra.",
            "",
            "Give one for all or one for each.",
        )
    return [None if quantity is None else _positive(quantity, name, unit) for quantity in listed]


def _positive(quantity: Quantity, name: str, unit: str) -> Quantity:
    converted = quantity.to(unit)
    if converted.value <= 0:
        raise InputError(
            f"The {name} {quantity} is not larger than zero.",
            "A minus sign or a missing digit is the usual cause.",
            f"Give a positive {name}.",
        )
    return converted


def _relative(quantity: Quantity | None) -> float:
    return 0.0 if quantity is None else (quantity.std or 0.0) / quantity.value


def _shared(given: OnePerCell) -> float:
    return _relative(given) if isinstance(given, Quantity) else 0.0


def _own(given: OnePerCell, this: Quantity | None) -> float:
    return 0.0 if isinstance(given, Quantity) else _relative(this)


def _name(spectrum: ImpedanceSpectrum, index: int) -> str:
    return spectrum.name or f"spectrum {index + 1}"


def _limit(limit: Quantity | float | None, default: float) -> float:
    if limit is None:
        return default
    return limit.to("Hz").value if isinstance(limit, Quantity) else limit


def _leads(short: ImpedanceSpectrum) -> Leads:
    return leads_from_short(short.frequency, short.impedance)


def _resistance(spectrum: ImpedanceSpectrum, leads: Leads | None, name: str) -> BlockingResistance:
    try:
        try:
            return blocking_resistance(spectrum.frequency, spectrum.impedance, leads=leads)
        except NoBlockingCircuitError as none:
            return read_off(spectrum.frequency, spectrum.impedance, none, leads)
    except OpenArcError as error:
        raise error.about(name) from error
    except InputError as error:
        raise InputError(f"{name}: {error.happened}", error.cause, error.remedy) from error


def _by_eye(spectrum: ImpedanceSpectrum, leads: Leads | None) -> BlockingResistance | None:
    """Return what is read off a spectrum beside the fit, None where nothing can be."""
    try:
        return read_off(spectrum.frequency, spectrum.impedance, leads=leads)
    except InputError:
        return None


def _bounded(cell: _Cell, open_: OpenArcError, leads: Leads | None) -> Answer:
    """Return the bound that an arc gives which does not close."""
    z = cell.spectrum.impedance if leads is None else cell.spectrum.impedance - leads.impedance(cell.spectrum.frequency)
    curve = {"label": cell.name, "frequency": cell.spectrum.frequency.tolist()}
    figure = nyquist("Impedance of the blocking cell", [{**curve, "re": z.real.tolist(), "im": z.imag.tolist()}])
    geometry = math.hypot(cell.own_geometry, cell.shared_geometry)
    return bounded(open_, cell.factor, geometry, _source([cell]), figure, cell.name)


def _results(
    cells: Sequence[_Cell], found: Sequence[BlockingResistance], by_eye: Sequence[BlockingResistance | None]
) -> tuple[dict[str, Quantity], CombinedCells]:
    r = np.array([one.resistance for one in found])
    own = np.array([math.hypot(one.fit_std, one.model_std) for one in found])
    shared = np.array([one.lead_std for one in found])
    mean = combine_cells(r, own, shared)
    results = {"resistance": Quantity(mean.mean, mean.std, "ohm", _source(cells))}
    sigma = _conductivity(cells, found)
    if sigma is not None:
        results["conductivity"] = Quantity(sigma.mean, sigma.std, "S/cm", _source(cells))
        read = [one for one in by_eye if one is not None]
        eye = _conductivity(cells, read) if len(read) == len(cells) else None
        if eye is not None:
            results["conductivity_by_eye"] = Quantity(eye.mean, eye.std, "S/cm", "read off blocking-cell impedance")
    results["conductance"] = Quantity(1 / mean.mean, mean.std / mean.mean**2, "S", _source(cells))
    areal = _areal_conductance(cells, found)
    if areal is not None:
        results["areal_conductance"] = Quantity(areal.mean, areal.std, "S/cm2", _source(cells))
    return results, mean if sigma is None else sigma


def _conductivity(cells: Sequence[_Cell], found: Sequence[BlockingResistance]) -> CombinedCells | None:
    factors = [cell.factor for cell in cells]
    if any(factor is None for factor in factors):
        return None
    return _per_geometry(
        np.array([factor for factor in factors if factor is not None]),
        found,
        np.array([cell.own_geometry for cell in cells]),
        np.array([cell.shared_geometry for cell in cells]),
    )


def _areal_conductance(cells: Sequence[_Cell], found: Sequence[BlockingResistance]) -> CombinedCells | None:
    areas = [cell.area for cell in cells if cell.area is not None]
    if len(areas) < len(cells):
        return None
    relative = np.array([_relative(area) for area in areas])
    one_for_all = all(area == areas[0] for area in areas)
    nothing = np.zeros(len(areas))
    own, shared = (nothing, relative) if one_for_all else (relative, nothing)
    return _per_geometry(1 / np.array([area.value for area in areas]), found, own, shared)


def _per_geometry(factors: Array, found: Sequence[BlockingResistance], own: Array, shared: Array) -> CombinedCells:
    """Combine factor / R over the cells; `own` and `shared` are the factors' relative uncertainties."""
    r = np.array([one.resistance for one in found])
    values = factors / r
    alone = np.array([math.hypot(one.fit_std, one.model_std) for one in found]) / r
    leads = np.array([one.lead_std for one in found]) / r
    return combine_cells(values, values * np.hypot(alone, own), values * np.hypot(leads, shared))


def _source(cells: Sequence[_Cell]) -> str:
    synthetic = any(cell.spectrum.source and cell.spectrum.source.format == "synthetic" for cell in cells)
    method = "complex least squares on blocking-cell impedance"
    return f"{method} (synthetic data)" if synthetic else method


def _series(cells: Sequence[_Cell], found: Sequence[BlockingResistance]) -> dict[str, list[float | str | None]]:
    rows: dict[str, list[float | str | None]] = {
        "File": [cell.name for cell in cells],
        "Resistance / ohm": [one.resistance for one in found],
        "Resistance Uncertainty / ohm": [one.std for one in found],
        "Fit Uncertainty / ohm": [one.fit_std for one in found],
        "Model Choice Uncertainty / ohm": [one.model_std for one in found],
        "Lead Uncertainty / ohm": [one.lead_std for one in found],
    }
    if all(cell.factor is not None for cell in cells):
        sigma = [(cell.factor or 0.0) / one.resistance for cell, one in zip(cells, found, strict=True)]
        relative = [
            math.hypot(one.std / one.resistance, cell.own_geometry, cell.shared_geometry)
            for cell, one in zip(cells, found, strict=True)
        ]
        rows["Conductivity / S/cm"] = list(sigma)
        rows["Conductivity Uncertainty / S/cm"] = [s * u for s, u in zip(sigma, relative, strict=True)]
    rows["Method"] = [one.method.split(":")[0].split(",")[0] for one in found]
    rows["Circuit"] = [one.circuit for one in found]
    return rows


def _method(cells: Sequence[_Cell], found: Sequence[BlockingResistance], leads: Leads | None) -> str:
    circuits = list(dict.fromkeys(one.circuit for one in found))
    shape = circuits[0] if len(circuits) == 1 else "the best circuit of each"
    points = sum(len(one.frequency) for one in found)
    data = f"{points} points" if len(cells) == 1 else f"{points} points of {len(cells)} cells"
    corrected = "" if leads is None else ", leads subtracted"
    known = all(cell.factor is not None for cell in cells)
    if circuits == [READ_OFF]:
        how = f"R {found[0].method}" if len(found) == 1 else "R read off each spectrum"
    else:
        how = f"R from the fit of {shape} to {data}{corrected}"
    return how + ("; sigma = thickness / (R area)." if known else ".")


def _scatter(parts: CombinedCells, count: int) -> str:
    """Return a sentence on how far several cells lie apart, beside what is uncertain of each."""
    if parts.between_std is None:
        return ""
    own = parts.within_std * math.sqrt(count)
    return (
        f" The {count} cells scatter by {_percent(parts.between_std / parts.mean)}, each is known to "
        f"{_percent(own / parts.mean)}."
    )


def _percent(share: float) -> str:
    return f"{float(f'{100 * share:.2g}'):g} %"


def _notes(
    cells: Sequence[_Cell],
    found: Sequence[BlockingResistance],
    parts: CombinedCells,
    leads: Leads | None,
    temperature: Quantity | None,
) -> dict[str, Any]:
    methods = [one.method for one in found]
    notes: dict[str, Any] = {
        "method": methods[0] if len(set(methods)) == 1 else " | ".join(methods),
        "meaning": "The resistance is the electrolyte's whole one, grains and grain boundaries: the low-frequency "
        "end of its arc, or the spike's intercept where no arc shows.",
        "cells": [_cell_notes(cell, one) for cell, one in zip(cells, found, strict=True)],
        "uncertainty": _uncertainty_notes(cells, parts),
        "leads": "not corrected" if leads is None else _lead_notes(leads),
    }
    kelvin = temperature.to("K").value if temperature is not None else _common_temperature(cells)
    if kelvin is not None:
        notes["temperature"] = f"{kelvin:.6g} K"
    return notes


def _common_temperature(cells: Sequence[_Cell]) -> float | None:
    values = {cell.spectrum.temperature for cell in cells}
    return values.pop() if len(values) == 1 else None


def _cell_notes(cell: _Cell, one: BlockingResistance) -> dict[str, Any]:
    return {
        "file": cell.name,
        "circuit": one.circuit,
        "arc": one.arc,
        "method": one.method,
        "parameters": dict(one.values),
        "relative_residual": one.noise,
        "residual_correlation": one.autocorrelation,
        "readings": [
            {"name": r.name, "resistance": r.resistance, "on_fitted_curve": r.expected, "noise": r.std}
            for r in one.readings
        ],
        "other_ranges": [
            {"from_hz": r.lowest_frequency, "resistance": r.resistance, "fit_uncertainty": r.fit_std}
            for r in one.refits
        ],
        "circuits_tried": [
            {"circuit": c.circuit, "resistance": c.resistance, "aicc": c.aicc, "plausible": c.plausible}
            for c in one.candidates
        ],
        "range_used_hz": [float(one.frequency[0]), float(one.frequency[-1])],
    }


def _uncertainty_notes(cells: Sequence[_Cell], parts: CombinedCells) -> dict[str, Any]:
    of = "conductivity" if all(cell.factor is not None for cell in cells) else "resistance"
    rule = "fit, model choice, leads and geometry in quadrature"
    if len(cells) > 1:
        rule = (
            "the larger of the scatter between cells (Student's factor times sample standard deviation over the "
            "root of their number) and the cells' own uncertainties, in quadrature with what all cells share "
            "(leads, a common thickness and area)"
        )
    return {
        "of": f"{of}, {'S/cm' if of == 'conductivity' else 'ohm'}",
        "between_cells": parts.between_std,
        "own": parts.within_std,
        "shared": parts.shared_std,
        "rule": rule,
    }


def _lead_notes(leads: Leads) -> str:
    return (
        f"subtracted: {leads.resistance:.4g} ± {leads.resistance_std:.1g} ohm and {leads.inductance:.3g} H from "
        "the short circuit"
    )


def _warnings(cells: Sequence[_Cell], found: Sequence[BlockingResistance]) -> list[str]:
    single = len(cells) == 1
    return [
        warning if single else f"{cell.name}: {warning}"
        for cell, one in zip(cells, found, strict=True)
        for warning in one.warnings
    ]


def _thicker_than_wide(cells: Sequence[_Cell]) -> list[str]:
    """Say so where a cell is longer than its electrodes are wide, as one is whose unit is mistaken."""
    odd = [one for one in cells if one.thickness and one.area and one.thickness.si > math.sqrt(one.area.si)]
    geometries = dict.fromkeys(f"{one.thickness} thick between electrodes of {one.area}" for one in odd)
    return [f"The electrolyte is {one}, thicker than they are wide: check both units." for one in geometries]


def _apart(cells: Sequence[_Cell], found: Sequence[BlockingResistance], parts: CombinedCells) -> list[str]:
    """Say where the cells differ by a factor that neither they nor what is known of each explain."""
    values = np.array([(cell.factor or 1.0) / one.resistance for cell, one in zip(cells, found, strict=True)])
    factor = float(values.max() / values.min())
    own = parts.within_std * math.sqrt(len(cells))
    if parts.between_std is None or factor < _APART or parts.between_std < _APART * own:
        return []
    low, high = cells[int(values.argmin())].name, cells[int(values.argmax())].name
    return [
        f"The cells differ by a factor of {float(f'{factor:.2g}'):g}, from {low} to {high}, far beyond what is "
        "uncertain of each: they may be no samples of one electrolyte, or one has a bad contact, and the mean says "
        "little of either. Read each row by itself."
    ]


def _figure(cells: Sequence[_Cell], found: Sequence[BlockingResistance], leads: Leads | None) -> FigureData:
    corrected = "" if leads is None else ", leads subtracted"
    synthetic = " (synthetic)" if "synthetic" in _source(cells) else ""
    title = f"Impedance of the blocking cell and fit{corrected}{synthetic}"
    return nyquist(title, [_curve(cell, one, leads) for cell, one in zip(cells, found, strict=True)])


def _curve(cell: _Cell, one: BlockingResistance, leads: Leads | None) -> dict[str, Any]:
    """Return the lists of one curve in ohm and Hz; the data carry the leads' correction, as the fit does."""
    order = np.argsort(cell.spectrum.frequency, kind="stable")
    f, z = cell.spectrum.frequency[order], cell.spectrum.impedance[order]
    used = (f >= one.frequency[0]) & (f <= one.frequency[-1])
    f, z = f[used], z[used]
    if leads is not None:
        z = z - leads.impedance(f)
    return {
        "label": cell.name,
        "frequency": f.tolist(),
        "re": z.real.tolist(),
        "im": z.imag.tolist(),
        "fit_re": one.fitted.real.tolist(),
        "fit_im": one.fitted.imag.tolist(),
        "resistance": one.resistance,
        "resistance_std": one.std,
        **left_out(cell.spectrum, None if leads is None else leads.impedance),
    }
