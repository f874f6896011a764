"""How claims are judged beyond their one step: other ordinary readings, and claims that are one comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar

from lamion.quantities import InputError

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Reading:
    """Another ordinary reading of what a paper leaves open about a claim: the result of a step that would settle it.

    Parameters
    ----------
    claim : str
        Its id.
    means : str
        What is read otherwise, in a few words.
    step, result : str
        The step and the name of its result, or ``"verdict"``.
    source : str
        Why it is an ordinary reading: where it is done so.
    """

    claim: str
    means: str
    step: str
    result: str
    source: str


@dataclass(frozen=True)
class Together:
    """Claims that are one comparison, judged once where they rest on one unknown.

    Parameters
    ----------
    name : str
        Of the comparison: the unknown's.
    claims : tuple of str
        Their ids.
    step : str
        Of the unknown; empty where the claims are only counted once.
    fitted, independent : str
        Its results: the unknown as fitted to the claims' numbers, and as known without them.
    """

    name: str
    claims: tuple[str, ...]
    step: str = ""
    fitted: str = ""
    independent: str = ""


def readings(tables: Iterable[Mapping[str, Any]], file: str) -> tuple[Reading, ...]:
    """Read the [[reading]] tables of a study file."""
    return tuple(_made(Reading, table, f"{file}, [[reading]] of '{table.get('claim', '')}'") for table in tables)


def comparisons(tables: Iterable[Mapping[str, Any]], file: str) -> tuple[Together, ...]:
    """Read the [[comparison]] tables of a study file; a claim stands in one of them at most."""
    found = [_made(Together, table, f"{file}, [[comparison]] '{table.get('name', '')}'") for table in tables]
    claims = [claim for one in found for claim in one.claims]
    twice = next((claim for claim in claims if claims.count(claim) > 1), None)
    if twice is not None:
        raise InputError(f"{file}: the claim '{twice}' stands in two comparisons.", "", "Name it in one.")
    for one in found:
        if len({bool(part) for part in (one.step, one.fitted, one.independent)}) > 1:
            raise InputError(
                f"{file}, [[comparison]] '{one.name}': an unknown needs 'step', 'fitted' and 'independent'.",
                "",
                "Give all three, or none to count the claims once.",
            )
    return tuple(found)


def _made(kind: type[Kind], table: Mapping[str, Any], place: str) -> Kind:
    """Make a reading or a comparison from its table: texts, and a list of texts for the claims."""
    known = {item.name: item.default is MISSING for item in fields(kind)}  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            raise InputError(f"{place}: '{key}' is not known here.", "", f"Known are: {', '.join(known)}.")
    for key, needed in known.items():
        if needed and key not in table:
            raise InputError(f"{place}: '{key}' is missing.", "", "Add it.")
    for key, item in table.items():
        listed = isinstance(item, list) and bool(item) and all(isinstance(one, str) for one in item)
        if not (listed if key == "claims" else isinstance(item, str)):
            raise InputError(f"{place}: '{key}' is not as it should be.", "", "Write a text, claims as a list of ids.")
    return kind(**{key: tuple(item) if key == "claims" else item for key, item in table.items()})
