"""Indentation curves to modulus and hardness, each number with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lamion.quantities import Answer, InputError, Quantity
from lamion.records.mechanics import IndentationCurve
from lamion.techniques.mechanics.cycle_reading import (
    BETAS,
    CycleReading,
    Settings,
    drift_left,
    frame_compliance,
    read_cycle,
)
from lamion.techniques.mechanics.indentation_figures import curve_figure, depth_figure
from lamion.techniques.mechanics.oliver_pharr import oliver_pharr_raw
from lamion.techniques.mechanics.probes import Probe
from lamion.techniques.mechanics.stated_contact import THIN
from lamion.techniques.mechanics.summary import Summary
from lamion.techniques.mechanics.unloading import cycles

_SOURCE = "Oliver and Pharr"
_MOST_TOLD = 4
_NOTABLE = 0.05
_LEVEL = 0.02


@dataclass(frozen=True, eq=False)
class _Read:
    """The curves that could be read, their unloadings, and why others could not."""

    curves: tuple[IndentationCurve, ...]
    summary: Summary
    refused: tuple[tuple[str, InputError], ...]
    settings: Settings


def indentation(curves: Sequence[IndentationCurve], settings: Settings) -> Answer:
    r"""Read modulus and hardness from the unloadings of one or several curves.

    .. math:: S = 2 \beta E_r \sqrt{A(h_c) / \pi}, \quad h_c = h_{max} - \epsilon P_{max} / S, \quad
              \frac{1}{E_r} = \frac{1 - \nu^2}{E} + \frac{1 - \nu_i^2}{E_i}

    Parameters
    ----------
    curves : sequence of IndentationCurve
        Indents into one sample, of one cycle of load or several each.
    settings : Settings
        Probe, Poisson's ratio and what else the curves do not say.

    Returns
    -------
    Answer
        ``modulus``, ``hardness`` (under a flat punch the mean pressure) and ``reduced_modulus``, GPa, the mean over the
        indents; a row for each unloading. The budget says what each source adds: noise and scatter are averaged, what
        all unloadings share is not.

    Raises
    ------
    InputError
        When no curve has an unloading that can be read: the first one's reason, such as a negative modulus.

    Notes
    -----
    Isotropic and linear elastic recovery; a viscous part of it is corrected by the rate of creep at the end of the
    hold, whose whole effect counts as a bound of its own uncertainty.

    References
    ----------
    W. C. Oliver, G. M. Pharr, J. Mater. Res. 7 (1992) 1564, doi:10.1557/JMR.1992.1564; 19 (2004) 3,
    doi:10.1557/jmr.2004.19.1.3. G. Feng, A. H. W. Ngan, J. Mater. Res. 17 (2002) 660, doi:10.1557/JMR.2002.0094.
    """
    read = _read(curves, settings)
    summary = read.summary
    results = summary.quantities(_SOURCE)
    if read.settings.straight:
        results["pressure"] = results.pop("hardness")
    if len(summary.every) > 1:
        results["scatter"] = Quantity(float(summary.scatter[0]) / 1e9, None, "GPa", _SOURCE)
    return Answer(
        results,
        _series(read),
        _notes(read),
        tuple(_warnings(read)),
        {"unloading": curve_figure(read.curves[0], summary.tests[0], read.settings), "moduli": depth_figure(summary)},
        method=_method(read),
        assumptions=tuple(_assumptions(read)),
        headline=("modulus", "hardness", "pressure", "reduced_modulus", "scatter"),
        synthetic=False,
    )


def _read(curves: Sequence[IndentationCurve], settings: Settings) -> _Read:
    kept: list[IndentationCurve] = []
    tests: list[list[CycleReading]] = []
    refused: list[tuple[str, InputError]] = []
    for curve in curves:
        found: list[CycleReading] = []
        every = cycles(curve.load)
        if not every:
            refused.append((_name(curve), _no_unloading(curve)))
        for number, cycle in enumerate(every, 1):
            try:
                found.append(read_cycle(curve, cycle, settings))
            except InputError as error:
                refused.append((_name(curve) if len(every) == 1 else f"{_name(curve)}, cycle {number}", error))
        if found:
            kept.append(curve)
            tests.append(found)
    if not kept:
        raise refused[0][1]
    return _Read(tuple(kept), Summary(tests), tuple(refused), settings)


def _name(curve: IndentationCurve) -> str:
    source = curve.source.name if curve.source is not None else "the curve"
    return f"test {curve.test} of {source}" if curve.test else source


def _no_unloading(curve: IndentationCurve) -> InputError:
    return InputError(
        f"The load of {_name(curve)} is never taken off: it never falls to 60 % of a peak.",
        "Only the loading was exported, or the load's sign is reversed.",
        "Give the whole curve, with loads that press positive.",
    )


def _series(read: _Read) -> dict[str, list[float | str | None]]:
    rows = [(curve, n, one) for curve, test in zip(read.curves, read.summary.tests, strict=True)
            for n, one in enumerate(test, 1)]  # fmt: skip
    pressed = "Pressure / GPa" if read.settings.straight else "Hardness / GPa"
    return {
        "Test": [curve.test or str(1 + read.curves.index(curve)) for curve, _, _ in rows],
        "Cycle / 1": [n for _, n, _ in rows],
        "Load / mN": [1e3 * one.cycle.peak for _, _, one in rows],
        "Depth / nm": [1e9 * one.reading.depth for _, _, one in rows],
        "Stiffness / uN/nm": [1e-3 * one.contact.stiffness for _, _, one in rows],
        "Contact Depth / nm": [1e9 * one.contact.depth for _, _, one in rows],
        "Area / um2": [1e12 * one.contact.area for _, _, one in rows],
        "Reduced Modulus / GPa": [one.contact.reduced / 1e9 for _, _, one in rows],
        "Modulus / GPa": [one.contact.modulus / 1e9 for _, _, one in rows],
        "Modulus, statistical / GPa": [float(one.parts["fit"][0]) / 1e9 for _, _, one in rows],
        pressed: [one.contact.hardness / 1e9 for _, _, one in rows],
        "Exponent / 1": [one.fit.exponent for _, _, one in rows],
        "Depth Left / 1": [one.depth_left for _, _, one in rows],
    }


def _notes(read: _Read) -> dict[str, object]:
    summary = read.summary
    budget = {name: float(size[0]) / 1e9 for name, size in summary.parts.items()}
    notes: dict[str, object] = {
        "budget of the modulus, GPa": dict(sorted(budget.items(), key=lambda one: -one[1])),
        "statistical part, GPa": float(summary.statistical[0]) / 1e9,
        "area": read.settings.probe.said(),
        "frame": _frame(read),
    }
    if read.settings.probe.shape == "berkovich" and read.settings.beta is None:
        notes["modulus at other beta, GPa"] = _at_other_beta(summary)
    if read.refused:
        notes["refused"] = {name: str(error) for name, error in read.refused}
    return notes


def _frame(read: _Read) -> str:
    curve, settings = read.curves[0], read.settings
    said = settings.corrected if settings.corrected is not None else curve.corrected
    stiffness = curve.frame_stiffness if settings.frame_stiffness is None else settings.frame_stiffness.si
    known = f"{stiffness:.4g} N/m" if stiffness else "of unknown stiffness"
    if said:
        return f"The depth is without the frame's compliance already ({known})."
    if frame_compliance(curve, settings):
        return f"The compliance of a frame of {known} was taken off."
    return "The frame's stiffness is not known: none was taken off."


def _method(read: _Read) -> str:
    settings, count = read.settings, len(read.summary.every)
    law = "a line" if settings.straight else "a power law"
    part = f"{100 * settings.upper:g} to {100 * settings.lower:g} % of the load"
    mean = f", mean of {count} unloadings of {len(read.curves)} indents" if count > 1 else ""
    return f"Stiffness of {law} through {part}, Oliver and Pharr's contact of a {settings.probe.words}{mean}."


def _at_other_beta(summary: Summary) -> dict[str, float]:
    """Return the mean modulus in GPa at each published beta, as the last unloading's changes with it."""
    last = summary.every[-1].reading
    own = oliver_pharr_raw(last).modulus
    mean = float(summary.values[0]) / 1e9
    return {f"{beta:g}": mean * oliver_pharr_raw(replace(last, beta=beta)).modulus / own for beta in BETAS}


def _assumptions(read: _Read) -> Iterator[str]:
    settings, summary = read.settings, read.summary
    open_by = {name: float(size[0]) / 1e9 for name, size in summary.parts.items()}
    area = open_by.get("area function", 0.0)
    yield settings.probe.said() + (f" It leaves the modulus open by {area:.2g} GPa." if area else "")
    yield _frame(read)
    if settings.probe.shape == "berkovich" and settings.beta is None:
        _, *others = _at_other_beta(summary).items()
        at = ", ".join(f"at {beta} it is {value:.4g} GPa" for beta, value in others)
        yield (
            f"beta is 1, as most instruments take it; {at}: that leaves the modulus open by {open_by['beta']:.2g} GPa. "
            "Where the area function was found with the same beta on a solid of known modulus it cancels: say --beta 1."
        )
    if not settings.poisson.std:
        # E goes with 1 - nu^2, but for the indenter's part
        off = 0.05 * 2 * settings.poisson.value / (1 - settings.poisson.value**2)
        given = f"{settings.poisson.value:g}"
        yield f"Poisson's ratio {given} is exact; 0.05 more would take {100 * off:.2g} % off the modulus."
    if settings.correct_creep and any(one.creep is not None for one in summary.every):
        largest = max(abs(one.reading.creep_compliance) / one.reading.compliance for one in summary.every)
        yield f"The rate of creep at the end of a hold corrects the stiffness by up to {100 * largest:.2g} %."


def _warnings(read: _Read) -> Iterator[str]:
    for name, error in read.refused[:_MOST_TOLD]:
        yield f"Left out, {name}: {error}"
    if len(read.refused) > _MOST_TOLD:
        yield f"{len(read.refused) - _MOST_TOLD} more unloadings were left out, for reasons in the notes."
    yield from _of_pressure(read)
    yield from _of_area(read)
    yield from _of_film(read)
    yield from _of_curve(read)


def _of_pressure(read: _Read) -> Iterator[str]:
    worst = max(read.summary.every, key=lambda one: one.contact.hardness / one.contact.reduced)
    share = worst.contact.hardness / worst.contact.reduced
    most = read.settings.probe.most_pressure
    if most is not None and share > most:
        yield (
            f"The mean pressure, {worst.contact.hardness / 1e9:.3g} GPa, is {share:.2g} of the reduced modulus; even a "
            f"wholly elastic contact of such a tip bears no more than {most:.2g} of it. The area is too small: the "
            "tip's area function or the frame's stiffness is not right, or lacks."
        )
    if read.settings.straight and worst.contact.hardness > worst.contact.modulus:
        yield (
            f"The mean pressure under the punch, {worst.contact.hardness / 1e9:.3g} GPa, is "
            f"{worst.contact.hardness / worst.contact.modulus:.2g} times the modulus: nothing stays elastic so far, so "
            "load, punch and film cannot all be what they are said to be."
        )
    if worst.contact.hardness > worst.reading.tip_modulus / 10:
        yield (
            f"The mean pressure, {worst.contact.hardness / 1e9:.3g} GPa, is above a tenth of the indenter's modulus, "
            "which would yield itself. Check load and radius."
        )


def _of_area(read: _Read) -> Iterator[str]:
    probe = read.settings.probe
    piled = [one for one in read.summary.every if one.piles_up]
    if piled:
        left = max(one.depth_left for one in piled)
        yield (
            f"{left:.2g} of the depth is left without load: above 0.7 a solid may pile up around the tip, and the true "
            "area then is up to 60 % larger, the modulus up to a quarter smaller. That stands in the uncertainty; an "
            "image of the imprint settles it."
        )
    depths = [one.contact.depth for one in read.summary.every]
    if probe.coefficients:
        ideal = Probe("berkovich")
        least = min(probe.area(depth) / ideal.area(depth) for depth in depths)
        if least < 1.0 - _NOTABLE:
            yield (
                f"The stated area function is down to {least:.2g} of an ideal Berkovich tip's, which a worn tip only "
                "exceeds: it does not belong to this tip or this depth. Give the one that was found there "
                "(--area-function)."
            )
    elif probe.shape == "berkovich" and probe.area_uncertainty(min(depths)) > _NOTABLE:
        yield (
            f"No area function is stated, and at a contact of {1e9 * min(depths):.3g} nm the tip's own roundness "
            f"matters: the area is open by {100 * probe.area_uncertainty(min(depths)):.2g} %. Give --area-function."
        )


def _of_film(read: _Read) -> Iterator[str]:
    thickness = read.settings.thickness
    deepest = max(one.reading.depth for one in read.summary.every)
    if thickness is not None and deepest > THIN * thickness.si:
        yield (
            f"The depth, {1e9 * deepest:.4g} nm, is {100 * deepest / thickness.si:.3g} % of the film's thickness; from "
            "10 % on its support is felt, so the modulus is one of both. Use a smaller load."
        )


def _of_curve(read: _Read) -> Iterator[str]:
    curve, settings = read.curves[0], read.settings
    said = settings.corrected if settings.corrected is not None else curve.corrected
    if not said and not frame_compliance(curve, settings):
        stiffest = max(one.contact.stiffness for one in read.summary.every)
        yield (
            f"The frame's stiffness is not known. One of {stiffest / _NOTABLE:.2g} N/m would make the contact 5 % "
            "stiffer than it seems. Give --frame-stiffness, or say --corrected."
        )
    first = int((curve.depth >= 0.0).argmax())
    if abs(curve.load[first]) > _LEVEL * curve.load.max():
        yield (
            f"The load is {1e3 * curve.load[first]:.3g} mN where the depth is zero: the surface was met before, and "
            "the depth is too small."
        )
    rate = max(drift_left(one, settings) for one in read.curves)
    loudest = max(float(one.parts.get("drift", [0.0])[0]) / float(one.values[0]) for one in read.summary.every)
    if loudest > _NOTABLE:
        yield (
            f"A drift of {1e9 * rate:.2g} nm/s changes the modulus by {100 * loudest:.2g} %. Take it off with "
            "--drift, or let the machine settle."
        )
    crept = max(abs(one.reading.creep_compliance) / one.reading.compliance for one in read.summary.every)
    if crept > 2 * _NOTABLE:
        yield (
            f"The creep at the end of the hold is {100 * crept:.2g} % of the unloading's compliance: hold longer or "
            "unload faster."
        )
