r"""Bulk and interfacial resistance of a Li|Li cell from its impedance.

.. math:: Z = j\omega L_s + R_b + \sum_k \frac{R_k}{1 + (j\omega\tau_k)^{n_k}}
          + R_w \frac{\tanh\sqrt{j\omega\tau_w}}{\sqrt{j\omega\tau_w}}

One or two interfacial arcs, with or without the electrolyte's own diffusion at low frequency and the leads'
inductance at high frequency: the data choose by AICc. Diffusion belongs to the electrolyte; counted as an arc it
would make the interfaces too large and a current fraction too high.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.least_squares import Fit, aicc, fit
from lamion.quantities.errors import InputError

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_LIMIT = 200.0
_START_EXPONENT = 0.85
_BULK_CAPACITANCE = 1e-9
_DETERMINED = 0.3
_EXTRAPOLATED = 3.0
_ROUNDING = 1e-7


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
    >>> CellModel(1, diffusion=True, inductance=False).names
    ('Rb', 'R1', 'tau1', 'n1', 'Rw', 'tauw')
    """

    arcs: int
    diffusion: bool
    inductance: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters in order: resistances in ohm, time constants in s, exponents plain, L in H."""
        arcs = tuple(f"{name}{k + 1}" for k in range(self.arcs) for name in ("R", "tau", "n"))
        return (
            "Rb",
            *arcs,
            *(("Rw", "tauw") if self.diffusion else ()),
            *(("L",) if self.inductance else ()),
        )

    @property
    def circuit(self) -> str:
        """The circuit in words."""
        parts = [f"p(R{k + 1},CPE{k + 1})" for k in range(self.arcs)]
        return "-".join([*(["L"] if self.inductance else []), "Rb", *parts, *(["W"] if self.diffusion else [])])

    def values(self, parameters: Array) -> dict[str, float]:
        """Return the physical values by name; exponents are fitted as they are, all else as logarithms.

        Parameters
        ----------
        parameters : array, shape (k,)
            Natural logarithms in SI units, and plain exponents.
        """
        limited = np.clip(parameters, -_LIMIT, _LIMIT)
        return {
            name: float(p) if name.startswith("n") else float(np.exp(p))
            for name, p in zip(self.names, limited, strict=True)
        }

    def impedance(self, parameters: Array, frequency: Array) -> ComplexArray:
        """Return the impedance in ohm.

        Parameters
        ----------
        parameters : array, shape (k,)
            As in :meth:`values`.
        frequency : array, shape (n,)
            Hz.
        """
        value = self.values(parameters)
        s = laplace(frequency)
        total = np.full_like(s, value["Rb"])
        for k in range(1, self.arcs + 1):
            total = total + value[f"R{k}"] * arc(s, value[f"tau{k}"], value[f"n{k}"])
        if self.diffusion:
            total = total + value["Rw"] * finite_diffusion(s, value["tauw"])
        return np.asarray(total + s * value.get("L", 0.0), dtype=np.complex128)

    def derivatives(self, parameters: Array, frequency: Array) -> ComplexArray:
        """Return the derivatives of the impedance by the fitted parameters, shape (n, k), in ohm.

        Parameters
        ----------
        parameters : array, shape (k,)
            As in :meth:`values`.
        frequency : array, shape (n,)
            Hz.
        """
        value = self.values(parameters)
        s = laplace(frequency)
        columns = [np.full_like(s, value["Rb"])]
        for k in range(1, self.arcs + 1):
            tau, exponent = value[f"tau{k}"], value[f"n{k}"]
            shape = arc(s, tau, exponent)
            slope = -value[f"R{k}"] * shape * (1.0 - shape)
            columns += [value[f"R{k}"] * shape, slope * exponent, slope * np.log(s * tau)]
        if self.diffusion:
            shape = finite_diffusion(s, value["tauw"])
            root = _root(s, value["tauw"])
            slope = 0.5 * value["Rw"] * (1.0 / np.cosh(root) ** 2 - shape)
            columns += [value["Rw"] * shape, slope]
        if self.inductance:
            columns.append(s * value["L"])
        return np.stack(columns, axis=1)

    def bounds(self, frequency: Array, impedance: ComplexArray) -> tuple[Array, Array]:
        """Return the lowest and highest parameters that the data could tell from zero or from infinity.

        Parameters
        ----------
        frequency : array, shape (n,)
            Hz.
        impedance : array of complex, shape (n,)
            Ohm.
        """
        rate, size = 2 * np.pi * frequency, np.abs(impedance)
        limits = {
            "R": (math.log(1e-6 * size.min()), math.log(1e3 * size.max())),
            "t": (math.log(1e-2 / rate.max()), math.log(1e4 / rate.min())),
            "n": (0.4, 1.0 + 1e-9),
            "L": (math.log(1e-6 * size.min() / rate.max()), math.log(10 * size.max() / rate.max())),
        }
        ends = np.array([limits[name[0]] for name in self.names])
        return ends[:, 0], ends[:, 1]


CANDIDATES = tuple(
    CellModel(arcs, diffusion, inductance)
    for arcs, diffusion, inductance in itertools.product((1, 2), (False, True), (False, True))
)


def laplace(frequency: Array) -> ComplexArray:
    """Return j omega in rad/s.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz.
    """
    return np.asarray(2j * np.pi * frequency, dtype=np.complex128)


def arc(s: ComplexArray, tau: float, exponent: float) -> ComplexArray:
    """Return the shape of a resistance beside a constant-phase element.

    Parameters
    ----------
    s : array of complex
        j omega in rad/s.
    tau : float
        s.
    exponent : float
        Of the constant-phase element.
    """
    power = np.exp(np.clip(exponent * np.log(np.abs(s) * tau), -_LIMIT, _LIMIT))
    return np.asarray(1.0 / (1.0 + power * np.exp(0.5j * np.pi * exponent)))


def finite_diffusion(s: ComplexArray, tau: float) -> ComplexArray:
    r"""Return the shape :math:`\tanh\sqrt{s\tau}/\sqrt{s\tau}` of diffusion between two electrodes.

    Parameters
    ----------
    s : array of complex
        j omega in rad/s.
    tau : float
        L2/(4D) in s.
    """
    root = np.sqrt(s * tau)
    return np.asarray(np.tanh(_root(s, tau)) / root)


def _root(s: ComplexArray, tau: float) -> ComplexArray:
    """Return the root of s tau, held where its hyperbolic tangent has reached one."""
    root = np.sqrt(s * tau)
    return np.asarray(np.where(root.real > 20.0, 20.0, root))


@dataclass(frozen=True, eq=False)
class CellResistances:
    """The bulk and the interfacial resistance of a cell.

    Parameters
    ----------
    model : CellModel
        The circuit chosen.
    fit : Fit
        Its parameters.
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
    fit: Fit
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


@dataclass(frozen=True)
class _Candidate:
    model: CellModel
    fit: Fit
    is_bulk: tuple[bool, ...]

    def sum(self, *, bulk: bool) -> float:
        return float(np.sum(np.exp(self.fit.parameters[self._places(bulk=bulk)])))

    def std(self, *, bulk: bool) -> float:
        gradient = np.zeros(len(self.fit.parameters))
        places = self._places(bulk=bulk)
        gradient[places] = np.exp(self.fit.parameters[places])
        variance = gradient[places] @ self.fit.covariance[np.ix_(places, places)] @ gradient[places]
        return math.sqrt(float(variance))

    def determined(self, seen: float) -> bool:
        """Tell whether both resistances are known to 30 % and the interface is not far beyond what was seen."""
        known = all(self.std(bulk=bulk) < _DETERMINED * self.sum(bulk=bulk) for bulk in (True, False))
        return known and self.sum(bulk=False) < _EXTRAPOLATED * seen

    def _places(self, *, bulk: bool) -> list[int]:
        names = self.model.names
        arcs = [names.index(f"R{k + 1}") for k, is_bulk in enumerate(self.is_bulk) if is_bulk == bulk]
        return [names.index("Rb"), *arcs] if bulk else arcs


def cell_resistances(
    frequency: Array, impedance: ComplexArray, *, candidates: tuple[CellModel, ...] = CANDIDATES
) -> CellResistances:
    """Split the impedance of a Li|Li cell into bulk and interfaces.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz.
    impedance : array of complex, shape (n,)
        Ohm.
    candidates : tuple of CellModel
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
    (5.0, 30.0, 'Rb-p(R1,CPE1)')
    """
    fitted = [
        trial
        for model in candidates
        if 2 * len(frequency) > len(model.names) + 2
        for trial in [_fit(model, frequency, impedance)]
        if trial is not None
    ]
    if not fitted:
        raise InputError(
            "The spectrum holds no bulk resistance followed by an interfacial arc.",
            "It may have been taken with blocking electrodes, over too few frequencies, or hold a sign of Z'' that "
            "is turned.",
            "Give a spectrum of the Li|Li cell that shows its interfacial arc.",
        )
    criteria = np.array([_criterion(trial.fit) for trial in fitted])
    shares = np.exp(-0.5 * (criteria - criteria.min()))
    shares = shares / shares.sum()
    best = fitted[int(np.argmin(criteria))]
    taus = [best.model.values(best.fit.parameters)[f"tau{k + 1}"] for k, b in enumerate(best.is_bulk) if not b]
    return CellResistances(
        best.model,
        best.fit,
        best.sum(bulk=True),
        best.sum(bulk=False),
        best.std(bulk=True),
        best.std(bulk=False),
        _spread(fitted, shares, best, bulk=True),
        _spread(fitted, shares, best, bulk=False),
        max(taus),
        math.sqrt(best.fit.sum_of_squares / (2 * len(frequency))),
    )


def _criterion(found: Fit) -> float:
    """Return AICc; residuals below a part in ten million count as that, so that exact data choose the simplest."""
    count = len(found.residuals)
    return aicc(max(found.sum_of_squares, count * _ROUNDING**2), count, len(found.parameters))


def _spread(fitted: list[_Candidate], shares: Array, best: _Candidate, *, bulk: bool) -> float:
    value = best.sum(bulk=bulk)
    return math.sqrt(sum(float(w) * (t.sum(bulk=bulk) - value) ** 2 for w, t in zip(shares, fitted, strict=True)))


def _fit(model: CellModel, frequency: Array, impedance: ComplexArray) -> _Candidate | None:
    start = _start(model, frequency, impedance)
    if start is None:
        return None
    modulus = np.abs(impedance)

    def residuals(parameters: Array) -> Array:
        difference = (model.impedance(parameters, frequency) - impedance) / modulus
        return np.concatenate([difference.real, difference.imag])

    def jacobian(parameters: Array) -> Array:
        derivatives = model.derivatives(parameters, frequency) / modulus[:, None]
        return np.concatenate([derivatives.real, derivatives.imag])

    lower, upper = model.bounds(frequency, impedance)
    found = fit(residuals, np.clip(start, lower, upper), jacobian=jacobian, lower=lower, upper=upper)
    values = model.values(found.parameters)
    is_bulk = tuple(values[f"tau{k + 1}"] / values[f"R{k + 1}"] < _BULK_CAPACITANCE for k in range(model.arcs))
    candidate = _Candidate(model, found, is_bulk)
    seen = float(modulus.max())
    return candidate if not all(is_bulk) and candidate.determined(seen) else None


def _start(model: CellModel, frequency: Array, impedance: ComplexArray) -> Array | None:
    """Return the best point of a grid of time constants, the resistances by non-negative least squares."""
    from scipy.optimize import nnls

    s, modulus = laplace(frequency), np.abs(impedance)
    target = _stacked(impedance / modulus)
    arcs = {tau: _stacked(arc(s, tau, _START_EXPONENT) / modulus) for tau in _time_constants(frequency, 12)}
    slow = {tau: _stacked(finite_diffusion(s, tau) / modulus) for tau in _slow_time_constants(frequency)}
    ends = [_stacked(s / modulus)] if model.inductance else []
    best: tuple[float, Array] | None = None
    for taus in itertools.combinations(arcs, model.arcs):
        for tau in slow if model.diffusion else (0.0,):
            middle = [slow[tau]] if model.diffusion else []
            columns = [
                _stacked(np.asarray(1.0 / modulus, dtype=np.complex128)),
                *(arcs[t] for t in taus),
                *middle,
                *ends,
            ]
            sizes, misfit = nnls(np.stack(columns, axis=1), target)
            if np.all(sizes > 0) and (best is None or misfit < best[0]):
                best = (misfit, _point(model, sizes, taus, tau))
    return None if best is None else best[1]


def _point(model: CellModel, sizes: Array, taus: tuple[float, ...], slow: float) -> Array:
    parts: list[float] = [math.log(sizes[0])]
    for k, tau in enumerate(taus):
        parts += [math.log(sizes[1 + k]), math.log(tau), _START_EXPONENT]
    if model.diffusion:
        parts += [math.log(sizes[1 + model.arcs]), math.log(slow)]
    if model.inductance:
        parts.append(math.log(sizes[-1]))
    return np.array(parts)


def _time_constants(frequency: Array, count: int) -> list[float]:
    rate = 2 * np.pi * frequency
    return [float(t) for t in np.geomspace(1.0 / rate.max(), 1.0 / rate.min(), count)]


def _slow_time_constants(frequency: Array) -> list[float]:
    slowest = 1.0 / (2 * np.pi * float(frequency.min()))
    return [float(t) for t in np.geomspace(0.1 * slowest, 30.0 * slowest, 5)] + [1e-2 * slowest]


def _stacked(values: ComplexArray) -> Array:
    return np.concatenate([values.real, values.imag])
