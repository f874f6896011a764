r"""K-alpha2 as a component that follows its K-alpha1.

.. math:: \sin\theta_2 = \frac{\lambda_2}{\lambda_1} \sin\theta_1, \qquad A_2 = r A_1

with the same width and shape. The position follows linearly about its start, which over a few degrees is exact to
1e-5 degrees.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from lamion.techniques.diffraction.radiation import Radiation
from lamion.techniques.peaks.component import Component, Setting, Tie

PARTNER = " (K-alpha2)"


def with_second(components: Iterable[Component], radiation: Radiation) -> tuple[Component, ...]:
    """Return the components, each followed by its partner where there is a second line.

    Parameters
    ----------
    components : iterable of Component
        Each with a start of its position.
    radiation : Radiation
        The lines.

    Examples
    --------
    >>> pair = with_second([Component.of("a", position=60.0)], Radiation(1.540593, 1.544427))
    >>> tie = pair[1].setting("position").tie
    >>> round(tie.factor * 60.0 + tie.offset, 3)
    60.165
    """
    given = tuple(components)
    second = radiation.second
    if second is None or not radiation.has_second:
        return given
    found = []
    for one in given:
        start = one.setting("position").start
        if (
            start is None
            or not 0.0 < start < 180.0
            or math.sin(math.radians(start / 2)) * second > radiation.wavelength
        ):
            found.append(one)
            continue
        own = {name: Setting(tie=Tie(one.name)) for name in one.parameters}
        own["position"] = Setting(tie=_position(one.name, start, second / radiation.wavelength))
        own["area"] = Setting(tie=Tie(one.name, radiation.ratio))
        found += [one, Component(f"{one.name}{PARTNER}", one.shape, own)]
    return tuple(found)


def _position(name: str, start: float, ratio: float) -> Tie:
    sine = ratio * math.sin(math.radians(start / 2))
    there = 2.0 * math.degrees(math.asin(sine))
    slope = ratio * math.cos(math.radians(start / 2)) / math.cos(math.radians(there / 2))
    return Tie(name, slope, there - slope * start)


def without_partners(names: Sequence[str]) -> list[str]:
    """Return the names of components that are no partners."""
    return [name for name in names if not name.endswith(PARTNER)]
