"""The resistance of an electrolyte between blocking electrodes, from its impedance, and how it was read, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.complex_least_squares import channels, real_over_imaginary
from lamion.numerics.residual_correlation import local_noise
from lamion.quantities.errors import InputError
from lamion.techniques.conduction.blocking_choice import (
    BlockingChoice,
    BlockingSpectrum,
    NoBlockingCircuitError,
    check_blocking,
    choose,
    choose_narrower,
)
from lamion.techniques.conduction.blocking_circuits import LARGEST_RELATIVE_STD, Arc, BlockingFit
from lamion.techniques.conduction.plain_reading import plain_reading
from lamion.techniques.conduction.readings import ResistanceReading, read_all
from lamion.techniques.conduction.short_circuit import Leads
from lamion.techniques.conduction.valley_beyond import valley_beyond
from lamion.techniques.impedance.choice import akaike_weights

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
READ_OFF = "none"
"""In place of a circuit, where the resistance was read off without one."""
_SMALL_RESISTANCE = 50.0
_OF_DIFFUSION = 0.6
"""The exponent below which a spike may be the slope of diffusion: rough electrodes that block have 0.7 to 0.95."""


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
    """The same choice made on another range of frequencies, tried where the residuals are correlated.

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
        Ohm: the low-frequency end of the electrolyte's last arc where one is seen (with R0, so a grain interior
        that is too fast to show is counted), else the spike's intercept R0; leads are subtracted where a short was
        given.
    fit_std : float
        Standard uncertainty from noise and, where the residuals keep a structure, from the circuit's misfit, ohm.
    model_std : float
        Standard uncertainty from the choice of circuit and construction, ohm.
    lead_std : float
        Standard uncertainty from the subtracted leads, ohm; shared by all cells measured with the same short.
    circuit : str
        The circuit chosen.
    values : dict of str to float
        Its parameters by the names of :attr:`~lamion.techniques.impedance.circuit.Circuit.names`, SI.
    covariance : array, shape (k, k)
        Of the fitted parameters: logarithms, but for the exponents.
    arcs : tuple of Arc
        Its arcs, the fastest first.
    arc : str
        ``"none"``, ``"electrolyte"`` (one arc at least) or ``"electrode"``: what they are taken for.
    method : str
        How the resistance was read and why, one sentence.
    noise : float
        Root mean square of the residuals relative to the modulus.
    autocorrelation : float
        Of neighbouring residuals.
    correlated : bool
        Whether the residuals keep a structure that noise would not leave.
    readings : tuple of ResistanceReading
        Constructions beside the fit.
    refits : tuple of Refit
        What other ranges of frequency give, where the residuals are correlated.
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
    circuit: str
    values: dict[str, float]
    covariance: Array
    arcs: tuple[Arc, ...]
    arc: str
    method: str
    noise: float
    autocorrelation: float
    correlated: bool
    readings: tuple[ResistanceReading, ...]
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

    Every circuit of :data:`~lamion.techniques.impedance.families.BLOCKING_FAMILY` with one arc or none is fitted by
    complex nonlinear least squares with weights :math:`1/|Z|`; among those whose parameters make physical sense the
    smallest AICc wins and is fitted once more with the modulus of its own curve as weight, which removes the bias of
    noisy weights.

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
        negative, its standard uncertainty exceeds 30 %, or it cannot be told whose an arc is.

    Notes
    -----
    Noise is estimated from the residuals. They are correlated when the correlation of neighbours exceeds 2.5
    standard deviations of what noise leaves; then `fit_std` is the larger of the formal one and that of leaving out
    one of eight blocks of neighbouring frequencies after another, and the upper three quarters and the upper half
    of the (logarithmic) frequency range are tried: a narrower range is taken only if it halves `fit_std`.

    `model_std` adds in quadrature the spread of the candidates (Akaike weights), the doubt whose an arc is, and what
    the constructions (minimum of -Z'', spike and arc extrapolated) differ, between data and fitted curve, beyond their
    own noise.

    Circuits with two arcs (grains and grain boundaries) are tried where the residuals of the best with fewer keep a
    structure; both must be the electrolyte's and lie a decade apart. A single arc whose capacitance comes within a
    factor 20 of the spike's is taken for an electrode process, and the resistance is its high-frequency end; within a
    factor four of that limit the doubt widens `model_std`.

    References
    ----------
    B. A. Boukamp, Solid State Ionics 20 (1986) 31, doi:10.1016/0167-2738(86)90031-7 (complex least squares); K. P.
    Burnham, D. R. Anderson, Model Selection and Multimodel Inference, doi:10.1007/b97636 (Akaike weights).

    Examples
    --------
    >>> f = np.geomspace(1e5, 0.1, 61)
    >>> z = 50.0 + 1 / (1e-5 * (2j * np.pi * f) ** 0.9)
    >>> found = blocking_resistance(f, z)
    >>> round(found.resistance, 3), found.circuit
    (50.0, 'R0-CPE1')
    """
    return blocking_resistances([frequency], [impedance], leads=leads)[0]


def blocking_resistances(
    frequency: Array | Sequence[Array], impedance: Sequence[ComplexArray], *, leads: Leads | None = None
) -> list[BlockingResistance]:
    """Find the resistances of several cells; their circuits are fitted together.

    Parameters
    ----------
    frequency : array, shape (n,), or sequence of arrays
        Hz, of all cells, or of each.
    impedance : sequence of arrays of complex
        Ohm, one per cell.
    leads : Leads, optional
        Subtracted from each.

    Returns
    -------
    list of BlockingResistance

    Raises
    ------
    InputError
        As :func:`blocking_resistance`, for the first cell whose spectrum gives no resistance.
    """
    grids = [frequency] * len(impedance) if isinstance(frequency, np.ndarray) else frequency
    spectra = [_prepared(f, z, leads) for f, z in zip(grids, impedance, strict=True)]
    return [_resolved(spectrum, whole, leads) for spectrum, whole in zip(spectra, choose(spectra), strict=True)]


def read_off(
    frequency: Array, impedance: ComplexArray, why: NoBlockingCircuitError | None = None, leads: Leads | None = None
) -> BlockingResistance:
    """Read the resistance off as people do, where no circuit gives it or beside one.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, in any order.
    impedance : array of complex, shape (n,)
        Ohm.
    why : NoBlockingCircuitError, optional
        Why no circuit gives it; it becomes a warning.
    leads : Leads, optional
        Subtracted first.

    Raises
    ------
    InputError
        As :func:`~lamion.techniques.conduction.plain_reading.plain_reading`.
    """
    order = np.argsort(frequency, kind="stable")
    f, z = np.asarray(frequency)[order], np.asarray(impedance)[order]
    z = z if leads is None else z - leads.impedance(f)
    found = plain_reading(f, z)
    value, width = found.resistance, found.width
    intercept = None if why is None else why.intercept
    if found.shape == "intercept" and intercept is not None and 0 < intercept < value:
        value, width = intercept, math.hypot(width, value - intercept)
    return BlockingResistance(
        resistance=value,
        fit_std=0.0,
        model_std=width,
        lead_std=0.0 if leads is None else math.sqrt(float(leads.covariance[0, 0])),
        circuit=READ_OFF,
        values={},
        covariance=np.zeros((0, 0)),
        arcs=(),
        arc="none",
        method=f"read off: {_SHAPES[found.shape]} at {found.frequency:.3g} Hz, as wide as the reading",
        noise=0.0,
        autocorrelation=0.0,
        correlated=False,
        readings=(),
        refits=(),
        candidates=(),
        frequency=f,
        fitted=np.empty(0, dtype=np.complex128),
        narrowed=False,
        warnings=() if why is None else (_not_fitted(why, found.shape),),
    )


def _not_fitted(why: NoBlockingCircuitError, shape: str) -> str:
    return f"No circuit was fitted, the resistance was read off. {why.happened} {_DOUBTS[shape]}".strip()


_SHAPES = {
    "valley": "Z' where -Z'' is least between arc and spike",
    "closed arc": "Z' at the end of an arc that closes, without a spike",
    "shallow valley": "Z' where -Z'' is least between an arc and what follows it",
    "intercept": "Z' where the spike meets the axis",
}
_DOUBTS = {
    "valley": "",
    "closed arc": "Without a spike nothing shows that the electrodes block the ion.",
    "shallow valley": "The arc runs into what follows it before it comes down: its end is known as roughly as stated.",
    "intercept": "",
}


def _prepared(frequency: Array, impedance: ComplexArray, leads: Leads | None) -> BlockingSpectrum:
    f = np.asarray(frequency, dtype=np.float64)
    order = np.argsort(f, kind="stable")
    f, z = f[order], np.asarray(impedance, dtype=np.complex128)[order]
    if leads is not None:
        z = z - leads.impedance(f)
    check_blocking(f, z, corrected=leads is not None)
    return BlockingSpectrum(f, z)


def _resolved(
    spectrum: BlockingSpectrum, whole: BlockingChoice | InputError, leads: Leads | None
) -> BlockingResistance:
    """Take a narrower range of frequencies where the circuit does not describe the whole and that is twice as sure."""
    if isinstance(whole, InputError):
        raise whole
    choices = [whole, *(choose_narrower(spectrum) if whole.best.correlated else [])]
    best = whole
    for choice in choices:
        if choice.relative_std < 0.5 * best.relative_std:
            best = choice
    found = _finish(best, choices, leads, narrowed=best is not whole)
    _check_determined(found, best.best)
    return found


def _finish(
    choice: BlockingChoice, everything: Sequence[BlockingChoice], leads: Leads | None, *, narrowed: bool
) -> BlockingResistance:
    best, spectrum = choice.best, choice.spectrum
    valley = valley_beyond(best, spectrum)
    readings = read_all(spectrum.frequency, spectrum.impedance, best.curve, local_noise(channels(best.fit)))
    return BlockingResistance(
        resistance=best.resistance,
        fit_std=best.fit_std,
        model_std=math.hypot(_model_std(choice, readings), 0.0 if valley is None else valley.apart),
        lead_std=0.0 if leads is None else _lead_std(best, leads),
        circuit=best.circuit,
        values=best.values,
        covariance=best.covariance,
        arcs=best.arcs,
        arc=best.role,
        method=method_of(choice),
        noise=best.fit.noise,
        autocorrelation=best.correlation,
        correlated=best.correlated,
        readings=readings,
        refits=tuple(
            Refit(float(other.best.frequency[0]), other.best.resistance, other.best.fit_std)
            for other in everything
            if other is not choice
        ),
        candidates=tuple(
            Candidate(one.circuit, one.resistance, one.fit_std, one.aicc, one.plausible) for one in choice.tried
        ),
        frequency=best.frequency,
        fitted=best.curve,
        narrowed=narrowed,
        warnings=(
            *warnings_about(best, leads_measured=leads is not None, narrowed=narrowed),
            *([] if valley is None else [valley.warning]),
        ),
    )


def _model_std(choice: BlockingChoice, readings: Sequence[ResistanceReading]) -> float:
    """Combine the spread of the candidates, what the readings differ beyond their noise, and whose each arc is."""
    weights = akaike_weights([one.aicc for one in choice.plausible])
    apart = np.array([one.resistance - choice.best.resistance for one in choice.plausible])
    excess = [reading.shift**2 - reading.std**2 for reading in readings]
    between = float(weights @ apart**2) + max(0.0, float(np.mean(excess)) if excess else 0.0)
    return math.hypot(math.sqrt(between), choice.best.role_std)


def _lead_std(best: BlockingFit, leads: Leads) -> float:
    """Propagate the leads' covariance through the linearised fit."""
    f = best.frequency
    columns = np.stack([np.ones(len(f)), 2j * np.pi * f], axis=1)
    subtracted = np.asarray(columns / np.abs(best.curve)[:, None], dtype=np.complex128)
    change = -np.linalg.pinv(best.fit.jacobian) @ real_over_imaginary(subtracted)
    sensitivity = best.gradient @ change
    return float(np.sqrt(sensitivity @ leads.covariance @ sensitivity))


def _check_determined(found: BlockingResistance, best: BlockingFit) -> None:
    if found.std <= LARGEST_RELATIVE_STD * found.resistance:
        return
    if best.role_std**2 > 0.5 * found.std**2:
        arc = max(best.doubtful, key=lambda one: one.doubt)
        raise NoBlockingCircuitError(
            f"The arc of {arc.resistance:.3g} ohm may be the electrolyte's or an electrode's: its capacitance is "
            f"{arc.capacitance_ratio:.2g} times smaller than the spike's.",
            "Grain boundaries with a large capacitance and electrodes with a small one look alike.",
            "Measure cells of two thicknesses, or fit a circuit of your own with `lamion analyze impedance`.",
            best.values.get("R0"),
        )
    if found.correlated:
        raise NoBlockingCircuitError(
            f"No circuit of a blocking cell describes the spectrum: it differs from the best one by "
            f"{100 * found.noise:.2g} %, which leaves the resistance open by {found.std:.3g} ohm.",
            "There may be more arcs than two, or the cell does not block.",
            "Choose the frequency limits, or fit a circuit of your own with `lamion analyze impedance`.",
        )
    raise NoBlockingCircuitError(
        f"The resistance cannot be told from zero: its standard uncertainty is {found.std:.3g} ohm, and the value "
        "is not three times as large.",
        "The spike, or an arc with the capacitance of an electrode, hides it at every frequency measured.",
        "Measure at higher frequencies, or leave out low frequencies that do not follow a spike.",
    )


def method_of(choice: BlockingChoice) -> str:
    """Say how the resistance was read and why, one sentence.

    Parameters
    ----------
    choice : BlockingChoice
        What was chosen.
    """
    best, why = choice.best, _why(choice)
    electrolyte = [arc for arc in best.arcs if arc.is_electrolyte]
    if electrolyte:
        top = electrolyte[-1].top
        place = "in range" if top <= best.frequency[-1] else "above the range, so only its low-frequency side is seen"
        which = "the electrolyte's arc has its top" if len(electrolyte) == 1 else "the electrolyte's second arc"
        has = "" if len(electrolyte) == 1 else " (grain boundaries, as a rule) has its top"
        return f"arc end: {which}{has} at {top:.3g} Hz, {place}; {why}"
    if best.arcs:
        return f"spike extrapolation to Z''=0, before an arc whose capacitance is an electrode's; {why}"
    return f"spike extrapolation to Z''=0: no arc of the electrolyte shows; {why}"


def _why(choice: BlockingChoice) -> str:
    plausible = choice.plausible
    rejected = len(choice.tried) - len(plausible)
    why = f"{choice.best.circuit} has the smallest AICc of {len(plausible)} plausible circuits"
    if len(plausible) > 1:
        why += f", by {plausible[1].aicc - plausible[0].aicc:.1f} before {plausible[1].circuit}"
    if rejected:
        why += f"; {rejected} more gave parameters without physical sense"
    return why


def warnings_about(best: BlockingFit, *, leads_measured: bool, narrowed: bool) -> tuple[str, ...]:
    """Return what speaks for care, whole sentences.

    Parameters
    ----------
    best : BlockingFit
        The circuit chosen.
    leads_measured : bool
        Whether leads were subtracted.
    narrowed : bool
        Whether low frequencies were left out.
    """
    warnings = []
    if not leads_measured and best.resistance < _SMALL_RESISTANCE:
        low, high = 10.0 / best.resistance, 100.0 / best.resistance
        warnings.append(
            f"Leads and contacts were not measured; the 0.1 to 1 ohm they usually have would be {_two_digits(low)} to "
            f"{_two_digits(high)} % of the {best.resistance:.3g} ohm found. Give a short-circuit spectrum."
        )
    if best.spike_exponent < _OF_DIFFUSION:
        warnings.append(
            f"The low-frequency tail has the exponent {best.spike_exponent:.2f}: diffusion between electrodes that "
            "exchange ions, lithium on both sides say, rises so, electrodes that block rise more steeply. If they do "
            "not block, the arc is their interface and not the electrolyte: `lamion analyze impedance` tells the parts "
            "apart."
        )
    electrolyte = [arc for arc in best.arcs if arc.is_electrolyte]
    if electrolyte and electrolyte[-1].top > best.frequency[-1]:
        warnings.append(
            "The top of the arc lies above the highest frequency: its end rests on the assumed shape of the arc."
        )
    for arc in best.doubtful:
        owner = "electrolyte" if arc.is_electrolyte else "electrode"
        warnings.append(
            f"The arc of {arc.resistance:.3g} ohm was taken for the {owner}'s, but its capacitance, "
            f"{arc.capacitance_ratio:.2g} times smaller than the spike's, leaves that open; the uncertainty was "
            "widened for that."
        )
    if best.correlated:
        warnings.append(
            f"The residuals keep a structure (correlation of neighbours {best.correlation:.2f}): the circuit does "
            "not describe the cell within its noise, and the uncertainty was widened for that."
        )
    if narrowed:
        warnings.append(
            f"Frequencies below {best.frequency[0]:.3g} Hz were left out since the circuit does not describe them."
        )
    return tuple(warnings)


def _two_digits(percent: float) -> str:
    """Write a percentage with two digits and no exponent.

    Examples
    --------
    >>> _two_digits(124.8), _two_digits(1.72)
    ('120', '1.7')
    """
    return f"{float(f'{percent:.2g}'):g}"
