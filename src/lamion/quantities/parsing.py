"""Quantities as people type them: ``9 um``, ``9 ± 0.3 um``, ``1.4(2) mV``, ``5.62(11)e-4 S/cm``, ``10 wt%``."""

from __future__ import annotations

import re

from lamion.quantities import units
from lamion.quantities.errors import InputError
from lamion.quantities.quantity import Quantity

_NUMBER = r"[-+−]?(?:\d+\.?\d*|\.\d+)"
_EXPONENT = r"(?:[eE][-+−]?\d{1,3}|\s?[×x]\s?10\^?[-+−]?\d{1,3})"
_PLUS_MINUS = r"\s*(?:±|\+/-|\+-)\s*"
_QUANTITY = re.compile(
    rf"""\s*(?:
        \(\s*(?P<bracket_value>{_NUMBER}{_EXPONENT}?){_PLUS_MINUS}(?P<bracket_std>{_NUMBER}{_EXPONENT}?)\s*\)
        (?P<bracket_exponent>{_EXPONENT})?
      | (?P<short_value>{_NUMBER})\((?P<short_digits>\d+(?:\.\d+)?)\)(?P<short_exponent>{_EXPONENT})?
      | (?P<value>{_NUMBER}{_EXPONENT}?)(?:{_PLUS_MINUS}(?P<std>{_NUMBER}{_EXPONENT}?))?
    )\s*(?P<unit>(?:(?<=\s)1/)?[^\d\s.,(±+-].*)?""",
    re.VERBOSE,
)
_LONGEST, _SHOWN = 100, 30
"""Characters that a quantity may have, and of a longer one those that are repeated in the message."""
_PLAIN_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")


def parse(text: str, unit: str | None = None, *, name: str = "The value") -> Quantity:
    """Read a quantity that a person typed.

    Parameters
    ----------
    text : str
        Such as ``"9 ± 0.3 um"`` or ``"5.62(11)e-4 S/cm"``; the unit follows the number.
    unit : str, optional
        A unit of the dimension wanted; ``"1"`` when a plain number, a fraction or a percentage is wanted; without
        it any will do.
    name : str
        What the quantity is, for the message, such as ``"The thickness"``.

    Returns
    -------
    Quantity
        In the unit that was typed (a percentage as a fraction of 1), with ``std`` None when none was typed.

    Raises
    ------
    InputError
        When the text is not a number with a unit of that dimension: a missing unit, a bare ``C``, a decimal
        comma, an unknown unit, a number that is not finite.

    Examples
    --------
    >>> parse("5.62(11)e-4 S/cm", "S/m")
    Quantity(value=0.000562, std=1.1e-05, unit='S/cm', source='', interval=None)
    >>> parse("10 wt%", "1").value
    0.1
    >>> parse("9", "m", name="The thickness")
    Traceback (most recent call last):
    ...
    lamion.quantities.errors.InputError: ... '9' has no unit...
    """
    if len(text) > _LONGEST:
        raise InputError(
            f"{name} '{text[:_SHOWN]}...' has {len(text)} characters.",
            "Something else may have been pasted into its place.",
            f"Write a number and its unit, for example '{_example(unit or 'm')}'.",
        )
    match = _QUANTITY.fullmatch(text.translate(_PLAIN_SUPERSCRIPTS) if "10" in text else text)
    if match is None:
        raise _unreadable(text, unit or "m", name)
    typed = (match["unit"] or "").strip()
    if unit is None:
        unit = typed or "1"
    if not typed and not units.same_dimension(unit, "1"):
        raise InputError(
            f"{name} '{text}' has no unit.",
            f"{units.dimension_name(unit).capitalize()} is needed.",
            f"Write it with its unit, for example '{text.strip()} {_example_unit(unit)}'.",
        )
    if typed and not (units.same_dimension(typed, unit) and units.is_plain(typed) >= (unit == "1")):
        raise InputError(
            f"{name} '{text}' is {units.dimension_name(typed)}, not {units.dimension_name(unit)}.",
            "",
            f"Give it in '{_example_unit(unit)}' or another unit of that kind.",
        )
    value, std = _numbers(match)
    if std is not None and std < 0:
        raise InputError(f"{name} '{text}' has a negative uncertainty.", "", "Write it as a positive number.")
    return _in_fractions(value, std, typed or "1", text, name)


def parse_positive(text: str, unit: str, *, name: str = "The value") -> Quantity:
    """Read a quantity that must be larger than zero.

    Parameters
    ----------
    text, unit, name
        As in :func:`parse`.

    Returns
    -------
    Quantity

    Raises
    ------
    InputError
        As in :func:`parse`, and when the value is zero or negative, or no quantity of its kind is of its size.

    Examples
    --------
    >>> parse_positive("-9 um", "m", name="The thickness")
    Traceback (most recent call last):
    ...
    lamion.quantities.errors.InputError: The thickness '-9 um' is not larger than zero...
    """
    quantity = parse(text, unit, name=name)
    units.check_range(quantity.value, quantity.unit, name)
    if quantity.si <= 0:
        raise InputError(
            f"{name} '{text}' is not larger than zero.",
            "A minus sign or a missing digit is the usual cause.",
            f"Give a positive value, for example '{_example(unit)}'.",
        )
    return quantity


def _numbers(match: re.Match[str]) -> tuple[float, float | None]:
    if match["bracket_value"] is not None:
        factor = _float("1" + (match["bracket_exponent"] or ""))
        return _float(match["bracket_value"]) * factor, _float(match["bracket_std"]) * factor
    if match["short_value"] is not None:
        exponent = match["short_exponent"] or ""
        value = _float(match["short_value"] + exponent)
        return value, _float(_last_digits(match["short_value"], match["short_digits"]) + exponent)
    return _float(match["value"]), None if match["std"] is None else _float(match["std"])


def _last_digits(value: str, digits: str) -> str:
    """Place the digits in brackets at the last places of the value: 5.62(11) is 0.11, 5.62(1.1) is 1.1."""
    decimals = len(value.partition(".")[2])
    return digits if "." in digits or decimals == 0 else f"{int(digits)}e-{decimals}"


def _float(text: str) -> float:
    plain = re.sub(r"\s?[×x]\s?10\^?", "e", text.replace("−", "-"))
    mantissa, *exponents = plain.lower().split("e")
    return float(f"{mantissa}e{sum(int(exponent) for exponent in exponents)}")


def _in_fractions(value: float, std: float | None, typed: str, text: str, name: str) -> Quantity:
    if abs(value) == float("inf") or std == float("inf"):
        raise InputError(f"{name} '{text}' is larger than a number can be.", "", "Check its exponent.")
    if typed != "1" and units.same_dimension(typed, "1"):
        factor = units.scale(typed, "1")
        return Quantity(value * factor, None if std is None else std * factor, "1")
    typed = units.as_ascii(typed)
    if units.same_dimension(typed, "K") and units.convert(value, typed, "K") < 0:
        raise InputError(f"{name} '{text}' is below absolute zero.", "", "Check its sign and its unit.")
    return Quantity(value, std, typed)


def _unreadable(text: str, unit: str, name: str) -> InputError:
    if not text.strip():
        cause = "It is empty."
    elif re.match(r"\s*[-+]?\d+,\d", text):
        cause = "It holds a comma, which is read neither as a decimal point nor as a separator."
    elif re.match(r"\s*[-+]?(nan|inf)", text, re.IGNORECASE):
        cause = "It is not a finite number."
    else:
        cause = "A number comes first, then its unit."
    return InputError(f"{name} '{text}' cannot be read.", cause, f"Write it like '{_example(unit)}'.")


def _example(unit: str) -> str:
    return "0.78" if units.same_dimension(unit, "1") else f"9 {_example_unit(unit)}"


def _example_unit(unit: str) -> str:
    examples = (
        "um",
        "cm2",
        "S/cm",
        "ohm",
        "ohm cm2",
        "s",
        "mV",
        "mA/cm2",
        "mol/L",
        "degC",
        "Hz",
        "g/cm3",
        "mg",
        "mA",
        "mAh",
        "mAh/g",
        "mAh/cm2",
        "mg/cm2",
        "mV/s",
        "cm2/s",
    )
    return next((example for example in examples if units.same_dimension(example, unit)), unit)
