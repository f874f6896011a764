"""A symmetric lithium cell as people state it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from lamion.models.cells.symmetric_cell import SymmetricCell
from lamion.quantities import InputError, Quantity
from lamion.tasks.declaring import Noun, Option
from lamion.tasks.options.electrolyte import of_electrolyte


@dataclass(frozen=True)
class SymmetricFields:
    """A Li|Li cell under a constant current, whoever's its resistance is."""

    thickness: Annotated[Quantity, Option("of the electrolyte", subject=True)]
    conductivity: Annotated[Quantity, of_electrolyte("conductivity")]
    transference: Annotated[Quantity, of_electrolyte("transference")]
    concentration: Annotated[Quantity, of_electrolyte("concentration")]
    rct: Annotated[Quantity, Option("charge-transfer resistance", of="charge_transfer", example="24.5 ohm cm2")]
    temperature: Annotated[Quantity, Option("of the cell")]
    current: Annotated[
        Quantity | None,
        Option("of the test", otherwise="the first of a staircase"),
    ] = None
    diffusivity: Annotated[Quantity | None, of_electrolyte("diffusivity")] = None
    thermodynamic_factor: Annotated[Quantity | None, of_electrolyte("thermodynamic_factor")] = None

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
