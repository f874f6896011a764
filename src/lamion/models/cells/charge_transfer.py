"""Charge transfer at a lithium electrode: Butler and Volmer, and the ohmic interphase that bounds it from above."""

from __future__ import annotations

import math
from typing import Literal

from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY, GAS

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


def exchange_current(resistance: float, temperature: float) -> float:
    r"""Return the exchange current density that a charge-transfer resistance stands for.

    .. math:: i_0 = \frac{R T}{F R_\mathrm{ct}}

    Parameters
    ----------
    resistance : float
        Of one interface, at rest, ohm m2.
    temperature : float
        K.

    Returns
    -------
    float
        A/m2.

    Raises
    ------
    InputError
        When the resistance or the temperature is not larger than zero.

    References
    ----------
    A. J. Bard, L. R. Faulkner, Electrochemical Methods, 2nd ed., Wiley, 2001, 3.4.3.

    Examples
    --------
    >>> round(exchange_current(12.25e-4, 328.15), 1)
    23.1
    """
    if not (resistance > 0 and math.isfinite(resistance) and temperature > 0 and math.isfinite(temperature)):
        raise InputError(
            f"The charge-transfer resistance is {resistance:.4g} ohm m2 at {temperature:.4g} K.",
            "Both must be larger than zero.",
            "Check them and their units.",
        )
    return GAS * temperature / (FARADAY * resistance)


def butler_volmer_overpotential(current: float, resistance: float, temperature: float) -> float:
    r"""Return the overpotential of one interface with a transfer coefficient of 1/2.

    .. math:: i = 2 i_0 \sinh\frac{F \eta}{2 R T} \quad\Rightarrow\quad \eta = \frac{2 R T}{F}
              \,\mathrm{arsinh}\frac{i}{2 i_0}

    Parameters
    ----------
    current : float
        A/m2, of either sign.
    resistance : float
        Charge-transfer resistance of this interface at rest, ohm m2.
    temperature : float
        K.

    Returns
    -------
    float
        V, of the current's sign.

    Raises
    ------
    InputError
        As :func:`exchange_current`.

    Notes
    -----
    The exchange current is taken as that of the salt at rest; where the concentration at the electrode has changed,
    its own change is left out. An ohmic interphase has no such law: see :func:`ohmic_overpotential`.

    References
    ----------
    A. J. Bard, L. R. Faulkner, Electrochemical Methods, 2nd ed., Wiley, 2001, 3.4.

    Examples
    --------
    Two interfaces of 12.25 ohm cm2 each at 0.4 mA/cm2 and 55 degC:

    >>> round(2e3 * butler_volmer_overpotential(4.0, 12.25e-4, 328.15), 2)
    9.79
    """
    exchange = exchange_current(resistance, temperature)
    return 2 * GAS * temperature / FARADAY * math.asinh(current / (2 * exchange))


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
