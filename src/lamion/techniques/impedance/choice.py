"""Which circuit of a stated family the data ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lamion.progress import Progress, silent
from lamion.quantities.errors import InputError
from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.circuit_fits import CircuitFits
from lamion.techniques.impedance.elements.element import Array
from lamion.techniques.impedance.fit import fit_circuit
from lamion.techniques.impedance.spectra import Spectra

_TIE = 2.0
_LEADS = "L0-"
_HARDLY = 1e-3


@dataclass(frozen=True)
class RankedCircuit:
    """One circuit of the family.

    Parameters
    ----------
    circuit : str
        The circuit.
    aicc : float
        Akaike's criterion, smaller is better.
    weight : float
        Akaike's weight: how probable it is the best of the family.
    noise : float
        What its residuals look like as noise, relative to the modulus with modulus weights.
    undetermined : tuple of str
        Parameters that the data do not determine.
    """

    circuit: str
    aicc: float
    weight: float
    noise: float
    undetermined: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class CircuitChoice:
    """The circuit that won, and why.

    Parameters
    ----------
    fits : CircuitFits
        Of the winner.
    ranked : tuple of RankedCircuit
        The whole family, the best first.
    reason : str
        Why the winner won, one sentence or two.
    """

    fits: CircuitFits
    ranked: tuple[RankedCircuit, ...]
    reason: str


def choose_circuit(
    spectra: Spectra, family: Sequence[str], *, loss: str = "linear", progress: Progress = silent
) -> CircuitChoice:
    r"""Fit every circuit of a family and rank them by AICc summed over the spectra.

    Only circuits whose parameters the data determine in every spectrum may win, if there are any: a circuit with a
    parameter of no value describes the data no better, only longer. Among circuits within 2 of the best the one with
    the fewest parameters wins.

    Parameters
    ----------
    spectra : Spectra
        One or several, for which one circuit is wanted.
    family : sequence of str
        The circuits to compare, such as :data:`~lamion.techniques.impedance.families.CELL_FAMILY`.
    loss : str
        As in :func:`~lamion.techniques.impedance.fit.fit_circuit`; a robust one weights the points as the first
        circuit's fit does, so that all are compared on the same data.
    progress : Progress
        Told about every circuit.

    Raises
    ------
    InputError
        When no circuit of the family can be fitted.

    References
    ----------
    K. P. Burnham, D. R. Anderson, Sociol. Methods Res. 33 (2004) 261, doi:10.1177/0049124104268644.

    Examples
    --------
    >>> from lamion.techniques.impedance.families import CELL_FAMILY
    >>> from lamion.techniques.impedance.spectra import gather
    >>> f, random = np.geomspace(1e5, 0.1, 40), np.random.default_rng(0)
    >>> z = Circuit.read("R0-p(R1,CPE1)").impedance([5.0, 40.0, 1e-5, 0.9], f)
    >>> z = z + 0.01 * np.abs(z) * (random.standard_normal(40) + 1j * random.standard_normal(40))
    >>> choose_circuit(gather(f, z), CELL_FAMILY).ranked[0].circuit
    'R0-p(R1,CPE1)'
    """
    if loss == "robust":
        spectra = _without_outliers(spectra, family)
    return _decide(fit_family(spectra, family, progress=progress))


def fit_family(
    spectra: Spectra, family: Sequence[str], *, exponent_room: float = 0.0, progress: Progress = silent
) -> list[CircuitFits]:
    """Fit every circuit of a family that the points suffice for.

    A circuit that adds the leads' inductance to one before it in the family is begun from that one's fit, too. It is
    left out where that one was refused: an inductance would hide a column of the wrong sign.

    Parameters
    ----------
    spectra : Spectra
        One or several.
    family : sequence of str
        The circuits.
    exponent_room : float
        As in :func:`~lamion.techniques.impedance.fit.fit_circuit`.
    progress : Progress
        Told how many fits are done.

    Raises
    ------
    InputError
        When none can be fitted.
    """
    tried: dict[str, CircuitFits] = {}
    refusals: list[str] = []
    for place, text in enumerate(family):
        circuit, told = Circuit.read(text), _share_of(progress, place, len(family))
        further = None
        if text.startswith(_LEADS) and (bare := text.removeprefix(_LEADS)) in family[:place]:
            if bare not in tried:
                continue
            further = _with_leads(tried[bare], spectra)
        try:
            tried[text] = fit_circuit(
                circuit, spectra, exponent_room=exponent_room, further_start=further, thorough=False, progress=told
            )
        except InputError as error:
            refusals.append(str(error))
    if not tried:
        raise InputError("No circuit of the family could be fitted.", refusals[0] if refusals else "It is empty.")
    return list(tried.values())


def _with_leads(without: CircuitFits, spectra: Spectra) -> Array:
    """Return the parameters of a circuit fitted without leads, and an inductance that hardly shows before them."""
    omega = 2 * np.pi * spectra.frequency.max(axis=1)
    smallest = np.min(np.abs(spectra.impedance), axis=1)
    inductance = np.broadcast_to(_HARDLY * smallest / omega, len(spectra))
    return np.concatenate([inductance[:, None], without.values], axis=1)


def _share_of(progress: Progress, place: int, count: int) -> Progress:
    """Return a progress of one of several fits of the same spectra that tells of all."""

    def tell(done: int, total: int, what: str) -> None:
        progress(place * total + done, count * total, what)

    return tell


def akaike_weights(criteria: ArrayLike) -> Array:
    """Return how probable each model is the best of those compared.

    Parameters
    ----------
    criteria : array, shape (c,)
        AICc; infinite for what could not be compared.

    Returns
    -------
    array, shape (c,)
        Adding up to one; zero throughout where no criterion is finite.

    References
    ----------
    K. P. Burnham, D. R. Anderson, Sociol. Methods Res. 33 (2004) 261, doi:10.1177/0049124104268644.

    Examples
    --------
    >>> akaike_weights([0.0, 2.0, float("inf")]).round(3)
    array([0.731, 0.269, 0.   ])
    """
    finite = np.where(np.isfinite(criteria), criteria, np.inf)
    if not np.isfinite(finite).any():
        return np.zeros(len(finite))
    likelihood = np.exp(-0.5 * np.minimum(finite - finite.min(), 1400.0))
    return np.asarray(likelihood / likelihood.sum())


def _without_outliers(spectra: Spectra, family: Sequence[str]) -> Spectra:
    """Weight the points as a robust fit of the richest circuit does."""
    richest = max((Circuit.read(text) for text in family), key=lambda circuit: len(circuit.names))
    return fit_circuit(richest, spectra, loss="robust").spectra


def _decide(tried: list[CircuitFits]) -> CircuitChoice:
    scores = np.array([sum(fits.aicc(index) for index in range(len(fits))) for fits in tried])
    determined = np.array([bool(fits.identifiable.all()) for fits in tried])
    allowed = determined if determined.any() else np.ones(len(tried), dtype=bool)
    best = scores[allowed].min()
    close = np.flatnonzero(allowed & (scores <= best + _TIE))
    winner = int(min(close, key=lambda i: (int(tried[i].free.sum()), scores[i])))
    order = [winner, *(int(i) for i in np.lexsort((scores, ~allowed)) if i != winner)]
    weights = akaike_weights(scores)
    ranked = tuple(_ranked(tried[i], float(scores[i]), float(weights[i])) for i in order)
    return CircuitChoice(tried[winner], ranked, _reason(ranked))


def _ranked(fits: CircuitFits, aicc: float, weight: float) -> RankedCircuit:
    lost = np.asarray(~fits.identifiable.all(axis=0)).tolist()
    names = tuple(name for name, one in zip(fits.circuit.names, lost, strict=True) if one)
    return RankedCircuit(str(fits.circuit), aicc, weight, float(np.sqrt(np.mean(fits.noise**2))), names)


def _reason(ranked: Sequence[RankedCircuit]) -> str:
    first = ranked[0]
    if len(ranked) == 1:
        return f"{first.circuit} was the only circuit that could be fitted."
    second = ranked[1]
    gap = second.aicc - first.aicc
    if gap >= _TIE:
        said = f"{first.circuit} has the smallest AICc, {gap:.3g} below {second.circuit}"
    else:
        said = f"{first.circuit} is within {_TIE:g} of the smallest AICc with the fewest parameters"
    better = [one for one in ranked if one.aicc < first.aicc - _TIE]
    if better:
        lost = ", ".join(better[0].undetermined)
        said += f"; {better[0].circuit} fits closer, but the data do not determine its {lost}"
    return f"{said}; its residuals are {100 * first.noise:.2g} % of the modulus."
