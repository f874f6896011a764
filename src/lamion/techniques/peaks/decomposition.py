r"""Components under a spectrum with every part of their uncertainty.

.. math:: u^2 = u_\mathrm{noise}^2 + u_\mathrm{baselines}^2 + u_\mathrm{shapes}^2

The noise's part is an interval from the profile of the sum of squares. The other two are root mean squares of what
reasonable baselines and line shapes change: those that follow the data as well as the chosen ones do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Quantity
from lamion.quantities.errors import InputError
from lamion.quantities.level import LEVEL, LEVEL_95, coverage_factor
from lamion.techniques.peaks.baseline import BASELINES, AnyBaseline, FromData
from lamion.techniques.peaks.component import Component, Setting
from lamion.techniques.peaks.fit import PeakFit, fit_peaks
from lamion.techniques.peaks.intervals import Ends, Profiled, parameter_interval, share_interval
from lamion.techniques.peaks.noise import Kind

Array = NDArray[np.float64]

AS_WELL = 1.1
"""Of the residuals' size: an alternative that leaves larger ones is not as good a description."""
_SYMMETRIC = 0.1
"""Of half an interval: its middle may lie so far from the value."""
SYMMETRIC = ("gaussian", "lorentzian", "pseudo-voigt", "voigt")
"""Line shapes that stand for each other."""


@dataclass(frozen=True)
class Estimate:
    """A number with the parts of its uncertainty.

    Parameters
    ----------
    value : float
        The number.
    noise : Profiled
        Its intervals from the noise alone.
    baselines, shapes : float
        Standard deviations over reasonable baselines and line shapes.
    scale : float
        The standard uncertainty of the abscissa as a whole.
    low, high : float
        What the number can be.
    """

    value: float
    noise: Profiled
    baselines: float = 0.0
    shapes: float = 0.0
    scale: float = 0.0
    low: float = -math.inf
    high: float = math.inf

    @property
    def spread(self) -> float:
        """All but the noise together."""
        return math.hypot(self.baselines, self.shapes, self.scale)

    @property
    def interval(self) -> Ends:
        """Of lamion's level, with every part."""
        return self._ends(self.noise.interval, self.spread)

    @property
    def interval_95(self) -> Ends:
        """Of 95 %, with every part."""
        return self._ends(self.noise.interval_95, coverage_factor(LEVEL_95) * self.spread)

    @property
    def deviation(self) -> float | None:
        """Half the interval; None where it is open."""
        low, high = self.interval
        return None if low is None or high is None else (high - low) / 2

    def _ends(self, ends: Ends, spread: float) -> Ends:
        low, high = ends
        return (
            None if low is None else max(self.value - math.hypot(self.value - low, spread), self.low),
            None if high is None else min(self.value + math.hypot(high - self.value, spread), self.high),
        )

    def quantity(self, unit: str, source: str) -> Quantity:
        """Return it as a quantity; without an interval where that is symmetric."""
        low, high = self.interval
        if low is not None and high is not None and self.deviation is not None:
            aside = abs((high + low) / 2 - self.value)
            if aside <= _SYMMETRIC * self.deviation and None not in self.interval_95:
                return Quantity(self.value, self.deviation, unit, source, None, self.interval_95)
        return Quantity(self.value, self.deviation, unit, source, self.interval, self.interval_95)


@dataclass(frozen=True, eq=False)
class Alternative:
    """Another reasonable description of the same spectrum.

    Parameters
    ----------
    kind : str
        ``"baselines"`` or ``"shapes"``.
    what : str
        Which, for people.
    fit : PeakFit
        What it gives.
    as_well : bool
        Whether it follows the data as well, so that it counts.
    """

    kind: str
    what: str
    fit: PeakFit
    as_well: bool


@dataclass(frozen=True, eq=False)
class Decomposition:
    """Components under one spectrum.

    Parameters
    ----------
    fit : PeakFit
        The chosen description.
    alternatives : tuple of Alternative
        The others.
    baseline : str
        The chosen baseline.
    """

    fit: PeakFit
    alternatives: tuple[Alternative, ...]
    baseline: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the components."""
        return tuple(one.name for one in self.fit.layout.components)

    def parameter(self, component: str, name: str) -> Estimate:
        """Return a parameter of a component."""
        noise = parameter_interval(self.fit, component, name)
        low = 0.0 if name in ("width", "area") else -math.inf

        def value(fit: PeakFit) -> float:
            return float(fit.parameter(component, name)[0])

        return self._estimate(noise, value, low, math.inf)

    def maximum(self, component: str) -> Estimate:
        """Return where a component is largest: its position, but for shapes that lean."""
        own = next(one for one in self.fit.layout.components if one.name == component)
        if own.line.centred:
            return self.parameter(component, "position")
        extras = [float(self.fit.parameter(component, extra.name)[0]) for extra in own.line.extras]
        shift = own.line.maximum(*extras) * float(self.fit.parameter(component, "width")[0])
        found = self.parameter(component, "position")
        return moved(found, shift)

    def share(self, component: str, among: Sequence[str] = ()) -> Estimate:
        """Return a component's share of the area of several, all without their names."""
        noise = share_interval(self.fit, component, among)
        names = list(among) or list(self.names)

        def value(fit: PeakFit) -> float:
            return share_of(fit, component, names)

        return self._estimate(noise, value, 0.0, 1.0)

    def derived(self, number: Callable[[PeakFit], float], low: float = -math.inf, high: float = math.inf) -> Estimate:
        """Return a number that is computed from the components, such as the distance of two; linearised.

        Parameters
        ----------
        number : callable
            From a fit to the number.
        low, high : float
            What it can be.
        """
        fit = self.fit
        covariance = fit.covariance[0]
        value, deviation = number(fit), math.inf
        moved = np.flatnonzero(np.diagonal(covariance) > 0)
        slopes = np.zeros(len(covariance))
        for place in map(int, moved):
            step = 1e-4 * (math.sqrt(covariance[place, place]) if np.isfinite(covariance[place, place]) else 1e-3)
            ends = [replace(fit, parameters=_moved_by(sign * step, place, fit)) for sign in (1.0, -1.0)]
            slopes[place] = (number(ends[0]) - number(ends[1])) / (2.0 * step)
        used = slopes != 0
        if np.isfinite(covariance[np.ix_(used, used)]).all():
            deviation = math.sqrt(max(float(slopes[used] @ covariance[np.ix_(used, used)] @ slopes[used]), 0.0))
        reach = [coverage_factor(level, fit.freedom) * fit.widening() * deviation for level in (LEVEL, LEVEL_95)]
        ends_of = [(value - one, value + one) if math.isfinite(one) else (None, None) for one in reach]
        return self._estimate(Profiled(value, deviation, ends_of[0], ends_of[1]), number, low, high)

    def spread(self, value: Callable[[PeakFit], float]) -> tuple[float, float]:
        """Return what baselines and line shapes change of a number that a fit gives, root mean squares."""
        chosen = value(self.fit)
        found = []
        for kind in ("baselines", "shapes"):
            squares = [(value(one.fit) - chosen) ** 2 for one in self.alternatives if one.as_well and one.kind == kind]
            found.append(math.sqrt(sum(squares) / len(squares)) if squares else 0.0)
        return found[0], found[1]

    def _estimate(self, noise: Profiled, value: Callable[[PeakFit], float], low: float, high: float) -> Estimate:
        return Estimate(noise.value, noise, *self.spread(value), low=low, high=high)


def _moved_by(step: float, place: int, fit: PeakFit) -> Array:
    found = np.array(fit.parameters)
    found[:, place] += step
    return found


def moved(found: Estimate, shift: float) -> Estimate:
    """Return an estimate of a number that lies a known distance away."""

    def both(ends: Ends) -> Ends:
        low, high = ends
        return (None if low is None else low + shift, None if high is None else high + shift)

    noise = found.noise
    profiled = Profiled(noise.value + shift, noise.deviation, both(noise.interval), both(noise.interval_95))
    return replace(found, value=found.value + shift, noise=profiled)


def share_of(fit: PeakFit, component: str, among: Sequence[str]) -> float:
    """Return a component's share of the area of several, by a fit."""
    total = float(sum(fit.parameter(name, "area")[0] for name in among))
    return float(fit.parameter(component, "area")[0]) / total if total else 0.0


@dataclass(frozen=True)
class Description:
    """What is fitted to a spectrum, and what else would be reasonable.

    Parameters
    ----------
    components : tuple of Component
        What lies under it.
    baseline : str or FromData
        One of :data:`~lamion.techniques.peaks.baseline.BASELINES`, or columns of its own.
    noise : str, optional
        ``"constant"`` or ``"counts"``; what the residuals show without it.
    baselines : tuple of str or FromData
        Others that are reasonable; those of one degree more and less where it is empty.
    shapes : bool
        Whether other line shapes are tried.
    others : Mapping of str to tuple of Component
        Other components of the same names that are as reasonable, such as ones with one width; counted with the shapes.
    """

    components: tuple[Component, ...]
    baseline: AnyBaseline = "linear"
    noise: Kind | None = None
    baselines: tuple[AnyBaseline, ...] = field(default=())
    shapes: bool = True
    others: Mapping[str, tuple[Component, ...]] = field(default_factory=dict)


def decompose(x: Array, y: Array, described: Description) -> Decomposition:
    """Fit components to a spectrum, and again with other baselines and line shapes.

    Parameters
    ----------
    x, y : array, shape (n,)
        The spectrum, x rising.
    described : Description
        What is fitted.

    Raises
    ------
    InputError
        When the components contradict each other, or the points are fewer than the parameters.

    Examples
    --------
    >>> x, rng = np.linspace(720.0, 760.0, 161), np.random.default_rng(1)
    >>> line = lambda centre: np.exp(-4 * np.log(2) * ((x - centre) / 5) ** 2)
    >>> y = 70 * line(739.0) + 30 * line(747.0) + rng.normal(0.0, 0.5, len(x))
    >>> pair = (Component("free", "gaussian"), Component("bound", "gaussian"))
    >>> found = decompose(x, y, Description(pair)).share("bound")
    >>> bool(abs(found.value - 0.3) < 2 * found.deviation < 0.03)
    True
    """
    fit = fit_peaks(x, y, described.components, baseline=described.baseline, noise=described.noise)
    begun = tuple(_begun(fit, one) for one in described.components)
    found = []
    for baseline in described.baselines or _neighbours(described.baseline):
        found += _tried(fit, x, y, begun, baseline, "baselines", f"{baseline} baseline")
    for shape, components in _reshaped(begun) if described.shapes else ():
        found += _tried(fit, x, y, components, described.baseline, "shapes", shape)
    for what, components in described.others.items():
        found += _tried(fit, x, y, components, described.baseline, "shapes", what)
    return Decomposition(fit, tuple(found), str(described.baseline))


def _neighbours(baseline: AnyBaseline) -> tuple[AnyBaseline, ...]:
    """Return the baselines of one degree more and less; none at all is no alternative to one."""
    if isinstance(baseline, FromData):
        return ()
    at = BASELINES.index(baseline)
    return tuple(BASELINES[place] for place in (at - 1, at + 1) if 1 <= place < len(BASELINES))


def _begun(fit: PeakFit, component: Component) -> Component:
    """Return a component that starts where the fit ended."""
    settings = {}
    for name in component.parameters:
        own = component.settings.get(name, Setting())
        value = float(fit.parameter(component.name, name)[0])
        settings[name] = own if own.tie is not None or own.fixed else replace(own, start=value)
    return replace(component, settings=settings)


def _reshaped(components: Sequence[Component]) -> list[tuple[str, tuple[Component, ...]]]:
    """Return the components with each other symmetric shape, where all of them are symmetric."""
    if any(one.shape not in SYMMETRIC for one in components):
        return []
    found = []
    for shape in SYMMETRIC:
        changed = tuple(_in_shape(one, shape) for one in components)
        if any(one.shape != shape for one in components):
            found.append((shape, changed))
    return found


def _in_shape(component: Component, shape: str) -> Component:
    kept = Component(component.name, shape).parameters
    return replace(component, shape=shape, settings={k: v for k, v in component.settings.items() if k in kept})


def _tried(
    fit: PeakFit, x: Array, y: Array, components: Sequence[Component], baseline: AnyBaseline, kind: str, what: str
) -> list[Alternative]:
    try:
        other = fit_peaks(x, y, components, baseline=baseline, noise=fit.noise[0].kind)
    except InputError:  # too few points for it
        return []
    size = float(np.sqrt(np.mean((fit.residuals() * fit.problem.weights[0]) ** 2)))
    left = float(np.sqrt(np.mean((other.residuals() * fit.problem.weights[0]) ** 2)))
    counts = left <= AS_WELL * size or (isinstance(baseline, FromData) and baseline.convention and kind == "baselines")
    return [Alternative(kind, what, other, bool(other.converged[0]) and counts)]
