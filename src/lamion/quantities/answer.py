"""What every computation returns to the people who asked: numbers, series, a verdict, warnings, figures.

One shape serves the terminal, a notebook, the command line's ``--json``, the store of finished steps, ``results.json``
and the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib import import_module
from typing import Any

from lamion.quantities import answer_json
from lamion.quantities.errors import InputError
from lamion.quantities.figure import FigureData
from lamion.quantities.quantity import Quantity

SeriesColumn = Sequence[float | str | None]

_DRAWER = "lamion.report.figures.draw"
"""A name only: nothing at this level imports it before a figure is wanted."""


@dataclass(frozen=True, repr=False)
class Answer:
    """The answer of one computation.

    Parameters
    ----------
    results : Mapping of str to Quantity
        The named numbers.
    series : Mapping of str to Column
        Columns of one table, titled ``"Name / unit"``, of equal length.
    notes : Mapping
        Texts and other JSON values for which there is no field: the model chosen, a budget.
    warnings : sequence of str
        Whole sentences.
    figures : Mapping of str to FigureData
        What can be drawn.
    unreached : Mapping of str to str
        Names of results that have no value, such as a time that never comes, with their units.
    verdict : str
        The answer in a word or two, such as ``"valid"``, where the question was one of yes or no.
    reason : str
        Why, one or a few sentences.
    method : str
        How the headline was found, one whole sentence: the model and the data used.
    assumptions : sequence of str
        What was taken for granted, whole sentences.
    synthetic : bool
        Whether any of the data are synthetic.
    means : str
        What a result that is only called ``value`` is.
    computed : str
        The name of the result that the verdict speaks of.
    files : Mapping of str to bytes
        Files that it can write, by ending, such as ``{"cif": b"..."}``; they are kept out of the JSON.
    headline : tuple of str
        Names of results in the order that matters, patterns such as ``"mass_fraction.*"`` allowed; empty: as they
        stand.
    things : Mapping of str to Mapping of str to Quantity
        What the answer makes known as a whole, by its noun: ``{"electrolyte": {"density": ...}}``.

    Examples
    --------
    >>> answer = Answer({"resistance": Quantity(0.8, 0.01, "ohm")}, method="R from a fit to 61 points.")
    >>> print(answer)
    resistance  0.800(10) ohm
    R from a fit to 61 points.
    >>> answer["resistance"].value
    0.8
    >>> answer.to_json()["results"]["resistance"]["uncertainty"]
    0.01
    """

    results: Mapping[str, Quantity] = field(default_factory=dict)
    series: Mapping[str, SeriesColumn] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    figures: Mapping[str, FigureData] = field(default_factory=dict)
    unreached: Mapping[str, str] = field(default_factory=dict)
    verdict: str = ""
    reason: str = ""
    method: str = ""
    assumptions: Sequence[str] = ()
    synthetic: bool = False
    means: str = ""
    computed: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    headline: tuple[str, ...] = ()
    things: Mapping[str, Mapping[str, Quantity]] = field(default_factory=dict)

    @property
    def electrolyte(self) -> Any:
        """The electrolyte that the answer makes known, for whatever takes one; its properties are among the results."""
        if "electrolyte" not in self.things:
            raise AttributeError("this answer makes no electrolyte known")
        return import_module("lamion.substances").Electrolyte(**self.things["electrolyte"])

    def __getitem__(self, name: str) -> Quantity | None:
        """Return a result; None for one that was not reached; a KeyError that names the others for anything else."""
        if name in self.results:
            return self.results[name]
        if name in self.unreached:
            return None
        raise KeyError(self._no_such(name))

    def __contains__(self, name: object) -> bool:
        """Tell whether there is a result of that name, reached or not."""
        return name in self.results or name in self.unreached

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the results, those not reached last."""
        return iter((*self.results, *self.unreached))

    def _no_such(self, name: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(str(name), list(self), n=1)
        guess = f" Did you mean '{near[0]}'?" if near else ""
        return f"There is no result '{name}'.{guess} The results are: {', '.join(self) or 'none'}."

    def ordered(self) -> list[str]:
        """Return the names of the results, the headline's first."""
        first = [name for pattern in self.headline for name in self if fnmatchcase(name, pattern)]
        return list(dict.fromkeys((*first, *self)))

    def headlines(self) -> list[str]:
        """Return the names of the results that matter, all of them where no headline is given."""
        chosen = [name for name in self.ordered() if any(fnmatchcase(name, pattern) for pattern in self.headline)]
        return chosen or list(self)

    def __str__(self) -> str:
        from lamion.quantities.showing import lines

        return "\n".join(line.text for line in lines(self))

    def __repr__(self) -> str:
        from lamion.quantities.showing import in_one_line

        return in_one_line(self)

    def _repr_html_(self) -> str:
        from lamion.quantities.html import to_html

        figure = next(iter(self.figures.values()), None)
        try:
            picture = b"" if figure is None else import_module(_DRAWER).draw(figure, "svg")
        except InputError:
            picture = b""
        return to_html(self, picture)

    def to_frame(self) -> Any:
        """Return a pandas data frame: the series, or where there is none one row per result.

        The columns of the latter are value, uncertainty (one standard uncertainty), unit, and the ends of the
        interval (of the usual level), low and high, which are missing where they are open or unknown.

        Raises
        ------
        MissingExtraError
            When pandas is not installed.
        """
        from lamion.quantities.frame import to_frame

        return to_frame(self)

    def plot(self, name: str | None = None, ax: Any = None) -> Any:
        """Draw a figure with matplotlib.

        Parameters
        ----------
        name : str, optional
            One of ``figures``; the first without it.
        ax : matplotlib Axes, optional
            Where to draw; a page of its own without it.

        Returns
        -------
        matplotlib.figure.Figure
            The page, or the one that `ax` stands on.

        Raises
        ------
        InputError
            When there is no such figure, or `ax` is given for a figure of several panels.
        """
        if not self.figures:
            raise InputError(
                "There is nothing to draw.", "This answer has no figure.", "Use its results or its series."
            )
        if name is not None and name not in self.figures:
            raise InputError(f"There is no figure '{name}'.", "", f"There are: {', '.join(self.figures)}.")
        chosen = next(iter(self.figures.values())) if name is None else self.figures[name]
        return import_module(_DRAWER).page_of(chosen, ax=ax)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints: results, series, notes and warnings.

        Verdict, reason, method, assumptions and their like stand under ``notes`` where they are set. Sources, figures
        and files are left out.
        """
        return answer_json.to_json(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Answer:
        """Read back what :meth:`to_json` wrote.

        Parameters
        ----------
        content : Mapping
            The object.

        Raises
        ------
        InputError
            When it is not an answer's.
        """
        return cls(**answer_json.answer_fields(content))

    def to_store(self) -> dict[str, Any]:
        """Return everything, sources, figures and files included, as JSON values for :meth:`from_store`."""
        return answer_json.to_store(self)

    @classmethod
    def from_store(cls, stored: Mapping[str, Any]) -> Answer:
        """Rebuild an answer from :meth:`to_store`.

        Parameters
        ----------
        stored : Mapping
            What :meth:`to_store` returned, possibly through JSON; entries of earlier versions, too.
        """
        figures = {name: FigureData(**item) for name, item in stored.get("figures", {}).items()}
        return cls(**answer_json.stored_fields_of(stored), figures=figures)
