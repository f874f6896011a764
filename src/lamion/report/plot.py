"""Draw whatever is at hand: an answer, or the raw record of a file, as it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lamion.quantities import Answer, InputError
from lamion.report.figures.draw import page_of
from lamion.report.figures.records import figure_of_records
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
