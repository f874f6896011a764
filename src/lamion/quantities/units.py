"""Units as people type them: ``cm2``, ``S/cm``, ``ohm cm2``, ``mAh/g``, ``degC``.

A letter followed by a digit is a power and a space multiplies. The grammar is lamion's own, and strict, since
general unit parsers read "25 C" as coulombs and evaluate arithmetic; the definitions and the conversions are
pint's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lamion.quantities.errors import InputError

if TYPE_CHECKING:
    import pint

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−", "0123456789-+-")
_SPELLINGS = {
    "°C": "degC",
    "℃": "degC",
    "Celsius": "degC",
    "celsius": "degC",
    "degreeC": "degC",
    "degree_Celsius": "degC",
    "Kelvin": "kelvin",
    "Ohm": "ohm",
    "Ohms": "ohm",
    "ohms": "ohm",
    "Å": "angstrom",
    "A°": "angstrom",
    "%": "percent",
    "wt%": "percent",
    "wt.%": "percent",
    "mol%": "percent",
    "vol%": "percent",
    "M": "molar",
    "mM": "millimolar",
    "u": "dalton",
    "°": "degree",
    "deg": "degree",
}
_FACTOR = re.compile(r"(?P<symbol>[A-Za-zµμΩ°ÅÅ℃%.]+?)(?:(?:\^|\*\*)?(?P<power>[-+]?\d(?:\.5)?))?")
_TO_THE_N = ("s^n", "s**n", "sn")
_PLAIN = {"percent", "ppm", "dimensionless"}
_LONGEST = 100


@lru_cache(maxsize=1)
def registry() -> pint.UnitRegistry[float]:
    """Return the definitions of all units, pint's and lamion's own.

    Examples
    --------
    >>> "Ah" in registry()
    True
    """
    import pint

    known: pint.UnitRegistry[float] = pint.UnitRegistry(autoconvert_offset_to_baseunit=True, cache_folder=None)
    known.define("ampere_hour = ampere * hour = Ah")
    # The unit of a constant-phase element, S s^n, depends on its exponent: s^n is a dimension of its own here.
    known.define("second_to_n = [time_to_n]")
    return known


def _split_product(text: str) -> list[str]:
    return [part for part in re.split(r"[\s·⋅*]+(?!\*)", text.strip()) if part]


def factors(unit: str) -> list[tuple[str, float]]:
    """Split a unit into its symbols and their powers.

    Parameters
    ----------
    unit : str
        A unit as typed.

    Raises
    ------
    ValueError
        With the reason, when it cannot be read.

    Examples
    --------
    >>> factors("mA/cm2")
    [('mA', 1.0), ('cm', -2.0)]
    """
    text = unit.translate(_SUPERSCRIPTS).replace("μ", "µ").replace("Ω", "Ω").replace("Å", "Å").strip()
    numerator, *denominators = text.split("/")
    found: list[tuple[str, float]] = []
    for index, group in enumerate([numerator, *denominators]):
        sign = 1 if index == 0 else -1
        inner = group.strip()
        in_brackets = inner.startswith("(") and inner.endswith(")")
        if in_brackets:
            inner = inner[1:-1]
        parts = [inner.strip()] if inner.strip() in _SPELLINGS else _split_product(inner)
        if sign < 0 and len(parts) > 1 and not in_brackets:
            raise ValueError(f"'{unit}' can be read in two ways; write brackets, as in J/(mol K)")
        if not parts:
            raise ValueError(f"'{unit}' has an empty place beside '/'")
        for part in parts:
            if part == "1":
                continue
            found.append(_factor(part, unit, sign))
    return found


def _factor(part: str, unit: str, sign: int) -> tuple[str, float]:
    if part in _TO_THE_N:
        return "second_to_n", sign
    match = _FACTOR.fullmatch(part)
    if match is None:
        raise ValueError(f"'{unit}' is not a unit")
    symbol = match["symbol"]
    power = float(match["power"] or 1)
    return _SPELLINGS.get(symbol, symbol.replace("Ω", "ohm")), sign * power


@lru_cache(maxsize=512)
def _pint_unit(unit: str) -> pint.Unit:
    import pint

    known, parts = registry(), factors(unit)
    product = known.Unit("")
    if len(parts) > 1 and any(symbol == "degC" for symbol, _ in parts):
        raise ValueError("a difference or a rate of temperature is written in K")
    if len(parts) > 1 and any(symbol == "percent" for symbol, _ in parts):
        raise ValueError("a percentage stands alone")
    for symbol, power in parts:
        if not re.fullmatch(r"[A-Za-zµ_]+", symbol):
            raise ValueError(f"'{symbol}' is not a unit")
        try:
            factor = known.Unit(symbol)
            shifted = known.Quantity(0.0, factor).to_base_units().magnitude != 0
            product = product * factor**power
        except (pint.PintError, AttributeError, ArithmeticError, ValueError) as error:
            raise ValueError(f"'{symbol}' is not a unit lamion knows") from error
        if shifted and symbol != "degC":
            raise ValueError("its scale has a zero of its own; a temperature is given in degC or K")
    return product


def _unit(unit: str) -> pint.Unit:
    """Look a unit up, or refuse it with the reason."""
    if len(unit) > _LONGEST:
        raise InputError(f"The unit '{unit[:20]}...' has {len(unit)} characters.", "", "Write it in its shortest form.")
    if unit.strip() == "C":
        raise InputError(
            "The unit 'C' could mean degrees Celsius or coulombs.",
            "",
            "Write 'degC' for a temperature and 'A s' or 'mAh' for a charge.",
        )
    try:
        return _pint_unit(unit)
    except ValueError as error:
        raise InputError(
            f"The unit '{unit}' cannot be read: {error}.",
            "Units are written as in 'um', 'cm2', 'S/cm', 'ohm cm2', 'mAh/g' or 'degC'.",
            "Write the unit in that way.",
        ) from error


def check(unit: str) -> None:
    """Raise :class:`~lamion.quantities.errors.InputError` if `unit` cannot be read.

    Parameters
    ----------
    unit : str
        A unit as typed, such as ``"ohm cm2"``; ``"1"`` for a dimensionless number.

    Examples
    --------
    >>> check("mAh/g")
    """
    _unit(unit)


def as_ascii(unit: str) -> str:
    """Spell a unit with ASCII letters only.

    Parameters
    ----------
    unit : str
        A unit as typed.

    Examples
    --------
    >>> as_ascii("µm"), as_ascii("Ω cm²"), as_ascii("°C")
    ('um', 'ohm cm2', 'degC')
    """
    if unit.strip() in _SPELLINGS:
        return _SPELLINGS[unit.strip()]
    plain = unit.translate(_SUPERSCRIPTS).replace("μ", "u").replace("µ", "u").replace("·", " ").replace("⋅", " ")
    return plain.replace("Ω", "ohm").replace("Ω", "ohm").replace("Å", "angstrom").replace("Å", "angstrom").strip()


def same_dimension(one: str, other: str) -> bool:
    """Tell whether two units measure the same kind of thing.

    Parameters
    ----------
    one, other : str
        Units as typed.

    Returns
    -------
    bool

    Examples
    --------
    >>> same_dimension("S/cm", "mS/m"), same_dimension("S/cm", "S/cm2")
    (True, False)
    """
    return bool(_unit(one).dimensionality == _unit(other).dimensionality)


def convert(value: float, unit: str, to: str) -> float:
    """Convert a value, the zero point of a temperature scale included.

    Parameters
    ----------
    value : float
        The number in `unit`.
    unit, to : str
        Units as typed, of one dimension.

    Returns
    -------
    float
        The number in `to`.

    Raises
    ------
    InputError
        When a unit cannot be read or the two differ in dimension.

    Examples
    --------
    >>> convert(25.0, "degC", "K")
    298.15
    """
    if unit == to:
        return value
    if not same_dimension(unit, to):
        raise InputError(f"A value in '{unit}' cannot be given in '{to}': they measure different things.")
    try:
        return float(registry().Quantity(value, _unit(unit)).to(_unit(to)).magnitude)
    except ArithmeticError as error:
        raise InputError(
            f"A value in '{unit}' cannot be converted: its powers are too large.", "", "Check it."
        ) from error


def scale(unit: str, to: str) -> float:
    """Return the factor between two units, for differences and standard uncertainties.

    Parameters
    ----------
    unit, to : str
        Units as typed, of one dimension.

    Returns
    -------
    float
        How many `to` one `unit` is; for temperatures, of a difference.

    Examples
    --------
    >>> scale("cm2", "mm2"), scale("degC", "K")
    (100.0, 1.0)
    """
    if unit == to:
        return 1.0
    return convert(1.0, unit, to) - convert(0.0, unit, to)


@lru_cache(maxsize=512)
def si_unit(unit: str) -> str:
    """Return the product of SI base units with the dimension of `unit`.

    Parameters
    ----------
    unit : str
        A unit as typed.

    Returns
    -------
    str
        A unit that this module reads back, ``"1"`` when dimensionless.

    Examples
    --------
    >>> si_unit("mA/cm2"), si_unit("degC"), si_unit("wt%")
    ('A m-2', 'K', '1')
    """
    return _in_base_units(_unit(unit))


def _in_base_units(unit: pint.Unit) -> str:
    base = registry().get_base_units(unit)[1]
    parts = [
        "s^n"
        if symbol == "second_to_n"
        else f"{format(registry().Unit(symbol), '~C')}{'' if power == 1 else f'{power:g}'}"
        for symbol, power in sorted(base._units.items())
    ]
    return " ".join(parts) or "1"


def is_plain(unit: str) -> bool:
    """Tell whether a unit only counts: 1, a percentage or parts per million, and not an angle or a level.

    Parameters
    ----------
    unit : str
        A unit as typed.

    Examples
    --------
    >>> is_plain("wt%"), is_plain("1"), is_plain("deg")
    (True, True, False)
    """
    return all(symbol in _PLAIN for symbol, _ in factors(unit)) if unit.strip() else True


def of_product(above: Sequence[str], below: Sequence[str] = ()) -> str:
    """Return the SI unit of a product of quantities over another.

    Parameters
    ----------
    above, below : sequence of str
        The units of the factors.

    Examples
    --------
    >>> same_dimension(of_product(["um"], ["ohm", "cm2"]), "S/cm")
    True
    """
    product = registry().Unit("")
    for unit in above:
        product = product * _unit(si_unit(unit))
    for unit in below:
        product = product / _unit(si_unit(unit))
    return _in_base_units(product)


def dimension_name(unit: str) -> str:
    """Name what a unit measures, for messages.

    Parameters
    ----------
    unit : str
        A unit as typed.

    Returns
    -------
    str
        Such as ``"length"`` or, when it has no name of its own, its SI unit in quotes.

    Examples
    --------
    >>> dimension_name("um"), dimension_name("S/cm")
    ('a length', 'a conductivity')
    """
    if not is_plain(unit) and same_dimension(unit, "1"):
        return "an angle or a level"
    found = _dimension(unit)
    return found.name if found else f"something in '{si_unit(unit)}'"


def check_range(value: float, unit: str, name: str) -> None:
    """Refuse a number that no quantity of its kind has: not what is unusual, but what a slip of many powers makes.

    Parameters
    ----------
    value : float
        The number; zero always passes.
    unit : str
        As typed.
    name : str
        What it is, for the message, such as ``"The thickness"``.

    Examples
    --------
    >>> check_range(9.0, "um", "The thickness")
    >>> check_range(1e-300, "um", "The thickness")
    Traceback (most recent call last):
    ...
    lamion.quantities.errors.InputError: The thickness is 1e-300 um; a length is from 1e-15 to 1e+08 m...
    """
    found = _dimension(unit)
    low, high, si = (found.low, found.high, found.unit) if found else (_SMALLEST, _LARGEST, si_unit(unit))
    size = abs(convert(value, unit, si))
    if size != 0.0 and not low <= size <= high:
        shown, given = (f" {one}".removesuffix(" 1") for one in (si, unit))
        raise InputError(
            f"{name} is {value:g}{given}; {dimension_name(unit)} is from {low:g} to {high:g}{shown}.",
            "",
            "Check its exponent and its unit.",
        )


@lru_cache(maxsize=512)
def _dimension(unit: str) -> Dimension | None:
    return next((one for one in _DIMENSIONS if same_dimension(unit, one.unit)), None)


@dataclass(frozen=True)
class Dimension:
    """A kind of quantity.

    Parameters
    ----------
    name : str
        For messages.
    unit : str
        In SI.
    low, high : float
        In that unit: what the size of no such quantity leaves, far beyond anything that is measured or made.
    """

    name: str
    unit: str
    low: float
    high: float


_SMALLEST, _LARGEST = 1e-60, 1e60
_DIMENSIONS = (
    Dimension("a plain number", "1", 1e-40, 1e40),
    Dimension("a length", "m", 1e-15, 1e8),
    Dimension("an area", "m2", 1e-30, 1e12),
    Dimension("a volume", "m3", 1e-45, 1e15),
    Dimension("a time", "s", 1e-18, 1e15),
    Dimension("a mass", "kg", 1e-28, 1e10),
    Dimension("a temperature", "K", 1e-12, 1e8),
    Dimension("a current", "A", 1e-21, 1e9),
    Dimension("a current density", "A/m2", 1e-18, 1e18),
    Dimension("a voltage", "V", 1e-15, 1e9),
    Dimension("an energy", "J", 1e-30, 1e15),
    Dimension("a charge", "A s", 1e-22, 1e12),
    Dimension("a specific capacity", "mAh/g", 1e-9, 1e9),
    Dimension("a resistance", "ohm", 1e-15, 1e24),
    Dimension("an area-specific resistance", "ohm m2", 1e-24, 1e20),
    Dimension("a conductance", "S", 1e-24, 1e15),
    Dimension("a conductivity", "S/m", 1e-28, 1e12),
    Dimension("a frequency", "Hz", 1e-18, 1e24),
    Dimension("a concentration", "mol/m3", 1e-18, 1e12),
    Dimension("a molar mass", "g/mol", 1e-6, 1e9),
    Dimension("a diffusion coefficient", "m2/s", 1e-40, 1e6),
    Dimension("a density", "kg/m3", 1e-12, 1e18),
    Dimension("a pressure", "Pa", 1e-18, 1e18),
    Dimension("a force", "N", 1e-21, 1e15),
    Dimension("an area loading", "kg/m2", 1e-15, 1e9),
    Dimension("a molar energy", "J/mol", 1e-9, 1e15),
)
