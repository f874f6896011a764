"""Whether a spectrum resolves a printed position, share or difference.

The spectrum is simulated many times, each time with other noise and other errors of its axis, and its lines are fitted.
Digits count as resolved where one standard uncertainty is at most three units of the last of them; with --against the
difference of two samples is judged, by half of it, and what both spectra have in common cancels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.synthetic.spectra import Line, Truth
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import central_half_width, difference_answer, resolution_answer
from lamion.techniques.peaks.axes import Curve
from lamion.techniques.peaks.component import Component, Setting, alike
from lamion.techniques.peaks.figure import spectrum_figure
from lamion.techniques.peaks.fit import PeakFit, fit_peaks

Array = NDArray[np.float64]
Of = Literal["position", "share"]
Held = Literal["nothing", "positions", "widths", "both"]

_WIDTHS = 4.0
"""By which the simulated range reaches beyond the outermost lines."""
_MIXING = 0.3
"""The Lorentzian part of each line."""
_DRAWS = 20
"""Errors of the axis that are drawn for each simulated spectrum."""


@task(
    results={
        "simulated_*": Result("", "median and scatter of the simulated measurements", headline=True),
        "relative_uncertainty": Result("1", "of one such share"),
        "smallest_difference": Result("", "that would show at 95 %"),
    },
    evidence="synthetic",
    example=(
        '--printed "530.8 eV" --against "531.0 eV" --width "1.6 eV" --step "0.1 eV" --counts 1e4 --scatter "0.1 eV"'
    ),
    cites=("olivero1977",),
    random=True,
    quick=True,
)
def spectrum(
    printed: Annotated[
        Quantity,
        Option("with the digits that are asked about", unit="", example="531.0 eV", printed=True, positive=False),
    ],
    width: Annotated[tuple[Quantity, ...], Option("at half maximum, of all lines or each", unit="", example="1.6 eV")],
    step: Annotated[Quantity, Option("from point to point", unit="", example="0.1 eV")],
    context: Context,
    of: Annotated[Of, Option("what the number is")] = "position",
    against: Annotated[
        Quantity | None,
        Option("the same of another sample: their difference counts", unit="", example="531.0 eV", positive=False),
    ] = None,
    position: Annotated[
        tuple[Quantity, ...],
        Option("of each line", unit="", example="740 1/cm, 745 1/cm", otherwise="that printed", positive=False),
    ] = (),
    area: Annotated[tuple[float, ...], Option("of each line, relative", example="1, 0.5", otherwise="equal")] = (),
    line: Annotated[int, Option("which of them is asked about", minimum=1, maximum=20)] = 1,
    held: Annotated[Held, Option("what of the lines is known before the fit")] = "nothing",
    signal_to_noise: Annotated[
        float | None, Option("largest height over the noise, the same everywhere", minimum=1.0, maximum=1e9)
    ] = None,
    counts: Annotated[
        float | None, Option("largest height in counts, whose statistics are the noise", minimum=1.0, maximum=1e12)
    ] = None,
    background: Annotated[float, Option("over the largest height", minimum=0.0, maximum=1e6)] = 0.0,
    reference_uncertainty: Annotated[
        Quantity | None, Option("of the axis, common to all samples", unit="", example="0.2 eV", otherwise="exact")
    ] = None,
    scatter: Annotated[
        Quantity | None, Option("of the number from sample to sample", unit="", example="0.1 eV", otherwise="none")
    ] = None,
) -> Answer:
    """Simulate the spectra."""
    if (signal_to_noise is None) == (counts is None):
        raise InputError("The noise is not given once.", "", "Give either --signal-to-noise or --counts.")
    if of == "share" and not position:
        raise InputError("A share needs the positions of two lines at least.", "", "Give --position for each line.")
    axis = printed.unit if of == "position" else position[0].unit
    at = [one.to(axis).value for one in position or (printed,)]
    lines = _Lines(of, line - 1, _each(at, len(at), "positions"), _widths(width, axis, len(at)), _areas(area, len(at)))
    noise = _Noise(step.to(axis), signal_to_noise, counts, background)
    errors = _Errors(*(0.0 if one is None else one.to(printed.unit).value for one in (reference_uncertainty, scatter)))
    planned = _Planned(lines, noise, held, 200 if context.quick else 1000, context.seed)
    answer = _judged(planned, printed, None if against is None else against.to(printed.unit), errors)
    drawn = planned.example(lines.with_number(printed.value), axis)
    return replace(answer, figures={**answer.figures, "spectrum": drawn})


def _each(values: Sequence[float], count: int, what: str) -> tuple[float, ...]:
    if len(values) not in (1, count):
        raise InputError(f"{count} lines have {len(values)} {what}.", "", "Give one for all, or one for each.")
    return tuple(values) * (count if len(values) == 1 else 1)


def _widths(width: Sequence[Quantity], axis: str, count: int) -> tuple[float, ...]:
    return _each([one.to(axis).value for one in width], count, "widths")


def _areas(area: Sequence[float], count: int) -> tuple[float, ...]:
    if any(one <= 0 for one in area):
        raise InputError("An area is not above zero.", "", "Give each line's above zero.")
    return _each(area or (1.0,), count, "areas")


@dataclass(frozen=True)
class _Errors:
    """Standard uncertainties in the printed unit: of what all samples share, and of each."""

    common: float
    own: float


@dataclass(frozen=True)
class _Noise:
    """How a spectrum is taken."""

    step: Quantity
    ratio: float | None
    counts: float | None
    background: float

    @property
    def in_words(self) -> str:
        """Say how much noise there is."""
        return f"{self.counts:g} counts" if self.counts is not None else f"a signal of {self.ratio:g} times the noise"


@dataclass(frozen=True)
class _Lines:
    """Lines, one of which is asked about."""

    of: Of
    place: int
    positions: tuple[float, ...]
    widths: tuple[float, ...]
    areas: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.place >= len(self.positions):
            raise InputError(f"There is no line {self.place + 1}.", "", f"There are {len(self.positions)}.")
        if self.of == "share" and len(self.positions) < 2:
            raise InputError("The share of one line is always 1.", "", "Give the positions of two lines at least.")

    def with_number(self, value: float) -> _Lines:
        """Return them with the number in question."""
        if self.of == "position":
            return replace(self, positions=_put(self.positions, self.place, value))
        if not 0 < value < 1:
            raise InputError(f"A share of {value:g} is not between 0 and 1.", "", "Check what is printed.")
        others = sum(self.areas) - self.areas[self.place]
        return replace(self, areas=_put([one * (1 - value) / others for one in self.areas], self.place, value))

    def components(self, held: Held) -> tuple[Component, ...]:
        """Return what is fitted: one mixing, as noise tells no more."""
        settings = [
            {
                "position": Setting(at, fixed=held in ("positions", "both")),
                "width": Setting(width, fixed=held in ("widths", "both")),
            }
            for at, width in zip(self.positions, self.widths, strict=True)
        ]
        return alike(Component(f"line{rank}", settings=own) for rank, own in enumerate(settings, 1))

    def read(self, fit: PeakFit) -> Array:
        """Return the number as fits give it, shape (m,)."""
        if self.of == "position":
            return fit.parameter(f"line{self.place + 1}", "position")
        areas = np.stack([fit.parameter(one.name, "area") for one in fit.layout.components])
        return np.asarray(areas[self.place] / areas.sum(axis=0))


def _put(values: Sequence[float], place: int, value: float) -> tuple[float, ...]:
    return (*values[:place], value, *values[place + 1 :])


@dataclass(frozen=True, eq=False)
class _Planned:
    """A spectrum, to be taken again and again."""

    lines: _Lines
    noise: _Noise
    held: Held
    count: int
    seed: int

    def abscissa(self, lines: _Lines) -> Array:
        """Return where it is taken."""
        reach = _WIDTHS * max(lines.widths)
        span = np.ptp(lines.positions) + 2 * reach
        points = int(span / self.noise.step.value) + 1
        if not 20 <= points <= 20_000:
            raise InputError(
                f"The step leaves {points} points over the lines.",
                "Step or widths may be in another unit.",
                "Give a step that leaves 20 to 20,000.",
            )
        return np.asarray(min(lines.positions) - reach + self.noise.step.value * np.arange(points))

    def truth(self, lines: _Lines, x: Array) -> Truth:
        """Return what lies under it, the largest height 1, or that in counts."""
        three = zip(lines.positions, lines.widths, lines.areas, strict=True)
        bare = Truth([Line(at, width, area, extras=(_MIXING,)) for at, width, area in three])
        height = (self.noise.counts or 1.0) / float(bare.signal(x).max())
        scaled = [replace(one, area=one.area * height) for one in bare.lines]
        background = [self.noise.background * (self.noise.counts or 1.0)]
        if self.noise.counts is not None:
            return Truth(scaled, background, noise=1.0, counting=True)
        return Truth(scaled, background, noise=1.0 / (self.noise.ratio or 1.0))

    def fitted(self, lines: _Lines, kind: int) -> Array:
        """Return the number as repetitions give it, shape (m,); each kind of sample has noise of its own."""
        x = self.abscissa(lines)
        truth = self.truth(lines, x)
        y = np.stack([truth.measured(x, [self.seed, kind, repeat]) for repeat in range(self.count)])
        return lines.read(self._fit(x, y, lines))

    def _fit(self, x: Array, y: Array, lines: _Lines) -> PeakFit:
        noise: Literal["counts", "constant"] = "constant" if self.noise.counts is None else "counts"
        return fit_peaks(x, y, lines.components(self.held), noise=noise)

    def example(self, lines: _Lines, unit: str) -> FigureData:
        """Draw one of the spectra with its fit."""
        x = self.abscissa(lines)
        y = self.truth(lines, x).measured(x, [self.seed, 0, 0])
        ordinate = "counts" if self.noise.counts is not None else "intensity"
        curve = Curve(x, y, "position", unit, ordinate, backwards=unit in ("eV", "ppm"))
        return spectrum_figure(
            curve, self._fit(x, y[None], lines), "Synthetic: one of the simulated spectra", "synthetic"
        )

    @cached_property
    def normal(self) -> Array:
        """Errors of size one of what is common and of each of two samples, shape (3, r m): r for each spectrum."""
        return np.random.default_rng([self.seed, 2]).standard_normal((3, _DRAWS * self.count))


def _judged(planned: _Planned, printed: Quantity, against: Quantity | None, errors: _Errors) -> Answer:
    """Simulate one sample, or two of which the difference counts."""
    of, normal = planned.lines.of, planned.normal
    noise = np.tile(planned.fitted(planned.lines.with_number(printed.value), 0), _DRAWS)
    own = errors.own * normal[1]
    conditions = f"with {planned.noise.in_words} in steps of {planned.noise.step}"
    if against is None:
        values = noise + own + errors.common * normal[0]
        budget = _budget({"the noise": noise, "the samples": own, "the reference": errors.common * normal[0]})
        if of == "share":
            budget = {source: size / printed.value for source, size in budget.items()}
        return resolution_answer(of, values, printed, budget, conditions, zero=of == "share")
    noise = noise - np.tile(planned.fitted(planned.lines.with_number(against.value), 1), _DRAWS)
    own = own - errors.own * normal[2]
    argued = Quantity(printed.value - against.value, None, printed.unit)
    if errors.common:
        conditions += f", the reference's {errors.common:g} {printed.unit} cancelled".removesuffix(" 1")
    return difference_answer(of, noise + own, argued, _budget({"the noise": noise, "the samples": own}), conditions)


def _budget(parts: dict[str, Array]) -> dict[str, float]:
    return {source: size for source, values in parts.items() if (size := central_half_width(values))}
