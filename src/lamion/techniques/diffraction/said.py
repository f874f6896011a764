"""What is said of a pattern beside its numbers: how it was fitted, what was assumed, what is doubtful."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from lamion.quantities import Quantity
from lamion.techniques.diffraction.angles import STANDARDS, Scale
from lamion.techniques.diffraction.comparison import Matched
from lamion.techniques.diffraction.doublet import PARTNER
from lamion.techniques.diffraction.lines import Fitted, Peak
from lamion.techniques.diffraction.measured import Measured
from lamion.techniques.diffraction.radiation import Radiation
from lamion.techniques.diffraction.reading import ReadPeak
from lamion.techniques.peaks.peaks import doubts

HEADLINE = (
    "crystallinity", "explained_fraction", "lotgering_factor", "march_parameter", "size", "strain", "*.position", "*.d",
    "*.size", "*.smallest_size",
)  # fmt: skip
_OF_A_WIDTH = 0.75
"""How near to the place of a K-beta a peak is one, over its width."""
_BETA = 0.2
"""Of K-alpha1: K-beta through a filter or without one is weaker."""


def series_of(
    read: Sequence[ReadPeak], results: Mapping[str, Quantity], matched: Matched | None
) -> dict[str, list[float | str | None]]:
    """Return a table with a line for each peak."""
    table: dict[str, list[float | str | None]] = {"Name": [one.peak.name for one in read]}
    for key, title in (
        ("position", "Two theta / deg"), ("d", "d / angstrom"), ("width", "Width / deg"), ("area", "Area"),
        ("size", "Size / nm"), ("smallest_size", "Smallest size / nm"),
    ):  # fmt: skip
        own = [results.get(f"{one.peak.name}.{key}") for one in read]
        if any(one is not None for one in own):
            first, _, unit = title.partition(" / ")
            table[title] = [None if one is None else one.value for one in own]
            table[f"{first} uncertainty{f' / {unit}' if unit else ''}"] = [
                None if one is None else one.std for one in own
            ]
    if matched is not None:
        table["hkl"] = [name or None for name in matched.names()]
        table["Computed intensity"] = matched.intensities().tolist()
    return table


def notes_of(radiation: Radiation, scale: Scale, measured: Measured, fitted: Sequence[Fitted]) -> dict[str, object]:
    """Return what is for people who look closer: wavelengths, windows, scale, noise."""
    notes: dict[str, object] = {
        "wavelengths": radiation.in_words,
        "windows": [f"{one.curve.x[0]:.2f} to {one.curve.x[-1]:.2f} deg" for one in fitted],
        "baseline": fitted[0].found.baseline,
        "noise": fitted[0].found.fit.noise[0].in_words,
        "zero_deg": [scale.zero, math.sqrt(scale.covariance[0, 0])],
        "displacement_um": [1e6 * scale.displacement, 1e6 * math.sqrt(scale.covariance[1, 1])],
        "radius_mm": 1e3 * scale.radius,
    }
    if measured.halos:
        notes["alternatives"] = {
            one.what: "counted" if one.as_well else "follows the data worse" for one in fitted[0].found.alternatives
        }
    return notes


def doubts_of(fitted: Sequence[Fitted]) -> Iterator[str]:
    """Say what is doubtful about the windows, what holds for several once."""
    alike = misshapen = 0
    for window in fitted:
        texts = list(doubts(window.found, window.curve))
        alike += any(text.startswith("Neighbouring") for text in texts)
        misshapen += any("shape follows" in text for text in texts)
        for text in texts:
            if not text.startswith("Neighbouring") and "shape follows" not in text and PARTNER not in text:
                yield text
    of = f" of {len(fitted)} windows" if len(fitted) > 1 else " window"
    if alike:
        yield (
            f"In {alike}{of} neighbouring residuals are alike, so that the components do not describe it wholly, and "
            "its intervals are widened: a peak may be missing, or its shape another."
        )
    if misshapen:
        yield f"In {misshapen}{of} another shape follows the data clearly better than the chosen one (--shape)."


def of_beta(read: Sequence[ReadPeak], radiation: Radiation) -> Iterator[str]:
    """Tell which peaks stand where K-beta of a much stronger one would."""
    if radiation.beta is None:
        return
    for one in read:
        for other in read:
            sine = radiation.beta / radiation.wavelength * math.sin(other.two_theta / 2.0)
            near = abs(2.0 * math.degrees(math.asin(sine)) - one.position.value) < _OF_A_WIDTH * one.width.value
            if near and one.area.value < _BETA * other.area.value:
                yield f"{one.peak.name} stands where K-beta of {other.peak.name} does: it may be no peak of its own."


def method_of(fitted: Sequence[Fitted], peaks: Sequence[Peak], radiation: Radiation) -> str:
    """Return how the pattern was described, one sentence."""
    shapes = dict.fromkeys(one.shape for window in fitted for one in window.found.fit.layout.components)
    points = sum(len(window.curve.x) for window in fitted)
    where = "together" if len(fitted) == 1 else f"in {len(fitted)} windows"
    count = "1 peak" if len(peaks) == 1 else f"{len(peaks)} peaks"
    second = ", each with its K-alpha2," if radiation.has_second else ""
    return (
        f"{count} ({' and '.join(shapes)}){second} and a {fitted[0].found.baseline} baseline, fitted {where} to "
        f"{points} points; d by Bragg's law of K-alpha1."
    )


def assumed(radiation: Radiation, scale: Scale, measured: Measured) -> tuple[str, ...]:
    """Return what was taken for granted."""
    found = []
    if not radiation.stated:
        found.append(f"The radiation is that of copper, {radiation.in_words}: the file does not say it (--wavelength).")
    if not scale.stated:
        z, s = (math.sqrt(scale.covariance[k, k]) for k in (0, 1))
        found.append(
            f"Nobody said zero and displacement: they are taken as 0 ± {z:.2g} deg and 0 ± {1e6 * s:.0f} um at a "
            f"radius of {1e3 * scale.radius:.0f} mm, which is in every angle (--zero, --displacement, --standard)."
        )
    if measured.standard is not None:
        found.append(f"Lines within 0.4 deg of theirs are those of {STANDARDS[measured.standard].name}.")
    if measured.instrument is None:
        found.append("The instrument's width is not given, so each size is a lower bound (--instrument-width).")
    else:
        found.append("A size by one peak takes its whole broadening for one of size: with strain it is a lower bound.")
    if measured.halos:
        found.append(
            "The crystallinity is apparent: it weighs crystal and halo by the area each scatters in this range above "
            "the baseline."
        )
    if measured.crystal is not None:
        found.append("The structure's intensities, kinematic and of static atoms, are taken good to 10 %.")
    return tuple(found)
