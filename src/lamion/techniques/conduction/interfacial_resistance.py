r"""Bulk and interfacial resistance of a Li|Li cell from its impedance.

.. math:: Z = j\omega L + R_0 + \sum_k \frac{R_k}{1 + R_k Q_k (j\omega)^{n_k}}
          + R_w \frac{\tanh\sqrt{j\omega\tau_w}}{\sqrt{j\omega\tau_w}}

One or two interfacial arcs, with or without the electrolyte's own diffusion at low frequency and the leads'
inductance at high frequency: the data choose by AICc. Diffusion belongs to the electrolyte; counted as an arc it
would make the interfaces too large and a current fraction too high.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.least_squares import aicc
from lamion.quantities.errors import InputError
from lamion.techniques.impedance.choice import akaike_weights, fit_family
from lamion.techniques.impedance.circuit_fits import CircuitFits
from lamion.techniques.impedance.physical_order import arc_time_constant
from lamion.techniques.impedance.spectra import gather

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_BULK_CAPACITANCE = 1e-9
_DETERMINED = 0.3
_EXTRAPOLATED = 3.0
_ROUNDING = 1e-7
_SLOWEST = 1e4


@dataclass(frozen=True)
class CellModel:
    """One candidate circuit of a cell between lithium electrodes.

    Parameters
    ----------
    arcs : int
        One or two arcs.
    diffusion : bool
        Whether the electrolyte's finite-length diffusion is in the frequency range.
    inductance : bool
        Whether the leads' inductance is.

    Examples
    --------
    >>> CellModel(1, diffusion=True, inductance=False).circuit
    'R0-p(R1,CPE1)-Ws2'
    """

    arcs: int
    diffusion: bool
    inductance: bool

    @property
    def circuit(self) -> str:
        """The circuit."""
        parts = [f"p(R{k},CPE{k})" for k in range(1, self.arcs + 1)]
        slow = [f"Ws{self.arcs + 1}"] if self.diffusion else []
        return "-".join([*(["L0"] if self.inductance else []), "R0", *parts, *slow])


CANDIDATES = tuple(
    CellModel(arcs, diffusion, inductance)
    for arcs, diffusion, inductance in itertools.product((1, 2), (False, True), (False, True))
)


@dataclass(frozen=True, eq=False)
class CellResistances:
    """The bulk and the interfacial resistance of a cell.

    Parameters
    ----------
    model : CellModel
        The circuit chosen.
    values : dict of str to float
        Its parameters, SI.
    bulk, interfacial : float
        Ohm; the interfacial one of both electrodes together.
    bulk_std, interfacial_std : float
        Standard errors of the fit in ohm.
    bulk_model_choice_std, interfacial_model_choice_std : float
        From the choice of the circuit, in ohm.
    slowest_arc : float
        The largest time constant counted as interface, in s.
    relative_residual : float
        The root mean square of the residuals over the modulus.
    """

    model: CellModel
    values: dict[str, float]
    bulk: float
    interfacial: float
    bulk_std: float
    interfacial_std: float
    bulk_model_choice_std: float
    interfacial_model_choice_std: float
    slowest_arc: float
    relative_residual: float

    @property
    def bulk_total_std(self) -> float:
        """The bulk's uncertainties in quadrature."""
        return math.hypot(self.bulk_std, self.bulk_model_choice_std)

    @property
    def interfacial_total_std(self) -> float:
        """The interfaces' uncertainties in quadrature."""
        return math.hypot(self.interfacial_std, self.interfacial_model_choice_std)


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A circuit fitted to the one spectrum."""

    model: CellModel
    fits: CircuitFits

    @cached_property
    def times(self) -> list[float]:
        """The arcs' time constants, s, ascending."""
        tree = self.fits.circuit.tree
        found = [arc_time_constant(self.fits.circuit, part, self.fits.values) for part in getattr(tree, "parts", ())]
        return [float(time[0]) for time in found if time is not None][: self.model.arcs]

    @cached_property
    def values(self) -> dict[str, float]:
        return dict(zip(self.fits.circuit.names, self.fits.values[0].tolist(), strict=True))

    @cached_property
    def is_bulk(self) -> list[bool]:
        """Whether each arc's capacitance tau/R is the electrolyte's."""
        return [tau / self.values[f"R{k}"] < _BULK_CAPACITANCE for k, tau in enumerate(self.times, start=1)]

    def sum(self, *, bulk: bool) -> float:
        return float(self._gradient(bulk=bulk).sum())

    def std(self, *, bulk: bool) -> float:
        gradient, covariance = self._gradient(bulk=bulk), self.fits.covariance[0]
        counted = np.ix_(gradient > 0, gradient > 0)
        variance = float(gradient[gradient > 0] @ covariance[counted] @ gradient[gradient > 0])
        return math.sqrt(variance) if variance >= 0 else math.inf

    def has_interface(self, seen: float, longest: float) -> bool:
        """Tell whether both resistances are known to 30 %, and the interface is not far beyond what was seen."""
        if all(self.is_bulk) or max(self.times) > longest:
            return False
        known = all(self.std(bulk=bulk) < _DETERMINED * self.sum(bulk=bulk) for bulk in (True, False))
        return known and self.sum(bulk=False) < _EXTRAPOLATED * seen

    @property
    def criterion(self) -> float:
        """AICc; residuals below a part in ten million count as that, so that exact data choose the simplest."""
        count = 2 * int(self.fits.spectra.points[0])
        square = max(float(self.fits.sum_of_squares[0]), count * _ROUNDING**2)
        return aicc(square, count, len(self.fits.circuit.names))

    def _gradient(self, *, bulk: bool) -> Array:
        """Return the derivatives of a resistance by the logarithms of its parts, which add up to it."""
        counted = {f"R{k}" for k, is_bulk in enumerate(self.is_bulk, start=1) if is_bulk == bulk}
        counted |= {"R0"} if bulk else set()
        return np.array([value if name in counted else 0.0 for name, value in self.values.items()])


def cell_resistances(
    frequency: Array, impedance: ComplexArray, *, candidates: Sequence[CellModel] = CANDIDATES
) -> CellResistances:
    """Split the impedance of a Li|Li cell into bulk and interfaces.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz.
    impedance : array of complex, shape (n,)
        Ohm.
    candidates : sequence of CellModel
        The circuits to compare.

    Returns
    -------
    CellResistances

    Raises
    ------
    InputError
        When there are too few points, or no circuit with an interfacial arc describes them.

    Notes
    -----
    Residuals are weighted with the modulus. An arc whose effective capacitance R^(1/n-1) Q^(1/n) = tau/R is below
    1 nF is counted as bulk (grain boundary or the electrolyte's own arc), after Irvine, Sinclair and West. What the
    leads add to the bulk is the user's to subtract.

    References
    ----------
    J. T. S. Irvine, D. C. Sinclair, A. R. West, Adv. Mater. 2 (1990) 132, doi:10.1002/adma.19900020304.

    Examples
    --------
    >>> f = np.geomspace(1e5, 1.0, 40)
    >>> cell = cell_resistances(f, 5.0 + 30.0 / (1.0 + 2j * np.pi * f * 1e-3))
    >>> round(cell.bulk, 4), round(cell.interfacial, 4), cell.model.circuit
    (5.0, 30.0, 'R0-p(R1,CPE1)')
    """
    fitted = _fitted(frequency, impedance, candidates)
    if not fitted:
        raise InputError(
            "The spectrum holds no bulk resistance followed by an interfacial arc.",
            "It may have been taken with blocking electrodes, over too few frequencies, or hold a sign of Z'' that "
            "is turned.",
            "Give a spectrum of the Li|Li cell that shows its interfacial arc.",
        )
    criteria = [trial.criterion for trial in fitted]
    shares = akaike_weights(criteria)
    best = fitted[int(np.argmin(criteria))]
    return CellResistances(
        best.model,
        best.values,
        best.sum(bulk=True),
        best.sum(bulk=False),
        best.std(bulk=True),
        best.std(bulk=False),
        _spread(fitted, shares, best, bulk=True),
        _spread(fitted, shares, best, bulk=False),
        max(time for time, is_bulk in zip(best.times, best.is_bulk, strict=True) if not is_bulk),
        math.sqrt(float(best.fits.sum_of_squares[0]) / (2 * len(frequency))),
    )


def _fitted(frequency: Array, impedance: ComplexArray, candidates: Sequence[CellModel]) -> list[_Candidate]:
    """Return the circuits that describe the spectrum with a bulk and an interface."""
    models = {model.circuit: model for model in candidates}
    try:
        found = fit_family(gather(frequency, impedance), list(models))
    except InputError:
        return []
    seen, longest = float(np.abs(impedance).max()), _SLOWEST / (2 * math.pi * float(frequency.min()))
    tried = [_Candidate(models[str(fits.circuit)], fits) for fits in found]
    return [trial for trial in tried if trial.has_interface(seen, longest)]


def _spread(fitted: list[_Candidate], shares: Array, best: _Candidate, *, bulk: bool) -> float:
    value = best.sum(bulk=bulk)
    return math.sqrt(sum(float(w) * (t.sum(bulk=bulk) - value) ** 2 for w, t in zip(shares, fitted, strict=True)))
