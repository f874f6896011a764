"""What a computation of a laminate is given: the structure, a further layer, a conductivity to hold it against."""

from __future__ import annotations

from dataclasses import dataclass

from lamion.models.laminate import bounds
from lamion.models.laminate.bricks import Bricks
from lamion.quantities import InputError, Quantity, units

_ZERO_LENGTH = Quantity(0.0, None, "m")
_ONE = Quantity(1.0, None, "1")
_MOST = 1e9


@dataclass(frozen=True)
class Laminate:
    """A regular laminate with what each ion finds in it.

    Parameters
    ----------
    width, thickness, gallery, gap : Quantity
        Of a sheet, of the fluid between two rows and between the edges of two sheets; the gap may be zero.
    sheet_cation, sheet_anion : Quantity
        Conductivity by each ion in the sheets over that in the gallery, not negative.
    gallery_transference : Quantity
        Share of the cation in the conductivity of the gallery, 0 to 1.
    skin : Quantity
        Thickness of the fluid at the sheets that conducts in its own way; zero for none.
    skin_cation, skin_anion : Quantity
        Conductivity by each ion in the skin over that in the gallery.
    """

    width: Quantity
    thickness: Quantity
    gallery: Quantity
    gap: Quantity
    sheet_cation: Quantity
    sheet_anion: Quantity
    gallery_transference: Quantity
    skin: Quantity = _ZERO_LENGTH
    skin_cation: Quantity = _ONE
    skin_anion: Quantity = _ONE

    def __post_init__(self) -> None:
        for name in ("width", "thickness", "gallery", "gap", "skin"):
            if not units.same_dimension(getattr(self, name).unit, "m"):
                raise InputError(f"The {name} is {getattr(self, name)}, not a length.", "", "Give it as in '4.5 nm'.")
        for name in ("sheet_cation", "sheet_anion", "skin_cation", "skin_anion"):
            value = getattr(self, name).si
            if not 0 <= value <= _MOST:
                words = name.replace("_", " against the gallery, ")
                raise InputError(f"The {words} is {value:g}.", "", "Give zero or a positive ratio of conductivities.")
        if not 0 <= self.gallery_transference.si <= 1:
            raise InputError(
                f"The gallery's transference is {self.gallery_transference.si:g}.",
                "It is the share of the cation in the gallery's conductivity.",
                "Give a number from 0 to 1.",
            )
        _ = self.bricks

    @property
    def bricks(self) -> Bricks:
        """The geometry."""
        return Bricks(self.width.si, self.thickness.si, self.gallery.si, self.gap.si, self.skin.si)


@dataclass(frozen=True)
class SeriesLayer:
    """A further layer on the film, in series with the laminate.

    Parameters
    ----------
    film, thickness : Quantity
        Of the laminate and of the layer.
    cation, anion : Quantity
        Conductivity by each ion in the layer over that in the gallery.
    """

    film: Quantity
    thickness: Quantity
    cation: Quantity
    anion: Quantity

    def __post_init__(self) -> None:
        for name in ("film", "thickness"):
            if not (units.same_dimension(getattr(self, name).unit, "m") and getattr(self, name).si > 0):
                raise InputError(f"The {name} is {getattr(self, name)}, not a positive length.", "", "Write '9 um'.")
        for name in ("cation", "anion"):
            if not 0 <= getattr(self, name).si <= _MOST:
                raise InputError(f"The layer's {name} is {getattr(self, name).si:g}.", "", "Give a positive ratio.")

    def with_film(self, ratio: float, own: float) -> float:
        """Return the ratio of film and layer in series.

        Parameters
        ----------
        ratio, own : float
            Of one ion in the laminate and in the layer.
        """
        total = self.film.si + self.thickness.si
        return bounds.wiener_series([self.film.si / total, self.thickness.si / total], [ratio, own])


@dataclass(frozen=True)
class Measured:
    """A conductivity to hold the laminate against.

    Parameters
    ----------
    conductivity : Quantity
        Of the film, S/cm.
    gallery : Quantity, optional
        Of the fluid by itself; without it, that of the best fluid is taken.
    """

    conductivity: Quantity
    gallery: Quantity | None = None

    def __post_init__(self) -> None:
        for given in (self.conductivity, self.gallery):
            if given is not None and not (units.same_dimension(given.unit, "S/cm") and given.si > 0):
                raise InputError(f"{given} is not a positive conductivity.", "", "Give it as in '5.62e-4 S/cm'.")
