"""Stripping against creep: the pressure that keeps a dissolving lithium electrode in contact, by published scalings."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY, GAS


@dataclass(frozen=True)
class CreepLaw:
    r"""Power-law creep of lithium, from one measured flow stress.

    .. math:: \dot\varepsilon = \dot\varepsilon_0 \left(\frac{\sigma}{\sigma_0}\right)^m
              \exp\left[-\frac{Q}{R}\left(\frac1T - \frac1{T_0}\right)\right]

    Parameters
    ----------
    stress, rate, temperature : float
        The reference: flow stress Pa at a strain rate 1/s and a temperature K.
    exponent : float
        m; about 6.6 for lithium.
    activation_energy : float
        Q, J/mol; about 37 kJ/mol for lithium.

    Raises
    ------
    InputError
        When a number is not of a metal that creeps.

    Notes
    -----
    Bulk lithium in uniaxial loading. Thin films between platens and small pillars are stronger, and samples of
    different preparation differ by up to two orders of magnitude in rate, a factor of two in stress.

    References
    ----------
    W. S. LePage et al., J. Electrochem. Soc. 166 (2019) A89, doi:10.1149/2.0221902jes; A. Masias et al., J. Mater.
    Sci. 54 (2019) 2585, doi:10.1007/s10853-018-2971-3; E. Darnbrough et al., Mater. Des. 233 (2023) 112200,
    doi:10.1016/j.matdes.2023.112200.
    """

    stress: float
    rate: float
    temperature: float
    exponent: float
    activation_energy: float

    def __post_init__(self) -> None:
        reference = (self.stress, self.rate, self.temperature)
        if not all(0 < number < math.inf for number in reference) or not (
            0.1 <= self.exponent <= 100 and 0 <= self.activation_energy <= 1e6
        ):
            raise InputError(
                f"Creep at {self.stress:.4g} Pa, {self.rate:.4g} 1/s and {self.temperature:.4g} K with an exponent of "
                f"{self.exponent:.4g} and {self.activation_energy:.4g} J/mol is that of no metal.",
                "The exponent is 0.1 to 100, the activation energy 0 to 1000 kJ/mol, all else larger than zero.",
                "Check them and their units.",
            )

    def flow_stress(self, rate: float, temperature: float) -> float:
        """Return the stress at which lithium creeps at a rate, Pa.

        Parameters
        ----------
        rate : float
            1/s.
        temperature : float
            K.
        """
        shift = self.activation_energy / GAS * (1 / temperature - 1 / self.temperature)
        return self.stress * math.exp((math.log(rate / self.rate) + shift) / self.exponent)


@dataclass(frozen=True)
class ContactLoss:
    """What stripping asks of lithium.

    Parameters
    ----------
    recession : float
        Speed at which the surface recedes, m/s.
    depth : float
        Lithium stripped in one half cycle, m.
    strain_rate : float
        At which a foil must flow to follow, 1/s.
    creep_stress : float
        The stress that makes it flow so fast, Pa.
    """

    recession: float
    depth: float
    strain_rate: float
    creep_stress: float


def contact_loss(
    current: float, charge: float, foil: float, temperature: float, molar_volume: float, law: CreepLaw
) -> ContactLoss:
    r"""Find how fast lithium must creep to follow a surface that is stripped, and at which stress it does.

    .. math:: v = \frac{i V_m}{F}, \qquad \dot\varepsilon = \frac{v}{h}

    Parameters
    ----------
    current : float
        A/m2.
    charge : float
        Stripped in one half cycle, A s/m2.
    foil : float
        Thickness h of the lithium that deforms, m.
    temperature : float
        K.
    molar_volume : float
        V_m of lithium, m3/mol.
    law : CreepLaw
        Of lithium.

    Returns
    -------
    ContactLoss

    Raises
    ------
    InputError
        When a number is not larger than zero.

    Notes
    -----
    A whole foil that flows uniformly, the least that is needed: closing a void, or flow of a thin foil that sticks
    to its collector, needs several times the stress. Where the electrolyte itself flows or adheres, lithium need
    not follow at all.

    References
    ----------
    The argument, for ceramic electrolytes: J. Kasemchainan et al., Nat. Mater. 18 (2019) 1105,
    doi:10.1038/s41563-019-0438-9; creep as in :class:`CreepLaw`.

    Examples
    --------
    >>> law = CreepLaw(0.8e6, 1e-3, 298.15, 6.6, 37e3)
    >>> found = contact_loss(4.0, 4.0 * 3600, 50e-6, 328.15, 13.0e-6, law)
    >>> round(1e6 * found.depth, 2), round(found.creep_stress / 1e6, 2)
    (1.94, 0.33)
    """
    for name, value in (
        ("current", current),
        ("charge", charge),
        ("foil's thickness", foil),
        ("temperature", temperature),
        ("molar volume", molar_volume),
    ):
        if not (value > 0 and math.isfinite(value)):
            raise InputError(f"The {name} is {value:.4g}, not larger than zero.", "", "Check it and its unit.")
    recession = current * molar_volume / FARADAY
    rate = recession / foil
    return ContactLoss(recession, charge * molar_volume / FARADAY, rate, law.flow_stress(rate, temperature))


def stripping_pressure(current: float, low: tuple[float, float], high: tuple[float, float]) -> float | None:
    r"""Return the stack pressure at which a critical stripping current was found, between two measured points.

    .. math:: i_c = i_1 (p/p_1)^n, \qquad n = \frac{\ln(i_2/i_1)}{\ln(p_2/p_1)}

    Parameters
    ----------
    current : float
        A/m2.
    low, high : (float, float)
        Pressure, Pa, and critical current, A/m2, of two measurements.

    Returns
    -------
    float or None
        Pa; None outside the measured range, where nothing is known.

    Notes
    -----
    Holds for the electrolyte it was measured on, and others as rigid: argyrodite at room temperature needs 3 MPa at
    0.2 mA/cm2 and 7 MPa at 1.0 mA/cm2. A soft or adhesive electrolyte follows the receding surface.

    References
    ----------
    J. Kasemchainan et al., Nat. Mater. 18 (2019) 1105, doi:10.1038/s41563-019-0438-9.

    Examples
    --------
    >>> round(stripping_pressure(4.0, (3e6, 2.0), (7e6, 10.0)) / 1e6, 1)
    4.3
    >>> stripping_pressure(14.0, (3e6, 2.0), (7e6, 10.0)) is None
    True
    """
    if not low[1] <= current <= high[1]:
        return None
    exponent = math.log(high[1] / low[1]) / math.log(high[0] / low[0])
    return low[0] * math.exp(math.log(current / low[1]) / exponent)
