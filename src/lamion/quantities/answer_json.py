"""An answer as JSON, and back.

The fields that say what came out and how (verdict, reason, method, ...) stand under ``notes``, where they are set. A
note of an answer's own that has the name of a field is what the JSON shows; the store keeps both.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lamion.quantities.errors import InputError
from lamion.quantities.quantity import Quantity

if TYPE_CHECKING:
    from lamion.quantities.answer import Answer

_TEXTS = ("verdict", "reason", "method", "means", "computed")


def said_in_notes(answer: Answer) -> dict[str, Any]:
    """Return the notes with the fields that stand among them.

    Parameters
    ----------
    answer : Answer
        Whose notes.
    """
    said: dict[str, Any] = {"synthetic": True} if answer.synthetic else {}
    said |= {name: getattr(answer, name) for name in _TEXTS if getattr(answer, name)}
    if answer.assumptions:
        said["assumptions"] = list(answer.assumptions)
    return {**said, **answer.notes}


def to_json(answer: Answer) -> dict[str, Any]:
    """Return the object that ``--json`` prints.

    Parameters
    ----------
    answer : Answer
        What was computed.
    """
    return {
        "results": {
            **{name: _quantity_to_json(quantity) for name, quantity in answer.results.items()},
            **{name: _unreached_to_json(unit) for name, unit in answer.unreached.items()},
        },
        "series": {name: list(column) for name, column in answer.series.items()},
        "notes": said_in_notes(answer),
        "warnings": list(answer.warnings),
    }


def to_store(answer: Answer) -> dict[str, Any]:
    """Return everything of an answer as JSON values.

    Parameters
    ----------
    answer : Answer
        What was computed.
    """
    stored = {
        **to_json(answer),
        "sources": {name: q.source for name, q in answer.results.items() if q.source},
        "figures": {
            name: {"kind": f.kind, "title": f.title, "data": dict(f.data)} for name, f in answer.figures.items()
        },
    }
    hidden = {name: getattr(answer, name) for name in _TEXTS if name in answer.notes}
    if hidden:
        stored["fields"] = hidden
    if answer.headline:
        stored["headline"] = list(answer.headline)
    if answer.things:
        stored["things"] = {
            noun: {name: {**_quantity_to_json(q), "source": q.source} for name, q in parts.items()}
            for noun, parts in answer.things.items()
        }
    if answer.files:
        stored["files"] = {name: base64.b64encode(content).decode() for name, content in answer.files.items()}
    return stored


def answer_fields(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of the Answer that a JSON object describes.

    Parameters
    ----------
    content : Mapping
        As :func:`to_json` returned it.

    Raises
    ------
    InputError
        When it is not an answer's.
    """
    try:
        return stored_fields_of(content)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            "This is not the JSON of an answer.",
            f"It lacks what one has, or holds something else there ({error}).",
            "Give an object with results, series, notes and warnings.",
        ) from error


def stored_fields_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of the Answer that a stored entry describes, figures left aside.

    Parameters
    ----------
    stored : Mapping
        As :func:`to_store` or :func:`to_json` returned it.
    """
    sources = stored.get("sources", {})
    results = stored["results"]
    return {
        "results": {
            name: _quantity_from_json(item, sources.get(name, ""))
            for name, item in results.items()
            if item["value"] is not None
        },
        "series": stored["series"],
        "warnings": tuple(stored["warnings"]),
        "unreached": {name: item["unit"] for name, item in results.items() if item["value"] is None},
        "headline": tuple(stored.get("headline", ())),
        "things": {
            noun: {name: _quantity_from_json(item, item.get("source", "")) for name, item in parts.items()}
            for noun, parts in stored.get("things", {}).items()
        },
        "files": {name: base64.b64decode(content) for name, content in stored.get("files", {}).items()},
        **_from_notes(stored["notes"], stored.get("fields", {})),
    }


def _from_notes(written: Mapping[str, Any], hidden: Mapping[str, str]) -> dict[str, Any]:
    """Take the fields out of the notes; those that a note of the same name hid were kept apart."""
    notes = dict(written)
    found: dict[str, Any] = {}
    for name in _TEXTS:
        if name in hidden:
            found[name] = hidden[name]
        elif isinstance(notes.get(name), str):
            found[name] = notes.pop(name)
    if isinstance(notes.get("synthetic"), bool | str):
        found["synthetic"] = bool(notes.pop("synthetic"))
    if _are_sentences(notes.get("assumptions")):
        found["assumptions"] = tuple(notes.pop("assumptions"))
    return {"notes": notes, **found}


def _are_sentences(note: Any) -> bool:
    return isinstance(note, list) and all(isinstance(item, str) for item in note)


def _quantity_to_json(quantity: Quantity) -> dict[str, Any]:
    written = {
        "value": quantity.value,
        "uncertainty": quantity.std,
        "unit": quantity.unit,
        "interval": None if quantity.interval is None else list(quantity.interval),
    }
    return written if quantity.interval_95 is None else {**written, "interval_95": list(quantity.interval_95)}


def _unreached_to_json(unit: str) -> dict[str, Any]:
    return {"value": None, "uncertainty": None, "unit": unit, "interval": None}


def _quantity_from_json(item: Mapping[str, Any], source: str) -> Quantity:
    ends = (None if pair is None else (pair[0], pair[1]) for pair in (item["interval"], item.get("interval_95")))
    return Quantity(item["value"], item["uncertainty"], item["unit"], source, *ends)
