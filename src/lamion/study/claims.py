"""What a paper prints, as data: one claim per number or statement."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamion.formats import load
from lamion.quantities import InputError, Quantity, units
from lamion.tasks.declaring.value import did_you_mean

ROUTES = ("input", "recipe", "geometry", "derive", "predict", "recover", "audit", "finding")
_LONGEST_TEXT = 4000
_LARGEST_NUMBER = 1e300
_LARGEST_FILE = 4 * 2**20
_DEEPEST = 20
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')\s*+\.\s*+"""
_MANY_PARTS = re.compile(rf"(?<![\w-])(?:{_PART}){{{_DEEPEST}}}")
"""A dotted key of more parts than tables may stand within tables."""
NOT_NUMBERS = ("statement", "chart", "simulation")
NOT_ONE_SAMPLE = ("-", "both", "all")
"""What stands in the place of a sample where a claim is about none, or about several."""
_FIELDS = {"id", "sample", "quantity", "printed", "value", "unit", "where", "route", "note", "conditions", "limit"}
_REQUIRED = ("id", "sample", "quantity", "printed", "unit", "route")


@dataclass(frozen=True)
class Claim:
    """One printed number or statement.

    Parameters
    ----------
    id : str
        A stable name, such as ``"transport.sigma_lse_25c"``.
    sample : str
        What it is about: a sample or a cell of the study, or one of :data:`NOT_ONE_SAMPLE`.
    quantity : str
        What is claimed of it.
    printed : str
        The digits as printed, or the statement in short.
    value : float or None
        The printed number in `unit`; None for a statement.
    unit : str
        A unit as typed, or ``"statement"``, ``"chart"``, ``"simulation"``.
    route : str
        How software reaches it, one of :data:`ROUTES`.
    where : str
        Section, figure or table.
    note : str
        A remark.
    conditions : Mapping
        What the number holds for.
    limit : float or None
        The largest half range of printed values, in `unit`, at which a comparison still says something; needed where
        the scale has no natural zero. Half of the value without it.
    """

    id: str
    sample: str
    quantity: str
    printed: str
    value: float | None
    unit: str
    route: str
    where: str = ""
    note: str = ""
    conditions: Mapping[str, Any] = field(default_factory=dict)
    limit: float | None = None

    @property
    def as_quantity(self) -> Quantity:
        """The printed number, with the standard uncertainty of its rounding.

        Half of the last printed digit is the half-width of a rectangular distribution, so its standard
        uncertainty is that over the root of 3 (GUM, 4.3.7).
        """
        if self.value is None:
            raise InputError(f"The claim '{self.id}' is a {self.unit}, not a number.")
        return Quantity(self.value, half_last_digit(self.printed) / math.sqrt(3), self.unit, f"printed: {self.id}")


def half_last_digit(printed: str) -> float:
    """Return half a unit of the last printed digit.

    Examples
    --------
    >>> half_last_digit("5.62e-4"), half_last_digit("42"), half_last_digit("-1.67")
    (5e-07, 0.5, 0.005)
    """
    mantissa, _, exponent = printed.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(f"5e{int(exponent or 0) - decimals - 1}")


def parse_claims(text: str, name: str) -> dict[str, Claim]:
    """Read a claims file: its ``[[claim]]`` tables by id, in their order; whatever is odd in it is refused."""
    tables = load_toml(text, name).get("claim")
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise InputError(f"{name} holds no claims.", "", "Write each claim as a [[claim]] table.")
    claims: dict[str, Claim] = {}
    for number, table in enumerate(tables, start=1):
        claim = _claim(table, f"{name}, claim {number}")
        if claim.id in claims:
            raise InputError(f"{name} holds the claim '{claim.id}' twice.", "", "Give each claim its own id.")
        claims[claim.id] = claim
    return claims


def no_claim(happened: str, claim: str, claims: Mapping[str, Claim]) -> InputError:
    """Return the error for a claim that a study does not have."""
    if not claims:
        return InputError(
            happened,
            "The study has no claims, as [study] names no file of them.",
            'Write claims = "claims.toml" under [study], and the claim in that file.',
        )
    return InputError(happened, did_you_mean(claim, claims), "Check its id.")


def text_of(path: Path) -> str:
    """Return the text of a study's file, or say why there is none."""
    try:
        return load(path, largest=_LARGEST_FILE).content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is not a UTF-8 text.", "It may be another kind of file.", "Name a study.toml."
        ) from error


def load_toml(text: str, name: str) -> dict[str, Any]:
    """Read TOML, or say in which line it is broken."""
    if _MANY_PARTS.search(text):
        raise _too_deep(name)
    try:
        tables = tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise InputError(
            f"{name} is not valid TOML: {error}.",
            "A missing quotation mark or bracket is the usual cause.",
            "Mend that line and run again.",
        ) from error
    _check_values(tables, name)
    return tables


def _too_deep(place: str) -> InputError:
    return InputError(f"{place}: tables stand within tables too deeply.", "", "Write it more plainly.")


def _check_values(value: Any, place: str, depth: int = 0) -> None:
    """Refuse what no study needs and no JSON holds: dates, infinities, control characters, texts without end."""
    if depth > _DEEPEST:
        raise _too_deep(place)
    if isinstance(value, dict):
        for key, item in value.items():
            _check_values(key, place, depth + 1)
            _check_values(item, f"{place}, '{key}'", depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check_values(item, place, depth + 1)
    elif isinstance(value, str):
        if len(value) > _LONGEST_TEXT or any(ord(letter) < 32 and letter not in "\n\t" for letter in value):
            raise InputError(f"{place}: a text is too long or holds control characters.", "", "Write a plain text.")
    elif isinstance(value, int | float):
        # An integer may be larger than any float: it is compared as it is.
        if not abs(value) <= _LARGEST_NUMBER:
            raise InputError(f"{place}: a number is not finite or not of a usual size.", "", "Check it.")
    else:
        raise InputError(f"{place}: {value} is a date or a time.", "", "Write it in quotation marks.")


def _claim(table: Mapping[str, Any], place: str) -> Claim:
    missing = [key for key in _REQUIRED if not isinstance(table.get(key), str)]
    if missing:
        raise InputError(f"{place}: '{missing[0]}' is missing or is not a text.", "", "Write it in quotation marks.")
    unknown = sorted(set(table) - _FIELDS)
    if unknown:
        raise InputError(f"{place} ('{table['id']}'): '{unknown[0]}' is not a field of a claim.", "", _known())
    if table["route"] not in ROUTES:
        raise InputError(
            f"{place} ('{table['id']}'): the route '{table['route']}' is not known.",
            "",
            f"Use one of {', '.join(ROUTES)}.",
        )
    texts = [key for key in ("where", "note") if not isinstance(table.get(key, ""), str)]
    if texts or not isinstance(table.get("conditions", {}), dict):
        wrong = texts[0] if texts else "conditions"
        kind = "text" if texts else "table"
        raise InputError(f"{place} ('{table['id']}'): '{wrong}' is not a {kind}.", "", f"Write it as a {kind}.")
    if table["unit"] not in NOT_NUMBERS:
        _check_number(table, place)
    limit = table.get("limit", 1.0)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit <= 0:
        raise InputError(f"{place} ('{table['id']}'): the limit is not a number above zero.", "", "Mend it.")
    return Claim(**{**table, "value": table.get("value")})


def _check_number(table: Mapping[str, Any], place: str) -> None:
    units.check(table["unit"])
    value = table.get("value")
    digits = re.fullmatch(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?", table["printed"])
    if not digits or isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(
            f"{place} ('{table['id']}'): a claim in '{table['unit']}' needs a number and its printed digits.",
            "",
            'Write for example printed = "0.78" and value = 0.78.',
        )
    if not math.isclose(float(table["printed"]), value, rel_tol=1e-12):
        raise InputError(
            f"{place} ('{table['id']}'): the value {value} is not the printed '{table['printed']}'.",
            "One of the two was changed without the other.",
            "Make them equal.",
        )


def _known() -> str:
    return f"Known are: {', '.join(sorted(_FIELDS))}."
