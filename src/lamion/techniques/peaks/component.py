"""One component under a spectrum: its shape, and what is known of its parameters before the fit."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lamion.quantities.errors import InputError
from lamion.techniques.peaks.shapes import Extra, Shape, shape_named

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_START = re.compile(rf"({_NUMBER})(\s+fixed)?")
_RANGE = re.compile(rf"(?:({_NUMBER})\s*,\s*)?({_NUMBER})\s+to\s+({_NUMBER})")
_TIE = re.compile(rf"(?:({_NUMBER})\s+)?([A-Za-z][\w.-]*(?: \w[\w.-]*)*?)(?:\s+([-+])\s+({_NUMBER}))?")
_FORMS = "a number ('740'), '740 fixed', '738 to 742', '740, 738 to 742', '0.5 other' or 'other + 5.1'"


@dataclass(frozen=True)
class Tie:
    """A parameter that is another component's same parameter, times a factor, plus an offset."""

    component: str
    factor: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True)
class Setting:
    """What is known of one parameter.

    Parameters
    ----------
    start : float or None
        Where a fit begins; found from the data without it.
    low, high : float
        Bounds.
    fixed : bool
        Whether it stays at its start.
    tie : Tie, optional
        What it follows.

    Examples
    --------
    >>> Setting.read("740, 738 to 742")
    Setting(start=740.0, low=738.0, high=742.0, fixed=False, tie=None)
    >>> Setting.read("free + 5.1").tie
    Tie(component='free', factor=1.0, offset=5.1)
    """

    start: float | None = None
    low: float = -math.inf
    high: float = math.inf
    fixed: bool = False
    tie: Tie | None = None

    @classmethod
    def read(cls, text: str) -> Setting:
        """Read a cell of a table of components.

        Parameters
        ----------
        text : str
            Empty, ``"740"``, ``"740 fixed"``, ``"738 to 742"``, ``"740, 738 to 742"``, ``"0.5 other"`` or
            ``"other + 5.1"``.

        Raises
        ------
        InputError
            When it is none of these.
        """
        text = text.strip().replace("\u2212", "-")
        if not text:
            return cls()
        if found := _START.fullmatch(text):
            return cls(float(found[1]), fixed=found[2] is not None)
        if found := _RANGE.fullmatch(text):
            low, high = float(found[2]), float(found[3])
            start = float(found[1]) if found[1] else (low + high) / 2
            if not low <= start <= high or low == high:
                raise InputError(f"'{text}' is no range with its start inside.", "", "Write it as '740, 738 to 742'.")
            return cls(start, low, high)
        if found := _TIE.fullmatch(text):
            offset = float(f"{found[3]}{found[4]}") if found[4] else 0.0
            return cls(tie=Tie(found[2], float(found[1] or 1.0), offset))
        raise InputError(f"'{text}' says nothing of a component's parameter.", "", f"Write {_FORMS}.")

    def __str__(self) -> str:
        """Return it as :meth:`read` takes it."""
        if self.tie is not None:
            factor = "" if self.tie.factor == 1.0 else f"{self.tie.factor:.10g} "
            offset = f" {'-' if self.tie.offset < 0 else '+'} {abs(self.tie.offset):.10g}" if self.tie.offset else ""
            return f"{factor}{self.tie.component}{offset}"
        start = "" if self.start is None else f"{self.start:.10g}"
        if self.fixed:
            return f"{start} fixed"
        if math.isfinite(self.low) and math.isfinite(self.high):
            return f"{start}, {self.low:.10g} to {self.high:.10g}"
        return start


@dataclass(frozen=True)
class Component:
    """A component.

    Parameters
    ----------
    name : str
        Unique among those of a spectrum.
    shape : str
        One of :data:`~lamion.techniques.peaks.shapes.SHAPES`.
    settings : Mapping of str to Setting
        By parameter: ``position`` and ``width`` in the unit of the abscissa, ``area`` in that times the ordinate's, and
        the shape's own, such as ``mixing``; what is not named is found.

    Examples
    --------
    >>> Component.of("contact", "gaussian", position="745", width="free").setting("width").tie.component
    'free'
    """

    name: str
    shape: str = "pseudo-voigt"
    settings: Mapping[str, Setting] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = self.parameters
        unknown = [name for name in self.settings if name not in known]
        if unknown:
            raise InputError(
                f"A {self.shape} component has no '{unknown[0]}'.",
                "",
                f"Its parameters are {', '.join(self.parameters)}.",
            )

    @classmethod
    def of(cls, name: str, shape: str = "pseudo-voigt", **parameters: str | float) -> Component:
        """Make a component from texts as a table holds them.

        Parameters
        ----------
        name, shape : str
            As above.
        **parameters
            A number, or what :meth:`Setting.read` takes.
        """
        return cls(name, shape, {key: Setting.read(str(value)) for key, value in parameters.items()})

    @property
    def line(self) -> Shape:
        """Its shape."""
        return shape_named(self.shape)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters, those of its shape last."""
        return ("position", "width", "area", *(extra.name for extra in self.line.extras))

    def setting(self, name: str) -> Setting:
        """Return what is known of a parameter, the bounds of what it can be included."""
        own = self.settings.get(name, Setting())
        extra = next((one for one in self.line.extras if one.name == name), None)
        if extra is not None:
            return self._of_extra(own, extra)
        if name in ("width", "area") and own.tie is None:
            if own.start is not None and own.start < 0:
                raise InputError(f"The {name} of '{self.name}' is {own.start:g}.", "", "Give it above zero.")
            return Setting(own.start, max(own.low, 0.0), own.high, own.fixed)
        return own

    def _of_extra(self, own: Setting, extra: Extra) -> Setting:
        if own.tie is not None:
            return own
        start = extra.start if own.start is None else own.start
        low, high = max(own.low, extra.low), min(own.high, extra.high)
        if not low <= start <= high:
            raise InputError(
                f"The {extra.name} of '{self.name}' is {start:g}.", "", f"Give it from {extra.low:g} to {extra.high:g}."
            )
        return Setting(start, low, high, own.fixed)


def alike(components: Iterable[Component]) -> tuple[Component, ...]:
    """Return components that share what their shape has beside position, width and area with the first.

    Where bands overlap the noise tells one mixing, not one of each.

    Parameters
    ----------
    components : iterable of Component
        All of one shape, of which none says what its shape has.
    """
    first, *others = components
    extras = {extra.name: Setting(tie=Tie(first.name)) for extra in first.line.extras}
    return first, *(replace(one, settings={**one.settings, **extras}) for one in others)


def check(components: Iterable[Component]) -> None:
    """Refuse components with one name, and ties that lead nowhere or in a circle.

    Parameters
    ----------
    components : iterable of Component
        Those of one spectrum.

    Raises
    ------
    InputError
        As said.
    """
    by_name: dict[str, Component] = {}
    for one in components:
        if one.name in by_name:
            raise InputError(f"Two components are called '{one.name}'.", "", "Give each a name of its own.")
        by_name[one.name] = one
    if not by_name:
        raise InputError("There is no component.", "", "Name one at least.")
    for one in by_name.values():
        for name in one.parameters:
            _follow(one, name, by_name)


def _follow(component: Component, name: str, by_name: Mapping[str, Component]) -> None:
    seen = [component.name]
    tie = component.setting(name).tie
    while tie is not None:
        if tie.component not in by_name:
            raise InputError(
                f"The {name} of '{seen[-1]}' follows '{tie.component}', which is no component.",
                "",
                f"The components are {', '.join(by_name)}.",
            )
        if tie.component in seen:
            raise InputError(f"The {name} of '{component.name}' follows itself.", "", "Leave one of the circle free.")
        following = by_name[tie.component]
        if name not in following.parameters:
            raise InputError(
                f"The {name} of '{seen[-1]}' follows '{following.name}', which has none.", "", "Give both one shape."
            )
        seen.append(following.name)
        tie = following.setting(name).tie
