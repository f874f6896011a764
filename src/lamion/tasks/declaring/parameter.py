"""From a function's arguments to the options that they are."""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from lamion.quantities import Quantity
from lamion.substances import Substance
from lamion.tasks.declaring.context import Context
from lamion.tasks.declaring.option import FLAG_OF, RESERVED, Option

_KINDS: dict[Any, str] = {
    Quantity: "quantity",
    str: "text",
    int: "integer",
    float: "number",
    bool: "flag",
    Substance: "substance",
}
MISSING: Any = inspect.Parameter.empty
THING = "a thing"
"""The group of options that say others."""
COLUMNS = "columns"
"""The option that says what the columns of files are."""


@dataclass(frozen=True)
class Parameter:
    """One option of a task, as its function declares it.

    Parameters
    ----------
    name : str
        Of the argument, or of the field of a group of options.
    option : Option
        What it is.
    kind : str
        ``"quantity"``, ``"text"``, ``"integer"``, ``"number"``, ``"flag"``, ``"file"``, ``"substance"``, ``"noun"``
        or ``"table"``.
    many : bool
        Whether it is a list.
    named : bool
        Whether it is a table from names to such values.
    required : bool
        Whether it has no default.
    default
        Its default, where it has one.
    choices : tuple of str
        The texts allowed; any where there are none.
    group : str
        The argument whose field it is; empty for an argument.
    taker : callable or None
        What makes a value of what was written, for types that can say so themselves.
    thing : type or None
        What a thing of the field, or a file, is.
    """

    name: str
    option: Option
    kind: str
    many: bool = False
    named: bool = False
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    group: str = ""
    taker: Callable[[Any, str], Any] | None = None
    thing: type | None = None

    @property
    def title(self) -> str:
        """Its name at the beginning of a sentence."""
        return f"The {self.name.replace('_', ' ')}"

    @property
    def flag(self) -> str:
        """Its name on the command line; a switch that is on by default is named by turning it off."""
        name = FLAG_OF.get(self.name, self.name).replace("_", "-")
        return f"--no-{name}" if self.kind == "flag" and self.default is True else f"--{name}"

    @property
    def written(self) -> str:
        """Its name in a study."""
        return FLAG_OF.get(self.name, self.name)


@dataclass(frozen=True)
class Signature:
    """What a task's function takes.

    Parameters
    ----------
    parameters : Mapping of str to Parameter
        By name, in order.
    groups : Mapping of str to type
        The arguments that are groups of options.
    context : bool
        Whether it asks for the context.
    """

    parameters: Mapping[str, Parameter]
    groups: Mapping[str, type]
    context: bool


def signature_of(function: Callable[..., Any]) -> Signature:
    """Read a function's declaration: arguments annotated with an :class:`Option`, or with a dataclass of such fields.

    A TypeError is a mistake in the task.
    """
    hints = get_type_hints(function, include_extras=True)
    found: dict[str, Parameter] = {}
    groups: dict[str, type] = {}
    context = False
    for name, argument in inspect.signature(function).parameters.items():
        hint = hints[name]
        if hint is Context:
            context = True
            continue
        if dataclasses.is_dataclass(hint) and hint not in _KINDS and isinstance(hint, type):
            groups[name] = hint
            own = fields_of(hint, name)
        else:
            own = {name: _parameter(name, hint, argument.default, "")}
        if found.keys() & own.keys():
            raise TypeError(f"{function.__qualname__} has two options called {sorted(found.keys() & own.keys())}")
        found |= own
    found |= _things(found.values())
    found |= _columns(found.values())
    reserved = sorted(RESERVED & found.keys())
    if reserved:
        raise TypeError(f"{function.__qualname__} has an option called '{reserved[0]}', a word of steps and commands")
    return Signature(found, groups, context)


def _things(found: Iterable[Parameter]) -> dict[str, Parameter]:
    """Return the options that say several others at once, such as an electrolyte; the function does not take them."""
    own = list(found)
    spelled = [
        flag
        for one in own
        if one.option.noun is not None and one.option.noun.flags is not None
        for flag in fields_of(one.option.noun.flags).values()
    ]
    parts = {part.name: part for one in [*own, *spelled] if (part := one.option.part) is not None}
    return {
        name: Parameter(
            name,
            Option(part.noun.help, noun=part.noun, subject=True),
            "noun",
            group=THING,
            thing=part.noun.thing,
        )
        for name, part in parts.items()
    }


def _columns(found: Iterable[Parameter]) -> dict[str, Parameter]:
    """Return the option that says the columns of the files, where they hold tables; the function does not take it."""
    files = [one for one in found if one.kind == "file"]
    records = list(dict.fromkeys(name for one in files for name in one.option.records))
    says = getattr(files[0].thing, "columns_option", None) if files else None
    option = says(records) if says is not None else None
    return {} if option is None else {COLUMNS: Parameter(COLUMNS, option, "text", group=THING)}


def fields_of(group: type, name: str = "") -> dict[str, Parameter]:
    """Return the options that a dataclass groups, for the argument that takes it."""
    hints = get_type_hints(group, include_extras=True)
    return {
        field.name: _parameter(field.name, hints[field.name], _default(field), name)
        for field in dataclasses.fields(group)
    }


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return MISSING if field.default is dataclasses.MISSING else field.default


def _parameter(name: str, hint: Any, default: Any, group: str) -> Parameter:
    if get_origin(hint) is not Annotated:
        raise TypeError(f"'{name}' has no Option")
    plain, option = get_args(hint)[:2]
    if not isinstance(option, Option):
        raise TypeError(f"'{name}' has no Option")
    shape = _shape(_without_none(plain), thing=option.noun is not None)
    return Parameter(
        name,
        option.filled(name) if shape.kind == "quantity" else option,
        shape.kind,
        many=shape.many,
        named=shape.named,
        required=default is MISSING,
        default=None if default is MISSING else default,
        choices=shape.choices,
        group=group,
        taker=shape.taker,
        thing=shape.thing,
    )


@dataclass(frozen=True)
class _Shape:
    kind: str
    many: bool = False
    named: bool = False
    choices: tuple[str, ...] = ()
    taker: Callable[[Any, str], Any] | None = None
    thing: type | None = None


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        kept = [part for part in get_args(hint) if part is not type(None)]
        return kept[0] if len(kept) == 1 else hint
    return hint


def _shape(hint: Any, *, thing: bool = False) -> _Shape:
    origin, parts = get_origin(hint), get_args(hint)
    if origin is tuple:
        return dataclasses.replace(_shape(parts[0], thing=thing), many=True)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        inner = _shape(parts[1], thing=thing)
        return _Shape("table") if inner.kind == "table" else dataclasses.replace(inner, named=True)
    if origin is Literal:
        return _Shape("text", choices=parts)
    if thing:
        return _Shape("noun", thing=hint if isinstance(hint, type) else None)
    if hint in _KINDS:
        return _Shape(_KINDS[hint])
    taker = getattr(hint, "of", None)
    return _Shape("table") if taker is None else _Shape("file", taker=taker, thing=hint)
