r"""The impedance of a uniform film between two lithium electrodes, at rest, in closed form.

.. math::
    Z = \frac{R_b}{1 + j\omega R_b C_g} + \frac{2 R_{ct}}{1 + (j\omega R_{ct} C_{dl})^n}
    + R_D\,\frac{\tanh\sqrt{j\omega L^2/4D}}{\sqrt{j\omega L^2/4D}}

with :math:`R_b = L/\sigma`, :math:`C_g = \varepsilon/L`, and :math:`R_D = 2RT(1-t_+)^2\chi L/(F^2 D c_0)`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import Answer, FigureData, InputError, Quantity, propagate
from lamion.quantities.constants import FARADAY, GAS, VACUUM_PERMITTIVITY
from lamion.quantities.fields import Checked, of
from lamion.quantities.nyquist import nyquist
from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.source import SourceFile

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_SOURCE = "linear response of a uniform film"
_FAR = 300.0
_PER_DECADE = 10
_AROUND = 100.0
_HIGHEST = 1e7
_APART = 30.0
_REVERSIBLE = Quantity(0.0, None, "ohm cm2")
_NO_LAYER = Quantity(0.0, None, "F/m2")
_NO_ARC = Quantity(0.0, None, "1")
_IDEAL = Quantity(1.0, None, "1")


@dataclass(frozen=True)
class Interface:
    """One electrode's charge transfer beside its double layer.

    Parameters
    ----------
    resistance : float
        Charge-transfer resistance of one electrode, ohm m2; zero for a reversible one.
    capacitance : float
        Effective capacitance of its double layer, F/m2; zero or more.
    exponent : float
        n of the arc, 1 for a capacitor and less for a depressed arc; above 0.

    Raises
    ------
    InputError
        When a number lies outside.

    Examples
    --------
    >>> round(float(abs(Interface(2.0, 0.5).impedance(np.array([1j]))[0])), 4)
    1.4142
    """

    resistance: float = 0.0
    capacitance: float = 0.0
    exponent: float = 1.0

    def __post_init__(self) -> None:
        for name, value, unit in (
            ("charge-transfer resistance", self.resistance, "ohm m2"),
            ("double-layer capacitance", self.capacitance, "F/m2"),
        ):
            if not (value >= 0 and math.isfinite(value)):
                raise InputError(f"The {name} is {value:g} {unit}, not zero or more.", "", "Check its sign.")
        if not 0 < self.exponent <= 1:
            raise InputError(f"The arc's exponent is {self.exponent:g}, not above 0 and at most 1.", "", "Check it.")

    def impedance(self, s: ComplexArray) -> ComplexArray:
        """Return the impedance, ohm m2.

        Parameters
        ----------
        s : array of complex
            j omega, rad/s.
        """
        time = self.resistance * self.capacitance
        return np.asarray(self.resistance / (1 + (s * time) ** self.exponent), dtype=np.complex128)


def diffusion_resistance(film: UniformFilm) -> float:
    r"""Return what the concentrations add to the resistance in the end, ohm m2.

    .. math:: R_D = \frac{2 R T (1 - t_+)^2\chi L}{F^2 D c_0}

    Parameters
    ----------
    film : UniformFilm
        The film.

    Notes
    -----
    Over the bulk resistance it is the Newman number, so that :math:`R_b + R_D = R_b/\rho_+` with the current fraction.

    References
    ----------
    N. P. Balsara, J. Newman, J. Electrochem. Soc. 162 (2015) A2720, doi:10.1149/2.0651514jes.

    Examples
    --------
    >>> film = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
    >>> round(film.ohmic_resistance / (film.ohmic_resistance + diffusion_resistance(film)), 12)
    0.78
    """
    driving = 2 * GAS * film.temperature / FARADAY * (1 - film.transference) * film.thermodynamic_factor
    slope = (1 - film.transference) * film.thickness / (FARADAY * film.salt_diffusivity)
    return driving * slope / film.concentration


def film_impedance_raw(
    film: UniformFilm,
    frequency: ArrayLike,
    *,
    interfaces: tuple[Interface, Interface] = (Interface(), Interface()),
    relative_permittivity: float = 0.0,
) -> ComplexArray:
    r"""Return the impedance of a film between lithium electrodes, ohm m2.

    Parameters
    ----------
    film : UniformFilm
        The film, at rest.
    frequency : array-like, shape (n,)
        Hz, larger than zero.
    interfaces : (Interface, Interface)
        Of both electrodes.
    relative_permittivity : float
        Of the electrolyte; zero leaves the arc of the bulk out.

    Returns
    -------
    array of complex, shape (n,)

    Raises
    ------
    InputError
        When a frequency is not larger than zero or the permittivity is negative.

    Notes
    -----
    Small amplitudes. The double layers are charged by lithium ions, so that the whole current feeds diffusion; and the
    bulk's displacement current counts only where diffusion no longer does. Both hold where the three processes lie
    decades apart.

    References
    ----------
    D. R. Franceschetti, J. R. Macdonald, R. P. Buck, J. Electrochem. Soc. 138 (1991) 1368 (finite-length Warburg
    impedances).

    Examples
    --------
    >>> film = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
    >>> (1e4 * film_impedance_raw(film, [1e-6, 1e6]).real).round(3)
    array([2.053, 1.601])
    """
    f = np.asarray(frequency, dtype=float)
    if not np.all((f > 0) & np.isfinite(f)):
        raise InputError("A frequency is not a finite number larger than zero.", "", "Check the frequencies.")
    if not (relative_permittivity >= 0 and math.isfinite(relative_permittivity)):
        raise InputError(f"The relative permittivity is {relative_permittivity:g}, not zero or more.")
    s = 2j * np.pi * f
    dielectric = s * relative_permittivity * VACUUM_PERMITTIVITY
    bulk = film.thickness / (film.conductivity + dielectric)
    warburg = diffusion_resistance(film) * finite_length(s * film.thickness**2 / (4 * film.salt_diffusivity))
    first, second = (interface.impedance(s) for interface in interfaces)
    return np.asarray(bulk + first + second + warburg, dtype=np.complex128)


def finite_length(square: ComplexArray) -> ComplexArray:
    r"""Return :math:`\tanh(x)/x` of a given :math:`x^2`.

    Parameters
    ----------
    square : array of complex
        Not zero.

    Examples
    --------
    >>> np.round(finite_length(np.array([1e-9 + 0j, 4.0 + 0j])).real, 6)
    array([1.      , 0.482014])
    """
    root = np.sqrt(square)
    limited = np.minimum(root.real, _FAR) + 1j * np.where(root.real > _FAR, 0.0, root.imag)
    return np.asarray(np.tanh(limited) / root)


def film_spectrum(
    film: UniformFilm,
    frequency: ArrayLike,
    area: float,
    *,
    interfaces: tuple[Interface, Interface] = (Interface(), Interface()),
    relative_permittivity: float = 0.0,
) -> ImpedanceSpectrum:
    """Return :func:`film_impedance_raw` over an area as a record that the analyses read.

    Parameters
    ----------
    film, frequency, interfaces, relative_permittivity
        As in :func:`film_impedance_raw`.
    area : float
        Of one electrode, m2.

    Raises
    ------
    InputError
        As :func:`film_impedance_raw`, and when the area is not larger than zero.

    Examples
    --------
    >>> film = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
    >>> len(film_spectrum(film, [1e3, 1.0], 1e-4))
    2
    """
    if not (area > 0 and math.isfinite(area)):
        raise InputError(f"The area is {area:g} m2, not larger than zero.", "", "Check it.")
    impedance = film_impedance_raw(film, frequency, interfaces=interfaces, relative_permittivity=relative_permittivity)
    return ImpedanceSpectrum(
        np.asarray(frequency, dtype=float),
        impedance / area,
        temperature=film.temperature,
        source=SourceFile(_SOURCE, "", "simulated"),
    )


@dataclass(frozen=True)
class FilmAtRest(Checked):
    """A film between two equal lithium electrodes.

    Parameters
    ----------
    thickness, conductivity, transference, concentration, temperature : Quantity
        Of the electrolyte.
    area : Quantity
        Of one electrode.
    rct : Quantity
        Charge-transfer resistance of one electrode, times its area.
    double_layer : Quantity
        Capacitance of one electrode, over its area.
    permittivity : Quantity
        Relative, of the electrolyte; zero leaves the arc of the bulk out.
    thermodynamic_factor : Quantity
        1 when ideal.
    diffusivity : Quantity, optional
        Of the salt; by Nernst and Einstein without it.
    """

    thickness: Quantity = of("thickness")
    conductivity: Quantity = of("conductivity")
    transference: Quantity = of("transference")
    concentration: Quantity = of("concentration")
    temperature: Quantity = of("temperature")
    area: Quantity = of("area")
    rct: Quantity = of("charge_transfer", default=_REVERSIBLE)
    double_layer: Quantity = of("double_layer", default=_NO_LAYER)
    permittivity: Quantity = of("permittivity", default=_NO_ARC)
    thermodynamic_factor: Quantity = of("thermodynamic_factor", default=_IDEAL)
    diffusivity: Quantity | None = of("diffusivity", default=None)

    def film(self) -> UniformFilm:
        """Return the film in SI."""
        return self._of(*(quantity.si for quantity in self._film_inputs()))

    def interface(self) -> Interface:
        """Return one electrode's interface in SI."""
        return Interface(self.rct.si, self.double_layer.si)

    def derived(self, function: Callable[[UniformFilm, float], float], unit: str) -> Quantity:
        """Return a number that follows from the film and the area, with its uncertainty.

        Parameters
        ----------
        function : callable
            From the film and the area in m2 to the number in the SI unit of `unit`.
        unit : str
            Of the result.
        """
        return propagate(
            lambda area, *values: function(self._of(*values), area),
            self.area,
            *self._film_inputs(),
            unit=unit,
            source=_SOURCE,
        )

    def _film_inputs(self) -> list[Quantity]:
        given = [self.thickness, self.conductivity, self.transference, self.concentration, self.temperature]
        given.append(self.thermodynamic_factor)
        return given if self.diffusivity is None else [*given, self.diffusivity]

    @staticmethod
    def _of(L: float, sigma: float, t: float, c0: float, T: float, chi: float, D: float | None = None) -> UniformFilm:
        return UniformFilm(L, sigma, t, c0, T, D, chi)


def film_impedance(cell: FilmAtRest, frequency: ArrayLike | None = None) -> Answer:
    """Simulate the impedance of a film between two lithium electrodes at rest.

    Parameters
    ----------
    cell : FilmAtRest
        What is simulated.
    frequency : array-like, optional
        Hz; without it ten a decade, from a hundredth of the slowest process's to a hundred times the fastest one's,
        at most 10 MHz.

    Returns
    -------
    Answer
        ``bulk_resistance``, ``charge_transfer_resistance`` (both electrodes together), ``diffusion_resistance``
        (ohm), ``diffusion_time`` (L2/4D, s), ``current_fraction``; the series is the spectrum, under the columns that
        the analyses read.

    Raises
    ------
    InputError
        When an input lies outside the model.

    Examples
    --------
    >>> given = ((9, "um"), (5.62e-4, "S/cm"), (0.78, "1"), (2, "mol/L"), (25, "degC"), (1, "cm2"))
    >>> cell = FilmAtRest(*(Quantity(value, None, unit) for value, unit in given))
    >>> print(film_impedance(cell, [1.0]).results["diffusion_resistance"])
    0.451684 ohm
    """
    film, interface, permittivity = cell.film(), cell.interface(), cell.permittivity.si
    times = _times(film, interface, permittivity)
    frequencies = _frequencies(times) if frequency is None else np.asarray(frequency, dtype=float)
    pair = (interface, interface)
    spectrum = film_spectrum(film, frequencies, cell.area.si, interfaces=pair, relative_permittivity=permittivity)
    both = propagate(lambda rct, area: 2 * rct / area, cell.rct, cell.area, unit="ohm", source=_SOURCE)
    return Answer(
        {
            "bulk_resistance": cell.derived(lambda film, area: film.ohmic_resistance / area, "ohm"),
            "charge_transfer_resistance": both,
            "diffusion_resistance": cell.derived(lambda film, area: diffusion_resistance(film) / area, "ohm"),
            "diffusion_time": cell.derived(lambda film, _: _diffusion_time(film), "s"),
            "current_fraction": cell.derived(lambda film, _: _fraction(film), "1"),
        },
        spectrum.columns(),
        {
            "model": "linear response at rest: bulk, charge transfer, finite-length diffusion",
            "circuit": "R-p(R,C)-Ws" if permittivity == 0 else "p(R,C)-p(R,C)-Ws",
        },
        _doubts(times),
        {"nyquist": _figure(spectrum, film.ohmic_resistance / cell.area.si)},
        synthetic=True,
        method=f"The linear response of a film between two lithium electrodes at rest, in closed form at "
        f"{len(frequencies)} frequencies; the bulk's resistance is thickness / (sigma area).",
    )


def _fraction(film: UniformFilm) -> float:
    return film.ohmic_resistance / (film.ohmic_resistance + diffusion_resistance(film))


def _diffusion_time(film: UniformFilm) -> float:
    return film.thickness**2 / (4 * film.salt_diffusivity)


def _times(film: UniformFilm, interface: Interface, relative_permittivity: float) -> dict[str, float]:
    """Return the time constants that are there, the slowest first."""
    times = {
        "diffusion": _diffusion_time(film),
        "charge transfer": interface.resistance * interface.capacitance,
        "the bulk's displacement": relative_permittivity * VACUUM_PERMITTIVITY / film.conductivity,
    }
    return {name: time for name, time in times.items() if time > 0}


def _frequencies(times: dict[str, float]) -> Array:
    rates = [1 / (2 * math.pi * time) for time in times.values()]
    low, high = min(rates) / _AROUND, min(max(rates) * _AROUND, _HIGHEST)
    if low >= high:
        raise InputError(
            f"The slowest process, at {min(rates):.3g} Hz, is too fast to be shown.", "", "Check the inputs."
        )
    low, high = _PER_DECADE * math.log10(low), _PER_DECADE * math.log10(high)
    return np.asarray(10.0 ** (np.arange(math.ceil(high), math.floor(low) - 1, -1) / _PER_DECADE))


def _doubts(times: dict[str, float]) -> tuple[str, ...]:
    names, values = list(times), list(times.values())
    return tuple(
        f"{names[k].capitalize()} ({values[k]:.3g} s) and {names[k + 1]} ({values[k + 1]:.3g} s) are less than a "
        f"factor of {_APART:g} apart: how the double layers are charged, which the model simplifies, then shows."
        for k in range(len(names) - 1)
        if values[k] < _APART * values[k + 1]
    )


def _figure(spectrum: ImpedanceSpectrum, bulk: float) -> FigureData:
    drawn = {
        "label": "",
        "frequency": spectrum.frequency.tolist(),
        "re": spectrum.impedance.real.tolist(),
        "im": spectrum.impedance.imag.tolist(),
        "resistance": bulk,
        "resistance_std": 0.0,
    }
    return nyquist("Simulated impedance of a lithium cell", [drawn])
