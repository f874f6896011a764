"""Reported conductivities against the spectra that they are of, where the electrodes' area was not told.

One area is fitted to all reports; each is held against its own spectrum with the area that the others give. Reports that
several spectra share, or that stand far off their own, are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, Panel, Points, Rule
from lamion.records import ImpedanceSpectrum
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.points import Points as Counted
from lamion.techniques.conduction.plain_reading import OpenArcError, plain_reading
from lamion.techniques.conduction.reported import CommonArea, Repeats, common_area_raw, repeats_raw

Array = NDArray[np.float64]
_FAR = 2.0
"""Times: a report further off its spectrum is no other reading of it."""
_NAMED = 3
"""Rows that are named for what is found."""


@task(
    results={
        "area": Result("cm2", "of the electrodes, fitted to the reports", headline=True),
        "area_without.*": Result(
            "cm2", "for one file, from the reports of the others, as uncertain as they scatter", leaves_out="reported"
        ),
    },
    evidence="measured",
    example='a.csv b.csv c.csv d.csv --thickness "a=9 um" "b=9.5 um" "c=9 um" "d=8.8 um" '
    '--reported "a=5.6e-4 S/cm" "b=5.5e-4 S/cm" "c=5.7e-4 S/cm" "d=5.6e-4 S/cm"',
)
def conductivity(
    files: Annotated[
        tuple[File, ...], Option("impedance of blocking cells", positional=True, record="ImpedanceSpectrum")
    ],
    thickness: Annotated[Mapping[str, Quantity], Option("of each, by its file's name", example="a=9 um")],
    reported: Annotated[
        Mapping[str, Quantity],
        Option("conductivity of each, by its file's name", of="conductivity", example="a=5.62e-4 S/cm"),
    ],
    points: Counted,
) -> Answer:
    """Hold the reports against the spectra."""
    names = _names([file.name for file in files])
    length = _of_each(thickness, "thickness", names)
    values = _of_each(reported, "reported conductivity", names)
    known, least = _resistances(points.of_each(files), points)
    area = common_area_raw(length, known, values)
    rows = _Rows(names, values / (length / (known * area.without)), values / (length / (least * area.without)))
    repeats = repeats_raw(values.tolist())
    found = [text for text in (_repeated(rows, values, repeats), _apart(rows)) if text]
    results = {"area": Quantity(area.area * 1e4, area.std * 1e4, "cm2", "fitted to reported conductivities")}
    for name, one, std in zip(names, area.without * 1e4, area.without_std * 1e4, strict=True):
        results[f"area_without.{name}"] = Quantity(one, std, "cm2", "fitted to the other reported conductivities")
    return Answer(
        results,
        {
            "File": names,
            "Reported / S/cm": (values / 100.0).tolist(),
            "Resistance by Eye / ohm": _finite(known),
            "Lowest Resistance / ohm": _finite(least),
            "Area Implied / cm2": _finite(area.each * 1e4),
            "Reported over Spectrum / 1": _finite(rows.ratio),
            "Reported over Bound / 1": _finite(rows.over_bound),
        },
        verdict="shown" if found else "not shown",
        reason=" ".join(found) or "Every report is its own spectrum's.",
        method=f"The area is the median of what {int(np.isfinite(known).sum())} reports imply, each with Re Z where "
        "-Im Z is least.",
        assumptions=("All electrodes have one area.", "An operator reads Re Z where -Im Z is least."),
        figures={"reports": _figure(rows, area)},
    )


@dataclass(frozen=True, eq=False)
class _Rows:
    """What each report is over what its spectrum gives, and over what an open arc allows at most."""

    names: list[str]
    ratio: Array
    over_bound: Array

    def named(self, places: Sequence[int]) -> str:
        """Name some rows."""
        return ", ".join(self.names[k] for k in places)

    @property
    def off(self) -> Array:
        """How many times each report stands off its spectrum; 1 where an open arc allows it."""
        closed = np.maximum(self.ratio, 1.0 / self.ratio)
        return np.where(np.isfinite(self.ratio), closed, np.fmax(self.over_bound, 1.0))


def _names(files: Sequence[str]) -> list[str]:
    """Return the files' names without their endings, with a number where one comes again."""
    found: list[str] = []
    for file in files:
        stem = file.rpartition(".")[0] or file
        again = sum(one == stem or one.startswith(f"{stem}-") for one in found)
        found.append(stem if stem not in found else f"{stem}-{again + 1}")
    return found


def _of_each(given: Mapping[str, Quantity], name: str, files: Sequence[str]) -> Array:
    """Return what is given of each file, in the files' order, SI."""
    lacking, beyond = [one for one in files if one not in given], [one for one in given if one not in files]
    if lacking or beyond:
        raise InputError(
            f"The {name} of {lacking[0]} is not given."
            if lacking
            else f"The {name} of {beyond[0]} is given, and no file is called so.",
            "",
            f"Give one for each file, by its name without the ending: {', '.join(files[:_NAMED])} ...",
        )
    return np.array([given[one].si for one in files])


def _resistances(spectra: Sequence[ImpedanceSpectrum], points: Counted) -> tuple[Array, Array]:
    """Return what is read of each spectrum, and what that of an open arc is larger than."""
    known, least = np.full((2, len(spectra)), np.nan)
    for k, spectrum in enumerate(spectra):
        within = spectrum.within(points.lowest, points.highest)
        order = np.argsort(within.frequency, kind="stable")
        try:
            known[k] = plain_reading(within.frequency[order], within.impedance[order]).resistance
        except OpenArcError as open_:
            least[k] = open_.at_least
        except InputError as error:
            raise InputError(f"{spectrum.name}: {error.happened}", error.cause, error.remedy) from error
    return known, least


def _repeated(rows: _Rows, values: Array, repeats: Repeats) -> str:
    """Say which reports several spectra share, and how far those stand off."""
    if not repeats.groups:
        return ""
    told = "; ".join(
        f"{Quantity(values[group[0]] / 100.0, None, 'S/cm')} ({rows.named(group)})" for group in repeats.groups[:_NAMED]
    )
    far = np.array([rows.off[k] for group in repeats.groups for k in group])
    apart = far[far > _FAR]
    off = f" {len(apart)} of their {len(far)} rows stand {_span(apart)} times off their spectra." if len(apart) else ""
    return (
        f"{len(repeats.groups)} {'values are' if len(repeats.groups) > 1 else 'value is'} reported for several spectra: "
        f"{told}. Chance would make {_short(repeats.by_chance)} such pairs.{off}{_same_digits(rows, values)}"
    )


def _same_digits(rows: _Rows, values: Array) -> str:
    """Name rows off their spectra that share their digits at different powers of ten."""
    power = np.floor(np.log10(values))
    digits = [float(f"{one:.9g}") for one in values / 10.0**power]
    groups = [
        group
        for group in repeats_raw(digits).groups
        if len({power[k] for k in group}) > 1 and all(rows.off[k] > _FAR for k in group)
    ]
    told = "; ".join(f"{digits[group[0]]:g} ({rows.named(group)})" for group in groups[:_NAMED])
    return f" Rows off their spectra share their digits at other powers of ten: {told}." if groups else ""


def _apart(rows: _Rows) -> str:
    """Name the reports that are no reading of their spectra."""
    far = [k for k in np.argsort(-rows.off) if rows.off[k] > _FAR]
    if not far:
        return ""
    told = ", ".join(f"{rows.names[k]} ({_short(rows.off[k])} times)" for k in far[:_NAMED])
    more = f" and {len(far) - _NAMED} more" if len(far) > _NAMED else ""
    return f"{len(far)} of {len(rows.names)} reports are no reading of their spectra: {told}{more}."


def _span(numbers: Array) -> str:
    low, high = _short(numbers.min()), _short(numbers.max())
    return low if low == high else f"{low} to {high}"


def _short(number: float) -> str:
    return f"{float(f'{number:.2g}'):g}"


def _finite(numbers: Array) -> list[float | None]:
    return [float(one) if np.isfinite(one) else None for one in numbers]


def _figure(rows: _Rows, area: CommonArea) -> FigureData:
    """Draw every report over what its spectrum gives."""
    place = np.arange(len(rows.names), dtype=float)
    closed, open_ = np.isfinite(rows.ratio), np.isfinite(rows.over_bound)
    traces = [
        Rule(1.0, color="ink", dash="solid"),
        Points(rows.ratio[closed], place[closed], "over what the spectrum gives", 0),
        Points(rows.over_bound[open_], place[open_], "over the most that an open arc allows", 1, marker="square"),
    ]
    ticks = list(zip(place.tolist(), rows.names, strict=True))
    up = Axis("", "1", low=-0.7, high=len(place) - 0.3, ticks=ticks, backwards=True)
    panel = Panel(traces, Axis("reported conductivity over that of its spectrum", "1", "log"), up)
    figure = Figure([panel], size=(7.0, 1.6 + 0.2 * len(place)), legend="below")
    return figure.entitled(f"Reported conductivities against their spectra, one area of {area.area * 1e4:.3g} cm²")
