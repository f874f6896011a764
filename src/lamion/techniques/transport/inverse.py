r"""D, :math:`t_+` and the conductivity of an electrolyte from a polarisation, its relaxation and a spectrum together.

One linear model gives all three records; what each determines badly another may determine well, and what none
determines is said to be so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lamion.models.transport.cell_response import hold, relaxed_voltage
from lamion.models.transport.film_impedance import finite_length
from lamion.numerics.least_squares import Fit, fit
from lamion.numerics.profile_interval import ProfileInterval, profile_interval
from lamion.quantities import InputError
from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.measurements import CurrentTransient, VoltageTransient
from lamion.records.record import check_area

Array = NDArray[np.float64]

NAMES = ("bulk", "interface", "interface time", "exponent", "product", "rate", "offset")
"""Logarithms of ohm, ohm and s, the arc's exponent, logarithms of :math:`R_D D/L^2` in ohm/s and :math:`D/L^2` in 1/s,
and the electrodes' difference in V."""

_BULK, _DIFFUSION, _RATE = 0, 4, 5
_ROUNDS = 6
_SETTLED = 0.02
_REACH = math.log(1e3)
_STARTS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
_FEWEST = 8
_NOTHING = 1e-9
_HELD = 0.02


@dataclass(frozen=True, eq=False)
class Measurement:
    """Records of one Li|Li cell.

    Parameters
    ----------
    polarisation : CurrentTransient
        Current and voltage from the moment one of them was imposed.
    spectrum : ImpedanceSpectrum
        At rest.
    relaxation : VoltageTransient, optional
        The open circuit that follows the polarisation.
    """

    polarisation: CurrentTransient
    spectrum: ImpedanceSpectrum
    relaxation: VoltageTransient | None = None

    @property
    def imposed(self) -> Literal["current", "voltage"]:
        """What was held."""
        return "current" if self._spread("current") < self._spread("voltage") else "voltage"

    @property
    def value(self) -> float:
        """What it was held at, A or V."""
        return float(np.mean(getattr(self.polarisation, self.imposed)))

    def _spread(self, name: str) -> float:
        values = self.polarisation.current if name == "current" else self.polarisation.measured_voltage
        mean = abs(float(np.mean(values)))
        return float(np.std(values)) / mean if mean > 0 else math.inf

    def check(self) -> None:
        """Refuse records that the model cannot explain.

        Raises
        ------
        InputError
            With too few points, or a polarisation that holds neither a current nor a voltage.
        """
        record = self.polarisation
        for one in (self.spectrum, record):
            check_area(one, None)
        counts = {"polarisation": len(record), "spectrum": len(self.spectrum)}
        if self.relaxation is not None:
            counts["relaxation"] = len(self.relaxation)
        for name, count in counts.items():
            if count < _FEWEST:
                raise InputError(
                    f"The {name} has {count} points, fewer than {_FEWEST}.", "", "Give the record as measured."
                )
        least = min(self._spread("current"), self._spread("voltage"))
        if not least < _HELD:
            raise InputError(
                f"Neither the current nor the voltage of the polarisation was held: both scatter by {least:.2g} of "
                "their mean or more.",
                "The record may hold more than one step.",
                "Cut it to the step that begins at rest.",
            )
        if np.mean(record.current) * np.mean(record.measured_voltage) <= 0:
            raise InputError(
                "Current and voltage of the polarisation have opposite signs, or one is zero.",
                "A lead is turned, or the voltage is another one.",
                "Turn the sign of one of them.",
            )


@dataclass(frozen=True, eq=False)
class CellFit:
    r"""What the records say.

    Parameters
    ----------
    fit : Fit
        Parameters as in :data:`NAMES`, the last where there is a relaxation.
    noise : dict of str to float
        Estimated from the scatter: of the spectrum over its modulus, of the polarisation in A or V, of the relaxation
        in V.
    residuals : dict of str to array
        Of each record in its noise.
    bulk, rate, anion : ProfileInterval
        Intervals of the logarithms of the bulk resistance in ohm, of D/L2 in 1/s and of
        :math:`(1 - t_+)^2 \propto R_D D`, in the product's unit ohm/s.
    """

    fit: Fit
    noise: dict[str, float]
    residuals: dict[str, Array]
    bulk: ProfileInterval
    rate: ProfileInterval
    anion: ProfileInterval

    @property
    def product(self) -> float:
        """The logarithm of the diffusion resistance times D/L2, in ohm/s."""
        return float(self.fit.parameters[_DIFFUSION])


def fit_cell(measured: Measurement) -> CellFit:
    r"""Fit the model of a Li|Li cell to its records.

    .. math::
        Z = R_b + \frac{R_i}{1 + (j\omega\tau)^n} + R_D\frac{\tanh\sqrt{j\omega L^2/4D}}{\sqrt{j\omega L^2/4D}}

    and :func:`lamion.models.transport.cell_response.hold` in time.

    Parameters
    ----------
    measured : Measurement
        The records.

    Returns
    -------
    CellFit

    Raises
    ------
    InputError
        As :meth:`Measurement.check`.

    Notes
    -----
    Each record's noise is taken as white and of one size (the spectrum's over its modulus), estimated from the fit's
    own residuals. Changes of concentration are small and the film is uniform. Intervals are profiles of the sum of
    squares: open where the data do not bound a parameter within a factor of a thousand.

    Examples
    --------
    See :func:`lamion.techniques.transport.polarisation.transport_properties`.
    """
    measured.check()
    model = _Model(measured)
    noise = model.first_noise()
    best = _best_of_starts(model, noise)
    for _ in range(_ROUNDS):
        before, noise = noise, model.noise_of(best.parameters)
        best = fit(_weighted(model, noise), best.parameters, absolute_weights=True, tolerance=1e-10)
        if all(abs(noise[name] / before[name] - 1) < _SETTLED for name in noise):
            break
    weighted = _weighted(model, noise)
    intervals = [profile_interval(weighted, best, k, _REACH) for k in (_BULK, _RATE, _DIFFUSION)]
    parts = {name: values / noise[name] for name, values in model.residuals(best.parameters).items()}
    return CellFit(best, noise, parts, *intervals)


def _best_of_starts(model: _Model, noise: dict[str, float]) -> Fit:
    weighted, starts = _weighted(model, noise), []
    for factor in _STARTS:
        moved = model.start()
        moved[[_RATE, _DIFFUSION]] += math.log(factor)
        starts.append(moved)
    best = min(starts, key=lambda start: float(np.sum(weighted(start) ** 2)))
    return fit(weighted, best, absolute_weights=True, tolerance=1e-5, most_evaluations=400)


def _weighted(model: _Model, noise: dict[str, float]) -> Callable[[Array], Array]:
    def residuals(p: Array) -> Array:
        parts = model.residuals(p)
        return np.concatenate([parts[name] / noise[name] for name in parts])

    return residuals


@dataclass(frozen=True, eq=False)
class _Model:
    """From parameters to residuals; parameters as in NAMES."""

    measured: Measurement

    @property
    def offset(self) -> bool:
        """Whether a difference of the electrodes is fitted."""
        return self.measured.relaxation is not None

    def residuals(self, p: Array) -> dict[str, Array]:
        with np.errstate(over="ignore", invalid="ignore"):
            bulk, interface, time, rate = np.exp(np.clip(p[[0, 1, 2, _RATE]], -80, 80))
            diffusion = math.exp(min(max(p[_DIFFUSION] - p[_RATE], -80), 80))
            offset = p[6] if self.offset else 0.0
            s = 2j * np.pi * self.measured.spectrum.frequency
            Z = bulk + interface / (1 + (s * time) ** p[3]) + diffusion * finite_length(s / (4 * rate))
        measured = self.measured.spectrum.impedance
        relative = (Z - measured) / np.abs(measured)
        record, kind = self.measured.polarisation, self.measured.imposed
        value = self.measured.value - (offset if kind == "voltage" else 0.0)
        answer = hold(kind, value, record.time, bulk + interface, diffusion, rate)
        parts = {"spectrum": np.concatenate([relative.real, relative.imag])}
        if kind == "voltage":
            parts["polarisation"] = answer.current - record.current
        else:
            parts["polarisation"] = answer.voltage + offset - record.measured_voltage
        if self.measured.relaxation is not None:
            after = relaxed_voltage(self.measured.relaxation.time, diffusion, rate, answer.modes)
            parts["relaxation"] = after + offset - self.measured.relaxation.voltage
        return parts

    def first_noise(self) -> dict[str, float]:
        record = self.measured.polarisation
        answer = record.current if self.measured.imposed == "voltage" else record.measured_voltage
        noise = {"spectrum": 0.01, "polarisation": 0.01 * float(np.max(np.abs(answer)))}
        if self.measured.relaxation is not None:
            noise["relaxation"] = 0.01 * float(np.max(np.abs(self.measured.relaxation.voltage)))
        return noise

    def noise_of(self, p: Array) -> dict[str, float]:
        """Return each record's scatter; what the parameters took up is shared in proportion to the points."""
        parts = self.residuals(p)
        points = sum(part.size for part in parts.values())
        left = 1 - p.size / points
        floor = self.first_noise()
        return {
            name: max(math.sqrt(float(np.mean(part**2)) / left), _NOTHING * floor[name]) for name, part in parts.items()
        }

    def start(self) -> Array:
        spectrum, record = self.measured.spectrum, self.measured.polarisation
        order = np.argsort(spectrum.frequency)[::-1]
        Z, f = spectrum.impedance[order], spectrum.frequency[order]
        bulk = max(float(Z.real[np.argmin(np.abs(Z.imag[: max(1, Z.size // 3)]))]), 1e-3 * float(np.abs(Z).max()))
        peak = int(np.argmax(-Z.imag))
        resistance = record.measured_voltage / record.current
        edge = max(1, resistance.size // 20)
        first, last = abs(float(np.mean(resistance[:edge]))), abs(float(np.mean(resistance[-edge:])))
        interface = max(first - bulk, 0.1 * bulk)
        diffusion = max(last - first, 0.05 * bulk)
        half = np.argmax(np.abs(resistance) > 0.5 * (first + last))
        time = max(float(record.time[half]), 0.01 * float(record.time[-1]))
        rate = 0.05 / time
        known = [bulk, interface, 1 / (2 * math.pi * f[peak])]
        parameters = [*np.log(known), 0.95, math.log(diffusion * rate), math.log(rate)]
        return np.array([*parameters, 0.0] if self.offset else parameters)
