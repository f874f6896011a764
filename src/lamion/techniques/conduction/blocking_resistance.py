"""The resistance of an electrolyte between blocking electrodes, from its impedance: the pure function of arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.complex_least_squares import channels, covariance_with_misfit, fit_complex, stack
from lamion.numerics.least_squares import Fit
from lamion.numerics.residual_structure import autocorrelation, is_structured, local_noise
from lamion.quantities.errors import InputError
from lamion.techniques.conduction.blocking_cell import BlockingModel, candidates
from lamion.techniques.conduction.readings import Reading, read_all
from lamion.techniques.conduction.short_circuit import Leads

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

FEWEST_POINTS = 8
ELECTRODE_CAPACITANCE_RATIO = 20.0
"""An arc belongs to the electrolyte when its capacitance is smaller than the spike's by at least this factor: bulk
and grain boundaries hold 1e-12 to 1e-8 F, electrode interfaces 1e-7 to 1e-5 F (doi:10.1002/adma.19900020304)."""

LARGEST_RELATIVE_STD = 0.3
"""A resistance less certain than this is not returned."""

_TOLERANCE = 1e-6
_FINAL_TOLERANCE = 1e-12
_MOST_EVALUATIONS = 30
_NARROWER_WINDOWS = (0.75, 0.5)
_FEWEST_IN_WINDOW = 16


@dataclass(frozen=True)
class Candidate:
    """What one circuit makes of the data.

    Parameters
    ----------
    circuit : str
        The circuit.
    resistance : float
        Its resistance of the electrolyte, ohm.
    fit_std : float
        Standard uncertainty from its fit, ohm.
    aicc : float
        Akaike's criterion; smaller is better.
    plausible : bool
        Whether its parameters make physical sense.
    """

    circuit: str
    resistance: float
    fit_std: float
    aicc: float
    plausible: bool


@dataclass(frozen=True)
class Refit:
    """The same choice made on another range of frequencies, tried where the residuals are structured.

    Parameters
    ----------
    lowest_frequency : float
        Where the range begins, Hz; it ends where the data end.
    resistance : float
        Ohm.
    fit_std : float
        Ohm.
    """

    lowest_frequency: float
    resistance: float
    fit_std: float


@dataclass(frozen=True, eq=False)
class BlockingResistance:
    """The resistance of the electrolyte, its uncertainties, and how both were found.

    Parameters
    ----------
    resistance : float
        Ohm: the low-frequency end of the electrolyte's arc where one is seen (R0 + R1, so a grain interior that is
        too fast to show is counted), else the spike's intercept R0; leads are subtracted where a short was given.
    fit_std : float
        Standard uncertainty from noise and, where the residuals keep a structure, from the circuit's misfit, ohm.
    model_std : float
        Standard uncertainty from the choice of circuit and construction, ohm.
    lead_std : float
        Standard uncertainty from the subtracted leads, ohm; shared by all cells measured with the same short.
    model : BlockingModel
        The circuit chosen.
    values : dict of str to float
        Its parameters: R0 and R1 in ohm, tau in s, Q in S s^n, L in H.
    covariance : array, shape (k, k)
        Of the fitted parameters: logarithms, but for the exponents n1 and n.
    arc : str
        ``"none"``, ``"electrolyte"`` or ``"electrode"``: what the arc is taken for.
    method : str
        How the resistance was read and why, one sentence.
    noise : float
        Root mean square of the residuals relative to the modulus.
    autocorrelation : float
        Of neighbouring residuals.
    structured : bool
        Whether the residuals keep a structure that noise would not leave.
    readings : tuple of Reading
        Constructions beside the fit.
    refits : tuple of Refit
        What other ranges of frequency give, where the residuals are structured.
    candidates : tuple of Candidate
        Every circuit that could be fitted.
    frequency : array, shape (n,)
        The frequencies used, Hz, ascending.
    fitted : array of complex, shape (n,)
        The fitted impedance there, without the leads that were subtracted, ohm.
    narrowed : bool
        Whether low frequencies were left out since the circuit does not describe them.
    warnings : tuple of str
        Whole sentences.
    """

    resistance: float
    fit_std: float
    model_std: float
    lead_std: float
    model: BlockingModel
    values: dict[str, float]
    covariance: Array
    arc: str
    method: str
    noise: float
    autocorrelation: float
    structured: bool
    readings: tuple[Reading, ...]
    refits: tuple[Refit, ...]
    candidates: tuple[Candidate, ...]
    frequency: Array
    fitted: ComplexArray
    narrowed: bool
    warnings: tuple[str, ...]

    @property
    def std(self) -> float:
        """The combined standard uncertainty, ohm: fit, model choice and leads in quadrature."""
        return float(np.sqrt(self.fit_std**2 + self.model_std**2 + self.lead_std**2))


def blocking_resistance(frequency: Array, impedance: ComplexArray, *, leads: Leads | None = None) -> BlockingResistance:
    r"""Find the resistance of an electrolyte between blocking electrodes.

    Every circuit of :mod:`~lamion.techniques.conduction.blocking_cell` is fitted by complex nonlinear least squares
    with weights :math:`1/|Z|`; among those whose parameters make physical sense the smallest AICc wins and is
    fitted once more with the modulus of its own curve as weight, which removes the bias of noisy weights.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, in any order, n at least 8.
    impedance : array of complex, shape (n,)
        Ohm; capacitive is negative.
    leads : Leads, optional
        Subtracted before the fit; their covariance goes into `lead_std`.

    Returns
    -------
    BlockingResistance

    Raises
    ------
    InputError
        When there are too few points, the spectrum does not end in a capacitive spike, the resistance would be
        negative, or its standard uncertainty exceeds 30 %.

    Notes
    -----
    Noise is estimated from the residuals. They are structured when the correlation of neighbours exceeds 2.5
    standard deviations of what noise leaves; then `fit_std` is the larger of the formal one and that of leaving out
    one of eight blocks of neighbouring frequencies after another, and the upper three quarters and the upper half
    of the (logarithmic) frequency range are tried: a narrower range is taken only if it halves `fit_std`.

    `model_std` adds in quadrature the spread of the candidates (Akaike weights) and what the constructions (minimum
    of -Z'', spike and arc extrapolated) differ, between data and fitted curve, beyond their own noise.

    An arc whose capacitance comes within a factor 20 of the spike's is taken for an electrode process, and the
    resistance is its high-frequency end.

    References
    ----------
    B. A. Boukamp, Solid State Ionics 20 (1986) 31, doi:10.1016/0167-2738(86)90031-7 (complex least squares); K. P.
    Burnham, D. R. Anderson, Model Selection and Multimodel Inference, doi:10.1007/b97636 (Akaike weights).

    Examples
    --------
    >>> f = np.geomspace(1e5, 0.1, 61)
    >>> z = 50.0 + 1 / (1e-5 * (2j * np.pi * f) ** 0.9)
    >>> found = blocking_resistance(f, z)
    >>> round(found.resistance, 3), found.model.circuit
    (50.0, 'R0-CPE')
    """
    order = np.argsort(frequency, kind="stable")
    f = np.asarray(frequency, dtype=np.float64)[order]
    z = np.asarray(impedance, dtype=np.complex128)[order]
    if leads is not None:
        z = z - leads.impedance(f)
    _check_blocking(f, z, leads is not None)
    whole = _choose(f, z)
    choices = [whole, *(_narrower(f, z) if whole.structured else [])]
    best = whole
    for choice in choices:
        if choice.relative_std < 0.5 * best.relative_std:
            best = choice
    return _finish(best, choices, leads, narrowed=best is not whole)


@dataclass(frozen=True, eq=False)
class _Fitted:
    """One circuit fitted to one range of frequencies."""

    model: BlockingModel
    fit: Fit
    arc: str
    resistance: float
    fit_std: float
    plausible: bool

    @property
    def structure(self) -> float:
        return autocorrelation(channels(self.fit))

    @property
    def structured(self) -> bool:
        return is_structured(channels(self.fit))

    def summary(self) -> Candidate:
        return Candidate(self.model.circuit, self.resistance, self.fit_std, self.fit.aicc, self.plausible)


@dataclass(frozen=True, eq=False)
class _Choice:
    """The circuit chosen on one range of frequencies, with those it was chosen from."""

    frequency: Array
    impedance: ComplexArray
    best: _Fitted
    tried: tuple[_Fitted, ...]

    @property
    def resistance(self) -> float:
        return self.best.resistance

    @property
    def fit_std(self) -> float:
        return self.best.fit_std

    @property
    def relative_std(self) -> float:
        return self.best.fit_std / self.best.resistance

    @property
    def structured(self) -> bool:
        return self.best.structured


def _choose(f: Array, z: ComplexArray) -> _Choice:
    tried = tuple(fitted for model in candidates() if (fitted := _fit_model(model, f, z, np.abs(z))) is not None)
    plausible = [fitted for fitted in tried if fitted.plausible]
    if not plausible:
        raise _no_circuit(tried)
    best = min(plausible, key=lambda fitted: fitted.fit.aicc)
    curve = best.model.impedance(best.fit.parameters, f)
    again = _fit_model(best.model, f, z, np.abs(curve), best.fit.parameters)
    return _Choice(f, z, again if again is not None and again.plausible else best, tried)


def _narrower(f: Array, z: ComplexArray) -> list[_Choice]:
    """Choose again on the upper parts of the frequency range, where they hold enough points."""
    choices = []
    for part in _NARROWER_WINDOWS:
        kept = f >= f[-1] * (f[0] / f[-1]) ** part
        if kept.sum() < _FEWEST_IN_WINDOW:
            continue
        try:
            choices.append(_choose(f[kept], z[kept]))
        except InputError:
            continue
    return choices


def _fit_model(
    model: BlockingModel, f: Array, z: ComplexArray, modulus: Array, start: Array | None = None
) -> _Fitted | None:
    begin = model.start(f, z) if start is None else start
    if begin is None or 2 * len(f) <= len(begin) + 2:
        return None
    fit = fit_complex(
        lambda p: model.impedance(p, f),
        lambda p: model.derivatives(p, f),
        z,
        1.0 / modulus,
        begin,
        tolerance=_TOLERANCE if start is None else _FINAL_TOLERANCE,
        most_evaluations=_MOST_EVALUATIONS,
    )
    values = model.values(fit.parameters)
    arc = _arc_role(model, values)
    gradient = _resistance_gradient(model, values, arc)
    resistance = float(gradient.sum())
    covariance = covariance_with_misfit(fit)
    fit_std = _root(float(gradient @ covariance @ gradient)) if np.isfinite(covariance).all() else math.inf
    plausible = fit.converged and arc != "undefined" and fit_std < np.inf
    plausible = plausible and _sensible(model, fit, f)
    return _Fitted(model, fit, arc, resistance, fit_std, plausible)


def _root(variance: float) -> float:
    return math.sqrt(max(variance, 0.0))


def _arc_role(model: BlockingModel, values: dict[str, float]) -> str:
    """Tell whether an arc is the electrolyte's or an electrode's, from its capacitance against the spike's."""
    if not model.arc:
        return "none"
    if _capacitance_ratio(values) > ELECTRODE_CAPACITANCE_RATIO:
        return "electrolyte"
    return "electrode" if model.series else "undefined"


def _capacitance_ratio(values: dict[str, float]) -> float:
    r"""Return the spike's capacitance, where its modulus is the resistance, over the arc's :math:`\tau/R_1`.

    Infinite where the parameters are too extreme to tell.
    """
    logarithm = {name: math.log(max(value, 1e-300)) for name, value in values.items()}
    total = math.log(values.get("R0", 0.0) + values["R1"])
    n = max(abs(values["n"]), 0.1)
    log_omega = -(total + logarithm["Q"]) / n
    log_spike = logarithm["Q"] + (n - 1.0) * log_omega
    return math.exp(min(log_spike - (logarithm["tau"] - logarithm["R1"]), 700.0))


def _resistance_gradient(model: BlockingModel, values: dict[str, float], arc: str) -> Array:
    """Return the derivatives of the resistance by the parameters; being logarithms, they add up to it."""
    counted = {"R0", "R1"} if arc == "electrolyte" else {"R0"}
    return np.array([values[name] if name in counted else 0.0 for name in model.names])


def _sensible(model: BlockingModel, fit: Fit, f: Array) -> bool:
    """Tell whether the exponents are those of capacitive elements and the arc lies in or near the range."""
    values = model.values(fit.parameters)
    errors = dict(zip(model.names, fit.standard_errors.tolist(), strict=True))
    sensible = 0.5 <= values["n"] <= 1.0 + max(0.02, 3 * errors["n"])
    if model.arc:
        sensible = sensible and 0.4 <= values["n1"] <= 1.0 + max(0.02, 3 * errors["n1"])
        omega = 2 * np.pi * f
        sensible = sensible and 1.0 / omega[-1] / 30 <= values["tau"] <= 3.0 / omega[0]
    return bool(sensible)


def _finish(
    choice: _Choice, everything: Sequence[_Choice], leads: Leads | None, *, narrowed: bool
) -> BlockingResistance:
    best, f, z = choice.best, choice.frequency, choice.impedance
    curve = best.model.impedance(best.fit.parameters, f)
    readings = read_all(f, z, curve, local_noise(channels(best.fit)))
    values = best.model.values(best.fit.parameters)
    found = BlockingResistance(
        resistance=best.resistance,
        fit_std=best.fit_std,
        model_std=_model_std(best, choice.tried, readings),
        lead_std=0.0 if leads is None else _lead_std(best, f, curve, leads),
        model=best.model,
        values=values,
        covariance=covariance_with_misfit(best.fit),
        arc=best.arc,
        method=_method(best, values, f, choice.tried),
        noise=best.fit.noise,
        autocorrelation=best.structure,
        structured=best.structured,
        readings=readings,
        refits=tuple(
            Refit(other.frequency[0], other.resistance, other.fit_std) for other in everything if other is not choice
        ),
        candidates=tuple(fitted.summary() for fitted in choice.tried),
        frequency=f,
        fitted=curve,
        narrowed=narrowed,
        warnings=_warnings(best, values, f, leads, narrowed=narrowed),
    )
    _check_determined(found)
    return found


def _model_std(best: _Fitted, tried: Sequence[_Fitted], readings: Sequence[Reading]) -> float:
    """Combine the spread of the candidates with what the readings differ beyond their noise."""
    plausible = [fitted for fitted in tried if fitted.plausible]
    lowest = min(fitted.fit.aicc for fitted in plausible)
    weights = np.exp([-0.5 * (fitted.fit.aicc - lowest) for fitted in plausible])
    apart = np.array([fitted.resistance - best.resistance for fitted in plausible])
    between = float(weights @ apart**2 / weights.sum())
    excess = [reading.shift**2 - reading.std**2 for reading in readings]
    return float(np.sqrt(between + max(0.0, float(np.mean(excess)) if excess else 0.0)))


def _lead_std(best: _Fitted, f: Array, curve: ComplexArray, leads: Leads) -> float:
    """Propagate the leads' covariance through the linearised fit."""
    weights = 1.0 / np.abs(curve)
    columns = np.stack([np.ones(len(f)), 2j * np.pi * f], axis=1)
    subtracted = np.asarray(columns * weights[:, None], dtype=np.complex128)
    change = -np.linalg.pinv(best.fit.jacobian) @ stack(subtracted)
    gradient = _resistance_gradient(best.model, best.model.values(best.fit.parameters), best.arc)
    sensitivity = gradient @ change
    return float(np.sqrt(sensitivity @ leads.covariance @ sensitivity))


def _method(best: _Fitted, values: dict[str, float], f: Array, tried: Sequence[_Fitted]) -> str:
    plausible = sorted((t for t in tried if t.plausible), key=lambda t: t.fit.aicc)
    rejected = len(tried) - len(plausible)
    why = f"{best.model.circuit} has the smallest AICc of {len(plausible)} plausible circuits"
    if len(plausible) > 1:
        why += f", by {plausible[1].fit.aicc - plausible[0].fit.aicc:.1f} before {plausible[1].model.circuit}"
    if rejected:
        why += f"; {rejected} more gave parameters without physical sense"
    if best.arc == "electrolyte":
        top = 1.0 / (2 * np.pi * values["tau"])
        place = "in range" if top <= f[-1] else "above the range, so only its low-frequency side is seen"
        return f"arc end: the electrolyte's arc has its top at {top:.3g} Hz, {place}; {why}"
    if best.arc == "electrode":
        return f"spike extrapolation to Z''=0, before an arc whose capacitance is an electrode's; {why}"
    return f"spike extrapolation to Z''=0: no arc of the electrolyte shows; {why}"


def _warnings(
    best: _Fitted, values: dict[str, float], f: Array, leads: Leads | None, *, narrowed: bool
) -> tuple[str, ...]:
    warnings = []
    if leads is None and best.resistance < 50.0:
        low, high = 10.0 / best.resistance, 100.0 / best.resistance
        warnings.append(
            f"Leads and contacts were not measured; the 0.1 to 1 ohm they usually have would be {low:.2g} to "
            f"{high:.2g} % of the {best.resistance:.3g} ohm found. Give a short-circuit spectrum."
        )
    if best.arc == "electrolyte" and 2 * np.pi * f[-1] * values["tau"] < 1.0:
        warnings.append(
            "The top of the arc lies above the highest frequency: its end rests on the assumed shape of the arc."
        )
    if best.arc in ("electrolyte", "electrode") and _unclear(values):
        warnings.append(
            f"The arc was taken for the {best.arc}'s, but its capacitance, {_capacitance_ratio(values):.2g} times "
            "smaller than the spike's, leaves that open."
        )
    if best.structured:
        warnings.append(
            f"The residuals keep a structure (correlation of neighbours {best.structure:.2f}): the circuit does "
            "not describe the cell within its noise, and the uncertainty was widened for that."
        )
    if narrowed:
        warnings.append(f"Frequencies below {f[0]:.3g} Hz were left out since the circuit does not describe them.")
    return tuple(warnings)


def _unclear(values: dict[str, float]) -> bool:
    return 1 / 4 < _capacitance_ratio(values) / ELECTRODE_CAPACITANCE_RATIO < 4


def _check_blocking(f: Array, z: ComplexArray, corrected: bool) -> None:
    if len(f) < FEWEST_POINTS:
        raise InputError(
            f"The spectrum holds {len(f)} points; at least {FEWEST_POINTS} are needed.",
            "The frequency limits may leave too little of it.",
            "Measure more points per decade or widen the limits.",
        )
    if np.any(np.abs(z) == 0):
        raise InputError("The spectrum holds an impedance of zero.", "", "Remove that point.")
    if np.median(z.real) <= 0:
        cause = (
            "The short-circuit spectrum may belong to other leads."
            if corrected
            else "The sign or the columns may be swapped."
        )
        raise InputError("The real part of the impedance is negative.", cause, "Check the files.")
    if np.all(z.imag >= 0):
        raise InputError(
            "The imaginary part of the impedance is positive throughout, so the spectrum is inductive.",
            "The column may hold -Z'' and not Z'', or the cell is shorted.",
            "Check the sign of the imaginary part and the cell.",
        )
    if not _ends_in_spike(f, z):
        raise InputError(
            "The spectrum does not end in a capacitive spike at low frequency.",
            "The electrodes may let the ion through (lithium), electrons may conduct, or the lowest frequency is "
            "too high.",
            "Use ion-blocking electrodes, measure to lower frequencies, or fit a circuit with "
            "`lamion analyze impedance`.",
        )


def _ends_in_spike(f: Array, z: ComplexArray) -> bool:
    """Tell whether -Z'' is positive and rises towards the lowest frequencies, beyond its noise."""
    points = max(4, int(np.sum(f <= 3.2 * f[0])))
    height = -z.imag[:points]
    if np.mean(height > 0) < 0.75:
        return False
    x = np.log(f[:points] / f[0])
    slope = float(np.polyfit(x, height / np.abs(height).max(), 1)[0])
    return slope < 0 and float(np.mean(height)) > 0.02 * float(np.mean(np.abs(z[:points])))


def _check_determined(found: BlockingResistance) -> None:
    if found.std <= LARGEST_RELATIVE_STD * found.resistance:
        return
    if found.structured:
        raise InputError(
            f"No circuit of a blocking cell describes the spectrum: it differs from the best one by "
            f"{100 * found.noise:.2g} %, which leaves the resistance open by {found.std:.3g} ohm.",
            "There may be more than one arc, or the cell does not block.",
            "Choose the frequency limits, or fit a circuit of your own with `lamion analyze impedance`.",
        )
    raise InputError(
        f"The resistance cannot be told from zero: its standard uncertainty is {found.std:.3g} ohm, and the value "
        "is not three times as large.",
        "The spike, or an arc with the capacitance of an electrode, hides it at every frequency measured.",
        "Measure at higher frequencies, or leave out low frequencies that do not follow a spike.",
    )


def _no_circuit(tried: Sequence[_Fitted]) -> InputError:
    if not tried:
        return InputError(
            "No circuit of a blocking cell with positive resistances and capacitances fits the spectrum.",
            "Its resistance is negative or hidden, after the subtraction of the leads if a short was given.",
            "Check the sign of the imaginary part, the columns and the short-circuit spectrum.",
        )
    return InputError(
        "No circuit of a blocking cell describes the spectrum with parameters that make physical sense.",
        "The cell may not be blocking, or the spectrum drifts or is dominated by noise.",
        "Test it with `lamion analyze kk`, choose the frequency limits, or fit a circuit with "
        "`lamion analyze impedance`.",
    )
