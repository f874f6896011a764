r"""Li|Li cells between which lithium is plated to and fro: with what lowers their voltage, a short or something else.

A half-cycle at a current I answers with

.. math:: U = I R_\Omega + 2 \frac{2RT}{F} \mathrm{arsinh}\frac{I R_\mathrm{i} F}{4RT}
          + I R_\mathrm{c} (1 - e^{-t/\tau}) + I R_\mathrm{p} s(t)

with the electrolyte and the leads, both interfaces, the concentrations that settle, and a shape s: peaks at its
beginning and end, or an arc between them. What happens to the cell is one of :data:`KINDS`; how much, and when, is
drawn from :data:`RANGES`. Both were written before the detector that is counted on them, `plating/shorts.py`.

References
----------
K.-H. Chen et al., J. Mater. Chem. A 5 (2017) 11671, 10.1039/c7ta00371d: peaks and arcs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.properties import ROOM_TEMPERATURE
from lamion.records.measurements import CyclingRecord
from lamion.records.source import SourceFile

Array = NDArray[np.float64]
Kind = Literal[
    "steady",
    "activation",
    "warming",
    "contact",
    "arc",
    "smaller current",
    "growth",
    "noise",
    "short",
    "short from the first",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What happens: nothing, a fall of the voltage over 20 half-cycles, a warmer room, a contact lost and recovered, peaks
that turn into an arc, a smaller current for a while, growth of the interfaces, a noise with spikes, a soft short."""

RANGES: Mapping[str, tuple[float, float]] = {
    # of every cell
    "half_cycles": (40, 80),
    "half_cycle": (1800.0, 7200.0),  # s
    "sampling": (10.0, 60.0),  # s
    "current": (1e-4, 1e-3),  # A
    "voltage": (0.010, 0.150),  # V, in the middle of the first half-cycle, of all parts together
    "ohmic_share": (0.2, 0.6),
    "concentration_share": (0.05, 0.3),
    "settling": (0.05, 0.3),  # over the half-cycle
    "peaks": (0.1, 0.6),  # over the voltage
    "peak_width": (0.02, 0.15),  # over the half-cycle
    "asymmetry": (-0.05, 0.05),  # between the two directions
    "sample_noise": (0.0005, 0.01),  # of each sample, relative
    "half_cycle_scatter": (0.0005, 0.003),  # from one half-cycle to the next, relative
    # of what happens, from the fourth half-cycle on but for activation and growth
    "activation": (0.10, 0.60),  # of the voltage, over 20 half-cycles
    "warming": (5.0, 20.0),  # K
    "activation_energy": (0.3, 0.7),  # eV, of every part of the voltage
    "thermal_time": (1200.0, 7200.0),  # s
    "contact": (0.05, 1.0),  # of the voltage, lost within one sample and recovered within another
    "contact_half_cycles": (0.5, 10.0),
    "arc_half_cycles": (5.0, 20.0),
    "smaller_current": (0.2, 0.8),  # over the first
    "smaller_half_cycles": (4.0, 20.0),
    "growth": (0.005, 0.03),  # of the interfaces' resistance, a half-cycle
    "noise": (0.01, 0.10),  # of each sample, relative
    "spikes": (0.0, 3.0),  # a half-cycle, each of one to three samples and up to twice the voltage
    "short_loss": (0.02, 0.50),  # of the voltage
    "short_half_cycles": (2.0, 40.0),
    "short_fall": (0.0, 120.0),  # s, the time in which it sets in
    "short_fluctuation": (0.0, 0.3),  # of the loss, over a tenth of a half-cycle
}
"""From where each is drawn: evenly, those that span a decade or more evenly in their logarithm."""

_THERMAL = 2 * GAS * ROOM_TEMPERATURE.si / FARADAY
_ACTIVATED = 20
_FIRST_EVENT = 4


@dataclass(frozen=True, eq=False)
class PlatingTrace:
    """A synthetic trace and what happened in it.

    Parameters
    ----------
    record : CyclingRecord
        Time, voltage and current.
    kind : str
        One of :data:`KINDS`.
    amplitude : float
        How much: the loss of a short, the fall of an activation, kelvin; zero where nothing happens.
    at : float
        When it begins, in s.
    setting_in : float
        How long a short takes to set in, in s.
    """

    record: CyclingRecord
    kind: Kind
    amplitude: float
    at: float
    setting_in: float = 0.0


def plating_trace(kind: Kind, seed: int, *, amplitude: float | None = None) -> PlatingTrace:
    """Draw a trace.

    Parameters
    ----------
    kind : str
        What happens, one of :data:`KINDS`.
    seed : int
        Of everything that is drawn.
    amplitude : float, optional
        How much of it, in place of one from its range; for a short its loss.

    Examples
    --------
    >>> trace = plating_trace("short", 1, amplitude=0.3)
    >>> trace.amplitude, float(trace.record.current.max()) > 0 > float(trace.record.current.min())
    (0.3, True)
    """
    return _Drawn(kind, np.random.default_rng([seed, KINDS.index(kind)]), amplitude).trace()


@dataclass(frozen=True)
class Protocol:
    """A test that is stated: its currents, one after the other, and its clock.

    Parameters
    ----------
    currents : tuple of float
        A; each is held for as many half-cycles.
    half_cycles : int
        At each current.
    duration : float
        Of a half-cycle, s.
    sampling : float
        s.
    """

    currents: tuple[float, ...]
    half_cycles: int
    duration: float
    sampling: float


def stated_trace(
    protocol: Protocol, kind: Kind, seed: int, *, at: float | None = None, loss: float | None = None
) -> PlatingTrace:
    """Draw the trace of a stated test; what the protocol leaves open is drawn as for :func:`plating_trace`.

    Parameters
    ----------
    protocol : Protocol
        The test. The middle one of its currents takes the voltage that is drawn.
    kind : str
        What happens, one of :data:`KINDS` that leaves the current as it is.
    seed : int
        Of everything that is drawn.
    at : float, optional
        When it begins, in half-cycles.
    loss : float, optional
        Of a short, in place of one from its range.

    Examples
    --------
    >>> trace = stated_trace(Protocol((1e-4, 2e-4), 4, 3600.0, 60.0), "steady", 1)
    >>> [round(float(size), 6) for size in np.unique(np.abs(trace.record.current))]
    [0.0001, 0.0002]
    """
    return _Drawn(kind, np.random.default_rng([seed, KINDS.index(kind)]), loss, protocol, at).trace()


class _Drawn:
    """One trace on its way: an undisturbed cell, then what happens to it."""

    def __init__(
        self,
        kind: Kind,
        rng: np.random.Generator,
        amplitude: float | None,
        protocol: Protocol | None = None,
        at: float | None = None,
    ) -> None:
        self.kind, self.rng, self.amplitude = kind, rng, amplitude
        if protocol is None:
            self.count = round(self.draw("half_cycles"))
            self.duration, step = self.draw("half_cycle"), self.draw("sampling")
        else:
            self.count = protocol.half_cycles * len(protocol.currents)
            self.duration, step = protocol.duration, protocol.sampling
        self.time = np.arange(1, int(self.count * self.duration / step) + 1) * step
        self.cycles = self.time / self.duration  # in half-cycles
        self.phase = self.cycles % 1.0
        self.number = np.minimum(self.cycles.astype(int), self.count - 1)
        early = min(_FIRST_EVENT, self.count / 2)
        self.begin = float(self.rng.uniform(early, self.count - early)) if at is None else at
        ones: Array = np.ones(len(self.time))
        self.peaked, self.interface = ones, ones
        if protocol is None:
            self.first = self.draw("current")
            self.current = self.first * ones
        else:
            self.first = float(np.median(protocol.currents))
            self.current = np.array(protocol.currents)[self.number // protocol.half_cycles]
        self.whole: Array = ones
        self.contact, self.fall = 0.0 * ones, 0.0
        self.noise: Array = self.draw("sample_noise") * self.rng.standard_normal(len(self.time))

    def trace(self) -> PlatingTrace:
        """Return the cell's trace."""
        happens = {
            "activation": self.activate,
            "warming": self.warm,
            "contact": self.lose_contact,
            "arc": self.turn_to_arc,
            "smaller current": self.lower_current,
            "growth": self.grow,
            "noise": self.make_noise,
            "short": self.short,
            "short from the first": self.short,
        }
        happens.get(self.kind, lambda: None)()
        sign = np.where(self.number % 2 == 0, 1.0, -1.0)
        scatter = self.draw("half_cycle_scatter") * self.rng.standard_normal(self.count)[self.number]
        factor = self.whole * (1.0 + self.draw("asymmetry") / 2 * sign) * (1.0 + self.noise + scatter)
        source = SourceFile(f"plating, {self.kind}", "", "synthetic")
        record = CyclingRecord(self.time, sign * self.voltage() * factor, sign * self.current, source=source)
        return PlatingTrace(record, self.kind, self.amplitude or 0.0, self.begin * self.duration, self.fall)

    def voltage(self) -> Array:
        """Return the voltage of all parts."""
        resistance = self.draw("voltage") / self.first
        ohmic, settled = self.draw("ohmic_share"), self.draw("concentration_share")
        settling = settled * (1.0 - np.exp(-self.phase / self.draw("settling")))
        linear = ohmic + self.contact + settling + self.draw("peaks") * self.shape()
        charge_transfer = (1.0 - ohmic - settled) * self.interface * resistance * self.current
        found = self.current * resistance * linear + 2 * _THERMAL * np.arcsinh(charge_transfer / (2 * _THERMAL))
        return np.asarray(found)

    def shape(self) -> Array:
        """Return the peaks at both ends of each half-cycle, or the arc between them."""
        width = self.draw("peak_width")
        peaks = 0.6 * np.exp(-self.phase / width) + 0.4 * np.exp((self.phase - 1.0) / width)
        return np.asarray(self.peaked * peaks + (1.0 - self.peaked) * 2 * self.phase * (1.0 - self.phase))

    def draw(self, name: str) -> float:
        """Draw a number from its range."""
        low, high = RANGES[name]
        if low > 0 and high / low >= 10:
            return float(np.exp(self.rng.uniform(np.log(low), np.log(high))))
        return float(self.rng.uniform(low, high))

    def size(self, name: str) -> float:
        """Return how much of what happens: as asked for, or drawn."""
        drawn = self.draw(name)
        self.amplitude = drawn if self.amplitude is None else self.amplitude
        return self.amplitude

    def since(self, name: str) -> Array:
        """Return where it happens, for as many half-cycles as are drawn."""
        return np.asarray((self.cycles >= self.begin) & (self.cycles < self.begin + self.draw(name)))

    def activate(self) -> None:
        """Let the voltage fall over 20 half-cycles, in a straight line or slowing down."""
        self.begin = 0.0
        x = np.minimum(self.cycles / _ACTIVATED, 1.0)
        slowing = np.expm1(-3 * x) / np.expm1(-3)
        self.whole = 1.0 - self.size("activation") * (x if self.rng.random() < 0.5 else slowing)

    def warm(self) -> None:
        """Let the room become warmer, and the cell with its thermal time."""
        later = np.maximum(self.cycles - self.begin, 0.0) * self.duration
        kelvin = self.size("warming") * -np.expm1(-later / self.draw("thermal_time"))
        energy = self.draw("activation_energy") * FARADAY / GAS
        self.whole = np.exp(energy * (1 / (ROOM_TEMPERATURE.si + kelvin) - 1 / ROOM_TEMPERATURE.si))

    def lose_contact(self) -> None:
        """Put a contact's resistance in series for a while."""
        self.contact = self.size("contact") * self.since("contact_half_cycles")

    def turn_to_arc(self) -> None:
        """Let the peaks fade into an arc."""
        self.peaked = 1.0 - np.clip((self.cycles - self.begin) / self.size("arc_half_cycles"), 0.0, 1.0)

    def lower_current(self) -> None:
        """Take a smaller current for whole half-cycles."""
        self.begin, smaller = float(round(self.begin)), self.size("smaller_current")
        last = self.begin + round(self.draw("smaller_half_cycles"))
        self.current = np.where((self.number >= self.begin) & (self.number < last), smaller, 1.0) * self.first

    def grow(self) -> None:
        """Let the interfaces' resistance grow."""
        self.begin = 0.0
        self.interface = np.exp(np.log1p(self.size("growth")) * self.cycles)

    def make_noise(self) -> None:
        """Take a noisier cell, with spikes."""
        noise: Array = self.size("noise") * self.rng.standard_normal(len(self.time))
        for place in self.rng.integers(0, len(self.time), round(self.draw("spikes") * self.count)):
            noise[place : place + self.rng.integers(1, 4)] += self.rng.uniform(0.0, 1.0)
        self.noise = np.array(noise, dtype=np.float64)

    def short(self) -> None:
        """Let a part of the current pass by: it sets in, fluctuates and ends, or was there from the first."""
        loss, lasting, self.fall = self.size("short_loss"), self.draw("short_half_cycles"), self.draw("short_fall")
        setting_in = np.clip((self.cycles - self.begin) * self.duration / max(self.fall, 1e-3), 0.0, 1.0)
        there = setting_in * (self.cycles < self.begin + lasting)
        if self.kind == "short from the first":
            self.begin, there = 0.0, np.ones(len(self.time))
        knots = np.arange(0.0, self.count + 1.0, 0.1)
        fluctuation = self.draw("short_fluctuation") * self.rng.uniform(-1.0, 1.0, len(knots))
        self.whole = 1.0 - loss * there * (1.0 + np.interp(self.cycles, knots, fluctuation))
