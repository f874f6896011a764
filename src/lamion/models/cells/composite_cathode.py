"""The mass and the thickness of a composite cathode: active material, carbon, binder, pores and what fills them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CathodeRecipe:
    """What a dry cathode is made of, and how dense its parts are.

    Parameters
    ----------
    active, carbon, binder : float
        Mass fractions of the dry electrode; they sum to 1.
    active_density, carbon_density, binder_density : float
        Without pores, kg/m3.
    porosity : float
        Volume fraction of pores, 0 to below 1.
    """

    active: float
    carbon: float
    binder: float
    active_density: float
    carbon_density: float
    binder_density: float
    porosity: float


@dataclass(frozen=True)
class CompositeCathode:
    """A cathode per area of electrode.

    Parameters
    ----------
    active, carbon, binder : float
        Mass per area, kg/m2.
    thickness : float
        With its pores, m.
    pores : float
        Volume of pores per area, m.
    """

    active: float
    carbon: float
    binder: float
    thickness: float
    pores: float


def composite_cathode(loading: float, recipe: CathodeRecipe) -> CompositeCathode:
    r"""Find the masses and the thickness that a loading of active material brings with it.

    .. math:: m_k = \frac{w_k}{w_\mathrm{active}} m, \qquad d = \frac{1}{1 - \varepsilon} \sum_k \frac{m_k}{\rho_k}

    Parameters
    ----------
    loading : float
        Active material per area m, kg/m2.
    recipe : CathodeRecipe
        Mass fractions w, densities and porosity.

    Returns
    -------
    CompositeCathode

    Notes
    -----
    The volumes of the parts add up; the porosity is that of the pressed, dry electrode.

    Examples
    --------
    >>> recipe = CathodeRecipe(0.8, 0.1, 0.1, 3600, 1950, 1780, porosity=0.35)
    >>> cathode = composite_cathode(0.07, recipe)  # 7 mg/cm2 of LFP
    >>> round(cathode.carbon, 5), round(1e6 * cathode.thickness, 1)
    (0.00875, 44.4)
    """
    carbon, binder = loading * recipe.carbon / recipe.active, loading * recipe.binder / recipe.active
    solid = loading / recipe.active_density + carbon / recipe.carbon_density + binder / recipe.binder_density
    thickness = solid / (1.0 - recipe.porosity)
    return CompositeCathode(loading, carbon, binder, thickness, thickness * recipe.porosity)
