r"""The uniform film of a binary electrolyte between two lithium electrodes, in closed form.

One salt, electroneutral, constant D and :math:`t_+`, conductivity in proportion to the concentration. Position y runs
from the electrode that dissolves (0) to the one that plates (L) when the current is positive.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import erfc

from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY, GAS

Array = NDArray[np.float64]

_SHORT = 0.03
_IMAGES = 3
_ODD_MODES = np.arange(1, 23, 2)


@dataclass(frozen=True)
class UniformFilm:
    r"""A uniform film of a binary electrolyte with constant D and transference number.

    .. math::
        D_+ + D_- = \frac{\sigma R T}{F^2 c_0}, \qquad D = 2 t_+ (1 - t_+)(D_+ + D_-)\,\chi

    unless D is given.

    Parameters
    ----------
    thickness : float
        L, m.
    conductivity : float
        :math:`\sigma` at `concentration`, S/m.
    transference : float
        :math:`t_+` of the lithium ion. Between 0 and 1, or any value below 1 when `diffusivity` is given.
    concentration : float
        :math:`c_0` of the salt before the current flows, mol/m3.
    temperature : float
        K.
    diffusivity : float, optional
        D of the salt, m2/s; from Nernst and Einstein when None.
    thermodynamic_factor : float
        :math:`\chi = 1 + d\ln f_\pm/d\ln c`, larger than zero; 1 for a dilute electrolyte.

    Raises
    ------
    InputError
        When a number is not finite, not positive, or :math:`t_+` lies outside the model.

    Notes
    -----
    Every method that takes a current takes it in A/m2 of electrode; its sign says which electrode plates.

    References
    ----------
    J. Newman, K. E. Thomas-Alyea, Electrochemical Systems, 3rd ed., Wiley, 2004, chapters 11 and 12.

    Examples
    --------
    >>> film = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
    >>> round(film.time_constant, 2), round(film.limiting_current, 1)
    (3.2, 500.6)
    >>> round(film.drop(60.0, 12.0), 2), round(1e3 * film.steady_voltage(12.0), 3)
    (95.89, 2.464)
    """

    thickness: float
    conductivity: float
    transference: float
    concentration: float
    temperature: float
    diffusivity: float | None = None
    thermodynamic_factor: float = 1.0

    def __post_init__(self) -> None:
        _check_positive("thickness", self.thickness, "m")
        _check_positive("conductivity", self.conductivity, "S/m")
        _check_positive("concentration", self.concentration, "mol/m3")
        _check_positive("temperature", self.temperature, "K")
        _check_positive("thermodynamic factor", self.thermodynamic_factor, "")
        if self.diffusivity is not None:
            _check_positive("diffusivity", self.diffusivity, "m2/s")
        _check_transference(self.transference, given=self.diffusivity is not None)

    @property
    def ion_diffusivities(self) -> float:
        r""":math:`D_+ + D_- = \sigma R T/(F^2 c_0)`, by Nernst and Einstein, m2/s."""
        return self.conductivity * GAS * self.temperature / (FARADAY**2 * self.concentration)

    @property
    def salt_diffusivity(self) -> float:
        """D of the salt, as given or from Nernst and Einstein, m2/s."""
        if self.diffusivity is not None:
            return self.diffusivity
        t = self.transference
        return 2 * t * (1 - t) * self.ion_diffusivities * self.thermodynamic_factor

    @property
    def time_constant(self) -> float:
        r""":math:`L^2/(\pi^2 D)` of the slowest mode, s."""
        return self.thickness**2 / (math.pi**2 * self.salt_diffusivity)

    @property
    def limiting_current(self) -> float:
        r""":math:`2 F D c_0/[L (1 - t_+)]`, above which no steady state exists, A/m2."""
        return 2 * FARADAY * self.salt_diffusivity * self.concentration / (self.thickness * (1 - self.transference))

    @property
    def ohmic_resistance(self) -> float:
        r""":math:`L/\sigma` before concentrations change, ohm m2."""
        return self.thickness / self.conductivity

    def steady_drop(self, current: float) -> float:
        r"""Return :math:`(1 - t_+) i L/(F D)`, also where it would exceed :math:`2 c_0`, mol/m3.

        Parameters
        ----------
        current : float
            A/m2.
        """
        return 2 * self.concentration * current / self.limiting_current

    def steady_fraction(self, time: float) -> float:
        r"""Return the share of the steady concentration drop that is reached.

        .. math:: 1 - \frac{8}{\pi^2} \sum_{n\ \mathrm{odd}} \frac{e^{-n^2 t/\tau}}{n^2}

        Parameters
        ----------
        time : float
            s since the current was switched on; zero or more.
        """
        return float(_fraction(_reduced(time, self)))

    def time_to(self, fraction: float) -> float:
        """Return when a share of the steady drop is reached, s.

        Parameters
        ----------
        fraction : float
            Between 0 and 1; infinity is returned for 1 and more.
        """
        if not fraction >= 0:
            raise InputError(f"The share {fraction:g} of the steady drop is not zero or more.", "", "Check its sign.")
        if fraction >= 1:
            return math.inf
        if fraction == 0:
            return 0.0
        # At long times only the first mode is left; at short ones the electrodes do not know of each other.
        low, high = math.pi * fraction**2 / 16, math.log(9 / (1 - fraction)) / math.pi**2
        root = brentq(lambda tau: _fraction(tau) - fraction, 0.5 * low, high, xtol=1e-14 * high, rtol=1e-13)
        return float(root) * self.thickness**2 / self.salt_diffusivity

    def drop(self, time: float, current: float) -> float:
        """Return the concentration at the dissolving electrode less that at the plating one, mol/m3.

        Parameters
        ----------
        time : float
            s since the current was switched on.
        current : float
            A/m2.

        Raises
        ------
        InputError
            After the depletion time.
        """
        self._check_time(time, current)
        return self.steady_drop(current) * self.steady_fraction(time)

    def concentration_at(self, position: ArrayLike, time: float, current: float) -> Array:
        r"""Return the salt concentration, mol/m3.

        .. math::
            c = c_0 + g\left[\left(y - \frac{L}{2}\right) + \sum_{n\ \mathrm{odd}} \frac{4 L}{n^2 \pi^2}
            \cos\frac{n \pi y}{L}\, e^{-n^2 t/\tau}\right], \qquad g = -\frac{(1 - t_+) i}{F D}

        Parameters
        ----------
        position : array-like
            y, m, from 0 to L.
        time : float
            s since the current was switched on.
        current : float
            A/m2.

        Raises
        ------
        InputError
            After the depletion time.

        Notes
        -----
        At short times, where the series converges slowly, the same solution is summed over images of the electrodes.
        """
        self._check_time(time, current)
        y = np.asarray(position, dtype=float) / self.thickness
        return np.asarray(self.concentration + self.steady_drop(current) * _shape(y, _reduced(time, self)))

    def at_electrodes(self, time: float | None, current: float) -> Array:
        """Return the salt at the dissolving and at the plating electrode, mol/m3.

        Parameters
        ----------
        time : float or None
            s since the current was switched on; None for the steady state.
        current : float
            A/m2.

        Raises
        ------
        InputError
            After the depletion time, or in the steady state from the limiting current on.
        """
        if time is not None:
            ends = self.concentration_at([0.0, self.thickness], time, current)
            if not ends.min() > 0:
                raise _depleted(time, self.depletion_time(current))
            return ends
        self._steady_ratio(current)
        return np.asarray(self.concentration + self.steady_drop(current) * np.array([0.5, -0.5]))

    def depletion_time(self, current: float) -> float:
        """Return when the salt is used up at the plating electrode, s; infinity up to the limiting current.

        Parameters
        ----------
        current : float
            A/m2.
        """
        _check_finite("current", current, "A/m2")
        return self.time_to(self.limiting_current / abs(current)) if current else math.inf

    def sand_time(self, current: float) -> float:
        r"""Return :math:`\pi D [F c_0/(2 i (1 - t_+))]^2`, the depletion time of an endless film, s.

        Parameters
        ----------
        current : float
            A/m2, not zero.
        """
        reach = FARADAY * self.concentration / (2 * current * (1 - self.transference))
        return math.pi * self.salt_diffusivity * reach**2

    def steady_voltage(self, current: float) -> float:
        r"""Return what a Li|Li cell shows in the end, without charge transfer, V.

        .. math::
            U = \left[\frac{F D c_0}{(1 - t_+)\sigma} + \frac{2 R T}{F} (1 - t_+)\chi\right]
            \ln\frac{c_\mathrm{hi}}{c_\mathrm{lo}}

        which is :math:`(2RT/F)\ln(c_\mathrm{hi}/c_\mathrm{lo})` with D from Nernst and Einstein and
        :math:`\chi = 1`, and tends to :math:`i L/(t_+ \sigma)` at small current.

        Parameters
        ----------
        current : float
            A/m2, below the limiting current.

        Raises
        ------
        InputError
            At and above the limiting current.
        """
        conduction = (
            FARADAY * self.salt_diffusivity * self.concentration / ((1 - self.transference) * self.conductivity)
        )
        return (conduction + self._diffusion_voltage) * self._steady_ratio(current)

    def steady_potential_drop(self, current: float) -> float:
        r"""Return the electrostatic part of :meth:`steady_voltage`, V.

        .. math:: U - \frac{R T}{F}\,\chi\ln\frac{c_\mathrm{hi}}{c_\mathrm{lo}}

        Parameters
        ----------
        current : float
            A/m2, below the limiting current.

        Raises
        ------
        InputError
            At and above the limiting current.
        """
        return self.steady_voltage(current) - self._electrode_voltage * self._steady_ratio(current)

    def voltage(self, time: float, current: float) -> float:
        r"""Return what a Li|Li cell shows, without charge transfer, V.

        .. math::
            U = \int_0^L \frac{i\,dy}{\sigma c/c_0} + \frac{2 R T}{F}(1 - t_+)\chi\ln\frac{c(0)}{c(L)}

        Parameters
        ----------
        time : float
            s since the current was switched on.
        current : float
            A/m2.

        Raises
        ------
        InputError
            From the depletion time on.
        """
        places, weights = _ends_quadrature()
        relative = self.concentration_at(places * self.thickness, time, current) / self.concentration
        ohmic = current * self.ohmic_resistance * float(np.sum(weights / relative))
        return ohmic + self._diffusion_voltage * self._ratio(time, current)

    def potential_drop(self, time: float, current: float) -> float:
        r"""Return the electrostatic part of :meth:`voltage`, :math:`U - (RT/F)\chi\ln[c(0)/c(L)]`, V.

        Parameters
        ----------
        time : float
            s since the current was switched on.
        current : float
            A/m2.

        Raises
        ------
        InputError
            From the depletion time on.
        """
        return self.voltage(time, current) - self._electrode_voltage * self._ratio(time, current)

    @property
    def _electrode_voltage(self) -> float:
        return GAS * self.temperature / FARADAY * self.thermodynamic_factor

    @property
    def _diffusion_voltage(self) -> float:
        return 2 * self._electrode_voltage * (1 - self.transference)

    def _ratio(self, time: float, current: float) -> float:
        """Return ln(c_hi/c_lo)."""
        ends = self.at_electrodes(time, current)
        return math.log(ends[0] / ends[1])

    def _steady_ratio(self, current: float) -> float:
        _check_finite("current", current, "A/m2")
        if abs(current) >= self.limiting_current:
            raise InputError(
                f"The current {current / 10:.4g} mA/cm2 is not below the limiting current "
                f"{self.limiting_current / 10:.4g} mA/cm2.",
                "The salt is used up at the plating electrode before a steady state is reached.",
                "Ask for a time before the depletion time, or for a smaller current.",
            )
        return 2 * math.atanh(current / self.limiting_current)

    def _check_time(self, time: float, current: float) -> None:
        end = self.depletion_time(current)
        if time > end * (1 + 1e-9):
            raise _depleted(time, end)


def _depleted(time: float, end: float) -> InputError:
    return InputError(
        f"The salt at the plating electrode is used up at {end:.4g} s, before the {time:.6g} s asked for.",
        "The current is above the limiting current.",
        "Ask for an earlier time or a smaller current.",
    )


def _reduced(time: float, film: UniformFilm) -> float:
    if not time >= 0:
        raise InputError(f"The time {time:g} s is not zero or more.", "", "Check its sign.")
    return time * film.salt_diffusivity / film.thickness**2


def _shape(y: Array, tau: float) -> Array:
    """Return (c - c0) over the steady drop at places y (over L) and times tau (in L2/D)."""
    if tau > _SHORT:
        decay = 4 / (_ODD_MODES * math.pi) ** 2 * np.exp(-((_ODD_MODES * math.pi) ** 2) * tau)
        return np.asarray(0.5 - y - np.cos(math.pi * y[..., np.newaxis] * _ODD_MODES) @ decay)
    if tau == 0:
        return np.zeros_like(y)
    reach = 2 * math.sqrt(tau)
    images = [(-1) ** k * (_ierfc((y + k) / reach) - _ierfc((1 - y + k) / reach)) for k in range(_IMAGES)]
    return np.asarray(reach * np.sum(images, axis=0))


def _fraction(tau: float) -> float:
    return float(2 * _shape(np.zeros(1), tau)[0])


def _ierfc(x: Array) -> Array:
    return np.asarray(np.exp(-(x**2)) / math.sqrt(math.pi) - x * erfc(x))


def _ends_quadrature() -> tuple[Array, Array]:
    """Places and weights on 0..1 that crowd doubly exponentially at both ends, where boundary layers are."""
    s = np.linspace(-3.4, 3.4, 403)
    inner = math.pi / 2 * np.sinh(s)
    weights = math.pi / 4 * np.cosh(s) / np.cosh(inner) ** 2 * (s[1] - s[0])
    return (1 + np.tanh(inner)) / 2, weights


def _check_positive(name: str, value: float, unit: str) -> None:
    if not (value > 0 and math.isfinite(value)):
        raise InputError(
            f"The {name} is {value:g}{' ' * bool(unit)}{unit}, not a finite number larger than zero.",
            "",
            "Check its sign and its unit.",
        )


def _check_finite(name: str, value: float, unit: str) -> None:
    if not math.isfinite(value):
        raise InputError(f"The {name} is {value:g} {unit}, not a finite number.", "", "Check it.")


def _check_transference(value: float, *, given: bool) -> None:
    if given and math.isfinite(value) and value < 1:
        return
    if not 0 < value < 1:
        bounds = "below 1" if given else "between 0 and 1 where D is not given"
        raise InputError(
            f"The transference number is {value:g}; a binary electrolyte has one {bounds}.",
            "With 1 or more the film is a single-ion conductor and has no concentration gradient of this kind.",
            "Check it, or give the diffusivity for a number of zero or less.",
        )
