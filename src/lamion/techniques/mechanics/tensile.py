"""Tensile curves to modulus, strength, elongation and toughness."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule
from lamion.quantities.level import coverage_factor
from lamion.records.mechanics import ElongationCurve, TensileCurve
from lamion.techniques.mechanics.tensile_raw import HIGH, LOW, Array, Tensile, engineering, tensile_raw

_SOURCE = "tensile test"
_NAMES = {
    "modulus": ("MPa", 1e-6), "strength": ("MPa", 1e-6), "true_strength": ("MPa", 1e-6),
    "strain_at_strength": ("1", 1.0), "elongation_at_break": ("1", 1.0), "toughness": ("MJ/m3", 1e-6),
}  # fmt: skip
_OF_SECTION = ("modulus", "strength", "true_strength", "toughness")
_CURVED = 0.1


@dataclass(frozen=True)
class Strip:
    """What the curves do not say.

    Parameters
    ----------
    low, high : float
        Strains between which the modulus is read.
    length : Quantity, optional
        Between the grips or marks, where the file has an elongation.
    section : Quantity, optional
        Cross-section, where it has a force.
    true : bool
        Whether stress and strain of the file are true ones.
    """

    low: float = LOW
    high: float = HIGH
    length: Quantity | None = None
    section: Quantity | None = None
    true: bool = False


@dataclass(frozen=True, eq=False)
class _Pulled:
    """One strip."""

    name: str
    strain: Array
    stress: Array
    found: Tensile

    @property
    def values(self) -> dict[str, float]:
        one = self.found
        numbers = (
            one.slope.modulus, one.strength, one.true_strength, one.strain_at_strength, one.strain_at_break,
            one.toughness,
        )  # fmt: skip
        return dict(zip(_NAMES, numbers, strict=True))


def tensile(curves: Sequence[TensileCurve | ElongationCurve], strip: Strip | None = None) -> Answer:
    r"""Read one strip or several of one material.

    .. math:: \sigma = F / A_0, \quad \varepsilon = \Delta l / l_0, \quad E = d\sigma / d\varepsilon

    Parameters
    ----------
    curves : sequence of TensileCurve or ElongationCurve
        One each strip.
    strip : Strip
        What they do not say.

    Returns
    -------
    Answer
        ``modulus``, ``strength`` and ``true_strength`` (MPa), ``strain_at_strength``, ``elongation_at_break`` and
        ``toughness`` (MJ/m3), the mean over the strips. Strength, strains and toughness are engineering ones. The
        uncertainty of the modulus is that of its line, of the choice of its range, of cross-section and length, and of
        the scatter between strips; a strip that did not break gives no elongation at break and no toughness.

    Raises
    ------
    InputError
        When a force has no cross-section or an elongation no length, or the modulus cannot be read.

    References
    ----------
    ISO 527-1:2019, Plastics: determination of tensile properties.
    """
    strip = strip or Strip()
    pulled = [_pulled(curve, strip) for curve in curves]
    broke = all(one.found.broke for one in pulled)
    results = {name: _quantity(name, pulled, strip) for name in _NAMES}
    if not broke:
        for name in ("elongation_at_break", "toughness"):
            del results[name]
    return Answer(
        results,
        _series(pulled),
        {"budget of the modulus, MPa": {name: 1e-6 * size for name, size in _parts("modulus", pulled, strip).items()}},
        tuple(_warnings(curves, pulled)),
        {"tension": _figure(pulled[0])},
        {} if broke else {"elongation_at_break": "1", "toughness": "MJ/m3"},
        method=(
            f"Modulus from a line between strains of {strip.low:g} and {strip.high:g}; strength, strains and toughness "
            f"are engineering ones, counted from where that line has no stress; {len(pulled)} "
            f"{'strip' if len(pulled) == 1 else 'strips'}."
        ),
        assumptions=tuple(_assumptions(curves, strip)),
        headline=("modulus", "strength", "elongation_at_break", "toughness"),
    )


def _pulled(curve: TensileCurve | ElongationCurve, strip: Strip) -> _Pulled:
    name = curve.source.name if curve.source is not None else "the curve"
    if isinstance(curve, ElongationCurve):
        if strip.length is None or strip.section is None:
            raise InputError(
                f"{name} holds a force against an elongation.",
                "Stress and strain need the strip's size.",
                'Give --length "20 mm" and --section "0.05 mm2".',
            )
        strain, stress = curve.elongation / strip.length.si, curve.force / strip.section.si
    else:
        strain, stress = curve.strain, curve.stress
    if strip.true:
        strain, stress = engineering(strain, stress)
    return _Pulled(name, strain, stress, tensile_raw(strain, stress, strip.low, strip.high))


def _parts(name: str, pulled: Sequence[_Pulled], strip: Strip) -> dict[str, float]:
    """Return the standard uncertainties of a mean in SI by source."""
    values = np.array([one.values[name] for one in pulled])
    mean, count = float(values.mean()), len(pulled)
    parts: dict[str, float] = {}
    if name == "modulus":
        parts["fit"] = float(np.sqrt(np.mean([one.found.slope.modulus_std**2 for one in pulled]) / count))
        parts["range of strain"] = float(np.mean([one.found.range_std for one in pulled]))
    elif name in ("strength", "true_strength"):
        parts["noise"] = float(np.mean([one.found.noise for one in pulled])) / math.sqrt(count)
    if count > 1:
        scatter = coverage_factor(freedom=count - 1) * float(np.std(values, ddof=1)) / math.sqrt(count)
        parts["scatter"] = math.sqrt(max(scatter**2 - parts.get("fit", parts.get("noise", 0.0)) ** 2, 0.0))
    if strip.section is not None and strip.section.std and name in _OF_SECTION:
        parts["cross-section"] = mean * strip.section.si_std / strip.section.si
    if strip.length is not None and strip.length.std and name not in ("strength", "true_strength"):
        parts["length"] = mean * strip.length.si_std / strip.length.si
    return parts


def _quantity(name: str, pulled: Sequence[_Pulled], strip: Strip) -> Quantity:
    unit, scale = _NAMES[name]
    mean = float(np.mean([one.values[name] for one in pulled]))
    parts = _parts(name, pulled, strip)
    std = math.sqrt(sum(size**2 for size in parts.values())) if parts else None
    return Quantity(scale * mean, None if std is None else scale * std, unit, _SOURCE)


def _series(pulled: Sequence[_Pulled]) -> dict[str, list[float | str | None]]:
    titles = {name: f"{name.replace('_', ' ').capitalize()} / {unit}" for name, (unit, _) in _NAMES.items()}
    return {
        "Strip": [one.name for one in pulled],
        **{title: [_NAMES[name][1] * one.values[name] for one in pulled] for name, title in titles.items()},
        "Zero of the strain / 1": [one.found.slope.zero for one in pulled],
        "Broke": ["yes" if one.found.broke else "no" for one in pulled],
    }


def _assumptions(curves: Sequence[TensileCurve | ElongationCurve], strip: Strip) -> Iterator[str]:
    if strip.true:
        yield "The file's stress and strain are true ones, of a strip that keeps its volume and has no neck."
    else:
        yield "The file's stress and strain are engineering ones, over the first cross-section and length."
    if any(isinstance(one, ElongationCurve) for one in curves):
        yield "The elongation is that of the strip alone, without the grips' slip and the machine's compliance."


def _warnings(curves: Sequence[TensileCurve | ElongationCurve], pulled: Sequence[_Pulled]) -> Iterator[str]:
    standing = [one.name for one in pulled if not one.found.broke]
    if standing:
        yield (
            f"{', '.join(standing[:3])}: the stress never falls to half of the largest, so the strip did not break in "
            "the record: elongation at break and toughness are not known."
        )
    if any(isinstance(one, ElongationCurve) for one in curves):
        yield (
            "An elongation of the crosshead holds what grips and machine give: then the modulus is a lower bound. Give "
            "the strain of an extensometer for the modulus itself."
        )
    curved = [one for one in pulled if one.found.range_std > _CURVED * one.found.slope.modulus]
    if curved:
        share = max(one.found.range_std / one.found.slope.modulus for one in curved)
        yield (
            f"The modulus depends on the range of strain by {100 * share:.2g} %: no part of the curve is straight "
            "there. Choose the range with --low and --high, and state it with the number."
        )
    late = [one for one in pulled if abs(one.found.slope.zero - one.strain[0]) > one.found.slope.high]
    if late:
        yield (
            f"The line has no stress at a strain of {late[0].found.slope.zero:.3g}, far from the curve's beginning: "
            "the strip was slack, or pulled before."
        )


def _figure(one: _Pulled) -> FigureData:
    found = one.found
    upto = slice(None, found.last + 1)
    percent, stress = 100.0 * (one.strain - found.slope.zero), 1e-6 * one.stress
    line = np.array([0.0, 2.0 * found.slope.high])
    near = percent[upto] <= 400.0 * found.slope.high
    fitted = Line(100.0 * line, 1e-6 * found.slope.modulus * line, "line of the modulus", color=1)
    whole = [
        Points(percent, stress, "measured", color="ink", marker="dot"),
        fitted,
        Rule(1e-6 * found.strength, axis="y", label="strength", dash="dashed"),
    ]
    ends = [Rule(100.0 * end, dash="dotted") for end in (found.slope.low, found.slope.high)]
    close = [Points(percent[upto][near], stress[upto][near], "measured", color="ink", marker="dot"), fitted, *ends]
    axes = Axis("engineering strain", "%"), Axis("engineering stress", "MPa")
    return Figure(
        [Panel(whole, *axes), Panel(close, *axes, title="where the modulus is read", legend="")],
        columns=2, size=(8.0, 3.4),
    ).entitled("Tension of a strip")  # fmt: skip
