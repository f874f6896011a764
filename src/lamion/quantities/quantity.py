"""A value with its uncertainty, its unit and where it comes from."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from lamion.quantities import units
from lamion.quantities.errors import InputError

Interval = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value, its standard uncertainty, its unit and its source.

    Parameters
    ----------
    value : float
        The number, in `unit`; finite.
    std : float or None
        One standard uncertainty in `unit` (a temperature's in kelvin); None when unknown.
    unit : str
        The unit as typed on the command line, ``"1"`` when dimensionless.
    source : str
        Where the number comes from: a DOI, a file, a model; may be empty.
    interval : (float or None, float or None), optional
        The 68 % interval in `unit` where it is not symmetric; None for an open end.

    Raises
    ------
    InputError
        When the value is not finite, the uncertainty is negative or the unit cannot be read.

    Examples
    --------
    >>> thickness = Quantity(9.0, 0.3, "um")
    >>> print(thickness)
    9.00(30) um
    >>> thickness.si
    9e-06
    """

    value: float
    std: float | None
    unit: str
    source: str = ""
    interval: Interval | None = None

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise InputError(f"The value {self.value} {self.unit} is not a finite number.")
        if self.std is not None and not (self.std >= 0 and math.isfinite(self.std)):
            raise InputError(f"The uncertainty {self.std} {self.unit} is not a finite number of zero or more.")
        units.check(self.unit)

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
        ends = self.interval
        if ends is not None:
            ends = (self._end_in(ends[0], unit), self._end_in(ends[1], unit))
        return replace(
            self,
            value=units.convert(self.value, self.unit, unit),
            std=None if self.std is None else self.std * factor,
            unit=unit,
            interval=ends,
        )

    def _end_in(self, end: float | None, unit: str) -> float | None:
        return None if end is None else units.convert(end, self.unit, unit)

    def __str__(self) -> str:
        from lamion.quantities.formatting import format_quantity

        return format_quantity(self)


def propagate(function: Callable[..., float], *inputs: Quantity, unit: str, source: str = "") -> Quantity:
    r"""Apply a function of SI floats to quantities, with linear propagation of their uncertainties.

    .. math:: u^2(f) = \sum_i (\partial f/\partial x_i)^2 u^2(x_i)

    Parameters
    ----------
    function : callable
        Takes one SI float per input and returns a float in the SI unit of `unit`.
    *inputs : Quantity
        Independent inputs; an unknown uncertainty counts as zero. The same input used twice is passed once.
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

    values = [uncertainties.ufloat(q.si, q.si_std) if q.std else q.si for q in inputs]
    result = uncertainties.wrap(function)(*values)
    si = units.si_unit(unit)
    known = any(q.std is not None for q in inputs)
    try:
        std = float(uncertainties.std_dev(result)) * units.scale(si, unit) if known else None
    except OverflowError:
        raise InputError(
            "An uncertainty is larger than can be carried through.", "", "Check what follows each ±."
        ) from None
    return Quantity(
        value=units.convert(float(uncertainties.nominal_value(result)), si, unit),
        std=std,
        unit=unit,
        source=source,
    )
