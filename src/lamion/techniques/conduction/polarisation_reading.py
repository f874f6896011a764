"""What a polarisation record and its two spectra say, before it is made an answer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError, Quantity, units
from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.measurements import CurrentTransient
from lamion.techniques.conduction.current_fraction import Polarisation, ResistancePair, check_drop
from lamion.techniques.conduction.interfacial_resistance import (
    CANDIDATES,
    CellModel,
    CellResistances,
    cell_resistances,
)
from lamion.techniques.conduction.polarisation_step import PolarisationStep, polarisation_step
from lamion.techniques.conduction.steady_current import SteadyCurrent, steady_current

Array = NDArray[np.float64]

_GROWTH = 0.2
_BULK_CHANGE = 0.05
_FIRST_SAMPLE = 0.05
_SLOW_ARC = 1.0
_VOLTAGE = 0.02


@dataclass(frozen=True, eq=False)
class PolarisationReading:
    """The parts of the equation, each from the record that measures it best.

    Parameters
    ----------
    transient : CurrentTransient
        The record.
    current : array, shape (n,)
        Its current in A, turned so that it is positive.
    bias, bias_std : float
        V.
    end : SteadyCurrent
        The steady current.
    before, after : CellResistances
        Bulk and interfaces before and after.
    pair : ResistancePair
        The electrolyte's resistance before and at steady state.
    drift_threshold : float
        What counts as steady.
    step : PolarisationStep
        Where in the record the bias was on.
    """

    transient: CurrentTransient
    current: Array
    bias: float
    bias_std: float
    end: SteadyCurrent
    before: CellResistances
    after: CellResistances
    pair: ResistancePair
    drift_threshold: float
    step: PolarisationStep

    @property
    def initial_current(self) -> float:
        """Ohm's law: the bias over the bulk and the interfacial resistance before, in A."""
        return self.bias / (self.before.bulk + self.before.interfacial)

    @property
    def initial_current_std(self) -> float:
        """Its standard uncertainty in A."""
        resistance = self.before.bulk + self.before.interfacial
        spread = math.hypot(self.before.bulk_total_std, self.before.interfacial_total_std) / resistance
        return self.initial_current * math.hypot(spread, self.bias_std / self.bias)

    @property
    def first_current(self) -> float:
        """The first sample in A."""
        return float(self.current[0])

    def numbers(self, initial_current: float | None = None) -> Polarisation:
        """Return the five numbers of the equation.

        Parameters
        ----------
        initial_current : float, optional
            A; that of Ohm's law without it.
        """
        return Polarisation(
            self.bias,
            self.initial_current if initial_current is None else initial_current,
            self.end.value,
            self.before.interfacial,
            self.after.interfacial,
        )

    def doubts(self) -> list[str]:
        """Return what speaks against the measurement, a sentence each."""
        found = (
            self._around_the_step(),
            self._no_steady_state(),
            self._slow_decay(),
            self._first_sample(),
            self._interface_grew(),
        )
        return [text for text in (*found, self._bulk_changed(), self._slow_arc(), self._other_bias()) if text]

    def _around_the_step(self) -> str:
        if self.step.whole:
            return ""
        offset = f", whose current of {1e3 * self.step.offset:.3g} mA was subtracted," if self.step.rest else ""
        return (
            f"The bias was on from {self.step.start:.6g} s on: the {self.step.first} samples before it{offset} are a "
            "rest and do not count."
        )

    def _no_steady_state(self) -> str:
        if self.end.steady:
            return ""
        remedy = "; its decay was extrapolated" if self.end.extrapolated else ""
        return (
            f"No steady state is shown: the current changes by {100 * self.end.drift:.2g} ± "
            f"{100 * self.end.drift_std:.1g} % over the last fifth of the record, more than "
            f"{100 * self.drift_threshold:.2g} %{remedy}. Polarise for longer."
        )

    def _slow_decay(self) -> str:
        tau = self.end.time_constant
        if tau is None or tau <= self.transient.duration:
            return ""
        return "The decay is slower than the record is long: its end is not determined by these data."

    def _first_sample(self) -> str:
        excess = self.first_current / self.initial_current - 1.0
        if abs(excess) <= _FIRST_SAMPLE:
            return ""
        reason = (
            "diffusion had begun to act"
            if excess < 0
            else "the double layers were charging, or the resistances are too large"
        )
        return (
            f"The first sample, {self.transient.time[0]:.3g} s after the step, lies {100 * excess:+.1f} % from "
            f"Ohm's law: {reason}."
        )

    def _interface_grew(self) -> str:
        change = self.after.interfacial / self.before.interfacial - 1.0
        if abs(change) <= _GROWTH:
            return ""
        return f"The interfacial resistance changed by {100 * change:+.0f} % during the polarisation."

    def _bulk_changed(self) -> str:
        change = self.after.bulk / self.before.bulk - 1.0
        if abs(change) <= _BULK_CHANGE:
            return ""
        return f"The bulk resistance changed by {100 * change:+.0f} % during the polarisation."

    def _slow_arc(self) -> str:
        slow = max(self.before.slowest_arc, self.after.slowest_arc)
        if slow <= _SLOW_ARC:
            return ""
        return (
            f"An arc with a time constant of {slow:.2g} s was counted as interface; if it is diffusion in the "
            "electrolyte, the current fraction is too high. Measure to lower frequencies or cut them off."
        )

    def _other_bias(self) -> str:
        stated = 0.0 if self.transient.voltage is None else abs(float(np.mean(self.transient.voltage)))
        if stated == 0.0 or abs(stated / self.bias - 1.0) <= _VOLTAGE:
            return ""
        return f"The record's mean voltage, {1e3 * stated:.4g} mV, is not the bias of {1e3 * self.bias:.4g} mV."


def read_polarisation(
    transient: CurrentTransient,
    before: ImpedanceSpectrum,
    after: ImpedanceSpectrum,
    *,
    bias: Quantity | None = None,
    current_accuracy: float = 0.0,
    drift_threshold: float = 0.01,
    candidates: tuple[CellModel, ...] = CANDIDATES,
) -> PolarisationReading:
    r"""Take from each record what it measures best.

    .. math:: N = R_b, \qquad D = \Delta V / I_s - R_s

    Parameters
    ----------
    transient : CurrentTransient
        The current at constant bias.
    before, after : ImpedanceSpectrum
        Of the same cell, before and at the end.
    bias : Quantity, optional
        The mean voltage of the record without it.
    current_accuracy : float
        Relative standard uncertainty of the DC current's scale against the impedance's.
    drift_threshold : float
        The largest relative change over the last fifth of the record that counts as steady.
    candidates : tuple of CellModel
        The circuits to compare.

    Raises
    ------
    InputError
        When a part cannot be had from its record.
    """
    step = polarisation_step(transient.time, transient.current, transient.voltage)
    transient = _under_bias(transient, step)
    voltage, voltage_std = _bias(transient, bias)
    current = _oriented(transient, bias)
    end = steady_current(transient.time, current, threshold=drift_threshold)
    first = cell_resistances(before.frequency, before.impedance, candidates=candidates)
    last = cell_resistances(after.frequency, after.impedance, candidates=candidates)
    if end.value <= 0:
        raise InputError(
            "The current of the polarisation does not settle at a value of the bias's sign.",
            "The record is short and noisy, or of a rest.",
            "Give the polarisation's own record.",
        )
    check_drop("steady", voltage, end.value, last.interfacial)
    total = voltage / end.value
    spread = math.hypot(end.std, step.offset_std)
    relative = math.hypot(spread / end.value, voltage_std / voltage, current_accuracy)
    pair = ResistancePair(
        first.bulk,
        total - last.interfacial,
        first.bulk_total_std**2,
        (total * relative) ** 2 + last.interfacial_total_std**2,
        0.0,
    )
    return PolarisationReading(transient, current, voltage, voltage_std, end, first, last, pair, drift_threshold, step)


def _under_bias(transient: CurrentTransient, step: PolarisationStep) -> CurrentTransient:
    """Return the record from the step on, its time counted from there, without the current of the rest before."""
    if step.whole and step.last == len(transient):
        return transient
    part = slice(step.first, step.last)
    return CurrentTransient(
        transient.time[part] - step.start,
        transient.current[part] - step.offset,
        None if transient.voltage is None else transient.voltage[part],
        temperature=transient.temperature,
    )


def _bias(transient: CurrentTransient, bias: Quantity | None) -> tuple[float, float]:
    if bias is not None:
        if not units.same_dimension(bias.unit, "V") or bias.si <= 0:
            raise InputError("The bias is not a positive voltage.", "", "Give it as in '10 mV'.")
        return bias.si, bias.si_std
    mean = 0.0 if transient.voltage is None else abs(float(np.mean(transient.voltage)))
    if transient.voltage is None or mean == 0.0:
        said = "holds no voltage" if transient.voltage is None else "gives a voltage of zero"
        raise InputError(f"The record {said}, so the bias is not known.", "", "Give the bias, as in '10 mV'.")
    return mean, float(np.std(transient.voltage)) / math.sqrt(len(transient))


def _oriented(transient: CurrentTransient, bias: Quantity | None) -> Array:
    """Return the current with a positive mean; refuse one against the record's own voltage."""
    sign = float(np.sign(np.mean(transient.current)))
    if sign == 0.0 or (bias is None and sign * float(np.mean(transient.measured_voltage)) < 0):
        raise InputError(
            "The current is zero or flows against the record's voltage.",
            "One of the two columns has its sign turned, or the record is of a rest.",
            "Correct the sign or give the polarisation's own record.",
        )
    return sign * transient.current
