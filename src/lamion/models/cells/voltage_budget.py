"""Where the voltage of a symmetric lithium cell goes: through the film, the two interfaces and the concentrations."""

from __future__ import annotations

from dataclasses import dataclass

from lamion.models.cells.charge_transfer import ohmic_overpotential
from lamion.models.transport.electrodes import from_resistance
from lamion.models.transport.uniform_film import UniformFilm


@dataclass(frozen=True)
class VoltageBudget:
    """The parts of a Li|Li cell's overpotential, in V.

    Parameters
    ----------
    ohmic : float
        Of the film before its concentrations change.
    charge_transfer : float
        Of both interfaces by Butler and Volmer.
    charge_transfer_linear : float
        Of both, if what resists there were ohmic.
    concentration : float
        What the film takes beyond `ohmic` once its concentrations have changed.
    """

    ohmic: float
    charge_transfer: float
    charge_transfer_linear: float
    concentration: float

    @property
    def overpotential(self) -> float:
        """The sum, with charge transfer by Butler and Volmer, V."""
        return self.ohmic + self.charge_transfer + self.concentration

    @property
    def overpotential_linear(self) -> float:
        """The sum, with ohmic interfaces, V."""
        return self.ohmic + self.charge_transfer_linear + self.concentration


def voltage_budget(film: UniformFilm, resistance: float, current: float, time: float | None = None) -> VoltageBudget:
    r"""Split the overpotential of a Li|Li cell with two equal interfaces.

    .. math::
        \eta = \frac{i L}{\sigma} + \eta_\mathrm{ct}(i, c_\mathrm{hi}) + \eta_\mathrm{ct}(i, c_\mathrm{lo}) +
               \left[\frac{2 R T}{F}\ln\frac{c_\mathrm{hi}}{c_\mathrm{lo}} - \frac{i L}{\sigma}\right]

    Parameters
    ----------
    film : UniformFilm
        The electrolyte.
    resistance : float
        Charge-transfer resistance of one interface, ohm m2.
    current : float
        A/m2.
    time : float, optional
        s since the current was switched on; the steady state when None.

    Returns
    -------
    VoltageBudget

    Raises
    ------
    InputError
        At and above the film's limiting current when the steady state is asked for, or after the salt is used up.

    Notes
    -----
    The bracket is that of a dilute electrolyte whose D is Nernst and Einstein's; the film's own voltage is used, so
    a given D and a thermodynamic factor count. The exchange current follows the root of the salt at each electrode
    (:class:`~lamion.models.transport.electrodes.Kinetics`). Lithium creep, voids, roughness and the growth of an
    interphase are not in it.

    Examples
    --------
    >>> film = UniformFilm(9e-6, 0.137, 0.81, 2000.0, 328.15)
    >>> budget = voltage_budget(film, 12.25e-4, 4.0)
    >>> [round(1e3 * part, 2) for part in (budget.ohmic, budget.charge_transfer, budget.concentration)]
    [0.26, 9.79, 0.06]
    """
    ohmic = current * film.ohmic_resistance
    whole = film.steady_voltage(current) if time is None else film.voltage(time, current)
    kinetics = from_resistance(resistance, film.temperature, concentration=film.concentration)
    return VoltageBudget(
        ohmic,
        float(kinetics.of_both(current, *film.at_electrodes(time, current))),
        2 * ohmic_overpotential(current, resistance),
        whole - ohmic,
    )


def single_ion_budget(film: float, resistance: float, current: float, temperature: float) -> VoltageBudget:
    """Split the overpotential of a Li|Li cell whose electrolyte conducts lithium ions alone.

    Parameters
    ----------
    film : float
        Resistance of the electrolyte, ohm m2.
    resistance : float
        Charge-transfer resistance of one interface, ohm m2.
    current : float
        A/m2.
    temperature : float
        K.

    Returns
    -------
    VoltageBudget
        Without a concentration part: there is no second ion to pile up.

    Raises
    ------
    InputError
        When the resistance or the temperature is not larger than zero.

    Examples
    --------
    A garnet of 1 mm and 0.3 mS/cm with 5 ohm cm2 at each side:

    >>> budget = single_ion_budget(1e-3 / 0.03, 5e-4, 1.0, 298.15)
    >>> round(1e3 * budget.ohmic, 1), budget.concentration
    (33.3, 0.0)
    """
    return VoltageBudget(
        current * film,
        float(from_resistance(resistance, temperature).of_both(current, 1.0, 1.0)),
        2 * ohmic_overpotential(current, resistance),
        0.0,
    )
