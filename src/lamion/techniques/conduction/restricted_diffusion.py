r"""The salt's diffusion coefficient from the open-circuit voltage after a polarisation of a Li|Li cell.

.. math:: U(t) = U_\infty + \sum_{n\ \mathrm{odd}} A_n e^{-n^2 \pi^2 D t / L^2}

At long times only n = 1 is left and :math:`d\ln(U - U_\infty)/dt = -\pi^2 D/L^2`. From a twentieth of L2/D on, n = 1
and the small rest of n = 3 describe the voltage to a hundred-thousandth, whatever the profile was at the start.

The voltage is a logarithm of the concentrations at the electrodes, which a strong polarisation bends. With f the
difference of concentration between an electrode and the mean, over the mean,

.. math:: U - U_\infty = \frac{4 R T}{F}(1 - t_+)\chi\,\mathrm{artanh} f
          \propto f_1 e^{-k t} + \tfrac{1}{3} f_1^3 e^{-3 k t} + \ldots

Terms in :math:`e^{-2kt}` cancel between the two electrodes, also where D depends on the concentration.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity, units
from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule, prefixed
from lamion.quantities.level import LEVEL, LEVEL_95, coverage_factor
from lamion.quantities.properties import ROOM_TEMPERATURE
from lamion.records.measurements import VoltageTransient
from lamion.techniques.conduction.last_mode import LastMode, fit_last_mode

Array = NDArray[np.float64]

_SOURCE = "restricted diffusion (Harned and French; Newman and Chapman)"
_WINDOW = 0.05
_SIGNAL = 3.0
_THERMAL = GAS * ROOM_TEMPERATURE.si / FARADAY
"""RT/F in V."""
_PUSH = 0.5
"""(1 - t+) chi, taken so where f follows from the voltage: a polymer electrolyte's, give or take a factor of two."""
_BENT = 0.005


@dataclass(frozen=True, eq=False)
class Relaxation:
    """The slowest mode of a relaxation.

    Parameters
    ----------
    rate : float
        pi2 D / L2 in 1/s.
    rate_std : float
        Half its interval in 1/s.
    rate_margin_95 : float
        Half its 95 % interval in 1/s.
    amplitude : float
        Of that mode at the window's start, in V.
    offset : float
        U_inf in V.
    noise : float
        Standard deviation of one sample in V.
    start : float
        Where the window begins, in s.
    samples : int
        How many lie in it.
    bend : float
        What the logarithm of the concentrations can shift the rate by, over the rate.
    drift : float
        How fast U_inf moves, in V/s; zero where it is not seen to.
    """

    rate: float
    rate_std: float
    rate_margin_95: float
    amplitude: float
    offset: float
    noise: float
    start: float
    samples: int
    bend: float = 0.0
    drift: float = 0.0

    @property
    def signal(self) -> float:
        """The amplitude over the noise of one sample."""
        return abs(self.amplitude) / self.noise if self.noise > 0 else math.inf

    @property
    def lengths(self) -> float:
        """The window's start in units of L2/D."""
        return self.start * self.rate / math.pi**2


def diffusion_coefficient_raw(
    time: Array, voltage: Array, *, window: float = _WINDOW, offset: bool = True
) -> Relaxation:
    r"""Fit the slowest mode from a start that its own time constant sets.

    .. math:: U = U_\infty + A_1 e^{-k t} + A_3 e^{-9 k t}, \qquad t \ge w L^2/D = w \pi^2 / k

    Parameters
    ----------
    time : array, shape (n,)
        s since the current was interrupted.
    voltage : array, shape (n,)
        V.
    window : float
        w, the start of the window over L2/D. At 0.05 the third mode of a steady profile is 0.2 % of the first.
    offset : bool
        Whether the electrodes may differ by a constant voltage. Without it U_inf is zero.

    Returns
    -------
    Relaxation

    Raises
    ------
    InputError
        When the record is too short, does not decay, or does not stand out of its noise.

    Notes
    -----
    The exponential is fitted to the voltage, not a line to its logarithm: the noise is even in the voltage, and the
    logarithm of a voltage near zero is biased. Noise is taken as white. Where U_inf is seen to move (by three standard
    errors) a straight line in time stands in its place, which widens the interval. D is that at the mean concentration.

    References
    ----------
    H. S. Harned, D. M. French, Ann. N. Y. Acad. Sci. 46 (1945) 267; J. Newman, T. W. Chapman, AIChE J. 19 (1973)
    343.

    Examples
    --------
    >>> t = np.linspace(0.0, 100.0, 201)
    >>> modes = np.exp(-t / 20.0) + np.exp(-9 * t / 20.0) / 9
    >>> relaxation = diffusion_coefficient_raw(t, 1e-3 * modes)
    >>> round(relaxation.rate, 4), round(relaxation.lengths, 3)
    (0.05, 0.051)
    """
    start = window * math.pi**2
    mode = fit_last_mode(time, voltage, window=start, offset=offset, third_mode=True)
    if offset and mode is not None:
        moving = fit_last_mode(time, voltage, window=start, third_mode=True, drift=True)
        mode = moving if moving is not None and abs(moving.drift) > _SIGNAL * moving.drift_error else mode
    if np.ptp(voltage) == 0.0:
        raise InputError("The voltage of the relaxation does not change.", "", "Give the record after a polarisation.")
    if mode is None:
        raise InputError(
            "The relaxation is too short: fewer than twelve samples remain where its slowest mode stands alone.",
            "The record may have been cut, or the voltage does not decay exponentially.",
            "Record the open circuit for at least three time constants, L2/(pi2 D) each.",
        )
    if not mode.relative_rate_error < 0.5 or abs(mode.amplitude) < _SIGNAL * mode.amplitude_error:
        raise InputError(
            "The relaxation does not stand out of its noise, so no diffusion coefficient follows.",
            f"Its slowest mode is {1e3 * abs(mode.amplitude):.3g} mV in a noise of {1e3 * mode.noise:.3g} mV.",
            "Polarise to a larger concentration difference, or record for longer.",
        )
    spread = mode.relative_rate_error * mode.rate
    return Relaxation(
        mode.rate,
        coverage_factor(LEVEL, mode.freedom) * spread,
        coverage_factor(LEVEL_95, mode.freedom) * spread,
        mode.amplitude,
        mode.end,
        mode.noise,
        mode.start,
        len(mode.residuals),
        _bend(time, mode, offset=offset),
        mode.drift,
    )


def _bend(time: Array, mode: LastMode, *, offset: bool) -> float:
    """Return how far the same fit to a bent relaxation lies from its rate, over the rate."""
    later = time[time >= mode.start] - mode.start
    share = math.tanh(abs(mode.amplitude) / (4 * _PUSH * _THERMAL)) ** 2 / 3
    bent = np.exp(-mode.rate * later) + share * np.exp(-3 * mode.rate * later)
    found = fit_last_mode(later, bent, window=0.0, offset=offset, third_mode=True, drift=bool(mode.drift))
    return abs(found.rate / mode.rate - 1.0) if found else 0.0


def diffusion_coefficient(
    transient: VoltageTransient, thickness: Quantity, *, window: float = _WINDOW, offset: bool = True
) -> Answer:
    r"""Find the salt's diffusion coefficient from a relaxation.

    .. math:: D = \frac{k L^2}{\pi^2}

    Parameters
    ----------
    transient : VoltageTransient
        The voltage at open circuit, from the interruption of the current on.
    thickness : Quantity
        Of the electrolyte between the electrodes, L.
    window : float
        The start of the window over L2/D.
    offset : bool
        Whether the electrodes may differ by a constant voltage.

    Returns
    -------
    Answer
        ``diffusivity`` (cm2/s), ``time_constant`` (s), ``offset`` (mV); ``notes.window``.

    Raises
    ------
    InputError
        As :func:`diffusion_coefficient_raw`; a thickness that is not a positive length.

    References
    ----------
    H. S. Harned, D. M. French, Ann. N. Y. Acad. Sci. 46 (1945) 267; J. Newman, T. W. Chapman, AIChE J. 19 (1973)
    343.

    Examples
    --------
    >>> t = np.linspace(0.0, 100.0, 201)
    >>> answer = diffusion_coefficient(VoltageTransient(t, 1e-3 * np.exp(-t / 20.0)), Quantity(100.0, 1.0, "um"))
    >>> print(answer.results["diffusivity"])
    5.07(10)e-7 cm2/s
    """
    if not units.same_dimension(thickness.unit, "m") or thickness.si <= 0:
        raise InputError("The thickness is not a positive length.", "", "Give it as in '100 um'.")
    found = diffusion_coefficient_raw(transient.time, transient.voltage, window=window, offset=offset)
    value = 1e4 * found.rate * thickness.si**2 / math.pi**2
    spread = 2 * thickness.si_std / thickness.si
    relative, relative_95 = found.rate_std / found.rate, found.rate_margin_95 / found.rate
    beside = coverage_factor(LEVEL_95) * math.hypot(spread, found.bend)
    tau = 1.0 / found.rate
    return Answer(
        {
            "diffusivity": Quantity(value, value * math.hypot(relative, spread, found.bend), "cm2/s", _SOURCE),
            "time_constant": Quantity(tau, tau * math.hypot(relative, found.bend), "s", _SOURCE),
            "offset": Quantity(1e3 * found.offset, None, "mV"),
        },
        transient.columns(),
        {
            "window": {
                "start_s": found.start,
                "start_over_L2_D": found.lengths,
                "samples": found.samples,
                "length_in_time_constants": (float(transient.time[-1]) - found.start) * found.rate,
            },
            "signal_over_noise": found.signal if math.isfinite(found.signal) else None,
            "uncertainty": {"relaxation": relative, "thickness": spread, "strong_polarisation": found.bend},
            "half_interval_95_cm2_s": value * math.hypot(relative_95, beside),
        },
        _doubts(found, transient, offset=offset),
        {"relaxation": _figure(found, transient)},
        method=f"An exponential {_end_of(found, offset=offset)} fitted to {found.samples} "
        f"samples from {found.start:.3g} s on; D = rate thickness^2 / pi^2.",
    )


def _end_of(found: Relaxation, *, offset: bool) -> str:
    return "and a straight line" if found.drift else "and a constant" if offset else "without an offset"


def _doubts(found: Relaxation, transient: VoltageTransient, *, offset: bool) -> tuple[str, ...]:
    doubts = []
    length = (float(transient.time[-1]) - found.start) * found.rate
    if found.drift:
        doubts.append(
            f"The voltage drifts by {3.6e6 * found.drift:.2g} mV/h besides its relaxation: an electrode or the "
            "temperature still changes. The drift is fitted, and in the interval. Wait, or hold the temperature."
        )
    if found.bend > max(_BENT, found.rate_std / found.rate):
        doubts.append(
            f"The polarisation was strong: where the fit begins {1e3 * abs(found.amplitude):.3g} mV are left, and the "
            "voltage is a logarithm of the concentrations, no longer in proportion to them. With (1 - t+) times the "
            f"thermodynamic factor {_PUSH:g} this moves D by {100 * found.bend:.1f} %, which is in the interval. "
            "Polarise less."
        )
    if length < 2.0 and offset:
        doubts.append(
            f"The record ends {length:.2g} time constants after the window begins: the end voltage and the time "
            "constant are hard to tell apart. Record for longer."
        )
    if not offset and length > 3.0 and found.signal < 100:
        doubts.append("The end of the record is taken as zero although it would show an offset of the electrodes.")
    if offset and abs(found.offset) > _THERMAL:
        doubts.append(
            f"The voltage ends at {1e3 * found.offset:.3g} mV, more than RT/F, where two alike electrodes end near "
            "zero. Is it the voltage between two alike electrodes?"
        )
    return tuple(doubts)


def _figure(found: Relaxation, transient: VoltageTransient) -> FigureData:
    t = np.linspace(found.start, float(transient.time[-1]), 121)
    later = t - found.start
    curve = found.offset + found.drift * later + found.amplitude * np.exp(-found.rate * later)
    size, unit = prefixed(float(np.max(np.abs(transient.voltage))), "V")
    traces = [
        Points(transient.time, transient.voltage / size, "measured", open=True),
        Line(t, curve / size, "fit", 5),
        Rule(found.start, label="start of the window"),
    ]
    panel = Panel(traces, Axis("time", "s"), Axis("voltage", unit))
    return Figure([panel]).entitled("Open-circuit voltage after the polarisation")
