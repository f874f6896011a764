"""What a Li|Li test shows of a critical current or a short.

Cells are simulated under the stated currents, with the noise, drift and changes of ordinary ones, and each trace is
analysed. Between the last step that held and the first that shorted nothing was run: that interval is a critical
current's uncertainty, whatever the noise. The digits count as resolved where it is at most three units of the last of
them and shorts are seen; a bound where a short at it would have been seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity, units
from lamion.quantities.figure import Axis, Figure, Panel, Points, Trace
from lamion.synthetic.plating import KINDS, Kind, PlatingTrace, Protocol, stated_trace
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import allowed_uncertainty, central_half_width
from lamion.techniques.plating.critical_current import critical_current_raw
from lamion.techniques.plating.half_cycle import half_cycles as cut
from lamion.techniques.plating.shorts import shorts_raw

Array = NDArray[np.float64]
Of = Literal["held", "shorted", "short_time"]

_LOSSES = (0.02, 0.03, 0.05, 0.07, 0.10, 0.15, 0.25, 0.40)
_ENOUGH = 0.9
_SAME = 0.02
_AFTER = 6
"""Half-cycles that are simulated after a short."""
_FEWEST, _MOST = 20, 1_000_000
"""Samples of a half-cycle, and of a test."""
_HARMLESS: tuple[Kind, ...] = tuple(kind for kind in KINDS if "short" not in kind and kind != "smaller current")
_SAMPLING = Quantity(10.0, None, "s")


@task(
    results={
        "smallest_short": Result("1", "share of the voltage that a short takes to be seen", headline=True),
        "uncertainty": Result("", "of the printed number by such a test", headline=True),
        "false_alarms": Result("1", "share of tests without a short that show one"),
        "recall.*": Result("1", "share of such shorts that are read where they are"),
    },
    evidence="synthetic",
    example='--printed "0.8 mA/cm2" --of shorted --currents "0.2 mA/cm2, 0.4 mA/cm2, 0.6 mA/cm2, 0.8 mA/cm2, '
    '1 mA/cm2" --half-cycle "1 h" --quick',
    cites=("chen2017", "flatscher2020"),
    random=True,
    quick=True,
)
def plating(
    printed: Annotated[
        Quantity, Option("with the digits that are asked about", unit=("A/m2", "s"), example="0.8 mA/cm2", printed=True)
    ],
    of: Annotated[Of, Option("the largest current that held, the one that shorted, or when it did")],
    currents: Annotated[tuple[Quantity, ...], Option("of the test, in order", of="current", example="0.4 mA/cm2")],
    half_cycle: Annotated[Quantity, Option("time of one", of="time", example="1 h")],
    context: Context,
    half_cycles: Annotated[int, Option("at each current, where there are several", minimum=1, maximum=1000)] = 2,
    sampling: Annotated[Quantity, Option("between samples", of="time")] = _SAMPLING,
) -> Answer:
    """Simulate the tests."""
    step, protocol = _protocol(of, printed, [one.si for one in currents], half_cycle.si, half_cycles, sampling.si)
    test = _Test(of, printed, protocol, step, 40 if context.quick else 200, context.seed)
    errors = {loss: test.errors(loss) for loss in _LOSSES}
    recall = {loss: float(np.mean(np.abs(found) <= test.right)) for loss, found in errors.items()}
    enough = [loss for loss in _LOSSES if all(recall[more] >= _ENOUGH for more in _LOSSES if more >= loss)]
    alarms = test.false_alarms()
    results = {f"recall.{100 * loss:g}%": _share(recall[loss]) for loss in _LOSSES} | {"false_alarms": _share(alarms)}
    quiet = f"{100 * alarms:.2g} % of those without a short show one"
    if not enough or alarms > 1 - _ENOUGH:
        why = "no short of up to 40 % of the voltage is read where it is in nine of ten, and "
        reason = f"Synthetic: of {test.said}, {'' if enough else why}{quiet}."
        return Answer(
            results,
            verdict="not resolvable",
            reason=reason,
            synthetic=True,
            figures={"trace": test.drawn(max(_LOSSES))},
        )
    least = enough[0]
    spread = central_half_width(np.clip(errors[least], -2 * test.right, 2 * test.right))
    resolved, judged = test.judged(spread * units.scale(units.si_unit(printed.unit), printed.unit))
    results["smallest_short"] = _share(least)
    results["uncertainty"] = Quantity(spread, None, units.si_unit(printed.unit), "synthetic").to(printed.unit)
    return Answer(
        results,
        verdict="resolvable" if resolved else "not resolvable",
        reason=f"Synthetic: of {test.said}, a short that takes {100 * least:g} % of the voltage is read where it is in "
        f"{100 * recall[least]:.0f} %, and {quiet}. {judged} A smaller short, or one from the first cycle on, stays "
        "open.",
        synthetic=True,
        figures={"trace": test.drawn(least)},
    )


def _share(value: float) -> Quantity:
    return Quantity(value, None, "1", "synthetic")


def _protocol(
    of: Of, printed: Quantity, currents: list[float], duration: float, half_cycles: int, sampling: float
) -> tuple[int, Protocol]:
    """Return which current is asked about, and the test."""
    if units.same_dimension(printed.unit, "s") != (of == "short_time"):
        raise InputError(f"{printed} is no {of}.", "", "Give a time with --of short_time, else a current density.")
    if of == "short_time":
        if len(currents) > 1:
            raise InputError("The time of a short is asked about, and several currents are given.", "", "Give one.")
        half_cycles, step = math.ceil(printed.si / duration) + _AFTER, 0
    else:
        near = [place for place, one in enumerate(currents) if abs(one / printed.si - 1) < _SAME]
        if sorted(currents) != currents or len(near) != 1 or near[0] == 0:
            raise InputError(
                f"The currents do not rise to {printed}, or not in steps of which it is one.",
                "",
                "Give all currents of the test, the printed one and a smaller one among them.",
            )
        step = near[0]
    rows = half_cycles * len(currents) * duration / sampling
    if not (duration / sampling >= _FEWEST and rows <= _MOST):
        raise InputError(
            f"A half-cycle has {duration / sampling:.3g} samples, the test {rows:.3g}.",
            "",
            f"Give a sampling that leaves a half-cycle {_FEWEST} of them and the test at most {_MOST:,}.",
        )
    return step, Protocol(tuple(currents), half_cycles, duration, sampling)


@dataclass(frozen=True, eq=False)
class _Test:
    """A stated test, to be run again and again; in SI units."""

    of: Of
    printed: Quantity
    protocol: Protocol
    step: int
    count: int
    seed: int

    @property
    def said(self) -> str:
        """Say how it is run."""
        currents = [Quantity(one, None, "A/m2").to("mA/cm2").value for one in self.protocol.currents]
        steps = f"{len(currents)} steps from {currents[0]:g} to {currents[-1]:g}" if len(currents) > 1 else currents[0]
        return (
            f"{self.count} tests at {steps} mA/cm2, each of {self.protocol.half_cycles} half-cycles of "
            f"{self.protocol.duration / 3600:g} h sampled every {self.protocol.sampling:g} s, with the noise, drift "
            "and changes of ordinary cells"
        )

    @cached_property
    def ends(self) -> tuple[float, float]:
        """Between what the number asked about lies: the currents of two steps, or what rounds to a time."""
        if self.of == "short_time":
            half = self.printed.si_std * math.sqrt(3)
            return self.printed.si - half, self.printed.si + half
        return self.protocol.currents[self.step - 1], self.protocol.currents[self.step]

    @property
    def right(self) -> float:
        """By how much a right reading may differ from the truth: within its step, or what a time's digits allow."""
        if self.of == "short_time":
            return allowed_uncertainty(self.printed) * units.scale(self.printed.unit, "s")
        return (self.ends[1] - self.ends[0]) / 2 * (1 + 1e-9)

    def errors(self, loss: float) -> Array:
        """Return what is read less the truth, infinite where no short is read."""
        truths = np.random.default_rng(self.seed).uniform(*self.ends, self.count)
        places = np.random.default_rng([self.seed, 1]).uniform(0.0, 1.0, self.count) + self.step
        found = []
        for number, (truth, place) in enumerate(zip(truths, places, strict=True)):
            timed = truth / self.protocol.duration
            at = timed if self.of == "short_time" else place * self.protocol.half_cycles
            trace = stated_trace(self.protocol, "short", self.seed + number, at=at, loss=loss)
            late = trace.setting_in / 2 if self.of == "short_time" else 0.0
            found.append(self.read(trace) - truth - late)
        return np.array(found)

    def drawn(self, loss: float) -> FigureData:
        """Draw one of the tests, a point at the end of each half-cycle, over the voltage of the first."""
        truth = (self.ends[0] + self.ends[1]) / 2
        at = (
            truth / self.protocol.duration if self.of == "short_time" else (self.step + 0.5) * self.protocol.half_cycles
        )
        record = stated_trace(self.protocol, "short", self.seed, at=at, loss=loss).record
        turns = np.flatnonzero(np.diff(np.sign(record.current)) != 0)
        first = abs(float(record.voltage[turns[0]]))
        traces: list[Trace] = [
            Points(record.time[turns] / 3600, np.abs(record.voltage[turns]) / first, "synthetic", 0, marker="dot")
        ]
        panel = Panel(traces, Axis("time", "h"), Axis("relative voltage"), legend="")
        said = f"a short that takes {100 * loss:g} % of the voltage"
        return Figure([panel]).entitled(f"Synthetic: one of the simulated tests, with {said}")

    def false_alarms(self) -> float:
        """Return the share of tests without a short that show one."""
        kinds = [_HARMLESS[number % len(_HARMLESS)] for number in range(self.count)]
        seen = [self.read(stated_trace(self.protocol, kind, self.seed + k)) for k, kind in enumerate(kinds)]
        return float(np.mean(np.isfinite(seen)))

    def read(self, trace: PlatingTrace) -> float:
        """Return the time of the first short, or the middle of the steps around it; infinite where none is seen."""
        cycles = cut(trace.record)
        shorts = shorts_raw(cycles)
        if self.of == "short_time":
            return shorts[0].time if shorts else math.inf
        found = critical_current_raw(cycles, shorts)
        return math.inf if found is None or found.shorted is None else (found.held + found.shorted) / 2

    def judged(self, spread: float) -> tuple[bool, str]:
        """Say what the test leaves of the number, whose uncertainty is given in its unit."""
        if self.of == "held":
            return True, f"A short at {self.printed.value:g} {self.printed.unit} or below would have been seen."
        allowed = allowed_uncertainty(self.printed)
        resolved = spread <= allowed
        low, high = (end * units.scale(units.si_unit(self.printed.unit), self.printed.unit) for end in self.ends)
        steps = "" if self.of == "short_time" else f"The steps leave the critical current from {low:g} to {high:g}: "
        return resolved, (
            f"{steps}{'it' if steps else 'Its time'} is uncertain by {spread:.2g} {self.printed.unit}, "
            f"{'no more' if resolved else 'more'} than three units of the last printed digit and a quarter of the "
            f"value allow ({allowed:.2g})."
        )
