"""A fit that CasaXPS stored, as an answer; and as the start of one's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lamion.quantities import Answer, FigureData, Quantity
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points
from lamion.techniques.peaks.component import Component, Setting
from lamion.techniques.spectra.casaxps import StoredFit

SOURCE = "stored by CasaXPS"
_ASIDE = 2.0
"""eV, how far a component may move from where it is stored."""


def stored_answer(stored: StoredFit) -> Answer:
    """Return what is stored: positions, maxima, widths, areas, and how well it follows the data.

    Parameters
    ----------
    stored : StoredFit
        As :func:`lamion.techniques.spectra.casaxps.stored_fit` rebuilds it.
    """
    total = sum(one.area for one in stored.components)
    results: dict[str, Quantity] = {}
    for one in stored.components:
        name = one.component.name
        results[f"{name}.position"] = Quantity(one.value("position"), None, "eV", SOURCE)
        if not one.component.line.centred:
            results[f"{name}.maximum"] = Quantity(one.maximum, None, "eV", SOURCE)
        results[f"{name}.width"] = Quantity(one.value("width"), None, "eV", SOURCE)
        results[f"{name}.area"] = Quantity(one.area, None, "1", SOURCE)
        results[f"{name}.area_fraction"] = Quantity(one.area / total, None, "1", SOURCE)
    left = float(np.sqrt(np.mean((stored.counts - stored.envelope) ** 2)))
    series: dict[str, list[float | str | None]] = {
        "Binding Energy / eV": stored.energy.tolist(),
        "Counts / 1": stored.counts.tolist(),
        "Background / 1": stored.background.tolist(),
        "Envelope / 1": stored.envelope.tolist(),
    }
    for one in stored.components:
        series[f"{one.component.name} / 1"] = one.at(stored.energy).tolist()
    leaning = [one for one in stored.components if not one.component.line.centred]
    aside = ", ".join(f"{one.value('position'):.2f} at {one.maximum:.2f} eV" for one in leaning)
    return Answer(
        results,
        series,
        {"background": stored.kind, "residuals, root mean square": left},
        (f"The stored position of a shape that leans is not its maximum: {aside}.",) if leaning else (),
        {"spectrum": _figure(stored)},
        method=(
            f"{len(stored.components)} components over a background '{stored.kind}', rebuilt as CasaXPS stores them in "
            "the file; nothing was fitted, so no uncertainty is known."
        ),
        headline=("*.position", "*.maximum", "*.area_fraction"),
    )


def as_starts(stored: StoredFit, shift: float = 0.0) -> tuple[Component, ...]:
    """Return the stored components as starts of one's own fit: shapes as stored, all else free.

    Parameters
    ----------
    stored : StoredFit
        The fit.
    shift : float
        What a reference adds to every binding energy, eV.
    """
    found = []
    for one in stored.components:
        at, width = one.value("position") + shift, one.value("width")
        settings = dict(one.component.settings)
        settings["position"] = Setting(at, at - _ASIDE, at + _ASIDE)
        settings["width"] = Setting(width, width / 2, 2 * width)
        settings["area"] = replace(settings["area"], fixed=False)
        found.append(replace(one.component, settings=settings))
    return tuple(found)


def _figure(stored: StoredFit) -> FigureData:
    x = Axis("binding energy", "eV", backwards=True)
    traces: list[Points | Line] = [Points(stored.energy, stored.counts, "measured", color="ink", marker="dot")]
    traces += [
        Line(stored.energy, stored.background + one.at(stored.energy), one.component.name, color=rank)
        for rank, one in enumerate(stored.components)
    ]
    traces.append(Line(stored.energy, stored.background, "background", color="ink", dash="dotted"))
    traces.append(Line(stored.energy, stored.envelope, "sum", color="ink", opacity=0.6))
    residuals = [Points(stored.energy, stored.counts - stored.envelope, marker="dot", color="ink")]
    return Figure(
        [Panel(traces, x, Axis("counts")), Panel(residuals, x, Axis("residual"), legend="")],
        size=(6.0, 4.6),
        heights=(3.2, 1.0),
        share_x=True,
    ).entitled("The fit that CasaXPS stored")
