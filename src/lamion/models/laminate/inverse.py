r"""Which galleries, skins and sheets explain a film's conductivity and transference against a contrast film.

The film's cation conducts :math:`R\,t/t_0` times as well as the contrast film's, its anion :math:`R(1-t)/(1-t_0)`.
Where the gallery's fluid conducts m times as well as the contrast film, with the same transference, the laminate must
leave :math:`r_\pm` of each ion, that factor over m.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from lamion.models.laminate.bricks import Bricks
from lamion.models.laminate.path_models import thin_gallery, thin_gallery_along

LARGEST_SHEET = 1e3


@dataclass(frozen=True)
class Factors:
    """How much better each ion conducts in the film than in the contrast film.

    Parameters
    ----------
    cation, anion : float
        Film over contrast.
    """

    cation: float
    anion: float


def ion_factors(ratio: float, transference: float, contrast_transference: float) -> Factors:
    r"""Split a ratio of conductivities into the two ions'.

    .. math:: f_+ = R\,t/t_0, \qquad f_- = R\,(1-t)/(1-t_0)

    Parameters
    ----------
    ratio : float
        R, film over contrast.
    transference, contrast_transference : float
        t and t_0, within 0 and 1.

    Examples
    --------
    >>> found = ion_factors(6.3, 0.78, 0.35)
    >>> round(found.cation, 2), round(found.anion, 2)
    (14.04, 2.13)
    """
    return Factors(
        ratio * transference / contrast_transference, ratio * (1 - transference) / (1 - contrast_transference)
    )


@dataclass(frozen=True)
class Explanation:
    """What sheets would have to be, for one gallery and one skin.

    Parameters
    ----------
    gallery : float
        m, conductivity of the gallery's fluid over the contrast film's.
    skin : float
        Of both ions in the skin over the gallery.
    sheet_cation, sheet_anion : float or None
        Conductivity in the sheets over the gallery; None where no value suffices.
    anisotropy : float or None
        Conductivity along the film over that through it, both ions together.
    sheet_share : float or None
        Part of the cation's logarithmic sensitivity that is the sheet's: what its activation energy weighs.
    """

    gallery: float
    skin: float
    sheet_cation: float | None
    sheet_anion: float | None
    anisotropy: float | None
    sheet_share: float | None

    @property
    def feasible(self) -> bool:
        """Whether both ions can be explained."""
        return self.sheet_cation is not None and self.sheet_anion is not None


def sheet_needed(bricks: Bricks, wanted: float, skin: float = 1.0) -> float | None:
    """Return the sheet's conductivity that leaves a wanted ratio through the film.

    Parameters
    ----------
    bricks : Bricks
        The laminate.
    wanted : float
        Ratio through the thickness.
    skin : float
        Of the skin over the gallery.

    Returns
    -------
    float or None
        0 where gaps alone conduct more than that by less than a percent; None where even a sheet a thousand times as
        conductive as the gallery is not enough, or impermeable sheets are too much already.

    Examples
    --------
    >>> layers = Bricks(1e-6, 4.5e-9, 4.5e-9, 0.0)
    >>> round(sheet_needed(layers, 2 / 11), 6)
    0.1
    """
    low, high = thin_gallery(bricks, 0.0, skin), thin_gallery(bricks, LARGEST_SHEET, skin)
    if wanted > high:
        return None
    if wanted <= low:
        return 0.0 if low <= 1.01 * wanted else None

    def over(logarithm: float) -> float:
        return thin_gallery(bricks, math.exp(logarithm), skin) - wanted

    floor = math.log(1e-12)
    return math.exp(brentq(over, floor, math.log(LARGEST_SHEET), xtol=1e-10)) if over(floor) < 0 else 0.0


def explanation(
    bricks: Bricks,
    wanted: Factors,
    gallery: float,
    contrast_transference: float,
    skin: float = 1.0,
) -> Explanation:
    """Find the sheets that explain a film whose gallery conducts `gallery` times as well as the contrast film.

    Parameters
    ----------
    bricks : Bricks
        The laminate.
    wanted : Factors
        From :func:`ion_factors`.
    gallery : float
        m.
    contrast_transference : float
        Of contrast film and gallery.
    skin : float
        Of both ions in the skin over the gallery.

    Examples
    --------
    >>> found = explanation(Bricks(1e-6, 4.5e-9, 4.5e-9, 4.5e-9), ion_factors(6.3, 0.78, 0.35), 50.0, 0.35)
    >>> round(found.sheet_cation, 3), round(found.sheet_anion, 4)
    (0.162, 0.0209)
    """
    ratios = wanted.cation / gallery, wanted.anion / gallery
    cation, anion = (sheet_needed(bricks, ratio, skin) for ratio in ratios)
    if cation is None or anion is None:
        return Explanation(gallery, skin, cation, anion, None, None)
    shares = contrast_transference, 1 - contrast_transference
    along = sum(t * thin_gallery_along(bricks, s, skin) for t, s in zip(shares, (cation, anion), strict=True))
    through = sum(t * r for t, r in zip(shares, ratios, strict=True))
    return Explanation(gallery, skin, cation, anion, along / through, _share(bricks, cation, skin))


def _share(bricks: Bricks, sheet: float, skin: float) -> float:
    if sheet == 0:
        return 0.0
    ends = [thin_gallery(bricks, sheet * factor, skin) for factor in (0.99, 1.01)]
    return math.log(ends[1] / ends[0]) / math.log(1.01 / 0.99)


def explanations(
    bricks: Bricks,
    wanted: Factors,
    contrast_transference: float,
    gallery: Sequence[float],
    skin: Sequence[float] = (1.0,),
) -> list[Explanation]:
    """Map what explains a film over galleries and skins.

    Parameters
    ----------
    bricks, wanted, contrast_transference
        As in :func:`explanation`.
    gallery, skin : sequence of float
        The axes of the map.

    Examples
    --------
    >>> wanted = ion_factors(6.3, 0.78, 0.35)
    >>> rows = explanations(Bricks(1e-6, 4.5e-9, 4.5e-9, 4.5e-9), wanted, 0.35, [1.0, 100.0])
    >>> [row.feasible for row in rows]
    [False, True]
    """
    return [explanation(bricks, wanted, m, contrast_transference, s) for s in skin for m in gallery]


def least_gallery(bricks: Bricks, wanted: Factors, skin: float = 1.0) -> float:
    """Return the least conductive gallery that sheets without any resistance would need, over the contrast film.

    Parameters
    ----------
    bricks, wanted, skin
        As in :func:`explanation`.

    Examples
    --------
    >>> round(least_gallery(Bricks(1e-6, 4.5e-9, 4.5e-9, 4.5e-9), ion_factors(6.3, 0.78, 0.35)), 1)
    7.0
    """
    return float(np.max([wanted.cation, wanted.anion])) / thin_gallery(bricks, LARGEST_SHEET, skin)
