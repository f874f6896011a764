"""A task: a typed function with all that the doors to it need to know, declared once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.errors import MENDABLE, as_input_error
from lamion.substances import Substance
from lamion.tasks.declaring.context import Context
from lamion.tasks.declaring.measured import about_files, noticed, refuse_repeated
from lamion.tasks.declaring.option import FLAG_OF, Result
from lamion.tasks.declaring.parameter import COLUMNS, THING, Parameter, Signature, fields_of, signature_of
from lamion.tasks.declaring.value import did_you_mean, quantity_to_json, value_of


@dataclass(frozen=True)
class Task:
    """What lamion offers to people: one computation, as a verb, a step, a form and a call.

    Parameters
    ----------
    function : callable
        From its options to an answer.
    module : str
        Where it is written.
    help : str
        One line.
    description : str
        What the module's docstring says below that line.
    signature : Signature
        Its options.
    results : Mapping of str to Result
        What it gives, by name or pattern (``"mass_fraction.*"``).
    evidence : str
        What its numbers rest on: ``"measured"``, ``"synthetic"``, ``"composition"``...
    example : str
        The words of a command that runs as it stands, on the files of ``synthetic/examples.py``.
    cites : tuple of str
        What it rests on: keys of ``references.toml``, or DOIs of works that have none there.
    uncited : str
        Why it cites nothing, where it does not.
    extra : str
        The optional part of lamion that it needs.
    random : bool
        Whether it draws random numbers.
    heavy : bool
        Whether it takes seconds or more.
    quick : bool
        Whether it can answer more roughly in less time.
    keeps : bool
        Whether it keeps what it has relaxed, so that an interrupted run goes on.
    files : Mapping of str to str
        Files that it can write, with a word on each.
    usual : bool
        Whether it is what a new study does with files of its records.
    called : str
        Its words, where its file does not say them: a plug-in's, a study's own.
    """

    function: Callable[..., Answer]
    module: str
    help: str
    description: str
    signature: Signature
    results: Mapping[str, Result]
    evidence: str
    example: str
    cites: tuple[str, ...] = ()
    uncited: str = ""
    extra: str = ""
    random: bool = False
    heavy: bool = False
    quick: bool = False
    keeps: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    usual: bool = False
    called: str = ""

    @property
    def name(self) -> str:
        """Its words, the same everywhere: ``"analyze conductivity"``."""
        if self.called:
            return self.called
        group, _, word = self.module.rpartition(".")
        group = group.rpartition(".")[2]
        words = [word] if group == "tasks" else [group, word]
        return " ".join(words).replace("_", "-")

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Its options by name, in order."""
        return self.signature.parameters

    @cached_property
    def spelled(self) -> Mapping[str, Parameter]:
        """The options that spell its things of the field, by name; each belongs to the noun that ``group`` names."""
        return {
            name: flag
            for noun in self.parameters.values()
            if (flags := _flags(noun)) is not None
            for name, flag in fields_of(flags, noun.name).items()
        }

    @property
    def said(self) -> list[Parameter]:
        """The options that words can say, in order: on the command line and in a form."""
        own = [p for p in self.parameters.values() if not (p.kind == "noun" or p.option.table)]
        return [*own, *self.spelled.values()]

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """What its options were called before, with what they are called now."""
        every = (*self.parameters.values(), *self.spelled.values())
        return {p.option.formerly: p.written for p in every if p.option.formerly}

    @property
    def records(self) -> list[str]:
        """The kinds of record that its files hold."""
        return list(dict.fromkeys(name for one in self.parameters.values() for name in one.option.records))

    @property
    def is_verb(self) -> bool:
        """Whether the command line can say it; what only a table can say is a step and a call."""
        return not any(
            (p.option.table or (p.kind == "noun" and not _flags(p))) and p.required for p in self.parameters.values()
        )

    @property
    def headline(self) -> tuple[str, ...]:
        """The results that people ask for first, by name or pattern, in order."""
        return tuple(name for name, result in self.results.items() if result.headline)

    @property
    def meanings(self) -> dict[str, str]:
        """What its results are, but for the pattern that stands for all the others."""
        return {name: result.meaning for name, result in self.results.items() if name != "*"}

    def gives(self, result: str) -> bool:
        """Tell whether it declares a result of that name."""
        return any(fnmatchcase(result, pattern) for pattern in self.results)

    def result(self, name: str) -> Result:
        """Return the declaration of a result."""
        return next(result for pattern, result in self.results.items() if fnmatchcase(name, pattern))

    def folded(self, written: Mapping[str, Any]) -> dict[str, Any]:
        """Gather the options that spell a thing of the field into its table, refuse what is unknown or said twice."""
        for name, alias in FLAG_OF.items():
            if name in written and alias in written:
                raise InputError(f"'{alias}' and '{name}' are one option.", "", "Give it once.")
        plain = {_PYTHON.get(name, name): item for name, item in written.items()}
        spelled = self.spelled
        for name in plain:
            if name in self.renamed:
                raise InputError(f"'{name}' is called '{self.renamed[name]}' now.", "", "Write the new word.")
            if name not in self.parameters and name not in spelled:
                raise InputError(
                    f"`{self.name}` has no option '{name}'.",
                    did_you_mean(name, [*self.parameters, *spelled]),
                    f"It has: {', '.join([*self.parameters, *spelled])}.",
                )
        own = {name: item for name, item in plain.items() if name in self.parameters}
        for noun in self.parameters.values():
            given = {name: plain[name] for name in spelled if spelled[name].group == noun.name and name in plain}
            given = {name: item for name, item in given.items() if name not in own}
            if given:
                own[noun.name] = self._spelled_out(noun, given, own)
        return own

    def _spelled_out(self, noun: Parameter, given: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
        thing = noun.option.noun
        if noun.name in own:
            raise InputError(f"'{next(iter(given))}' and '{noun.name}' say the same thing.", "", "Give one of the two.")
        needed = [p for name, p in fields_of(_flags(noun)).items() if p.required and name not in given]  # type: ignore[arg-type]
        for parameter in needed:
            if parameter.option.part is None or own.get(parameter.option.part.name) is None:
                raise MissingOptionError(self, parameter)
        assert thing is not None  # noqa: S101
        return thing.table(given)

    def missing(self, written: Mapping[str, Any]) -> list[Parameter]:
        """Return the options that are required and not given, nor said by a thing that is."""
        lacking = [p for name, p in self.parameters.items() if p.required and written.get(name) is None]
        return [p for p in lacking if p.option.part is None or written.get(p.option.part.name) is None]

    def substances(self, written: Mapping[str, Any]) -> list[str]:
        """Return the names of the substances that its options ask for."""
        found: set[str] = set()
        for name, item in written.items():
            parameter = self.parameters[name]
            noun = parameter.option.noun
            items = list(item.values()) if parameter.named and isinstance(item, Mapping) else [item]
            if parameter.kind == "substance":
                found |= {text for text in items if isinstance(text, str)}
            elif noun is not None:
                found |= {key for table in items if isinstance(table, Mapping) for key in noun.substances(table)}
        return sorted(found)

    def answer(
        self,
        written: Mapping[str, Any],
        context: Context | None = None,
        substances: Mapping[str, Substance] | None = None,
    ) -> Answer:
        """Run the task.

        Parameters
        ----------
        written : Mapping
            Options by name: texts, numbers, quantities, files.
        context : Context, optional
            Seed, quick, progress, store.
        substances : Mapping of str to Substance, optional
            A study's own.

        Returns
        -------
        Answer

        Raises
        ------
        InputError
            When an option is unknown, missing or cannot be used, or they lead to no number.
        """
        own = self.folded({name: item for name, item in written.items() if item is not None})
        for parameter in self.missing(own):
            raise MissingOptionError(self, parameter)
        own = self.filled(own, substances)
        values = self._with_parts(
            {name: value_of(item, self.parameters[name], substances) for name, item in own.items()}
        )
        files = _files(self, values)
        for items in files.values():
            refuse_repeated(items)
        self.tell(files, own.get(COLUMNS))
        arguments: dict[str, Any] = {name: item for name, item in values.items() if not self.parameters[name].group}
        for group, made in self.signature.groups.items():
            arguments[group] = made(**{name: v for name, v in values.items() if self.parameters[name].group == group})
        if self.signature.context:
            arguments["context"] = context or Context()
        try:
            answer = self._computed(arguments)
        except InputError as error:
            error.noticed = noticed(_read(files), self._true_temperature(values))
            raise
        told = about_files(answer, _read(files), self._true_temperature(values))
        return replace(told, headline=answer.headline or self.headline)

    def tell(self, files: Mapping[str, Sequence[Any]], columns: str | None) -> None:
        """Say what the columns of files are.

        Parameters
        ----------
        files : Mapping of str to sequence of File
            By option.
        columns : str, optional
            What was written.
        """
        if columns is None:
            return
        if not files:
            raise InputError("The columns are said, and no file is given.", "", "Leave them away, or give the file.")
        for name, items in files.items():
            for file in items:
                file.told(columns, self.parameters[name].option.records, self.records)

    def filled(self, own: Mapping[str, Any], substances: Mapping[str, Substance] | None = None) -> dict[str, Any]:
        """Fill the tables of things of the field with what other things say: a cell's with its electrolyte's."""
        found = dict(own)
        for noun in self.parameters.values():
            flags, table = _flags(noun), own.get(noun.name)
            if flags is None or not isinstance(table, Mapping):
                continue
            options = fields_of(flags)
            parts = {part.name for one in options.values() if (part := one.option.part) is not None} & own.keys()
            things = {name: value_of(own[name], self.parameters[name], substances) for name in parts}
            said = _said(options, table, things)
            found[noun.name] = dict(table) | {name: quantity_to_json(item) for name, item in said.items()}
        return found

    def _with_parts(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Take from things of the field what was not given beside them."""
        found = {name: item for name, item in values.items() if self.parameters[name].group != THING}
        said = _said(self.parameters, found, values)
        checked = {name: item for name, item in said.items() if isinstance(item, Quantity)}
        return found | said | {name: value_of(item, self.parameters[name]) for name, item in checked.items()}

    def _true_temperature(self, values: Mapping[str, Any]) -> str:
        """Say which temperature counts where a header's is not believed, or how to say it; empty without an option."""
        option = next((self.parameters[name] for name in _TEMPERATURE if name in self.parameters), None)
        if option is None or option.kind != "quantity":
            return ""
        if values.get(option.name) not in (None, ()):
            return "Those given count." if option.many else "The one given counts."
        ones = "ones" if option.many else "one"
        return (
            f'Say the true {ones}: {option.flag} "{option.option.example}"; {option.written} = in a step, '
            f"{option.written}= in Python."
        )

    def _computed(self, arguments: Mapping[str, Any]) -> Answer:
        try:
            return self.function(**arguments)
        except MENDABLE as error:
            raise as_input_error(error) from error

    def __call__(self, *given: Any, **options: Any) -> Answer:
        """Run the task from Python: file names, records, data frames, texts and quantities as options.

        Parameters
        ----------
        *given
            The first options, in order; all of them are files where the first takes several.
        **options
            By name; ``seed``, ``quick``, ``progress``, ``store`` and ``wanted`` (files to make) where the task has a
            use for them.
        """
        context = {
            name: options.pop(name) for name in ("seed", "quick", "progress", "store", "wanted") if name in options
        }
        names = list(self.parameters)
        if given and self.parameters[names[0]].many:
            placed: dict[str, Any] = {names[0]: list(given)}
        elif len(given) > len(names):
            raise InputError(f"`{self.name}` takes {len(names)} options, not {len(given)}.", "", "Name them.")
        else:
            placed = dict(zip(names, given, strict=False))
        twice = placed.keys() & options.keys()
        if twice:
            raise InputError(f"'{min(twice)}' is given twice.", "", "Give it once.")
        return self.answer({**placed, **options}, Context(**context))


def _said(parameters: Mapping[str, Parameter], given: Mapping[str, Any], things: Mapping[str, Any]) -> dict[str, Any]:
    """Return what things of the field say for the options that are not given."""
    found: dict[str, Any] = {}
    for name, parameter in parameters.items():
        part = parameter.option.part
        if part is None or name in given or part.name not in things:
            continue
        said = part.get(things[part.name], part.attribute, given)
        if said is not None:
            found[name] = said
        elif parameter.required:
            raise InputError(
                f"The {part.name} does not say its {part.attribute.replace('_', ' ')}.",
                "",
                f"Give '{parameter.written}' beside it.",
            )
    return found


class MissingOptionError(InputError):
    """A required option was not given.

    Parameters
    ----------
    task : Task
        Whose.
    parameter : Parameter
        Which.
    """

    def __init__(self, task: Task, parameter: Parameter) -> None:
        self.task = task
        self.parameter = parameter
        example = f", such as '{parameter.option.example}'" if parameter.option.example else ""
        super().__init__(
            f"`{task.name}` needs '{parameter.written}'.", "", f"Give it: {parameter.option.help}{example}."
        )
        self.args = (task, parameter)


_TEMPERATURE = ("temperature", "temperatures")
"""What a task calls the temperature of what it is given."""
_PYTHON = {alias: name for name, alias in FLAG_OF.items()}


def task(
    *,
    results: Mapping[str, Result],
    evidence: str,
    example: str,
    cites: Sequence[str] = (),
    uncited: str = "",
    extra: str = "",
    random: bool = False,
    heavy: bool = False,
    quick: bool = False,
    keeps: bool = False,
    files: Mapping[str, str] | None = None,
    usual: bool = False,
) -> Callable[[Callable[..., Answer]], Task]:
    """Declare a task: the function says its options, the module's docstring what it is, the file what it is called.

    Parameters
    ----------
    results, evidence, example, cites, uncited, extra, random, heavy, quick, keeps, files, usual
        As in :class:`Task`.
    """

    def declare(function: Callable[..., Answer]) -> Task:
        text = (sys.modules[function.__module__].__doc__ or "").strip()
        first, _, rest = text.partition("\n")
        return Task(
            function=function,
            module=function.__module__,
            help=first.strip().rstrip("."),
            description=rest.strip(),
            signature=signature_of(function),
            results=dict(results),
            evidence=evidence,
            example=example,
            cites=tuple(cites),
            uncited=uncited,
            extra=extra,
            random=random,
            heavy=heavy,
            quick=quick,
            keeps=keeps,
            files=dict(files or {}),
            usual=usual,
        )

    return declare


def _flags(parameter: Parameter) -> type | None:
    """Return the options that spell a thing of the field; several of them by name only a table can say."""
    return None if parameter.option.noun is None or parameter.named else parameter.option.noun.flags


def _files(task: Task, values: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Return the files of each option that takes some."""
    found = {name: value for name, value in values.items() if task.parameters[name].kind == "file"}
    return {name: value if isinstance(value, tuple) else (value,) for name, value in found.items()}


def _read(files: Mapping[str, tuple[Any, ...]]) -> list[Any]:
    """Return what was read of them."""
    return [file.content for items in files.values() for file in items if file.content is not None]
