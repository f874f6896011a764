r"""Diffusion in a particle from the voltage after a switch of the current: what GITT and current interruption share.

After a switch of the current by :math:`\Delta I` at :math:`t_0`, beside what all earlier ones leave,

.. math:: U(t) = U_\mathrm{eq}(q_s(t)) + c, \qquad
          q_s(t) = q(t) + \sum_k \frac{T}{n}\,\Delta I_k\, e\!\left(\frac{t - t_k}{T}\right), \qquad
          T = \frac{L^2}{D}

with the mean content q (charge passed), the excess e of :mod:`lamion.models.cells.particle_diffusion` and the curve
:math:`U_\mathrm{eq}` through the voltages that the record itself gives at known contents. At short times and for a
straight curve this is a line in :math:`\sqrt{t}`, as of Weppner and Huggins; for long pulses and bent curves it stays
exact, as long as D is constant in each response.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import Akima1DInterpolator
from scipy.special import fdtri

from lamion.models.cells.particle_diffusion import Particle
from lamion.numerics.least_squares import Fit, fit
from lamion.numerics.residual_correlation import block_jackknife, is_correlated
from lamion.quantities.level import LEVEL, coverage_factor
from lamion.techniques.cycling.constant_currents import Stretches
from lamion.techniques.cycling.equilibrium_curve import EquilibriumCurve

Array = NDArray[np.float64]

Skips = Sequence[float | None]

_LEAST_SAMPLES = 8
_BLOCKS = 8
_AROUND = tuple(np.linspace(-3.0, 3.0, 13).tolist())
"""Where a fit may begin, ln T beside that of the line in the root of time."""
_LEVEL = 0.99
_FORGOTTEN = 2.0
"""L2/D after which a switch has left the profile that stays."""


@dataclass(frozen=True, eq=False)
class Response:
    """The voltage after one switch of the current.

    Parameters
    ----------
    time : array, shape (m,)
        s since the switch, above zero.
    voltage : array, shape (m,)
        V.
    place : int
        Which stretch of the record it is.
    chord : int
        Which chord of the curve it runs along.
    """

    time: Array
    voltage: Array
    place: int
    chord: int


def response_of(time: Array, voltage: Array, record: Stretches, place: int, chord: int) -> Response:
    """Return the voltage of one stretch, its first sample behind the switch."""
    rows = slice(int(record.first[place]), int(record.last[place]) + 1)
    since = time[rows] - record.begin[place]
    return Response(since[since > 0], voltage[rows][since > 0], place, chord)


@dataclass(frozen=True, eq=False)
class SharedPoint:
    """A point of the curve that was read off the samples of a response.

    Parameters
    ----------
    place : int
        Which point.
    weights : array, shape (m,)
        Its voltage is the sum of the samples by them.
    """

    place: int
    weights: Array


@dataclass(frozen=True, eq=False)
class Diffusion:
    """One response's fit.

    Parameters
    ----------
    time : float
        T = L2/D in s; not a number where the voltage runs against the curve.
    log_std : float
        Half the interval of ln T.
    plain : float
        T in s of a line in sqrt(t) with the chord of the curve.
    offset, offset_std : float
        c, and half its interval, V.
    slope : float
        Of that line, V/s^0.5.
    start : float
        What was left out after the switch, s.
    noise : float
        Of one sample, V.
    first : float
        What the first sample has over the curve, V.
    beyond : float
        The share by which the curve's slope may change where it had to be extrapolated.
    begin, begin_std : float
        The fitted voltage at the switch, and half its interval, V: what the curve and the offset share is not in it.
    model : array, shape (m,)
        The fitted voltage, V.
    moved : array, shape (k,)
        How ln T moves with each point of the curve, by its uncertainty.
    shared : array, shape (k,)
        The covariance of how the samples move ln T directly with each point, by its uncertainty.
    unrelaxed : float
        What counting the profiles that rests leave changes ln T by; it is in its interval.
    """

    time: float
    log_std: float
    plain: float
    offset: float
    offset_std: float
    slope: float
    start: float
    noise: float
    first: float
    beyond: float
    begin: float
    begin_std: float
    model: Array
    moved: Array
    shared: Array
    unrelaxed: float = 0.0

    @property
    def determined(self) -> bool:
        """Whether T is known to a factor of e."""
        return self.log_std < 1.0

    def beside(self, plain: Diffusion) -> Diffusion:
        """Return the same fit, with what it differs by from one that takes every rest for relaxed."""
        change = abs(math.log(self.time / plain.time))
        return replace(self, log_std=math.hypot(self.log_std, change), unrelaxed=change)


def excess(particle: Particle, record: Stretches, place: int, time: Array, diffusion_time: float) -> Array:
    """Return how far the surface's content is ahead of the mean from all switches before a stretch, A s.

    Parameters
    ----------
    particle : Particle
        The shape.
    record : Stretches
        The switches.
    place : int
        The stretch; its own switch is not counted. Their number stands for what follows the last.
    time : array, shape (m,)
        s since it began; negative in the one before.
    diffusion_time : float
        L2/D in s; zero for a surface that is never ahead.
    """
    if diffusion_time == 0.0 or place == 0:
        return np.zeros_like(time)
    now = record.begin[place] if place < len(record) else record.end[-1]
    ago = now - record.begin[:place]
    recent = int(np.argmax(ago < _FORGOTTEN * diffusion_time)) if ago[-1] < _FORGOTTEN * diffusion_time else place
    settled = record.current[recent - 1] * particle.settled if recent > 0 else 0.0
    reduced = (time + ago[recent:, None]) / diffusion_time
    still = record.jump[recent:place] @ particle.excess(reduced)
    return np.asarray(diffusion_time / particle.dimension * (settled + still))


def fit_response(
    response: Response,
    curve: EquilibriumCurve,
    record: Stretches,
    particle: Particle,
    history: float,
    skip: float | None = None,
    shared: SharedPoint | None = None,
) -> Diffusion:
    """Fit T and the offset to one response.

    Parameters
    ----------
    response : Response
        What was measured.
    curve : EquilibriumCurve
        Voltage against content.
    record : Stretches
        The switches.
    particle : Particle
        The shape.
    history : float
        T of all earlier switches, s.
    skip : float, optional
        What to leave out after the switch, s; otherwise as much as leaves residuals without a trend, so that an
        interface that is still charging is not taken for diffusion.
    shared : SharedPoint, optional
        A point of the curve that was read off the same samples.

    Returns
    -------
    Diffusion
    """
    own = _Own.of(response, curve, record, particle, history, shared)
    guess = own.plain()
    if not (math.isfinite(guess) and guess > 0):
        return _undetermined(own)
    start, best = own.chosen(guess) if skip is None else (skip, own.fitted(skip, guess))
    return own.named(best, start, guess)


@dataclass(frozen=True, eq=False)
class _Own:
    """A response with what its fit needs: the content without its own switch, and that at the switch."""

    response: Response
    curve: EquilibriumCurve
    particle: Particle
    mean: Array
    at_switch: float
    jump: float
    shared: SharedPoint | None

    @classmethod
    def of(
        cls,
        one: Response,
        curve: EquilibriumCurve,
        record: Stretches,
        particle: Particle,
        history: float,
        shared: SharedPoint | None,
    ) -> _Own:
        time = np.concatenate([[0.0], one.time])
        mean = record.passed[one.place] + record.current[one.place] * time
        content = mean + excess(particle, record, one.place, time, history)
        return cls(one, curve, particle, content[1:], float(content[0]), float(record.jump[one.place]), shared)

    def content(self, diffusion_time: float) -> Array:
        size = self.jump * diffusion_time / self.particle.dimension
        return np.asarray(self.mean + size * self.particle.excess(self.response.time / diffusion_time))

    def line(self) -> float:
        """Return the slope of a line in the root of time."""
        root = np.sqrt(self.response.time)
        return float(np.polyfit(root, self.response.voltage, 1)[0])

    def plain(self) -> float:
        """Return the T of that line and of the curve's chord; not a number where they point apart."""
        rate = self.curve.sign * self.curve.chords[self.response.chord] * self.jump
        root = self.line() * self.particle.dimension * math.sqrt(math.pi) / 2 / rate if rate else math.nan
        return root**2 if root > 0 else math.nan

    def starts(self) -> list[float]:
        """Return what may be left out: nothing, then twice as many samples each time."""
        t, places = self.response.time, [0]
        while len(t) - (step := max(2 * places[-1], 1)) >= max(_LEAST_SAMPLES, len(t) // 2):
            places.append(step)
        return [float(t[place]) for place in places]

    def chosen(self, guess: float) -> tuple[float, Fit]:
        """Return what is left out, and the fit: one step more than shows no trend, so that none hides in the noise."""
        starts, found = self.starts(), list[tuple[float, Fit]]()
        late = self.fitted(starts[-1], guess)
        for place, start in enumerate(starts):
            found.append((start, self.fitted(start, guess)))
            if not (is_correlated(found[-1][1].residuals[None, :]) or _noisier(found[-1][1], late)):
                further = starts[min(place + 1, len(starts) - 1)]
                return found[-1] if place == 0 else (further, self.fitted(further, guess))
        return min(found, key=lambda one: one[1].noise)

    def fitted(self, start: float, guess: float) -> Fit:
        t, voltage = self.response.time, self.response.voltage
        kept = t >= start

        def residuals(p: Array) -> Array:
            model = self.curve(self.content(guess * math.exp(np.clip(p[0], -20.0, 20.0)))) + p[1]
            return np.asarray((model - voltage)[kept])

        places = [(place, self._offset(guess * math.exp(place), kept)) for place in _AROUND]
        nearest = min(places, key=lambda p: float(np.sum(residuals(np.array(p)) ** 2)))
        with np.errstate(invalid="ignore"):
            return fit(residuals, nearest, tolerance=1e-9)

    def _offset(self, diffusion_time: float, kept: NDArray[np.bool_]) -> float:
        return float(np.mean((self.response.voltage - self.curve(self.content(diffusion_time)))[kept]))

    def named(self, found: Fit, start: float, guess: float) -> Diffusion:
        diffusion_time = guess * math.exp(np.clip(found.parameters[0], -20.0, 20.0))
        content = self.content(diffusion_time)
        counted = content[self.response.time >= start]
        wander = self._of_the_curve(found, counted)
        near = self.curve.near(np.append(counted, self.at_switch))
        moves = np.zeros((len(self.curve.std), 3))
        moves[near.start : near.stop] = wander[:-1]
        direct = self._shared(found, start)
        beyond = self.curve.beyond(counted)
        errors = _errors(found)
        variance = np.array([*errors, errors[1]]) ** 2 + np.sum(wander**2, axis=0)
        std = np.sqrt(np.maximum(variance + 2 * np.sum(direct * moves, axis=0), 0.0))
        over = self.response.voltage[0] - self.curve(content[:1])[0]
        return Diffusion(
            float(diffusion_time),
            math.hypot(std[0], 2 * beyond),
            guess,
            float(found.parameters[1]),
            float(std[1]),
            self.line(),
            start,
            found.noise,
            float(over),
            beyond,
            float(self.curve(np.array([self.at_switch]))[0] + found.parameters[1]),
            float(std[2]),
            self.curve(content) + found.parameters[1],
            moves[:, 0],
            direct[:, 0],
        )

    def _of_the_curve(self, found: Fit, content: Array) -> Array:
        """Return how ln T, c and the voltage at the switch move with each point of the curve, by its uncertainty.

        And with another way between the points, the last row.
        """
        gain = -np.linalg.pinv(found.jacobian)
        own = np.append(content, self.at_switch)
        exact = self.curve(own)
        moves = []
        for place in self.curve.near(own):
            step = np.zeros_like(self.curve.std)
            step[place] = self.curve.std[place]
            moves.append(replace(self.curve, voltage=self.curve.voltage + step)(own) - exact)
        other = Akima1DInterpolator(self.curve.content, self.curve.voltage)
        moves.append(np.nan_to_num(other(self.curve.sign * own) - exact))
        fitted = np.array(moves)[:, :-1] @ gain.T
        return np.column_stack([fitted, fitted[:, 1] + np.array(moves)[:, -1]])

    def _shared(self, found: Fit, start: float) -> Array:
        """Return how samples move ln T, c and c again directly, by covariance with the points that they gave."""
        direct = np.zeros((len(self.curve.std), 3))
        if self.shared is not None and self.curve.std[self.shared.place] > 0.0:
            weights = self.shared.weights[self.response.time >= start]
            moved = found.noise**2 * (np.linalg.pinv(found.jacobian) @ weights)
            direct[self.shared.place] = moved[[0, 1, 1]] / self.curve.std[self.shared.place]
        return direct


def _noisier(found: Fit, late: Fit) -> bool:
    """Tell whether a fit leaves more than one to the later half, as a transient of a few samples does (F test)."""
    freedom = [len(one.residuals) - len(one.parameters) for one in (found, late)]
    return bool(found.noise**2 > fdtri(*freedom, _LEVEL) * late.noise**2)


def _errors(found: Fit) -> Array:
    """Return half the intervals of the parameters, wider where the residuals hang together."""
    covariance = found.covariance
    factor = coverage_factor(LEVEL, max(len(found.residuals) - 2, 1))
    if is_correlated(found.residuals[None, :]) and len(found.residuals) >= 2 * _BLOCKS:
        blocks = np.array_split(np.arange(len(found.residuals)), _BLOCKS)
        wider = block_jackknife(found.jacobian, found.residuals, list(blocks))
        covariance, factor = np.maximum(covariance, wider), coverage_factor(LEVEL, _BLOCKS - 1)
    return np.asarray(factor * np.sqrt(np.diag(covariance)))


def _undetermined(own: _Own) -> Diffusion:
    nan, none = math.nan, np.zeros_like(own.curve.std)
    over = float(own.response.voltage[0] - own.curve(own.mean[:1])[0])
    model = np.full_like(own.mean, nan)
    return Diffusion(nan, nan, nan, nan, nan, own.line(), 0.0, nan, over, 0.0, nan, nan, model, none, none)


@dataclass(frozen=True, eq=False)
class Reading:
    """What one response says.

    Parameters
    ----------
    response : Response
        What was measured.
    diffusion : Diffusion
        Its fit.
    duration : float
        Of the stretch, s.
    current : float
        That was switched on or off, A.
    content : float
        Net charge passed since the record began, A s.
    voltage : float
        At equilibrium with the surface, V.
    resistance, resistance_std : float
        The jump of the voltage by the root of time, over the current, ohm.
    ohmic, ohmic_std : float
        What of it is there in the first sample, ohm.
    """

    response: Response
    diffusion: Diffusion
    duration: float
    current: float
    content: float
    voltage: float
    resistance: float
    resistance_std: float
    ohmic: float
    ohmic_std: float

    @property
    def kinetic(self) -> float:
        """What of the jump comes after the first sample, ohm."""
        return self.resistance - self.ohmic

    @property
    def kinetic_std(self) -> float:
        """Its standard uncertainty, ohm."""
        return math.hypot(self.resistance_std, self.ohmic_std)

    @property
    def lengths(self) -> float:
        """The duration over L2/D."""
        return self.duration / self.diffusion.time
