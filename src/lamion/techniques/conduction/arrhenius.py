"""Activation energy from conductivities at several temperatures: Arrhenius, VTF or two segments."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.constants import FARADAY
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Trace, reciprocal_temperature
from lamion.quantities.level import LEVEL, LEVEL_95, coverage_factor
from lamion.techniques.conduction.arrhenius_line import fit_arrhenius
from lamion.techniques.conduction.law_at import LawAt, law_at
from lamion.techniques.conduction.temperature_fit import Of, TemperatureFit, TemperatureSeries, temperature_series
from lamion.techniques.conduction.temperature_runs import temperature_runs
from lamion.techniques.conduction.two_segments import BreakTest, TwoSegmentFit, break_test, fit_two_segments
from lamion.techniques.conduction.vtf import VtfFit, fit_vtf

_PER_CM = 0.01
_UNLIKELY = 0.01
_UNUSUAL, _EXCLUDED = 0.05, 0.003
_CLOSE = 0.1
_CALORIE = 4.184
_LARGEST_ENERGY = 2.5
_LARGEST_LOG_PREFACTOR = 500.0
_LARGEST_MARGIN = 150.0
_ZERO_CELSIUS = 273.15
_FEWEST_FOR_T0, _LEAST_SPAN_FOR_T0 = 8, 60.0
_MODELS = ("arrhenius", "vtf", "two-segment")


@dataclass(frozen=True, eq=False)
class RankedModel:
    """One model with its criterion.

    Parameters
    ----------
    fit : TemperatureFit
        The model, fitted.
    aicc : float
        Akaike's criterion for small samples; infinite when there are too few points to judge.
    weight : float
        Akaike's weight: the share of belief among the models compared.
    """

    fit: TemperatureFit
    aicc: float
    weight: float


@dataclass(frozen=True, eq=False)
class Ranking:
    """The models that were compared, the best first, and those that were not.

    Parameters
    ----------
    ranked : tuple of RankedModel
        At least the straight line.
    excluded : Mapping of str to str
        Why a model was not compared, by name.
    """

    ranked: tuple[RankedModel, ...]
    excluded: Mapping[str, str]

    def model(self, name: str) -> RankedModel:
        """Return one of the models compared.

        Parameters
        ----------
        name : str
            ``"arrhenius"``, ``"vtf"`` or ``"two-segment"``.

        Raises
        ------
        InputError
            When it was not compared.
        """
        for ranked in self.ranked:
            if ranked.fit.model == name:
                return ranked
        raise InputError(
            f"The model '{name}' cannot be chosen.",
            self.excluded.get(name, "No such model is known."),
            f"Choose one of {', '.join(r.fit.model for r in self.ranked)}.",
        )

    def model_choice_std(self, chosen: TemperatureFit) -> float:
        r"""Return the uncertainty of the activation energy from the choice of the model, in J/mol.

        .. math:: u^2 = \sum_i w_i (E_i - E_\mathrm{chosen})^2

        Parameters
        ----------
        chosen : TemperatureFit
            The model whose activation energy is reported.

        References
        ----------
        K. P. Burnham, D. R. Anderson, Sociol. Methods Res. 33 (2004) 261, doi:10.1177/0049124104268644 (weights).
        """
        deviations = [(r.fit.activation_energy - chosen.activation_energy, r.weight) for r in self.ranked]
        return math.sqrt(sum(weight * deviation**2 for deviation, weight in deviations))


def rank_models(series: TemperatureSeries, break_temperature: float | None = None) -> Ranking:
    """Fit a straight line, the VTF law and two segments, and rank them by AICc.

    Parameters
    ----------
    series : TemperatureSeries
        At least three temperatures.
    break_temperature : float, optional
        Where two segments meet, in K; searched for without it.

    Returns
    -------
    Ranking
        The best model first. VTF is left out where its T0 would not lie between 0 K and the lowest temperature.

    Examples
    --------
    >>> T = np.linspace(293.15, 353.15, 9)
    >>> ranking = rank_models(temperature_series(T, 30.0 / np.sqrt(T) * np.exp(-900.0 / (T - 200.0))))
    >>> [r.fit.model for r in ranking.ranked]
    ['vtf', 'two-segment', 'arrhenius']
    """
    fits: list[TemperatureFit] = [fit_arrhenius(series)]
    excluded: dict[str, str] = {}
    points, different = len(series.temperature), len(np.unique(series.temperature))
    if points < 6 or different < 4:
        excluded["vtf"] = "It needs six points at four temperatures to be compared."
    else:
        _add_vtf(fits, excluded, fit_vtf(series))
    if points < (7 if break_temperature is None else 6) or different < (5 if break_temperature is None else 4):
        excluded["two-segment"] = "It needs seven points at five temperatures (six at four for a named break)."
    else:
        fits.append(fit_two_segments(series, break_temperature))
    return Ranking(_ranked(fits), excluded)


def _add_vtf(fits: list[TemperatureFit], excluded: dict[str, str], vtf: VtfFit) -> None:
    if vtf.physical:
        fits.append(vtf)
    else:
        excluded["vtf"] = "The data do not bend as a VTF law with T0 between 0 K and the lowest temperature does."


def _ranked(fits: list[TemperatureFit]) -> tuple[RankedModel, ...]:
    criteria = np.array([fit.aicc for fit in fits])
    best = criteria.min()
    shares = np.exp(-0.5 * (criteria - best)) if math.isfinite(best) else np.arange(len(fits)) == 0
    weights = shares / np.sum(shares)
    order = np.argsort(criteria, kind="stable")
    return tuple(RankedModel(fits[i], float(criteria[i]), float(weights[i])) for i in order)


def activation(
    temperature: ArrayLike,
    conductivity: ArrayLike,
    std: ArrayLike | None = None,
    *,
    of: Of = "sigma",
    break_temperature: float | None = None,
    reference_temperature: float | None = None,
    model: str | None = None,
    at: float | None = None,
    source: str = "",
    seed: int = 0,
) -> Answer:
    r"""Find the activation energy of ion conduction.

    .. math:: \sigma = A e^{-E_a/RT}, \qquad \sigma T = A e^{-E_a/RT}, \qquad
              \sigma = A T^{-1/2} e^{-B/(T - T_0)}

    Parameters
    ----------
    temperature : array-like, shape (n,)
        K; at least three different ones.
    conductivity : array-like, shape (n,)
        S/m.
    std : array-like, shape (n,), optional
        Standard uncertainties in S/m, independent from point to point (a common factor, such as the thickness,
        moves no activation energy and is left out). Without them the scatter gives the noise.
    of : str
        ``"sigma"`` or ``"sigma T"``: of which the activation energy is.
    break_temperature : float, optional
        Where a break is expected, in K, such as a melting point; searched for without it.
    reference_temperature : float, optional
        Where the activation energy is stated, in K, when it depends on temperature; the middle of the range
        without it.
    model : str, optional
        ``"arrhenius"``, ``"vtf"`` or ``"two-segment"`` to choose; the least AICc without it.
    at : float, optional
        A temperature in K at which the law's conductivity is stated.
    source : str
        Where the conductivities come from.
    seed : int
        For the draws of the break's test.

    Returns
    -------
    Answer
        ``activation_energy`` (eV), ``activation_energy_molar`` (kJ/mol) and ``prefactor`` (S/cm, S K/cm for sigma T)
        of the tangent at the reference temperature; its uncertainty holds the fit's and, in quadrature, the model
        choice's, both also in ``notes.uncertainty``; with `at` ``conductivity`` (S/cm). Where the temperatures rise and
        then fall (or turn more often) ``activation_energy.heating`` and so on, and half of what the runs differ by in
        the uncertainty of the whole. ``notes.model``, ``notes.ranking``, ``notes.models``, ``notes.break``.

    Raises
    ------
    InputError
        As :func:`~lamion.techniques.conduction.temperature_fit.temperature_series`; a model that cannot be chosen;
        a break outside the range.

    Notes
    -----
    Uncertainties are half the interval of lamion's level, with Student's factor where the scatter gave the noise. Where
    stated uncertainties cannot explain the scatter (p < 0.01) the scatter is used, with a warning.

    References
    ----------
    G. S. Fulcher, J. Am. Ceram. Soc. 8 (1925) 339, doi:10.1111/j.1151-2916.1925.tb16731.x; C. M. Hurvich, C.-L.
    Tsai, Biometrika 76 (1989) 297, doi:10.1093/biomet/76.2.297.

    Examples
    --------
    >>> T = np.linspace(293.15, 353.15, 7)
    >>> answer = activation(T, 100.0 * np.exp(-0.30 * 96485.33212 / (8.31446261815324 * T)))
    >>> answer.notes["model"], round(answer.results["activation_energy"].value, 6)
    ('arrhenius', 0.3)
    """
    if model is not None and model not in _MODELS:
        raise InputError(f"The model '{model}' is not known.", "", f"Choose one of {', '.join(_MODELS)}.")
    series = temperature_series(temperature, conductivity, std, of=of, reference=reference_temperature)
    warnings: list[str] = []
    ranking = rank_models(series, break_temperature)
    if series.trusted and _scatter_p_value(ranking.ranked[0].fit) < _UNLIKELY:
        warnings.append(
            "The conductivities scatter more about every model than their stated uncertainties allow: the scatter "
            "was used instead. The stated uncertainties may leave out contacts or incomplete thermal equilibrium."
        )
        series = series.scaled()
        ranking = rank_models(series, break_temperature)
    chosen = ranking.ranked[0] if model is None else ranking.model(model)
    _check_size(chosen.fit)
    broken = _break(series, break_temperature, seed)
    if break_temperature is not None and broken is None:
        warnings.append("A break was not tested for: it takes four different temperatures or more.")
    warnings += _doubts(ranking, chosen, broken, model is None)
    runs = _runs(series, source)
    warnings += [*_runs_differ(runs), *_beyond_physics(chosen.fit)]
    results = _results(ranking, chosen.fit, broken, source) | runs
    if runs:
        results["activation_energy"] = _with_runs(results["activation_energy"], runs)
    results["activation_energy_molar"] = _molar(results["activation_energy"])
    if at is not None:
        law = law_at(chosen.fit, [(one.fit, one.weight) for one in ranking.ranked], at)
        results["conductivity"] = _at(law, source)
        warnings += _extrapolated(law)
    return Answer(
        results=results,
        series=_table(series, ranking),
        notes=_notes(ranking, chosen.fit, broken),
        warnings=tuple(warnings),
        figures={"arrhenius": _figure(series, ranking, chosen.fit)},
        method=_method(ranking, chosen.fit, given=model is not None),
    )


def _runs(series: TemperatureSeries, source: str) -> dict[str, Quantity]:
    """Return the activation energy of each run of rising or falling temperatures; nothing where there is one run."""
    found = {}
    for name, run in temperature_runs(series.temperature).items():
        part = replace(
            series,
            temperature=series.temperature[run],
            conductivity=series.conductivity[run],
            std=None if series.std is None else series.std[run],
        )
        line = fit_arrhenius(part)
        margin = line.activation_energy_margin()
        found[f"activation_energy.{name}"] = Quantity(
            line.activation_energy / FARADAY, margin / FARADAY if math.isfinite(margin) else None, "eV", source
        )
    return found


def _runs_differ(runs: Mapping[str, Quantity]) -> list[str]:
    if not runs:
        return []
    said = ", ".join(f"{energy} {name.partition('.')[2].replace('_', ' ')}" for name, energy in runs.items())
    return [
        f"The temperatures turn: these are {len(runs)} runs, {said}. Where they differ, the sample changed or was not "
        "at equilibrium, and one law for both has no meaning beyond their spread, which is in the uncertainty."
    ]


def _with_runs(whole: Quantity, runs: Mapping[str, Quantity]) -> Quantity:
    """Widen the energy of all points by half of what its runs differ by."""
    energies = [energy.value for energy in runs.values()]
    return replace(whole, std=math.hypot(whole.std or 0.0, (max(energies) - min(energies)) / 2))


def _beyond_physics(fit: TemperatureFit) -> list[str]:
    energy = fit.activation_energy / FARADAY
    if 0 < energy < _LARGEST_ENERGY:
        return []
    why = (
        "the conductivity falls as it gets warmer, as a metal's does, or a sample that dries out or loses contact"
        if energy <= 0
        else "ions hop over barriers of at most about 2 eV"
    )
    return [
        f"An activation energy of {energy:.3g} eV is asked about: {why}. Are the temperatures in the unit that their "
        "header says, and the columns not exchanged?"
    ]


def _molar(energy: Quantity) -> Quantity:
    size = FARADAY / 1000
    std = None if energy.std is None else energy.std * size
    return Quantity(energy.value * size, std, "kJ/mol", energy.source)


def _at(law: LawAt, source: str) -> Quantity:
    value, low, high = (_PER_CM * end for end in (law.value, law.low, law.high))
    return Quantity(value, (high - low) / 2, "S/cm", source, (low, high))


def _extrapolated(law: LawAt) -> list[str]:
    if law.beyond == 0:
        return []
    return [
        f"The conductivity is asked for {law.beyond:.3g} K beyond the temperatures measured: the law is extrapolated."
    ]


def _check_size(fit: TemperatureFit) -> None:
    if not abs(fit.log_prefactor) < _LARGEST_LOG_PREFACTOR or not math.isfinite(fit.activation_energy_error):
        raise InputError(
            f"The conductivities determine no activation energy of a possible size; the fit gives "
            f"{fit.activation_energy / FARADAY:.3g} eV.",
            "The temperatures may lie too close together, or the columns may be confused.",
            "Check the table, or choose model 'arrhenius'.",
        )


def _scatter_p_value(best: TemperatureFit) -> float:
    from scipy.special import chdtrc

    freedom = len(best.fit.residuals) - len(best.fit.parameters)
    return float(chdtrc(freedom, best.fit.sum_of_squares)) if freedom > 0 else 1.0


def _break(series: TemperatureSeries, place: float | None, seed: int) -> BreakTest | None:
    enough = len(np.unique(series.temperature)) >= (5 if place is None else 4)
    return break_test(series, place, seed=seed) if enough else None


def _results(ranking: Ranking, chosen: TemperatureFit, broken: BreakTest | None, source: str) -> dict[str, Quantity]:
    total = math.hypot(chosen.activation_energy_margin(), ranking.model_choice_std(chosen))
    margin = coverage_factor(LEVEL, chosen.freedom) * chosen.log_prefactor_error
    prefactor = _PER_CM * math.exp(chosen.log_prefactor)
    results = {
        "activation_energy": Quantity(chosen.activation_energy / FARADAY, total / FARADAY, "eV", source),
        "prefactor": Quantity(
            prefactor,
            prefactor * margin,
            "S/cm" if chosen.series.of == "sigma" else "S K/cm",
            source,
            _around(prefactor, margin),
        ),
    }
    if broken is not None and (not broken.found or chosen.model == "two-segment"):
        results |= _sides(chosen.series, broken, source)
    return results


def _around(prefactor: float, margin: float) -> tuple[float, float | None]:
    """Return the interval of a prefactor from that of its logarithm; open where it says nothing."""
    if margin > _LARGEST_MARGIN:
        return 0.0, None
    return prefactor * math.exp(-margin), prefactor * math.exp(margin)


def _sides(series: TemperatureSeries, broken: BreakTest, source: str) -> dict[str, Quantity]:
    two = fit_two_segments(series, None if broken.found else broken.temperature)
    return {
        f"activation_energy_{side}_break": Quantity(
            two.parameters[f"E_{side}"] / FARADAY, two.margin(side) / FARADAY, "eV", source
        )
        for side in ("below", "above")
        if math.isfinite(two.margin(side))
    }


def _method(ranking: Ranking, chosen: TemperatureFit, *, given: bool) -> str:
    names = {"arrhenius": "straight Arrhenius line", "vtf": "Vogel-Tammann-Fulcher law", "two-segment": "two lines"}
    count, compared = len(chosen.series.temperature), len(ranking.ranked)
    different = len(np.unique(chosen.series.temperature))
    points = "" if different == count else f" of {count} points"
    chose = "as asked for" if given else f"the best by AICc of {compared} models" if compared > 1 else "the only model"
    law = f"Least squares of ln({chosen.series.of}){points} at {different} temperatures: {names[chosen.model]}, {chose}"
    return f"{law}{_where_stated(chosen)}."


def _where_stated(chosen: TemperatureFit) -> str:
    """Say at which temperature the tangent of a law that bends is taken, and on which side of a break."""
    if chosen.model == "arrhenius":
        return ""
    side = ""
    if isinstance(chosen, TwoSegmentFit):
        place = chosen.parameters["break"]
        side = f", {'above' if chosen.series.reference >= place else 'below'} the break at {_celsius(place)}"
    return f"; activation_energy and prefactor are those at {_celsius(chosen.series.reference)}{side}"


def _celsius(kelvin: float) -> str:
    return f"{kelvin - _ZERO_CELSIUS:.4g} degC"


def _notes(ranking: Ranking, chosen: TemperatureFit, broken: BreakTest | None) -> dict[str, Any]:
    fit_part, choice_part = chosen.activation_energy_margin(), ranking.model_choice_std(chosen)
    margin_95 = math.hypot(chosen.activation_energy_margin(LEVEL_95), 2 * choice_part)
    return {
        "model": chosen.model,
        "activation_energy_of": chosen.series.of,
        "reference_temperature_K": chosen.series.reference,
        "prefactor_of": "the tangent at the reference temperature in the Arrhenius plane",
        "noise": "stated uncertainties" if chosen.series.trusted else "scatter about the fit",
        "uncertainty": {
            "fit_eV": fit_part / FARADAY,
            "model_choice_eV": choice_part / FARADAY,
            "total_eV": math.hypot(fit_part, choice_part) / FARADAY,
        },
        "activation_energy_kcal_mol": chosen.activation_energy / _CALORIE / 1000,
        "interval_95_eV": [
            (chosen.activation_energy - margin_95) / FARADAY,
            (chosen.activation_energy + margin_95) / FARADAY,
        ],
        "ranking": [
            {
                "model": r.fit.model,
                "aicc": r.aicc if math.isfinite(r.aicc) else None,
                "weight": r.weight,
                "activation_energy_eV": r.fit.activation_energy / FARADAY,
            }
            for r in ranking.ranked
        ],
        "not_compared": dict(ranking.excluded),
        "models": {r.fit.model: _describe(r.fit) for r in ranking.ranked},
        "break": None if broken is None else _describe_break(broken),
    }


def _describe(fit: TemperatureFit) -> dict[str, Any]:
    if isinstance(fit, VtfFit):
        low, high = fit.vogel_interval
        return {
            "A / S K0.5 cm-1": fit.parameters["A"] * _PER_CM,
            "B / K": fit.parameters["B"],
            "T0 / K": fit.parameters["T0"] if fit.identifiable else None,
            "T0 interval 95 % / K": [low, high],
            "T0": "determined" if fit.identifiable else "not identifiable",
            "apparent activation energy / eV": fit.activation_energy / FARADAY,
        }
    if isinstance(fit, TwoSegmentFit):
        return {
            "break / K": fit.parameters["break"],
            "activation energy below / eV": fit.parameters["E_below"] / FARADAY,
            "activation energy above / eV": fit.parameters["E_above"] / FARADAY,
        }
    return {"activation energy / eV": fit.activation_energy / FARADAY}


def _describe_break(broken: BreakTest) -> dict[str, Any]:
    return {
        "temperature_K": broken.temperature,
        "found": broken.found,
        "p_value": broken.p_value,
        "points_below": broken.points_below,
        "points_above": broken.points_above,
        "verdict": _break_verdict(broken.p_value),
    }


def _break_verdict(p_value: float) -> str:
    if p_value < _EXCLUDED:
        return "one straight line is excluded"
    return "one straight line is unlikely" if p_value < _UNUSUAL else "no break is shown"


def _doubts(ranking: Ranking, chosen: RankedModel, broken: BreakTest | None, free: bool) -> list[str]:
    doubts = []
    others = [r for r in ranking.ranked if r is not chosen and r.weight > _CLOSE]
    if others and free:
        names = ", ".join(f"{r.fit.model} (weight {r.weight:.2f})" for r in others)
        doubts.append(
            f"The data do not decide between {chosen.fit.model} (weight {chosen.weight:.2f}) and {names}; the "
            "difference is in the uncertainty of the activation energy."
        )
    if isinstance(chosen.fit, VtfFit) and not chosen.fit.identifiable:
        doubts.append(
            "T0 is not identifiable from these temperatures, so B and A are not either; the apparent activation "
            f"energy is. {_why_open(chosen.fit.series.temperature)}"
        )
    if broken is not None and not broken.found and min(broken.points_below, broken.points_above) < 2:
        side = "below" if broken.points_below < broken.points_above else "above"
        doubts.append(
            f"Only one temperature lies {side} the break at {broken.temperature:.1f} K: the slope there, and the "
            "test of the break, rest on it alone."
        )
    return doubts


def _why_open(temperature: NDArray[np.float64]) -> str:
    """Say why T0 is not identifiable: too few temperatures over too few kelvins, or else the scatter."""
    enough = len(np.unique(temperature)) >= _FEWEST_FOR_T0 and np.ptp(temperature) >= _LEAST_SPAN_FOR_T0
    if enough:
        return "The scatter leaves T0 open."
    return f"Eight temperatures over {_LEAST_SPAN_FOR_T0:g} K are usually the least for T0."


def _table(series: TemperatureSeries, ranking: Ranking) -> dict[str, list[float | str | None]]:
    table: dict[str, list[float | str | None]] = {
        "Temperature / K": [float(T) for T in series.temperature],
        "Conductivity / S/cm": [float(s) * _PER_CM for s in series.conductivity],
        "Uncertainty / S/cm": (
            [None] * len(series.temperature) if series.std is None else [float(u) * _PER_CM for u in series.std]
        ),
    }
    for ranked in ranking.ranked:
        fitted = ranked.fit.conductivity(series.temperature) * _PER_CM
        table[f"Conductivity by {ranked.fit.model} / S/cm"] = [float(s) for s in fitted]
    return table


def _figure(series: TemperatureSeries, ranking: Ranking, chosen: TemperatureFit) -> FigureData:
    T = np.linspace(series.temperature.min(), series.temperature.max(), 121)
    traces: list[Trace] = [
        Line(
            1000.0 / T, ranked.fit.conductivity(T) * _PER_CM, ranked.fit.model, index + 1, _DASHES[index % len(_DASHES)]
        )
        for index, ranked in enumerate(ranking.ranked)
    ]
    measured = Points(
        1000.0 / series.temperature,
        series.conductivity * _PER_CM,
        "measured",
        y_error=() if series.std is None else series.std * _PER_CM,
        also={"Temperature / K": series.temperature},
    )
    panel = Panel([*traces, measured], reciprocal_temperature(series.temperature), Axis("conductivity", "S/cm", "log"))
    return Figure([panel], size=(5.6, 4.0)).entitled(f"Conductivity against temperature; {chosen.model} fits best")


_DASHES = ("solid", "dashed", "dotted", "dashdot")
