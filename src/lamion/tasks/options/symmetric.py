"""A symmetric lithium cell as people state it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from lamion.models.cells.symmetric_cell import SymmetricCell
from lamion.quantities import InputError, Quantity
from lamion.tasks.declaring import Noun, Option


@dataclass(frozen=True)
class SymmetricFields:
    """A Li|Li cell under a constant current, whoever's its resistance is."""

    thickness: Annotated[Quantity, Option("of the electrolyte", unit="m", example="9 um", subject=True)]
    conductivity: Annotated[Quantity, Option("at the cell's temperature", unit="S/m", example="1.37e-3 S/cm")]
    transference: Annotated[Quantity, Option("of the lithium ion", example="0.81", positive=False)]
    concentration: Annotated[Quantity, Option("of the salt at rest", unit="mol/m3", example="2 mol/L")]
    rct: Annotated[Quantity, Option("charge-transfer resistance", unit="ohm m2", example="24.5 ohm cm2")]
    temperature: Annotated[Quantity, Option("of the cell", unit="K", example="55 degC")]
    current: Annotated[
        Quantity | None,
        Option("of the test", unit="A/m2", example="0.4 mA/cm2", otherwise="the first of a staircase"),
    ] = None
    diffusivity: Annotated[
        Quantity | None, Option("of the salt", unit="m2/s", example="1e-7 cm2/s", otherwise="Nernst and Einstein")
    ] = None
    thermodynamic_factor: Annotated[Quantity | None, Option("of the salt", example="1.5", otherwise="1")] = None

    def cell(self, current: Quantity | None = None) -> SymmetricCell:
        """Return the cell; under another current than its own where one is named."""
        flowing = self.current if current is None else current
        if flowing is None:
            raise InputError("The cell has no current.", "", "Give it, for example '0.4 mA/cm2'.")
        return SymmetricCell(
            thickness=self.thickness,
            conductivity=self.conductivity,
            transference=self.transference,
            concentration=self.concentration,
            rct=self.rct,
            current=flowing,
            temperature=self.temperature,
            diffusivity=self.diffusivity,
            thermodynamic_factor=self.thermodynamic_factor,
        )


@dataclass(frozen=True)
class SymmetricOptions(SymmetricFields):
    """A Li|Li cell under a constant current."""

    rct_convention: Annotated[
        Literal["cell", "interface"] | None,
        Option("whose the resistance is", otherwise="not known: the middle of both readings", formerly="convention"),
    ] = None


SYMMETRIC = Noun.of(SymmetricFields, SymmetricFields.cell)
