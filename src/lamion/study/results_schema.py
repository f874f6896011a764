"""The JSON Schema of ``results.json``, made from what the verdicts and answers declare."""

from __future__ import annotations

import json
from typing import Any

from lamion.quantities.level import LEVEL_95, level_text
from lamion.study.verdicts import VERDICTS

NAME = "results.schema.json"
"""How results.json names its schema, which lies beside it."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_NONE_OR_NUMBER = {"type": ["number", "null"]}
_ENDS = {
    "type": "array",
    "prefixItems": [_NONE_OR_NUMBER, _NONE_OR_NUMBER],
    "items": False,
    "minItems": 2,
}


def schema() -> dict[str, Any]:
    """Return the schema as JSON values.

    Examples
    --------
    >>> schema()["required"]
    ['$schema', 'study', 'claims', 'steps', 'failed', 'missing_metadata']
    """
    return {
        "$schema": _DIALECT,
        "$id": NAME,
        "title": "results.json of lamion",
        "description": "What a study's steps gave and what that says of its claims. The same inputs give the same "
        "bytes: no time, path, host or duration; floats to 9 significant digits.",
        **_object(
            {
                "$schema": {"const": NAME},
                "study": _object(
                    {"title": _TEXT, "reference": _TEXT, "quick": _said("boolean", "whether simulations are rougher")}
                ),
                "claims": _by_name({"$ref": "#/$defs/claim"}, "by the claim's id"),
                "steps": _by_name({"$ref": "#/$defs/step"}, "by the step's id; those that failed are not among them"),
                "failed": _by_name(_TEXT, "why, by the step's id"),
                "missing_metadata": _by_name(_TEXTS, "what a reader would need, by sample or cell"),
            }
        ),
        "$defs": {"claim": _claim(), "step": _step(), "quantity": _quantity(), "interval": _interval()},
    }


def text() -> str:
    """Return the schema as it is written beside results.json."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def _claim() -> dict[str, Any]:
    return _object(
        {
            "verdict": {"enum": list(VERDICTS)},
            "evidence": _said("string", "what the computed number rests on; empty when nothing was computed"),
            "printed": _said("string", "the digits as printed, or the statement in short"),
            "unit": _said("string", "as typed; 'statement', 'chart' or 'simulation' where nothing is a number"),
            "computed": {**_NONE_OR_NUMBER, "description": "in the claim's unit"},
            "uncertainty": {**_NONE_OR_NUMBER, "minimum": 0, "description": "one standard uncertainty"},
            "reach": {
                **_NONE_OR_NUMBER,
                "minimum": 0,
                "description": "half the range of printed values that would have passed, over the printed value",
            },
            "reason": _TEXT,
            "step": _said("string", "the step that computed it; empty when none did"),
            "comparison": _said("string", "the comparison that it counts with; its own id where it stands alone"),
        }
    )


def _step() -> dict[str, Any]:
    cell = {"type": ["number", "string", "boolean", "null"]}
    return _object(
        {
            "task": _said("string", "two words, as on the command line"),
            "subject": {"type": ["string", "null"], "description": "the sample or cell"},
            "evidence": _said("string", "'synthetic' where any of the data are"),
            "results": _by_name({"$ref": "#/$defs/quantity"}, "by the result's name"),
            "series": _by_name({"type": "array", "items": cell}, "columns of one table, titled 'Name / unit'"),
            "notes": {"type": "object", "description": "verdict, reason, method and other texts and values"},
            "warnings": _TEXTS,
        }
    )


def _quantity() -> dict[str, Any]:
    made = _object(
        {
            "value": {**_NONE_OR_NUMBER, "description": "null where it was not reached"},
            "uncertainty": {**_NONE_OR_NUMBER, "minimum": 0, "description": "one standard uncertainty"},
            "unit": _said("string", "ASCII as typed on the command line, '1' when dimensionless"),
            "interval": {
                "$ref": "#/$defs/interval",
                "description": f"{level_text()}, where it is not symmetric or not bounded",
            },
        }
    )
    made["properties"]["interval_95"] = {
        "$ref": "#/$defs/interval",
        "description": f"{level_text(LEVEL_95)}, where the others do not say it",
    }
    return made


def _interval() -> dict[str, Any]:
    return {"oneOf": [{"type": "null"}, _ENDS], "description": "null for an open end"}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    """Return an object that has all of these and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _by_name(item: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": item, "description": description}


def _said(kind: str, description: str) -> dict[str, Any]:
    return {"type": kind, "description": description}
