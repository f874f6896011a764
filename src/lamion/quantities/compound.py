"""Units of products and powers of quantities, spelled as :mod:`lamion.quantities.units` reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lamion.quantities import units
from lamion.quantities.errors import InputError

if TYPE_CHECKING:
    import pint

_CONVENTIONAL = (
    "cm",
    "cm2",
    "cm3",
    "s",
    "g",
    "K",
    "mol",
    "A",
    "V",
    "ohm",
    "S",
    "F",
    "W",
    "J",
    "N",
    "Pa",
    "ohm cm2",
    "ohm cm",
    "S/cm",
    "S/cm2",
    "mA/cm2",
    "mAh/cm2",
    "mAh/g",
    "Wh/kg",
    "mol/L",
    "g/cm3",
    "mg/cm2",
    "cm2/s",
)
"""What the field writes; the unit of a product where it is shorter than the product itself."""

_RECIPROCALS = {"S": "ohm", "ohm": "S", "Hz": "s"}
"""What is written in place of a unit below the line."""

_SHORT = {
    "molar": "M",
    "millimolar": "mM",
    "dalton": "u",
    "degree": "deg",
    "second_to_n": "s^n",
}

_Powers = dict[str, float]


@dataclass(frozen=True)
class Compound:
    """The unit of a product.

    Parameters
    ----------
    unit : str
        In ASCII letters, ``"1"`` when dimensionless.
    factor : float
        By which the product of the numbers is multiplied to be in that unit.
    """

    unit: str
    factor: float


def compound(*parts: tuple[str, float]) -> Compound:
    """Return the unit of a product of powers.

    Lengths in different units become one, siemens below the line become ohm, and where the field has a shorter unit
    it is taken.

    Parameters
    ----------
    *parts : (str, float)
        A unit as typed, not one of temperature with a zero of its own, and its power.

    Returns
    -------
    Compound

    Raises
    ------
    InputError
        When the result has a power that cannot be written: ten and more, or neither whole nor half.

    Examples
    --------
    >>> compound(("um", 1), ("S/cm", -1))
    Compound(unit='ohm cm2', factor=0.0001)
    >>> [compound(("S/cm", 1), (unit, 1)).unit for unit in ("ohm", "cm2", "V")]
    ['cm-1', 'S cm', 'S V/cm']
    """
    return _compound(tuple((unit, float(power)) for unit, power in parts))


@lru_cache(maxsize=512)
def _compound(parts: tuple[tuple[str, float], ...]) -> Compound:
    counting = [(unit, power) for unit, power in parts if unit != "1"]
    if not counting:
        return Compound("1", 1.0)
    if len(counting) == 1 and counting[0][1] == 1:
        unit = counting[0][0]
        return Compound(unit if unit.isascii() else units.as_ascii(unit), 1.0)
    exact = _product((symbol, power * p) for unit, power in counting for symbol, p in units.factors(unit))
    if exact.dimensionless:
        return Compound("1", _factor(exact, "1"))
    unit = _spelled(_merged(counting), exact)
    return Compound(unit, _factor(exact, unit))


def _factor(exact: pint.Unit, unit: str) -> float:
    known = units.registry()
    target = _product(units.factors(unit))
    if exact == target:
        return 1.0
    factor = known.Quantity(1.0, exact).to(target).magnitude
    return float(f"{factor:.15g}")


def _product(powers: Iterable[tuple[str, float]]) -> pint.Unit:
    known = units.registry()
    product = known.Unit("")
    for symbol, power in powers:
        product = product * known.Unit(symbol) ** power
    return product


@dataclass(frozen=True)
class _Merged:
    """Powers of symbols, and whether one of them stands for several or for a reciprocal."""

    powers: _Powers
    mixed: bool


def _merged(parts: Iterable[tuple[str, float]]) -> _Merged:
    """Put all units of one dimension, or of its reciprocal, into the one that occurs with the largest power."""
    groups: list[_Powers] = []
    for unit, power in parts:
        for symbol, own in units.factors(unit):
            if _dimension(symbol):
                group = next((g for g in groups if _related(symbol, next(iter(g)))), None)
                if group is None:
                    groups.append(group := {})
                group[symbol] = group.get(symbol, 0.0) + power * own
    left = [(group, *_net(group)) for group in groups]
    left = [(group, symbol, power) for group, symbol, power in left if abs(power) > 1e-9]
    return _Merged(
        {symbol: round(power, 9) for _, symbol, power in left},
        any(set(group) != {symbol} for group, symbol, _ in left),
    )


def _net(group: _Powers) -> tuple[str, float]:
    symbol = max(group, key=lambda name: abs(group[name]))
    net = sum(p if _dimension(name) == _dimension(symbol) else -p for name, p in group.items())
    if net < 0:
        for other, reciprocal in _RECIPROCALS.items():
            if _dimension(symbol) == _dimension(other):
                return reciprocal, -net
    return symbol, net


def _dimension(symbol: str) -> pint.util.UnitsContainer:
    return units.registry().Unit(symbol).dimensionality


def _related(one: str, other: str) -> bool:
    return _dimension(one) in (_dimension(other), _dimension(other) ** -1)


def _spelled(merged: _Merged, exact: pint.Unit) -> str:
    """Write a product, or what the field writes for it where that is shorter, or as short and the units were mixed."""
    powers = merged.powers
    length = sum(abs(power) for power in powers.values()) + (0.1 if merged.mixed else 0.0)
    for unit in _CONVENTIONAL:
        symbols = units.factors(unit)
        shorter = sum(abs(power) for _, power in symbols) < length
        if (shorter or dict(symbols) == powers) and _product(symbols).dimensionality == exact.dimensionality:
            return unit
    for symbol, power in powers.items():
        if abs(power) >= 10 or 2 * power % 1 or (symbol == "second_to_n" and abs(power) != 1):
            raise InputError(
                f"The result would be in '{symbol}' to the power of {power:.3g}, which cannot be written.",
                "",
                "Take a power that leaves whole units.",
            )
    ordered = sorted(powers.items(), key=lambda item: _related(item[0], "m"))
    above = [_symbol(symbol, power) for symbol, power in ordered if power > 0]
    below = [_symbol(symbol, -power) for symbol, power in ordered if power < 0]
    if not above and "second_to_n" not in powers:
        return " ".join(_symbol(symbol, power) for symbol, power in ordered)
    line = f"/{below[0]}" if len(below) == 1 else f"/({' '.join(below)})" if below else ""
    return (" ".join(above) or "1") + line


def _symbol(symbol: str, power: float) -> str:
    short = _SHORT.get(symbol, symbol.replace("µ", "u"))
    return short if power == 1 else f"{short}{power:g}"
