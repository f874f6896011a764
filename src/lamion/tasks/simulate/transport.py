"""Concentrations and voltages of a film between lithium under current.

The salt's diffusion coefficient follows from the conductivity by Nernst and Einstein unless it is given. A transference
number of 1 is that of a single-ion conductor. Without current and time the film's limiting current is computed alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np

from lamion.formats.netcdf_fields import NetcdfField, to_netcdf
from lamion.models.transport.binary_electrolyte import laws_of
from lamion.models.transport.film_transport import FilmTransport, film_transport
from lamion.models.transport.film_under_current import Discretisation, FilmUnderCurrent
from lamion.models.transport.law_transport import law_transport
from lamion.models.transport.limiting_current import limiting_current
from lamion.models.transport.solution import Solution
from lamion.models.transport.steady_readings import steady_picture
from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.properties import ROOM_TEMPERATURE
from lamion.substances import Electrolyte, published_electrolyte
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.options.electrolyte import of_electrolyte

_ONE = Quantity(1.0, None, "1")
_QUICK_CELLS = 40
_MAY_DEPEND = ("conductivity", "transference", "diffusivity", "thermodynamic_factor")
"""On the concentration."""


@dataclass(frozen=True)
class FilmOptions:
    """A film, and what is done to it."""

    thickness: Annotated[Quantity, Option("of the film between the electrodes", subject=True)]
    concentration: Annotated[Quantity, of_electrolyte("concentration")]
    conductivity: Annotated[Quantity | None, of_electrolyte("conductivity", laws=True)] = None
    transference: Annotated[Quantity | None, of_electrolyte("transference", laws=True)] = None
    law: Annotated[
        Literal["litfsi-peo"] | None,
        Option("instead of the two: laws of concentration, of LiTFSI in PEO at 85 degC"),
    ] = None
    current: Annotated[Quantity | None, Option("what flows")] = None
    time: Annotated[Quantity | None, Option("since the current was switched on")] = None
    temperature: Annotated[Quantity | None, Option("of the cell", otherwise=str(ROOM_TEMPERATURE))] = None
    diffusivity: Annotated[Quantity | None, of_electrolyte("diffusivity", laws=True)] = None
    thermodynamic_factor: Annotated[Quantity | None, of_electrolyte("thermodynamic_factor", laws=True)] = None
    rct: Annotated[
        Quantity | None,
        Option("charge-transfer resistance", of="charge_transfer", example="24.5 ohm cm2", otherwise="none"),
    ] = None
    rct_convention: Annotated[Literal["cell", "interface"], Option("both interfaces or one")] = "cell"

    def case(self, current: Quantity, time: Quantity) -> FilmUnderCurrent:
        """Return the film under a current, by numbers."""
        conductivity, transference = self.numbers()
        return FilmUnderCurrent(
            thickness=self.thickness,
            conductivity=conductivity,
            transference=transference,
            concentration=self.concentration,
            current=current,
            time=time,
            temperature=self.temperature or ROOM_TEMPERATURE,
            diffusivity=self.diffusivity,
            thermodynamic_factor=self.thermodynamic_factor or _ONE,
            charge_transfer=self.charge_transfer(),
        )

    def numbers(self) -> tuple[Quantity, Quantity]:
        """Return conductivity and transference number, which a film without laws has."""
        if self.conductivity is None:
            raise InputError("The conductivity is missing.", "", "Give it, or name a law.")
        if self.transference is None:
            raise InputError("The transference is missing.", "", "Give it, or name a law.")
        return self.conductivity, self.transference

    def by_laws(self) -> Electrolyte | None:
        """Return the electrolyte where a property of it depends on the concentration."""
        if self.law is not None:
            self._refuse_beside_a_law()
            return published_electrolyte(self.law)
        given = Electrolyte(**{name: getattr(self, name) for name in _MAY_DEPEND})
        return given if laws_of(given) else None

    def charge_transfer(self) -> Quantity | None:
        """Return the resistance of one interface."""
        given = self.rct
        if given is None or self.rct_convention == "interface":
            return given
        return Quantity(given.value / 2, None if given.std is None else given.std / 2, given.unit, given.source)

    def _refuse_beside_a_law(self) -> None:
        for name in ("temperature", *_MAY_DEPEND):
            if getattr(self, name) is not None:
                title = f"The {name.replace('_', ' ')}"
                raise InputError(f"{title} is given beside a law.", "The law says it already.", "Leave one away.")


@task(
    results={
        "concentration_drop": Result("mol/m3", "across the film, at the time", headline=True),
        "voltage": Result("mV", "between the lithium electrodes, at the time", headline=True),
        "limiting_current": Result("mA/cm2", "above which there is no steady state", headline=True),
        "steady_fraction": Result("1", "share of the steady concentration drop"),
        "time_to_99_percent": Result("s", "until 99 % of the steady drop"),
        "depletion_time": Result("s", "until the salt at the plating electrode is used up"),
        "potential_drop": Result("mV", "the electrostatic part within the electrolyte"),
    },
    evidence="model",
    example=(
        '--thickness "9 um" --conductivity "5.62e-4 S/cm" --transference 0.78 --concentration "2 mol/L" '
        '--current "1.2 mA/cm2" --time "60 s"'
    ),
    cites=("newman2004",),
    heavy=True,
    quick=True,
    files={"fields": "write concentration and potential as NetCDF"},
)
def transport(
    film: FilmOptions,
    context: Context,
    dimension: Annotated[
        int | None, Option("of the fields: 1, 2 or 3", example="2", otherwise="1, or 2 with a width")
    ] = None,
    width: Annotated[
        Quantity | None,
        Option("of the film sideways", unit="m", example="12 um", otherwise="4/3 of its thickness"),
    ] = None,
    cells: Annotated[
        int | None,
        Option("along each axis", example="100", otherwise="200, 100 or 40 in 1, 2 or 3 dimensions"),
    ] = None,
    picture: Annotated[bool, Option("say whether a picture of the field shows the steady state")] = False,
) -> Answer:
    """Simulate the film."""
    if film.current is None and film.time is None:
        if picture or film.rct is not None or any(item is not None for item in (dimension, width, cells)):
            raise InputError(
                "Current and time are missing.",
                "The limiting current alone needs no grid, no picture and no charge transfer.",
                "Give both, or leave the others away.",
            )
        return _limit(film, context)
    if film.current is None or film.time is None:
        raise InputError(
            f"The {'current' if film.current is None else 'time'} is missing.",
            "",
            "Give current and time, or neither for the limiting current alone.",
        )
    grid = _discretisation(dimension, width, cells, quick=context.quick)
    electrolyte = film.by_laws()
    if electrolyte is not None:
        if picture:
            raise InputError("Films by a law have no verdict on a picture.", "", "Leave picture away.")
        found = law_transport(
            electrolyte,
            film.thickness,
            film.concentration,
            film.current,
            film.time,
            temperature=film.temperature,
            charge_transfer=film.charge_transfer(),
            discretisation=grid,
            progress=context.progress,
        )
        return _with_fields(found, context)
    case = film.case(film.current, film.time)
    found = film_transport(case, grid, progress=context.progress)
    answer = _with_fields(found, context)
    return steady_picture(answer, case) if picture else answer


def _limit(film: FilmOptions, context: Context) -> Answer:
    if film.by_laws() is not None or context.wanted:
        raise InputError("Current and time are missing.", "", "Give both.")
    return limiting_current(
        film.thickness,
        *film.numbers(),
        film.concentration,
        film.temperature or ROOM_TEMPERATURE,
        film.diffusivity,
        film.thermodynamic_factor,
    )


def _discretisation(dimension: int | None, width: Quantity | None, cells: int | None, *, quick: bool) -> Discretisation:
    chosen = (1 if width is None else 2) if dimension is None else dimension
    if quick and cells is None and chosen > 1:
        cells = _QUICK_CELLS
    return Discretisation(chosen, cells, None if width is None else width.si)


def _with_fields(found: FilmTransport, context: Context) -> Answer:
    """Add the fields where they will be written: they can be large."""
    if "fields" not in context.wanted:
        return found.answer
    if found.solution is None:
        raise InputError(
            "A single-ion conductor has no concentration field.",
            "Its concentration stays even.",
            "Leave fields away.",
        )
    return replace(found.answer, files={"fields": _netcdf(found.solution)})


def _netcdf(solution: Solution) -> bytes:
    return to_netcdf(
        np.array(solution.times),
        dict(zip(("y", "x", "z"), solution.grid.centres, strict=False)),
        {
            "concentration": NetcdfField(solution.concentration, "mol m-3", "salt concentration"),
            "potential": NetcdfField(solution.potential, "V", "potential of a lithium electrode at the place"),
        },
        title="Ion transport in an electrolyte film between lithium electrodes; y runs through the film",
    )
