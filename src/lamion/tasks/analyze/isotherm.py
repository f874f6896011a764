"""Area of a surface and width of pores from a sorption isotherm.

FILE is an instrument's file, or a table of loading against relative pressure. The area is that of Brunauer, Emmett and
Teller in the window of Rouquerol's rules; every other window they allow is its uncertainty. --pore-width is a width of
micropores that the isotherm should show: it is refused where the pressures do not reach low enough.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.records import Isotherm
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import only_one
from lamion.techniques.sorption.isotherm import Measured, sorption


@task(
    results={
        "area": Result("m2/g", "of the surface, with the spread over windows", headline=True),
        "smallest_area": Result("m2/g", "of all windows that the rules allow"),
        "largest_area": Result("m2/g", "the same"),
        "micropore_width": Result("nm", "free width of slits that is most frequent", headline=True),
        "needed_pressure": Result("1", "p/p0 from which on the asked width is seen", headline=True),
        "pore_volume": Result("cm3/g", "filled at p/p0 = 0.95", headline=True),
        "monolayer": Result("mmol/g", "of the BET equation"),
        "constant": Result("1", "C of the BET equation"),
    },
    evidence="measured",
    example='isotherm.csv --adsorbate N2 --temperature "77.355 K" --pore-width "0.59 nm"',
    cites=("brunauer1938", "rouquerol2007", "horvath1983", "thommes2015"),
    usual=True,
)
def isotherm(
    file: Annotated[File, Option("an isotherm", positional=True, record="Isotherm")],
    adsorbate: Annotated[str | None, Option("its formula", example="N2", otherwise="the file's")] = None,
    temperature: Annotated[
        Quantity | None, Option("at which it was measured", example="77.355 K", otherwise="the file's")
    ] = None,
    molecule_area: Annotated[
        Quantity | None, Option("that one molecule covers", unit="m2", example="0.162 nm2", otherwise="0.162 nm2 of N2")
    ] = None,
    saturation_pressure: Annotated[
        Quantity | None, Option("of the adsorbate", unit="Pa", example="101.3 kPa", otherwise="the file's")
    ] = None,
    pore_width: Annotated[
        Quantity | None, Option("of micropores that should be seen", unit="m", example="0.59 nm")
    ] = None,
) -> Answer:
    """Read the isotherm."""
    measured = Measured(
        None if molecule_area is None else molecule_area.to("m2").value,
        None if saturation_pressure is None else saturation_pressure.to("Pa").value,
        None if pore_width is None else 1e9 * pore_width.to("m").value,
        adsorbate,
        None if temperature is None else temperature.to("K").value,
    )
    return sorption(only_one(file, Isotherm), measured)
