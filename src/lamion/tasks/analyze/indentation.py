"""Modulus and hardness from indentation curves.

FILE is a curve of load against depth, or a workbook of several tests with several cycles each. The stiffness at the
beginning of each unloading, the probe's area and Poisson's ratio give the modulus (Oliver and Pharr). What is open
stands in the uncertainty: the part of the unloading that is fitted, the area, beta, creep, drift, the scatter between
indents. A modulus that would be negative is refused, with what lacks.
"""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import Answer, InputError, Quantity
from lamion.records import IndentationCurve
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import records_of
from lamion.techniques.mechanics.cycle_reading import Settings
from lamion.techniques.mechanics.indentations import indentation as read_indentation
from lamion.techniques.mechanics.probes import DIAMOND_MODULUS, DIAMOND_POISSON, Probe, in_metres

_DIAMOND = Quantity(DIAMOND_MODULUS / 1e9, None, "GPa")


@task(
    results={
        "modulus": Result("GPa", "Young's modulus, mean of the indents", headline=True),
        "hardness": Result("GPa", "load over projected area", headline=True),
        "pressure": Result("GPa", "under a flat punch, in place of a hardness", headline=True),
        "reduced_modulus": Result("GPa", "of sample and indenter together"),
        "scatter": Result("GPa", "standard deviation of the modulus between indents"),
    },
    evidence="measured",
    example='indentation.csv --poisson "0.30 ± 0.03" --corrected',
    cites=("oliver1992", "oliver2004", "feng2002"),
    usual=True,
)
def indentation(
    files: Annotated[tuple[File, ...], Option("curves of one sample", positional=True, record="IndentationCurve")],
    poisson: Annotated[
        Quantity | None,
        Option(
            "of the sample, where the file is silent",
            unit="1",
            example="0.30 ± 0.05",
            positive=False,
            minimum=-0.99,
            maximum=0.5,
        ),
    ] = None,
    probe: Annotated[Literal["berkovich", "flat-punch", "sphere"], Option("the indenter's shape")] = "berkovich",
    radius: Annotated[Quantity | None, Option("of a flat punch or a sphere", unit="m", example="100 nm")] = None,
    area_function: Annotated[
        tuple[float, ...], Option("coefficients of h2, h, h1/2, h1/4 ... in nm, in place of the file's", example="24.5")
    ] = (),
    ideal: Annotated[bool, Option("take the probe's own shape, whatever area function the file has")] = False,
    frame_stiffness: Annotated[
        Quantity | None, Option("of the machine, in place of the file's", unit="N/m", example="3.6e6 N/m")
    ] = None,
    corrected: Annotated[bool, Option("the depth is without the frame's compliance already")] = False,
    beta: Annotated[
        Quantity | None,
        Option(
            "by which a pyramid is stiffer than a round punch", unit="1", example="1.034", otherwise="1, open to 1.05"
        ),
    ] = None,
    tip_modulus: Annotated[Quantity, Option("of the indenter; diamond", of="modulus")] = _DIAMOND,
    tip_poisson: Annotated[float, Option("of the indenter; diamond", minimum=-0.99, maximum=0.5)] = DIAMOND_POISSON,
    upper: Annotated[float, Option("part of the largest load where the fit begins", minimum=0.5, maximum=1.0)] = 0.95,
    lower: Annotated[float, Option("part of it where the fit ends", minimum=0.05, maximum=0.9)] = 0.4,
    drift: Annotated[
        Quantity | None, Option("rate of the depth, to be taken off", unit="nm/s", example="0.03 nm/s", positive=False)
    ] = None,
    keep_creep: Annotated[bool, Option("do not correct the stiffness by the rate of creep")] = False,
    thickness: Annotated[Quantity | None, Option("of the film that is indented", subject=True)] = None,
) -> Answer:
    """Read the unloadings."""
    curves = [curve for file in files for curve in records_of(file, IndentationCurve)]
    if not lower < upper:
        raise InputError(f"The fit would begin at {upper:g} and end at {lower:g} of the load.", "", "Exchange them.")
    shape = _shape(curves, probe, radius, () if ideal else in_metres(area_function), own=not (ideal or area_function))
    settings = Settings(
        shape, _poisson(curves, poisson), beta, frame_stiffness, True if corrected else None, tip_modulus.si,
        tip_poisson, upper, lower, drift, not keep_creep, thickness,
    )  # fmt: skip
    return read_indentation(curves, settings)


def _poisson(curves: list[IndentationCurve], given: Quantity | None) -> Quantity:
    known = {curve.poisson for curve in curves}
    if given is not None:
        return given
    if len(known) == 1 and (own := known.pop()) is not None:
        return Quantity(own, None, "1", "the file")
    raise InputError(
        "Poisson's ratio of the sample is not known.",
        "The load shows the modulus over 1 - nu2 alone.",
        'Give it with how far it is open: --poisson "0.30 ± 0.05".',
    )


def _shape(
    curves: list[IndentationCurve],
    probe: Literal["berkovich", "flat-punch", "sphere"],
    radius: Quantity | None,
    coefficients: tuple[float, ...],
    *,
    own: bool,
) -> Probe:
    """Return the probe; of a Berkovich tip with the files' area function where none is said."""
    if own and probe == "berkovich":
        known = {curve.area_function for curve in curves}
        if len(known) > 1:
            raise InputError("The files have several area functions.", "", "Say which holds: --area-function.")
        coefficients = known.pop() or ()
    if radius is None:
        return Probe(probe, None, 0.0, coefficients)
    return Probe(probe, radius.si, radius.si_std, coefficients)
