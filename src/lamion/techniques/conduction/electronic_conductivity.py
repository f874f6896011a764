r"""Electronic conductivity from the steady current of a cell whose electrode blocks the ions.

Between two ion-blocking electrodes the steady current is ohmic, :math:`I = \sigma_e A U / L`. With one reversible
electrode (Hebb and Wagner) the electrons' and the holes' concentrations change with the voltage,

.. math:: I = \frac{R T A}{F L}\left[\sigma_n\left(1 - e^{-FU/RT}\right) + \sigma_p\left(e^{FU/RT} - 1\right)\right]

with their conductivities at the reversible electrode.

References
----------
C. Wagner, Proc. 7th Meeting CITCE, Butterworths, London 1957, p. 361; M. H. Hebb, J. Chem. Phys. 20 (1952) 185.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.numerics.least_squares import Fit, fit
from lamion.quantities import Answer, FigureData, InputError, Quantity, units
from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, prefixed
from lamion.quantities.level import LEVEL, LEVEL_95, coverage_factor
from lamion.quantities.properties import ROOM_TEMPERATURE
from lamion.records.measurements import CurrentTransient
from lamion.records.record import check_area
from lamion.techniques.conduction.steady_current import steady_current

Array = NDArray[np.float64]
BlockingKind = Literal["blocking", "hebb-wagner"]

_SOURCE = "DC polarisation of an ion-blocking cell (Hebb, Wagner)"
_ONE_SIDED_95 = 1.6448536269514722
_DECOMPOSITION = 1.0


@dataclass(frozen=True, eq=False)
class ElectronicConductivity:
    """Electronic conductivities, fitted.

    Parameters
    ----------
    cell : str
        ``"blocking"`` or ``"hebb-wagner"``.
    fit : Fit
        Of the conductivities: of electrons and holes together, or of electrons and holes apart, in S/m.
    trusted : bool
        Whether the noise was stated.
    """

    cell: BlockingKind
    fit: Fit
    trusted: bool

    @property
    def conductivity(self) -> float:
        """Of all electronic carriers, at the reversible electrode where there is one, in S/m."""
        return float(np.sum(self.fit.parameters))

    def margin(self, level: float = LEVEL) -> float:
        """Return half the width of the conductivity's interval in S/m.

        Parameters
        ----------
        level : float
            The share of intervals that cover the truth.
        """
        return self._factor(level) * math.sqrt(float(np.sum(self.fit.covariance)))

    def part_margins(self, level: float = LEVEL) -> Array:
        """Return half the widths of the intervals of the fitted conductivities in S/m.

        Parameters
        ----------
        level : float
            The share of intervals that cover the truth.
        """
        return np.asarray(self._factor(level) * self.fit.standard_errors)

    def _factor(self, level: float) -> float:
        freedom = math.inf if self.trusted else max(len(self.fit.residuals) - len(self.fit.parameters), 1)
        return coverage_factor(level, freedom)


def electronic_conductivity_raw(
    voltage: ArrayLike,
    current: ArrayLike,
    thickness: float,
    area: float,
    temperature: float,
    *,
    std: ArrayLike | None = None,
    cell: BlockingKind = "blocking",
) -> ElectronicConductivity:
    r"""Fit the electronic conductivities to steady currents.

    .. math:: I = \frac{\sigma_e A}{L} U \quad\text{or}\quad I = \frac{R T A}{F L}
              \left[\sigma_n\left(1 - e^{-FU/RT}\right) + \sigma_p\left(e^{FU/RT} - 1\right)\right]

    Parameters
    ----------
    voltage : array-like, shape (n,)
        V; for a Hebb-Wagner cell that of the blocking electrode with the sign that makes electrons (n) saturate.
    current : array-like, shape (n,)
        Steady currents in A; more than parameters.
    thickness : float
        m.
    area : float
        m2.
    temperature : float
        K.
    std : array-like, shape (n,), optional
        Standard uncertainties of the currents in A.
    cell : str
        ``"blocking"`` (both electrodes) or ``"hebb-wagner"`` (one reversible).

    Raises
    ------
    InputError
        For arrays of different lengths, too few points, values that are not finite or positive where they must be.

    Notes
    -----
    No constant is fitted: an offset of the instrument, or lithium plated at a blocking electrode, reads as leakage.
    Above about 1 V the electrolyte's decomposition does too.

    References
    ----------
    M. H. Hebb, J. Chem. Phys. 20 (1952) 185.

    Examples
    --------
    >>> found = electronic_conductivity_raw([0.1, 0.2, 0.3], [1e-9, 2e-9, 3e-9], 1e-3, 1e-4, 298.15)
    >>> round(found.conductivity * 1e8, 6)
    10.0
    """
    U, currents = np.array(voltage, dtype=np.float64), np.array(current, dtype=np.float64)
    u = None if std is None else np.array(std, dtype=np.float64)
    columns = _columns(U, thickness, area, temperature, cell)
    _check(U, currents, u, columns.shape[1])
    weight = np.ones_like(currents) / (float(np.max(np.abs(currents))) or 1.0) if u is None else 1.0 / u
    weighted = columns * weight[:, None]
    size = np.linalg.norm(weighted, axis=0)
    start = np.linalg.lstsq(weighted / size, weight * currents, rcond=None)[0]
    found = fit(
        lambda p: (weighted / size) @ p - weight * currents,
        start,
        jacobian=lambda p: weighted / size,
        absolute_weights=u is not None,
    )
    return ElectronicConductivity(
        cell,
        Fit(
            found.parameters / size,
            found.covariance / np.outer(size, size),
            found.residuals,
            found.noise,
            found.converged,
            found.jacobian * size,
        ),
        u is not None,
    )


def _columns(voltage: Array, thickness: float, area: float, temperature: float, cell: BlockingKind) -> Array:
    if not (thickness > 0 and area > 0 and temperature > 0):
        raise InputError("Thickness, area and temperature must be larger than zero.")
    if cell == "blocking":
        return (area / thickness * voltage)[:, None]
    if cell != "hebb-wagner":
        raise InputError(f"A cell '{cell}' is not known.", "", "Choose 'blocking' or 'hebb-wagner'.")
    thermal = GAS * temperature / FARADAY
    reduced = np.clip(voltage / thermal, -100.0, 100.0)
    return area / thickness * thermal * np.stack([-np.expm1(-reduced), np.expm1(reduced)], axis=1)


def _check(voltage: Array, current: Array, std: Array | None, parameters: int) -> None:
    if voltage.ndim != 1 or voltage.shape != current.shape or (std is not None and std.shape != voltage.shape):
        raise InputError("Each voltage needs one current and, where given, one uncertainty.")
    if not np.all(np.isfinite(voltage) & np.isfinite(current)):
        raise InputError("A voltage or a current is not a finite number.")
    if std is not None and not np.all(np.isfinite(std) & (std > 0)):
        raise InputError("An uncertainty of a current is not a positive number.")
    least = parameters if std is not None else parameters + 1
    if len(voltage) < least or len(np.unique(voltage[voltage != 0])) < parameters:
        raise InputError(
            f"{len(voltage)} steady currents are too few: {least} at {parameters} or more voltages are needed.",
            "",
            "Measure at more voltages, or give the currents' uncertainties.",
        )


def electronic_conductivity(
    voltage: ArrayLike,
    current: ArrayLike,
    thickness: Quantity,
    area: Quantity,
    temperature: Quantity,
    *,
    std: ArrayLike | None = None,
    cell: BlockingKind = "blocking",
    ionic_conductivity: Quantity | None = None,
) -> Answer:
    r"""Find the electronic conductivity and the ions' share of the conduction.

    .. math:: t_\mathrm{ion} = \frac{\sigma_\mathrm{ion}}{\sigma_\mathrm{ion} + \sigma_e}

    Parameters
    ----------
    voltage : array-like, shape (n,)
        V.
    current : array-like, shape (n,)
        Steady currents in A.
    thickness, area, temperature : Quantity
        Of the cell.
    std : array-like, optional
        Standard uncertainties of the currents in A.
    cell : str
        ``"blocking"`` or ``"hebb-wagner"``.
    ionic_conductivity : Quantity, optional
        From impedance.

    Returns
    -------
    Answer
        ``electronic_conductivity`` (S/cm), ``electron_conductivity`` and ``hole_conductivity`` for a Hebb-Wagner
        cell, ``ionic_transference`` and ``leakage_ratio`` = 1 - t_ion where the ionic conductivity is given;
        ``notes.upper_limit_95`` where no leakage is resolved.

    Raises
    ------
    InputError
        As :func:`electronic_conductivity_raw`; another dimension.

    Examples
    --------
    >>> answer = electronic_conductivity([0.1, 0.2, 0.3], [1.0e-9, 2.1e-9, 3.0e-9], Quantity(100.0, None, "um"),
    ...     Quantity(2.01, None, "cm2"), Quantity(25.0, None, "degC"), ionic_conductivity=Quantity(1e-3, None, "S/cm"))
    >>> print(answer.results["electronic_conductivity"])
    5.05(10)e-11 S/cm
    """
    _check_quantities((thickness, "m"), (area, "m2"), (temperature, "K"))
    found = electronic_conductivity_raw(voltage, current, thickness.si, area.si, temperature.si, std=std, cell=cell)
    geometry = math.hypot(thickness.si_std / thickness.si, area.si_std / area.si)
    value = 1e-2 * found.conductivity
    spread = math.hypot(1e-2 * found.margin(), value * geometry)
    results = {"electronic_conductivity": _bounded(value, spread, "S/cm")}
    if cell == "hebb-wagner":
        names = ("electron_conductivity", "hole_conductivity")
        for name, part, error in zip(names, found.fit.parameters, found.part_margins(), strict=True):
            results[name] = _bounded(1e-2 * float(part), math.hypot(1e-2 * float(error), value * geometry), "S/cm")
    if ionic_conductivity is not None:
        _check_quantities((ionic_conductivity, "S/m"))
        results |= _shares(value, spread, ionic_conductivity)
    resolved = value > _ONE_SIDED_95 * spread
    U = np.array(voltage, dtype=np.float64)
    return Answer(
        results,
        {"Voltage / V": U.tolist(), "Current / A": np.array(current, dtype=np.float64).tolist()},
        {
            "cell": cell,
            "upper_limit_95_S_cm": max(value, 0.0) + _ONE_SIDED_95 * spread,
            "half_interval_95_S_cm": math.hypot(1e-2 * found.margin(LEVEL_95), 2 * value * geometry),
        },
        _doubts(U, resolved),
        {"leakage": _figure(U, np.array(current, dtype=np.float64), found, thickness.si, area.si, temperature.si)},
        verdict="leakage resolved" if resolved else "no leakage resolved",
        method=_method(cell, len(U)),
    )


def electronic_conductivity_from_transient(
    transient: CurrentTransient,
    thickness: Quantity,
    area: Quantity,
    *,
    ionic_conductivity: Quantity | None = None,
    drift_threshold: float = 0.05,
) -> Answer:
    """Find the electronic conductivity from one polarisation between two blocking electrodes.

    Parameters
    ----------
    transient : CurrentTransient
        At constant voltage, long enough for the ions to stand still.
    thickness, area : Quantity
        Of the electrolyte.
    ionic_conductivity : Quantity, optional
        From impedance.
    drift_threshold : float
        The largest relative change over the last fifth of the record that counts as steady.

    Returns
    -------
    Answer
        As :func:`electronic_conductivity`, with a warning where the ions still moved.

    Examples
    --------
    >>> t = np.linspace(0.0, 3600.0, 361)
    >>> held = CurrentTransient(t, 2e-9 + 1e-6 * np.exp(-t / 200.0), 0.2 + 0 * t)
    >>> answer = electronic_conductivity_from_transient(held, Quantity(1.0, None, "mm"), Quantity(1.0, None, "cm2"))
    >>> round(answer.results["electronic_conductivity"].value * 1e9, 4), answer.warnings
    (1.0, ())
    """
    check_area(transient, area.si)
    bias = float(np.mean(transient.measured_voltage))
    if bias == 0.0:
        raise InputError("The record's voltage is zero, so no conductivity follows.", "", "Give a polarisation.")
    sign = math.copysign(1.0, bias)
    end = steady_current(transient.time, sign * transient.current, threshold=drift_threshold)
    any_temperature = ROOM_TEMPERATURE  # it does not enter between two blocking electrodes
    floor = max(end.std, 1e-12 * abs(end.value), 1e-30)
    answer = electronic_conductivity(
        [abs(bias)], [end.value], thickness, area, any_temperature, std=[floor], ionic_conductivity=ionic_conductivity
    )
    doubts = list(answer.warnings)
    if not end.steady:
        doubts.append(
            f"The current still changes by {100 * end.drift:.2g} % over the last fifth of the record: ions may carry "
            "part of it, so the electronic conductivity is an upper limit. Polarise for longer."
        )
    notes = dict(answer.notes) | {"drift_over_last_fifth": end.drift, "extrapolated": end.extrapolated}
    return replace(
        answer,
        series=transient.columns(),
        notes=notes,
        warnings=tuple(doubts),
        method="The current at the end of one polarisation, extrapolated where it still falls, times thickness / "
        "(area voltage).",
    )


def _method(cell: BlockingKind, count: int) -> str:
    model = "one conductance" if cell == "blocking" else "Wagner's law of electrons and holes"
    voltages = "one voltage" if count == 1 else f"{count} voltages"
    return f"A fit of {model} to the steady currents at {voltages}; sigma = conductance times thickness / area."


def _bounded(value: float, spread: float, unit: str) -> Quantity:
    """Return a quantity whose interval does not reach below zero."""
    low, high = value - spread, value + spread
    return Quantity(value, spread, unit, _SOURCE, (0.0, max(high, 0.0)) if low < 0 else None)


def _shares(value: float, spread: float, ionic: Quantity) -> dict[str, Quantity]:
    sigma, sigma_std = ionic.si * 1e-2, ionic.si_std * 1e-2
    total = sigma + value
    share = value / total
    error = math.hypot(spread * sigma, sigma_std * value) / total**2
    low = share - error < 0
    return {
        "ionic_transference": Quantity(
            1.0 - share, error, "1", _SOURCE, (1.0 - max(share + error, 0.0), 1.0) if low else None
        ),
        "leakage_ratio": _bounded(share, error, "1"),
    }


def _check_quantities(*pairs: tuple[Quantity, str]) -> None:
    for quantity, unit in pairs:
        if not units.same_dimension(quantity.unit, unit) or quantity.si <= 0:
            raise InputError(
                f"'{quantity.value:g} {quantity.unit}' is not a positive value of {units.dimension_name(unit)}.",
                "",
                f"Give it as in '{unit}'.",
            )


def _doubts(voltage: Array, resolved: bool) -> tuple[str, ...]:
    doubts = []
    if not resolved:
        doubts.append("No electronic current stands out of the noise: read the conductivity as an upper limit.")
    if float(np.max(np.abs(voltage))) > _DECOMPOSITION:
        doubts.append("Above 1 V the electrolyte may decompose, and that current counts as leakage here.")
    return tuple(doubts)


def _figure(
    voltage: Array, current: Array, found: ElectronicConductivity, thickness: float, area: float, temperature: float
) -> FigureData:
    U = np.linspace(min(0.0, voltage.min()), max(0.0, voltage.max()), 121)
    fitted = _columns(U, thickness, area, temperature, found.cell) @ found.fit.parameters
    size, unit = prefixed(float(np.max(np.abs(current))), "A")
    traces = [Points(voltage, current / size, "measured", open=True), Line(U, fitted / size, "fit", 5)]
    panel = Panel(traces, Axis("voltage", "V"), Axis("steady current", unit))
    return Figure([panel]).entitled("Steady current of the ion-blocking cell")
