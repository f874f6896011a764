"""Closed formulas for flow around and through sheets that lie across it."""

from __future__ import annotations

import math

from lamion.models.laminate.bricks import Bricks


def nielsen(bricks: Bricks) -> float:
    r"""Return the conductivity past impermeable sheets by the length of the detour alone.

    .. math:: \frac{k}{k_0} = \frac{1 - \phi}{1 + \alpha \phi}, \qquad \alpha = \frac{w}{2t}

    Parameters
    ----------
    bricks : Bricks
        The laminate.

    Notes
    -----
    It counts the detour once and leaves out that it narrows to the gallery: far too high where the aspect ratio times
    the fraction is large.

    References
    ----------
    L. E. Nielsen, J. Macromol. Sci. A 1 (1967) 929, doi:10.1080/10601326708053745.

    Examples
    --------
    >>> round(nielsen(Bricks(1e-6, 4.5e-9, 4.5e-9, 4.5e-9)), 5)
    0.00892
    """
    phi = bricks.sheet_fraction
    return (1 - phi) / (1 + bricks.aspect / 2 * phi)


def cussler(bricks: Bricks) -> float:
    r"""Return the conductivity past impermeable sheets of a large aspect ratio.

    .. math:: \frac{k_0}{k} = 1 + \frac{\alpha^2 \phi^2}{1 - \phi}, \qquad \alpha = \frac{w}{2t}

    Parameters
    ----------
    bricks : Bricks
        The laminate.

    Notes
    -----
    For slits whose own resistance does not count: within some percent at aspect ratios above two hundred.

    References
    ----------
    E. L. Cussler, S. E. Hughes, W. J. Ward, R. Aris, J. Membr. Sci. 38 (1988) 161,
    doi:10.1016/S0376-7388(00)80877-7.

    Examples
    --------
    >>> round(cussler(Bricks(1e-6, 4.5e-9, 4.5e-9, 4.5e-9)), 6)
    0.000164
    """
    alpha, phi = bricks.aspect / 2, bricks.sheet_fraction
    return 1 / (1 + (alpha * phi) ** 2 / (1 - phi))


def thin_gallery(bricks: Bricks, sheet: float, skin: float = 1.0) -> float:
    r"""Return the conductivity of a laminate whose galleries are thin: flow along them, exchange through sheets.

    With the potential V(x) in a gallery between two rows at +1/2 and -1/2, conductances per length to either of
    :math:`G = 1/(t/2k_s + \delta/k_\delta + g/2 - \delta)` through a sheet and :math:`G_0 = 2/(t + g)` through a gap,
    and the gallery's own :math:`C = g - 2\delta + 2\delta k_\delta` with its skins,

    .. math:: C V'' = 2 G V, \qquad V = v \frac{\sinh \kappa (x - a/2)}{\sinh \kappa a/2}, \quad
              \kappa = \sqrt{2G/C},\; a = \tfrac{w - e}{2}

    .. math:: v = \frac{(G_0 - G)\, e/4}{C \kappa \coth(\kappa a/2) + (G_0 + G)\, e/2}, \qquad
              k = \frac{t + g}{(w + e)/2} \left[\frac{G a}{2} + \frac{G_0 e}{2}\left(\tfrac12 - v\right)
              + \frac{G e}{2}\left(\tfrac12 + v\right)\right]

    Parameters
    ----------
    bricks : Bricks
        The laminate; its gaps are narrower than its sheets.
    sheet, skin : float
        Conductivity of the sheets and of the skins over that of the gallery, not negative.

    Returns
    -------
    float
        Over that of the gallery; with no gap the phases in series, with a sheet like the gallery one.

    Notes
    -----
    Derived here from the balance above; what the flow loses by converging into a gap is left out, and flow along the
    sheets. B. Stenqvist and E. Sparr (arXiv:2005.03473) treat the same structure semi-exactly; this is not their
    formula.

    Examples
    --------
    >>> round(thin_gallery(Bricks(3e-6, 4.5e-9, 4.5e-9, 4.5e-9), 0.0), 8)
    1.779e-05
    >>> round(thin_gallery(Bricks(1e-6, 4.5e-9, 4.5e-9, 0.0), 0.1), 6)
    0.181818
    """
    t, g, e, d = bricks.thickness, bricks.gallery, bricks.gap, bricks.skin
    open_ = 2 / (t + g)
    blocked = sheet == 0 or (d > 0 and skin == 0)
    through = 0.0 if blocked else 1 / (t / (2 * sheet) + (d / skin if d else 0.0) + g / 2 - d)
    gallery = g - 2 * d + 2 * d * skin
    overlap = (bricks.width - e) / 2
    kappa = math.sqrt(2 * through / gallery) if gallery > 0 else 0.0
    reach = kappa * overlap / 2
    along = gallery * (2 / overlap if reach < 1e-6 else kappa / math.tanh(reach))
    v = (open_ - through) * e / 4 / (along + (open_ + through) * e / 2)
    total = through * overlap / 2 + open_ * e / 2 * (0.5 - v) + through * e / 2 * (0.5 + v)
    return bricks.repeat / (bricks.period / 2) * total


def thin_gallery_along(bricks: Bricks, sheet: float, skin: float = 1.0) -> float:
    r"""Return the conductivity along the sheets, gallery, skins and sheets side by side.

    .. math:: k = \frac{g - 2\delta + 2\delta k_\delta + t k_s}{t + g}

    Parameters
    ----------
    bricks, sheet, skin
        As in :func:`thin_gallery`.

    Examples
    --------
    >>> thin_gallery_along(Bricks(1e-6, 4.5e-9, 4.5e-9, 0.0), 0.1)
    0.55
    """
    gallery = bricks.gallery - 2 * bricks.skin + 2 * bricks.skin * skin
    return (gallery + bricks.thickness * sheet) / bricks.repeat
