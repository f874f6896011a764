"""Gallery and sheet fraction of a laminate from its composition, by named structural case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lamion.quantities import InputError, Quantity, propagate
from lamion.substances.formulation import Formulation
from lamion.substances.membrane import membrane_of


@dataclass(frozen=True)
class Gallery:
    """What a composition leaves between sheets of a known thickness.

    Parameters
    ----------
    case : str
        The structural case.
    sheet_fraction : Quantity
        Volume of the sheets, their own pores included, over that of the membrane.
    height : Quantity
        Of a gallery, nm.
    """

    case: str
    sheet_fraction: Quantity
    height: Quantity


def galleries(formulation: Formulation, sheet_thickness: Quantity) -> Mapping[str, Gallery]:
    r"""Return the galleries of every structural case that the framework's facts allow.

    .. math:: \phi = w_f \rho / \rho_b, \qquad g = t\,(1/\phi - 1)

    Parameters
    ----------
    formulation : Formulation
        With a framework of mass fraction :math:`w_f`.
    sheet_thickness : Quantity
        t, of a sheet of density :math:`\rho_b`, its own pores empty or filled.

    Returns
    -------
    Mapping of str to Gallery
        By the case's name.

    Raises
    ------
    InputError
        When there is no framework, or the sheets would fill the membrane.

    Notes
    -----
    Sheets that overlap without fluid between them, and gaps between edges, are left out.

    Examples
    --------
    >>> from lamion.substances.formulation import formulation_from_table
    >>> from lamion.substances import library
    >>> half = Quantity(0.5, None, "1")
    >>> table = {"polymer": "peo", "framework": {"cutcpp": half}}
    >>> found = galleries(formulation_from_table(table, library()), Quantity(4.5, None, "nm"))
    >>> [round(item.height.value, 1) for item in found.values()]
    [4.0, 5.0, 2.5]
    """
    if formulation.framework is None:
        raise InputError("The composition holds no framework, so there are no sheets.", "", "Give its mass fraction.")
    whole = membrane_of(formulation)
    fraction = next(whole.mass_fraction[key] for key in formulation.keys if key not in whole.guest_mass_fraction)
    found = {}
    for result in whole.cases:
        if result.case.bulk is None:
            continue
        inputs = (fraction, result.density, result.case.bulk)
        phi = propagate(lambda w, rho, bulk: w * rho / bulk, *inputs, unit="1", source=f"{result.case.name}")
        if not 0 < phi.value < 1:
            raise InputError(f"The sheets would fill {phi.value:g} of the membrane.", "", "Check the composition.")
        height = propagate(lambda t, p: t * (1 / p - 1), sheet_thickness, phi, unit="nm", source=result.case.name)
        found[result.case.name] = Gallery(result.case.name, phi, height)
    return found
