"""A cell of a lithium foil, a solid electrolyte and a porous cathode, in SI."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

from lamion.models.cells.cathodes import ActiveMaterial
from lamion.models.cells.open_circuit import content_at
from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY, GAS

ChargeProtocol = Literal["full", "cc", "cc-cv"]
PROTOCOLS: tuple[ChargeProtocol, ...] = ("full", "cc", "cc-cv")

POROSITIES = (0.01, 0.95)
"""The least and the largest porosity of a cathode."""

# Beyond these no cell has been, and the solver may search for ever.
_SANE = {
    "salt concentration": (0.99, 2.01e4, "mol/m3"),
    "temperature": (150.0, 600.0, "K"),
    "cathode's porosity": (*POROSITIES, ""),
    "thickness": (1e-9, 0.1, "m"),
    "loading": (1e-4, 10.0, "kg/m2"),
    "cathode's capacity at rest": (1.0, 2000.0, "mAh/g"),
}


@dataclass(frozen=True)
class LithiumMetalCell:
    """A cell in SI units, per area of electrode.

    Parameters
    ----------
    material : ActiveMaterial
        Of the cathode.
    loading : float
        Active mass per area, kg/m2.
    one_c : float
        Current of 1C, A/m2.
    lowest, highest : float
        The voltage window, V.
    thickness : float
        Of the electrolyte film, m.
    conductivity : float
        Of the film at rest, S/m.
    transference : float
        Of lithium, between 0 and 1.
    concentration : float
        Salt at rest, mol/m3.
    temperature : float
        K.
    lithium_resistance : float
        Charge transfer at the lithium electrode, one interface, ohm m2.
    contact_resistance : float
        Ohmic, everything outside film and electrodes, ohm m2.
    diffusivity : float or None
        Of the salt, m2/s; None for the Nernst-Einstein value.
    catholyte_ratio : float
        Conductivity (and diffusivity) of what fills the cathode's pores over that of the film, before tortuosity.
    porosity : float
        Of the cathode, filled by the catholyte.
    tortuosity_exponent : float
        b in the pores' transport efficiency, porosity to the power b.
    active, carbon, binder : float
        Mass fractions of the dry cathode.
    protocol : str
        How the cell is charged before the discharge that counts: ``"full"`` (at rest at the top of the window),
        ``"cc"`` (at the same current to the top, third cycle) or ``"cc-cv"`` (then held until the current is 0.05C).
    """

    material: ActiveMaterial
    loading: float
    one_c: float
    lowest: float
    highest: float
    thickness: float
    conductivity: float
    transference: float
    concentration: float
    temperature: float
    lithium_resistance: float
    contact_resistance: float = 0.0
    diffusivity: float | None = None
    catholyte_ratio: float = 1.0
    porosity: float = 0.30
    tortuosity_exponent: float = 1.5
    active: float = 0.8
    carbon: float = 0.1
    binder: float = 0.1
    protocol: ChargeProtocol = "full"

    @property
    def salt_diffusivity(self) -> float:
        """D of the salt, m2/s."""
        if self.diffusivity is not None:
            return self.diffusivity
        t = self.transference
        return 2 * t * (1 - t) * self.conductivity * GAS * self.temperature / (FARADAY**2 * self.concentration)

    def with_material(self, **changes: Any) -> LithiumMetalCell:
        """Return the cell with some numbers of its active material changed."""
        return replace(self, material=replace(self.material, **changes))

    @property
    def contents(self) -> tuple[float, float]:
        """Lithium content of the cathode at rest at the top and at the bottom of the window."""
        return content_at(self.material.potential, self.highest), content_at(self.material.potential, self.lowest)

    @property
    def capacity_at_rest(self) -> float:
        """Charge per active mass between them, C/kg."""
        charged, discharged = self.contents
        return (discharged - charged) * self.material.saturation * FARADAY / self.material.density

    @property
    def hours_at_one_c(self) -> float:
        """How long the current of 1C would take for the charge between them."""
        return self.capacity_at_rest * self.loading / self.one_c / 3600


def scaled_film_conductivity(cell: LithiumMetalCell, factor: float) -> LithiumMetalCell:
    """Return a cell whose film alone conducts better or worse: what fills the cathode's pores stays as it is.

    Parameters
    ----------
    cell : LithiumMetalCell
        The cell.
    factor : float
        On conductivity and salt diffusivity, larger than zero.
    """
    return replace(
        cell,
        conductivity=cell.conductivity * factor,
        diffusivity=cell.salt_diffusivity * factor,
        catholyte_ratio=cell.catholyte_ratio / factor,
    )


def check_cell(cell: LithiumMetalCell) -> None:
    """Refuse a cell that no electrolyte or electrode could be.

    Parameters
    ----------
    cell : LithiumMetalCell
        In SI.

    Raises
    ------
    InputError
        Naming the number that made it so.
    """
    _check_positive(cell)
    _check_window(cell)
    _check_sane(cell)
    if not 0 < cell.transference < 1:
        raise InputError(
            f"The transference number is {cell.transference:g}.",
            "The model takes one constant value between 0 and 1.",
            "Give the value at the salt's concentration.",
        )
    if not (cell.contact_resistance >= 0 and math.isfinite(cell.contact_resistance)):
        raise InputError(
            f"The contact resistance is {cell.contact_resistance:g} ohm m2.", "", "Give zero or a positive value."
        )


def _check_positive(cell: LithiumMetalCell) -> None:
    positive = {
        "current of 1C": cell.one_c,
        "conductivity": cell.conductivity,
        "loading": cell.loading,
        "thickness": cell.thickness,
        "salt concentration": cell.concentration,
        "temperature": cell.temperature,
        "cathode's porosity": cell.porosity,
        "diffusivity of the salt": 1.0 if cell.diffusivity is None else cell.diffusivity,
        "resistance of the lithium interface": cell.lithium_resistance,
        "ratio of the catholyte's conductivity": cell.catholyte_ratio,
        "rate of solid diffusion": cell.material.diffusion_rate,
        "exchange current": cell.material.exchange_current,
    }
    for name, value in positive.items():
        if not (value > 0 and math.isfinite(value)):
            raise InputError(
                f"The {name} is {value:g} in SI units, not larger than zero.", "", "Give a positive value."
            )


def _check_sane(cell: LithiumMetalCell) -> None:
    values = {
        "cathode's capacity at rest": cell.capacity_at_rest / 3600,
        "salt concentration": cell.concentration,
        "temperature": cell.temperature,
        "cathode's porosity": cell.porosity,
        "thickness": cell.thickness,
        "loading": cell.loading,
    }
    for name, value in values.items():
        low, high, unit = _SANE[name]
        if not low <= value <= high:
            said, between = (f"{number} {unit}".strip() for number in (f"{value:.3g}", f"{low:g} to {high:g}"))
            raise InputError(
                f"The {name} is {said}, outside {between}.", "The unit may be another.", "Check the value and its unit."
            )


def _check_window(cell: LithiumMetalCell) -> None:
    charged, discharged = cell.contents
    if not cell.lowest < cell.highest or discharged - charged < 1e-3:
        potential = cell.material.potential
        raise InputError(
            f"Between {cell.lowest:g} and {cell.highest:g} V the cathode holds nothing to discharge.",
            f"Its open-circuit potential runs from {float(potential(potential.low)):.3g} V, charged, to "
            f"{float(potential(potential.high)):.3g} V, discharged.",
            "Give a window within it, the lower voltage first.",
        )
