"""The words of a declaration: one option, one result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lamion.quantities import units
from lamion.quantities.properties import PROPERTIES, Property

if TYPE_CHECKING:
    from lamion.tasks.declaring.noun import Noun

RESERVED = frozenset(
    [
        "id",
        "task",
        "sample",
        "cell",
        "settles",
        "title",
        "json",
        "csv",
        "figure",
        "details",
        "force",
        "quick",
        "seed",
        "help",
        "cache",
    ]
)
"""What no option may be called: a step or a command has these words already."""

FLAG_OF = {"i_s": "is"}
"""The one alias: ``is`` is a word of Python, and ``--is`` the current's usual name."""


@dataclass(frozen=True)
class Part:
    """What a thing of the field can say for an option.

    Parameters
    ----------
    name : str
        The option that is the thing, such as ``"electrolyte"``.
    noun : Noun
        How it is written.
    attribute : str
        Which of its properties serves.
    get : callable
        From the thing, the name of the property and what is given beside it, to the property; None where the thing does
        not say it.
    """

    name: str
    noun: Noun
    attribute: str
    get: Callable[[Any, str, Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Option:
    """What one option is; its name, type and default are those of the function's argument.

    Parameters
    ----------
    help : str
        One line, without what type, unit and default say already.
    of : str
        The physical property that it is, where its own name does not say so: unit, range and example are the property's
        (:data:`lamion.quantities.properties.PROPERTIES`), unless they are stated here.
    part : Part or None
        The thing of the field that can say it instead.
    unit : str or tuple of str, optional
        For quantities, a unit of their dimension, or several where any of them will do; ``""`` for any. By default the
        property's, or none.
    example : str
        As people write it.
    otherwise : str
        What holds where it is not given, if the default does not say it.
    positive : bool
        Whether a quantity must be larger than zero.
    minimum, maximum : float or None
        Bounds of a number, or of a quantity in SI.
    subject : bool
        Whether the sample's or cell's property of the same name serves where it is not given.
    empty : bool
        Whether a list may be given that holds nothing.
    suffix : str
        What people may write behind a number without meaning a unit, as in ``0.5C``.
    printed : bool
        Whether it is a printed number: one typed by hand has the uncertainty of its last digit.
    positional : bool
        Whether the command line takes it without its name.
    formerly : str
        What it was called before; the old word is refused with the new one.
    table : bool
        Whether only a study or Python can say it.
    noun : Noun or None
        How a table becomes the object that the task takes.
    record : str or tuple of str
        For files, the kind of record that they hold, or the kinds of which any will do.
    spares : bool
        Whether it spares computing what a study that is run afresh computes.
    """

    help: str
    unit: str | tuple[str, ...] | None = None
    example: str = ""
    of: str = ""
    part: Part | None = None
    otherwise: str = ""
    positive: bool = True
    minimum: float | None = None
    maximum: float | None = None
    subject: bool = False
    empty: bool = False
    suffix: str = ""
    printed: bool = False
    positional: bool = False
    formerly: str = ""
    table: bool = False
    noun: Noun | None = None
    record: str | tuple[str, ...] = ()
    spares: bool = False

    @property
    def units(self) -> tuple[str, ...]:
        """The units, as a tuple; empty where any will do."""
        if self.unit is None:
            return ("1",)
        return (self.unit,) if isinstance(self.unit, str) and self.unit else tuple(self.unit)

    def filled(self, name: str) -> Option:
        """Return the option of a quantity with what the property of its name says, which is of the same dimension."""
        known = PROPERTIES.get(self.of or name)
        if known is None:
            return self
        if self.unit is not None and not any(units.same_dimension(unit, known.unit) for unit in self.units):
            raise TypeError(f"the option '{name}' is in {self.unit}, its property in {known.unit}")
        return replace(
            self,
            unit=known.unit if self.unit is None else self.unit,
            example=self.example or known.example,
            minimum=self._lowest(known) if self.minimum is None else self.minimum,
            maximum=known.high if self.maximum is None else self.maximum,
        )

    def _lowest(self, known: Property) -> float:
        """Return the property's lower end, or zero where none of it at all may be said."""
        return known.low if self.positive or known.low < 0 else 0.0

    @property
    def records(self) -> tuple[str, ...]:
        """The kinds of record, as a tuple."""
        return (self.record,) if isinstance(self.record, str) else self.record


@dataclass(frozen=True)
class Result:
    """What one result is.

    Parameters
    ----------
    unit : str
        A unit of its dimension, for help and docs; it is shown in the answer's own. ``""`` where it depends on the
        input.
    meaning : str
        A few words.
    headline : bool
        Whether it is what people ask for first.
    leaves_out : str
        The option, a table, of which a result of a pattern such as ``"area_without.*"`` leaves out the entry that it is
        named after: a check of that entry may rest on it.
    """

    unit: str
    meaning: str
    headline: bool = False
    leaves_out: str = ""
