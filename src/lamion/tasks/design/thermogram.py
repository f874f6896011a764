r"""Whether thermograms resolve a printed mass fraction of a mixture.

By --reading residue the component's fraction follows from what is left of the mixture, of the component alone and of
the rest alone, three runs with noise and drift of their own; by --reading step from the first step of one run, in which
all of it leaves. --others-stay carries with its ± what the mixture leaves more or less than its parts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.constants import ZERO_CELSIUS
from lamion.quantities.figure import Axis, Figure, Line, Panel
from lamion.synthetic.thermal import MassTruth, Reaction
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import central_half_width, resolution_answer
from lamion.techniques.thermal.mass_steps import thermogram_raw
from lamion.techniques.thermal.tga import WINDOW

Array = NDArray[np.float64]
Reading = Literal["residue", "step"]

_FIRST, _LATER = (90e3, 450.0), (200e3, 650.0)
"""Energy in J/mol and temperature in K at which what leaves first, and what leaves later, is fastest at 10 K/min."""
_RANGE, _RATE, _POINT = (303.15, 973.15), 10.0 / 60.0, 0.5
"""K of a run, K/s of its ramp, K from point to point."""
_FAINT = 0.02
"""Between what the component and the rest leave: below it a residue says nothing."""


@task(
    results={
        "simulated_mass_fraction": Result("1", "median and scatter of the simulated readings", headline=True),
        "relative_uncertainty": Result("1", "of one such reading", headline=True),
    },
    evidence="synthetic",
    example='--printed 0.497 --stays 0.245 --others-stay "0.02 ± 0.01" --mass "5 mg" --drift "10 ug" --noise "0.5 ug" '
    "--quick",
    random=True,
    quick=True,
)
def thermogram(
    printed: Annotated[Quantity, Option("with the digits that are asked about", example="0.497", printed=True)],
    mass: Annotated[Quantity, Option("of each sample", unit="mg", example="5 mg")],
    drift: Annotated[
        Quantity, Option("of balance and buoyancy over a run, a standard uncertainty", unit="mg", example="10 ug")
    ],
    noise: Annotated[Quantity, Option("of each point", unit="mg", example="0.5 ug")],
    context: Context,
    reading: Annotated[Reading, Option("from what")] = "residue",
    stays: Annotated[Quantity | None, Option("of the component at the end, over its mass", example="0.245")] = None,
    others_stay: Annotated[
        Quantity | None,
        Option("of the rest; ± is how open it is in the mixture", example="0.02 ± 0.01", positive=False),
    ] = None,
) -> Answer:
    """Simulate the runs."""
    left = 0.0 if stays is None else stays.value
    rest = 0.0 if others_stay is None else others_stay.value
    if reading == "residue" and left - rest < _FAINT:
        raise InputError(
            "A residue says nothing of a component that leaves no more than the rest.",
            f"It leaves {left:g} of its mass, the rest {rest:g}.",
            "Give --stays and --others-stay, or --reading step.",
        )
    weighed = _Weighed(printed.value, left, rest, mass.si, drift.si, noise.si, context.seed)
    count = 60 if context.quick else 300
    open_by = 0.0 if others_stay is None or others_stay.std is None else others_stay.std
    values, budget = weighed.by_residue(count, open_by) if reading == "residue" else weighed.by_step(count)
    conditions = (
        f"samples of {mass}, a drift of {drift} and a noise of {noise}, read by "
        f"{'what is left of mixture, component and rest' if reading == 'residue' else 'the first step'}"
    )
    answer = resolution_answer("mass_fraction", values, printed, budget, conditions)
    return replace(answer, figures={**answer.figures, "run": weighed.figure(reading)})


@dataclass(frozen=True)
class _Weighed:
    """Thermograms that are simulated again and again; masses in kg."""

    fraction: float
    stays: float
    rest: float
    mass: float
    drift: float
    noise: float
    seed: int

    @property
    def temperature(self) -> Array:
        return np.arange(*_RANGE, _POINT)

    def _reactions(self, fraction: float, reading: Reading, more: float = 0.0) -> tuple[Reaction, ...]:
        own, others = fraction * (1 - self.stays), (1 - fraction) * (1 - self.rest - more)
        first, later = (own, others) if reading == "step" else (others, own)
        pairs = [(first, _FIRST), (later, _LATER)]
        return tuple(Reaction(loss, *where) for loss, where in pairs if loss > 0)

    def _run(self, fraction: float, reading: Reading, key: list[int], more: float = 0.0) -> MassTruth:
        drift = self.drift * np.random.default_rng([*key, 9]).standard_normal()
        return MassTruth(self._reactions(fraction, reading, more), self.mass, self.noise, float(drift))

    def _residue(self, fraction: float, key: list[int], more: float = 0.0) -> float:
        run = self._run(fraction, "residue", key, more).curve(self.temperature, _RATE, key)
        assert run.time is not None and run.mass is not None  # noqa: S101, PT018  it makes both
        return 1.0 - thermogram_raw(run.time, run.mass, WINDOW / _RATE).total.value

    def by_residue(self, count: int, open_by: float) -> tuple[Array, dict[str, float]]:
        """Return fractions from three residues, and what makes them scatter, relative."""
        random = np.random.default_rng([self.seed, 8])
        more = open_by * random.standard_normal(count)
        values = np.empty(count)
        for number in range(count):
            mixture = self._residue(self.fraction, [self.seed, number, 0], float(more[number]))
            own, others = (self._residue(part, [self.seed, number, kind]) for kind, part in ((1, 1.0), (2, 0.0)))
            values[number] = (mixture - others) / (own - others)
        opened = (1 - self.fraction) * more / (self.stays - self.rest)
        weighed = central_half_width(values - opened)
        budget = {
            "the balance": weighed / self.fraction,
            "what the mixture leaves": central_half_width(opened) / self.fraction,
        }
        return values, budget

    def by_step(self, count: int) -> tuple[Array, dict[str, float]]:
        """Return the loss of the first step of each run."""
        values = np.empty(count)
        for number in range(count):
            key = [self.seed, number, 0]
            run = self._run(self.fraction, "step", key).curve(self.temperature, _RATE, key)
            assert run.time is not None and run.mass is not None  # noqa: S101, PT018  it makes both
            steps = thermogram_raw(run.time, run.mass, WINDOW / _RATE).steps
            if not steps:
                raise InputError("No step stands out of the noise.", "", "Give less noise, or more of the component.")
            values[number] = steps[0].loss.value
        return values, {"the balance": central_half_width(values) / self.fraction}

    def figure(self, reading: Reading) -> FigureData:
        """Draw one of the runs of the mixture."""
        key = [self.seed, 0, 0]
        run = self._run(self.fraction, reading, key).curve(self.temperature, _RATE, key)
        assert run.mass is not None  # noqa: S101  it makes one
        line = Line(self.temperature - ZERO_CELSIUS, 100.0 * run.mass / run.mass[0], "synthetic", color="ink")
        panel = Panel([line], Axis("temperature", "degC"), Axis("mass, of the first", "%"))
        return Figure([panel]).entitled("Synthetic: one of the simulated thermograms")
