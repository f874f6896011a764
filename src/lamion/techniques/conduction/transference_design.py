r"""How to measure a current fraction: the film, the resolution and the bias that an uncertainty asks for.

With N = R_b, D = R_b/rho, interfaces R_i and the same relative standard uncertainty p on I_0, I_s, R_0 and R_s,

.. math:: u(\rho_+) = \rho_+\,p\,\sqrt{(1+a)^2 + a^2 + (1+b)^2 + b^2}, \qquad
          a = \frac{R_i}{R_b}, \quad b = \rho_+ \frac{R_i}{R_b}

so that everything hangs on the ratio of the interfaces to the film.

References
----------
J. Evans, C. A. Vincent, P. G. Bruce, Polymer 28 (1987) 2324, doi:10.1016/0032-3861(87)90394-6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lamion.quantities import Answer, InputError, Quantity, units
from lamion.quantities.constants import FARADAY, GAS

_TWO_DIGITS = 0.005
_SOURCE = "linear propagation through the equation of Evans, Vincent and Bruce"


@dataclass(frozen=True)
class Sensitivity:
    """How the relative errors of the measured numbers reach the current fraction.

    Parameters
    ----------
    initial_current, steady_current, initial_resistance, steady_resistance : float
        d ln(rho) / d ln(x).
    """

    initial_current: float
    steady_current: float
    initial_resistance: float
    steady_resistance: float

    @property
    def together(self) -> float:
        """All four in quadrature."""
        return math.hypot(self.initial_current, self.steady_current, self.initial_resistance, self.steady_resistance)


def fraction_sensitivity(bulk: float, interfacial: float, fraction: float) -> Sensitivity:
    """Return the sensitivities of a cell whose interfaces do not change.

    Parameters
    ----------
    bulk : float
        R_b in ohm m2 (or ohm).
    interfacial : float
        R_i of both electrodes together in the same unit.
    fraction : float
        The current fraction.

    Examples
    --------
    >>> thin = fraction_sensitivity(1.60e-4, 24.5e-4, 0.78)
    >>> round(thin.steady_resistance, 2), round(thin.together, 1)
    (11.94, 28.5)
    """
    a = interfacial / bulk
    b = fraction * a
    return Sensitivity(-(1 + a), 1 + b, -a, b)


def fraction_std(bulk: float, interfacial: float, fraction: float, resolution: float) -> float:
    """Return the standard uncertainty of the current fraction.

    Parameters
    ----------
    bulk, interfacial, fraction : float
        As in :func:`fraction_sensitivity`.
    resolution : float
        Relative standard uncertainty of each current and each interfacial resistance.

    Examples
    --------
    >>> round(fraction_std(1.60e-4, 24.5e-4, 0.78, 0.01), 3)
    0.222
    """
    return fraction * resolution * fraction_sensitivity(bulk, interfacial, fraction).together


def bulk_for(target: float, interfacial: float, fraction: float, resolution: float) -> float | None:
    r"""Return the least bulk resistance that reaches a target, or None where no film does.

    The square of u/(rho p) is a quadratic in x = R_i/R_b,

    .. math:: 2(1 + \rho^2) x^2 + 2(1 + \rho) x + 2 = (u/\rho p)^2

    Parameters
    ----------
    target : float
        Standard uncertainty wanted.
    interfacial, fraction, resolution : float
        As in :func:`fraction_std`.

    Examples
    --------
    >>> bulk = bulk_for(0.02, 24.5e-4, 0.78, 0.005)
    >>> round(fraction_std(bulk, 24.5e-4, 0.78, 0.005), 6)
    0.02
    >>> bulk_for(0.02, 24.5e-4, 0.78, 0.05) is None
    True
    """
    square = (target / (fraction * resolution)) ** 2
    if square <= 2.0:
        return None
    a, b, c = 2 * (1 + fraction**2), 2 * (1 + fraction), 2.0 - square
    x = (-b + math.sqrt(b * b - 4 * a * c)) / (2 * a)
    return interfacial / x


def largest_bias(bulk: float, interfacial: float, temperature: float, resolution: float) -> float:
    r"""Return the bias at which Butler-Volmer kinetics bend the interfaces by the resolution.

    .. math:: i = 2 i_0 \sinh\frac{F\eta}{2RT} \;\Rightarrow\; \frac{\Delta R}{R} = \frac{1}{24}
              \left(\frac{F\eta}{RT}\right)^2, \qquad \eta = \frac{\Delta V}{2}\frac{R_i}{R_i + R_b}

    Parameters
    ----------
    bulk, interfacial : float
        As in :func:`fraction_sensitivity`.
    temperature : float
        K.
    resolution : float
        The relative change of the interfacial resistance to allow.

    Returns
    -------
    float
        V. Transfer coefficients of one half; an interface that is a film (SEI) is ohmic and allows more.

    Examples
    --------
    >>> round(1e3 * largest_bias(1.6e-4, 24.5e-4, 298.15, 0.005), 1)
    19.0
    """
    per_electrode = GAS * temperature / FARADAY * math.sqrt(24 * resolution)
    return 2 * per_electrode * (interfacial + bulk) / interfacial


def transference_design(
    conductivity: Quantity,
    interfacial_resistance: Quantity,
    current_fraction: Quantity,
    thickness: Quantity,
    *,
    bias: Quantity,
    temperature: Quantity,
    resolution: float = 0.005,
    target: float = 0.02,
) -> Answer:
    """Say what a measurement of the current fraction needs.

    Parameters
    ----------
    conductivity : Quantity
        Of the electrolyte.
    interfacial_resistance : Quantity
        Area-specific, both electrodes together.
    current_fraction : Quantity
        The value expected, above 0 and at most 1.
    thickness : Quantity
        Of the film at hand.
    bias : Quantity
        Planned.
    temperature : Quantity
        Of the measurement.
    resolution : float
        Relative standard uncertainty of each current and each interfacial resistance.
    target : float
        Standard uncertainty wanted for the current fraction.

    Returns
    -------
    Answer
        ``uncertainty`` of the film at hand at that resolution; ``thickness_needed`` for the target (left out where
        no thickness does it); ``resolution_needed`` on all four numbers for the target with the film at hand;
        ``steady_resistance_resolution_for_two_digits`` (R_s alone, for 0.005); ``largest_bias``;
        ``current_resolution_needed`` at the planned bias.

    Raises
    ------
    InputError
        When a quantity has another dimension or is not positive.

    Examples
    --------
    >>> answer = transference_design(
    ...     Quantity(5.62e-4, None, "S/cm"), Quantity(24.5, None, "ohm cm2"), Quantity(0.78, None, "1"),
    ...     Quantity(9.0, None, "um"), bias=Quantity(10.0, None, "mV"), temperature=Quantity(25.0, None, "degC"))
    >>> round(answer.results["uncertainty"].value, 2), round(answer.results["thickness_needed"].value)
    (0.11, 61)
    """
    _check(
        (conductivity, "S/m"),
        (interfacial_resistance, "ohm m2"),
        (current_fraction, "1"),
        (thickness, "m"),
        (bias, "V"),
        (temperature, "K"),
        (Quantity(resolution, None, "1"), "1"),
        (Quantity(target, None, "1"), "1"),
    )
    fraction, interfacial = current_fraction.si, interfacial_resistance.si
    if fraction > 1:
        raise InputError("The current fraction expected is above 1.", "", "Give a value above 0 and at most 1.")
    bulk = thickness.si / conductivity.si
    sensitive = fraction_sensitivity(bulk, interfacial, fraction)
    needed = target / (fraction * sensitive.together)
    least = bulk_for(target, interfacial, fraction, resolution)
    limit = largest_bias(bulk, interfacial, temperature.si, min(needed, resolution))
    steady = bias.si / (interfacial + bulk / fraction)
    results = {
        "uncertainty": _number(fraction * resolution * sensitive.together),
        "resolution_needed": _number(needed),
        "steady_resistance_resolution_for_two_digits": _number(_TWO_DIGITS / (fraction * sensitive.steady_resistance)),
        "largest_bias": Quantity(1e3 * limit, None, "mV", _SOURCE),
        "current_resolution_needed": Quantity(1e2 * needed * steady, None, "uA/cm2", _SOURCE),
    }
    if least is not None:
        results["thickness_needed"] = Quantity(1e6 * least * conductivity.si, None, "um", _SOURCE)
    return Answer(
        results,
        notes=_notes(bulk, interfacial, resolution, target),
        warnings=_doubts(least, bias, limit),
        method="Errors of the currents and interfacial resistances propagated through the equation of Evans, Vincent "
        "and Bruce, linearly.",
    )


def _number(value: float) -> Quantity:
    return Quantity(value, None, "1", _SOURCE)


def _notes(bulk: float, interfacial: float, resolution: float, target: float) -> dict[str, float | str]:
    return {
        "bulk_resistance_ohm_cm2": 1e4 * bulk,
        "share_of_the_bias_in_the_electrolyte": bulk / (bulk + interfacial),
        "resolution": resolution,
        "target": target,
        "assumption": "equal, independent relative uncertainties of both currents and both interfacial resistances",
    }


def _doubts(least: float | None, bias: Quantity, limit: float) -> tuple[str, ...]:
    doubts = []
    if least is None:
        doubts.append("At this resolution no thickness reaches the target: the currents alone exceed it.")
    if bias.si > limit:
        doubts.append(
            f"The bias of {1e3 * bias.si:.3g} mV exceeds {1e3 * limit:.3g} mV, where Butler-Volmer kinetics bend the "
            "interfaces by more than the resolution."
        )
    return tuple(doubts)


def _check(*pairs: tuple[Quantity, str]) -> None:
    for quantity, unit in pairs:
        if not units.same_dimension(quantity.unit, unit):
            raise InputError(f"'{quantity.unit}' is not {units.dimension_name(unit)}.", "", f"Give it as in '{unit}'.")
        if quantity.si <= 0:
            raise InputError(
                f"A value of {quantity.value:g} {quantity.unit} is not larger than zero.",
                "",
                "Give a positive value.",
            )
