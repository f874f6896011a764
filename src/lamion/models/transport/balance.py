r"""Balances of salt and charge in each cell, and of the potential at each electrode face, with their derivatives.

.. math::
    \mathbf{N}_- = -D\nabla c - \frac{1 - t_+}{F}\mathbf{i}, \qquad
    \mathbf{i} = -\kappa\left[\nabla\Phi - w\,\nabla\ln c\right], \qquad w = \frac{2RT}{F}(1 - t_+)\chi

    U - \Phi_s = \eta(j, c_s), \quad c_s = c + \frac{(1 - t_+) j \delta}{F D}, \quad
    \Phi_s = \Phi + \frac{j\delta}{\kappa} + w \ln\frac{c_s}{c}

with c and :math:`\Phi` of the cell at the electrode, whose centre is :math:`\delta` away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.models.transport.binary_electrolyte import BinaryElectrolyte
from lamion.models.transport.electrodes import Kinetics
from lamion.models.transport.faces import Faces
from lamion.quantities.constants import FARADAY

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class State:
    """The unknowns.

    Parameters
    ----------
    c, phi : array, shape (cells,)
        mol/m3 and V.
    j : array, shape (electrode faces,)
        From the electrode into the electrolyte, A/m2.
    voltage : float
        Of the low electrode; the high one is at zero, V.
    """

    c: Array
    phi: Array
    j: Array
    voltage: float


@dataclass(frozen=True, eq=False)
class Properties:
    r"""Coefficients of each cell, each with its derivative by the concentration, shape (cells,).

    Parameters
    ----------
    diffusivity, diffusivity_slope : array
        D, m2/s.
    conductivity, conductivity_slope : array
        :math:`\kappa`, S/m.
    anion, anion_slope : array
        :math:`1 - t_+`.
    w, w_slope : array
        :math:`(2RT/F)(1 - t_+)\chi`, V.
    """

    diffusivity: Array
    diffusivity_slope: Array
    conductivity: Array
    conductivity_slope: Array
    anion: Array
    anion_slope: Array
    w: Array
    w_slope: Array


@dataclass(frozen=True, eq=False)
class Balance:
    """Residuals of a state, and what the Jacobian is made of.

    Parameters
    ----------
    salt, charge : array, shape (cells,)
        Outflow of anions, mol/s, and of charge, A, per cell.
    fluxes : tuple of array
        Derivatives of the salt flux and the current of the inner faces, in the order of the pattern.
    mismatch : array, shape (electrode faces,)
        By how much each electrode face misses its potential, V.
    by_j, by_c : array, shape (electrode faces,)
        Its derivatives.
    """

    salt: Array
    charge: Array
    fluxes: tuple[Array, ...]
    mismatch: Array
    by_j: Array
    by_c: Array


def properties_of(materials: tuple[BinaryElectrolyte, ...], faces: Faces, c: Array) -> Properties:
    """Evaluate the laws of the materials.

    Parameters
    ----------
    materials : tuple of BinaryElectrolyte
        Of the medium.
    faces : Faces
        With the material of each cell.
    c : array, shape (cells,)
        mol/m3.
    """
    if len(materials) == 1:
        return Properties(*_laws(materials[0], c))
    columns = np.empty((8, c.size))
    for k, material in enumerate(materials):
        here = faces.material == k
        columns[:, here] = _laws(material, c[here])
    return Properties(*columns)


def shares_of(faces: Faces, diffusivity: Array) -> tuple[Array, Array]:
    """Return how much each cell of an inner face counts in properties at the face: by its resistance to diffusion.

    Parameters
    ----------
    faces : Faces
        Of the medium.
    diffusivity : array, shape (cells,)
        m2/s.

    Notes
    -----
    So that salt flux and current pass unbroken through a face between two materials.
    """
    low, high = faces.low_geometry * diffusivity[faces.low], faces.high_geometry * diffusivity[faces.high]
    return high / (low + high), low / (low + high)


def surface_of(faces: Faces, p: Properties, state: State) -> Array:
    """Return the concentration at each electrode face, mol/m3.

    Parameters
    ----------
    faces, p, state
        Of the medium, at the state.
    """
    cell = faces.electrode_cell
    pull = p.anion[cell] * faces.electrode_distance / (FARADAY * p.diffusivity[cell])
    return np.asarray(state.c[cell] + pull * state.j)


def balance_of(faces: Faces, shares: tuple[Array, Array], p: Properties, kinetics: Kinetics, state: State) -> Balance:
    """Return the balances of a state.

    Parameters
    ----------
    faces, shares, p
        Of the medium; the properties at the state.
    kinetics : Kinetics
        Of the electrodes.
    state : State
        The unknowns.
    """
    n = faces.cells.size
    a, b = faces.low, faces.high
    share_a, share_b = shares
    gD, gD_a, gD_b = _series(faces, p.diffusivity, p.diffusivity_slope)
    gk, gk_a, gk_b = _series(faces, p.conductivity, p.conductivity_slope)
    c_a, c_b = state.c[a], state.c[b]
    step, ratio = c_a - c_b, np.log(c_b / c_a)
    w = share_a * p.w[a] + share_b * p.w[b]
    anion = (share_a * p.anion[a] + share_b * p.anion[b]) / FARADAY
    drive = state.phi[a] - state.phi[b] + w * ratio
    i = gk * drive
    i_a = gk_a * drive + gk * (share_a * p.w_slope[a] * ratio - w / c_a)
    i_b = gk_b * drive + gk * (share_b * p.w_slope[b] * ratio + w / c_b)
    flux = gD * step - anion * i
    flux_a = gD_a * step + gD - anion * i_a - share_a * p.anion_slope[a] * i / FARADAY
    flux_b = gD_b * step - gD - anion * i_b - share_b * p.anion_slope[b] * i / FARADAY
    into = np.bincount(faces.electrode_cell, state.j * faces.electrode_area, n)
    salt = np.asarray(np.bincount(a, flux, n) - np.bincount(b, flux, n), dtype=float)
    charge = np.asarray(np.bincount(a, i, n) - np.bincount(b, i, n) - into, dtype=float)
    fluxes = (flux_a, flux_b, -anion * gk, anion * gk, i_a, i_b, gk, -gk)
    return Balance(salt, charge, fluxes, *_electrodes(faces, p, kinetics, state))


def _electrodes(faces: Faces, p: Properties, kinetics: Kinetics, state: State) -> tuple[Array, Array, Array]:
    cell, j, reach = faces.electrode_cell, state.j, faces.electrode_distance
    c, D, kappa, w = state.c[cell], p.diffusivity[cell], p.conductivity[cell], p.w[cell]
    pull = p.anion[cell] * reach / (FARADAY * D)
    pull_c = reach / FARADAY * (p.anion_slope[cell] / D - p.anion[cell] * p.diffusivity_slope[cell] / D**2)
    at, at_c = c + pull * j, 1 + pull_c * j
    eta_j, eta_c = kinetics.slopes(j, at)
    lead = np.where(faces.at_low, state.voltage, 0.0)
    ohmic, spread = j * reach / kappa, np.log(at / c)
    mismatch = lead - state.phi[cell] - ohmic - w * spread - kinetics.overpotential(j, at)
    by_j = -reach / kappa - w * pull / at - eta_j - eta_c * pull
    by_c = ohmic * p.conductivity_slope[cell] / kappa - p.w_slope[cell] * spread - w * (at_c / at - 1 / c)
    return mismatch, by_j, by_c - eta_c * at_c


def _series(faces: Faces, coefficient: Array, slope: Array) -> tuple[Array, Array, Array]:
    """Return the conductance of each inner face and its derivatives by the two concentrations."""
    low, high = faces.low_geometry * coefficient[faces.low], faces.high_geometry * coefficient[faces.high]
    total = low + high
    by_low = faces.low_geometry * slope[faces.low] * (high / total) ** 2
    by_high = faces.high_geometry * slope[faces.high] * (low / total) ** 2
    return low * high / total, by_low, by_high


def _laws(material: BinaryElectrolyte, c: Array) -> tuple[Array, ...]:
    return (
        material.diffusivity.value(c),
        material.diffusivity.slope(c),
        material.conductivity.value(c),
        material.conductivity.slope(c),
        1 - material.transference.value(c),
        -material.transference.slope(c),
        material.diffusion_voltage(c),
        material.diffusion_voltage_slope(c),
    )
