r"""The impedance of a film about any state, by linearising the equations of transport on its grid.

For layers, for coefficients that depend on the concentration and for films that carry a current, where the closed form
of :mod:`lamion.models.transport.film_impedance` does not hold. With the anion's flux
:math:`N = -D\nabla c - (1 - t_+) i/F`, small changes of concentration and voltage around a state obey

.. math::
    j\omega\,\tilde c = -\frac{\partial \tilde N}{\partial y}, \qquad
    \tilde U = \int_0^L \left(\frac{\tilde\imath}{\kappa + j\omega\varepsilon}
    - \frac{i\,\kappa'}{\kappa^2}\,\tilde c\right) dy
    - \int_0^L \widetilde{\psi\,d\ln c} + \tilde\eta_0 - \tilde\eta_L
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import solve_banded

from lamion.models.transport.binary_electrolyte import BinaryElectrolyte
from lamion.models.transport.electrodes import REVERSIBLE, Kinetics
from lamion.models.transport.medium import Medium
from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY, VACUUM_PERMITTIVITY
from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.source import SourceFile

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_SOURCE = "linear response of a film on a grid"
_SLOW = 1e-3
_FEWEST = 3


@dataclass(frozen=True, eq=False)
class FilmState:
    """A film in one dimension, at rest or while a current flows.

    Parameters
    ----------
    medium : Medium
        The film, on a grid of one dimension that is finer at the electrodes.
    concentration : array, shape (cells,)
        mol/m3, larger than zero.
    current : float
        A/m2; zero at rest.

    Raises
    ------
    InputError
        When the film has more than one dimension or holds anything but electrolyte, or a concentration is not
        larger than zero.
    """

    medium: Medium
    concentration: Array
    current: float = 0.0

    def __post_init__(self) -> None:
        if self.medium.grid.dimension != 1 or not self.medium.layered:
            raise InputError(
                f"The film's grid has {self.medium.grid.dimension} dimensions or holds metal.",
                "The frequency response is that of layers.",
                "Give a grid of one dimension, filled with electrolytes.",
            )
        if self.medium.grid.cells < _FEWEST:
            raise InputError(f"The grid has {self.medium.grid.cells} cells, fewer than {_FEWEST}.", "", "Refine it.")
        if self.concentration.shape != self.medium.grid.shape:
            raise InputError(
                f"{self.concentration.size} concentrations are given for {self.medium.grid.cells} cells.", "", "Match."
            )
        if not (np.all(np.isfinite(self.concentration)) and self.concentration.min() > 0):
            raise InputError(
                f"A concentration is {self.concentration.min():g} mol/m3, not larger than zero.", "", "Check it."
            )


def at_rest(medium: Medium, concentration: float) -> FilmState:
    """Return a film of one concentration through which no current flows.

    Parameters
    ----------
    medium : Medium
        Of one dimension.
    concentration : float
        mol/m3.
    """
    return FilmState(medium, np.full(medium.grid.shape, concentration))


def frequency_response(
    state: FilmState,
    frequency: ArrayLike,
    *,
    kinetics: Kinetics = REVERSIBLE,
    double_layer: float = 0.0,
    relative_permittivity: float = 0.0,
) -> ComplexArray:
    """Return the impedance of a film between two lithium electrodes about a state, ohm m2.

    Parameters
    ----------
    state : FilmState
        About which it is linearised; one that still changes is taken as held.
    frequency : array-like, shape (n,)
        Hz, larger than zero.
    kinetics : Kinetics
        Of both electrodes.
    double_layer : float
        Capacitance of one electrode, F/m2.
    relative_permittivity : float
        Of the electrolyte; zero leaves the arc of the bulk out.

    Returns
    -------
    array of complex, shape (n,)

    Raises
    ------
    InputError
        When a frequency is not larger than zero, or capacitance or permittivity are negative.

    Notes
    -----
    Second order in the cells' widths; within the cells at the electrodes diffusion is followed exactly, however fast.
    Where layers with unlike transference numbers meet, cells should be fine. Double layers and displacement as in
    :func:`lamion.models.transport.film_impedance.film_impedance_raw`.

    References
    ----------
    J. Newman, K. E. Thomas-Alyea, Electrochemical Systems, 3rd ed., Wiley, 2004, chapter 12 (the equations).

    Examples
    --------
    >>> from lamion.models.transport.binary_electrolyte import dilute
    >>> from lamion.models.transport.medium import uniform
    >>> from lamion.models.transport.uniform_film import UniformFilm
    >>> from lamion.numerics.tensor_grid import TensorGrid, graded_edges
    >>> film = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
    >>> medium = uniform(TensorGrid((graded_edges(9e-6, 80, 30.0),)), dilute(film))
    >>> (1e4 * frequency_response(at_rest(medium, 2000.0), [1e-6, 1e6]).real).round(3)
    array([2.053, 1.601])
    """
    f = np.asarray(frequency, dtype=float)
    for name, value in (("double layer's capacitance", double_layer), ("relative permittivity", relative_permittivity)):
        if not (value >= 0 and math.isfinite(value)):
            raise InputError(f"The {name} is {value:g}, not zero or more.", "", "Check its sign.")
    if not f.size or not np.all((f > 0) & np.isfinite(f)):
        raise InputError("A frequency is not a finite number larger than zero.", "", "Check the frequencies.")
    film = _Linear.of(state)
    s = 2j * np.pi * f
    c = film.concentrations(s)
    return film.voltage(s, c, relative_permittivity * VACUUM_PERMITTIVITY) + film.charge_transfer(
        s, c, kinetics, double_layer
    )


def response_spectrum(
    state: FilmState,
    frequency: ArrayLike,
    area: float,
    *,
    kinetics: Kinetics = REVERSIBLE,
    double_layer: float = 0.0,
    relative_permittivity: float = 0.0,
) -> ImpedanceSpectrum:
    """Return :func:`frequency_response` over an area as a record that the analyses read.

    Parameters
    ----------
    state, frequency, kinetics, double_layer, relative_permittivity
        As in :func:`frequency_response`.
    area : float
        Of one electrode, m2.

    Raises
    ------
    InputError
        As :func:`frequency_response`, and when the area is not larger than zero.
    """
    if not (area > 0 and math.isfinite(area)):
        raise InputError(f"The area is {area:g} m2, not larger than zero.", "", "Check it.")
    response = frequency_response(
        state,
        frequency,
        kinetics=kinetics,
        double_layer=double_layer,
        relative_permittivity=relative_permittivity,
    )
    return ImpedanceSpectrum(
        np.asarray(frequency, dtype=float), response / area, source=SourceFile(_SOURCE, "", "simulated")
    )


@dataclass(frozen=True, eq=False)
class _Linear:
    """The derivatives of the equations at a state; each cell's half width over its D is its resistance."""

    state: FilmState
    widths: Array
    storage: Array
    resistance: Array
    resistance_slope: Array
    carried: Array
    carried_slope: Array
    conductivity: Array
    conductivity_slope: Array

    @classmethod
    def of(cls, state: FilmState) -> _Linear:
        c, widths = state.concentration, state.medium.grid.widths[0]

        def read(name: str, part: str) -> Array:
            values = np.empty_like(c)
            for k, material in enumerate(state.medium.materials):
                here = state.medium.which == k
                values[here] = getattr(getattr(material, name), part)(c[here])
            return values

        factor = state.medium.property(lambda material: material.factor(0))
        diffusivity, slope = factor * read("diffusivity", "value"), factor * read("diffusivity", "slope")
        resistance = widths / (2 * diffusivity)
        return cls(
            state,
            widths,
            widths * state.medium.property(lambda material: material.storage),
            resistance,
            -resistance * slope / diffusivity,
            (1 - read("transference", "value")) / FARADAY,
            -read("transference", "slope") / FARADAY,
            factor * read("conductivity", "value"),
            factor * read("conductivity", "slope"),
        )

    def _faces(self) -> tuple[Array, Array, Array, Array]:
        """Return the flux through inner faces, its derivatives by the cells before and behind and by the current."""
        c, i, R = self.state.concentration, self.state.current, self.resistance
        drop = self.carried * R
        both = R[:-1] + R[1:]
        flux = (c[:-1] - c[1:] - i * (drop[:-1] + drop[1:])) / both
        bent = i * (self.carried_slope * R + self.carried * self.resistance_slope)
        before = (1 - bent[:-1] - flux * self.resistance_slope[:-1]) / both
        behind = (-1 - bent[1:] - flux * self.resistance_slope[1:]) / both
        return flux, before, behind, -(drop[:-1] + drop[1:]) / both

    def concentrations(self, s: ComplexArray) -> ComplexArray:
        """Return the changes of the concentrations for a unit current, shape (frequencies, cells)."""
        _, before, behind, driven = self._faces()
        n = self.widths.size
        diagonal = np.zeros(n)
        diagonal[:-1] += before
        diagonal[1:] -= behind
        bands = np.zeros((3, s.size, n), dtype=complex)
        bands[0, :, 1:] = behind
        bands[1] = diagonal + s[:, np.newaxis] * self.storage
        bands[2, :, :-1] = -before
        right = np.zeros(n)
        right[:-1] -= driven
        right[1:] += driven
        found = solve_banded((1, 1), bands.reshape(3, -1), np.tile(right, s.size).astype(complex))
        return np.asarray(found.reshape(s.size, n))

    def ends(self, s: ComplexArray, c: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
        """Return the changes at both electrodes, through which no anion passes; within the last cells exactly."""
        i, R = self.state.current, self.resistance
        bent = i * (self.carried_slope * R + self.carried * self.resistance_slope)
        _, before, behind, driven = self._faces()
        found = []
        for cell, face, sign in ((0, 0, 1.0), (-1, -1, -1.0)):
            near, far = _across_cell(s * self.storage[cell] * 2 * R[cell])
            first, second = (c[:, 0], c[:, 1]) if face == 0 else (c[:, -2], c[:, -1])
            inner = before[face] * first + behind[face] * second + driven[face] + self.carried[cell]
            outer = c[:, cell] * (1 + sign * bent[cell])
            found.append(outer + sign * 2 * R[cell] * (near * self.carried[cell] + far * inner))
        return found[0], found[1]

    def end_values(self) -> tuple[float, float]:
        """Return the concentrations at both electrodes."""
        c, step = self.state.concentration, self.state.current * self.carried * self.resistance
        return float(c[0] + step[0]), float(c[-1] - step[-1])

    def voltage(self, s: ComplexArray, c: ComplexArray, permittivity: float) -> ComplexArray:
        """Return the change of the voltage without charge transfer for a unit current."""
        ohmic = (self.widths / (self.conductivity + permittivity * s[:, np.newaxis])).sum(axis=1)
        slope = self.state.current * self.conductivity_slope / self.conductivity**2
        (low, high), (at_low, at_high) = self.ends(s, c), self.end_values()
        first, last = self._material(0), self._material(-1)
        total = ohmic - c @ (self.widths * slope) + _drive(first, at_low) * low - _drive(last, at_high) * high
        return np.asarray(total + self._between_layers(c))

    def _between_layers(self, c: ComplexArray) -> ComplexArray | float:
        """Return what faces between unlike layers add: the salt there drives the two by different voltages."""
        which = self.state.medium.which
        total: ComplexArray | float = 0.0
        flux, before, behind, driven = self._faces()
        i, R = self.state.current, self.resistance
        for k in np.flatnonzero(which[1:] != which[:-1]):
            through = flux[k] + i * self.carried[k]
            value = self.state.concentration[k] - through * R[k]
            moved = before[k] * c[:, k] + behind[k] * c[:, k + 1] + driven[k] + self.carried[k]
            own = moved + i * self.carried_slope[k] * c[:, k]
            change = c[:, k] * (1 - through * self.resistance_slope[k]) - own * R[k]
            step = _drive(self._material(int(k) + 1), value) - _drive(self._material(int(k)), value)
            total = total + step * change
        return total

    def charge_transfer(self, s: ComplexArray, c: ComplexArray, kinetics: Kinetics, capacitance: float) -> ComplexArray:
        """Return the change of both overpotentials for a unit current."""
        total = np.zeros_like(s)
        for sign, change, value in zip((1.0, -1.0), self.ends(s, c), self.end_values(), strict=True):
            by_current, by_c = kinetics.slopes(np.array([sign * self.state.current]), np.array([value]))
            relaxed = 1 + s * by_current[0] * capacitance
            total = total + sign * (sign * by_current[0] + by_c[0] * change) / relaxed
        return total

    def _material(self, cell: int) -> BinaryElectrolyte:
        return self.state.medium.materials[int(self.state.medium.which[cell])]


def _across_cell(square: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
    r"""Return what the fluxes at a cell's outer and inner face add at the outer one to the cell's mean, over h/D.

    .. math:: \frac{\coth x}{x} - \frac{1}{x^2}, \qquad \frac{1}{x^2} - \frac{1}{x \sinh x}, \qquad
        x^2 = \frac{j\omega h^2}{D}
    """
    small = np.abs(square) < _SLOW
    x = np.sqrt(np.where(small, 1.0, square))
    decay = np.exp(-x)
    near = (1 + decay**2) / (1 - decay**2) / x - 1 / x**2
    far = 1 / x**2 - 2 * decay / (1 - decay**2) / x
    return np.where(small, 1 / 3 - square / 45, near), np.where(small, 1 / 6 - 7 * square / 360, far)


def _drive(material: BinaryElectrolyte, concentration: float) -> float:
    """Return the voltage per change of concentration, psi/c."""
    return float(material.diffusion_voltage(np.array([concentration]))[0]) / concentration
