"""Bands of a Raman spectrum or map, and the share of coordinated anions.

FILE is a spectrum, or a map with one at each point. --free and --coordinated say where the anion's two bands are, as
740 and 747 of TFSI; --position names any bands; without them their number is found. Cosmic rays are left out and
counted. --calibration is a spectrum of polystyrene or silicon on the same instrument.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from lamion.quantities import Answer, InputError
from lamion.records import RamanSpectrum
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import Bands, Shape, only_one, records_of
from lamion.techniques.spectra.raman import Measured, anion_bands
from lamion.techniques.spectra.raman import raman as find_bands
from lamion.techniques.spectra.shift_calibration import ShiftCalibration, calibrate, measured_lines


@dataclass(frozen=True)
class RamanBands(Bands):
    """Bands of molecules: broadened by the instrument, and by their own life."""

    shape: Shape = "voigt"


@task(
    results={
        "apparent_coordinated_fraction": Result("1", "of the anion's two bands", headline=True),
        "*.position": Result("1/cm", "of a band", headline=True),
        "*.width": Result("1/cm", "full width at half maximum"),
        "*.area": Result("1", "counts times 1/cm"),
        "*.area_fraction": Result("1", "of all bands", headline=True),
    },
    evidence="measured",
    example="raman.csv --free 740 --coordinated 747",
    cites=("henderson2022", "whitaker2018"),
    usual=True,
)
def raman(
    file: Annotated[File, Option("a spectrum or a map", positional=True, record="RamanSpectrum")],
    bands: RamanBands,
    free: Annotated[float | None, Option("where the free anion's band is, in 1/cm", example="740")] = None,
    coordinated: Annotated[float | None, Option("where the coordinated one's is", example="747")] = None,
    calibration: Annotated[File | None, Option("a spectrum of a standard", record="RamanSpectrum")] = None,
    standard: Annotated[Literal["polystyrene", "silicon"], Option("what that is")] = "polystyrene",
    keep_spikes: Annotated[bool, Option("count points of cosmic rays")] = False,
) -> Answer:
    """Fit the bands."""
    if (free is None) != (coordinated is None):
        raise InputError("One of the anion's two bands is named.", "", "Say both --free and --coordinated, or none.")
    if free is not None and (bands.position or bands.number or bands.components):
        raise InputError("The anion's bands and others are named.", "", "Say --free and --coordinated, or the others.")
    named = () if free is None or coordinated is None else anion_bands(free, coordinated, bands.shape)
    choice = bands.choice(named)
    return find_bands(
        records_of(file, RamanSpectrum), Measured(choice, _calibration(calibration, standard), keep_spikes)
    )


def _calibration(file: File | None, standard: str) -> ShiftCalibration | None:
    if file is None:
        return None
    return calibrate(measured_lines(only_one(file, RamanSpectrum), standard), standard)
