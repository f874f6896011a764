"""Draw whatever is at hand: an answer, or the raw record of a file, as it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lamion.quantities import Answer, FigureData, InputError
from lamion.quantities.figure import Axis, Numbers, Panel, Points
from lamion.quantities.figure import Figure as Plot
from lamion.quantities.nyquist import nyquist
from lamion.records import ImpedanceSpectrum
from lamion.records.impedance import left_out
from lamion.records.record import Record
from lamion.report.figures.draw import page_of
from lamion.tasks.declaring import File

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot(*given: Any, ax: Axes | None = None) -> Figure:
    """Draw answers' figures or raw records.

    Parameters
    ----------
    *given
        One answer; or files, records or data frames of one kind: spectra in the complex plane with -Im upwards,
        others against their first column.
    ax : Axes, optional
        Where to draw, for what needs a single panel.

    Returns
    -------
    Figure
        A figure of matplotlib's, which a notebook shows.

    Raises
    ------
    InputError
        When there is nothing to draw, or records of several kinds.

    Examples
    --------
    >>> table = {"Test Time / s": [0.0, 1.0, 2.0], "Voltage / V": [0.10, 0.05, 0.02]}
    >>> plot(table).axes[0].get_xlabel()
    'Test Time / s'
    """
    if len(given) == 1 and isinstance(given[0], Answer) and given[0].figures:
        drawn: Figure = given[0].plot(ax=ax)
        return drawn
    records = [
        (content.name, record) for item in given for content in [File.of(item).read()] for record in content.records
    ]
    if not records:
        raise InputError("There is nothing to draw.", "", "Give a file, a record or an answer.")
    kinds = {type(record) for _, record in records}
    if len(kinds) > 1:
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise InputError(f"Records of several kinds cannot share a figure: {names}.", "", "Draw them one by one.")
    return page_of(figure_of_records(records), ax=ax)


def figure_of_records(records: Sequence[tuple[str, Record]]) -> FigureData:
    """Return the figure of raw records of one kind, each with the name of its file."""
    drawn = [(_label(name, record), record) for name, record in records]
    if isinstance(records[0][1], ImpedanceSpectrum):
        spectra = [
            {
                "label": label if len(drawn) > 1 else "",
                "number": record.numbers.tolist(),
                "frequency": record.frequency.tolist(),
                "re": record.impedance.real.tolist(),
                "im": record.impedance.imag.tolist(),
                **left_out(record),
            }
            for label, record in drawn
            if isinstance(record, ImpedanceSpectrum)
        ]
        return nyquist("Impedance as it was read", spectra)
    return _columns([(label, record.columns()) for label, record in drawn]).entitled("A record as it was read")


def _columns(drawn: Sequence[tuple[str, Mapping[str, Numbers]]]) -> Plot:
    """Draw every column against the first, one panel each."""
    x, *others = drawn[0][1]
    panels = [
        Panel(
            [
                Points(columns[x], columns[name], label if len(drawn) > 1 else "", number, marker="dot", joined=True)
                for number, (label, columns) in enumerate(drawn)
            ],
            _axis(x),
            _axis(name),
            legend="" if row else "best",
        )
        for row, name in enumerate(others)
    ]
    return Plot(panels, size=(5.6, 1.0 + 2.2 * len(others)), share_x=True)


def _axis(title: str) -> Axis:
    label, _, unit = title.partition(" / ")
    return Axis(label, unit or "1")


def _label(name: str, record: Record) -> str:
    cycle = getattr(record, "cycle", None)
    return name if cycle is None else f"{name}, cycle {cycle}"
