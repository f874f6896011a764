"""Whose a charge-transfer resistance is, and the ohmic interphase that bounds its overpotential from above."""

from __future__ import annotations

from typing import Literal

from lamion.quantities import InputError

Convention = Literal["cell", "interface"]


def per_interface(resistance: float, convention: Convention) -> float:
    """Return the charge-transfer resistance of one interface.

    Parameters
    ----------
    resistance : float
        As reported, ohm m2.
    convention : str
        ``"cell"`` where it is that of both interfaces of a Li|Li cell together, ``"interface"`` where it is one's.

    Returns
    -------
    float
        ohm m2.

    Raises
    ------
    InputError
        When the convention is unknown.

    Examples
    --------
    >>> per_interface(24.5e-4, "cell")
    0.001225
    """
    if convention not in ("cell", "interface"):
        raise InputError(f"The convention '{convention}' is not known.", "", "Use 'cell' or 'interface'.")
    return resistance / 2 if convention == "cell" else resistance


def ohmic_overpotential(current: float, resistance: float) -> float:
    r"""Return what an interphase that conducts by Ohm's law would take, an upper bound of Butler and Volmer.

    .. math:: \eta = i R

    Parameters
    ----------
    current : float
        A/m2.
    resistance : float
        Of this interface, ohm m2.

    Returns
    -------
    float
        V.

    Notes
    -----
    Impedance at rest cannot tell an interphase's resistance from charge transfer: both are one semicircle.

    Examples
    --------
    >>> round(2e3 * ohmic_overpotential(4.0, 12.25e-4), 2)
    9.8
    """
    return current * resistance
