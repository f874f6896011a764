"""Whether an indentation resolves a modulus, and can be as it is stated.

The stated load on the stated probe is held against film and modulus first: where it would sink through the film or
press harder than it bears, that is said, and the measurement is simulated at the largest load that the film bears.
Noise, Poisson's ratio, radius and the scatter between indents are drawn anew each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, Panel, Points, prefixed
from lamion.synthetic.indentation import IndentedSolid, Programme, indentation_curve
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import Difference, central_half_width, resolution_answer
from lamion.techniques.mechanics.cycle_reading import Settings, measured_cycle
from lamion.techniques.mechanics.probes import Probe
from lamion.techniques.mechanics.stated_contact import bearable_load, stated_punch
from lamion.techniques.mechanics.unloading import cycles

Array = NDArray[np.float64]
_DRAWS = 20
_DRAWN = 400
"""Poisson's ratios, radii and places that are drawn for each simulated curve."""


@task(
    results={
        "simulated_modulus": Result("GPa", "median and scatter of the simulated measurements", headline=True),
        "relative_uncertainty": Result("1", "of one of them", headline=True),
        "simulated_load": Result("mN", "at which the measurement is simulated"),
        "pressure": Result("GPa", "under a flat punch, mean, at the stated load", headline=True),
        "depth": Result("um", "that a flat punch would sink elastically at the stated load", headline=True),
        "depth_over_thickness": Result("1", "of the film"),
    },
    evidence="synthetic",
    example='--printed "1.38 GPa" --load "3 mN" --probe flat-punch --radius "100 ± 5 nm" --poisson "0.30 ± 0.05" '
    '--thickness "9 um" --quick',
    cites=("sneddon1965", "oliver1992"),
    random=True,
    quick=True,
)
def indentation(
    printed: Annotated[Quantity, Option("modulus, with the digits that are asked about", of="modulus", printed=True)],
    load: Annotated[Quantity, Option("the largest, as stated", unit="N", example="3 mN")],
    poisson: Annotated[
        Quantity,
        Option(
            "of the sample, with its ±", unit="1", example="0.30 ± 0.05", positive=False, minimum=-0.99, maximum=0.5
        ),
    ],
    thickness: Annotated[Quantity, Option("of the film", subject=True)],
    context: Context,
    against: Annotated[
        Quantity | None, Option("modulus of another sample, from which a difference is argued", of="modulus")
    ] = None,
    probe: Annotated[Literal["flat-punch", "berkovich", "sphere"], Option("the indenter's shape")] = "flat-punch",
    radius: Annotated[
        Quantity | None, Option("of a flat punch or a sphere, with its ±", unit="m", example="100 ± 5 nm")
    ] = None,
    hardness: Annotated[
        Quantity | None, Option("of the sample, where the tip is sharp or a ball", of="modulus", example="0.1 GPa")
    ] = None,
    depth_noise: Annotated[Quantity, Option("of each sample", unit="m")] = Quantity(0.2, None, "nm"),
    load_noise: Annotated[Quantity, Option("of each sample", unit="N")] = Quantity(5.0, None, "nN"),
    scatter: Annotated[float, Option("of the modulus from place to place, over it", minimum=0.0, maximum=10.0)] = 0.0,
    indents: Annotated[int, Option("whose mean is taken", minimum=1, maximum=1000)] = 1,
) -> Answer:
    """Hold the conditions together, then simulate."""
    if probe != "flat-punch" and hardness is None:
        raise InputError("How deep the tip goes is not known.", "", "Give the sample's --hardness.")
    shape = Probe(probe, *(() if radius is None else (radius.si, radius.si_std)))
    film = _Film(shape, load, poisson, thickness, hardness)
    planned = _Planned(poisson, depth_noise.si, load_noise.si, scatter, indents, context.seed, shape)
    every = [film.under(one) for one in (printed, against) if one is not None]
    answer = planned.judged(every, printed, against, 50 if context.quick else 200)
    answer = replace(answer, figures={**answer.figures, "curves": planned.drawn(every)})
    stated = None
    if film.straight and radius is not None:
        stated = stated_punch(load, 2 * radius, printed, poisson, thickness)
    return _together(answer, stated, load, every[0].load)


@dataclass(frozen=True)
class _Pressed:
    """A solid and the load that it is pressed with."""

    solid: IndentedSolid
    load: Quantity


@dataclass(frozen=True)
class _Film:
    """What is pressed, but for its modulus."""

    probe: Probe
    load: Quantity
    poisson: Quantity
    thickness: Quantity
    hardness: Quantity | None

    @property
    def straight(self) -> bool:
        """Whether the load is a punch's, which a film bears only so far."""
        return self.probe.shape == "flat-punch"

    def under(self, modulus: Quantity) -> _Pressed:
        """Return it with a modulus, and the load that it bears."""
        hardness = modulus if self.hardness is None else self.hardness
        solid = IndentedSolid(modulus.si, self.poisson.value, hardness.si, self.probe)
        if not self.straight:
            return _Pressed(solid, self.load)
        radius = Quantity(float(self.probe.radius or 0.0), None, "m")
        return _Pressed(solid, bearable_load(self.load, radius, modulus, self.poisson, self.thickness))


def _together(answer: Answer, stated: Answer | None, load: Quantity, used: Quantity) -> Answer:
    """Put what the stated conditions come to in front of what the simulation says."""
    results = {**answer.results, "simulated_load": used.to("mN")}
    if stated is None:
        return replace(answer, results=results)
    warnings = list(answer.warnings)
    if stated.verdict != "holds":
        warnings.append(f"The stated conditions cannot all hold. {stated.reason}")
    if used.si < load.si:
        warnings.append(
            f"At the stated load nothing elastic could be measured, so the measurement is simulated at {used:.3g}: the "
            "punch then sinks to a tenth of the film at most, and presses with a tenth of the modulus at most."
        )
    reason = f"{stated.reason} {answer.reason}"
    return replace(answer, results={**results, **stated.results}, warnings=tuple(warnings), reason=reason)


@dataclass(frozen=True)
class _Planned:
    """An indentation, to be made again and again."""

    poisson: Quantity
    depth_noise: float
    load_noise: float
    scatter: float
    indents: int
    seed: int
    probe: Probe

    def judged(self, pressed: Sequence[_Pressed], printed: Quantity, against: Quantity | None, count: int) -> Answer:
        """Judge the digits of the printed modulus, or the difference from another that has the probe in common."""
        random = np.random.default_rng([self.seed, 1])
        radius = self._of_radius(random.standard_normal(_DRAWS * count))
        every = [self._parts(one, rank, count, radius) for rank, one in enumerate(pressed)]
        values = [np.prod([1.0 + part for part in parts.values()], axis=0) for parts in every]
        budget = {source: size for source, part in every[0].items() if (size := central_half_width(part))}
        conditions = (
            f"with {self.indents} {'indent' if self.indents == 1 else 'indents'} of {pressed[0].load:.3g} with a "
            f"{self.probe.words}, noise of {1e9 * self.depth_noise:g} nm and {1e9 * self.load_noise:g} nN"
        )
        difference = None
        if against is not None:
            other = against.to(printed.unit)
            difference = Difference(other, printed.value * values[0] - other.value * values[1])
        return resolution_answer("modulus", printed.value * values[0], printed, budget, conditions, difference)

    def drawn(self, every: Sequence[_Pressed]) -> FigureData:
        """Draw one simulated curve of each sample."""
        size, unit = prefixed(max(one.load.si for one in every), "N")
        traces = []
        for rank, one in enumerate(every):
            noise = {"depth_noise": self.depth_noise, "load_noise": self.load_noise}
            curve = indentation_curve(one.solid, Programme(one.load.si), **noise, seed=self.seed + rank)
            few = slice(None, None, -(-len(curve.load) // _DRAWN))
            name = f"{Quantity(one.solid.modulus, None, 'Pa').to('GPa'):.3g}"
            x, y = 1e9 * curve.depth[few], curve.load[few] / size
            traces.append(Points(x, y, name, (0, 5)[rank], marker="dot"))
        panel = Panel(traces, Axis("depth", "nm"), Axis("load", unit))
        return Figure([panel]).entitled("Synthetic: one of the simulated indentations of each sample")

    def _parts(self, pressed: _Pressed, rank: int, count: int, radius: Array) -> dict[str, Array]:
        """Return relative errors of one sample's modulus by their source; that of the radius is all samples'."""
        noise = self._measured(pressed, rank, count) / np.sqrt(self.indents)
        normal = np.random.default_rng([self.seed, 2, rank]).standard_normal((2, _DRAWS * count))
        nu = np.clip(self.poisson.value + (self.poisson.std or 0.0) * normal[0], -0.99, 0.5)
        return {
            "the noise": np.tile(noise, _DRAWS),
            "Poisson's ratio": (1 - self.poisson.value**2) / (1 - nu**2) - 1,
            "the radius": radius,
            "the places": self.scatter / np.sqrt(self.indents) * normal[1],
        }

    def _measured(self, pressed: _Pressed, rank: int, count: int) -> Array:
        """Return the relative errors of simulated curves."""
        settings = Settings(self.probe, replace(self.poisson, std=None), Quantity(1.0, None, "1"))
        noise = {"depth_noise": self.depth_noise, "load_noise": self.load_noise}
        found = []
        for number in range(count):
            seed = self.seed + rank * count + number
            curve = indentation_curve(pressed.solid, Programme(pressed.load.si), **noise, seed=seed)
            every = cycles(curve.load)
            if len(every) != 1:
                raise InputError(
                    f"An indentation with {pressed.load:.3g} does not stand out of its noise.",
                    "The film bears too little under such a probe.",
                    "Give a larger probe, or an instrument with less noise.",
                )
            found.append(measured_cycle(curve, every[0], settings).contact.modulus / pressed.solid.modulus - 1)
        return np.array(found)

    def _of_radius(self, normal: Array) -> Array:
        """Return the relative errors of the modulus by the radius: as it under a punch, as its root under a ball."""
        relative = self.probe.radius_std / (self.probe.radius or 1.0)
        power = {"flat-punch": 1.0, "sphere": 0.5, "berkovich": 0.0}[self.probe.shape]
        return np.asarray((1.0 + np.clip(relative * normal, -0.9, None)) ** power - 1.0)
