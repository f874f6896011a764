"""Conductivity and transference through a laminate, with bounds and models beside them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from lamion.models.laminate.comparisons import comparisons, figures, held_against, mesh_series
from lamion.models.laminate.inputs import Laminate, Measured, SeriesLayer
from lamion.models.laminate.resolved import THROUGH, Resolved, resolve
from lamion.quantities import Answer, InputError, Quantity

_SOURCE = "resolved brick-and-mortar cell"
_SAME_MESHES = 1.0
"""A tolerance that every third mesh meets: differences between neighbours on like meshes lose little to them."""


@dataclass(frozen=True)
class _Ratios:
    """Ratios through the thickness, and the numerical error of each."""

    values: Mapping[str, float]
    errors: Mapping[str, float] = field(default_factory=dict)


def laminate(
    given: Laminate, *, layer: SeriesLayer | None = None, measured: Measured | None = None, tolerance: float = 1e-4
) -> Answer:
    r"""Compute what a laminate leaves of each ion's conductivity through its thickness.

    .. math:: r = t_0 r_+ + (1 - t_0) r_-, \qquad t_+ = t_0 r_+ / r

    with the ratios :math:`r_\pm` of each ion from the resolved field and the gallery's transference :math:`t_0`.

    Parameters
    ----------
    given : Laminate
        The structure.
    layer : SeriesLayer, optional
        A further layer in series.
    measured : Measured, optional
        A conductivity to hold the laminate against.
    tolerance : float
        Relative numerical error to reach.

    Returns
    -------
    Answer
        ``conductivity_ratio``, ``cation_ratio``, ``anion_ratio`` (against pure gallery fluid, through the thickness),
        ``transference``, ``sheet_fraction``; ``notes.along`` (the same along the sheets), ``notes.bounds``,
        ``notes.models``, ``notes.mesh``. Uncertainties are those of the inputs by differences over one standard
        uncertainty each, and of the mesh.

    Raises
    ------
    InputError
        From :class:`Laminate`, :class:`SeriesLayer` and :class:`Measured`.

    Notes
    -----
    The ions move independently (dilute), in a fluid that is the same everywhere in the galleries: geometry alone
    cancels in t+, whose change needs sheets or skins that treat the ions differently.

    Examples
    --------
    >>> nm = [Quantity(x, None, "nm") for x in (1000.0, 4.5, 4.5, 4.5)]
    >>> number = [Quantity(x, None, "1") for x in (0.1, 0.01, 0.35)]
    >>> answer = laminate(Laminate(*nm, *number))
    >>> [round(answer.results[name].value, 4) for name in ("conductivity_ratio", "transference")]
    [0.0784, 0.8239]
    """
    ions = _ions(given, tolerance)
    central = _ratios(given, layer, ions)
    spreads = _spreads(given, layer, central)
    results = {name: _quantity(value, central.errors[name], spreads[name]) for name, value in central.values.items()}
    notes, warnings = comparisons(given, ions, tolerance)
    if measured is not None:
        held, doubts = held_against(measured, central.values["conductivity_ratio"], notes["impermeable_ratio"])
        notes["measured"] = held
        warnings += doubts
    if layer is not None:
        notes["layer"] = "the ratios are of film and layer in series; bounds and models are of the laminate alone"
    method = (
        "Each ion's steady conduction through the repeating cell of sheets and galleries, extrapolated in the mesh."
    )
    return Answer(results, mesh_series(ions), notes, tuple(warnings), figures(given, ions, notes), method=method)


def _ions(given: Laminate, tolerance: float) -> dict[str, Resolved]:
    cation = resolve(given.bricks, given.sheet_cation.si, given.skin_cation.si, THROUGH, tolerance)
    alike = (given.sheet_cation.si, given.skin_cation.si) == (given.sheet_anion.si, given.skin_anion.si)
    anion = cation if alike else resolve(given.bricks, given.sheet_anion.si, given.skin_anion.si, THROUGH, tolerance)
    return {"cation": cation, "anion": anion}


def _ratios(given: Laminate, layer: SeriesLayer | None, ions: Mapping[str, Resolved]) -> _Ratios:
    own = {ion: found.value for ion, found in ions.items()}
    relative = {ion: found.error / found.value if found.value else 0.0 for ion, found in ions.items()}
    if layer is not None:
        own["cation"] = layer.with_film(own["cation"], layer.cation.si)
        own["anion"] = layer.with_film(own["anion"], layer.anion.si)
    t0 = given.gallery_transference.si
    total = t0 * own["cation"] + (1 - t0) * own["anion"]
    # Equal ions, and ions that are stopped alike, keep the gallery's share.
    share = t0 if own["cation"] == own["anion"] or total == 0 else t0 * own["cation"] / total
    values = {
        "conductivity_ratio": total,
        "cation_ratio": own["cation"],
        "anion_ratio": own["anion"],
        "transference": share,
        "sheet_fraction": given.bricks.sheet_fraction,
    }
    worst = max(relative.values())
    errors = {name: worst * value for name, value in values.items()}
    alike = ions["cation"] is ions["anion"]
    errors |= {"transference": 0.0 if alike else worst * share * (1 - share), "sheet_fraction": 0.0}
    return _Ratios(values, errors)


def _spreads(given: Laminate, layer: SeriesLayer | None, central: _Ratios) -> dict[str, float | None]:
    """Move each input by its standard uncertainty, both ways where it may."""
    moves: list[Callable[[float], tuple[Laminate, SeriesLayer | None]]] = []
    moves += [_mover(given, layer, name, in_layer=False) for name in _uncertain(given)]
    if layer is not None:
        moves += [_mover(given, layer, name, in_layer=True) for name in _uncertain(layer)]
    if not moves:
        return dict.fromkeys(central.values)
    squares = dict.fromkeys(central.values, 0.0)
    for move in moves:
        ends = [_moved(move, sign) for sign in (1.0, -1.0)]
        found = [end if end is not None else central.values for end in ends]
        reach = sum(end is not None for end in ends)
        for name in squares:
            squares[name] += ((found[0][name] - found[1][name]) / max(reach, 1)) ** 2
    return {name: math.sqrt(square) for name, square in squares.items()}


def _uncertain(given: Laminate | SeriesLayer) -> list[str]:
    return [name for name, item in vars(given).items() if isinstance(item, Quantity) and item.std]


def _mover(
    given: Laminate, layer: SeriesLayer | None, name: str, *, in_layer: bool
) -> Callable[[float], tuple[Laminate, SeriesLayer | None]]:
    def move(sign: float) -> tuple[Laminate, SeriesLayer | None]:
        target = layer if in_layer else given
        item: Quantity = getattr(target, name)
        shifted = replace(item, value=item.value + sign * (item.std or 0.0))
        if in_layer and layer is not None:
            return given, replace(layer, **{name: shifted})
        return replace(given, **{name: shifted}), layer

    return move


def _moved(move: Callable[[float], tuple[Laminate, SeriesLayer | None]], sign: float) -> Mapping[str, float] | None:
    """Return the ratios with one input moved; None where that would leave what it may be."""
    try:
        given, layer = move(sign)
    except InputError:
        return None
    return _ratios(given, layer, _ions(given, _SAME_MESHES)).values


def _quantity(value: float, error: float, spread: float | None) -> Quantity:
    std = error if spread is None else math.hypot(error, spread)
    return Quantity(value, std, "1", _SOURCE)
