"""A stack of metal-porphyrin sheets, or a crystal from a file: what the tasks on structures share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from lamion.formats.cif import read_raw_crystal
from lamion.models.atomistic.structure.sheet import Sheet
from lamion.models.atomistic.structure.sheet import sheet as build
from lamion.models.atomistic.structure.stacking import Stacking, aa, ab, slipped, stack
from lamion.quantities import InputError, Quantity
from lamion.substances import known_substance
from lamion.substances.crystal import Crystal
from lamion.tasks.declaring import File, Option

_BUILT = {"linker": "tcpp", "node": "Cu", "centre": "Cu"}
_SPACING = Quantity(4.64, None, "angstrom")
_SLIP = (0.5, 0.3)


@dataclass(frozen=True)
class SheetOptions:
    """How a stack of sheets is built."""

    linker: Annotated[str | None, Option("tcpp or tcbpp", example="tcbpp", otherwise="tcpp")] = None
    node: Annotated[str | None, Option("metal of the paddlewheels", example="Zn", otherwise="Cu")] = None
    centre: Annotated[str | None, Option("metal of the porphyrins", example="Zn", otherwise="Cu")] = None
    lattice: Annotated[
        Quantity | None,
        Option(
            "the square cell's edge",
            unit="m",
            example="16.7 angstrom",
            otherwise="16.70 ± 0.05 angstrom for Cu and tcpp, else unstrained",
            subject=True,
        ),
    ] = None
    spacing: Annotated[
        Quantity | None, Option("between layers", unit="m", example="4.64 ± 0.02 angstrom", otherwise="4.64 angstrom")
    ] = None
    stacking: Annotated[Literal["AA", "AB", "slip"] | None, Option("of the layers", otherwise="slip")] = None
    slip: Annotated[
        tuple[float, ...],
        Option("of each layer against the one below, in cells", example="0.5,0.3", otherwise="0.5,0.3"),
    ] = ()

    def sheet(self, shift: float = 0.0) -> Sheet:
        """Return the layer; its lattice moved by so many of its standard uncertainties."""
        lattice = self._lattice()
        edge = None if lattice is None else 1e10 * (lattice.si + shift * lattice.si_std)
        chosen = self._metals()
        return build(chosen["linker"], node=chosen["node"], centre=chosen["centre"], lattice=edge)

    def stacked(self, shift: float = 0.0) -> Stacking:
        """Return how the layers lie; their spacing moved by so many of its standard uncertainties."""
        spacing = 1e10 * (self.distance.si + shift * self.distance.si_std)
        if self.stacking in (None, "slip"):
            return slipped(spacing, _pair(self.slip) if self.slip else _SLIP)
        if self.slip:
            raise InputError(
                f"The slip {','.join(f'{part:g}' for part in self.slip)} contradicts the stacking {self.stacking}.",
                f"Layers stacked {self.stacking} lie where that says.",
                "Leave one of them away.",
            )
        return aa(spacing) if self.stacking == "AA" else ab(spacing)

    def crystals(self, *, partial: bool = False) -> list[Crystal]:
        """Return the stack, and variants with lattice and spacing moved where these have an uncertainty."""
        found = [stack(self.sheet(), self.stacked())]
        lattice = self._lattice()
        if lattice is not None and lattice.std:
            found.append(stack(self.sheet(1.0), self.stacked()))
        if self.distance.std:
            found.append(stack(self.sheet(), self.stacked(1.0)))
        return found

    @property
    def distance(self) -> Quantity:
        """Between the layers."""
        return _SPACING if self.spacing is None else self.spacing

    def given(self) -> list[str]:
        """Return the names of what was said of the stack."""
        names = ("linker", "node", "centre", "lattice", "spacing", "stacking", "slip")
        return [name for name in names if getattr(self, name)]

    def _metals(self) -> dict[str, str]:
        named = {name: getattr(self, name) for name in _BUILT}
        return {name: _BUILT[name] if value is None else value for name, value in named.items()}

    def _lattice(self) -> Quantity | None:
        """Return the cell's edge; None where the sheet is left without strain."""
        if self.lattice is None and self._metals() == _BUILT:
            return known_substance("cutcpp").quantity("lattice_parameter")
        return self.lattice


@dataclass(frozen=True)
class CrystalOptions(SheetOptions):
    """A stack of sheets, or a crystal."""

    structure: Annotated[File | None, Option("a crystal (CIF) instead of a built stack")] = None

    def crystals(self, *, partial: bool = False) -> list[Crystal]:
        """Return the crystal from the file, where allowed with partly occupied sites, or the stack and its variants."""
        if self.structure is None:
            return super().crystals()
        idle = self.given()
        if idle:
            raise InputError(
                f"{' and '.join(idle).capitalize()} contradict{'s' if len(idle) == 1 else ''} the structure.",
                "A crystal from a file is taken as it stands; these options build one.",
                "Leave the structure or the others away.",
            )
        return [read_raw_crystal(self.structure.raw, partial=partial)]


def _pair(slip: tuple[float, ...]) -> tuple[float, float]:
    said = ",".join(f"{part:g}" for part in slip)
    if len(slip) != 2:
        raise InputError(f"The slip '{said}' is not two numbers.", "", "Write it like 0.5,0.3.")
    x, y = slip
    if not (-1 <= x <= 1 and -1 <= y <= 1):
        raise InputError(f"The slip '{said}' is not within one cell.", "", "Give -1 to 1.")
    return x, y
