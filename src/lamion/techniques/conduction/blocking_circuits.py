r"""What a circuit of a blocking cell says of the electrolyte: which arc is whose, and its resistance.

.. math:: Z = j\omega L + R_0 + \sum_{k \le 2} \frac{R_k}{1 + R_k Q_k (j\omega)^{n_k}} + \frac{1}{Q (j\omega)^n}

The last term is the spike of the blocking electrodes; it is always there. The other terms are there or not, which
makes the circuits of :data:`~lamion.techniques.impedance.families.BLOCKING_FAMILY`.

References
----------
G. J. Brug et al., J. Electroanal. Chem. 176 (1984) 275, doi:10.1016/S0022-0728(84)80324-1 (constant-phase
elements); J. T. S. Irvine, D. C. Sinclair, A. R. West, Adv. Mater. 2 (1990) 132, doi:10.1002/adma.19900020304
(which arc is what).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.complex_least_squares import channels, covariance_with_misfit
from lamion.numerics.least_squares import Fit
from lamion.numerics.residual_correlation import autocorrelation, is_correlated
from lamion.techniques.impedance.circuit_fits import LARGEST_DEVIATION, CircuitFits, single_fit

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

ELECTRODE_CAPACITANCE_RATIO = 20.0
"""An arc belongs to the electrolyte when its capacitance is smaller than the spike's by at least this factor: bulk
and grain boundaries hold 1e-12 to 1e-8 F, electrode interfaces 1e-7 to 1e-5 F (doi:10.1002/adma.19900020304)."""

LARGEST_RELATIVE_STD = 0.3
"""A resistance less certain than this is not returned."""

_UNCLEAR = 4.0
_APART = 10.0
_NOTHING = 1e-6
"""A series resistance below this part of the smallest modulus went to nothing."""


@dataclass(frozen=True)
class Arc:
    """One arc.

    Parameters
    ----------
    resistance : float
        Ohm.
    time_constant : float
        (R Q)^(1/n), s.
    exponent, exponent_std : float
        n.
    capacitance_ratio : float
        The spike's capacitance, where its modulus is the resistance up to this arc, over the arc's tau/R.
    """

    resistance: float
    time_constant: float
    exponent: float
    exponent_std: float
    capacitance_ratio: float

    @property
    def is_electrolyte(self) -> bool:
        """Whether its capacitance is the electrolyte's rather than an electrode's."""
        return self.capacitance_ratio > ELECTRODE_CAPACITANCE_RATIO

    @property
    def doubt(self) -> float:
        """How probable it is that this is wrong: one half at the limit, nothing a factor of four away."""
        distance = abs(math.log(max(self.capacitance_ratio, 1e-300) / ELECTRODE_CAPACITANCE_RATIO))
        return 0.5 * max(0.0, 1.0 - distance / math.log(_UNCLEAR))

    @property
    def top(self) -> float:
        """The frequency of its top, Hz."""
        return 1.0 / (2 * math.pi * self.time_constant)


@dataclass(frozen=True, eq=False)
class BlockingFit:
    """A circuit fitted to the spectrum of a blocking cell.

    Parameters
    ----------
    circuit : str
        The circuit.
    frequency : array, shape (n,)
        Hz, ascending.
    values : dict of str to float
        Its parameters, SI, the faster arc first.
    fit : Fit
        In the coordinates of the circuit's fit: logarithms, exponents as they are.
    curve : array of complex, shape (n,)
        The fitted impedance, ohm.
    aicc : float
        Akaike's criterion.
    """

    circuit: str
    frequency: Array
    values: dict[str, float]
    fit: Fit
    curve: ComplexArray
    aicc: float

    @classmethod
    def of(cls, fits: CircuitFits, index: int) -> BlockingFit:
        """Take one spectrum's fit.

        Parameters
        ----------
        fits : CircuitFits
            Of several spectra, all parameters free.
        index : int
            Which.
        """
        used = fits.spectra.used(index)
        values = dict(zip(fits.circuit.names, fits.values[index].tolist(), strict=True))
        return cls(
            str(fits.circuit),
            fits.spectra.grid(index),
            values,
            single_fit(fits, index),
            fits.fitted[index, used],
            fits.aicc(index),
        )

    @cached_property
    def arcs(self) -> tuple[Arc, ...]:
        """Its arcs, the fastest first."""
        found: list[Arc] = []
        below = self.values.get("R0", 0.0)
        for k in range(1, self._spike):
            below += self.values[f"R{k}"]
            found.append(self._arc(k, below))
        return tuple(found)

    @property
    def role(self) -> str:
        """What the arcs are taken for: ``"none"``, ``"electrolyte"`` (one at least) or ``"electrode"``."""
        if not self.arcs:
            return "none"
        return "electrolyte" if self.arcs[0].is_electrolyte else "electrode"

    @cached_property
    def gradient(self) -> Array:
        """The derivatives of the electrolyte's resistance by the fit's parameters; being logarithms, they add to it."""
        counted = {"R0", *(f"R{k}" for k, arc in enumerate(self.arcs, start=1) if arc.is_electrolyte)}
        return np.array([value if name in counted else 0.0 for name, value in self.values.items()])

    @property
    def resistance(self) -> float:
        """The electrolyte's, ohm."""
        return float(self.gradient.sum())

    @cached_property
    def covariance(self) -> Array:
        """Of the fit's parameters, widened where the residuals keep a structure."""
        return covariance_with_misfit(self.fit)

    @cached_property
    def fit_std(self) -> float:
        """Standard uncertainty of the resistance from the fit, ohm; infinite where the data do not determine it."""
        if not np.isfinite(self.covariance).all():
            return math.inf
        return math.sqrt(max(float(self.gradient @ self.covariance @ self.gradient), 0.0))

    @property
    def determined(self) -> bool:
        """Whether the fit, and whose each arc is, determine the resistance."""
        return math.hypot(self.fit_std, self.role_std) <= LARGEST_RELATIVE_STD * self.resistance

    @property
    def role_std(self) -> float:
        """Standard uncertainty of the resistance from whose each arc is, ohm."""
        return math.sqrt(sum(arc.doubt * arc.resistance**2 for arc in self.doubtful))

    @property
    def doubtful(self) -> tuple[Arc, ...]:
        """The arcs that may be an electrode's or the electrolyte's; what stands first is the electrolyte's."""
        later = self.arcs if "R0" in self.values else self.arcs[1:]
        return tuple(arc for arc in later if arc.doubt > 0)

    @property
    def correlation(self) -> float:
        """The correlation of neighbouring residuals."""
        return autocorrelation(channels(self.fit))

    @property
    def correlated(self) -> bool:
        """Whether the residuals keep a structure that noise would not leave."""
        return is_correlated(channels(self.fit))

    @cached_property
    def plausible(self) -> bool:
        """Whether the parameters make physical sense: arcs in range, in order, with the exponents of capacitors.

        A series resistance that went to nothing leaves another circuit, which is tried for itself.
        """
        n, n_std = self.spike_exponent, self._std(f"CPE{self._spike}.n")
        return (
            self.fit.converged
            and self.fit_std < math.inf
            and 0.5 <= n <= 1.0 + max(0.02, 3 * n_std)
            and all(self._in_range(arc) for arc in self.arcs)
            and self._in_order()
            and self.values.get("R0", math.inf) > _NOTHING * float(np.abs(self.curve).min())
        )

    @property
    def spike_exponent(self) -> float:
        """Of the spike: 1 is an ideal capacitor's, 0.5 that of diffusion."""
        return self.values[f"CPE{self._spike}.n"]

    @property
    def _spike(self) -> int:
        """The number of the spike's element, which is the last."""
        return sum(name.endswith(".n") for name in self.values)

    def _arc(self, k: int, below: float) -> Arc:
        resistance, q, n = (self.values[name] for name in (f"R{k}", f"CPE{k}.Q", f"CPE{k}.n"))
        log_tau = (math.log(max(resistance, 1e-300)) + math.log(max(q, 1e-300))) / n
        spike_q, spike_n = (self.values[f"CPE{self._spike}.{name}"] for name in ("Q", "n"))
        log_omega = -(math.log(max(below, 1e-300)) + math.log(spike_q)) / spike_n
        log_spike = math.log(spike_q) + (spike_n - 1.0) * log_omega
        log_ratio = log_spike - log_tau + math.log(max(resistance, 1e-300))
        tau, ratio = (math.exp(min(max(x, -700.0), 700.0)) for x in (log_tau, log_ratio))
        return Arc(resistance, tau, n, self._std(f"CPE{k}.n"), ratio)

    def _std(self, name: str) -> float:
        return float(self.fit.standard_errors[list(self.values).index(name)])

    def _in_range(self, arc: Arc) -> bool:
        low, high = 1.0 / (2 * math.pi * self.frequency[-1]), 1.0 / (2 * math.pi * self.frequency[0])
        depressed = 0.4 <= arc.exponent <= 1.0 + max(0.02, 3 * arc.exponent_std)
        return bool(depressed and low / 30 <= arc.time_constant <= 3 * high)

    def _in_order(self) -> bool:
        """Tell whether there is an electrolyte, and whether two arcs are two of its own, a decade apart."""
        if len(self.arcs) < 2:
            return "R0" in self.values or self.role == "electrolyte"
        determined = all(self._std(f"R{k}") < LARGEST_DEVIATION for k in (1, 2))
        apart = self.arcs[1].time_constant > _APART * self.arcs[0].time_constant
        return determined and apart and all(arc.is_electrolyte for arc in self.arcs)
