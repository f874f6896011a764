r"""Atomic fractions from the lines of several regions.

.. math:: x_i = \frac{N_i}{\sum_j N_j}, \qquad N_i = \frac{A_i}{\sigma_i\, T(E_k)\, E_k^m\, t}

with the area A above a background, the cross-section sigma of the line over that of C 1s, the analyser's transmission T
where the file has it, the escape depth as a power m of the kinetic energy, and the time t of each count.

References
----------
M. P. Seah, W. A. Dench, Surf. Interface Anal. 1 (1979) 2, doi:10.1002/sia.740010103; C. R. Brundle, B. V. Crist, J.
Vac. Sci. Technol. A 38 (2020) 041001, doi:10.1116/1.5143897 (how well atomic fractions are known).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, FigureData, Line, Panel, Points
from lamion.records import PhotoelectronSpectrum
from lamion.techniques.peaks.axes import Curve, curve_of
from lamion.techniques.spectra.sensitivity import AL_K_ALPHA, line_named, sensitivity
from lamion.techniques.spectra.xps import Background, backgrounds

Array = NDArray[np.float64]

SOURCE = "areas over sensitivity factors"
_ENDS = 5
"""Points at each end between which the background lies."""
_REACH, _REACH_OF_METALS = 10.0, 35.0
"""eV around a line's maximum within which its range ends; wide doublets and those with satellites end farther above."""
_METALS = (
    *(f"{metal} 2p" for metal in ("Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge")),
    *(f"{heavy} 3d" for heavy in ("In", "Sn", "Sb", "Te", "I", "Ba", "La")),
)
_SURVEYS = ("survey", "wide", "su1s")


@dataclass(frozen=True)
class Factors:
    """What areas are divided by.

    Parameters
    ----------
    own : Mapping of str to float
        Sensitivities by line, over that of C 1s, before those of the table.
    uncertainty : float
        Of each, relative.
    escape : float
        m, the power of the kinetic energy.
    """

    own: Mapping[str, float] = field(default_factory=dict)
    uncertainty: float = 0.1
    escape: float = 0.75


@dataclass(frozen=True)
class RegionArea:
    """A line's area above its background, in counts times eV, with what is uncertain about it.

    Parameters
    ----------
    line : str
        As in ``"C 1s"``.
    area, noise, background : float
        The area, and its standard deviations by noise and over backgrounds.
    atoms : float
        The area over its factors.
    """

    line: str
    area: float
    noise: float
    background: float
    atoms: float


def composition(
    records: Sequence[PhotoelectronSpectrum], background: Background = "shirley", factors: Factors | None = None
) -> Answer:
    """Return atomic fractions from a region of each element.

    Parameters
    ----------
    records : sequence of PhotoelectronSpectrum
        Regions called after their lines; one that comes again, as over a depth, begins the next row.
    background : str
        The chosen one; the others count as spread.
    factors : Factors
        What areas are divided by.

    Returns
    -------
    Answer
        ``LINE.atomic_fraction`` of the first row, with noise, backgrounds and sensitivity factors in its interval;
        the series has a row for each time the regions come again.

    Raises
    ------
    InputError
        When there are fewer than two lines, or one of unknown sensitivity.

    Examples
    --------
    >>> x = np.arange(0.0, 20.0, 0.1)
    >>> line = np.exp(-4 * np.log(2) * ((x - 8.0) / 1.5) ** 2)
    >>> both = [("C 1s", 280.0, 1.0), ("O 1s", 525.0, 2.93)]
    >>> regions = [
    ...     PhotoelectronSpectrum(x + start, 500 + 9000 * strength * line, photon_energy=1486.6, region=name)
    ...     for name, start, strength in both
    ... ]
    >>> round(composition(regions, factors=Factors(escape=0.0))["O 1s.atomic_fraction"].value, 3)
    0.5
    """
    factors = factors or Factors()
    rows = _rows(records)
    found = [[_area(line, record, background, factors) for line, record in row.items()] for row in rows]
    fractions = [_fractions(one, factors.uncertainty) for one in found]
    series: dict[str, list[float | str | None]] = {"Row": [float(k + 1) for k in range(len(rows))]}
    for line in dict.fromkeys(name for row in rows for name in row):
        values = [one.get(line) for one in fractions]
        series[f"{line} atomic fraction"] = [None if one is None else one[0] for one in values]
        series[f"{line} uncertainty"] = [None if one is None else one[1] for one in values]
    return Answer(
        {f"{line}.atomic_fraction": Quantity(*pair, "1", SOURCE) for line, pair in fractions[0].items()},
        series,
        {"areas": {one.line: one.area for one in found[0]}, "background": background},
        tuple(_doubts(records)),
        {"regions": _figure(rows[0], background)} | ({"series": _of_rows(series)} if len(rows) > 1 else {}),
        method=(
            f"Areas of {len(rows[0])} lines above a {background} background between the least counts on both sides, "
            f"over Scofield's cross-sections, the kinetic energy to the power of {factors.escape:g}, and the "
            "analyser's transmission where it is known."
        ),
        assumptions=(
            "No region holds a line of another element, as N 1s does of molybdenum's 3p.",
            "The sample is the same over the depth that electrons escape from.",
            f"Each sensitivity factor is known to {100 * factors.uncertainty:g} %.",
        ),
        headline=("*.atomic_fraction",),
    )


def _rows(records: Sequence[PhotoelectronSpectrum]) -> list[dict[str, PhotoelectronSpectrum]]:
    """Return the regions by their lines; one that comes again begins another row."""
    rows: list[dict[str, PhotoelectronSpectrum]] = []
    for record in records:
        line = line_named(record.region or "")
        if line.lower() in _SURVEYS:
            continue
        if not rows or line in rows[-1]:
            rows.append({})
        rows[-1][line] = record
    if not rows or len(rows[0]) < 2:
        raise InputError(
            "A composition needs the regions of two lines at least.",
            f"The file holds {', '.join(one.region or 'a spectrum without a name' for one in records)}.",
            "Choose one with --region to fit its components.",
        )
    return rows


def _area(line: str, record: PhotoelectronSpectrum, background: Background, factors: Factors) -> RegionArea:
    strength = factors.own.get(line) or sensitivity(line)
    curve = _around(line, curve_of(record))
    chosen, others = backgrounds(curve, background)
    weights = np.gradient(curve.x)
    areas = [float(weights @ (curve.y - _between_ends(curve.y, one.columns[1]))) for one in (chosen, *others)]
    area = areas[0]
    if area <= 0:
        raise InputError(f"The region '{line}' holds no line above its background.", "", "Leave it out.")
    spread = math.sqrt(float(np.mean([(one - area) ** 2 for one in areas[1:]]))) if len(areas) > 1 else 0.0
    rough = curve.y[1:-1] - (curve.y[:-2] + curve.y[2:]) / 2.0
    noise = math.sqrt(float(np.mean(rough**2)) / 1.5) * float(np.sqrt(np.sum(weights**2)))
    middle = curve.x[int(np.argmax(curve.y))]
    divisor = strength * (record.counted or 1.0)
    kinetic = (record.photon_energy or AL_K_ALPHA) - middle
    if kinetic <= 0:
        raise InputError(f"The line '{line}' lies above the photon energy.", "", "Check the photon energy.")
    divisor *= kinetic**factors.escape
    if record.transmission is not None:
        order = np.argsort(record.energy, kind="stable")
        divisor *= float(np.interp(middle, record.energy[order], record.transmission[order]))
    return RegionArea(line, area, noise, spread, area / divisor)


def _around(line: str, curve: Curve) -> Curve:
    """Return the part of a region that holds its line: from the least counts below it to the least above it."""
    smooth = np.convolve(np.pad(curve.y, _ENDS // 2, mode="edge"), np.ones(_ENDS) / _ENDS, "valid")
    top = curve.x[int(np.argmax(smooth))]
    below = np.flatnonzero((curve.x <= top) & (curve.x >= top - _REACH))
    above = np.flatnonzero((curve.x >= top) & (curve.x <= top + (_REACH_OF_METALS if line in _METALS else _REACH)))
    ends = below[int(np.argmin(smooth[below]))], above[int(np.argmin(smooth[above]))]
    return curve.within(float(curve.x[ends[0]]), float(curve.x[ends[1]]))


def _between_ends(y: Array, shape: Array) -> Array:
    """Return a background of a shape that meets the data at both ends."""
    low, high = float(np.mean(y[:_ENDS])), float(np.mean(y[-_ENDS:]))
    first, last = float(np.mean(shape[:_ENDS])), float(np.mean(shape[-_ENDS:]))
    return np.asarray(low + (high - low) * (shape - first) / ((last - first) or 1.0))


def _fractions(areas: Sequence[RegionArea], factor: float) -> dict[str, tuple[float, float]]:
    """Return each line's fraction and its standard uncertainty."""
    atoms = np.array([one.atoms for one in areas])
    relative = np.array([math.hypot(one.noise / one.area, one.background / one.area, factor) for one in areas])
    share = atoms / atoms.sum()
    slopes = np.diag(share) - np.outer(share, share)
    spread = np.sqrt(np.sum((slopes * relative) ** 2, axis=1))
    return {one.line: (float(x), float(u)) for one, x, u in zip(areas, share, spread, strict=True)}


def _doubts(records: Sequence[PhotoelectronSpectrum]) -> list[str]:
    said = []
    if any(one.transmission is None for one in records):
        said.append("The file does not hold the analyser's transmission; it is taken to be the same for all lines.")
    energies = {one.photon_energy for one in records}
    if any(one is None or abs(one - AL_K_ALPHA) > 1.0 for one in energies):
        said.append("Scofield's cross-sections are those of Al K-alpha, which these spectra are not said to be of.")
    timed = {one.counted is None for one in records}
    if len(timed) > 1:
        said.append("Only some regions are whole events, so others are taken as counts per second.")
    return said


def _figure(row: Mapping[str, PhotoelectronSpectrum], background: Background) -> FigureData:
    panels: list[Panel] = []
    for line, record in row.items():
        curve = _around(line, curve_of(record))
        chosen, _ = backgrounds(curve, background)
        below = _between_ends(curve.y, chosen.columns[1])
        traces = [
            Points(curve.x, curve.y, "measured", color="ink", marker="dot"),
            Line(curve.x, below, "background", color=0, dash="dashed"),
        ]
        axis = Axis(f"{line} binding energy", "eV", backwards=True)
        panels.append(Panel(traces, axis, Axis("counts"), legend="" if panels else "best"))
    return Figure(panels, size=(6.0, 1.9 * len(panels))).entitled("Regions and their backgrounds")


def _of_rows(series: Mapping[str, Sequence[float | str | None]]) -> FigureData:
    """Draw the fractions over a depth or over cycles."""
    lines = [title.removesuffix(" atomic fraction") for title in series if title.endswith(" atomic fraction")]
    traces: list[Points] = []
    for number, line in enumerate(lines):
        rows, fractions = _there(series["Row"], series[f"{line} atomic fraction"])
        errors = _there(series["Row"], series[f"{line} uncertainty"])[1]
        traces.append(Points(rows, fractions, line, number, y_error=errors, joined=True))
    count = len(series["Row"])
    ticks = [(float(k), str(k)) for k in range(1, count + 1, -(-count // 12))]
    panel = Panel(traces, Axis("row of the file", ticks=ticks), Axis("atomic fraction", low=0.0), legend="best")
    return Figure([panel]).entitled("Atomic fractions over the rows of the file")


def _there(rows: Sequence[float | str | None], values: Sequence[float | str | None]) -> tuple[list[float], list[float]]:
    """Return the rows that have a value, and the values."""
    both = [(float(row), float(value)) for row, value in zip(rows, values, strict=True) if row and value is not None]
    return [row for row, _ in both], [value for _, value in both]
