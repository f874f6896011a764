"""Thermogravimetry: steps of a mass, what drifts in it, and what they say of a mixture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.constants import ZERO_CELSIUS
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule, Span
from lamion.records.thermal import ThermalCurve
from lamion.techniques.thermal.blank import without_blank
from lamion.techniques.thermal.composition import Assigned, composition_of
from lamion.techniques.thermal.mass_steps import Step, Thermogram, thermogram_raw
from lamion.techniques.thermal.ramps import Ramp, Run, named, ramps_raw, run_of

Array = NDArray[np.float64]
SOURCE = "TGA run"
WINDOW = 15.0
"""K, over which the rate of loss is read."""
_DRAWN = 1500
_CLEAR = 3.0
_WEIGHED = 0.02


@dataclass(frozen=True)
class TgaChoice:
    """What a person says of a TGA run.

    Parameters
    ----------
    rate : float, optional
        K/s, of a record without time.
    window : float
        K, over which the rate of loss is read.
    blank : ThermalCurve, optional
        The empty crucible through the same programme.
    drift : Quantity, optional
        Standard uncertainty of the balance and of buoyancy over the run, a mass.
    components : tuple of Assigned
        What leaves in which step.
    """

    rate: float | None = None
    window: float = WINDOW
    blank: ThermalCurve | None = None
    drift: Quantity | None = None
    components: tuple[Assigned, ...] = ()


def tga(record: ThermalCurve, choice: TgaChoice | None = None) -> Answer:
    r"""Read the steps of a thermogram.

    .. math:: w_k = \frac{m(T_{k-1}) - m(T_k)}{m_0}

    Parameters
    ----------
    record : ThermalCurve
        With a mass, or its fraction.
    choice : TgaChoice
        What is known of it.

    Returns
    -------
    Answer
        ``total_loss`` and ``residue`` from the first row to the last; ``stepN.loss``, ``stepN.begin``, ``.fastest`` and
        ``.end`` (degC); ``apparent_gain`` where the mass rises above its first row; ``mass_fraction.NAME`` of each
        component that was said.

    Raises
    ------
    InputError
        When there is no mass, or a component cannot be read.

    Notes
    -----
    In a hotter gas the crucible weighs more, by some 10 ug for each 10 mm3 in nitrogen up to 800 degC; the balance
    drifts besides. A gain of mass that no reaction explains is one of these, counted as an uncertainty of its own.

    References
    ----------
    P. Gabbott (ed.), Principles and Applications of Thermal Analysis, Blackwell 2008, doi:10.1002/9780470697702.

    Examples
    --------
    >>> t = np.arange(0.0, 4000.0, 2.0)
    >>> m = 1e-5 * (1.0 - 0.3 / (1 + np.exp(-(t - 2000.0) / 60.0)))
    >>> m += np.random.default_rng(1).normal(0.0, 1e-9, len(t))
    >>> answer = tga(ThermalCurve(300.0 + t / 6.0, t, mass=m))
    >>> round(answer["step1.loss"].value, 3), round(answer["step1.fastest"].value)
    (0.3, 360)
    """
    choice = choice or TgaChoice()
    run = run_of(record, choice.rate)
    mass = _mass(run, choice)
    ramp = _main_ramp(run)
    drift = 0.0 if choice.drift is None else choice.drift.si / _first(run)
    found = thermogram_raw(run.time, mass, choice.window / abs(ramp.rate), drift)
    found = replace(found, steps=tuple(step for step in found.steps if step.loss.value > _CLEAR * _noise(step)))
    results = _results(run, found)
    losses = {k: results[f"step{k}.loss"] for k in range(1, len(found.steps) + 1)}
    shares = composition_of(choice.components, losses, results["residue"])
    results |= {f"mass_fraction.{name}": value for name, value in shares.items()}
    parts = {"total_loss": _told(found.total.parts)}
    parts |= {f"step{k}.loss": _told(step.loss.parts) for k, step in enumerate(found.steps, 1)}
    return Answer(
        results,
        series=_table(run, found),
        notes={"uncertainty": parts, "ramp": str(ramp)},
        warnings=(*run.warnings, *_doubts(run, mass, found, choice), *_too_much(shares)),
        method=(
            f"Steps between minima of the rate of loss, read over {choice.window:g} K; plateaus by straight lines "
            f"through such a window; {ramp}; fractions are of the mass in the first row"
            f"{', a blank taken off' if choice.blank is not None else ''}."
        ),
        assumptions=tuple(_assumptions(choice)),
        figures={"tga": _figure(run, mass, found, ramp)},
        headline=("total_loss", "step*.loss", "residue", "mass_fraction.*"),
    )


def _noise(step: Step) -> float:
    return step.loss.parts["noise"]


def _told(parts: Mapping[str, float]) -> dict[str, float]:
    return {name: float(f"{size:.3g}") for name, size in parts.items() if size > 0.0}


def _mass(run: Run, choice: TgaChoice) -> Array:
    record = run.record
    if choice.blank is not None:
        return without_blank(record, choice.blank)
    mass = record.mass if record.mass is not None else record.mass_fraction
    if mass is None:
        raise InputError(f"{named(record)} holds no mass.", "It is a heat flow alone.", "Give a run of a balance.")
    if not mass[0] > 0.0:
        raise InputError(
            f"The mass of {named(record)} begins with {mass[0]:g}.",
            "It may be a change from zero, to which the sample's mass was not added.",
            "Give the mass itself, or its fraction of the first.",
        )
    return run.of(mass)


def _first(run: Run) -> float:
    """Return the first mass in kg, of which a drift in mg is a part."""
    record = run.record
    if record.mass is not None:
        return float(record.mass[0])
    if record.sample_mass is None:
        raise InputError(
            "A drift in mg says nothing of a mass that is a fraction.",
            f"{named(record)} does not say what its sample weighs.",
            "Leave --drift out, or give the run in mg.",
        )
    return record.sample_mass


def _main_ramp(run: Run) -> Ramp:
    """Return the ramp over most of the temperature."""
    found = ramps_raw(run.time, run.temperature)
    if not found:
        raise InputError(
            f"{named(run.record)} holds no part in which the temperature changes steadily.",
            "It is isothermal, or too short.",
            "Give a run with a ramp.",
        )
    return max(found, key=lambda ramp: ramp.high - ramp.low)


def _results(run: Run, found: Thermogram) -> dict[str, Quantity]:
    total = found.total
    results = {
        "total_loss": Quantity(total.value, total.std, "1", SOURCE),
        "residue": Quantity(1.0 - total.value, total.std, "1", SOURCE),
    }
    if found.gain:
        results["apparent_gain"] = Quantity(found.gain, found.noise, "1", SOURCE)
    for k, step in enumerate(found.steps, 1):
        results[f"step{k}.loss"] = Quantity(step.loss.value, step.loss.std, "1", SOURCE)
        for name, row in (("begin", step.begin), ("fastest", step.fastest), ("end", step.end)):
            results[f"step{k}.{name}"] = Quantity(float(run.temperature[row]) - ZERO_CELSIUS, None, "degC", SOURCE)
    return results


def _table(run: Run, found: Thermogram) -> dict[str, list[float]]:
    steps = found.steps
    celsius = run.temperature - ZERO_CELSIUS
    return {
        "Step / 1": [float(k) for k in range(1, len(steps) + 1)],
        "Begin / degC": [float(celsius[step.begin]) for step in steps],
        "Fastest / degC": [float(celsius[step.fastest]) for step in steps],
        "End / degC": [float(celsius[step.end]) for step in steps],
        "Loss / %": [100.0 * step.loss.value for step in steps],
        "Loss uncertainty / %": [100.0 * step.loss.std for step in steps],
    } if steps else {}  # fmt: skip


def _doubts(run: Run, mass: Array, found: Thermogram, choice: TgaChoice) -> Iterator[str]:
    if found.gain:
        size = f"{1e6 * found.gain * mass[0]:.2g} mg" if run.record.mass is not None else f"{100 * found.gain:.2g} %"
        highest = 100.0 * (1.0 - mass[-1] / (mass[0] * (1.0 + found.gain)))
        over, blank = 100.0 * (found.gain + found.total.value), choice.blank is not None
        until = f"{run.temperature[found.gained] - ZERO_CELSIUS:.0f} degC"
        remedy = "The blank did not take it away." if blank else "Measure the empty crucible, and give it as --blank."
        yield (
            f"The mass gains {size} ({100 * found.gain:.3g} %) until {until}, which is drift or buoyancy unless the "
            f"sample takes up gas: from there the loss is {over:.3g} % of the first mass ({highest:.3g} % of the "
            f"largest), not {100 * found.total.value:.4g} %. It is counted in full. {remedy}"
        )
    lost = [k for k, step in enumerate(found.steps, 1) if not step.separate]
    if lost:
        words = f"Step {lost[0]}" if len(lost) == 1 else f"Steps {', '.join(map(str, lost))}"
        yield f"{words}: the rate does not fall to a tenth beside it, so it shares its mass with its neighbour."
    if not found.steps:
        yield "No step stands out of the noise: the loss from the first row to the last is all that can be said."
    small = [k for k, step in enumerate(found.steps, 1) if step.loss.parts["gain"] > step.loss.value]
    if small:
        yield f"The gain is larger than what {'step ' + str(small[0])} loses: that step may be drift as well."
    weighed, first = run.record.sample_mass, run.record.mass
    if weighed and first is not None and abs(first[0] / weighed - 1.0) > _WEIGHED:
        yield (
            f"The first row has {1e6 * first[0]:.4g} mg and the header {1e6 * weighed:.4g} mg: fractions are of the "
            "first row; what was lost before is not in them."
        )


def _too_much(shares: Mapping[str, Quantity]) -> Iterator[str]:
    whole = sum(one.value for one in shares.values())
    error = float(np.hypot.reduce([one.std or 0.0 for one in shares.values()])) if shares else 0.0
    if whole - 1.0 > 2.0 * error:
        yield (
            f"The components make {whole:.3g} of the mass, more than all of it: another one leaves in these steps too, "
            "what stays is not only what was said, or it stays as something else."
        )


def _assumptions(choice: TgaChoice) -> Iterator[str]:
    if choice.blank is None:
        yield "No blank was taken off: buoyancy and drift of the empty crucible are in the mass (--blank)."
    if choice.drift is None:
        yield "Only a drift that shows as a gain is in the uncertainties (--drift states one)."
    for one in choice.components:
        where = f"step {one.step}" if one.step else "what is left"
        stays = f", leaving {one.stays:.4g} of its mass" if one.stays else ""
        yield f"All of {where} is {one.name}{stays}, as was said: a thermogram does not tell what leaves."


def _figure(run: Run, mass: Array, found: Thermogram, ramp: Ramp) -> FigureData:
    kept = slice(None, None, max(1, len(mass) // _DRAWN))
    T, percent = run.temperature[kept] - ZERO_CELSIUS, 100.0 * mass[kept] / mass[0]
    celsius = run.temperature - ZERO_CELSIUS
    spans = [
        Span(begin, end, label=f"step {k}: {100 * step.loss.value:.1f} %", color=k - 1)
        for k, step in enumerate(found.steps, 1)
        for begin, end in [celsius[[step.begin, step.end]].tolist()]
    ]
    rules = [Rule(100.0, axis="y", color="faint")] if found.gain else []
    upper: list[Points | Span | Rule] = [*spans, Points(T, percent, "measured", color="ink", marker="dot"), *rules]
    loss = 100.0 * found.rate[kept] / abs(ramp.rate)
    lower = [Line(T, loss, "rate of loss", color="ink")]
    x = Axis("temperature", "degC")
    return Figure(
        [
            Panel(upper, x, Axis("mass, of the first", "%")),
            Panel(lower, x, Axis("rate of loss", "%/K"), legend=""),
        ],
        size=(6.0, 5.2),
        heights=(2.2, 1.0),
        share_x=True,
    ).entitled(f"TGA, {ramp}")
