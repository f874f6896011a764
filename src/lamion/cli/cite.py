"""List what an answer rests on: the works of its methods, and the sources of the stored values it takes, with DOIs.

Of a task its methods are listed; of a study, or of the results.json of a run, also the stored values: densities,
cathodes, laws. A study's own code runs only as it does with `lamion run`.
"""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamion.cli import terminal
from lamion.cli.parser import argument
from lamion.quantities import InputError
from lamion.tasks import catalogue

if TYPE_CHECKING:
    from lamion.study.cited import Cited, Source

ARGUMENTS = (
    argument(
        "what", metavar="TASK, RESULTS or STUDY", nargs="+", help="a task's words, a results.json, a study, or lse-hfc"
    ),
    argument("--bibtex", action="store_true", help="print a BibTeX file"),
    argument("--json", action="store_true", help="print one JSON object"),
    argument("--trust", action="store_true", help="let a study's own code run"),
)
EXAMPLES = ("lamion cite analyze transference", "lamion cite film/results/results.json", "lamion cite lse-hfc --bibtex")
_BUILT_IN, _RESULTS = "lse-hfc", "results.json"


def run(arguments: argparse.Namespace) -> int:
    """Say what an answer rests on."""
    if arguments.bibtex and arguments.json:
        raise InputError("--bibtex and --json were both given.", "", "Leave one of them out.")
    found = _cited(" ".join(arguments.what), trust=arguments.trust)
    if arguments.bibtex:
        print(_bibtex(found), end="")
    elif arguments.json:
        print(json.dumps(_as_json(found), ensure_ascii=False, allow_nan=False))
    else:
        print(_text(found, terminal.width()), end="")
    return 0


def _cited(words: str, *, trust: bool) -> Cited:
    from lamion.study import cited
    from lamion.study.study_file import load_study

    if words in catalogue.names():
        return cited.of_task(catalogue.find(words))
    path = Path(words)
    if path.suffix == ".json" or (path / _RESULTS).is_file():
        return cited.of_results(*_results(path / _RESULTS if path.is_dir() else path))
    if words == _BUILT_IN and not (path / "study.toml").exists():
        return cited.of_study(load_study(Path(str(files("lamion") / "studies" / "lse_hfc"))))
    if path.exists() or path.suffix == ".toml":
        return cited.of_study(load_study(path, trust=trust, ask=terminal.ask))
    from lamion.tasks.declaring.value import did_you_mean

    raise InputError(
        f"There is no task, study or file '{words}'.",
        did_you_mean(words, [*catalogue.names(), _BUILT_IN]),
        "Name a task's words (`lamion tasks` lists them), a results.json, a study's folder, or lse-hfc.",
    )


def _results(path: Path) -> tuple[Any, Any]:
    """Return what a results.json and the provenance.json beside it hold; None for one that is not there."""
    results, beside = _json(path), path.with_name("provenance.json")
    if not _is_of_a_run(results, "task") or not isinstance(results.get("study"), dict):
        raise InputError(f"{path.name} is no results.json of lamion.", "It has no steps.", "Name that of a run.")
    provenance = _json(beside) if beside.is_file() else None
    return results, provenance if _is_of_a_run(provenance, "options") else None


def _is_of_a_run(content: Any, word: str) -> bool:
    """Tell whether a file of a run has steps that all say a word."""
    steps = content.get("steps") if isinstance(content, dict) else None
    return isinstance(steps, dict) and all(isinstance(one, dict) and word in one for one in steps.values())


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(
            f"{path.name} cannot be read as JSON.", str(error), "Name the results.json of a run."
        ) from error


def _text(found: Cited, width: int) -> str:
    blocks = [f"{found.title}\n"]
    if found.about:
        blocks.append(f"About: {found.about}\n")
    tells = len({name for one in found.methods for name in one.serves}) > 1
    blocks += _block("Methods", found.methods, width, tells=tells)
    blocks += _block("Stored values", found.data, width, tells=True)
    if found.uncited:
        lines = [f"  {name}: {why}." if why else f"  {name}" for name, why in found.uncited.items()]
        blocks.append("Cited nothing\n" + "\n".join(lines) + "\n")
    if found.unknown:
        said = f"Not at hand: {', '.join(found.unknown)}. Cite the study itself, whose code says it."
        blocks.append(textwrap.fill(said, width) + "\n")
    blocks.append(f"Computed with lamion {found.version}.\n")
    return "\n".join(blocks)


def _block(title: str, sources: Iterable[Source], width: int, *, tells: bool) -> list[str]:
    lines = [title]
    for one in sources:
        work = one.work
        lines += textwrap.wrap(work.text or work.url, width, initial_indent="  ", subsequent_indent="    ")
        lines += [f"    {work.url}"] if work.text and work.url else []
        if tells:
            said = f"for {', '.join(one.serves)}"
            lines += textwrap.wrap(said, width, initial_indent="    ", subsequent_indent="      ")
    return ["\n".join(lines) + "\n"] if len(lines) > 1 else []


def _bibtex(found: Cited) -> str:
    from lamion.references import entry

    itself = {"author": "{The lamion developers}", "title": "lamion", "note": f"version {found.version}"}
    entries = [one.work.bibtex() for one in found.methods]
    entries += [entry("misc", one.work.key, {"note": one.work.title, "doi": one.work.doi}) for one in found.data]
    return "\n\n".join([*entries, entry("software", "lamion", itself)]) + "\n"


def _as_json(found: Cited) -> dict[str, Any]:
    return {
        "title": found.title,
        "about": found.about,
        "methods": [one.work.to_json() | {"tasks": list(one.serves)} for one in found.methods],
        "values": [
            {"source": one.work.title, "doi": one.work.doi or None, "values": list(one.serves)} for one in found.data
        ],
        "uncited": dict(found.uncited),
        "unknown": list(found.unknown),
        "lamion": found.version,
    }
