"""From what a person wrote to what a task takes: quantities, files, substances, things of the field."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Any

from lamion.quantities import Answer, InputError, Quantity, parse, units
from lamion.substances import Substance, known_substance, library
from lamion.tasks.declaring.parameter import Parameter

_NUMBER = re.compile(
    r"""\s*(?P<mantissa>[-+]?\d*\.?(?P<decimals>(?<=\.)\d*)?)
    (?:[eE](?P<exponent>[-+]?\d+)|\s?[×x]\s?10\^?(?P<power>[-+]?\d+))?""",
    re.VERBOSE,
)


def value_of(written: Any, parameter: Parameter, substances: Mapping[str, Substance] | None = None) -> Any:
    """Turn what was written for an option, by a person, a study or Python, into a value of its type."""
    one = _Reading(parameter, substances or {})
    try:
        if parameter.named:
            pairs = _pairs(written, parameter)
            return {key: one.value(item, f"{parameter.title} of {key}") for key, item in pairs.items()}
        if parameter.many:
            return tuple(one.value(item, parameter.title) for item in _items(written, parameter))
        return one.value(written, parameter.title)
    except RecursionError as error:
        raise InputError(f"{parameter.title} is nested too deeply.", "", "Write it plainly.") from error


@dataclass(frozen=True)
class _Reading:
    """How one value of an option is read."""

    parameter: Parameter
    substances: Mapping[str, Substance] = field(default_factory=dict)

    def value(self, written: Any, title: str) -> Any:
        """Return the value of what was written."""
        readers: dict[str, Callable[[Any, str], Any]] = {
            "quantity": self._quantity,
            "text": self._text,
            "integer": self._integer,
            "number": self._number,
            "flag": self._flag,
            "file": self._file,
            "substance": self._substance,
            "noun": self._noun,
            "table": _table,
        }
        return readers[self.parameter.kind](_plain(written), title)

    def _quantity(self, written: Any, title: str) -> Quantity:
        found = self._typed(written, title)
        option = self.parameter.option
        if option.units and not any(units.same_dimension(found.unit, unit) for unit in option.units):
            wanted = " or ".join(units.dimension_name(unit) for unit in option.units)
            raise InputError(f"{title} is {units.dimension_name(found.unit)}, not {wanted}.")
        if option.positive and found.si <= 0:
            said = f"'{written}'" if isinstance(written, str) else f"of {found}"
            raise InputError(
                f"{title} {said} is not larger than zero.",
                "A minus sign or a missing digit is the usual cause.",
                f"Give a positive value{_such_as(option.example)}.",
            )
        self._check_bounds(found.si, title, str(found))
        units.check_range(found.value, found.unit, title)
        return found

    def _typed(self, written: Any, title: str) -> Quantity:
        if isinstance(written, Quantity):
            return written
        if isinstance(written, Mapping) and "value" in written:
            return quantity_from_json(written)
        if isinstance(written, bool) or not isinstance(written, int | float | str):
            raise InputError(f"{title} is neither a quantity nor a reference.", "", 'Write it like "9 um".')
        text = written if isinstance(written, str) else repr(written)
        if text.strip() == "0" and self._zero_needs_no_unit():
            return Quantity(0.0, None, self.parameter.option.units[0])
        found = _parsed(text, self.parameter.option.units, title)
        # A number of Python's or TOML's has lost the zeros at the end of its digits.
        if self.parameter.option.printed and found.std is None and isinstance(written, str):
            return replace(found, std=_half_last_digit(text, found) / math.sqrt(3), source="printed")
        return found

    def _zero_needs_no_unit(self) -> bool:
        """Tell whether zero is allowed and the same in every unit, which it is not of temperatures."""
        wanted = self.parameter.option.units
        return bool(wanted) and not self.parameter.option.positive and not units.same_dimension(wanted[0], "K")

    def _text(self, written: Any, title: str) -> str:
        if self.parameter.many and isinstance(written, int) and not isinstance(written, bool):
            written = str(written)
        if not isinstance(written, str):
            raise InputError(f"{title} is not a text.", "", "Write it in quotation marks.")
        choices = self.parameter.choices
        if choices and written not in choices:
            raise InputError(
                f"{title} cannot be '{written}'.", did_you_mean(written, choices), f"It can be: {', '.join(choices)}."
            )
        return written

    def _number(self, written: Any, title: str) -> float:
        if isinstance(written, Quantity | Mapping):
            found = float(self._quantity(written, title).si)
        else:
            try:
                found = math.nan if isinstance(written, bool) else float(self._without_suffix(written))
            except (TypeError, ValueError, OverflowError):
                found = math.nan
        if not math.isfinite(found):
            raise InputError(f"{title} '{written}' is not a number.", "", "Write it like 0.5.")
        self._check_bounds(found, title)
        return found

    def _without_suffix(self, written: Any) -> Any:
        return written.strip().removesuffix(self.parameter.option.suffix) if isinstance(written, str) else written

    def _integer(self, written: Any, title: str) -> int:
        try:
            found = float(written) if not isinstance(written, bool) else math.nan
        except (TypeError, ValueError, OverflowError):
            found = math.nan
        if not (math.isfinite(found) and found == int(found)):
            raise InputError(f"{title} '{written}' is not a whole number.", "", "Write it like 100.")
        self._check_bounds(found, title)
        return int(found)

    def _flag(self, written: Any, title: str) -> bool:
        if not isinstance(written, bool):
            raise InputError(f"{title} is neither true nor false.", "", "Write true or false.")
        return written

    def _file(self, written: Any, title: str) -> Any:
        taker = self.parameter.taker
        assert taker is not None, "files are of a type that takes them"  # noqa: S101  (a mistake in the task)
        return taker(written, title)

    def _substance(self, written: Any, title: str) -> Substance:
        if isinstance(written, Substance):
            return written
        name = self._text(written, title)
        return self.substances[name] if name in self.substances else known_substance(name)

    def _noun(self, written: Any, title: str) -> Any:
        if isinstance(written, Answer):
            written = _thing_of(written, self.parameter, title)
        if not isinstance(written, Mapping):
            thing = self.parameter.thing
            if thing is None or isinstance(written, thing):
                return written
            if isinstance(written, str | int | float | list | tuple):
                raise InputError(f"{title} is not a table.", "", "Write it like { name = value }.")
            raise InputError(
                f"{title} is a {type(written).__name__}, not a {thing.__name__}.", "", "Give one, or a table of it."
            )
        noun = self.parameter.option.noun
        assert noun is not None, "a noun says how it is built"  # noqa: S101  (a mistake in the task)
        return noun.build(_table(written, title), {**library(), **self.substances}, title)

    def _check_bounds(self, value: float, title: str, said: str = "") -> None:
        """Refuse a number, or a quantity's value in SI, beyond the option's bounds; they are told in its own unit."""
        option = self.parameter.option
        low, high = option.minimum, option.maximum
        if (low is None or value >= low) and (high is None or value <= high):
            return
        unit = option.units[0] if self.parameter.kind == "quantity" and option.units else "1"
        ends = [end if end is None else units.convert(end, units.si_unit(unit), unit) for end in (low, high)]
        bounds = [f"{end:g} or {word}" for end, word in zip(ends, ("more", "less"), strict=True) if end is not None]
        between = bounds[0] if len(bounds) == 1 else f"from {ends[0]:g} to {ends[1]:g}"
        named = "" if unit == "1" else f" {unit}"
        raise InputError(
            f"{title} is {said or format(value, 'g')}; it must be {between}{named}.",
            "",
            "Check its sign and its unit." if named else "Check it.",
        )


def _thing_of(answer: Answer, parameter: Parameter, title: str) -> Mapping[str, Quantity]:
    """Return what an answer makes known of a thing, by its noun."""
    if parameter.name not in answer.things:
        raise InputError(f"{title} is an answer that makes none known.", "", "Give the answer of a recipe, or a table.")
    return answer.things[parameter.name]


def quantity_to_json(quantity: Quantity) -> dict[str, Any]:
    """Return a quantity as the JSON value that resolved options hold; its interval is not kept."""
    return {"value": quantity.value, "std": quantity.std, "unit": quantity.unit, "source": quantity.source}


def quantity_from_json(item: Mapping[str, Any]) -> Quantity:
    """Rebuild a quantity from :func:`quantity_to_json`."""
    value, std, unit, source = item["value"], item.get("std"), item.get("unit", "1"), item.get("source", "")
    if not (
        _is_number(value) and (std is None or _is_number(std)) and isinstance(unit, str) and isinstance(source, str)
    ):
        raise InputError(
            "A table with a 'value' is no quantity.",
            "Its value and its std are numbers, its unit is a text.",
            'Write it like "9 ± 0.3 um".',
        )
    return Quantity(value, std, unit, source)


def _is_number(item: Any) -> bool:
    return isinstance(item, Real) and not isinstance(item, bool)


def _plain(written: Any) -> Any:
    """Return a number, a text or an array of numpy's, or a column of a table, as Python's own."""
    return written.tolist() if type(written).__module__ != "builtins" and hasattr(written, "tolist") else written


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence that names the nearest known word; empty where none is near.

    Examples
    --------
    >>> did_you_mean("thicknes", ["area", "thickness"])
    "Did you mean 'thickness'?"
    """
    near = difflib.get_close_matches(str(word), list(known), n=1)
    return f"Did you mean '{near[0]}'?" if near else ""


def _parsed(text: str, wanted: tuple[str, ...], title: str) -> Quantity:
    """Read a text in the first of the units whose dimension it has."""
    for unit in wanted[:-1]:
        try:
            return parse(text, unit, name=title)
        except InputError:
            continue
    return parse(text, wanted[-1] if wanted else None, name=title)


def _half_last_digit(text: str, found: Quantity) -> float:
    """Return half a unit of the last digit of a number as it was typed, in its unit."""
    number = _NUMBER.match(text.replace("−", "-"))
    if number is None:
        return 0.0
    decimals, exponent = len(number["decimals"] or ""), int(number["exponent"] or number["power"] or 0)
    typed, half = float(f"{number['mantissa']}e{exponent}"), float(f"5e{exponent - decimals - 1}")
    return half * abs(found.value / typed) if typed else half


def _such_as(example: str) -> str:
    return f", for example '{example}'" if example else ""


def _items(written: Any, parameter: Parameter) -> list[Any]:
    """Take a list, one item alone, or a text with commas between its items."""
    written = _plain(written) if parameter.kind != "file" else written
    if isinstance(written, str) and parameter.kind != "file":
        found = [part.strip() for part in written.split(",") if part.strip()]
    elif isinstance(written, list | tuple):
        found = [item for part in written for item in _items(part, parameter)]
    else:
        found = [written]
    if not found and not parameter.option.empty:
        raise InputError(f"{parameter.title} holds nothing.", "", "Name one or more, or leave it away.")
    return found


def _pairs(written: Any, parameter: Parameter) -> Mapping[str, Any]:
    """Take a table, or texts like NAME=VALUE."""
    if isinstance(written, Mapping):
        return {str(key): item for key, item in written.items()}
    found: dict[str, Any] = {}
    for text in _items(written, parameter):
        name, equals, item = str(text).partition("=")
        if not (equals and name.strip() and item.strip()):
            raise InputError(f"{parameter.flag} '{text}' cannot be read.", "", "Write it like NAME=VALUE.")
        if name.strip() in found:
            raise InputError(f"{parameter.flag} names {name.strip()} twice.", "", "Give each name once.")
        found[name.strip()] = item.strip()
    return found


def _table(written: Any, title: str) -> Any:
    """Turn the resolved references within a table into quantities; everything else stays as it is."""
    if isinstance(written, Mapping):
        if set(written) >= {"value", "std", "unit"}:
            return quantity_from_json(written)
        return {key: _table(item, title) for key, item in written.items()}
    if isinstance(written, list):
        return [_table(item, title) for item in written]
    return written
