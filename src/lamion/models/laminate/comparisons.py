"""What stands beside a resolved laminate: bounds, models, the same along the sheets, a measured conductivity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lamion.models.laminate import bounds, path_models
from lamion.models.laminate.bricks import SHEET, Bricks
from lamion.models.laminate.inputs import Laminate, Measured
from lamion.models.laminate.resolved import ALONG, THROUGH, Resolved, resolve
from lamion.models.laminate.resolved import potential_field as potential_field
from lamion.quantities import FigureData, Quantity
from lamion.quantities.figure import Axis, Bars, Figure, Panel, Points, Trace

HIGHEST_GALLERY = Quantity(2e-2, None, "S/cm", "about twice a liquid carbonate electrolyte at 25 degC; an assumption")


def comparisons(given: Laminate, ions: Mapping[str, Resolved], tolerance: float) -> tuple[dict[str, Any], list[str]]:
    """Return notes and warnings about a laminate.

    Parameters
    ----------
    given : Laminate
        The structure.
    ions : Mapping of str to Resolved
        What was resolved for ``"cation"`` and ``"anion"``.
    tolerance : float
        Relative numerical error to reach in what is resolved beside it.
    """
    bricks = given.bricks
    fluid = 1 - bricks.sheet_fraction - bricks.skin_fraction
    fractions = [fluid, bricks.sheet_fraction, bricks.skin_fraction]
    phases = {
        "cation": [1.0, given.sheet_cation.si, given.skin_cation.si],
        "anion": [1.0, given.sheet_anion.si, given.skin_anion.si],
    }
    impermeable = {ion: resolve(bricks, 0.0, phases[ion][2], THROUGH, tolerance).value for ion in ("cation", "anion")}
    along = {ion: resolve(bricks, k[1], k[2], ALONG, tolerance) for ion, k in phases.items()}
    t0 = given.gallery_transference.si
    notes: dict[str, Any] = {
        "along": {ion: found.value for ion, found in along.items()},
        "bounds": {ion: _bounds(fractions, k) for ion, k in phases.items()},
        "models": {ion: _models(bricks, fractions, k) for ion, k in phases.items()},
        "impermeable_ratio": t0 * impermeable["cation"] + (1 - t0) * impermeable["anion"],
        "mesh": {
            ion: {
                "cells": found.cells,
                "values": list(found.values),
                "relative_error": found.error / found.value if found.value else 0.0,
            }
            for ion, found in ions.items()
        },
    }
    warnings = [
        f"The mesh leaves a relative error of {found.error / found.value:.1g} for the {ion}{where}."
        for where, resolved in (("", ions), (" along the sheets", along))
        for ion, found in resolved.items()
        if found.value and found.error > 5e-3 * found.value
    ]
    if ions["cation"].value == 0 and ions["anion"].value == 0:
        warnings.append(
            "Nothing passes: the rows are closed and the sheets impermeable. The transference is the gallery's."
        )
    return notes, warnings


def _bounds(fractions: list[float], conductivities: list[float]) -> dict[str, float]:
    low, high = bounds.hashin_shtrikman(fractions, conductivities, dimension=2)
    return {
        "wiener_series": bounds.wiener_series(fractions, conductivities),
        "wiener_parallel": bounds.wiener_parallel(fractions, conductivities),
        "hashin_shtrikman_lower_if_isotropic": low,
        "hashin_shtrikman_upper_if_isotropic": high,
    }


def _models(bricks: Bricks, fractions: list[float], conductivities: list[float]) -> dict[str, float]:
    fluid = 1 - bricks.sheet_fraction
    models = {
        "bruggeman_effective_medium_if_isotropic": bounds.bruggeman(fractions, conductivities, dimension=2),
        "bruggeman_exponent_impermeable": bounds.bruggeman_exponent(fluid),
        "nielsen_impermeable": path_models.nielsen(bricks),
        "cussler_impermeable": path_models.cussler(bricks),
    }
    if bricks.gap < bricks.width:
        models["thin_gallery"] = path_models.thin_gallery(bricks, conductivities[1], conductivities[2])
    return models


def held_against(measured: Measured, ratio: float, impermeable: float) -> tuple[dict[str, float | None], list[str]]:
    """Say which gallery a measured conductivity needs, and warn where none is as good.

    Parameters
    ----------
    measured : Measured
        The film's conductivity, and the gallery's where it is known.
    ratio, impermeable : float
        Film over gallery, with the sheets as they are and with impermeable ones.
    """
    printed = measured.conductivity
    best = measured.gallery or HIGHEST_GALLERY
    wanted = {
        "gallery_needed_S_cm": printed.to("S/cm").value / ratio if ratio else None,
        "gallery_needed_with_impermeable_sheets_S_cm": (
            printed.to("S/cm").value / impermeable if impermeable else None
        ),
        "gallery_at_most_S_cm": best.to("S/cm").value,
    }
    whose = "the gallery's own" if measured.gallery is not None else "that of the best fluid assumed"
    warnings = []
    if impermeable * best.si < printed.si:
        most = Quantity(impermeable * best.to("S/cm").value, None, "S/cm")
        warnings.append(
            f"{printed} cannot be reached with impermeable sheets: past them the film would conduct at most "
            f"{most.value:.3g} S/cm with a gallery of {best.to('S/cm').value:.3g} S/cm ({whose})."
        )
    if ratio * best.si < printed.si:
        warnings.append(
            f"{printed} cannot be reached with these sheets either: the film would conduct at most "
            f"{ratio * best.to('S/cm').value:.3g} S/cm."
        )
    return wanted, warnings


def mesh_series(ions: Mapping[str, Resolved]) -> dict[str, list[float | str | None]]:
    """Return the refinement of the mesh as a table: what shows that it no longer matters.

    Parameters
    ----------
    ions : Mapping of str to Resolved
        By name.
    """
    rows = [
        (ion, float(n), value)
        for ion, found in ions.items()
        for n, value in zip(found.resolutions, found.values, strict=True)
    ]
    return {
        "Ion": [row[0] for row in rows],
        "Cells per Corner Length / 1": [row[1] for row in rows],
        "Ratio / 1": [row[2] for row in rows],
    }


def figures(given: Laminate, ions: Mapping[str, Resolved], notes: Mapping[str, Any]) -> dict[str, FigureData]:
    """Return what can be drawn.

    Parameters
    ----------
    given : Laminate
        The structure.
    ions : Mapping of str to Resolved
        By name.
    notes : Mapping
        As :func:`comparisons` returns them.
    """
    return {
        "models": _models_figure(ions, notes),
        "cell": _cell_figure(given),
    }


_NAMES = {
    "bruggeman_effective_medium_if_isotropic": "Bruggeman medium (isotropic)",
    "bruggeman_exponent_impermeable": "Bruggeman exponent (impermeable)",
    "nielsen_impermeable": "Nielsen (impermeable)",
    "cussler_impermeable": "Cussler (impermeable)",
    "thin_gallery": "thin gallery",
}
_FLOOR = 1e-12


def _models_figure(ions: Mapping[str, Resolved], notes: Mapping[str, Any]) -> FigureData:
    """Return the resolved ratio of each ion between its bounds, and the models below."""
    models = list(dict.fromkeys(name for ion in ions for name in notes["models"][ion]))
    rows = ["resolved, in its bounds", *(_NAMES.get(name, name) for name in models)]
    bounds = {ion: (notes["bounds"][ion]["wiener_series"], notes["bounds"][ion]["wiener_parallel"]) for ion in ions}
    values = [value for ion in ions for value in (*bounds[ion], ions[ion].value, *notes["models"][ion].values())]
    left = max(min((value for value in values if value > 0), default=1e-3), _FLOOR) / 2
    traces: list[Trace] = []
    for color, shift, (ion, found) in zip((0, 5), (-0.16, 0.16), ions.items(), strict=False):
        low, high = bounds[ion]
        own = [(notes["models"][ion].get(name) or 0.0, 1 + row + shift) for row, name in enumerate(models)]
        shown = [(value, row) for value, row in own if value > 0]
        traces += [
            Bars([shift], [max(low, left)], [high], color=color, width=0.2, across=True, opacity=0.35),
            Points([found.value], [shift], ion, color),
            Points([value for value, _ in shown], [row for _, row in shown], color=color, marker="diamond"),
        ]
    x = Axis("ratio through the thickness", scale="log", low=left)
    y = Axis(ticks=[(float(row), name) for row, name in enumerate(rows)], backwards=True)
    kept = [trace for trace in traces if not isinstance(trace, Points) or list(trace.x)]
    panel = Panel(kept, x, y, legend="lower left", grid="x")
    size = (6.8, 1.6 + 0.34 * len(rows))
    return Figure([panel], size=size).entitled("Resolved conductivity beside bounds and models")


def _cell_figure(given: Laminate) -> FigureData:
    found = potential_field(given.bricks, given.sheet_cation.si, given.skin_cation.si, resolution=6)
    potential = [[None if np.isnan(v) else round(float(v), 5) for v in row] for row in found.potential]
    data = {
        "along_m": [float(f"{x:.6g}") for x in found.grid.edges[0]],
        "through_m": [float(f"{y:.6g}") for y in found.grid.edges[1]],
        "potential": potential,
        "sheet": (found.phases == SHEET).astype(int).tolist(),
    }
    return FigureData("laminate-cell", "Potential of the cation in a piece of the laminate", data)
