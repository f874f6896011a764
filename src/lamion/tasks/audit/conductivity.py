"""Reported conductivities against their spectra, without the area.

Where the electrodes' area was not told, one area is fitted to all reports; each is held against its own spectrum with
the area that the others give. Reports that several spectra share, or that stand far off their own, are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, InputError, Quantity
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.points import Points
from lamion.techniques.conduction import reported as technique

Array = NDArray[np.float64]
_NAMED = 3
"""Files that are named as examples."""


@task(
    results={
        "area": Result("cm2", "of the electrodes, fitted to the reports", headline=True),
        "area_without.*": Result(
            "cm2", "for one file, from the reports of the others, as uncertain as they scatter", leaves_out="reported"
        ),
    },
    evidence="measured",
    cites=("boukamp1986", "brug1984"),
    example="film_1.csv film_2.csv film_3.csv film_4.csv "
    '--thickness "film_1=9 um" --thickness "film_2=9.5 um" --thickness "film_3=9 um" --thickness "film_4=8.8 um" '
    '--reported "film_1=5.6e-4 S/cm" --reported "film_2=5.7e-4 S/cm" --reported "film_3=5.7e-4 S/cm" '
    '--reported "film_4=5.4e-4 S/cm"',
)
def conductivity(
    files: Annotated[
        tuple[File, ...], Option("impedance of blocking cells", positional=True, record="ImpedanceSpectrum")
    ],
    thickness: Annotated[Mapping[str, Quantity], Option("of each, by its file's name", example="film_1=9 um")],
    reported: Annotated[
        Mapping[str, Quantity],
        Option("conductivity of each, by its file's name", of="conductivity", example="film_1=5.62e-4 S/cm"),
    ],
    points: Points,
) -> Answer:
    """Hold the reports against the spectra."""
    names = _names([file.name for file in files])
    spectra = [one.within(points.lowest, points.highest) for one in points.of_each(files)]
    lengths = _of_each(thickness, "thickness", names)
    return technique.reported(names, spectra, lengths, _of_each(reported, "reported conductivity", names))


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
