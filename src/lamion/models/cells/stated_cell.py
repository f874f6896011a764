"""A lithium-metal cell as people state it, in quantities, and what their uncertainties do to the cell."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from lamion.models.cells.cathodes import Cathode
from lamion.models.cells.lithium_metal_cell import POROSITIES, ChargeProtocol, LithiumMetalCell
from lamion.quantities import Quantity
from lamion.quantities.fields import Checked, of
from lamion.quantities.properties import ROOM_TEMPERATURE

DEFAULTS = {
    "lithium_resistance": Quantity(
        50.0, 25.0, "ohm cm2", "assumed: one interface of lithium with a polymer electrolyte"
    ),
    "contact_resistance": Quantity(0.0, None, "ohm cm2", "assumed: none"),
    "porosity": Quantity(0.30, 0.05, "1", "assumed: a pressed cathode"),
    "catholyte_ratio": Quantity(1.0, None, "1", "assumed: the pores are filled with the film's own electrolyte"),
    "temperature": replace(ROOM_TEMPERATURE, source="assumed"),
    "thickness": Quantity(9.0, None, "um", "assumed"),
    "conductivity": Quantity(5e-4, None, "S/cm", "assumed"),
    "transference": Quantity(0.5, 0.2, "1", "assumed"),
    "concentration": Quantity(1.0, None, "mol/L", "assumed"),
}
"""What a cell is taken to be where nothing is stated."""

CATHOLYTE_SPREAD = 2.0
"""One standard deviation, as a factor, of the conductivity in the cathode's pores where none is stated."""

_SHIFTED = (
    "loading",
    "one_c",
    "thickness",
    "conductivity",
    "transference",
    "concentration",
    "lithium_resistance",
    "contact_resistance",
    "porosity",
    "temperature",
    "diffusivity",
)
"""Inputs whose uncertainty is a difference, in the order in which they are moved."""


@dataclass(frozen=True)
class Uncertain:
    """One uncertain input of a cell.

    Parameters
    ----------
    name : str
        The input.
    spread : float
        One standard deviation in SI, of the natural logarithm where `factor`.
    at : callable
        From a number of standard deviations to the cell that many away.
    factor : bool
        Whether the input is known to a factor rather than to a difference.
    """

    name: str
    spread: float
    at: Callable[[float], LithiumMetalCell]
    factor: bool = False


@dataclass(frozen=True)
class StatedCell(Checked):
    """A lithium-metal cell in quantities.

    Parameters
    ----------
    cathode : Cathode
        Its active material.
    loading : Quantity
        Active mass per area, mg/cm2.
    one_c : Quantity
        Current of 1C, mA/cm2.
    window : (Quantity, Quantity)
        Lowest and highest voltage.
    thickness, conductivity, transference, concentration : Quantity
        Of the electrolyte film: um, S/cm at the cell's temperature, lithium's share, mol/L of salt.
    temperature : Quantity
        Of the cell; by default 25 degC.
    lithium_resistance : Quantity
        Charge transfer at the one lithium interface; by default 50 ± 25 ohm cm2.
    contact_resistance : Quantity
        By default none.
    porosity : Quantity
        Of the cathode; by default 0.30 ± 0.05.
    catholyte : Quantity or None
        Conductivity of what fills the pores, before tortuosity; None for the film's own, to a factor of two.
    diffusivity : Quantity or None
        Of the salt; None for the Nernst-Einstein value.
    protocol : str
        As in :class:`~lamion.models.cells.lithium_metal_cell.LithiumMetalCell`.

    Raises
    ------
    InputError
        When a quantity has another dimension than it should.
    """

    cathode: Cathode
    window: tuple[Quantity, Quantity]
    loading: Quantity = of("loading")
    one_c: Quantity = of("current", term="current of 1C")
    thickness: Quantity = of("thickness")
    conductivity: Quantity = of("conductivity")
    transference: Quantity = of("transference")
    concentration: Quantity = of("concentration")
    temperature: Quantity = of("temperature", default=DEFAULTS["temperature"])
    lithium_resistance: Quantity = of(
        "charge_transfer", default=DEFAULTS["lithium_resistance"], term="lithium's resistance"
    )
    contact_resistance: Quantity = of(
        "charge_transfer", default=DEFAULTS["contact_resistance"], term="contact resistance"
    )
    porosity: Quantity = of("porosity", default=DEFAULTS["porosity"])
    catholyte: Quantity | None = of("conductivity", default=None, term="catholyte's conductivity")
    diffusivity: Quantity | None = of("diffusivity", default=None)
    protocol: ChargeProtocol = "full"

    def cell(self) -> LithiumMetalCell:
        """Return the cell in SI."""
        ratio = 1.0 if self.catholyte is None else self.catholyte.si / self.conductivity.si
        return LithiumMetalCell(
            material=self.cathode.at(self.temperature.si),
            loading=self.loading.si,
            one_c=self.one_c.si,
            lowest=self.window[0].si,
            highest=self.window[1].si,
            thickness=self.thickness.si,
            conductivity=self.conductivity.si,
            transference=self.transference.si,
            concentration=self.concentration.si,
            temperature=self.temperature.si,
            lithium_resistance=self.lithium_resistance.si,
            contact_resistance=self.contact_resistance.si,
            diffusivity=None if self.diffusivity is None else self.diffusivity.si,
            catholyte_ratio=ratio,
            porosity=self.porosity.si,
            protocol=self.protocol,
        )

    def uncertain(self) -> Iterator[Uncertain]:
        """Yield each uncertain input with the cell so many standard deviations away from it."""
        cell = self.cell()
        for name in _SHIFTED:
            quantity: Quantity | None = getattr(self, name)
            if quantity is not None and quantity.si_std:
                yield Uncertain(name, quantity.si_std, partial(self._shifted, cell, name, quantity.si_std))
        spread = self._catholyte_spread()
        if spread:
            yield Uncertain("catholyte", spread, partial(_scaled, cell, "catholyte_ratio", spread), factor=True)
        for name in ("diffusion_rate", "exchange_current"):
            spread = self.cathode.spread(name, self.temperature.si)
            if spread:
                yield Uncertain(name, spread, partial(_scaled_material, cell, name, spread), factor=True)
        capacity = self.cathode.facts["capacity"].quantity
        if capacity.std:
            relative = capacity.std / capacity.value
            yield Uncertain("cathode_capacity", relative, partial(_scaled_material, cell, "saturation", relative))

    def _shifted(self, cell: LithiumMetalCell, name: str, std: float, deviations: float) -> LithiumMetalCell:
        # A deviation that would reach zero or less is cut at a fifth of the value, and a share alike below one.
        old = getattr(cell, name)
        value = max(old + deviations * std, 0.2 * old)
        if name == "transference":
            value = min(value, 1 - 0.2 * (1 - old))
        if name == "porosity":
            value = min(max(value, POROSITIES[0]), POROSITIES[1])
        if name == "temperature":
            # The electrolyte's numbers were given as they are; the cathode's follow from the temperature.
            return replace(cell, temperature=value, material=self.cathode.at(value))
        if name == "conductivity" and self.catholyte is not None:
            return replace(cell, conductivity=value, catholyte_ratio=cell.catholyte_ratio * old / value)
        return replace(cell, **{name: value})

    def _catholyte_spread(self) -> float:
        if self.catholyte is None:
            return math.log(CATHOLYTE_SPREAD)
        return self.catholyte.si_std / self.catholyte.si

    def assumptions(self) -> dict[str, Any]:
        """Return what the cell rests on beside what was typed."""
        fixed = {
            name: f"{getattr(self, name)} ({getattr(self, name).source})"
            for name, default in DEFAULTS.items()
            if getattr(self, name, None) == default
        }
        if self.catholyte is None:
            fixed["catholyte"] = f"{DEFAULTS['catholyte_ratio'].source}, known to a factor of {CATHOLYTE_SPREAD:g}"
        if self.diffusivity is None:
            fixed["salt_diffusivity"] = "Nernst-Einstein: 2 t+ (1 - t+) sigma R T/(F2 c0)"
        cell = self.cell()
        fixed["cathode"] = (
            f"{cell.active:g}:{cell.carbon:g}:{cell.binder:g} active material, carbon and binder by mass; transport in "
            f"its pores goes with porosity to the power {cell.tortuosity_exponent:g}"
        )
        fixed["one_c"] = (
            f"rates are multiples of {self.one_c.to('mA/cm2')}, {cell.one_c / cell.loading:.4g} mAh/g of the active "
            f"mass in an hour; the window holds {cell.capacity_at_rest / 3600:.4g} mAh/g at rest"
        )
        fixed["electrolyte"] = "conductivity in proportion to the salt; constant transference; thermodynamic factor 1"
        return {**fixed, "charge": PROTOCOL_TEXTS[self.protocol], "active_material": self.cathode.sources()}


PROTOCOL_TEXTS = {
    "full": "each discharge begins at rest, fully charged",
    "cc": "charged at the current of the discharge, without a hold; third cycle",
    "cc-cv": "charged at the current of the discharge, then held until 0.05C; third cycle",
}


def _scaled(cell: LithiumMetalCell, name: str, spread: float, deviations: float) -> LithiumMetalCell:
    return replace(cell, **{name: getattr(cell, name) * math.exp(deviations * spread)})


def _scaled_material(cell: LithiumMetalCell, name: str, spread: float, deviations: float) -> LithiumMetalCell:
    return cell.with_material(**{name: getattr(cell.material, name) * math.exp(deviations * spread)})
