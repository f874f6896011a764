"""A lithium-metal cell as people state it: what the tasks about such cells share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal

from lamion.models.cells.cathodes import Cathode, cathode
from lamion.models.cells.cell_simulator import CellSimulator, Mesh
from lamion.models.cells.open_circuit import TabulatedPotential
from lamion.models.cells.stated_cell import DEFAULTS, StatedCell
from lamion.quantities import InputError, Quantity
from lamion.records.measurements import OpenCircuitCurve
from lamion.tasks.declaring import File, Option
from lamion.tasks.options.electrolyte import of_electrolyte

_MATERIAL = ("capacity", "diffusion_rate", "exchange_current")
_BUILT = ("thickness", "concentration", "loading", "porosity")
_QUICK = Mesh(film=16, cathode=8, particle=12)


@dataclass(frozen=True)
class CellOptions:
    """A cell with a solid electrolyte between lithium and a composite cathode."""

    cathode: Annotated[str, Option("active material, lfp or ncm622", example="lfp", formerly="active_material")]
    loading: Annotated[Quantity, Option("active mass per area", subject=True)]
    one_c: Annotated[Quantity, Option("current of 1C", of="current", example="1.30 mA/cm2", subject=True)]
    window: Annotated[
        tuple[Quantity, ...], Option("lowest and highest voltage", of="voltage", example="2.8 V, 4.3 V", subject=True)
    ]
    thickness: Annotated[Quantity, Option("of the electrolyte")] = DEFAULTS["thickness"]
    conductivity: Annotated[Quantity, of_electrolyte("conductivity")] = DEFAULTS["conductivity"]
    transference: Annotated[Quantity, of_electrolyte("transference")] = DEFAULTS["transference"]
    concentration: Annotated[Quantity, of_electrolyte("concentration")] = DEFAULTS["concentration"]
    temperature: Annotated[Quantity, Option("of the cell")] = DEFAULTS["temperature"]
    lithium_resistance: Annotated[
        Quantity, Option("charge transfer at the one lithium interface", of="charge_transfer")
    ] = DEFAULTS["lithium_resistance"]
    contact_resistance: Annotated[
        Quantity, Option("ohmic, outside film and electrodes", of="charge_transfer", positive=False)
    ] = DEFAULTS["contact_resistance"]
    porosity: Annotated[Quantity, Option("of the cathode, filled by the catholyte")] = DEFAULTS["porosity"]
    catholyte: Annotated[
        Quantity | None,
        Option(
            "conductivity of what fills the pores",
            of="conductivity",
            example="5e-4 S/cm",
            otherwise="the electrolyte's, to a factor of 2",
        ),
    ] = None
    diffusivity: Annotated[Quantity | None, of_electrolyte("diffusivity")] = None
    protocol: Annotated[Literal["full", "cc", "cc-cv"], Option("charge before each discharge")] = "full"
    capacity: Annotated[
        Quantity | None,
        Option(
            "of the active material at rest: lfp 2.5 to 4.0 V, ncm622 2.8 to 4.3 V",
            otherwise="published",
        ),
    ] = None
    diffusion_rate: Annotated[
        Quantity | None, Option("D/R2 in its particles", unit="s-1", example="1.2e-4 s-1", otherwise="published")
    ] = None
    exchange_current: Annotated[
        Quantity | None,
        Option("of its particles, at half the lithium", of="current", example="0.1 mA/cm2", otherwise="published"),
    ] = None
    potential: Annotated[
        File | None,
        Option(
            "its open-circuit potential: Lithium Content / 1, Voltage / V",
            otherwise="published",
            record="OpenCircuitCurve",
            formerly="ocp",
        ),
    ] = None

    def inputs(self, *, quick: bool = False) -> StatedCell:
        """Return the cell; in a quick run without uncertainties that need a build of their own and move little."""
        if len(self.window) != 2:
            raise InputError(f"The window holds {len(self.window)} voltages.", "", "Give two, like 2.8 V, 4.3 V.")
        cell = StatedCell(
            cathode=self._material(),
            loading=self.loading,
            one_c=self.one_c,
            window=(self.window[0], self.window[1]),
            thickness=self.thickness,
            conductivity=self.conductivity,
            transference=self.transference,
            concentration=self.concentration,
            temperature=self.temperature,
            lithium_resistance=self.lithium_resistance,
            contact_resistance=self.contact_resistance,
            porosity=self.porosity,
            catholyte=self.catholyte,
            diffusivity=self.diffusivity,
            protocol=self.protocol,
        )
        exact: dict[str, Any] = {name: replace(getattr(cell, name), std=None) for name in _BUILT}
        return replace(cell, **exact) if quick else cell

    def _material(self) -> Cathode:
        found = cathode(self.cathode)
        for name in _MATERIAL:
            given: Quantity | None = getattr(self, name)
            if given is not None:
                found = found.with_fact(name, replace(given, source=given.source or "given"))
        if self.potential is None:
            return found
        curve = self.potential.read().the(OpenCircuitCurve)
        return found.with_potential(TabulatedPotential(curve.content, curve.voltage), self.potential.name)


@cache
def simulator(*, quick: bool) -> CellSimulator:
    """Return a simulator, with fewer points in a quick run; one for all tasks, since a cell's build takes longest."""
    return CellSimulator(_QUICK if quick else Mesh())
