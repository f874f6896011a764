r"""What a current fraction says about a concentrated electrolyte.

.. math:: \rho_+ = \frac{1}{1 + \mathrm{Ne}}, \qquad
          \mathrm{Ne} = \frac{2 R T \kappa (1 - t_+)^2}{F^2 D c}\left(1 + \frac{d\ln\gamma_\pm}{d\ln m}\right)

for a binary, univalent salt. In an ideal dilute electrolyte Ne = D-/D+ and the current fraction is t+; in any other
it is not, and t+ may be negative.

References
----------
N. P. Balsara, J. Newman, J. Electrochem. Soc. 162 (2015) A2720, doi:10.1149/2.0651514jes.
"""

from __future__ import annotations

from collections.abc import Callable

from lamion.quantities import Answer, InputError, Quantity, propagate
from lamion.quantities.constants import FARADAY, GAS

_REFERENCE = "Balsara and Newman, doi:10.1149/2.0651514jes"


def newman_number(
    conductivity: float,
    diffusivity: float,
    concentration: float,
    transference: float,
    thermodynamic_factor: float,
    temperature: float,
) -> float:
    r"""Return the Newman number of a binary, univalent electrolyte.

    .. math:: \mathrm{Ne} = \frac{2 R T \kappa (1 - t_+)^2}{F^2 D c}\left(1 + \frac{d\ln\gamma_\pm}{d\ln m}\right)

    Parameters
    ----------
    conductivity : float
        kappa in S/m.
    diffusivity : float
        D of the salt in m2/s.
    concentration : float
        c of the salt in mol/m3.
    transference : float
        t+ against the solvent; may be negative.
    thermodynamic_factor : float
        1 + dln(gamma)/dln(m); 1 when ideal.
    temperature : float
        K.

    References
    ----------
    N. P. Balsara, J. Newman, J. Electrochem. Soc. 162 (2015) A2720, doi:10.1149/2.0651514jes.

    Examples
    --------
    A dilute electrolyte with D+ = 1e-12 and D- = 3e-12 m2/s has Ne = D-/D+:

    >>> c, T, plus, minus = 100.0, 298.15, 1e-12, 3e-12
    >>> kappa = FARADAY**2 * c * (plus + minus) / (GAS * T)
    >>> round(newman_number(kappa, 2 * plus * minus / (plus + minus), c, 0.25, 1.0, T), 12)
    3.0
    """
    return (2 * GAS * temperature * conductivity * (1 - transference) ** 2 * thermodynamic_factor) / (
        FARADAY**2 * diffusivity * concentration
    )


def fraction_of(newman: float) -> float:
    r"""Return the current fraction that belongs to a Newman number.

    .. math:: \rho_+ = 1/(1 + \mathrm{Ne})

    Parameters
    ----------
    newman : float
        Ne, zero or more.

    Examples
    --------
    >>> fraction_of(3.0)
    0.25
    """
    return 1.0 / (1.0 + newman)


def transference_number(
    fraction: float,
    conductivity: float,
    diffusivity: float,
    concentration: float,
    thermodynamic_factor: float,
    temperature: float,
) -> float:
    r"""Return t+ from a current fraction and the other three properties.

    .. math:: t_+ = 1 - \sqrt{\frac{F^2 D c\,(1/\rho_+ - 1)}{2 R T \kappa (1 + d\ln\gamma_\pm/d\ln m)}}

    Parameters
    ----------
    fraction : float
        Current fraction, above 0 and at most 1.
    conductivity, diffusivity, concentration, thermodynamic_factor, temperature : float
        As in :func:`newman_number`.

    Notes
    -----
    The root with t+ below 1 is taken; the equation alone also allows its mirror image above 1.

    References
    ----------
    N. P. Balsara, J. Newman, J. Electrochem. Soc. 162 (2015) A2720, doi:10.1149/2.0651514jes.

    Examples
    --------
    >>> kappa = FARADAY**2 * 100.0 * 4e-12 / (GAS * 298.15)
    >>> round(transference_number(0.25, kappa, 1.5e-12, 100.0, 1.0, 298.15), 9)
    0.25
    """
    at_zero = newman_number(conductivity, diffusivity, concentration, 0.0, thermodynamic_factor, temperature)
    ratio = (1.0 / fraction - 1.0) / at_zero
    return 1.0 - float(ratio**0.5)


def transference_number_from_slope(
    fraction: float,
    conductivity: float,
    diffusivity: float,
    concentration: float,
    product: float,
    temperature: float,
) -> float:
    r"""Return t+ from a current fraction and a concentration cell's slope.

    .. math:: t_+ = 1 - \frac{F^2 D c\,(1/\rho_+ - 1)}{2 R T \kappa X}, \qquad
              X = (1 - t_+)\left(1 + \frac{d\ln\gamma_\pm}{d\ln m}\right)

    Parameters
    ----------
    fraction, conductivity, diffusivity, concentration, temperature : float
        As in :func:`transference_number`.
    product : float
        X, which is all that a concentration cell with transference measures.

    References
    ----------
    D. M. Pesko et al., J. Electrochem. Soc. 164 (2017) E3569, doi:10.1149/2.0581711jes (the combination).

    Examples
    --------
    >>> kappa = FARADAY**2 * 100.0 * 4e-12 / (GAS * 298.15)
    >>> round(transference_number_from_slope(0.25, kappa, 1.5e-12, 100.0, 0.75, 298.15), 9)
    0.25
    """
    at_zero = newman_number(conductivity, diffusivity, concentration, 0.0, 1.0, temperature)
    return 1.0 - (1.0 / fraction - 1.0) / (at_zero * product)


def concentrated(
    fraction: Quantity,
    conductivity: Quantity,
    diffusivity: Quantity,
    concentration: Quantity,
    temperature: Quantity,
    *,
    thermodynamic_factor: Quantity | None = None,
    slope_product: Quantity | None = None,
) -> Answer:
    """Read a current fraction with concentrated-solution theory.

    Parameters
    ----------
    fraction : Quantity
        The current fraction.
    conductivity, diffusivity, concentration, temperature : Quantity
        Of the electrolyte.
    thermodynamic_factor : Quantity, optional
        1 + dln(gamma)/dln(m); either this or the next.
    slope_product : Quantity, optional
        (1 - t+)(1 + dln(gamma)/dln(m)) from concentration cells.

    Returns
    -------
    Answer
        ``transference_number`` and ``newman_number``, by linear propagation.

    Raises
    ------
    InputError
        When neither or both of the two are given, the fraction is not above 0 and at most 1, or another is not
        positive.

    Examples
    --------
    >>> quantity = [Quantity(0.2, 0.01, "1"), Quantity(1e-3, 0.0, "S/cm"), Quantity(1e-7, 0.0, "cm2/s")]
    >>> answer = concentrated(*quantity, Quantity(2.0, 0.0, "mol/L"), Quantity(85.0, None, "degC"),
    ...     thermodynamic_factor=Quantity(3.0, 0.1, "1"))
    >>> print(answer.results["transference_number"])
    0.354(23)
    """
    compute: Callable[..., float]
    if thermodynamic_factor is not None and slope_product is None:
        compute, fourth = transference_number, thermodynamic_factor
    elif slope_product is not None and thermodynamic_factor is None:
        compute, fourth = transference_number_from_slope, slope_product
    else:
        raise InputError(
            "Either the thermodynamic factor or the concentration cells' slope is needed, and not both.",
            "",
            "Give one of the two.",
        )
    _check(fraction, (conductivity, diffusivity, concentration, temperature, fourth))
    inputs = (fraction, conductivity, diffusivity, concentration, fourth, temperature)
    notes = {"theory": "concentrated solution, binary univalent salt", "reference": _REFERENCE}
    warnings = () if fraction.interval is None or None not in fraction.interval else (_OPEN,)
    return Answer(
        {
            "transference_number": propagate(compute, *inputs, unit="1", source=_REFERENCE),
            "newman_number": propagate(lambda rho: 1.0 / rho - 1.0, fraction, unit="1", source=_REFERENCE),
        },
        notes=notes,
        warnings=warnings,
        method="Concentrated-solution theory of a binary salt, from the current fraction and the properties given.",
    )


_OPEN = "The current fraction's interval is open, so the uncertainty of the transference number is understated."


def _check(fraction: Quantity, others: tuple[Quantity, ...]) -> None:
    if not 0 < fraction.value <= 1:
        raise InputError(
            f"The current fraction {fraction.value:g} is not between 0 and 1, so no Newman number belongs to it.",
            "A measured value outside says that its uncertainty is large.",
            "Measure a thicker film.",
        )
    if any(quantity.si <= 0 for quantity in others):
        raise InputError("Conductivity, diffusivity, concentration, temperature and factor must be larger than zero.")
