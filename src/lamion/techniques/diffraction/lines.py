"""The peaks of a pattern, fitted window by window, each with its K-alpha2 and a baseline of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lamion.quantities import InputError
from lamion.techniques.diffraction.doublet import with_second, without_partners
from lamion.techniques.diffraction.radiation import Radiation
from lamion.techniques.diffraction.search import Found, Window, find_peaks, windows
from lamion.techniques.peaks.axes import FEWEST, Curve
from lamion.techniques.peaks.component import Component, Setting, alike
from lamion.techniques.peaks.decomposition import Decomposition, Description, Estimate, decompose
from lamion.techniques.peaks.peaks import Choice

HALO = "halo"
_HALO_WIDTH = Setting(6.0, 1.5, 40.0)
"""Degrees: of a halo, which no crystal's peak is as broad as."""
_NARROW = 3.0
"""Degrees: of a peak beside a halo, at most."""
_SECOND = 0.7
"""Of the width: how near K-alpha2 is looked for."""
_NAMED_WIDTH = 0.2
"""Degrees: of a peak that was named, and that the search does not see."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """One window with what was fitted in it.

    Parameters
    ----------
    curve : Curve
        The window's points.
    found : Decomposition
        Its components.
    """

    curve: Curve
    found: Decomposition

    @property
    def names(self) -> list[str]:
        """The peaks' names, partners and halos left out."""
        return [name for name in without_partners(self.found.names) if not name.startswith(HALO)]


@dataclass(frozen=True, eq=False)
class Peak:
    """A peak where it was fitted.

    Parameters
    ----------
    name : str
        Its component's.
    window : Fitted
        Where it was fitted.
    """

    name: str
    window: Fitted

    def parameter(self, name: str) -> Estimate:
        """Return a parameter of its component."""
        return self.window.found.parameter(self.name, name)

    def value(self, name: str) -> float:
        """Return a parameter as fitted, without its interval."""
        return float(self.window.found.fit.parameter(self.name, name)[0])


def fit_pattern(part: Curve, choice: Choice, halos: Sequence[float], radiation: Radiation) -> list[Fitted]:
    """Fit the peaks of a pattern.

    Parameters
    ----------
    part : Curve
        Counts over two theta, within the range that counts.
    choice : Choice
        Peaks, shape and baseline; without any the peaks that stand out are taken.
    halos : sequence of float
        Where broad parts of what is amorphous are, degrees; with any, all is fitted together over the whole range.
    radiation : Radiation
        The X-rays.

    Returns
    -------
    list of Fitted
        By rising angle.

    Raises
    ------
    InputError
        When no peak stands out, or a window holds too few points.
    """
    seen = _first_lines(find_peaks(part), radiation)
    if choice.components or choice.number is not None or halos:
        return [_whole(part, choice, halos, seen, radiation)] if halos else _named(part, choice, seen, radiation)
    if not seen:
        raise InputError(
            f"{part.name} has no peak that stands out of its noise.",
            "It is amorphous, or was counted too briefly.",
            "Say where peaks are with --position, or halos with --halo.",
        )
    return _fitted(part, choice, windows(seen, part.x), radiation, {})


def _first_lines(seen: Sequence[Found], radiation: Radiation) -> list[Found]:
    """Leave out what stands where K-alpha2 of a stronger peak does."""
    if radiation.second is None or not radiation.has_second:
        return list(seen)
    ratio = radiation.second / radiation.wavelength

    def is_second(one: Found) -> bool:
        for other in seen:
            sine = ratio * np.sin(np.radians(other.position / 2.0))
            there = 2.0 * np.degrees(np.arcsin(min(sine, 1.0)))
            if other.clear > one.clear and abs(there - one.position) < _SECOND * max(one.width, other.width):
                return True
        return False

    return [one for one in seen if not is_second(one)]


def _named(part: Curve, choice: Choice, seen: Sequence[Found], radiation: Radiation) -> list[Fitted]:
    """Fit the peaks that were named, or so many of the strongest."""
    if choice.components:
        starts = [(one.name, one.setting("position").start) for one in choice.components]
        wanted = [(name, _near(at, seen)) for name, at in starts if at is not None]
        outside = [name for name, one in wanted if not part.x[0] <= one.position <= part.x[-1]]
        if outside:
            span = f"{part.x[0]:.4g} to {part.x[-1]:.4g} deg"
            raise InputError(f"The peak '{outside[0]}' lies outside of the pattern, {span}.", "", "Name another.")
        names = {one.position: name for name, one in wanted}
        found = sorted((one for _, one in wanted), key=lambda one: one.position)
        return _fitted(part, choice, windows(found, part.x), radiation, names)
    number = choice.number or 0
    strongest = sorted(seen, key=lambda one: -one.clear)[:number]
    if len(strongest) < number:
        raise InputError(f"{len(seen)} peaks stand out, fewer than {number}.", "", "Ask for fewer, or name positions.")
    ordered = sorted(strongest, key=lambda one: one.position)
    return _fitted(part, choice, windows(ordered, part.x), radiation, {})


def _near(at: float, seen: Sequence[Found]) -> Found:
    """Return a named peak with the width of the one that is seen there."""
    own = min(seen, key=lambda one: abs(one.position - at), default=None)
    if own is None or abs(own.position - at) > own.width:
        return Found(at, _NAMED_WIDTH, 0.0)
    return replace(own, position=at)


def _fitted(
    part: Curve, choice: Choice, where: Sequence[Window], radiation: Radiation, names: dict[float, str]
) -> list[Fitted]:
    """Fit each window; peaks without a name are called by their rank."""
    rank = 0
    found = []
    for window in where:
        components = []
        for one in window.peaks:
            rank += 1
            components.append(_component(names.get(one.position, f"peak{rank}"), one, choice.shape))
        found.append(_window(part, choice, window, alike(components), radiation))
    return found


def _component(name: str, seen: Found, shape: str) -> Component:
    settings = {"position": Setting(seen.position), "width": Setting(seen.width, 0.0)}
    return Component(name, shape, settings)


def _window(
    part: Curve, choice: Choice, window: Window, components: Sequence[Component], radiation: Radiation
) -> Fitted:
    curve = _at_least(part, window)
    described = Description(with_second(components, radiation), choice.baseline, choice.noise, choice.baselines)
    return Fitted(curve, decompose(curve.x, curve.y, described))


def _at_least(part: Curve, window: Window) -> Curve:
    """Return a window's points, widened where they are too few for a fit."""
    inside = np.flatnonzero((part.x >= window.low) & (part.x <= window.high))
    wanted = FEWEST + 6 * len(window.peaks)
    if len(inside) >= wanted:
        return part.within(window.low, window.high)
    middle = int(np.searchsorted(part.x, 0.5 * (window.low + window.high)))
    first = int(np.clip(middle - wanted // 2, 0, max(len(part.x) - wanted, 0)))
    last = min(first + wanted, len(part.x)) - 1
    return part.within(float(part.x[first]), float(part.x[last]))


def _whole(part: Curve, choice: Choice, halos: Sequence[float], seen: Sequence[Found], radiation: Radiation) -> Fitted:
    """Fit halos and peaks together."""
    outside = [at for at in halos if not part.x[0] <= at <= part.x[-1]]
    if outside:
        span = f"{part.x[0]:.4g} to {part.x[-1]:.4g} deg"
        raise InputError(f"The halo at {outside[0]:g} deg lies outside of the pattern, {span}.", "", "Name another.")
    if choice.components:
        starts = [(one.name, one.setting("position").start) for one in choice.components]
        wanted = [(name, _near(at, seen)) for name, at in starts if at is not None]
    else:
        number = len(seen) if choice.number is None else choice.number
        strongest = sorted(sorted(seen, key=lambda one: -one.clear)[:number], key=lambda one: one.position)
        wanted = [(f"peak{rank}", one) for rank, one in enumerate(strongest, start=1)]
    narrow = [_bounded(_component(name, one, choice.shape)) for name, one in wanted]
    broad = [
        Component(f"{HALO}{rank}" if len(halos) > 1 else HALO, "gaussian", _of_halo(at))
        for rank, at in enumerate(sorted(halos), start=1)
    ]
    peaks = with_second(alike(narrow), radiation) if narrow else ()
    others = {shape: (*_reshaped(peaks, shape), *broad) for shape in ("voigt", "gaussian") if peaks}
    described = Description(
        (*peaks, *broad), choice.baseline, choice.noise, choice.baselines, shapes=False, others=others
    )
    return Fitted(part, decompose(part.x, part.y, described))


def _bounded(one: Component) -> Component:
    settings = dict(one.settings)
    settings["width"] = replace(settings["width"], high=_NARROW)
    return replace(one, settings=settings)


def _of_halo(at: float) -> dict[str, Setting]:
    return {"position": Setting(at), "width": _HALO_WIDTH}


def _reshaped(components: Sequence[Component], shape: str) -> list[Component]:
    kept = Component("", shape).parameters
    return [
        replace(one, shape=shape, settings={key: own for key, own in one.settings.items() if key in kept})
        for one in components
    ]


def peaks_of(fitted: Sequence[Fitted]) -> Iterator[Peak]:
    """Yield the peaks of all windows, by rising angle."""
    for window in fitted:
        yield from sorted((Peak(name, window) for name in window.names), key=lambda one: one.value("position"))
