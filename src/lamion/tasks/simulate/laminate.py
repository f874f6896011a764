"""What a laminate of sheets leaves of each ion's conductivity.

Through its thickness, against pure gallery fluid. Sheets lie edge to edge at the gap, rows are shifted by half a
period, fluid fills galleries and gaps. Ratios such as --sheet-cation are conductivities of one ion over that in the
gallery. With --widest the laminate is irregular: widths spread evenly, rows at random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from lamion.models.laminate.arrangement import Arrangement
from lamion.models.laminate.inputs import Laminate, Measured, SeriesLayer
from lamion.models.laminate.laminate import laminate as resolve
from lamion.models.laminate.random_laminate import random_laminate
from lamion.quantities import Answer, InputError, Quantity
from lamion.tasks.declaring import Context, Option, Result, task

_ONE = Quantity(1.0, None, "1")
_ZERO = Quantity(0.0, None, "1")
_HALF = Quantity(0.5, None, "1")


@dataclass(frozen=True)
class LaminateOptions:
    """The sheets and the fluid between them."""

    sheet_width: Annotated[Quantity, Option("of a sheet along its row", unit="m", example="1 um")]
    sheet_thickness: Annotated[Quantity, Option("of a sheet", of="thickness", example="4.5 nm", subject=True)]
    gallery: Annotated[Quantity, Option("height of the fluid between two rows", unit="m", example="4.5 nm")]
    gap: Annotated[
        Quantity | None,
        Option(
            "between the edges of two sheets, 0 allowed",
            unit="m",
            example="4.5 nm",
            otherwise="the gallery",
            positive=False,
        ),
    ] = None
    sheet_cation: Annotated[Quantity, Option("the cation in the sheets", positive=False)] = _ZERO
    sheet_anion: Annotated[Quantity, Option("the anion in the sheets", positive=False)] = _ZERO
    gallery_transference: Annotated[
        Quantity, Option("of the gallery fluid", of="transference", example="0.5", positive=False)
    ] = _HALF
    skin: Annotated[
        Quantity, Option("thickness of a conductive skin at the sheets", unit="m", otherwise="none", positive=False)
    ] = Quantity(0.0, None, "nm")
    skin_cation: Annotated[Quantity, Option("the cation in the skin", positive=False)] = _ONE
    skin_anion: Annotated[Quantity, Option("the anion in the skin", positive=False)] = _ONE

    def laminate(self) -> Laminate:
        """Return the regular laminate."""
        return Laminate(
            self.sheet_width,
            self.sheet_thickness,
            self.gallery,
            gap=self.gallery if self.gap is None else self.gap,
            sheet_cation=self.sheet_cation,
            sheet_anion=self.sheet_anion,
            gallery_transference=self.gallery_transference,
            skin=self.skin,
            skin_cation=self.skin_cation,
            skin_anion=self.skin_anion,
        )


@dataclass(frozen=True)
class RegularOptions:
    """What only a regular laminate can be held against."""

    film: Annotated[
        Quantity | None, Option("thickness of the laminate, where a further layer lies on it", unit="m", example="9 um")
    ] = None
    layer: Annotated[Quantity | None, Option("thickness of a further layer in series", unit="m", example="1.5 um")] = (
        None
    )
    layer_cation: Annotated[Quantity, Option("the cation in the layer", positive=False)] = _ONE
    layer_anion: Annotated[Quantity, Option("the anion in the layer", positive=False)] = _ONE
    measured: Annotated[
        Quantity | None,
        Option("a conductivity of the film to hold the laminate against", of="conductivity", example="5.62e-4 S/cm"),
    ] = None
    gallery_conductivity: Annotated[
        Quantity | None, Option("of the gallery fluid by itself", of="conductivity", example="1e-3 S/cm")
    ] = None

    def further_layer(self) -> SeriesLayer | None:
        """Return the further layer."""
        if self.layer is None and self.film is None:
            return None
        if self.layer is None or self.film is None:
            raise InputError("A further layer needs both film and layer.", "", "Give both thicknesses.")
        return SeriesLayer(self.film, self.layer, self.layer_cation, self.layer_anion)

    def held_against(self) -> Measured | None:
        """Return the conductivity to compare with."""
        if self.measured is not None:
            return Measured(self.measured, self.gallery_conductivity)
        if self.gallery_conductivity is not None:
            raise InputError("The gallery conductivity has nothing measured to compare with.", "", "Give both.")
        return None

    def refuse_any(self) -> None:
        """Refuse what an irregular laminate has no use for."""
        for name in ("film", "layer", "measured", "gallery_conductivity"):
            if getattr(self, name) is not None:
                title = name.replace("_", " ")
                raise InputError(f"The {title} goes with regular laminates, not with widest.", "", "Leave one away.")


@dataclass(frozen=True)
class IrregularOptions:
    """How an irregular laminate is drawn."""

    widest: Annotated[
        Quantity | None,
        Option("irregular: widths spread evenly up to this, rows at random", unit="m", example="3 um"),
    ] = None
    missing: Annotated[
        Quantity | None, Option("irregular: chance of a sheet to be missing", otherwise="0", positive=False)
    ] = None
    pinholes: Annotated[
        Quantity | None,
        Option("irregular: mean distance of pinholes", unit="m", example="2 um", otherwise="none"),
    ] = None
    pinhole: Annotated[Quantity | None, Option("irregular: width of a pinhole", unit="m", otherwise="1 nm")] = None
    rows: Annotated[int | None, Option("irregular: in one realisation", otherwise="4")] = None
    realisations: Annotated[int | None, Option("irregular: how many are drawn", otherwise="8")] = None
    workers: Annotated[int | None, Option("irregular: processes", otherwise="1")] = None

    def rule(self, given: Laminate, widest: Quantity) -> Arrangement:
        """Return how sheets are drawn."""
        return Arrangement(
            given.bricks,
            widest.si,
            rows=4 if self.rows is None else self.rows,
            missing=0.0 if self.missing is None else self.missing.si,
            pinholes=0.0 if self.pinholes is None else 1 / self.pinholes.si,
            pinhole=1e-9 if self.pinhole is None else self.pinhole.si,
        )

    def refuse_any(self) -> None:
        """Refuse what says nothing about a regular laminate."""
        for name in ("missing", "pinholes", "pinhole", "rows", "realisations", "workers"):
            if getattr(self, name) is not None:
                raise InputError(
                    f"The {name} of irregular laminates is given.", "", "Give widest too, or leave it away."
                )


@task(
    results={
        "conductivity_ratio": Result("1", "of both ions together, against pure gallery fluid", headline=True),
        "cation_ratio": Result("1", "of the cation", headline=True),
        "anion_ratio": Result("1", "of the anion", headline=True),
        "transference": Result("1", "of the cation in the laminate", headline=True),
        "sheet_fraction": Result("1", "volume of the sheets over the laminate's"),
    },
    evidence="model",
    example=(
        '--sheet-width "1 um" --sheet-thickness "4.5 nm" --gallery "4.5 nm" --gap "4.5 nm" --sheet-cation 0.1 '
        "--sheet-anion 0.01 --gallery-transference 0.35"
    ),
    cites=("nielsen1967", "cussler1988", "hashin1962", "bruggeman1935"),
    random=True,
    heavy=True,
)
def laminate(
    options: LaminateOptions, regular: RegularOptions, irregular: IrregularOptions, context: Context
) -> Answer:
    """Resolve the laminate."""
    given = options.laminate()
    if irregular.widest is None:
        irregular.refuse_any()
        return resolve(given, layer=regular.further_layer(), measured=regular.held_against())
    regular.refuse_any()
    return random_laminate(
        irregular.rule(given, irregular.widest),
        given.sheet_cation.si,
        given.sheet_anion.si,
        given.gallery_transference.si,
        realisations=8 if irregular.realisations is None else irregular.realisations,
        workers=1 if irregular.workers is None else irregular.workers,
        seed=context.seed,
        progress=context.progress,
    )
