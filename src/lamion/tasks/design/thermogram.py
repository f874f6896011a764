r"""Whether thermograms resolve a printed mass fraction of a mixture.

By --reading residue the component's fraction follows from what is left of the mixture, of the component alone and of
the rest alone, three runs with noise and drift of their own; by --reading step from the first step of one run, in which
all of it leaves. --others-stay carries with its ± what the mixture leaves more or less than its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.constants import ZERO_CELSIUS
from lamion.quantities.figure import Axis, Figure, Line, Panel
from lamion.synthetic.thermal import Reaction
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import central_half_width, resolution_answer
from lamion.techniques.thermal.mass_steps import Thermogram, thermogram_raw
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
    cites=("gabbott2008",),
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

    @cached_property
    def temperature(self) -> Array:
        """Of every run, K."""
        return np.arange(*_RANGE, _POINT)

    @cached_property
    def time(self) -> Array:
        """Of every run, s."""
        return np.asarray((self.temperature - self.temperature[0]) / _RATE)

    @cached_property
    def conversions(self) -> Array:
        """How far what leaves first and what leaves later have gone, shape (2, n)."""
        return np.stack([Reaction(1.0, *own).conversion(self.time, self.temperature) for own in (_FIRST, _LATER)])

    def run(self, fraction: float, reading: Reading, key: Sequence[int], more: float = 0.0) -> Array:
        """Return the mass along a run of a mixture, whose rest leaves so much more."""
        own, others = fraction * (1 - self.stays), (1 - fraction) * (1 - self.rest - more)
        losses = (own, others) if reading == "step" else (others, own)
        random = np.random.default_rng([self.seed, *key])
        drift = self.drift * random.standard_normal() * self.time / self.time[-1]
        noise = self.noise * random.standard_normal(len(self.time))
        return np.asarray(self.mass * (1.0 - np.asarray(losses) @ self.conversions) + drift + noise)

    def read(self, mass: Array) -> Thermogram:
        """Return what a run says."""
        return thermogram_raw(self.time, mass, WINDOW / _RATE)

    def by_residue(self, count: int, open_by: float) -> tuple[Array, dict[str, float]]:
        """Return fractions from three residues, and what makes them scatter, relative."""
        more = open_by * np.random.default_rng([self.seed, 8]).standard_normal(count)
        values = np.empty(count)
        for number in range(count):
            runs = ((self.fraction, float(more[number])), (1.0, 0.0), (0.0, 0.0))
            mixture, own, others = (
                1.0 - self.read(self.run(part, "residue", (number, kind), extra)).total.value
                for kind, (part, extra) in enumerate(runs)
            )
            values[number] = (mixture - others) / (own - others)
        opened = (1 - self.fraction) * more / (self.stays - self.rest)
        sources = {"the balance": values - opened, "what the mixture leaves": opened}
        return values, {name: central_half_width(part) / self.fraction for name, part in sources.items()}

    def by_step(self, count: int) -> tuple[Array, dict[str, float]]:
        """Return the loss of the first step of each run, and what makes it scatter, relative."""
        values = np.empty(count)
        for number in range(count):
            steps = self.read(self.run(self.fraction, "step", (number, 0))).steps
            if not steps:
                raise InputError("No step stands out of the noise.", "", "Give less noise, or more of the component.")
            values[number] = steps[0].loss.value
        return values, {"the balance": central_half_width(values) / self.fraction}

    def figure(self, reading: Reading) -> FigureData:
        """Draw one of the runs of the mixture."""
        mass = self.run(self.fraction, reading, (0, 0))
        line = Line(self.temperature - ZERO_CELSIUS, 100.0 * mass / mass[0], "synthetic", color="ink")
        panel = Panel([line], Axis("temperature", "degC"), Axis("mass, of the first", "%"))
        return Figure([panel]).entitled("Synthetic: one of the simulated thermograms")
