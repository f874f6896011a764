r"""Poisson, Nernst and Planck in one dimension: what electroneutrality leaves out.

The other models of this room take the electrolyte as neutral everywhere. Here the two ions carry a space charge, and
the charge makes the field; as the Debye length shrinks against the film, the answers tend to those of the neutral film.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.special import exprel

from lamion.models.transport.uniform_film import UniformFilm
from lamion.numerics.tensor_grid import graded_edges
from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY, GAS, VACUUM_PERMITTIVITY

Array = NDArray[np.float64]

_CELLS_PER_LAYER = 12
_CELLS = 400
_STEEPEST = 35.0
_SHORTEST = 7e-4
_SMALL = 1e-5
_ATOL = 1e-3


@dataclass(frozen=True, eq=False)
class ChargedFilm:
    """Ions, field and potential of a film at several times.

    Parameters
    ----------
    time : array, shape (n,)
        s since the current was switched on.
    position : array, shape (m,)
        Centres of the cells, from the electrode that dissolves, m.
    widths : array, shape (m,)
        Of the cells, m.
    cation, anion : array, shape (n, m)
        mol/m3.
    potential : array, shape (n, m + 2)
        Electrostatic potential at the dissolving electrode, the centres and the plating electrode, zero at the last, V.
    voltage : array, shape (n,)
        Between reversible lithium electrodes, V.
    debye_length : float
        m.
    """

    time: Array
    position: Array
    widths: Array
    cation: Array
    anion: Array
    potential: Array
    voltage: Array
    debye_length: float

    @property
    def potential_drop(self) -> Array:
        """The electrostatic potential at the dissolving electrode less that at the plating one, V, shape (n,)."""
        return np.asarray(self.potential[:, 0] - self.potential[:, -1])

    @property
    def salt(self) -> Array:
        """The mean of both ions' concentrations, mol/m3, shape (n, m)."""
        return (self.cation + self.anion) / 2


def debye_length(film: UniformFilm, relative_permittivity: float) -> float:
    r"""Return :math:`\sqrt{\varepsilon R T/(2 F^2 c_0)}`, m.

    Parameters
    ----------
    film : UniformFilm
        Concentration and temperature.
    relative_permittivity : float
        Of the electrolyte.

    Examples
    --------
    >>> film = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
    >>> round(1e9 * debye_length(film, 10.0), 3)
    0.077
    """
    permittivity = relative_permittivity * VACUUM_PERMITTIVITY
    return math.sqrt(permittivity * _thermal_voltage(film) / (2 * FARADAY * film.concentration))


def poisson_nernst_planck(
    film: UniformFilm, current: float, time: ArrayLike, relative_permittivity: float, *, tolerance: float = 1e-7
) -> ChargedFilm:
    r"""Follow both ions and the field while a current flows between two lithium electrodes.

    .. math::
        \frac{\partial c_\pm}{\partial t} = -\nabla\cdot N_\pm, \qquad
        N_\pm = -D_\pm\left(\nabla c_\pm \mp \frac{F}{RT} c_\pm E\right), \qquad
        \varepsilon\nabla\cdot E = F(c_+ - c_-)

    The lithium ions carry the current through both electrodes, the anions do not pass, and the electrodes carry no
    charge of their own (E = 0 there). :math:`D_+ = t_+(D_+ + D_-)` with the sum from the conductivity by Nernst and
    Einstein. At the start both ions are at :math:`c_0` everywhere. The voltage is the difference of the lithium ions'
    electrochemical potential, :math:`\Delta(\varphi + (RT/F) \ln c_+)`.

    Parameters
    ----------
    film : UniformFilm
        A dilute one: no diffusivity given, a thermodynamic factor of 1.
    current : float
        A/m2.
    time : array-like, shape (n,)
        When to answer, s; rising, not negative.
    relative_permittivity : float
        Of the electrolyte; larger than zero. It may be chosen far above a real one to see what the space charge does.
    tolerance : float
        Relative error allowed of the time integration.

    Returns
    -------
    ChargedFilm

    Raises
    ------
    InputError
        When the film is not dilute, a time is negative, the film holds so many Debye lengths that their layers
        cannot be resolved, or the salt is used up before the last time.

    Notes
    -----
    The field follows Ampere's law, :math:`\varepsilon\,\partial E/\partial t = i - F(N_+ - N_-)`, so that no equation
    without a time derivative is left; Poisson's then holds at all times. Fluxes are those of Scharfetter and Gummel;
    cells crowd at the electrodes, where the space charge is. Time goes by backward differentiation.

    With small currents the steady potential drop is :math:`i L/(2 t_+\sigma)\,[1 - (2\lambda/L)\tanh(L/2\lambda)]`
    with the Debye length :math:`\lambda`: the space charge takes a share :math:`2\lambda/L` of it.

    References
    ----------
    D. L. Scharfetter, H. K. Gummel, IEEE Trans. Electron Devices 16 (1969) 64, doi:10.1109/T-ED.1969.16566 (fluxes);
    H. Cohen, J. W. Cooley, Biophys. J. 5 (1965) 145, doi:10.1016/S0006-3495(65)86707-8 (the field by its own equation).

    Examples
    --------
    >>> film = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
    >>> charged = poisson_nernst_planck(film, 0.1, [60.0], 1e8)
    >>> round(9e-6 / charged.debye_length, 1)
    37.1
    >>> float(np.round(charged.voltage[0] / film.voltage(60.0, 0.1), 4))
    1.0
    """
    times = _checked(film, current, time, relative_permittivity)
    length = debye_length(film, relative_permittivity)
    if length < _SHORTEST * film.thickness:
        raise InputError(
            f"The film is {film.thickness / length:.3g} Debye lengths thick, too many to be resolved.",
            "With such thin layers of charge the voltage is that of the neutral film to five digits.",
            "Use the neutral model, or a larger permittivity to see the trend.",
        )
    system = _System.of(film, current, relative_permittivity, length)
    start = np.concatenate([np.ones(system.cells), np.zeros(system.cells - 1)])
    solution = solve_ivp(
        system.rates,
        (0.0, max(float(times[-1]), np.finfo(float).tiny) / system.time_scale),
        start,
        method="BDF",
        t_eval=times / system.time_scale,
        rtol=tolerance,
        atol=_ATOL * tolerance,
        jac=system.jacobian,
    )
    if not solution.success or solution.y.shape[1] < times.size:
        raise InputError(
            f"The ions could not be followed to {times[-1]:g} s.",
            "The salt may be used up at the plating electrode before.",
            "Ask for an earlier time or a smaller current.",
        )
    return system.answer(times, solution.y.T, length)


@dataclass(frozen=True, eq=False)
class _System:
    """The film in units of its length, its initial concentration, RT/F and L2/D-."""

    film: UniformFilm
    widths: Array
    flux: float
    ratio: float
    screening: float
    time_scale: float

    @classmethod
    def of(cls, film: UniformFilm, current: float, relative_permittivity: float, length: float) -> _System:
        t, together = film.transference, film.ion_diffusivities
        slow = (1 - t) * together
        flux = current * film.thickness / (FARADAY * slow * film.concentration)
        relative = length / film.thickness
        return cls(film, _widths(relative), flux, t / (1 - t), 2 * relative**2, film.thickness**2 / slow)

    @property
    def cells(self) -> int:
        return self.widths.size

    def split(self, state: Array) -> tuple[Array, Array, Array]:
        """Return cations and anions in the cells and the field at all faces, zero at the electrodes."""
        anion, inner = state[..., : self.cells], state[..., self.cells :]
        edge = np.zeros((*state.shape[:-1], 1))
        field = np.concatenate([edge, inner, edge], axis=-1)
        return anion + self.screening * np.diff(field) / self.widths, anion, field

    def rates(self, _: float, state: Array) -> Array:
        cation, anion, field = self.split(state)
        distance = (self.widths[1:] + self.widths[:-1]) / 2
        drop = field[1:-1] * distance
        positive = self.ratio * _flux(cation, drop) / distance
        negative = _flux(anion, -drop) / distance
        through = np.concatenate([[0.0], negative, [0.0]])
        return np.concatenate([-np.diff(through) / self.widths, (self.flux - positive + negative) / self.screening])

    def jacobian(self, _: float, state: Array) -> sparse.csc_array:
        """Return the derivatives of the rates by the unknowns."""
        n = self.cells
        cation, anion, field = self.split(state)
        distance = (self.widths[1:] + self.widths[:-1]) / 2
        scale, drop = sparse.diags_array(1 / distance), field[1:-1] * distance
        cell = sparse.diags_array(1 / self.widths)
        ends = sparse.diags_array([1.0, -1.0], offsets=[0, -1], shape=(n, n - 1))
        charge = self.screening * cell @ ends
        by_anion, by_drop = _flux_slopes(anion, -drop)
        negative = scale @ by_anion, -sparse.diags_array(by_drop)
        by_cation, by_drop = _flux_slopes(cation, drop)
        positive = (
            self.ratio * scale @ by_cation,
            self.ratio * (scale @ by_cation @ charge + sparse.diags_array(by_drop)),
        )
        out = -(cell @ ends)
        blocks = [
            [out @ negative[0], out @ negative[1]],
            [(negative[0] - positive[0]) / self.screening, (negative[1] - positive[1]) / self.screening],
        ]
        return sparse.csc_array(sparse.block_array(blocks))

    def answer(self, times: Array, states: Array, length: float) -> ChargedFilm:
        cation, anion, field = self.split(states)
        halves = self.widths / 2
        distance = np.concatenate([halves[:1], halves[1:] + halves[:-1], halves[-1:]])
        # The field falls to zero at an electrode within half a cell: its mean there is half the next face's.
        steps = field * distance
        steps[:, 0], steps[:, -1] = field[:, 1] * halves[0] / 4, field[:, -2] * halves[-1] / 4
        potential = np.concatenate([np.zeros((len(times), 1)), np.cumsum(steps[:, ::-1], axis=1)], axis=1)[:, ::-1]
        ends = self._at_electrodes(cation)
        thermal = _thermal_voltage(self.film)
        voltage = thermal * (potential[:, 0] - potential[:, -1] + np.log(ends[0] / ends[1]))
        c0 = self.film.concentration
        centres, L = np.cumsum(self.widths) - halves, self.film.thickness
        ions = c0 * cation, c0 * anion
        return ChargedFilm(times, L * centres, L * self.widths, *ions, thermal * potential, voltage, length)

    def _at_electrodes(self, cation: Array) -> tuple[Array, Array]:
        """Return the cations at both electrodes, where there is no field and diffusion carries all."""
        slope = self.flux / self.ratio
        return cation[:, 0] + slope * self.widths[0] / 2, cation[:, -1] - slope * self.widths[-1] / 2


def _thermal_voltage(film: UniformFilm) -> float:
    return GAS * film.temperature / FARADAY


def _flux(concentration: Array, drop: Array) -> Array:
    """Return Scharfetter's and Gummel's flux times the distance, for a positive ion with D = 1."""
    return np.asarray(concentration[:-1] / exprel(-drop) - concentration[1:] / exprel(drop))


def _flux_slopes(concentration: Array, drop: Array) -> tuple[sparse.dia_array, Array]:
    """Return the derivatives of :func:`_flux` by the concentrations and by the drop."""
    n = concentration.size
    ahead, behind = 1 / exprel(-drop), 1 / exprel(drop)
    by_concentration = sparse.diags_array([ahead, -behind], offsets=[0, 1], shape=(n - 1, n))
    return by_concentration, -concentration[:-1] * _weight_slope(-drop) - concentration[1:] * _weight_slope(drop)


def _weight_slope(x: Array) -> Array:
    """Return the derivative of x/(exp(x) - 1)."""
    safe = np.where(np.abs(x) < _SMALL, 1.0, x)
    slope = (np.exp(safe) - exprel(safe)) / safe
    return np.asarray(-np.where(np.abs(x) < _SMALL, 0.5 + x / 3, slope) / exprel(x) ** 2)


def _widths(relative: float) -> Array:
    """Return cells that resolve the Debye layers at both ends of a film of length 1."""
    narrow = relative / _CELLS_PER_LAYER

    def edges(steepness: float) -> Array:
        return graded_edges(1.0, _CELLS, math.exp(steepness))

    if edges(0.0)[1] <= narrow:
        return np.diff(edges(0.0))
    return np.diff(edges(brentq(lambda steepness: math.log(edges(steepness)[1] / narrow), 0.0, _STEEPEST)))


def _checked(film: UniformFilm, current: float, time: ArrayLike, relative_permittivity: float) -> Array:
    times = np.atleast_1d(np.asarray(time, dtype=float))
    if film.diffusivity is not None or film.thermodynamic_factor != 1:
        raise InputError(
            "Space charge is followed in dilute electrolytes only.",
            "A diffusivity or a thermodynamic factor was given.",
            "Leave both away: the ions' diffusivities follow from conductivity and transference number.",
        )
    if not (relative_permittivity > 0 and math.isfinite(relative_permittivity)):
        raise InputError(f"The relative permittivity is {relative_permittivity:g}, not larger than zero.")
    if not times.size or not np.all(np.isfinite(times)) or times[0] < 0 or np.any(np.diff(times) <= 0):
        raise InputError("The times are not rising from zero or later.", "", "Sort them, in s.")
    if times[-1] >= film.depletion_time(current):
        raise InputError(
            f"At {times[-1]:g} s the salt is used up at the plating electrode: it is at "
            f"{film.depletion_time(current):.4g} s.",
            "The current is above the limiting current.",
            "Ask for an earlier time or a smaller current.",
        )
    return times
