"""What an answer rests on: the works of its methods, and the sources of the stored values that it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from typing import Any

from lamion import __version__
from lamion.models.cells.cathodes import cathodes
from lamion.quantities import InputError
from lamion.references import DOI, Reference, reference
from lamion.study.references import written_out
from lamion.study.study_file import Study
from lamion.substances import Electrolyte, Substance, known_substance, published_electrolyte
from lamion.tasks import catalogue
from lamion.tasks.declaring import Task


@dataclass(frozen=True)
class Source:
    """A work, or a text that says where a value comes from, and what rests on it.

    Parameters
    ----------
    work : Reference
        Of a text that is none, a reference with that text as its title.
    serves : tuple of str
        Tasks, or stored values.
    """

    work: Reference
    serves: tuple[str, ...]


@dataclass(frozen=True)
class Cited:
    """What an answer, or all of a study's, rests on.

    Parameters
    ----------
    title : str
        Of the task or the study.
    about : str
        The work that the study is about; empty where it names none.
    methods, data : tuple of Source
        Works by the tasks that cite them; sources by the stored values that were taken from them.
    uncited : Mapping of str to str
        Tasks that cite nothing, each with why.
    unknown : tuple of str
        Tasks whose code is not at hand.
    version : str
        Of the lamion that computed it, as far as that is known; else of this one.
    """

    title: str
    about: str = ""
    methods: tuple[Source, ...] = ()
    data: tuple[Source, ...] = ()
    uncited: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    version: str = __version__


def of_task(task: Task) -> Cited:
    """Return what the method of a task rests on."""
    return _cited(task.name, "", [task], [])


def of_study(study: Study) -> Cited:
    """Return what the steps of a study rest on, with what its options say of substances, cathodes and electrolytes."""
    values: list[tuple[str, str]] = []
    for step in study.steps.values():
        options = written_out(step.written(), study)
        values += _values(step.task, options, study.substances)
    return _cited(study.title, study.reference, [step.task for step in study.steps.values()], values)


def of_results(results: Mapping[str, Any], provenance: Mapping[str, Any] | None) -> Cited:
    """Return what the answers of a results.json rest on.

    Parameters
    ----------
    results : Mapping
        What it holds.
    provenance : Mapping or None
        What the provenance.json beside it holds, which knows the options; without it the stored values that were taken
        are not known.
    """
    tasks: list[Task] = []
    unknown: list[str] = []
    values: list[tuple[str, str]] = []
    for name, step in results["steps"].items():
        try:
            task = catalogue.find(str(step["task"]))
        except InputError:
            unknown.append(str(step["task"]))
            continue
        tasks.append(task)
        options = provenance["steps"].get(name, {}).get("options", {}) if provenance else {}
        values += _values(task, options, {})
        values += [(f"doi:{doi}", f"the answer of {name}") for doi in _dois(step.get("series", {}))]
    study = results["study"]
    found = _cited(str(study.get("title", "")), str(study.get("reference", "")), tasks, values, unknown)
    return replace(found, version=str(provenance.get("lamion", "?"))) if provenance else found


def _cited(
    title: str, about: str, tasks: Iterable[Task], values: Iterable[tuple[str, str]], unknown: Iterable[str] = ()
) -> Cited:
    by_name = {task.name: task for task in tasks}
    methods = [(key, task.name) for task in by_name.values() for key in task.cites]
    uncited = {task.name: task.uncited for task in by_name.values() if not task.cites}
    return Cited(
        title,
        about,
        tuple(Source(reference(key), serves) for key, serves in _gathered(methods).items()),
        tuple(
            Source(_stated(text, number), serves) for number, (text, serves) in enumerate(_gathered(values).items(), 1)
        ),
        uncited,
        tuple(dict.fromkeys(unknown)),
    )


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return for each first the seconds that stand with it, each once, sorted by how they read."""
    found: dict[str, dict[str, None]] = {}
    for first, second in pairs:
        found.setdefault(first, {})[second] = None
    return {first: tuple(found[first]) for first in sorted(found, key=str.casefold)}


def _stated(text: str, number: int) -> Reference:
    """Return a source that is stated as a text: the text is kept as it is, its DOI found."""
    doi = DOI.search(text)
    plain = text if doi is None else text.replace(f"doi:{doi[0]}", "").strip(" ,;")
    return Reference(f"data{number}", title=plain, doi="" if doi is None else doi[0])


def _values(task: Task, options: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the source of each stored value that options lead to, with what the value is."""
    names: list[str] = []
    with suppress(InputError, TypeError, AttributeError):
        names = task.substances({name: item for name, item in options.items() if name in task.parameters})
    for name in names:
        with suppress(InputError):
            yield from _facts(_substance(name, own))
    for name in _said(options, "cathode"):
        if name in cathodes():
            material = cathodes()[name]
            facts = {fact.property_name: fact.source for fact in material.facts.values()}
            for what, source in {"potential": material.potential_source, **facts}.items():
                yield source, f"{material.name}'s {_plain(what)}"
    for name in (*_said(options, "law"), *_said(options, "electrolyte")):
        with suppress(InputError):
            laws = published_electrolyte(name)
            yield from ((source, f"{name}'s {_plain(what)}") for what, source in _laws(laws))


def _laws(electrolyte: Electrolyte) -> Iterator[tuple[str, str]]:
    """Yield the properties whose law says where it was published, each with that."""
    for one in fields(electrolyte):
        source = getattr(getattr(electrolyte, one.name), "source", "")
        if source:
            yield one.name, source


def _substance(name: str, own: Mapping[str, Any]) -> Substance:
    return Substance.from_table({"key": name, **own[name]}) if name in own else known_substance(name)


def _facts(substance: Substance) -> Iterator[tuple[str, str]]:
    for fact in substance.facts:
        yield fact.source, f"{substance.key}'s {_plain(fact.property_name)}"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _said(table: Any, word: str) -> Iterator[str]:
    """Yield each text that stands under a word, however deep in tables."""
    items = table.items() if isinstance(table, Mapping) else ((None, item) for item in table)
    for name, item in items:
        if name == word and isinstance(item, str):
            yield item
        elif isinstance(item, Mapping | list | tuple):
            yield from _said(item, word)


def _dois(series: Mapping[str, Any]) -> Iterator[str]:
    """Yield the DOIs that stand in a table as values of their own."""
    for column in series.values():
        for item in column:
            found = DOI.fullmatch(item.removeprefix("https://doi.org/")) if isinstance(item, str) else None
            if found:
                yield found[0]
