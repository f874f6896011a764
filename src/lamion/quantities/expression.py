"""Formulas of quantities: read by a grammar of a dozen words, checked for dimensions, never run as a program.

A formula holds names, plain numbers, ``+ - * / **``, brackets and sqrt, exp, log, log10, abs, min and max.
"""

from __future__ import annotations

import ast
import math
import unicodedata
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lamion.quantities import units
from lamion.quantities.errors import InputError
from lamion.quantities.quantity import Quantity, propagate

LONGEST = 1000
"""Characters that a formula may have."""
DEEPEST = 100
"""How deep its parts may lie within each other."""

_REMEDY = "Use names, numbers, + - * / **, brackets, sqrt, exp, log, log10, abs, min and max."
_ONE: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log10": math.log10,
    "abs": abs,
}
_SEVERAL: dict[str, Callable[..., float]] = {"min": min, "max": max}
_DONE: dict[type, tuple[str, Callable[[float, float], float]]] = {
    ast.Add: ("added", lambda a, b: a + b),
    ast.Sub: ("subtracted", lambda a, b: a - b),
    ast.Mult: ("multiplied", lambda a, b: a * b),
    ast.Div: ("divided", lambda a, b: a / b),
}

_Dimension = Mapping[str, float]
"""Powers of SI base units."""


@dataclass(frozen=True)
class _Part:
    """A part of a formula.

    Parameters
    ----------
    value : callable
        From the SI values of all names to its own.
    dimension : Mapping of str to float
        Its dimension.
    fixed : bool
        Whether it is made of numbers alone.
    """

    value: Callable[[Mapping[str, float]], float]
    dimension: _Dimension
    fixed: bool


def evaluate(formula: str, values: Mapping[str, Quantity], unit: str, *, source: str = "") -> Quantity:
    """Compute a formula of quantities, the uncertainties included.

    Parameters
    ----------
    formula : str
        Such as ``"sigma * area / thickness"``.
    values : Mapping of str to Quantity
        What its names stand for, all of which it must use. A temperature enters in kelvin.
    unit : str
        Of the result.
    source : str
        Where the result comes from; the formula where it is not said.

    Returns
    -------
    Quantity
        An unknown uncertainty counts as zero, as in :func:`~lamion.quantities.propagate`.

    Raises
    ------
    InputError
        When the formula holds anything else, a name has no value, dimensions do not fit, or it has no finite value.

    Examples
    --------
    >>> film = {"sigma": Quantity("5.62e-4 S/cm"), "area": Quantity("2.01 cm2"), "d": Quantity("9 ± 0.3 um")}
    >>> print(evaluate("sigma * area / d", film, "S"))
    1.255(42) S
    >>> evaluate("sigma + d", {name: film[name] for name in ("sigma", "d")}, "S/cm")
    Traceback (most recent call last):
    ...
    lamion.quantities.errors.InputError: In 'sigma + d' a conductivity and a length are added...
    """
    known = {_normal(name): quantity for name, quantity in values.items()}
    _check_names(values)
    dimensions = {name: _dimension_of(quantity.unit) for name, quantity in known.items()}
    part = _Reader(formula.strip(), dimensions).read()
    if not _same(part.dimension, _dimension_of(unit)):
        raise InputError(
            f"The formula gives {_said(part.dimension)}, not {units.dimension_name(unit)}.",
            "",
            "Check it, or the unit.",
        )
    unused = [name for name in known if name not in _names_in(formula)]
    if unused:
        raise InputError(f"'{unused[0]}' is given, and the formula does not use it.", "", "Leave it away.")
    names = list(known)

    def compute(*numbers: float) -> float:
        return part.value(dict(zip(names, numbers, strict=True)))

    try:
        found = propagate(compute, *known.values(), unit=unit, source=source or formula)
    except (ArithmeticError, ValueError) as error:
        raise _no_value(formula) from error
    if not math.isfinite(found.value) or not math.isfinite(found.std or 0.0):
        raise _no_value(formula)
    return found


def _no_value(formula: str) -> InputError:
    return InputError(
        f"The formula '{_short(formula)}' has no finite value there.",
        "It divides by zero, takes a root or logarithm of a negative number, or grows beyond all numbers.",
        "Check the values and their uncertainties.",
    )


class _Reader:
    """From a formula to its parts; whatever the grammar does not name is refused."""

    def __init__(self, formula: str, dimensions: Mapping[str, _Dimension]) -> None:
        self._formula = formula
        self._dimensions = dimensions

    def read(self) -> _Part:
        """Return the whole formula as one part."""
        return self._part(_tree(self._formula), 0)

    def _written(self, node: ast.expr) -> str:
        return ast.get_source_segment(self._formula, node) or self._formula

    def _part(self, node: ast.expr, depth: int) -> _Part:
        if depth > DEEPEST:
            raise InputError("The formula is nested too deeply.", "", "Compute it in several steps.")
        if isinstance(node, ast.Constant):
            return self._number(node)
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self._part(node.operand, depth + 1)
            return _Part(lambda v: -inner.value(v), inner.dimension, inner.fixed)
        if isinstance(node, ast.BinOp):
            left, right = self._part(node.left, depth + 1), self._part(node.right, depth + 1)
            if isinstance(node.op, ast.Pow):
                return _power(left, right, self._written(node))
            if type(node.op) in _DONE:
                return _combined(type(node.op), left, right, self._written(node))
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        raise self._refused(node)

    def _name(self, name: str) -> _Part:
        if name not in self._dimensions:
            if name in (*_ONE, *_SEVERAL):
                raise InputError(f"'{name}' is a function.", "", f"Write {name}(...).")
            known = ", ".join(self._dimensions) or "nothing"
            raise InputError(f"The formula names '{_short(name)}', which is not given.", "", f"Given are: {known}.")
        return _Part(lambda v: v[name], self._dimensions[name], fixed=False)

    def _call(self, node: ast.Call, depth: int) -> _Part:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in (*_ONE, *_SEVERAL) or node.keywords:
            raise self._refused(node)
        parts = [self._part(item, depth + 1) for item in node.args]
        if (len(parts) != 1) if name in _ONE else (len(parts) < 2):
            wanted = "one argument" if name in _ONE else "two arguments or more"
            raise InputError(f"'{_short(self._written(node))}': {name} takes {wanted}.", "", "Give them.")
        return _called(name, parts, self._written(node))

    def _number(self, node: ast.Constant) -> _Part:
        try:
            number = float(node.value) if type(node.value) in (int, float) else math.nan  # type: ignore[arg-type]
        except OverflowError:
            number = math.nan
        if not math.isfinite(number):
            raise self._refused(node)
        return _Part(lambda v: number, {}, fixed=True)

    def _refused(self, node: ast.expr) -> InputError:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor):
            return InputError("The formula holds '^'.", "", "A power is written **, as in x**2.")
        return InputError(f"The formula holds '{_short(self._written(node))}', which is not read.", "", _REMEDY)


def _tree(formula: str) -> ast.expr:
    if len(formula) > LONGEST:
        raise InputError(
            f"The formula has {len(formula)} characters.", "", f"Up to {LONGEST} are read; compute it in several steps."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise InputError(f"The formula '{_short(formula)}' cannot be read.", "", _REMEDY) from error


def _names_in(formula: str) -> set[str]:
    return {node.id for node in ast.walk(_tree(formula)) if isinstance(node, ast.Name)}


def _combined(operation: type, left: _Part, right: _Part, text: str) -> _Part:
    done, apply = _DONE[operation]
    if operation in (ast.Mult, ast.Div):
        sign = 1 if operation is ast.Mult else -1
        symbols = {*left.dimension, *right.dimension}
        dimension = _tidy({s: left.dimension.get(s, 0.0) + sign * right.dimension.get(s, 0.0) for s in symbols})
    else:
        _check_alike([left, right], text, done)
        dimension = left.dimension
    return _Part(lambda v: apply(left.value(v), right.value(v)), dimension, left.fixed and right.fixed)


def _power(base: _Part, exponent: _Part, text: str) -> _Part:
    if not exponent.fixed:
        raise InputError(
            f"In '{_short(text)}' the exponent is not a plain number.", "", "Write x**y as exp(y * log(x))."
        )
    try:
        n = exponent.value({})
    except (ArithmeticError, ValueError) as error:
        raise _no_value(text) from error
    dimension = _tidy({symbol: n * power for symbol, power in base.dimension.items()})
    return _Part(lambda v: math.pow(base.value(v), n), dimension, base.fixed)


def _called(name: str, parts: list[_Part], text: str) -> _Part:
    fixed = all(part.fixed for part in parts)
    if name in _SEVERAL:
        several = _SEVERAL[name]
        _check_alike(parts, text, "compared")
        return _Part(lambda v: several(*(part.value(v) for part in parts)), parts[0].dimension, fixed)
    one, inner = _ONE[name], parts[0]
    dimension: _Dimension = inner.dimension
    if name in ("exp", "log", "log10"):
        if dimension:
            raise InputError(
                f"In '{_short(text)}' {name} is taken of {_said(dimension)}.",
                "",
                "Divide by a quantity of the same kind first.",
            )
    elif name == "sqrt":
        dimension = _tidy({symbol: power / 2 for symbol, power in dimension.items()})
    return _Part(lambda v: one(inner.value(v)), dimension, fixed)


def _check_alike(parts: list[_Part], text: str, done: str) -> None:
    for other in parts[1:]:
        if not _same(parts[0].dimension, other.dimension):
            raise InputError(
                f"In '{_short(text)}' {_said(parts[0].dimension)} and {_said(other.dimension)} are {done}.",
                "",
                "They measure different things.",
            )


def _check_names(values: Mapping[str, Any]) -> None:
    seen: dict[str, str] = {}
    for name in values:
        normal = _normal(name)
        if not normal.isidentifier() or normal in (*_ONE, *_SEVERAL):
            raise InputError(
                f"A value cannot be called '{_short(name)}'.",
                "",
                "Take letters, digits and '_', and no function's name.",
            )
        if normal in seen:
            raise InputError(f"'{name}' and '{seen[normal]}' are one name to a formula.", "", "Rename one.")
        seen[normal] = name


def _normal(name: str) -> str:
    """Return a name as the parser spells it: it takes both signs for micro as one."""
    return unicodedata.normalize("NFKC", name)


def _dimension_of(unit: str) -> _Dimension:
    powers = units.factors(units.si_unit(unit))
    return _tidy({symbol: power for symbol, power in powers if symbol != "rad"})


def _tidy(powers: Mapping[str, float]) -> _Dimension:
    rounded = {symbol: round(power, 9) for symbol, power in powers.items()}
    return {symbol: power for symbol, power in rounded.items() if power}


def _same(one: _Dimension, other: _Dimension) -> bool:
    return dict(one) == dict(other)


def _said(dimension: _Dimension) -> str:
    unit = " ".join(f"{symbol}{power:g}" for symbol, power in sorted(dimension.items())) or "1"
    try:
        return units.dimension_name(unit)
    except (InputError, ValueError):
        return f"something in '{unit}'"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else f"{flat[:57]}..."
