"""Whatever a study file or a claims file holds, it runs or is refused with a paragraph: values replaced at random."""

import copy
import json
import tomllib
from datetime import UTC, datetime

import numpy as np
import pytest
from tests.study.conftest import CLAIMS, STUDY

from lamion.quantities import InputError
from lamion.study.results import provenance_json, results_json, results_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STRANGE = [
    0, -1, 1e308, 2**70, True, "", " ", "x" * 5000, "9 bananas", "\u03c3", "<b>", "a\nb", "nan", [], [1], ["a", ["b"]],
    {}, {"claim": "nowhere"}, {"step": "other", "result": "value"}, {"sample": "A", "property": "thickness"},
    {"sample": "A", "property": "recipe"}, float("inf"), float("nan"),
]  # fmt: skip


def to_toml(value):
    """Write a value as inline TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {to_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(to_toml, value)) + "]"
    if isinstance(value, float) and not np.isfinite(value):
        return "nan" if np.isnan(value) else "inf"
    return json.dumps(value, ensure_ascii=False)


def places(value, path=()):
    """List the paths to everything within a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def replaced(document, path, value):
    changed = copy.deepcopy(document)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return "\n".join(f"{key} = {to_toml(item)}" for key, item in changed.items())


@pytest.mark.parametrize("file", ["study", "claims"])
@pytest.mark.parametrize("part", range(4))
def test_strange_values_run_or_are_refused(bench, file, part):
    document = tomllib.loads(STUDY if file == "study" else CLAIMS)
    random = np.random.default_rng(part)
    paths = list(places(document))
    for _ in range(60):
        path, value = paths[random.integers(len(paths))], STRANGE[random.integers(len(STRANGE))]
        text = replaced(document, path, value)
        bench.write(text if file == "study" else STUDY, text if file == "claims" else CLAIMS)
        try:
            results = results_of(bench.run())
            results_json(results)
            provenance_json(results, {}, NOW)
        except InputError:
            continue
        except Exception as error:
            raise AssertionError(f"{path} = {value!r}") from error
