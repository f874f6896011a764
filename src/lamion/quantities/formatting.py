"""Numbers as people read them: ``5.62(11)e-4 S/cm``."""

from __future__ import annotations

from dataclasses import replace

from lamion.quantities.errors import InputError
from lamion.quantities.level import level_text
from lamion.quantities.quantity import Quantity

NOT_DETERMINED = "not determined"
"""What stands in place of a number whose interval is open at both ends."""


def format_quantity(quantity: Quantity) -> str:
    """Write a quantity with its uncertainty in brackets, two digits of it.

    Parameters
    ----------
    quantity : Quantity
        With or without an uncertainty; an interval is written out, and no number where both of its ends are open.

    Returns
    -------
    str
        Which :func:`lamion.quantities.parsing.parse` reads back, unless it ends in an interval.

    Examples
    --------
    >>> format_quantity(Quantity(5.62e-4, 1.1e-5, "S/cm"))
    '5.62(11)e-4 S/cm'
    >>> format_quantity(Quantity(0.886, None, "1", interval=(0.7, None)))
    '0.886 (68 %: 0.7 or more)'
    >>> format_quantity(Quantity(5.87e-8, None, "ohm", interval=(None, None)))
    'not determined'
    """
    return _written(quantity, format_number(quantity.value, quantity.std), quantity.unit)


def format_value(quantity: Quantity, spec: str) -> str:
    """Write a quantity's value as Python's own format says, then its unit.

    Parameters
    ----------
    quantity : Quantity
        Its uncertainty is left out; an interval is written where an end is open.
    spec : str
        Such as ``".3g"``; empty for :func:`format_quantity`.

    Raises
    ------
    InputError
        When `spec` is no format of a number.

    Examples
    --------
    >>> format_value(Quantity(9.01234, 0.3, "um"), ".3g"), f"{Quantity(9.01234, 0.3, 'um'):.1f}"
    ('9.01 um', '9.0 um')
    """
    if not spec:
        return format_quantity(quantity)
    try:
        number = format(quantity.value, spec)
    except ValueError:
        raise InputError(
            f"'{spec}' is no format of a number.", "", "Formats are written as in '.3g', '.2f' or '.1e'."
        ) from None
    shown = quantity if None in (quantity.interval or ()) else replace(quantity, interval=None)
    return _written(shown, number, quantity.unit)


def _written(quantity: Quantity, number: str, unit: str) -> str:
    if not quantity.determined:
        return NOT_DETERMINED
    text = number if unit == "1" else f"{number} {unit}"
    return text if quantity.interval is None else f"{text} ({level_text(quantity.level)}: {_range(*quantity.interval)})"


def _range(low: float | None, high: float | None) -> str:
    """Write an interval of which one end at most is open, to four digits."""
    if low is None:
        return "" if high is None else f"{_end(high)} or less"
    return f"{_end(low)} or more" if high is None else f"{_end(low)} to {_end(high)}"


def _end(end: float) -> str:
    return format_number(float(f"{end:.4g}"), None)


def format_number(value: float, std: float | None) -> str:
    """Write a number, rounded to two digits of its uncertainty or to six digits.

    Parameters
    ----------
    value : float
        The number.
    std : float or None
        Its standard uncertainty in the same unit; None, or too small to show beside the number.

    Returns
    -------
    str

    Examples
    --------
    >>> format_number(1498.3, 11.2), format_number(0.0000892063, None), format_number(2.0, 0.0)
    ('1498(11)', '8.92063e-5', '2')
    """
    scientific = value != 0 and not 1e-2 <= abs(value) < 1e5
    if not std or std < max(1e-15 * abs(value), 1e-290):
        return _short_exponent(f"{value:.5e}" if scientific else f"{value:.6g}")
    import uncertainties

    return _short_exponent(f"{uncertainties.ufloat(value, std):.2u{'e' if scientific else ''}S}")


def _short_exponent(text: str) -> str:
    """Write 8.92000e-05 as 8.92e-5, and leave the digits of an uncertainty alone."""
    mantissa, _, exponent = text.partition("e")
    if "." in mantissa and "(" not in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa
