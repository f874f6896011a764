r"""An indentation whose modulus and hardness are known: load, hold and unloading of an elastic contact that has flowed.

.. math:: P = P_{max} \left(\frac{h - h_f}{h_{max} - h_f}\right)^m, \qquad
          h_{max} - h_f = \frac{m P_{max}}{S}, \qquad h_{max} = h_c + \epsilon \frac{P_{max}}{S}

on the unloading, with S and h_c from modulus, hardness and area function, h_c at the end of the hold; a depth that
creeps at a rate in proportion to the load from the hold on, a steady drift, the frame's compliance, and noise of depth
and load on top.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from lamion.records.mechanics import IndentationCurve
from lamion.records.source import SourceFile
from lamion.techniques.mechanics.indentation import reduced_modulus
from lamion.techniques.mechanics.probes import DIAMOND_MODULUS, DIAMOND_POISSON, Probe

Array = NDArray[np.float64]
_SOURCE = SourceFile("an indentation of known modulus", "", "synthetic")
_DEEPEST = 1e-3
"""m, in which a contact of a given area is looked for."""


@dataclass(frozen=True)
class IndentedSolid:
    """What is indented, and with what.

    Parameters
    ----------
    modulus, poisson : float
        Of the sample, Pa and 1.
    hardness : float
        Load over area, Pa; a flat punch's contact does not flow.
    probe : Probe
        The indenter.
    exponent : float
        m of the unloading under a sharp tip.
    creep : float
        Rate of the depth at the largest load, m/s.
    drift : float
        m/s.
    frame_compliance : float
        That is in the depth, m/N.
    beta : float
        Of the contact.
    """

    modulus: float
    poisson: float
    hardness: float
    probe: Probe
    exponent: float = 1.4
    creep: float = 0.0
    drift: float = 0.0
    frame_compliance: float = 0.0
    beta: float = 1.0

    @property
    def reduced(self) -> float:
        """E_r with a diamond indenter, Pa."""
        return reduced_modulus(self.modulus, self.poisson, DIAMOND_MODULUS, DIAMOND_POISSON)

    def depth_of_contact(self, load: float) -> float:
        """Return h_c in m at a largest load in N; none counts under a flat punch."""
        if self.probe.shape == "flat-punch":
            return 0.0
        area = load / self.hardness
        top = float(self.probe.radius or _DEEPEST)
        return float(brentq(lambda h: self.probe.area(h) - area, 1e-13, top, xtol=1e-16))

    def stiffness(self, load: float) -> float:
        """Return S in N/m at a largest load in N."""
        area = self.probe.area(self.depth_of_contact(load))
        return 2.0 * self.beta * self.reduced * math.sqrt(area / math.pi)


@dataclass(frozen=True)
class Programme:
    """How the load goes.

    Parameters
    ----------
    load : float
        The largest, N.
    loading, hold, unloading : float
        Times in s.
    rate : float
        Samples a second.
    down_to : float
        Of the largest load, to which it is taken off.
    """

    load: float
    loading: float = 10.0
    hold: float = 10.0
    unloading: float = 5.0
    rate: float = 50.0
    down_to: float = 0.05


def indentation_curve(
    solid: IndentedSolid, programme: Programme, *, depth_noise: float = 0.0, load_noise: float = 0.0, seed: int = 0
) -> IndentationCurve:
    """Return the curve.

    Parameters
    ----------
    solid : IndentedSolid
        The truth.
    programme : Programme
        Of the load.
    depth_noise, load_noise : float
        Standard deviations of each sample, m and N.
    seed : int
        Of the noise.

    Examples
    --------
    >>> solid = IndentedSolid(72e9, 0.18, 9e9, Probe("berkovich"))
    >>> len(indentation_curve(solid, Programme(5e-3), depth_noise=1e-10, seed=1))
    1251
    """
    times = np.array([0.0, programme.loading, programme.hold, programme.unloading]).cumsum()
    time = np.arange(0.0, times[-1] + 0.5 / programme.rate, 1.0 / programme.rate)
    share = np.interp(time, times, [0.0, 1.0, 1.0, programme.down_to])
    depth = _depth(solid, programme.load, share, time >= times[2])
    crept = np.cumsum(np.where(time >= times[1], share, 0.0)) * solid.creep / programme.rate
    crept -= crept[np.searchsorted(time, times[2])]  # the contact that is unloaded is as deep as is said
    depth = depth + crept + solid.drift * time + solid.frame_compliance * programme.load * share
    random = np.random.default_rng(seed)
    measured = depth + depth_noise * random.standard_normal(len(time))
    load = programme.load * share + load_noise * random.standard_normal(len(time))
    stiffness = 1.0 / solid.frame_compliance if solid.frame_compliance else None
    return IndentationCurve(
        measured, load, time, frame_stiffness=stiffness, corrected=not solid.frame_compliance, source=_SOURCE
    )


def _depth(solid: IndentedSolid, load: float, share: Array, unloading: NDArray[np.bool_]) -> Array:
    """Return the depth of contact and surface, m."""
    compliance = load / solid.stiffness(load)
    if solid.probe.shape == "flat-punch":
        return compliance * share
    top = solid.depth_of_contact(load) + solid.probe.epsilon * compliance
    loaded = top * share ** (0.5 if solid.probe.shape == "berkovich" else 2.0 / 3.0)
    return np.where(unloading, top - solid.exponent * compliance * (1.0 - share ** (1.0 / solid.exponent)), loaded)
