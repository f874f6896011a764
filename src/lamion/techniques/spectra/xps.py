"""Lines of a photoelectron spectrum: binding energies, shifts, shares, with reference, background and shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from lamion.quantities import Answer, InputError, Quantity
from lamion.records import PhotoelectronSpectrum
from lamion.techniques.peaks.axes import Curve, curve_of
from lamion.techniques.peaks.baseline import FromData
from lamion.techniques.peaks.component import Component, Setting, Tie
from lamion.techniques.peaks.decomposition import Decomposition, Description, Estimate, decompose
from lamion.techniques.peaks.fit import PeakFit
from lamion.techniques.peaks.peaks import Choice, answer_from, components_of
from lamion.techniques.spectra.charge_reference import ChargeReference
from lamion.techniques.spectra.shirley import shirley
from lamion.techniques.spectra.tougaard import losses

Background = Literal["shirley", "tougaard", "linear"]
SOURCE = "fit of components"
_ENDS = 3
_UNREFERENCED = (
    "The binding energies are as the instrument gives them: no line of the sample was taken as reference (--reference)."
)


@dataclass(frozen=True)
class Doublet:
    """A spin-orbit pair: each component has a partner at a fixed distance, with a fixed share of its area.

    Parameters
    ----------
    splitting : float
        To higher binding energy, eV.
    ratio : float
        The partner's area over the component's: 0.5 of p lines, 2/3 of d, 0.75 of f.
    """

    splitting: float
    ratio: float


@dataclass(frozen=True)
class Measured:
    """What a person says of a photoelectron spectrum.

    Parameters
    ----------
    choice : Choice
        Components, range, noise; the baseline is `background`.
    background : str
        The chosen one; the others count as spread.
    reference : ChargeReference, optional
        Which line says where zero is.
    doublet : Doublet, optional
        Of every component.
    stoichiometry : tuple of float
        Of each component, atoms in the formula; 0 of one that is counted with the first, such as its shake-up.
    """

    choice: Choice = field(default_factory=Choice)
    background: Background = "shirley"
    reference: ChargeReference | None = None
    doublet: Doublet | None = None
    stoichiometry: tuple[float, ...] = ()


def xps(record: PhotoelectronSpectrum, measured: Measured | None = None) -> Answer:
    r"""Fit the components of a line, and say their binding energies, shifts and shares.

    .. math:: E_k = E_k^\mathrm{read} + (E_\mathrm{ref} - E_\mathrm{ref}^\mathrm{read}), \qquad
        \Delta_k = E_k - E_1, \qquad u^2(E) = u_\mathrm{fit}^2 + u_\mathrm{ref}^2

    Parameters
    ----------
    record : PhotoelectronSpectrum
        One region.
    measured : Measured
        What is known of it.

    Returns
    -------
    Answer
        ``NAME.position``, ``NAME.width`` in eV, ``NAME.area``, ``NAME.area_fraction`` of each component as
        :func:`lamion.techniques.peaks.peaks.peaks` gives them, with the spread over Shirley's, Tougaard's and a linear
        background, over line shapes, and over components of one width. The reference counts in every position;
        ``NAME.shift`` from the first component does not carry it, since it moves both alike. With a stoichiometry
        ``NAME.area_ratio``, the area per that of one atom of the other components, and ``adventitious_fraction``,
        what the first has beyond its atoms, over the whole area.

    Raises
    ------
    InputError
        When the range holds too few points or no line, or what is said contradicts itself.

    Notes
    -----
    Areas are compared within one line: transmission and escape depth are taken to be those of the line.

    Examples
    --------
    >>> x = np.arange(280.0, 292.0, 0.1)
    >>> line = lambda centre: np.exp(-4 * np.log(2) * ((x - centre) / 1.2) ** 2)
    >>> y = np.random.default_rng(1).poisson(500 + 9000 * line(285.3) + 3000 * line(287.0))
    >>> components = (Component.of("C-C", position=285.3), Component.of("C-O", position=287.0))
    >>> answer = xps(PhotoelectronSpectrum(x, y), Measured(Choice(components), reference=ChargeReference(285.3)))
    >>> round(answer["C-O.shift"].value, 1), round(answer["C-O.position"].value, 1)
    (1.7, 286.5)
    >>> bool(answer["C-O.shift"].std < 0.1 < 0.25 <= answer["C-O.position"].std)
    True
    """
    measured = measured or Measured()
    curve = referenced(record, measured.reference).within(measured.choice.low, measured.choice.high)
    chosen, others = backgrounds(curve, measured.background)
    choice = replace(measured.choice, baseline=chosen, baselines=others)
    components, number = components_of(curve, choice)
    components = _with_partners(components, measured.doublet)
    described = Description(components, chosen, choice.noise, others, others=_of_one_width(components))
    found = decompose(curve.x, curve.y, described)
    accuracy = 0.0 if measured.reference is None else measured.reference.accuracy
    answer = answer_from(found, curve, number, accuracy=accuracy)
    results = dict(answer.results) | _shifts(found) | _ratios(found, measured.stoichiometry)
    assumed = () if measured.reference is not None else (_UNREFERENCED,)
    return replace(
        answer,
        results=results,
        assumptions=(*answer.assumptions, *assumed),
        headline=("adventitious_fraction", "*.area_ratio", "*.position", "*.shift", "*.area_fraction"),
    )


def referenced(record: PhotoelectronSpectrum, reference: ChargeReference | None) -> Curve:
    """Return a spectrum's curve over binding energies from its reference."""
    curve = curve_of(record)
    return curve if reference is None else replace(curve, x=curve.x + reference.shift)


def backgrounds(curve: Curve, chosen: Background) -> tuple[FromData, tuple[FromData, ...]]:
    """Return the chosen background of a curve, and the others that can be computed of it.

    Each is a constant and a shape, whose sizes are fitted together with the components. Shirley's and Tougaard's always
    count; a linear one where it follows the data as well.
    """
    wanted: dict[str, FromData] = {}
    for kind in ("shirley", "tougaard", "linear"):
        try:
            columns = np.stack([np.ones_like(curve.x), _shape(curve, kind)])
            wanted[kind] = FromData(kind, columns, convention=kind != "linear")
        except InputError:
            if kind == chosen:
                raise
    return wanted[chosen], tuple(one for kind, one in wanted.items() if kind != chosen)


def _shape(curve: Curve, kind: str) -> np.ndarray:
    """Return what a background adds to a constant, of size one."""
    x, y = curve.x, curve.y
    if kind == "linear":
        return np.asarray((x - x[0]) / (x[-1] - x[0]))
    if kind == "shirley":
        return shirley(x, y).shape
    lost = losses(x, y, float(np.mean(y[:_ENDS])))
    return np.asarray(lost / (np.abs(lost).max() or 1.0))


def _with_partners(components: Sequence[Component], doublet: Doublet | None) -> tuple[Component, ...]:
    """Return the components, each followed by its partner of a doublet."""
    if doublet is None:
        return tuple(components)
    found = []
    for one in components:
        own = {name: Setting(tie=Tie(one.name)) for name in one.parameters}
        own["position"] = Setting(tie=Tie(one.name, 1.0, doublet.splitting))
        own["area"] = Setting(tie=Tie(one.name, doublet.ratio))
        found += [one, Component(f"{one.name} partner", one.shape, own)]
    return tuple(found)


def _of_one_width(components: Sequence[Component]) -> dict[str, tuple[Component, ...]]:
    """Return the components with the width of the first, where it is theirs to have."""
    first, *others = components
    if not any(one.setting("width").tie is None and not one.setting("width").fixed for one in others):
        return {}
    tied = [
        one
        if one.setting("width").tie is not None or one.setting("width").fixed
        else replace(one, settings={**one.settings, "width": Setting(tie=Tie(first.name))})
        for one in others
    ]
    return {"one width": (first, *tied)}


def _shifts(found: Decomposition) -> dict[str, Quantity]:
    """Return how far each component lies above the first; a partner's distance is given, not found."""
    first, *others = (name for name in found.names if not name.endswith(" partner"))
    shifts = {}
    for name in others:

        def number(fit: PeakFit, name: str = name) -> float:
            return float(fit.parameter(name, "position")[0] - fit.parameter(first, "position")[0])

        shifts[f"{name}.shift"] = found.derived(number).quantity("eV", SOURCE)
    return shifts


def _ratios(found: Decomposition, stoichiometry: Sequence[float]) -> dict[str, Quantity]:
    """Return areas per atom of the others, and what the first has beyond its atoms."""
    if not stoichiometry:
        return {}
    if len(stoichiometry) != len(found.names) or stoichiometry[0] <= 0 or min(stoichiometry) < 0:
        raise InputError(
            f"{len(found.names)} components have {len(stoichiometry)} numbers of atoms.",
            "The first has to be above zero, and none below.",
            "Give one for each component by their order, 0 for one that is counted with the first.",
        )
    names = list(found.names)
    with_first = [name for name, atoms in zip(names, stoichiometry, strict=True) if atoms == 0 or name == names[0]]
    others = [(n, a) for n, a in zip(names[1:], stoichiometry[1:], strict=True) if a > 0]
    if not others:
        raise InputError("Only the first component has atoms of its own.", "", "Give the atoms of another one.")

    def area(fit: PeakFit, chosen: Sequence[str]) -> float:
        return float(sum(fit.parameter(name, "area")[0] for name in chosen))

    def per_atom(fit: PeakFit) -> float:
        return area(fit, [name for name, _ in others]) / sum(atoms for _, atoms in others)

    def first(fit: PeakFit) -> float:
        return area(fit, with_first) / per_atom(fit)

    def excess(fit: PeakFit) -> float:
        return (area(fit, with_first) - stoichiometry[0] * per_atom(fit)) / area(fit, names)

    estimates: dict[str, Estimate] = {f"{names[0]}.area_ratio": found.derived(first, 0.0)}
    for name, _ in others:

        def own(fit: PeakFit, name: str = name) -> float:
            return area(fit, [name]) / per_atom(fit)

        estimates[f"{name}.area_ratio"] = found.derived(own, 0.0)
    estimates["adventitious_fraction"] = found.derived(excess)
    return {key: one.quantity("1", SOURCE) for key, one in estimates.items()}
