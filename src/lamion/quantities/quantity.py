"""A value with its uncertainty, its unit and where it comes from."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Union, overload

from lamion.quantities import level, units
from lamion.quantities.errors import InputError

Interval = tuple[float | None, float | None]
Operand = Union["Quantity", str, float]


class _Shared:
    """What a quantity shares with others of its session: its variable, or the quantity it is only another form of."""

    __slots__ = ("_link", "_root")
    __array_ufunc__ = None


@dataclass(frozen=True, slots=True, init=False)
class Quantity(_Shared):
    """A value, its standard uncertainty, its unit and its source.

    Quantities compute: ``+ - * / **``, comparison, ``abs``, ``round``, ``float`` (the number in its own unit) and
    formats such as ``f"{thickness:.3g}"``. Texts (``"9 um"``) and numbers, which are exact, may stand beside them.

    Parameters
    ----------
    value : float or str
        The number, in `unit`; finite. Or the whole quantity as a text, such as ``"9 ± 0.3 um"``.
    std : float or None
        One standard uncertainty in `unit` (a temperature's in kelvin); None when unknown.
    unit : str
        The unit as typed on the command line, ``"1"`` when dimensionless.
    source : str
        Where the number comes from: a DOI, a file, a model; may be empty.
    interval : (float or None, float or None), optional
        The interval of `level` in `unit` where it is not symmetric; None for an open end.
    interval_95 : (float or None, float or None), optional
        The 95 % interval in `unit` where the others do not say it: a skewed or bounded result, or one that rests on few
        readings.

    Raises
    ------
    InputError
        When the value is not finite, the uncertainty is negative, the interval is no interval, or the text or the unit
        cannot be read.

    Notes
    -----
    Within a session results know what they share: ``a - a`` is exactly zero, and ``a * b / a`` has the uncertainty of
    ``b``; what is stored and read again is independent. An input without known uncertainty leaves the result without
    one, and one that is not determined, its result. Temperatures enter as kelvin. An interval is carried through where
    all else is exact; otherwise the result has a standard uncertainty only, and is not determined where an end was
    open; an `interval_95` is not carried. ``==`` compares the fields, so that 1 m is not 100 cm; ``<=`` compares
    values.

    Examples
    --------
    >>> thickness = Quantity(9.0, 0.3, "um")
    >>> print(thickness)
    9.00(30) um
    >>> thickness.si
    9e-06
    >>> print(thickness / Quantity("5.62(11)e-4 S/cm"))
    1.601(62) ohm cm2
    >>> thickness < "1 mm"
    True
    """

    value: float
    std: float | None
    unit: str
    source: str = ""
    interval: Interval | None = None
    interval_95: Interval | None = field(default=None, repr=False)

    @overload
    def __init__(self, value: str, *, source: str = "") -> None: ...
    @overload
    def __init__(
        self,
        value: float,
        std: float | None,
        unit: str,
        source: str = "",
        interval: Interval | None = None,
        interval_95: Interval | None = None,
    ) -> None: ...
    def __init__(
        self,
        value: float | str,
        std: float | None = None,
        unit: str = "",
        source: str = "",
        interval: Interval | None = None,
        interval_95: Interval | None = None,
    ) -> None:
        if isinstance(value, str):
            value, std, unit = _read(value, std, unit, interval or interval_95)
        elif not unit.strip():
            raise InputError(f"The value {value} has no unit.", "", "Give one; '1' is that of a plain number.")
        given = {"value": value, "std": std, "unit": unit, "source": source}
        for name, item in {**given, "interval": interval, "interval_95": interval_95}.items():
            object.__setattr__(self, name, item)
        if not math.isfinite(value):
            raise InputError(f"The value {value} {unit} is not a finite number.")
        if std is not None and not (std >= 0 and math.isfinite(std)):
            raise InputError(f"The uncertainty {std} {unit} is not a finite number of zero or more.")
        for ends in (interval, interval_95):
            if ends is not None:
                _check_interval(ends, unit)
        units.check(unit)

    @property
    def level(self) -> float:
        """The share of intervals that cover the truth, :data:`lamion.quantities.level.LEVEL`."""
        return level.LEVEL

    @property
    def determined(self) -> bool:
        """Whether anything bounds the value: not where its interval is open at both ends."""
        return self.interval is None or self.interval != (None, None)

    @property
    def at_95(self) -> Interval:
        """The 95 % interval: as stated, else each side of the interval stretched, else of the standard uncertainty.

        Stretched by the quotient of a normal distribution's two coverage factors; without any uncertainty the value.
        """
        if self.interval_95 is not None:
            return self.interval_95
        if self.interval is None:
            margin = level.coverage_factor(level.LEVEL_95) * (self.std or 0.0)
            return self.value - margin, self.value + margin
        factor = level.coverage_factor(level.LEVEL_95) / level.coverage_factor()
        low, high = (None if end is None else self.value + factor * (end - self.value) for end in self.interval)
        return low, high

    @property
    def si(self) -> float:
        """The value in SI base units (a temperature in kelvin)."""
        return units.convert(self.value, self.unit, units.si_unit(self.unit))

    @property
    def si_std(self) -> float:
        """The standard uncertainty in SI base units; 0.0 when it is unknown."""
        return (self.std or 0.0) * units.scale(self.unit, units.si_unit(self.unit))

    def to(self, unit: str) -> Quantity:
        """Return the same quantity in another unit of its dimension.

        Parameters
        ----------
        unit : str
            The unit wanted.

        Examples
        --------
        >>> print(Quantity(25.0, 0.5, "degC").to("K"))
        298.15(50) K
        """
        if unit == self.unit:
            return self
        factor = units.scale(self.unit, unit)
        return self._as_form(
            value=units.convert(self.value, self.unit, unit),
            std=None if self.std is None else self.std * factor,
            unit=unit,
            interval=self._ends_in(self.interval, unit),
            interval_95=self._ends_in(self.interval_95, unit),
        )

    def _ends_in(self, ends: Interval | None, unit: str) -> Interval | None:
        if ends is None:
            return None
        low, high = (None if end is None else units.convert(end, self.unit, unit) for end in ends)
        return low, high

    def _as_form(self, **changes: Any) -> Quantity:
        """Return the same quantity in another form, which shares its uncertainty."""
        form = replace(self, **changes)
        object.__setattr__(form, "_root", getattr(self, "_root", None) or self)
        return form

    def __str__(self) -> str:
        from lamion.quantities.formatting import format_quantity

        return format_quantity(self)

    def __format__(self, spec: str) -> str:
        from lamion.quantities.formatting import format_value

        return format_value(self, spec)

    def __float__(self) -> float:
        return float(self.value)

    def __round__(self, digits: int | None = None) -> Quantity:
        return self._as_form(value=float(round(float(self.value), digits or 0)))

    def __copy__(self) -> Quantity:
        return self

    def __deepcopy__(self, memo: object) -> Quantity:
        return self

    def __add__(self, other: Operand) -> Quantity:
        return self._with("add", other)

    def __radd__(self, other: Operand) -> Quantity:
        # sum() starts from 0.
        return self if isinstance(other, int) and other == 0 else self._with("add", other, swapped=True)

    def __sub__(self, other: Operand) -> Quantity:
        return self._with("subtract", other)

    def __rsub__(self, other: Operand) -> Quantity:
        return self._with("subtract", other, swapped=True)

    def __mul__(self, other: Operand) -> Quantity:
        return self._with("multiply", other)

    def __rmul__(self, other: Operand) -> Quantity:
        return self._with("multiply", other, swapped=True)

    def __truediv__(self, other: Operand) -> Quantity:
        return self._with("divide", other)

    def __rtruediv__(self, other: Operand) -> Quantity:
        return self._with("divide", other, swapped=True)

    def __pow__(self, other: Operand) -> Quantity:
        return self._with("power", other)

    def __rpow__(self, other: Operand) -> Quantity:
        return self._with("power", other, swapped=True)

    def __neg__(self) -> Quantity:
        from lamion.quantities import arithmetic

        return arithmetic.negative(self)

    def __pos__(self) -> Quantity:
        return self

    def __abs__(self) -> Quantity:
        from lamion.quantities import arithmetic

        return arithmetic.absolute(self)

    def __lt__(self, other: Operand) -> bool:
        return self._compared(other, operator.lt)

    def __le__(self, other: Operand) -> bool:
        return self._compared(other, operator.le)

    def __gt__(self, other: Operand) -> bool:
        return self._compared(other, operator.gt)

    def __ge__(self, other: Operand) -> bool:
        return self._compared(other, operator.ge)

    def _with(self, name: str, other: Operand, *, swapped: bool = False) -> Quantity:
        from lamion.quantities import arithmetic

        given = arithmetic.operand(other)
        pair = (given, self) if swapped else (self, given)
        return NotImplemented if given is None else arithmetic.OPERATIONS[name](*pair)

    def _compared(self, other: Operand, relation: Callable[[float, float], bool]) -> bool:
        from lamion.quantities import arithmetic

        given = arithmetic.operand(other)
        return NotImplemented if given is None else arithmetic.compare(self, given, relation)


def _check_interval(interval: Interval, unit: str) -> None:
    ends = [end for end in interval if end is not None]
    if len(interval) != 2 or not all(map(math.isfinite, ends)) or ends != sorted(ends):
        raise InputError(
            f"{interval} {unit} is no interval.", "", "Give the low end and the high one, None where it is open."
        )


def _read(text: str, std: float | None, unit: str, interval: Interval | None) -> tuple[float, float | None, str]:
    from lamion.quantities.parsing import parse

    if std is not None or unit or interval is not None:
        raise InputError(
            f"The text '{text}' stands beside an uncertainty, a unit or an interval.",
            "",
            "Give all in the text, as in '9 ± 0.3 um', or the value as a number.",
        )
    found = parse(text)
    return found.value, found.std, found.unit


def propagate(function: Callable[..., float], *inputs: Quantity, unit: str, source: str = "") -> Quantity:
    r"""Apply a function of SI floats to quantities, with linear propagation of their uncertainties.

    .. math:: u^2(f) = \sum_i (\partial f/\partial x_i)^2 u^2(x_i)

    Parameters
    ----------
    function : callable
        Takes one SI float per input and returns a float in the SI unit of `unit`.
    *inputs : Quantity
        What they share within a session counts; an unknown uncertainty counts as zero.
    unit : str
        The unit of the result.
    source : str
        Where the result comes from.

    Returns
    -------
    Quantity
        With ``std`` None when no input has a known uncertainty.

    Raises
    ------
    InputError
        When an uncertainty is larger than can be carried through.

    Notes
    -----
    Linear propagation is right while the function is nearly straight over one uncertainty; results close to
    a pole need an interval of their own.

    References
    ----------
    JCGM 100:2008, 5.1.2 (the GUM).

    Examples
    --------
    >>> R, A = Quantity(0.80, 0.01, "ohm"), Quantity(2.01, 0.02, "cm2")
    >>> print(propagate(lambda R, A: R * A, R, A, unit="ohm cm2"))
    1.608(26) ohm cm2
    """
    import uncertainties

    from lamion.quantities import arithmetic

    si = units.si_unit(unit)
    factor = units.scale(si, unit)
    found = uncertainties.wrap(function)(*(arithmetic.link(q.to(units.si_unit(q.unit))) for q in inputs))
    nominal = float(uncertainties.nominal_value(found))
    value = units.convert(nominal, si, unit)
    if all(q.std is None for q in inputs):
        return Quantity(value, None, unit, source)
    return arithmetic.linked_quantity(value, found * factor + (value - nominal * factor), unit, source)
