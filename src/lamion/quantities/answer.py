"""What every computation returns to the people who asked: numbers, series, notes, warnings, figures.

One shape serves the command line's ``--json``, the store of finished steps, ``results.json`` and the report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lamion.quantities.quantity import Quantity

Column = Sequence[float | str | None]


@dataclass(frozen=True)
class FigureData:
    """The data of one figure; ``report.figures`` knows how to draw each kind.

    Parameters
    ----------
    kind : str
        The kind of figure, such as ``"nyquist"``.
    title : str
        What it shows, one line.
    data : Mapping
        JSON values that the kind asks for.
    """

    kind: str
    title: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """The answer of one computation.

    Parameters
    ----------
    results : Mapping of str to Quantity
        The named numbers.
    series : Mapping of str to Column
        Columns of one table, titled ``"Name / unit"``, of equal length.
    notes : Mapping
        Texts and other JSON values: the model chosen, a verdict, assumptions.
    warnings : sequence of str
        Whole sentences.
    figures : Mapping of str to FigureData
        What can be drawn.
    unreached : Mapping of str to str
        Names of results that have no value, such as a time that never comes, with their units.

    Examples
    --------
    >>> Answer({"resistance": Quantity(0.8, 0.01, "ohm")}).to_json()["results"]["resistance"]["value"]
    0.8
    """

    results: Mapping[str, Quantity] = field(default_factory=dict)
    series: Mapping[str, Column] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    figures: Mapping[str, FigureData] = field(default_factory=dict)
    unreached: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints: results, series, notes and warnings."""
        return {
            "results": {
                **{name: _quantity_to_json(quantity) for name, quantity in self.results.items()},
                **{name: _unreached_to_json(unit) for name, unit in self.unreached.items()},
            },
            "series": {name: list(column) for name, column in self.series.items()},
            "notes": dict(self.notes),
            "warnings": list(self.warnings),
        }

    def to_store(self) -> dict[str, Any]:
        """Return everything, sources and figures included, as JSON values for :meth:`from_store`."""
        return {
            **self.to_json(),
            "sources": {name: q.source for name, q in self.results.items() if q.source},
            "figures": {
                name: {"kind": f.kind, "title": f.title, "data": dict(f.data)} for name, f in self.figures.items()
            },
        }

    @classmethod
    def from_store(cls, stored: Mapping[str, Any]) -> Answer:
        """Rebuild an answer from :meth:`to_store`.

        Parameters
        ----------
        stored : Mapping
            What :meth:`to_store` returned, possibly through JSON.
        """
        sources = stored.get("sources", {})
        return cls(
            results={
                name: _quantity_from_json(item, sources.get(name, ""))
                for name, item in stored["results"].items()
                if item["value"] is not None
            },
            series=stored["series"],
            notes=stored["notes"],
            warnings=tuple(stored["warnings"]),
            figures={name: FigureData(**item) for name, item in stored.get("figures", {}).items()},
            unreached={name: item["unit"] for name, item in stored["results"].items() if item["value"] is None},
        )


def _quantity_to_json(quantity: Quantity) -> dict[str, Any]:
    return {
        "value": quantity.value,
        "uncertainty": quantity.std,
        "unit": quantity.unit,
        "interval": None if quantity.interval is None else list(quantity.interval),
    }


def _unreached_to_json(unit: str) -> dict[str, Any]:
    return {"value": None, "uncertainty": None, "unit": unit, "interval": None}


def _quantity_from_json(item: Mapping[str, Any], source: str) -> Quantity:
    interval = item["interval"]
    return Quantity(
        item["value"],
        item["uncertainty"],
        item["unit"],
        source,
        None if interval is None else (interval[0], interval[1]),
    )
