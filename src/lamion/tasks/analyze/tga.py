"""Steps of a thermogram, its drift, and the composition they tell.

FILE holds a mass, or its fraction, against temperature and time. Steps lie between minima of the rate of loss. A gain
that no decomposition explains is named and counted; --blank takes the empty crucible's run off. A thermogram does not
tell what leaves: --component says it, as in "sn=1, framework=residue", and --compound and --left-as what stays of a
framework, as CuO of one with copper.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity
from lamion.records import ThermalCurve
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import only_one
from lamion.techniques.thermal.composition import assigned, share_left
from lamion.techniques.thermal.tga import WINDOW, TgaChoice
from lamion.techniques.thermal.tga import tga as read_tga


@task(
    results={
        "total_loss": Result("1", "of mass, from the first row to the last", headline=True),
        "residue": Result("1", "of mass, in the last row", headline=True),
        "*.loss": Result("1", "of mass, in a step", headline=True),
        "*.begin": Result("degC", "of a step"),
        "*.fastest": Result("degC", "where a step loses most"),
        "*.end": Result("degC", "of a step"),
        "apparent_gain": Result("1", "of mass above the first row, by drift or buoyancy"),
        "mass_fraction.*": Result("1", "of a component, by what was said of the steps", headline=True),
    },
    evidence="measured",
    example='tga.csv --component "solvent=1"',
    cites=("gabbott2008",),
)
def tga(
    file: Annotated[File, Option("mass against temperature", positional=True, record="ThermalCurve")],
    window: Annotated[float, Option("K, over which the rate of loss is read", minimum=0.5, maximum=200.0)] = WINDOW,
    rate: Annotated[
        Quantity | None, Option("of heating, where the file has no time", unit="K/min", example="10 K/min")
    ] = None,
    blank: Annotated[
        File | None, Option("the empty crucible through the same programme", record="ThermalCurve")
    ] = None,
    drift: Annotated[
        Quantity | None, Option("standard uncertainty of balance and buoyancy", unit="mg", example="10 ug")
    ] = None,
    component: Annotated[
        tuple[str, ...], Option("what leaves in which step, or is the residue", example="sn=1, framework=residue")
    ] = (),
    compound: Annotated[
        str | None, Option("formula of the component that is the residue's", example="Cu3C48H24N4O8")
    ] = None,
    left_as: Annotated[str | None, Option("formula of what it leaves", example="CuO")] = None,
) -> Answer:
    """Read the steps."""
    if (compound is None) != (left_as is None):
        raise InputError(
            "What stays of a compound needs two formulas, and one is said.", "", "Say --compound and --left-as."
        )
    stays = None if compound is None or left_as is None else share_left(compound, left_as)
    choice = TgaChoice(
        rate=None if rate is None else rate.si,
        window=window,
        blank=None if blank is None else only_one(blank, ThermalCurve),
        drift=drift,
        components=tuple(assigned(component, stays)),
    )
    return read_tga(only_one(file, ThermalCurve), choice)
