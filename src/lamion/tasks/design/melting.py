"""Whether a DSC run resolves a printed melting point.

Runs of a melting at the printed temperature are simulated with noise, errors of the calibrated temperature and of the
sample, and each is read by its peak or its onset. Where a paper does not say which of the two its melting point is,
--reading either draws one for each run: what they differ by is part of the uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.constants import ZERO_CELSIUS
from lamion.quantities.figure import Axis, Figure, Line, Panel
from lamion.synthetic.thermal import DscTruth, Transition
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import central_half_width, resolution_answer
from lamion.techniques.thermal.peak_area import peak_raw

Array = NDArray[np.float64]
Reading = Literal["peak", "onset", "either"]

_DEVIATION = 2.354820045
"""Full width at half maximum of a Gaussian over its standard deviation."""
_LIMITS, _BESIDE = 5.0, 5.0
"""Standard deviations of the peak: where it is taken to end, and how much of a baseline lies beside it."""


@task(
    results={
        "simulated_melting": Result("degC", "median and scatter of the simulated readings", headline=True),
        "onset_before_peak": Result("K", "how far the two readings lie apart"),
    },
    evidence="synthetic",
    cites=("hemminger1991",),
    example='--printed "26.8 degC" --width 8 --enthalpy "20 J/g" --rate "10 K/min" --noise "2e-3 W/g" '
    '--temperature-uncertainty "0.2 K" --quick',
    random=True,
    quick=True,
)
def melting(
    printed: Annotated[
        Quantity,
        Option("with the digits that are asked about", of="temperature", example="26.8 degC", printed=True),
    ],
    width: Annotated[float, Option("K, of the peak at half its height", minimum=0.1, maximum=200.0)],
    enthalpy: Annotated[Quantity, Option("of the melting", unit="J/g", example="20 J/g")],
    rate: Annotated[Quantity, Option("of heating", unit="K/min", example="10 K/min")],
    noise: Annotated[Quantity, Option("of the heat flow, each point", unit="W/g", example="2e-3 W/g")],
    temperature_uncertainty: Annotated[Quantity, Option("of the temperature's calibration", unit="K", example="0.2 K")],
    context: Context,
    sample_uncertainty: Annotated[
        Quantity | None, Option("from sample to sample", unit="K", example="0.3 K", otherwise="none")
    ] = None,
    reading: Annotated[Reading, Option("what the melting point is")] = "peak",
    interval: Annotated[float, Option("s, from point to point", minimum=0.01, maximum=60.0)] = 0.5,
) -> Answer:
    """Simulate the runs."""
    planned = _Planned(
        printed.to("K").value, width / _DEVIATION, enthalpy.si, rate.si, noise.si, interval, context.seed
    )
    found = planned.read(60 if context.quick else 200)
    random = np.random.default_rng([context.seed, 1])
    calibration = temperature_uncertainty.si * random.standard_normal(len(found))
    sample = (0.0 if sample_uncertainty is None else sample_uncertainty.si) * random.standard_normal(len(found))
    which = {"peak": np.zeros, "onset": np.ones}.get(reading)
    chosen = random.integers(0, 2, len(found)) if which is None else which(len(found), dtype=int)
    read = found[np.arange(len(found)), chosen]
    budget = {
        "the noise": central_half_width(found[:, 0 if reading == "peak" else 1]),
        "the calibration": central_half_width(calibration),
        "the sample": central_half_width(sample),
    }
    if reading == "either":
        budget["which of onset and peak it is"] = central_half_width(read)
    said = {"peak": "read by its peak", "onset": "read by its onset", "either": "onset or peak, as it is not said"}
    conditions = (
        f"a melting of {enthalpy} over {width:g} K at {rate}, noise of {noise}, the temperature good to "
        f"{temperature_uncertainty}, {said[reading]}"
    )
    answer = resolution_answer(
        "melting", read + calibration + sample - ZERO_CELSIUS, printed.to("degC"), budget, conditions, zero=False
    )
    apart = Quantity(float(np.median(found[:, 0] - found[:, 1])), None, "K", "synthetic")
    return replace(
        answer,
        results={**answer.results, "onset_before_peak": apart},
        figures={**answer.figures, "run": planned.figure()},
    )


@dataclass(frozen=True)
class _Planned:
    """A run that is simulated again and again; in SI."""

    at: float
    deviation: float
    enthalpy: float
    rate: float
    noise: float
    interval: float
    seed: int

    @property
    def temperature(self) -> Array:
        reach = (_LIMITS + _BESIDE) * self.deviation
        points = int(2 * reach / self.rate / self.interval)
        if not 60 <= points <= 100_000:
            raise InputError(
                f"The run has {points} points over the peak.",
                "Rate, width or interval may be in another unit.",
                "Give such that leave 60 to 100,000.",
            )
        return np.asarray(self.at - reach + self.rate * self.interval * np.arange(points))

    @property
    def truth(self) -> DscTruth:
        return DscTruth([Transition(self.at, self.enthalpy, self.deviation, self.deviation)], noise=self.noise)

    def read(self, count: int) -> Array:
        """Return peak and onset of each run in K, shape (count, 2)."""
        T, truth = self.temperature, self.truth
        ends = self.at - _LIMITS * self.deviation, self.at + _LIMITS * self.deviation
        found = np.empty((count, 2))
        for number in range(count):
            run = truth.curve(T, self.rate, [self.seed, number])
            assert run.time is not None and run.specific_heat_flow is not None  # noqa: S101, PT018  it makes both
            peak = peak_raw(run.time, T, -run.specific_heat_flow, *ends, "linear")
            found[number] = peak.top.value, peak.onset.value
        return found

    def figure(self) -> FigureData:
        """Draw one of the runs."""
        T = self.temperature
        run = self.truth.curve(T, self.rate, [self.seed, 0])
        assert run.specific_heat_flow is not None  # noqa: S101  it makes one
        line = Line(T - ZERO_CELSIUS, -1e-3 * run.specific_heat_flow, "synthetic", color="ink")
        across = Axis("temperature", "degC", results=("simulated_melting",))
        panel = Panel([line], across, Axis("heat flow, taken up upwards", "W/g"))
        return Figure([panel]).entitled("Synthetic: one of the simulated runs")
