"""Which ways of stacking a sheet explain a pattern with one peak?"""

from __future__ import annotations

from lamion.models.atomistic.clashes import tightest_contact
from lamion.models.atomistic.diffraction import PatternSettings, Peak, pattern
from lamion.models.atomistic.diffraction_answer import comparison_figure, is_single
from lamion.models.atomistic.sheet import Sheet
from lamion.models.atomistic.sheet_answer import sheet_figure
from lamion.models.atomistic.slips import Slip, slips
from lamion.models.atomistic.stacking import Stacking, aa, ab, slipped, stack
from lamion.quantities import Answer, Quantity

_NEAR = 0.15


def loosest_slip(sheet: Sheet, spacing: float, steps: int = 20) -> Slip:
    """Return the slip whose tightest contact overlaps least.

    Parameters
    ----------
    sheet : Sheet
        The layer.
    spacing : float
        Angstrom.
    steps : int
        As in :func:`~lamion.models.atomistic.slips.slips`.
    """
    return min(slips(sheet, spacing, steps), key=lambda slip: (slip.contact.overlap, slip.x, slip.y))


def stacking_answer(sheet: Sheet, spacing: float, angle: float, march: float = 0.2, steps: int = 20) -> Answer:
    """Hold stackings against a pattern that shows one peak at a given angle.

    Parameters
    ----------
    sheet : Sheet
        The layer.
    spacing : float
        The distance of planes that the peak stands for, angstrom; layers that far apart and twice as far are tried.
    angle : float
        Of the peak, degrees.
    march : float
        The March-Dollase parameter of the textured patterns.
    steps : int
        Of the search for the loosest slip.

    Returns
    -------
    Answer
        ``explained``: how many of the stackings are free of clashes and show that peak alone when textured; one row per
        stacking as series.

    Examples
    --------
    >>> from lamion.models.atomistic.sheet import sheet
    >>> print(stacking_answer(sheet(), 4.64, 19.1, steps=10).results["explained"])
    1
    """
    slip = loosest_slip(sheet, spacing, steps)
    tried: list[tuple[str, Stacking]] = [
        (f"slip ({slip.x:g}, {slip.y:g}), layers {spacing:.3g} Å apart", slipped(spacing, (slip.x, slip.y))),
        (f"AA, layers {spacing:.3g} Å apart", aa(spacing)),
        (f"AB, layers {spacing:.3g} Å apart", ab(spacing)),
        (f"AA, layers {2 * spacing:.3g} Å apart", aa(2 * spacing)),
        (f"AB, layers {2 * spacing:.3g} Å apart", ab(2 * spacing)),
    ]
    flat = PatternSettings(march=march)
    rows, curves = [], []
    for label, stacking in tried:
        crystal = stack(sheet, stacking)
        powder, textured = pattern(crystal), pattern(crystal, flat)
        contact = tightest_contact(sheet, stacking)
        alone = is_single(textured) and abs(textured[0].two_theta - angle) < _NEAR
        clash = f"{'-'.join(contact.pair)} {contact.distance:.2f}" if contact.clash else "none"
        rows.append((label, clash, powder[0].two_theta, textured[0].two_theta, _at(textured, angle), alone))
        curves.append((f"{label}, r = {march:g}" + (", clash" if contact.clash else ""), textured))
    explained = [row[0] for row in rows if row[1] == "none" and row[5]]
    figure = comparison_figure(curves, flat)
    marked = {**figure.data, "marked_deg": angle, "marked": f"printed, {angle:g} deg"}
    return Answer(
        {"explained": Quantity(float(len(explained)), None, "1")},
        {
            "Stacking": [row[0] for row in rows],
            "Clash / angstrom": [row[1] for row in rows],
            "Strongest peak of the powder / deg": [row[2] for row in rows],
            "Strongest peak of flat plates / deg": [row[3] for row in rows],
            f"Intensity at {angle:g} deg of flat plates / 1": [row[4] for row in rows],
            "That peak alone": ["yes" if row[5] else "no" for row in rows],
        },
        {"explains": explained or "none", "texture": f"March-Dollase r = {march:g}", "rigid": "layers do not relax"},
        figures={
            "stackings": type(figure)(figure.kind, "Which stackings show one peak?", marked),
            "sheet": sheet_figure(sheet, tried[0][1]),
        },
    )


def _at(peaks: list[Peak], angle: float) -> float:
    return sum(peak.intensity for peak in peaks if abs(peak.two_theta - angle) < _NEAR)
