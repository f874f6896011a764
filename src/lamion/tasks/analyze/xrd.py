"""Distances of planes, sizes and crystallinity from a powder pattern.

FILE is a diffractometer's file, or a table of two theta and counts. Without --position the peaks that stand out are
fitted, each with its K-alpha2. --instrument-width turns widths into sizes; --standard takes the errors of the angles
from a powder in the sample; --halo says where what is amorphous scatters; --structure holds the peaks against a
crystal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from lamion.formats.cif import read_raw_crystal
from lamion.quantities import Answer, InputError, Quantity
from lamion.records.measurements import Pattern
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import Bands, records_of
from lamion.techniques.diffraction.diffraction import diffraction
from lamion.techniques.diffraction.measured import Measured
from lamion.techniques.diffraction.size import CONSTANT, CONSTANT_UNCERTAINTY

_CONSTANT = Quantity(CONSTANT, CONSTANT_UNCERTAINTY, "1")
_UNSTATED_WIDTH = 0.0


@dataclass(frozen=True)
class Reflections(Bands):
    """Peaks of a pattern, of which there may be many."""

    number: Annotated[int | None, Option("of peaks, the strongest", minimum=1, maximum=60, example="4")] = None


@task(
    results={
        "crystallinity": Result("1", "the peaks' share of the area, halos included", headline=True),
        "explained_fraction": Result("1", "of the peaks' area, by the structure's reflections", headline=True),
        "lotgering_factor": Result("1", "0 of a powder, 1 of plates that all lie flat", headline=True),
        "march_parameter": Result("1", "of March and Dollase: 1 of a powder, below 1 of flat plates", headline=True),
        "size": Result("nm", "of crystallites, by the widths of all peaks", headline=True),
        "strain": Result("1", "by the same", headline=True),
        "*.position": Result("deg", "two theta of a peak, its K-alpha1", headline=True),
        "*.d": Result("angstrom", "distance of its planes", headline=True),
        "*.width": Result("deg", "full width at half maximum of K-alpha1"),
        "*.area": Result("1", "counts times deg, of K-alpha1"),
        "*.size": Result("nm", "of crystallites across the planes, without strain", headline=True),
        "*.smallest_size": Result("nm", "the same with the instrument's width in it: a lower bound", headline=True),
    },
    evidence="measured",
    example='xrd.csv --halo 21 --instrument-width "0.08 ± 0.01 deg"',
    cites=("patterson1939", "williamson1953", "lotgering1959", "dollase1986", "hoelzer1997"),
    usual=True,
)
def xrd(
    file: Annotated[File, Option("a pattern", positional=True, record="Pattern")],
    peaks: Reflections,
    scan: Annotated[int | None, Option("which of several ranges", minimum=1, example="2")] = None,
    halo: Annotated[tuple[float, ...], Option("where what is amorphous scatters, in deg", example="21")] = (),
    wavelength: Annotated[
        str | None, Option("CuKa, CuKa1, CoKa, MoKa, or a length", example="0.7 angstrom", otherwise="the file's")
    ] = None,
    second_ratio: Annotated[
        float | None, Option("K-alpha2 over K-alpha1, 0 without", minimum=0.0, maximum=1.0, otherwise="the file's")
    ] = None,
    zero: Annotated[
        Quantity | None,
        Option(
            "what is read at zero", unit="deg", example="0.01 ± 0.005 deg", otherwise="0 ± 0.02 deg", positive=False
        ),
    ] = None,
    displacement: Annotated[
        Quantity | None,
        Option("of the sample below the axis", unit="m", example="50 ± 20 um", otherwise="0 ± 100 um", positive=False),
    ] = None,
    radius: Annotated[
        Quantity | None, Option("of the goniometer", unit="m", example="240 mm", otherwise="the file's, else 200 mm")
    ] = None,
    standard: Annotated[Literal["silicon", "lab6"] | None, Option("a powder mixed into the sample")] = None,
    instrument_width: Annotated[
        Quantity | None, Option("at half maximum of a peak without size", unit="deg", example="0.08 ± 0.01 deg")
    ] = None,
    shape_factor: Annotated[Quantity, Option("K of Scherrer's equation", unit="1", example="0.94")] = _CONSTANT,
    structure: Annotated[File | None, Option("a crystal (CIF) that the peaks are held against")] = None,
    normal: Annotated[tuple[int, ...], Option("the planes along which its plates are flat")] = (0, 0, 1),
) -> Answer:
    """Fit the peaks."""
    if peaks.named and peaks.number is not None:
        raise InputError("Peaks are named and counted.", "", "Say --position or --number.")
    if len(normal) != 3:
        raise InputError(f"The planes '{','.join(map(str, normal))}' are not three whole numbers.", "", "Write 0,0,1.")
    measured = Measured(
        peaks.choice(),
        wavelength,
        second_ratio,
        halo,
        _pair(zero, "deg"),
        _pair(displacement, "m"),
        None if radius is None else radius.to("m").value,
        standard,
        _pair(instrument_width, "deg"),
        (shape_factor.value, shape_factor.std or 0.0),
        None if structure is None else read_raw_crystal(structure.raw, partial=True),
        (normal[0], normal[1], normal[2]),
    )
    return diffraction(_one(file, scan), measured)


def _pair(one: Quantity | None, unit: str) -> tuple[float, float] | None:
    """Return a value with its standard uncertainty, a rather small one where it has none."""
    if one is None:
        return None
    own = one.to(unit)
    return own.value, own.std if own.std else _UNSTATED_WIDTH


def _one(file: File, scan: int | None) -> Pattern:
    """Return the file's pattern, or one of its ranges."""
    found = records_of(file, Pattern)
    if scan is None and len(found) > 1:
        raise InputError(
            f"{file.name} holds {len(found)} ranges where one is needed.", "", "Say which, counted from 1: --scan 1."
        )
    number = 1 if scan is None else scan
    if number > len(found):
        raise InputError(f"{file.name} has no range {number}.", "", f"It holds {len(found)}.")
    return found[number - 1]
