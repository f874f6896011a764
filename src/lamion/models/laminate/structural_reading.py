"""What a film's conductivity and transference say of its structure: the feasible set, and what would narrow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lamion.models.laminate.bricks import Bricks
from lamion.models.laminate.comparisons import HIGHEST_GALLERY
from lamion.models.laminate.inverse import Explanation, Factors, explanations, ion_factors, least_gallery, sheet_needed
from lamion.models.laminate.path_models import thin_gallery
from lamion.models.laminate.resolved import resolve
from lamion.quantities import Answer, FigureData, InputError, Quantity, propagate
from lamion.quantities.figure import Axis, Band, Figure, Line, Panel, Rule, Trace

SKINS = (1.0, 10.0, 100.0, 1000.0)


@dataclass(frozen=True)
class Observed:
    """What was measured of a film, and of the contrast film it is held against.

    Parameters
    ----------
    ratio : Quantity
        Conductivity of the film over that of the contrast film.
    transference, contrast_transference : Quantity
        Of both, larger than 0 and smaller than 1.
    conductivity : Quantity
        Of the film, S/cm.
    activation_energy : Quantity, optional
        Of the film, eV.
    """

    ratio: Quantity
    transference: Quantity
    contrast_transference: Quantity
    conductivity: Quantity
    activation_energy: Quantity | None = None

    def __post_init__(self) -> None:
        for name in ("transference", "contrast_transference"):
            if not 0 < getattr(self, name).si < 1:
                raise InputError(f"The {name.replace('_', ' ')} is {getattr(self, name)}.", "", "It lies in 0 to 1.")
        for name in ("ratio", "conductivity"):
            if getattr(self, name).si <= 0:
                raise InputError(f"The {name} is {getattr(self, name)}.", "", "Give a positive number.")

    @property
    def wanted(self) -> Factors:
        """The factor of each ion."""
        return ion_factors(self.ratio.si, self.transference.si, self.contrast_transference.si)

    @property
    def contrast_conductivity(self) -> float:
        """Of the contrast film, S/cm."""
        return self.conductivity.to("S/cm").value / self.ratio.si


def structural_reading(
    observed: Observed,
    structures: Mapping[str, Bricks],
    *,
    highest_gallery: Quantity = HIGHEST_GALLERY,
    skin_thickness: float = 5e-10,
    points: int = 41,
) -> Answer:
    """Map the galleries and sheets that explain a film.

    Parameters
    ----------
    observed : Observed
        The measurements.
    structures : Mapping of str to Bricks
        The laminate by structural case, the default first.
    highest_gallery : Quantity
        The best fluid that is thought possible, S/cm.
    skin_thickness : float
        Of the conductive skin that is tried instead of permeable sheets, m.
    points : int
        Of the map.

    Returns
    -------
    Answer
        ``cation_factor`` and ``anion_factor``; ``least_gallery`` and ``largest_gallery``, over the contrast film, of
        the default case; ``gallery_with_impermeable_sheets`` in S/cm; ``selectivity`` of the sheets at the largest
        gallery; ``notes.cases``, ``notes.narrowing``.

    Notes
    -----
    The gallery is taken to have the contrast film's transference; its conductivity is free, since it holds another
    amount of plasticiser. Ratios from the thin-gallery balance, which resolved cells confirm.

    Examples
    --------
    >>> plain = Quantity(6.3, None, "1"), Quantity(0.78, None, "1"), Quantity(0.35, None, "1")
    >>> seen = Observed(*plain, Quantity(5.62e-4, None, "S/cm"))
    >>> answer = structural_reading(seen, {"assumed": Bricks(1e-6, 4.5e-9, 4.5e-9, 4.5e-9)})
    >>> round(answer.results["least_gallery"].value, 1), round(answer.results["largest_gallery"].value)
    (7.0, 224)
    """
    name, bricks = next(iter(structures.items()))
    largest = highest_gallery.to("S/cm").value / observed.contrast_conductivity
    wanted, t0 = observed.wanted, observed.contrast_transference.si
    impermeable = resolve(bricks, 0.0)
    cases = {key: _case(item, wanted, t0, largest) for key, item in structures.items()}
    least = least_gallery(bricks, wanted)
    grid = np.geomspace(max(least * 1.001, 1e-6), max(largest, 2 * least), points)
    rows = explanations(bricks, wanted, t0, grid.tolist())
    results = _factor_results(observed)
    results |= {
        "least_gallery": Quantity(least, None, "1", name),
        "largest_gallery": Quantity(largest, None, "1", highest_gallery.source),
        "gallery_with_impermeable_sheets": Quantity(
            observed.contrast_conductivity * wanted.cation / impermeable.value, None, "S/cm", "resolved cell"
        ),
    }
    end = rows[-1]
    if end.sheet_cation and end.sheet_anion:
        results["selectivity"] = Quantity(end.sheet_cation / end.sheet_anion, None, "1", "thin gallery")
    notes = {
        "case": name,
        "cases": cases,
        "skins_instead": _skins(bricks, wanted, largest, skin_thickness),
        "narrowing": _narrowing(rows),
        "activation": _activation(observed, rows),
        "assumed": (
            f"gallery and contrast film with t+ = {observed.contrast_transference}; no gallery above {highest_gallery}"
        ),
    }
    return Answer(
        results,
        _series(rows),
        notes,
        _doubts(observed, results, impermeable.value, highest_gallery),
        {"feasible": _figure(observed, bricks, grid, rows, least, largest)},
        method=f"Every pair of sheet conductivities that explains both ions, by the thin-gallery balance at "
        f"{len(rows)} galleries.",
    )


def _factor_results(observed: Observed) -> dict[str, Quantity]:
    given = observed.ratio, observed.transference, observed.contrast_transference
    return {
        "cation_factor": propagate(lambda R, t, t0: R * t / t0, *given, unit="1", source="both films"),
        "anion_factor": propagate(lambda R, t, t0: R * (1 - t) / (1 - t0), *given, unit="1", source="both films"),
    }


def _case(bricks: Bricks, wanted: Factors, contrast: float, largest: float) -> dict[str, float | None]:
    (found,) = explanations(bricks, wanted, contrast, [largest])
    return {
        "gallery_nm": 1e9 * bricks.gallery,
        "sheet_fraction": bricks.sheet_fraction,
        "impermeable_ratio": thin_gallery(bricks, 0.0),
        "least_gallery": least_gallery(bricks, wanted),
        "sheet_cation_at_largest": found.sheet_cation,
        "sheet_anion_at_largest": found.sheet_anion,
    }


def _skins(bricks: Bricks, wanted: Factors, largest: float, thickness: float) -> list[dict[str, float | bool]]:
    """Try skins on impermeable sheets: the gallery they would need."""
    skin = min(thickness, bricks.gallery / 2)
    coated = Bricks(bricks.width, bricks.thickness, bricks.gallery, bricks.gap, skin)
    rows: list[dict[str, float | bool]] = []
    for ratio in SKINS:
        needed = wanted.cation / resolve(coated, 0.0, ratio, tolerance=1e-2).value
        rows.append({"skin_over_gallery": ratio, "gallery_needed": needed, "possible": needed <= largest})
    return rows


def _narrowing(rows: list[Explanation]) -> dict[str, Any]:
    """Say how far the feasible set spreads, and which measurement sees most of that."""
    inside = [row for row in rows if row.feasible]
    if not inside:
        return {"feasible": False}
    gallery = [row.gallery for row in inside]
    anisotropy = [row.anisotropy for row in inside if row.anisotropy is not None]
    cation = [row.sheet_cation for row in inside if row.sheet_cation is not None]
    return {
        "feasible": True,
        "gallery_over_contrast": [min(gallery), max(gallery)],
        "sheet_cation": [min(cation), max(cation)],
        "along_over_through": [min(anisotropy), max(anisotropy)],
        "measurement": (
            "The conductivity and transference of the gallery fluid by itself, as a free film of the same composition, "
            "fix the gallery and with it both sheets; the conductivity along the film does so through its ratio to "
            "that through it, which spans "
            f"{min(anisotropy):.2g} to {max(anisotropy):.2g} over the feasible set. The width of the sheets tells "
            "little once they are permeable."
        ),
    }


def _activation(observed: Observed, rows: list[Explanation]) -> str:
    shares = [row.sheet_share for row in rows if row.sheet_share is not None]
    if observed.activation_energy is None or not shares:
        return "no activation energy given"
    return (
        f"Of the film's {observed.activation_energy} the sheets weigh {min(shares):.2f} to {max(shares):.2f} over the "
        "feasible set and the gallery the rest: an activation energy of the film constrains their mean alone, and "
        "geometry has none."
    )


def _doubts(
    observed: Observed, results: Mapping[str, Quantity], impermeable: float, highest: Quantity
) -> tuple[str, ...]:
    needed = results["gallery_with_impermeable_sheets"].value
    doubts = []
    if needed > highest.to("S/cm").value:
        doubts.append(
            f"{observed.conductivity} cannot be reached with impermeable sheets: they leave {impermeable:.2g} of the "
            f"gallery's conductivity, which would have to be {needed:.2g} S/cm."
        )
    if results["least_gallery"].value > 1:
        doubts.append(
            f"The gallery has to conduct at least {results['least_gallery'].value:.2g} times as well as the contrast "
            "film, however permeable the sheets: geometry and sheets can only take away."
        )
    if observed.transference.si != observed.contrast_transference.si:
        doubts.append(
            "Geometry cancels in t+: the rise asks for sheets (or a gallery) that treat the ions differently."
        )
    return tuple(doubts)


def _series(rows: list[Explanation]) -> dict[str, list[float | str | None]]:
    return {
        "Gallery over Contrast / 1": [row.gallery for row in rows],
        "Cation in Sheet over Gallery / 1": [row.sheet_cation for row in rows],
        "Anion in Sheet over Gallery / 1": [row.sheet_anion for row in rows],
        "Along over Through / 1": [row.anisotropy for row in rows],
    }


def _figure(
    observed: Observed,
    bricks: Bricks,
    grid: np.ndarray[Any, Any],
    rows: list[Explanation],
    least: float,
    largest: float,
) -> FigureData:
    low, high = Rule(least, label="the least fluid"), Rule(largest, label="the best fluid", dash="dashed")
    galleries = [row.gallery for row in rows]
    upper: list[Trace] = []
    found = {"cation": [row.sheet_cation for row in rows], "anion": [row.sheet_anion for row in rows]}
    for color, (ion, factor) in zip((0, 5), _factor_results(observed).items(), strict=True):
        std = factor.std or 0.0
        ends = [max(factor.value + sign * std, 1e-9) for sign in (-1, 1)]
        band = [[sheet_needed(bricks, end / float(m)) for m in grid] for end in ends]
        name = ion.removesuffix("_factor")
        upper += [
            Band(galleries, band[0], band[1], color=color),
            Line(galleries, found[name], f"{name} in the sheets", color),
        ]
    x = Axis("gallery fluid / contrast film", scale="log")
    panels = [
        Panel([*upper, low, high], x, Axis("sheet / gallery", scale="log")),
        Panel(
            [
                Line(galleries, [row.anisotropy for row in rows], color=2),
                replace(low, label=""),
                replace(high, label=""),
            ],
            x,
            Axis("along / through", scale="log"),
        ),
    ]
    return Figure(panels, size=(6.4, 5.2), heights=(3, 2), share_x=True).entitled(
        "Galleries and sheets that explain the film"
    )
