"""What quantities do to one another: sums, products, powers, comparison and what they share.

The library ``uncertainties`` carries the uncertainties, to first order, and knows which results share which inputs.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from numbers import Real
from threading import Lock
from typing import TYPE_CHECKING, Any

from lamion.quantities import units
from lamion.quantities.compound import compound
from lamion.quantities.errors import InputError
from lamion.quantities.quantity import Interval, Quantity

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_NOT_DETERMINED: Interval = (None, None)
_AGREEING = 1e-6
_LINKING = Lock()


def operand(given: object) -> Quantity | None:
    """Return what may stand beside a quantity as one: a text is read, a number is exact; None for anything else.

    Parameters
    ----------
    given
        A quantity, a text such as ``"9 um"`` or a number.

    Examples
    --------
    >>> operand(2)
    Quantity(value=2.0, std=0.0, unit='1', source='', interval=None)
    """
    if isinstance(given, Quantity):
        return given
    if isinstance(given, str):
        return Quantity(given)
    return Quantity(float(given), 0.0, "1") if isinstance(given, Real) else None


def add(one: Quantity, other: Quantity) -> Quantity:
    """Return the sum, in the first one's unit; temperatures are added in kelvin.

    Parameters
    ----------
    one, other : Quantity
        Of one dimension.

    Raises
    ------
    InputError
        When they differ in dimension.

    Examples
    --------
    >>> print(add(Quantity(9.0, 0.3, "um"), Quantity(1.0, 0.4, "um")))
    10.00(50) um
    """
    return _sum(one, other, 1.0, "added")


def subtract(one: Quantity, other: Quantity) -> Quantity:
    """Return the difference, in the first one's unit; of temperatures, in kelvin.

    Parameters
    ----------
    one, other : Quantity
        Of one dimension.

    Raises
    ------
    InputError
        When they differ in dimension.

    Examples
    --------
    >>> warm = Quantity(25.0, 0.5, "degC")
    >>> print(subtract(warm, Quantity(20.0, 0.0, "degC")), "and", subtract(warm, warm))
    5.00(50) K and 0 K
    """
    return _sum(one, other, -1.0, "subtracted")


def _sum(one: Quantity, other: Quantity, sign: float, done: str) -> Quantity:
    one, other = _absolute_scale(one), _absolute_scale(other)
    _check_dimension(one, other, done)
    factor = sign * units.scale(other.unit, one.unit)
    return _combined(lambda x, y: x + factor * y, one, other, unit=one.unit)


def multiply(one: Quantity, other: Quantity) -> Quantity:
    """Return the product; temperatures enter in kelvin.

    Parameters
    ----------
    one, other : Quantity
        Any.

    Raises
    ------
    InputError
        When its unit cannot be written.

    Examples
    --------
    >>> print(multiply(Quantity(2.0, 0.1, "mA"), Quantity(50.0, 0.0, "ohm")))
    0.1000(50) V
    """
    one, other = _absolute_scale(one), _absolute_scale(other)
    found = compound((one.unit, 1), (other.unit, 1))
    return _combined(lambda x, y: x * y * found.factor, one, other, unit=found.unit)


def divide(one: Quantity, other: Quantity) -> Quantity:
    """Return the quotient; temperatures enter in kelvin.

    Parameters
    ----------
    one, other : Quantity
        Any, the second not zero.

    Raises
    ------
    InputError
        When the second is zero or the unit cannot be written.

    Examples
    --------
    >>> print(divide(Quantity(9.0, 0.3, "um"), Quantity(5.62e-4, 1.1e-5, "S/cm")))
    1.601(62) ohm cm2
    """
    one, other = _absolute_scale(one), _absolute_scale(other)
    found = compound((one.unit, 1), (other.unit, -1))
    return _combined(lambda x, y: x / y * found.factor, one, other, unit=found.unit, bent=1, pole=True)


def power(base: Quantity, exponent: Quantity) -> Quantity:
    """Return a power; a temperature enters in kelvin.

    Parameters
    ----------
    base : Quantity
        Any.
    exponent : Quantity
        A plain number, exact where the base has a unit.

    Raises
    ------
    InputError
        When the exponent has a dimension or an uncertainty that the base's unit forbids, a root is taken of a negative
        number, zero is raised to a negative power, or the unit cannot be written.

    Examples
    --------
    >>> print(power(Quantity(3.0, 0.1, "mm"), operand(2)))
    9.00(60) mm2
    """
    if not units.same_dimension(exponent.unit, "1"):
        raise InputError(
            f"The exponent {exponent} is {units.dimension_name(exponent.unit)}.", "", "Give a plain number."
        )
    base, exponent = _absolute_scale(base), exponent.to("1")
    if units.same_dimension(base.unit, "1"):
        base, unit, factor = base.to("1"), "1", 1.0
    elif exponent.std:
        raise InputError(
            f"{base} is raised to an uncertain power, {exponent}, which leaves no unit.",
            "",
            "Divide by a quantity of the same kind first, or give the exponent as a plain number.",
        )
    else:
        found = compound((base.unit, exponent.value))
        unit, factor = found.unit, found.factor
    n = exponent.value
    whole = n.is_integer()
    if base.value < 0 and not whole:
        raise InputError(f"{base} is negative and has no real power {n:g}.")
    odd = whole and n > 0 and n % 2 == 1
    return _combined(
        lambda x, y: x**y * factor, base, exponent, unit=unit, bent=None if odd else 0, pole=n < 0 or not whole
    )


def negative(one: Quantity) -> Quantity:
    """Return the quantity with the other sign, a temperature in kelvin.

    Parameters
    ----------
    one : Quantity
        Any.

    Examples
    --------
    >>> print(negative(Quantity(1.4, None, "V", interval=(1.2, None))))
    -1.4 V (68 %: -1.2 or less)
    """
    one = _absolute_scale(one)
    return _combined(operator.neg, one, unit=one.unit)


def absolute(one: Quantity) -> Quantity:
    """Return the quantity without its sign, a temperature in kelvin.

    Parameters
    ----------
    one : Quantity
        Any.

    Examples
    --------
    >>> print(absolute(Quantity(-1.4, 0.2, "V")))
    1.40(20) V
    """
    one = _absolute_scale(one)
    sign = math.copysign(1.0, one.value)
    found = _combined(lambda x: sign * x, one, unit=one.unit)
    low, high = found.interval or (0.0, None)
    if low is not None and low >= 0:
        return found
    if low is None or high is None:
        return Quantity(found.value, None, found.unit, found.source, _NOT_DETERMINED)
    return linked_quantity(found.value, link(found), found.unit, found.source, (0.0, max(-low, high)))


def compare(one: Quantity, other: Quantity, relation: Callable[[float, float], bool]) -> bool:
    """Compare two quantities by their values in SI units, whatever their uncertainties.

    Parameters
    ----------
    one, other : Quantity
        Of one dimension.
    relation : callable
        Such as ``operator.lt``.

    Raises
    ------
    InputError
        When they differ in dimension.

    Examples
    --------
    >>> compare(Quantity(9.0, 0.3, "um"), Quantity(1.0, None, "mm"), operator.lt)
    True
    """
    _check_dimension(one, other, "compared")
    return relation(one.si, other.si)


def correlated(quantities: Sequence[Quantity], covariance: ArrayLike) -> list[Quantity]:
    """Return the same quantities, knowing what their uncertainties share.

    Parameters
    ----------
    quantities : sequence of Quantity
        Such as the results of one fit. One without known uncertainty stays without.
    covariance : array, shape (n, n)
        Of their values, each in the unit its quantity has.

    Returns
    -------
    list of Quantity
        Equal to those given: with the standard uncertainties of `covariance`, which a computation with them uses.

    Raises
    ------
    InputError
        When `covariance` is not one (of another size, not symmetric, negative somewhere), or a standard uncertainty
        that a quantity states is not the one it holds.

    Examples
    --------
    >>> slope, offset = Quantity(2.0, 0.1, "V"), Quantity(1.0, 0.1, "V")
    >>> slope, offset = correlated([slope, offset], [[0.01, -0.01], [-0.01, 0.01]])
    >>> print(slope + offset, "and", slope - offset)
    3 V and 1.00(20) V
    """
    import numpy as np
    import uncertainties

    block = np.asarray(covariance, float)
    _check_covariance(block, quantities)
    known = [k for k, q in enumerate(quantities) if q.std]
    found = list(quantities)
    if known:
        linked = uncertainties.correlated_values([quantities[k].value for k in known], block[np.ix_(known, known)])
        for k, variable in zip(known, linked, strict=True):
            found[k] = replace(quantities[k])
            object.__setattr__(found[k], "_link", variable)
    return found


def _check_covariance(block: Any, quantities: Sequence[Quantity]) -> None:
    import numpy as np

    remedy = "Give the covariance matrix of the values, each in its quantity's unit."
    if block.shape != (len(quantities),) * 2:
        raise InputError(f"A covariance of shape {block.shape} does not fit {len(quantities)} quantities.", "", remedy)
    std = np.sqrt(np.maximum(np.diag(block), 0.0))
    size = np.outer(std, std)
    if not np.all(np.isfinite(block)) or np.any(np.abs(block - block.T) > _AGREEING * size):
        raise InputError("The covariance holds a number that is not finite or is not symmetric.", "", remedy)
    scaled = block / np.where(size > 0, size, 1.0)
    if np.any(np.diag(block) < 0) or np.linalg.eigvalsh((scaled + scaled.T) / 2).min(initial=0.0) < -_AGREEING:
        raise InputError("The covariance makes the variance of a sum negative.", "", remedy)
    for quantity, own in zip(quantities, std, strict=True):
        if quantity.std is not None and abs(quantity.std - own) > _AGREEING * max(own, quantity.std):
            raise InputError(
                f"The uncertainty of {quantity} is not the {own:.3g} {quantity.unit} that the covariance holds.",
                "",
                remedy,
            )


def link(quantity: Quantity) -> Any:
    """Return what ``uncertainties`` knows of a quantity: a number where it is exact or its uncertainty unknown.

    Parameters
    ----------
    quantity : Quantity
        Any; asked twice, the same variable is returned.

    Examples
    --------
    >>> a = Quantity(9.0, 0.3, "um")
    >>> (link(a) - link(a.to("m")) * 1e6).std_dev < 1e-15
    True
    """
    if not quantity.std:
        return float(quantity.value)
    with _LINKING:
        return _linked(quantity)


def _linked(quantity: Quantity) -> Any:
    import uncertainties

    found = getattr(quantity, "_link", None)
    if found is None:
        root = getattr(quantity, "_root", None)
        if root is None:
            found = uncertainties.ufloat(quantity.value, quantity.std)
        else:
            factor = units.scale(root.unit, quantity.unit)
            found = _linked(root) * factor + (quantity.value - root.value * factor)
        object.__setattr__(quantity, "_link", found)
    return found


def linked_quantity(value: float, variable: Any, unit: str, source: str, interval: Interval | None = None) -> Quantity:
    """Return a quantity with the uncertainty of a variable, which it keeps.

    Parameters
    ----------
    value : float
        In `unit`.
    variable
        Of ``uncertainties``, or a number, in `unit`.
    unit, source, interval
        As in :class:`Quantity`.

    Raises
    ------
    InputError
        When the uncertainty is no number or too large for one.

    Examples
    --------
    >>> print(linked_quantity(9.0, 9.0, "um", ""))
    9 um
    """
    import uncertainties

    try:
        std = float(uncertainties.std_dev(variable))
    except (ArithmeticError, ValueError):
        std = math.inf
    if not math.isfinite(std):
        raise _uncarried(value, unit)
    result = Quantity(value, std, unit, source, interval)
    if std:
        object.__setattr__(result, "_link", variable)
    return result


def _combined(
    function: Callable[..., Any], *inputs: Quantity, unit: str, bent: int | None = None, pole: bool = False
) -> Quantity:
    """Apply a function of numbers; `bent` is the input in which it is not monotone across zero, maybe for a pole."""
    value = _value(function, *inputs)
    source = "; ".join(dict.fromkeys(part for q in inputs for part in q.source.split("; ") if part))
    interval = _interval(function, inputs, bent, pole)
    if interval == _NOT_DETERMINED or any(q.std is None for q in inputs):
        return Quantity(value, None, unit, source, interval)
    try:
        variable = function(*(link(q) for q in inputs))
    except (ArithmeticError, ValueError):
        raise _uncarried(value, unit) from None
    return linked_quantity(value, variable, unit, source, interval)


def _uncarried(value: float, unit: str) -> InputError:
    return InputError(
        "An uncertainty is larger than can be carried through.",
        f"An input's is huge, or the result, near {value:.3g} {unit}, has a pole or a root there.",
        "Check what follows each ±.",
    )


def _value(function: Callable[..., Any], *inputs: Quantity) -> float:
    numbers = [float(q.value) for q in inputs]
    try:
        value = function(*numbers)
    except ZeroDivisionError:
        raise InputError(f"{' and '.join(str(q) for q in inputs)} lead to a division by zero.") from None
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise InputError(f"The result of {' and '.join(str(q) for q in inputs)} is larger than a number can be.")
    return float(value)


def _interval(
    function: Callable[..., Any], inputs: Sequence[Quantity], bent: int | None, pole: bool
) -> Interval | None:
    """Return the interval that follows from one input's where all others are exact."""
    places = [k for k, q in enumerate(inputs) if q.interval is not None]
    if not places:
        return None
    lost = _NOT_DETERMINED if any(None in (q.interval or ()) for q in inputs) else None
    k = places[0]
    if len(places) > 1 or any(q.std != 0 for j, q in enumerate(inputs) if j != k) or not inputs[k].determined:
        return lost
    low, high = inputs[k].interval or _NOT_DETERMINED
    if k == bent and (low is None or low < 0) and (high is None or high > 0):
        return _NOT_DETERMINED if pole else lost

    def image(x: float | None) -> float | None:
        if x is None:
            return None
        try:
            found = float(function(*(x if j == k else float(q.value) for j, q in enumerate(inputs))))
        except ArithmeticError:
            return None
        return found if math.isfinite(found) else None

    value = float(inputs[k].value)
    here, further = image(value), image(1.5 * value if value else 0.5)
    if here is None or further is None or here == further:
        return lost
    rising = (further > here) == (value >= 0)
    return (image(low), image(high)) if rising else (image(high), image(low))


@lru_cache(maxsize=512)
def _has_zero_of_its_own(unit: str) -> bool:
    return units.same_dimension(unit, "K") and units.convert(0.0, unit, "K") != 0


def _absolute_scale(quantity: Quantity) -> Quantity:
    """Return a temperature in kelvin, and anything else as it is."""
    return quantity.to("K") if _has_zero_of_its_own(quantity.unit) else quantity


def _check_dimension(one: Quantity, other: Quantity, done: str) -> None:
    if units.same_dimension(one.unit, other.unit) and units.is_plain(one.unit) == units.is_plain(other.unit):
        return
    kinds = f"{units.dimension_name(one.unit)} and {units.dimension_name(other.unit)}"
    raise InputError(
        f"{one} and {other} cannot be {done}: they are {kinds}.",
        "",
        "Give both in units of one kind.",
    )


OPERATIONS: dict[str, Callable[[Quantity, Quantity], Quantity]] = {
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "power": power,
}
"""What stands between two quantities."""
