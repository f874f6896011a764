"""What lies under a spectrum: positions, widths, areas and their shares, with every part of their uncertainty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lamion.quantities import Answer, InputError
from lamion.techniques.peaks.axes import AnySpectrum, Curve, curve_of
from lamion.techniques.peaks.baseline import AnyBaseline
from lamion.techniques.peaks.component import Component, Setting, alike
from lamion.techniques.peaks.decomposition import Decomposition, Description, Estimate, decompose
from lamion.techniques.peaks.figure import spectrum_figure
from lamion.techniques.peaks.noise import Kind
from lamion.techniques.peaks.number import CLEARLY, Number, number_of_components, unnamed

SOURCE = "fit of components"
_AT = 1e-6
_PARTS = ("noise", "baselines", "shapes", "scale")


@dataclass(frozen=True)
class Choice:
    """What a person says of a spectrum.

    Parameters
    ----------
    components : tuple of Component
        What lies under it; found where it is empty.
    number : int, optional
        How many, where no component is named; by Akaike's criterion without it.
    shape : str
        Of components that are not named.
    baseline : str
        Fitted together with them.
    noise : str, optional
        ``"constant"`` or ``"counts"``.
    low, high : float, optional
        The range that is used, in the abscissa's unit.
    baselines : tuple of str or FromData
        Others that are as reasonable; without any those of one degree more and less.
    """

    components: tuple[Component, ...] = ()
    number: int | None = None
    shape: str = "pseudo-voigt"
    baseline: AnyBaseline = "linear"
    noise: Kind | None = None
    low: float | None = None
    high: float | None = None
    baselines: tuple[AnyBaseline, ...] = ()


def peaks(record: AnySpectrum, choice: Choice | None = None) -> Answer:
    r"""Fit components and a baseline to a spectrum.

    .. math:: y(x) = \sum_k A_k\, p_k(x; c_k, w_k) + b(x), \qquad \phi_k = \frac{A_k}{\sum_l A_l}

    Parameters
    ----------
    record : record of a spectrum
        Of any kind.
    choice : Choice
        What is known of it.

    Returns
    -------
    Answer
        For each component ``NAME.position``, ``NAME.width``, ``NAME.area`` and, of several, ``NAME.area_fraction``.
        Each interval holds the noise (a profile of the sum of squares), the spread over baselines one degree simpler
        and richer, and that over line shapes which follow the data as well; the parts stand under ``uncertainty``.
        The series is a table of components that can be given to a fit again.

    Raises
    ------
    InputError
        When there are too few points, or what is said of the components contradicts itself.

    Notes
    -----
    A share of the area is one of the material only where the components respond alike, and where each is one species.

    References
    ----------
    D. M. Bates, D. G. Watts, Nonlinear Regression Analysis and Its Applications, Wiley 1988,
    doi:10.1002/9780470316757; C. M. Hurvich, C.-L. Tsai, Biometrika 76 (1989) 297, doi:10.1093/biomet/76.2.297.

    Examples
    --------
    >>> from lamion.records import Spectrum
    >>> x = np.linspace(720.0, 760.0, 161)
    >>> line = lambda centre: np.exp(-4 * np.log(2) * ((x - centre) / 5) ** 2)
    >>> y = 70 * line(739.0) + 30 * line(747.0) + np.random.default_rng(1).normal(0.0, 0.5, len(x))
    >>> answer = peaks(Spectrum(x, y), Choice(number=2, shape="gaussian"))
    >>> round(answer["peak2.area_fraction"].value, 2), round(answer["peak1.position"].value, 1)
    (0.3, 739.0)
    """
    choice = choice or Choice()
    return answer_of(curve_of(record).within(choice.low, choice.high), choice)


def answer_of(curve: Curve, choice: Choice, *, shares: bool = True, accuracy: float = 0.0) -> Answer:
    """Fit components to a curve, and say what they are.

    Parameters
    ----------
    curve : Curve
        The part of a spectrum that is described.
    choice : Choice
        What is known of it.
    shares : bool
        Whether shares of the area are said: where the components respond alike.
    accuracy : float
        The standard uncertainty of the whole abscissa, in its unit.
    """
    components, number = components_of(curve, choice)
    found = decompose(curve.x, curve.y, Description(components, choice.baseline, choice.noise, choice.baselines))
    return answer_from(found, curve, number, shares=shares, accuracy=accuracy)


def answer_from(
    found: Decomposition, curve: Curve, number: Number | None = None, *, shares: bool = True, accuracy: float = 0.0
) -> Answer:
    """Say what the components of a curve are.

    Parameters
    ----------
    found : Decomposition
        The components.
    curve : Curve
        What they lie under.
    number : Number, optional
        How it was found how many they are; without it that was given.
    shares, accuracy
        As for :func:`answer_of`.
    """
    estimates = {name: _estimates(found, name, shares, accuracy) for name in found.names}
    return Answer(
        {
            f"{name}.{key}": one.quantity(_unit(key, curve), SOURCE)
            for name, own in estimates.items()
            for key, one in own.items()
        },
        _table(found, estimates, curve),
        _notes(found, estimates, number),
        tuple(doubts(found, curve)),
        {"spectrum": spectrum_figure(curve, found.fit, "Components under the spectrum")},
        method=method(found, curve),
        assumptions=("The number of components is as given.",) if number is None else (),
        headline=("*.position", "*.area_fraction"),
    )


def components_of(curve: Curve, choice: Choice) -> tuple[tuple[Component, ...], Number | None]:
    """Return the components that a choice names, or as many as are asked for or needed."""
    if choice.components:
        if choice.number not in (None, len(choice.components)):
            raise InputError(
                f"{len(choice.components)} components are named, and {choice.number} asked for.", "", "Say one of both."
            )
        return choice.components, None
    if choice.number is not None:
        return unnamed(choice.number, choice.shape), None
    number = number_of_components(curve.x, curve.y, choice.shape, choice.baseline)
    return unnamed(number.count, choice.shape), number


def at_positions(positions: Sequence[float], shape: str = "pseudo-voigt") -> tuple[Component, ...]:
    """Return components that start at positions, called after them, all with one mixing.

    Examples
    --------
    >>> [one.name for one in at_positions([740.0, 745.5])]
    ['740', '745.5']
    """
    return alike(Component(f"{at:.10g}", shape, {"position": Setting(float(at))}) for at in sorted(positions))


def _estimates(found: Decomposition, name: str, shares: bool, accuracy: float) -> dict[str, Estimate]:
    own = {key: found.parameter(name, key) for key in ("position", "width", "area")}
    component = next(one for one in found.fit.layout.components if one.name == name)
    if not component.line.centred:
        own["maximum"] = found.maximum(name)
    for key in ("position", "maximum"):
        if key in own:
            own[key] = replace(own[key], scale=accuracy)
    if len(found.names) > 1 and shares:
        own["area_fraction"] = found.share(name)
    return own


def _unit(key: str, curve: Curve) -> str:
    return curve.unit if key in ("position", "width", "maximum") else "1"


def _table(
    found: Decomposition, estimates: Mapping[str, Mapping[str, Estimate]], curve: Curve
) -> dict[str, list[float | str | None]]:
    components = found.fit.layout.components
    unit = "" if curve.unit == "1" else f" / {curve.unit}"
    table: dict[str, list[float | str | None]] = {
        "Name": [one.name for one in components],
        "Shape": [one.shape for one in components],
    }
    for key, own_unit in (("position", unit), ("width", unit), ("area", ""), ("area_fraction", "")):
        if key in estimates[components[0].name]:
            title = key.capitalize().replace("_", " ")
            table[f"{title}{own_unit}"] = [estimates[one.name][key].value for one in components]
            table[f"{title} uncertainty{own_unit}"] = [estimates[one.name][key].deviation for one in components]
    for extra in dict.fromkeys(e.name for one in components for e in one.line.extras):
        table[extra.capitalize()] = [
            float(found.fit.parameter(one.name, extra)[0]) if extra in one.parameters else None for one in components
        ]
    return table


def _notes(
    found: Decomposition, estimates: Mapping[str, Mapping[str, Estimate]], number: Number | None
) -> dict[str, object]:
    notes: dict[str, object] = {
        "baseline": found.baseline,
        "noise": found.fit.noise[0].in_words,
        "uncertainty": {
            f"{name}.{key}": dict(zip(_PARTS, _parts(one), strict=True))
            for name, own in estimates.items()
            for key, one in own.items()
        },
        "alternatives": {
            one.what: "counted" if one.as_well else "follows the data worse" for one in found.alternatives
        },
    }
    if number is not None:
        notes["aicc_above_the_least"] = {str(count): round(value, 1) for count, value in number.criteria.items()}
    return notes


def _parts(one: Estimate) -> tuple[float | None, float, float, float]:
    noise = one.noise.deviation
    return float(noise) if np.isfinite(noise) else None, one.baselines, one.shapes, one.scale


def method(found: Decomposition, curve: Curve) -> str:
    """Return how a spectrum was described, one sentence."""
    shapes = dict.fromkeys(one.shape for one in found.fit.layout.components)
    components = "component" if len(found.names) == 1 else "components"
    baseline = "no baseline" if found.baseline == "none" else f"a {found.baseline} baseline"
    return (
        f"{len(found.names)} {' and '.join(shapes)} {components} and {baseline}, fitted together to {len(curve.x)} "
        f"points with {found.fit.noise[0].in_words}."
    )


def doubts(found: Decomposition, curve: Curve) -> Iterator[str]:
    """Say what is doubtful about a description of a spectrum.

    Parameters
    ----------
    found : Decomposition
        The description.
    curve : Curve
        What is described.
    """
    fit = found.fit
    if not fit.converged[0]:
        yield "The fit did not arrive: fix or tie parameters, or give starts nearer to what is seen."
    if fit.misfit():
        yield (
            "Neighbouring residuals are alike, so that the components do not describe the whole spectrum: the "
            f"intervals are widened {fit.widening():.1f} times. A component may be missing, or the "
            "baseline or shape another."
        )
    spacing = float(np.median(np.diff(curve.x)))
    for one in fit.layout.components:
        width = float(fit.parameter(one.name, "width")[0])
        if width < 2 * spacing:
            yield f"'{one.name}' is narrower than two points, as spikes and noise are: leave it out."
        for key in ("position", "width"):
            own, value = one.setting(key), float(fit.parameter(one.name, key)[0])
            for end in (own.low, own.high):
                if np.isfinite(end) and end != 0 and abs(value - end) <= _AT * max(abs(end), 1.0):
                    yield f"The {key} of '{one.name}' stands at its bound, {end:g} {curve.unit}: the bound decides it."
    for other in found.alternatives:
        if other.kind == "shapes" and other.as_well and other.fit.aicc() < fit.aicc() - CLEARLY:
            yield f"A {other.what} shape follows the data clearly better than the one that was chosen."
