"""A pattern's peaks held against a crystal: which it explains, how flat its plates lie, what does not fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lamion.models.atomistic.diffraction.reflections import PatternSettings, reflections
from lamion.quantities import Quantity
from lamion.techniques.diffraction.comparison import Matched, lotgering, march_dollase, match
from lamion.techniques.diffraction.measured import Measured
from lamion.techniques.diffraction.radiation import Radiation
from lamion.techniques.diffraction.reading import ReadPeak
from lamion.techniques.peaks.axes import Curve
from lamion.techniques.peaks.peaks import SOURCE

_OF_A_WIDTH = 0.75
"""How far a computed reflection may lie from a measured peak, over its width, besides the scale's uncertainty."""
_TOLD = 8
"""Names that are told one by one."""


def matched_peaks(read: Sequence[ReadPeak], measured: Measured, radiation: Radiation, part: Curve) -> Matched | None:
    """Give the crystal's reflections over a pattern's range to its peaks; None without a crystal."""
    if measured.crystal is None or not read:
        return None
    settings = PatternSettings(
        radiation.wavelength, max(float(part.x[0]), 0.5), min(float(part.x[-1]), 170.0), normal=measured.normal
    )
    reach = [_OF_A_WIDTH * one.width.value + 2.0 * one.position.scale for one in read]
    areas = [one.area.value for one in read]
    deviations = [one.area.deviation or 0.0 for one in read]
    return match(
        reflections(measured.crystal, settings), [one.position.value for one in read], reach, areas, deviations
    )


def compared(
    matched: Matched | None, read: Sequence[ReadPeak]
) -> tuple[dict[str, Quantity], list[tuple[float, str]], list[str]]:
    """Return what the crystal tells, where its strong peaks are, and what does not fit."""
    if matched is None:
        return {}, [], []
    explained = matched.explained
    share = float(matched.areas[explained].sum() / matched.areas.sum())
    own = matched.areas / matched.areas.sum()
    spread = float(np.sqrt(np.sum(((explained - share) * matched.deviations) ** 2)) / matched.areas.sum())
    results = {"explained_fraction": Quantity(share, spread, "1", SOURCE)}
    texture = march_dollase(matched)
    factor = lotgering(matched)
    if factor is not None:
        results["lotgering_factor"] = Quantity(*factor, "1", SOURCE)
    said = []
    if texture is not None:
        low, high = texture.interval
        if low is not None and high is not None:
            results["march_parameter"] = Quantity(texture.march, (high - low) / 2.0, "1", SOURCE, (low, high))
        else:
            bound = (
                f"{high:.2g} or less" if high is not None else "not bounded" if low is None else f"{low:.2g} or more"
            )
            said.append(
                f"The peaks that were measured only bound the March-Dollase parameter: it is {bound}. Planes of other "
                "directions have to be among them."
            )
    march = 1.0 if texture is None else texture.march
    missing = matched.missing(march)
    strange = [
        one.peak.name for one, is_known, part in zip(read, explained, own, strict=True) if not is_known and part > 0.01
    ]
    if strange:
        said.append(f"The structure has no reflection at {', '.join(strange[:_TOLD])}: another phase, or another cell.")
    if missing:
        names = ", ".join(f"({name}) at {at:.2f} deg" for at, name in missing[:3])
        said.append(f"The structure's {names} would be strong and is not among the peaks.")
    marks = [(one.position.value, name) for one, name in zip(read, matched.names(), strict=True) if name]
    return results, marks[:_TOLD], said
