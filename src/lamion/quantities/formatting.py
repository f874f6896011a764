"""Numbers as people read them: ``5.62(11)e-4 S/cm``."""

from __future__ import annotations

from lamion.quantities.quantity import Quantity


def format_quantity(quantity: Quantity) -> str:
    """Write a quantity with its uncertainty in brackets, two digits of it.

    Parameters
    ----------
    quantity : Quantity
        With or without an uncertainty; an interval is written out.

    Returns
    -------
    str
        Which :func:`lamion.quantities.parsing.parse` reads back, unless it ends in an interval.

    Examples
    --------
    >>> format_quantity(Quantity(5.62e-4, 1.1e-5, "S/cm"))
    '5.62(11)e-4 S/cm'
    >>> format_quantity(Quantity(0.886, None, "1", interval=(0.7, None)))
    '0.886 (68 %: 0.7 to open)'
    """
    number = format_number(quantity.value, quantity.std)
    text = number if quantity.unit == "1" else f"{number} {quantity.unit}"
    if quantity.interval is None:
        return text
    low, high = (format_end(end) for end in quantity.interval)
    return f"{text} (68 %: {low} to {high})"


def format_end(end: float | None) -> str:
    """Write one end of an interval, to four digits.

    Parameters
    ----------
    end : float or None
        None for an open end.

    Examples
    --------
    >>> format_end(0.8797551), format_end(None)
    ('0.8798', 'open')
    """
    return "open" if end is None else format_number(float(f"{end:.4g}"), None)


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
