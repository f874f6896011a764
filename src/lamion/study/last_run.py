"""What the last run of a study made its answers from, kept beside them to say why a step is computed again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamion import atomic, hashing
from lamion.code_keys import ReachedCode
from lamion.store import Store
from lamion.study.inputs import Inputs
from lamion.study.study_file import Study

_NAMED = 4
"""How many changed things are named; the rest are counted."""


@dataclass(frozen=True)
class LastRun:
    """The parts of the steps' keys.

    Parameters
    ----------
    steps : Mapping of str to Mapping
        By step id: its task, the hash of each option, its files, seed, quickness, and the key of its code.
    code : Mapping of str to Mapping
        By that key: the sources and versions.
    """

    steps: Mapping[str, Mapping[str, Any]]
    code: Mapping[str, Mapping[str, Mapping[str, str]]]

    @classmethod
    def read(cls, store: Store, study: Study) -> LastRun:
        """Return what was noted of a study, known by its folder; nothing where there is nothing, or it is damaged."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            content = json.loads(_file(store, study).read_text(encoding="utf-8"))
            return cls(dict(content["steps"]), dict(content["code"]))
        return cls({}, {})

    def with_steps(self, steps: Mapping[str, tuple[str, Inputs, ReachedCode]]) -> LastRun:
        """Return it with some steps brought up to date."""
        noted = {**self.steps, **{name: _parts(*made_from) for name, made_from in steps.items()}}
        code = {**self.code, **{reached.key: _code(reached) for _, _, reached in steps.values()}}
        used = {str(parts["code"]) for parts in noted.values()}
        return LastRun(noted, {key: parts for key, parts in code.items() if key in used})

    def write(self, store: Store, study: Study) -> None:
        """Keep it; it is no loss where that fails."""
        path = _file(store, study)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic.write(path, json.dumps({"steps": dict(self.steps), "code": dict(self.code)}))


def why(inputs: Inputs, task: str, code: ReachedCode, last: LastRun, step: str) -> tuple[str, ...]:
    """Return why a step is computed, in a few words each: how what it would be made from differs from the last time."""
    before = last.steps.get(step)
    if before is None:
        return ("it is new",)
    with suppress(KeyError, TypeError, AttributeError):
        return tuple(_changes(_parts(task, inputs, code), before, _code(code), last.code[before["code"]])) or (
            "its kept answer is gone or damaged",
        )
    return ("what it was made from is not known",)


def _changes(
    now: Mapping[str, Any], before: Mapping[str, Any], code: Mapping[str, Any], old: Mapping[str, Any]
) -> Iterator[str]:
    if now["task"] != before["task"]:
        yield f"its task was '{before['task']}'"
    if changed := _differing(now["options"], before["options"]):
        yield f"its inputs changed: {_listed([repr(name) for name in changed])}"
    if now["files"] != before["files"]:
        files, others = ({tuple(file) for each in parts["files"].values() for file in each} for parts in (now, before))
        changed = sorted({str(file[0]) for file in files ^ others})
        yield f"its files changed: {_listed(changed)}" if changed else "its files stand in another order"
    if now["seed"] != before["seed"]:
        yield "its seed changed"
    if now["quick"] != before["quick"]:
        yield "the last run was a quick one" if before["quick"] else "the last run was not a quick one"
    if changed := _differing(code["sources"], old["sources"]):
        yield f"the code changed: {_listed(changed)}"
    if changed := _differing(code["versions"], old["versions"]):
        told = [f"{n} {old['versions'].get(n) or 'none'} -> {code['versions'].get(n) or 'none'}" for n in changed]
        yield f"versions: {_listed(told)}"


def _differing(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in {*now, *before} if now.get(name) != before.get(name))


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _parts(task: str, inputs: Inputs, code: ReachedCode) -> dict[str, Any]:
    return {
        "task": task,
        "options": {name: hashing.of_value(value)[:16] for name, value in inputs.options.items()},
        "files": {name: [[raw.name, raw.key] for raw in files] for name, files in inputs.files.items()},
        "seed": inputs.seed,
        "quick": inputs.quick,
        "code": code.key,
    }


def _code(code: ReachedCode) -> dict[str, dict[str, str]]:
    return {"sources": dict(code.sources), "versions": dict(code.versions)}


def _file(store: Store, study: Study) -> Path:
    name = hashing.of_bytes(str(study.folder.resolve()).encode("utf-8", "surrogateescape"))[:16]
    return store.folder / "last" / f"{name}.json"
