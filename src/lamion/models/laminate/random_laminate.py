"""Conductivity of irregular laminates: many realisations, their mean and its standard error."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np

from lamion.models.laminate.arrangement import Arrangement, draw_rows, periodic_cell
from lamion.models.laminate.bounds import wiener_parallel, wiener_series
from lamion.models.laminate.bricks import SHEET
from lamion.numerics.effective_conductivity import extrapolate, periodic_tensor
from lamion.progress import Progress, silent
from lamion.quantities import Answer, FigureData, InputError, Quantity

_MOST_WORKERS = 61
RESOLUTION = 4
WANTED = 0.05
"""Relative spread of one realisation at which a piece of laminate is called representative."""
_SOURCE = "realisations of a resolved laminate"


@dataclass(frozen=True)
class Realisation:
    """One drawn laminate.

    Parameters
    ----------
    cation, anion : tuple of float
        Ratio along and through.
    sheet_fraction : float
        Of its area.
    """

    cation: tuple[float, float]
    anion: tuple[float, float]
    sheet_fraction: float


def realise(
    rule: Arrangement, sheet_cation: float, sheet_anion: float, seed: int, resolution: float = RESOLUTION
) -> Realisation:
    """Draw a laminate and solve it.

    Parameters
    ----------
    rule : Arrangement
        How it is drawn.
    sheet_cation, sheet_anion : float
        Of each ion in the sheets over the gallery.
    seed : int
        Of the random numbers.
    resolution : float
        Cells on the smallest length next to a corner.

    Examples
    --------
    >>> from lamion.models.laminate.bricks import Bricks
    >>> rule = Arrangement(Bricks(1e-7, 4.5e-9, 4.5e-9, 4.5e-9), 3e-7, rows=2)
    >>> found = realise(rule, 0.1, 0.1, seed=1, resolution=2)
    >>> found.cation == found.anion, 0.15 < found.cation[1] < 0.25
    (True, True)
    """
    cell = periodic_cell(rule, draw_rows(rule, np.random.default_rng(seed)), resolution)
    cation = _diagonal(periodic_tensor(cell.grid, cell.field(sheet_cation, 1.0)))
    alike = sheet_cation == sheet_anion
    anion = cation if alike else _diagonal(periodic_tensor(cell.grid, cell.field(sheet_anion, 1.0)))
    return Realisation(cation, anion, cell.fraction(SHEET))


def random_laminate(
    rule: Arrangement,
    sheet_cation: float,
    sheet_anion: float,
    gallery_transference: float,
    *,
    realisations: int = 8,
    seed: int = 0,
    workers: int = 1,
    progress: Progress = silent,
) -> Answer:
    """Solve many drawn laminates.

    Parameters
    ----------
    rule : Arrangement
        How they are drawn.
    sheet_cation, sheet_anion : float
        Of each ion in the sheets over the gallery, not negative.
    gallery_transference : float
        Share of the cation in the gallery's conductivity.
    realisations : int
        How many, 2 to 1000.
    seed : int
        Of the random numbers; the answer does not depend on `workers`.
    workers : int
        Processes, 1 to 61.
    progress : Progress
        Told the realisations.

    Returns
    -------
    Answer
        As :func:`lamion.models.laminate.laminate.laminate`, each number the mean with its standard error and the
        mesh's error; ``notes.spread`` (relative standard deviation of one realisation), ``notes.representative``
        (the piece whose realisations would spread by 5 %).

    Raises
    ------
    InputError
        When a number is out of its range.

    Notes
    -----
    Two-dimensional: a pinhole is a slit, and sheets are as long across the section as the film.

    Examples
    --------
    >>> from lamion.models.laminate.bricks import Bricks
    >>> rule = Arrangement(Bricks(1e-7, 4.5e-9, 4.5e-9, 4.5e-9), 3e-7, rows=2)
    >>> answer = random_laminate(rule, 0.1, 0.1, 0.35, realisations=2)
    >>> round(answer.results["transference"].value, 6)
    0.35
    """
    if not 2 <= realisations <= 1000:
        raise InputError(f"There are {realisations} realisations.", "", "Give 2 to 1000.")
    if seed < 0:
        raise InputError(f"The seed is {seed}.", "", "Give zero or a positive number.")
    if not 1 <= workers <= _MOST_WORKERS:
        raise InputError(f"There are {workers} workers.", "", f"Give 1 to {_MOST_WORKERS}.")
    for value in (sheet_cation, sheet_anion):
        if not 0 <= value <= 1e9:
            raise InputError(f"A sheet against the gallery is {value:g}.", "", "Give zero or a positive ratio.")
    if not 0 <= gallery_transference <= 1:
        raise InputError(f"The gallery's transference is {gallery_transference:g}.", "", "Give 0 to 1.")
    seeds = [int(s.generate_state(1)[0]) for s in np.random.SeedSequence(seed).spawn(realisations)]
    jobs = [(rule, sheet_cation, sheet_anion, one) for one in seeds]
    found = []
    for done, item in enumerate(_run(jobs, workers), 1):
        found.append(item)
        progress(done, realisations, "laminates")
    mesh = _mesh_error(rule, sheet_cation, sheet_anion, seeds[0], found[0])
    return _answer(rule, found, gallery_transference, (sheet_cation, sheet_anion), mesh, seeds[0])


def _run(jobs: Sequence[tuple[Arrangement, float, float, int]], workers: int) -> Iterator[Realisation]:
    if workers == 1:
        for job in jobs:
            yield realise(*job)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(realise, *zip(*jobs, strict=True))


def _mesh_error(rule: Arrangement, cation: float, anion: float, seed: int, fine: Realisation) -> float:
    """Return the larger relative error of the two ions, from the first realisation on half as fine a mesh."""
    coarse = realise(rule, cation, anion, seed, RESOLUTION / 2)
    errors = []
    for one, other in ((coarse.cation[1], fine.cation[1]), (coarse.anion[1], fine.anion[1])):
        limit, _ = extrapolate([one, other])
        errors.append(abs(limit / other - 1) if other else 0.0)
    return max(errors)


def _answer(
    rule: Arrangement,
    found: Sequence[Realisation],
    share: float,
    sheets: tuple[float, float],
    mesh: float,
    seed: int,
) -> Answer:
    cation, anion = (np.array([getattr(item, ion)[1] for item in found]) for ion in ("cation", "anion"))
    total = share * cation + (1 - share) * anion
    mean, n = float(total.mean()), len(found)
    fractions = np.array([item.sheet_fraction for item in found])
    results = {
        "conductivity_ratio": _mean(total, mesh),
        "cation_ratio": _mean(cation, mesh),
        "anion_ratio": _mean(anion, mesh),
        "transference": _transference(share, cation, total, 0.0 if sheets[0] == sheets[1] else mesh),
        "sheet_fraction": _mean(fractions, 0.0),
    }
    spread = float(total.std(ddof=1) / mean) if mean else 0.0
    phi = float(fractions.mean())
    notes: dict[str, Any] = {
        "realisations": n,
        "uncertainty": "of the draws and the mesh; that of the inputs is not propagated",
        "spread": spread,
        "representative": {
            "piece_um": [1e6 * rule.period, 1e6 * rule.rows * rule.bricks.repeat],
            "pieces_for_a_spread_of_5_percent": max(1, math.ceil((spread / WANTED) ** 2)),
        },
        "along": {ion: float(np.mean([getattr(item, ion)[0] for item in found])) for ion in ("cation", "anion")},
        "bounds": {
            ion: {
                "wiener_series": wiener_series([1 - phi, phi], [1.0, k]),
                "wiener_parallel": wiener_parallel([1 - phi, phi], [1.0, k]),
            }
            for ion, k in zip(("cation", "anion"), sheets, strict=True)
        },
        "mesh": {"relative_error": mesh},
    }
    warnings = [] if spread <= 0.5 else [f"One realisation spreads by {100 * spread:.0f} %: take more or larger ones."]
    series = {
        "Realisation / 1": [float(k + 1) for k in range(n)],
        "Cation Ratio / 1": cation.tolist(),
        "Anion Ratio / 1": anion.tolist(),
        "Sheet Fraction / 1": fractions.tolist(),
    }
    figure = FigureData("laminate-rows", "One realisation of the laminate", _rows_figure(rule, seed))
    method = f"The mean of {n} randomly drawn laminates, each resolved on a two-dimensional mesh."
    return Answer(results, series, notes, tuple(warnings), {"rows": figure}, method=method)


def _transference(share: float, cation: np.ndarray[Any, Any], total: np.ndarray[Any, Any], mesh: float) -> Quantity:
    """Return the cation's share of the means, with its error by leaving one realisation out at a time."""
    if not total.any():
        return Quantity(share, 0.0, "1", _SOURCE)
    t, n = share * float(cation.mean() / total.mean()), total.size
    left = share * (cation.sum() - cation) / np.maximum(total.sum() - total, 1e-300)
    error = math.sqrt((n - 1) / n * float(np.sum((left - left.mean()) ** 2)))
    return Quantity(t, math.hypot(error if mesh else 0.0, mesh * t * (1 - t)), "1", _SOURCE)


def _mean(values: np.ndarray[Any, Any], mesh: float) -> Quantity:
    mean, error = float(values.mean()), float(values.std(ddof=1) / math.sqrt(values.size))
    return Quantity(mean, math.hypot(error, mesh * mean), "1", _SOURCE)


def _diagonal(tensor: np.ndarray[Any, Any]) -> tuple[float, float]:
    return float(tensor[0, 0]), float(tensor[1, 1])


def _rows_figure(rule: Arrangement, seed: int) -> dict[str, Any]:
    rows = draw_rows(rule, np.random.default_rng(seed))
    return {
        "length_um": 1e6 * rule.period,
        "thickness_nm": 1e9 * rule.bricks.thickness,
        "repeat_nm": 1e9 * rule.bricks.repeat,
        "rows_um": [[[1e6 * low, 1e6 * high] for low, high in row] for row in rows],
    }
