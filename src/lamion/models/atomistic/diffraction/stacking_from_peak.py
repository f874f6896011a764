"""Which ways of stacking a sheet explain a pattern with one peak, and how flat must its plates lie for that?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lamion.models.atomistic.diffraction.powder_pattern import comparison_figure
from lamion.models.atomistic.diffraction.profile import WIDTH, Profile, profile
from lamion.models.atomistic.diffraction.reflections import (
    DiffractionPeak,
    PatternSettings,
    Reflections,
    peaks,
    reflections,
)
from lamion.models.atomistic.structure.clashes import LayerContact, tightest_contact
from lamion.models.atomistic.structure.sheet import Sheet
from lamion.models.atomistic.structure.slips import Slip, slips
from lamion.models.atomistic.structure.stacked_sheet import sheet_figure
from lamion.models.atomistic.structure.stacking import Stacking, aa, ab, slipped, stack
from lamion.quantities import Answer, FigureData, Quantity
from lamion.quantities.figure import Rule

_NEAR = 0.15
_FLATTEST = 0.1
_TRIED = 9
_RESOLVED = 1e-3


@dataclass(frozen=True, eq=False)
class Held:
    """One stacking held against a pattern that shows one peak.

    Parameters
    ----------
    label : str
        In words.
    stacking : Stacking
        Spacing and slips.
    contact : LayerContact
        Its tightest one.
    powder, textured : Profile
        Its drawn patterns without and with the texture.
    peaks : list of DiffractionPeak
        Of the textured pattern.
    at_angle : float
        The textured profile's height at the peak's angle, of its maximum.
    alone : bool
        Whether the textured pattern shows that peak and no other.
    march_limit : float or None
        The largest March-Dollase parameter with which it does; None when it never does, 1 when even a powder does.
    """

    label: str
    stacking: Stacking
    contact: LayerContact
    powder: Profile
    textured: Profile
    peaks: list[DiffractionPeak]
    at_angle: float
    alone: bool
    march_limit: float | None

    @property
    def explains(self) -> bool:
        """Whether it has that peak alone, and no clash."""
        return self.alone and not self.contact.clash


def held_against_peak(
    label: str, sheet: Sheet, stacking: Stacking, angle: float, settings: PatternSettings, width: float = WIDTH
) -> Held:
    """Hold one stacking against a peak.

    Parameters
    ----------
    label : str
        Its name.
    sheet : Sheet
        The layer.
    stacking : Stacking
        Spacing and slips.
    angle : float
        Of the peak, degrees.
    settings : PatternSettings
        With the texture.
    width : float
        Of the drawn peaks, degrees.

    Examples
    --------
    >>> from lamion.models.atomistic.structure.sheet import sheet
    >>> found = held_against_peak("AB", sheet(), ab(9.28), 19.13, PatternSettings(march=0.2))
    >>> found.alone, found.march_limit is None
    (False, True)
    """
    found = reflections(stack(sheet, stacking), settings)
    flat = peaks(found, settings.march)
    textured = profile(flat, settings, width)
    return Held(
        label,
        stacking,
        tightest_contact(sheet, stacking),
        profile(peaks(found), settings, width),
        textured,
        flat,
        float(textured.intensity[np.abs(textured.angles - angle) < _NEAR].max(initial=0.0)),
        _alone(textured, angle),
        march_limit(found, angle, settings, width),
    )


def march_limit(found: Reflections, angle: float, settings: PatternSettings, width: float = WIDTH) -> float | None:
    """Return the largest March-Dollase parameter, 0.1 to 1, with which one peak stands alone.

    Parameters
    ----------
    found : Reflections
        Of the stack; computed once, as the texture only weighs them.
    angle : float
        Of the peak, degrees.
    settings : PatternSettings
        For the range.
    width : float
        Of the drawn peaks, degrees.

    Returns
    -------
    float or None
        To 0.001; 1 when a powder shows it alone, None when it never stands alone.
    """

    def alone(march: float) -> bool:
        return _alone(profile(peaks(found, march), settings, width), angle)

    upper = 1.0
    for march in np.geomspace(1.0, _FLATTEST, _TRIED).tolist():
        if alone(march):
            return _bisected(alone, march, upper)
        upper = march
    return None


def _bisected(alone: Callable[[float], bool], lower: float, upper: float) -> float:
    while upper - lower > _RESOLVED:
        middle = (lower + upper) / 2
        lower, upper = (middle, upper) if alone(middle) else (lower, middle)
    return round(lower, 3)


def _alone(drawn: Profile, angle: float) -> bool:
    return drawn.is_single() and abs(drawn.maxima()[0][0] - angle) < _NEAR


def free_slips(sheet: Sheet, spacing: float, steps: int = 20) -> list[Slip]:
    """Return the slips without a clash, that whose tightest contact overlaps least first; at least that one.

    Parameters
    ----------
    sheet : Sheet
        The layer.
    spacing : float
        Angstrom.
    steps : int
        As in :func:`~lamion.models.atomistic.structure.slips.slips`.

    Examples
    --------
    >>> from lamion.models.atomistic.structure.sheet import sheet
    >>> [(slip.x, slip.y) for slip in free_slips(sheet(), 4.64, 10)]
    [(0.5, 0.3), (0.5, 0.2), (0.2, 0.0)]
    """
    found = sorted(slips(sheet, spacing, steps), key=lambda slip: (slip.contact.overlap, slip.x, slip.y))
    return [slip for slip in found if not slip.contact.clash] or found[:1]


def stacking_from_peak(
    sheet: Sheet, spacing: float, angle: float, march: float = 0.2, steps: int = 20, width: float = WIDTH
) -> Answer:
    """Hold stackings against a pattern that shows one peak at a given angle.

    Parameters
    ----------
    sheet : Sheet
        The layer.
    spacing : float
        The distance of planes that the peak stands for, angstrom; layers that far apart, with every slip that is free
        of clashes, and layers twice as far apart are tried.
    angle : float
        Of the peak, degrees.
    march : float
        The March-Dollase parameter of the textured patterns.
    steps : int
        Of the search for slips.
    width : float
        Of the drawn peaks, degrees: closer peaks are one.

    Returns
    -------
    Answer
        ``explained``: how many of the stackings are free of clashes and show that peak alone when textured;
        ``march_limit``: the largest March-Dollase parameter with which one of them does. One row per stacking as
        series: its clash, the highest peak of a powder and of flat plates, how high the plates' pattern is at the
        given angle, whether that peak stands alone, and up to which March-Dollase parameter r it does.

    Examples
    --------
    >>> from lamion.models.atomistic.structure.sheet import sheet
    >>> found = stacking_from_peak(sheet(), 4.64, 19.1, steps=10)
    >>> print(found.results["explained"], len(found.series["Stacking"]))
    3 7
    """
    flat = PatternSettings(march=march)
    free = free_slips(sheet, spacing, steps)
    rows = [held_against_peak(label, sheet, stacking, angle, flat, width) for label, stacking in _tried(free, spacing)]
    limits = [row.march_limit for row in rows if row.march_limit is not None and not row.contact.clash]
    limit = max(limits, default=None)
    return Answer(
        {"explained": Quantity(float(sum(row.explains for row in rows)), None, "1")}
        | ({} if limit is None else {"march_limit": Quantity(limit, None, "1")}),
        _series(rows),
        {
            "explains": [row.label for row in rows if row.explains] or "none",
            "needs": _needs(limit),
            "texture": f"March-Dollase r = {march:g}, assumed",
            "alone": f"drawn {width:g} deg wide, the peak is the highest maximum and no other has a tenth of it",
            "rigid": "layers do not relax",
        },
        figures={
            "stackings": _figure([rows[0], *rows[len(free) :]], flat, angle, width),
            "sheet": sheet_figure(sheet, rows[0].stacking),
        },
        unreached={"march_limit": "1"} if limit is None else {},
        method=f"Kinematic patterns of {len(rows)} stackings of rigid layers, each against a peak at {angle:g} deg.",
    )


def _tried(free: Sequence[Slip], spacing: float) -> list[tuple[str, Stacking]]:
    near, far = f"layers {spacing:.3g} Å apart", f"layers {2 * spacing:.3g} Å apart"
    return [
        *((f"slip ({slip.x:g}, {slip.y:g}), {near}", slipped(spacing, (slip.x, slip.y))) for slip in free),
        (f"AA, {near}", aa(spacing)),
        (f"AB, {near}", ab(spacing)),
        (f"AA, {far}", aa(2 * spacing)),
        (f"AB, {far}", ab(2 * spacing)),
    ]


def _series(rows: Sequence[Held]) -> dict[str, list[Any]]:
    return {
        "Stacking": [row.label for row in rows],
        "Clash / angstrom": [_clash(row.contact) for row in rows],
        "Powder peak / deg": [row.powder.maxima()[0][0] for row in rows],
        "Flat peak / deg": [row.textured.maxima()[0][0] for row in rows],
        "Intensity there / 1": [row.at_angle for row in rows],
        "That peak alone": ["yes" if row.alone else "no" for row in rows],
        "Alone up to r / 1": [row.march_limit for row in rows],
    }


def _clash(contact: LayerContact) -> str:
    return f"{'-'.join(contact.pair)} {contact.distance:.2f}" if contact.clash else "none"


def _needs(limit: float | None) -> str:
    if limit is None:
        return (
            f"no stacking free of clashes shows the peak alone, however flat the plates lie down to r = {_FLATTEST:g}"
        )
    if limit >= 1.0:
        return "no texture: a powder shows the peak alone"
    return f"plates that lie flat with a March-Dollase r below {limit:.2f}, where 1 is a powder"


def _figure(rows: Sequence[Held], flat: PatternSettings, angle: float, width: float) -> FigureData:
    named = [(f"{row.label}, r = {flat.march:g}" + (", clash" if row.contact.clash else ""), row.peaks) for row in rows]
    printed = Rule(angle, label=f"printed, {angle:g} deg")
    return comparison_figure("Which stackings show one peak?", named, flat, width, printed)
