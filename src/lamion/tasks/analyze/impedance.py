"""Circuit parameters from impedance, without a guess.

Several files are a series that one circuit describes: the results are the means, the series (--csv) has a row for
each. Without --circuit the best of a family is chosen by AICc, and the notes say why: circuits of cells between
lithium or other reversible electrodes (cell), or between blocking ones (blocking).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Literal

from lamion.quantities import Answer, InputError, Quantity, units
from lamion.tasks.declaring import Context, File, Option, Result, task
from lamion.tasks.options.points import PointsOfSweeps
from lamion.techniques.impedance.circuit_parameters import circuit_parameters
from lamion.techniques.impedance.families import BLOCKING_FAMILY, CELL_FAMILY
from lamion.techniques.impedance.series import UNITS, resistance_series
from lamion.texts import cell


@task(
    results={
        "L[0-9]": Result("", "inductance; L0 that of the leads"),
        "R[0-9]": Result("", "resistance"),
        "R_polarisation": Result("", "at zero frequency, without what is in series: beside an inductive branch"),
        "CPE[0-9].Q": Result("", "size of the constant-phase element"),
        "CPE[0-9].n": Result("", "its exponent: 1 as a capacitor"),
        "C[0-9]": Result("", "capacitance; of an arc with a constant-phase element, its effective one"),
        "*": Result("", "each parameter of the circuit by its name, and the effective capacitances", headline=True),
    },
    evidence="measured",
    example="lithium_cell.csv",
    cites=("macdonald1982", "boukamp1986", "burnham2004", "hurvich1989", "bates1988", "hirschorn2010", "cole1941"),
    files={"fitted": "write all data and fitted curves as CSV"},
    heavy=True,
)
def impedance(
    files: Annotated[tuple[File, ...], Option("impedance spectra", positional=True, record="ImpedanceSpectrum")],
    points: PointsOfSweeps,
    context: Context,
    circuit: Annotated[str | None, Option("the circuit", example="R0-p(R1,CPE1)-CPE2")] = None,
    family: Annotated[Literal["cell", "blocking"], Option("the circuits to choose from where none is named")] = "cell",
    weighting: Annotated[Literal["modulus", "proportional", "unit"], Option("how the points are weighed")] = "modulus",
    robust: Annotated[bool, Option("weigh outliers down")] = False,
    fix: Annotated[
        Mapping[str, Quantity] | None,
        Option("hold a parameter at a value", unit="", example="R0=30 ohm", positive=False),
    ] = None,
    bounds: Annotated[
        Mapping[str, str] | None, Option("between which values a parameter may lie", example="R0=-50..100 ohm")
    ] = None,
    share: Annotated[tuple[str, ...], Option("a parameter that has one value for all spectra", example="CPE1.n")] = (),
    series: Annotated[Literal["temperature", "time", "soc"] | None, Option("what changes from file to file")] = None,
    at: Annotated[
        tuple[Quantity, ...], Option("its value for each file", unit="", example="25 degC, 35 degC", positive=False)
    ] = (),
    area: Annotated[
        Quantity | None,
        Option("of one electrode: area-specific values", subject=True),
    ] = None,
) -> Answer:
    """Fit the circuit."""
    if at and series is None:
        raise InputError("It is said at what each file was measured, but not what changes.", "", "Name the series.")
    answer = circuit_parameters(
        points.of_all(files),
        circuit or {"cell": CELL_FAMILY, "blocking": BLOCKING_FAMILY}[family],
        weighting=weighting,
        loss="robust" if robust else "linear",
        fixed=fix,
        bounds=bounds,
        shared=list(share),
        lowest=points.lowest,
        highest=points.highest,
        area=area,
        in_order=series is not None,
        keep_outliers=points.decided,
        progress=context.progress,
    )
    if series is not None:
        answer = resistance_series(answer, series, _places(at, series))
    return replace(answer, files={"fitted": _curves(answer)})


def _places(at: Sequence[Quantity], series: Literal["temperature", "time", "soc"]) -> list[Quantity]:
    for place in at:
        if not units.same_dimension(place.unit, UNITS[series]):
            raise InputError(
                f"The {series} of a file is {units.dimension_name(place.unit)}, "
                f"not {units.dimension_name(UNITS[series])}.",
                "",
                "Give one for each file, with its unit.",
            )
    return list(at)


def _curves(answer: Answer) -> bytes:
    """Return the data and the fit of every spectrum as one table."""
    titles = ("Frequency / Hz", "Real Impedance / ohm", "Imaginary Impedance / ohm")
    header = ["File", *titles, "Fitted Real Impedance / ohm", "Fitted Imaginary Impedance / ohm"]
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(header)
    for curve in answer.figures["nyquist"].data["spectra"]:
        columns = (curve[name] for name in ("frequency", "re", "im", "fit_re", "fit_im"))
        rows.writerows([cell(curve["label"]), *map(repr, row)] for row in zip(*columns, strict=True))
    return table.getvalue().encode()
