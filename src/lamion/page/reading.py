"""Files as they were read, before anything is computed of it: their figures and what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lamion.formats import read
from lamion.formats.conditions import conditions
from lamion.page.figures import drawings
from lamion.quantities import InputError
from lamion.records import ImpedanceSpectrum
from lamion.report.figures.records import figure_of_records


def reading(paths: Sequence[Path]) -> dict[str, Any]:
    """Return what files hold, drawn together: records of the kind that the first file begins with.

    Parameters
    ----------
    paths : sequence of Path
        Where they lie.
    """
    if not paths:
        raise InputError("There is no file to read.", "", "Drop one on the page.")
    contents = [read(path) for path in paths]
    kind = type(contents[0].records[0])
    records = [(content.name, one) for content in contents for one in content.records if type(one) is kind]
    spectra = [one for _, one in records if isinstance(one, ImpedanceSpectrum)]
    figure = figure_of_records(records)
    return {
        "format": ", ".join(dict.fromkeys(content.format for content in contents)),
        "spectra": len(spectra),
        "points": sum(len(one) for _, one in records),
        "conditions": conditions(contents[0]) if len(contents) == 1 else {},
        "warnings": [text for content in contents for text in content.warnings],
        "figures": drawings({"read": figure}),
    }
