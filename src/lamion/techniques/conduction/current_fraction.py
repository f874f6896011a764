r"""The current fraction of a Li|Li cell from the numbers of a DC polarisation, with intervals that may be open.

The equation of Evans, Vincent and Bruce is a ratio of two resistances of the electrolyte, each what is left of the
cell's resistance when the interfaces are taken off, before the polarisation and at its steady state:

.. math:: \rho_+ = \frac{I_s (\Delta V - I_0 R_0)}{I_0 (\Delta V - I_s R_s)}
          = \frac{\Delta V / I_0 - R_0}{\Delta V / I_s - R_s} = \frac{N}{D}

In a thin film both are small differences of large numbers. An interval that comes from a linear propagation is then
wrong, and the right one can be open: Fieller's asks which ratios the measured N and D do not contradict.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lamion.quantities.errors import InputError
from lamion.quantities.level import LEVEL, coverage_factor
from lamion.quantities.quantity import Interval


@dataclass(frozen=True)
class ResistancePair:
    """The electrolyte's resistance before and at steady state, with their covariance.

    Parameters
    ----------
    initial : float
        N in ohm (or ohm m2).
    steady : float
        D in the same unit.
    initial_variance, steady_variance, covariance : float
        In the square of that unit.
    """

    initial: float
    steady: float
    initial_variance: float
    steady_variance: float
    covariance: float

    @property
    def ratio(self) -> float:
        """The current fraction."""
        return self.initial / self.steady

    @property
    def ratio_error(self) -> float:
        """Its standard error by linear propagation; right only where it is small."""
        variance = self.initial_variance - 2 * self.ratio * self.covariance + self.ratio**2 * self.steady_variance
        return math.sqrt(max(variance, 0.0)) / abs(self.steady)

    def interval(self, level: float = LEVEL) -> Interval:
        r"""Return Fieller's interval of the ratio.

        .. math:: (N - \rho D)^2 \le k^2 (u_N^2 - 2 \rho u_{ND} + \rho^2 u_D^2)

        Parameters
        ----------
        level : float
            The share of intervals that cover the truth.

        Returns
        -------
        (float or None, float or None)
            None for an open end: the steady resistance cannot be told from zero. Negative ratios, which such an
            interval allows beside the large positive ones, are left out.

        References
        ----------
        E. C. Fieller, J. R. Stat. Soc. B 16 (1954) 175, doi:10.1111/j.2517-6161.1954.tb00159.x.

        Examples
        --------
        >>> ResistancePair(1.0, 2.0, 0.01, 0.01, 0.0).interval()
        (0.445..., 0.557...)
        >>> ResistancePair(1.0, 0.1, 0.01, 0.04, 0.0).interval()
        (3.30..., None)
        """
        k2 = coverage_factor(level) ** 2
        a = self.steady**2 - k2 * self.steady_variance
        b = self.initial * self.steady - k2 * self.covariance
        c = self.initial**2 - k2 * self.initial_variance
        under_root = b * b - a * c
        if a > 0:
            root = math.sqrt(max(under_root, 0.0))
            return (b - root) / a, (b + root) / a
        if under_root <= 0 or a == 0:
            return None, None
        ends = sorted(((b - math.sqrt(under_root)) / a, (b + math.sqrt(under_root)) / a))
        return (ends[1], None) if ends[0] <= 0 < ends[1] else (None, None)


@dataclass(frozen=True)
class Polarisation:
    """What a DC polarisation measured, in SI; an uncertainty of zero is one that is not known.

    Parameters
    ----------
    bias : float
        The voltage held, in V.
    initial_current, steady_current : float
        A (or A/m2).
    initial_resistance, steady_resistance : float
        Of the interfaces, both electrodes together, before and at steady state, in ohm (or ohm m2).
    bias_std, initial_current_std, steady_current_std, initial_resistance_std, steady_resistance_std : float
        Standard uncertainties in the same units.

    Examples
    --------
    >>> round(Polarisation(0.010, 3.83142e-4, 3.76631e-4, 24.5, 24.5).pair().ratio, 3)
    0.78
    """

    bias: float
    initial_current: float
    steady_current: float
    initial_resistance: float
    steady_resistance: float
    bias_std: float = 0.0
    initial_current_std: float = 0.0
    steady_current_std: float = 0.0
    initial_resistance_std: float = 0.0
    steady_resistance_std: float = 0.0

    def pair(self) -> ResistancePair:
        """Return the electrolyte's resistance before and at steady state.

        Raises
        ------
        InputError
            When a current is not positive, or the interfaces alone would need more than the bias.
        """
        self._check()
        before, steady = self.bias / self.initial_current, self.bias / self.steady_current
        return ResistancePair(
            before - self.initial_resistance,
            steady - self.steady_resistance,
            self._variance(before, self.initial_current_std / self.initial_current, self.initial_resistance_std),
            self._variance(steady, self.steady_current_std / self.steady_current, self.steady_resistance_std),
            before * steady * (self.bias_std / self.bias) ** 2,
        )

    def _variance(self, total: float, relative_current: float, resistance_std: float) -> float:
        relative = (self.bias_std / self.bias) ** 2 + relative_current**2
        return total**2 * relative + resistance_std**2

    def _check(self) -> None:
        if not (self.bias > 0 and self.initial_current > 0 and self.steady_current > 0):
            raise InputError(
                "The bias and both currents must be larger than zero.",
                "A cell polarised with a negative voltage has both signs turned.",
                "Give their sizes.",
            )
        if self.initial_resistance < 0 or self.steady_resistance < 0:
            raise InputError("An interfacial resistance is negative.", "", "Give resistances of zero or more.")
        check_drop("initial", self.bias, self.initial_current, self.initial_resistance)
        check_drop("steady", self.bias, self.steady_current, self.steady_resistance)


def check_drop(when: str, bias: float, current: float, resistance: float) -> None:
    """Refuse interfaces that would need the whole bias.

    Parameters
    ----------
    when : str
        ``"initial"`` or ``"steady"``.
    bias : float
        V.
    current : float
        A (or A/m2).
    resistance : float
        Of both interfaces, ohm (or ohm m2).

    Raises
    ------
    InputError
        When current times resistance reaches the bias.
    """
    if current * resistance >= bias:
        raise InputError(
            f"The {when} current times the {when} interfacial resistance, {1e3 * current * resistance:.4g} mV, "
            f"reaches the bias of {1e3 * bias:.4g} mV: nothing is left for the electrolyte.",
            "The resistance may hold the bulk as well, or was doubled though it held both electrodes already, or "
            "the film is so thin that the noise exceeds its share.",
            "Give the interfacial resistance of both electrodes together, without the bulk.",
        )


def current_fraction(
    bias: float,
    initial_current: float,
    steady_current: float,
    initial_resistance: float,
    steady_resistance: float,
) -> float:
    r"""Return the current fraction of Evans, Vincent and Bruce.

    .. math:: \rho_+ = \frac{I_s (\Delta V - I_0 R_0)}{I_0 (\Delta V - I_s R_s)}

    Parameters
    ----------
    bias : float
        Delta V in V, about 10 mV.
    initial_current, steady_current : float
        I_0 and I_s in A (or A/m2).
    initial_resistance, steady_resistance : float
        R_0 and R_s in ohm (or ohm m2): of the interfaces, both electrodes together, without the bulk.

    Returns
    -------
    float
        The current fraction: the cation transference number only in an ideal, dilute electrolyte.

    References
    ----------
    J. Evans, C. A. Vincent, P. G. Bruce, Polymer 28 (1987) 2324, doi:10.1016/0032-3861(87)90394-6.

    Examples
    --------
    >>> round(current_fraction(0.010, 1.0e-4, 5.0e-5, 40.0, 50.0), 4)
    0.4
    """
    return Polarisation(bias, initial_current, steady_current, initial_resistance, steady_resistance).pair().ratio
