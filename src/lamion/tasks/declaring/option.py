"""The words of a declaration: one option, one result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
class Option:
    """What one option is; its name, type and default are those of the function's argument.

    Parameters
    ----------
    help : str
        One line, without what type, unit and default say already.
    unit : str or tuple of str
        For quantities, a unit of their dimension, or several where any of them will do; ``""`` for any.
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
    """

    help: str
    unit: str | tuple[str, ...] = "1"
    example: str = ""
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

    @property
    def units(self) -> tuple[str, ...]:
        """The units, as a tuple; empty where any will do."""
        return (self.unit,) if isinstance(self.unit, str) and self.unit else tuple(self.unit)

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
        A unit of its dimension, the one it is shown in; ``""`` where it depends on the input.
    meaning : str
        A few words.
    headline : bool
        Whether it is what people ask for first.
    """

    unit: str
    meaning: str
    headline: bool = False
