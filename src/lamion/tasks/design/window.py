"""Whether a sweep resolves the digits of an electrochemical window.

Sweeps of an electrolyte that is oxidised from the printed potential on are simulated, and each is read by one of the
rules of `analyze window`: by threshold or by tangent, under its choices of background, threshold and width. What they
differ by is the uncertainty of an onset whose rule is not said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, InputError, Quantity
from lamion.synthetic.voltammogram import OxidisedCell, voltammogram
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import central_half_width, resolution_answer
from lamion.techniques.stability.window import THRESHOLD, Conditions
from lamion.techniques.stability.window import window as read_window

Array = NDArray[np.float64]

_RULES = ("onset.threshold", "onset.tangent")
_EACH = 8
"""Readings of one sweep, by rules that are drawn."""
_NOISE = Quantity(20.0, None, "nA/cm2")


@task(
    results={
        "simulated_onset": Result("V", "median and scatter of the simulated readings", headline=True),
        "relative_uncertainty": Result("1", "of one such reading", headline=True),
        "spread.threshold": Result("V", "half the interval of one sweep, by threshold"),
        "spread.tangent": Result("V", "the same, by tangent"),
    },
    evidence="synthetic",
    uncited="it simulates sweeps and reads them as `analyze window` does",
    example='--printed "4.8 V" --start "3 V" --end "6 V" --scan-rate "1 mV/s" --slope "0.2 ± 0.1 V" '
    '--resistance "300 ± 200 ohm cm2" --quick',
    random=True,
    quick=True,
)
def window(
    printed: Annotated[
        Quantity, Option("onset, with the digits that are asked about", of="voltage", example="4.8 V", printed=True)
    ],
    start: Annotated[Quantity, Option("of the sweep", of="voltage", example="3 V")],
    end: Annotated[Quantity, Option("of the sweep", of="voltage", example="6 V")],
    scan_rate: Annotated[Quantity, Option("of the potential", unit="V/s", example="1 mV/s")],
    slope: Annotated[
        Quantity, Option("in which the current rises tenfold; ± is how open it is", of="voltage_difference")
    ],
    resistance: Annotated[Quantity, Option("that limits it, with its ±", of="charge_transfer")],
    context: Context,
    noise: Annotated[Quantity, Option("of the current, each sample", of="current")] = _NOISE,
) -> Answer:
    """Simulate the sweeps."""
    if not start.si < printed.si < end.si:
        raise InputError(f"{printed} is not within the sweep.", "", "Give a sweep that goes beyond it.")
    planned = _Planned(printed, start.si, end.si, scan_rate.si, slope, resistance, noise.si, context.seed)
    rows = planned.read(25 if context.quick else 100)
    values = planned.drawn(rows)
    middles = np.repeat(rows.mean(axis=(1, 2)), _EACH)
    budget = {
        "the rule": central_half_width(values - middles) / printed.si,
        "the cell, by threshold": central_half_width(rows[:, 0].mean(axis=1)) / printed.si,
    }
    conditions = (
        f"swept from {start} to {end} at {scan_rate}, the current rising tenfold within {slope} and limited by "
        f"{resistance}, read by threshold or tangent as no rule is said"
    )
    answer = resolution_answer("onset", values, printed, budget, conditions)
    half = np.median(np.diff(rows, axis=2)[:, :, 0], axis=0) / 2
    spreads = {
        f"spread.{rule.split('.')[1]}": Quantity(float(spread), None, "V", "synthetic")
        for rule, spread in zip(_RULES, half, strict=True)
    }
    return replace(answer, results={**answer.results, **spreads})


@dataclass(frozen=True)
class _Planned:
    """A sweep that is run again and again over other cells."""

    printed: Quantity
    start: float
    end: float
    rate: float
    slope: Quantity
    resistance: Quantity
    noise: float
    seed: int

    def read(self, count: int) -> Array:
        """Return the ends of both rules' intervals in V, shape (count, 2, 2)."""
        random = np.random.default_rng(self.seed)
        return np.array([self._ends(random, number) for number in range(count)])

    def _ends(self, random: np.random.Generator, number: int) -> list[tuple[float, float]]:
        slope, resistance = (
            one.si * float(np.exp(one.si_std / one.si * random.standard_normal()))
            for one in (self.slope, self.resistance)
        )
        cell = OxidisedCell(self.printed.si, slope, resistance, THRESHOLD.si)
        record = voltammogram(cell, self.start, self.end, self.rate, noise=self.noise, seed=self.seed + number)
        answer = read_window(record, Conditions(area=Quantity(1.0, None, "cm2")))
        return [self._interval(answer[rule]) for rule in _RULES]

    def _interval(self, found: Quantity | None) -> tuple[float, float]:
        """Return its ends; the end of the sweep where it was not reached."""
        low, high = (None, None) if found is None or found.interval is None else found.interval
        return (self.end if low is None else low), (self.end if high is None else high)

    def drawn(self, rows: Array) -> Array:
        """Return readings by any of the rules and choices, several of each sweep."""
        random = np.random.default_rng([self.seed, 1])
        many = np.repeat(rows, _EACH, axis=0)
        ends = many[np.arange(len(many)), random.integers(0, len(_RULES), len(many))]
        return np.asarray(ends[:, 0] + random.uniform(size=len(many)) * (ends[:, 1] - ends[:, 0]))
