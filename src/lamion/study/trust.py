"""Whether a study's own code may run: asked once for a folder and a state of its code, and remembered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from lamion import atomic
from lamion.quantities import InputError
from lamion.study.own_tasks import OwnCode
from lamion.written import state_folder

Ask = Callable[[str], bool]


def nobody(question: str) -> bool:
    """Answer for nobody: where there is no person to ask, own code does not run."""
    return False


def check(own: OwnCode, *, trust: bool, ask: Ask = nobody) -> None:
    """Let a study's own code run where the caller or the person who is asked vouches for it, or refuse."""
    if own.is_packaged:
        return
    entry = {"place": str(own.place), "code": own.code}
    known = _remembered()
    if entry in known:
        return
    question = f"The study brings code of its own, {own.place}, which can do anything that you can do. Run it?"
    if not (trust or ask(question)):
        raise InputError(
            f"The study brings code of its own, {own.place.name}, which was not run.",
            "Code can do anything that you can do.",
            "Read it, then run again with --trust (in Python: trust=True).",
        )
    _remember([*(item for item in known if item["place"] != entry["place"]), entry])


def _file() -> Path:
    return state_folder() / "trusted.json"


def _remembered() -> list[dict[str, str]]:
    try:
        entries = json.loads(_file().read_text(encoding="utf-8"))
        return [{"place": item["place"], "code": item["code"]} for item in entries]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _remember(entries: list[dict[str, str]]) -> None:
    """Keep the answers; where that fails, the question comes again."""
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        atomic.write(_file(), json.dumps(entries, indent=1) + "\n")
    except OSError:
        return
