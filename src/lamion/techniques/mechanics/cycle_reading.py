"""One unloading read: its modulus and hardness, and what each source of doubt would change of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError, Quantity
from lamion.records.mechanics import IndentationCurve
from lamion.techniques.mechanics.creep import Creep, creep, low_hold_drift
from lamion.techniques.mechanics.oliver_pharr import Contact, Reading, oliver_pharr_raw
from lamion.techniques.mechanics.probes import DIAMOND_MODULUS, DIAMOND_POISSON, Probe
from lamion.techniques.mechanics.unloading import Cycle, UnloadingFit, fit_unloading

Array = NDArray[np.float64]
BETAS = (1.0, 1.034, 1.05)
"""By which a pyramid is stiffer than a cone: as in the first papers, King 1987 (triangle), Oliver and Pharr 2004."""
_PILES_UP, _PILED_AREA = 0.7, 1.6
"""Depth left over the largest, from which a solid may pile up, and by how much the area then is too small at most."""
_UPPER, _LOWER = (0.98, 0.95, 0.9), (0.2, 0.3, 0.4, 0.5)
"""Parts of an unloading that are as good a choice as any; below half a flat punch's is no line."""
_LOWER_STRAIGHT = (0.4, 0.5, 0.6, 0.7)
_ONE_SIDED = math.sqrt(3)
_AT_START = 5
_STEP = 1e-4


@dataclass(frozen=True)
class Settings:
    """What the curves do not say.

    Parameters
    ----------
    probe : Probe
        The indenter's shape.
    poisson : Quantity
        Of the sample.
    beta : Quantity, optional
        By which the contact is stiffer than that of a round punch; without it 1, and how far that is open.
    frame_stiffness : Quantity, optional
        The machine's, in place of the file's.
    corrected : bool, optional
        Whether the depth is without the frame's compliance already, where the file is silent.
    tip_modulus, tip_poisson : float
        Of the indenter, Pa and 1.
    upper, lower : float
        Which part of an unloading is fitted, over its largest load.
    drift : Quantity, optional
        Rate that is taken off the depth.
    correct_creep : bool
        Whether the stiffness is corrected by the rate of creep.
    thickness : Quantity, optional
        Of the film that is indented.
    """

    probe: Probe
    poisson: Quantity
    beta: Quantity | None = None
    frame_stiffness: Quantity | None = None
    corrected: bool | None = None
    tip_modulus: float = DIAMOND_MODULUS
    tip_poisson: float = DIAMOND_POISSON
    upper: float = 0.95
    lower: float = 0.4
    drift: Quantity | None = None
    correct_creep: bool = True
    thickness: Quantity | None = None

    @property
    def straight(self) -> bool:
        """Whether the unloading is a line."""
        return self.probe.shape == "flat-punch"


@dataclass(frozen=True, eq=False)
class CycleReading:
    """What one unloading shows.

    Parameters
    ----------
    cycle : Cycle
        Where it is.
    fit : UnloadingFit
        Of the unloading.
    reading : Reading
        What went into the contact.
    contact : Contact
        What came out.
    parts : Mapping of str to array, shape (3,)
        Standard uncertainties of modulus, hardness and reduced modulus by their source, Pa.
    creep : Creep or None
        At the end of the hold.
    """

    cycle: Cycle
    fit: UnloadingFit
    reading: Reading
    contact: Contact
    parts: Mapping[str, Array] = field(default_factory=dict)
    creep: Creep | None = None

    @property
    def values(self) -> Array:
        """Modulus, hardness and reduced modulus, Pa."""
        return _values(self.reading)

    @property
    def depth_left(self) -> float:
        """The depth without load over that at the peak, both by the fit and without the frame's compliance."""
        return self.fit.residual_depth / (self.reading.depth - self.reading.frame_compliance * self.reading.load)

    @property
    def piles_up(self) -> bool:
        """Whether a sharp tip left so much depth that the solid may have piled up around it."""
        return self.reading.probe.shape == "berkovich" and self.depth_left > _PILES_UP


def undrifted(curve: IndentationCurve, settings: Settings) -> Array:
    """Return the depth in m without the drift that was stated."""
    if settings.drift is None or curve.time is None:
        return curve.depth
    return np.asarray(curve.depth - settings.drift.si * (curve.time - curve.time[0]))


def frame_compliance(curve: IndentationCurve, settings: Settings) -> float:
    """Return what of the machine's compliance is in the depth, m/N: none where it was taken off or nobody knows it."""
    corrected = settings.corrected if settings.corrected is not None else curve.corrected
    if corrected:
        return 0.0
    if settings.frame_stiffness is not None:
        return 1.0 / settings.frame_stiffness.si
    return 0.0 if not curve.frame_stiffness else 1.0 / curve.frame_stiffness


def read_cycle(curve: IndentationCurve, cycle: Cycle, settings: Settings) -> CycleReading:
    """Read one unloading.

    Parameters
    ----------
    curve : IndentationCurve
        The whole curve.
    cycle : Cycle
        Where it is unloaded.
    settings : Settings
        What the curve does not say.

    Raises
    ------
    InputError
        When the unloading cannot be fitted, or less than nothing is left for the contact.
    """
    found = measured_cycle(curve, cycle, settings)
    return replace(found, parts=_parts(curve, undrifted(curve, settings), found, settings))


def measured_cycle(curve: IndentationCurve, cycle: Cycle, settings: Settings) -> CycleReading:
    """Read one unloading without its budget; as for :func:`read_cycle`."""
    depth = undrifted(curve, settings)
    fit = fit_unloading(depth, curve.load, cycle, settings.upper, settings.lower, straight=settings.straight)
    crept = None if curve.time is None else creep(curve.time, depth, curve.load, cycle)
    reading = _reading(curve, depth, cycle, fit, settings, crept)
    return CycleReading(cycle, fit, reading, oliver_pharr_raw(reading), {}, crept)


def _reading(
    curve: IndentationCurve, depth: Array, cycle: Cycle, fit: UnloadingFit, settings: Settings, crept: Creep | None
) -> Reading:
    first = max(cycle.hold, cycle.start - _AT_START + 1)
    correction = crept.compliance if crept is not None and settings.correct_creep else 0.0
    return Reading(
        cycle.peak, float(np.mean(depth[first : cycle.start + 1])), fit.compliance, settings.poisson.value,
        settings.probe, frame_compliance(curve, settings), correction,
        1.0 if settings.beta is None else settings.beta.value, 1.0, settings.tip_modulus, settings.tip_poisson,
    )  # fmt: skip


def _values(reading: Reading) -> Array:
    found = oliver_pharr_raw(reading)
    return np.array([found.modulus, found.hardness, found.reduced])


def _changed(reading: Reading, **changes: Any) -> Array:
    """Return how modulus, hardness and reduced modulus would differ; nan where there would be none."""
    try:
        return _values(replace(reading, **changes)) - _values(reading)
    except InputError:
        return np.full(3, math.nan)


def _slope(reading: Reading, name: str, size: float) -> Array:
    """Return the change that a standard uncertainty of one input makes, linearly."""
    if not size:
        return np.zeros(3)
    at = float(getattr(reading, name))
    step = _STEP * (abs(at) or size)
    return np.asarray(_changed(reading, **{name: at + step}) / step * size)


def _parts(curve: IndentationCurve, depth: Array, found: CycleReading, settings: Settings) -> dict[str, Array]:
    """Return the standard uncertainties by their source."""
    reading, fit = found.reading, found.fit
    count = min(_AT_START, found.cycle.start - found.cycle.hold + 1)
    scatter = math.sqrt(float(np.sum(fit.residuals**2)) / max(fit.freedom, 1) / count)
    compliance = fit.covariance[1, 1]
    if found.creep is not None and settings.correct_creep:
        compliance += (found.creep.rate_std / found.creep.unloading) ** 2
    parts = {
        "fit": np.hypot(_slope(reading, "compliance", math.sqrt(compliance)), _slope(reading, "depth", scatter)),
        "part of the unloading": _of_fraction(curve, depth, found, settings),
        "area function": _slope(reading, "area_factor", settings.probe.area_uncertainty(found.contact.depth)),
        "Poisson's ratio": _slope(reading, "poisson", settings.poisson.std or 0.0),
        "beta": _of_beta(reading, settings),
        "creep": _changed(reading, creep_compliance=0.0) / _ONE_SIDED,
        "drift": _of_drift(curve, found, settings),
        "frame": _of_frame(reading, settings),
    }
    if found.piles_up:
        parts["pile-up"] = _changed(reading, area_factor=reading.area_factor * _PILED_AREA) / _ONE_SIDED
    return {name: np.abs(np.nan_to_num(size)) for name, size in parts.items() if np.any(size != 0.0)}


def _of_fraction(curve: IndentationCurve, depth: Array, found: CycleReading, settings: Settings) -> Array:
    """Return the scatter over parts of the unloading that are as good a choice."""
    values = []
    for upper in _UPPER:
        for lower in _LOWER_STRAIGHT if settings.straight else _LOWER:
            try:
                fit = fit_unloading(depth, curve.load, found.cycle, upper, lower, straight=settings.straight)
                values.append(_values(replace(found.reading, compliance=fit.compliance)))
            except InputError:
                continue
    return np.std(values, axis=0, ddof=1) if len(values) > 1 else np.zeros(3)


def _of_beta(reading: Reading, settings: Settings) -> Array:
    if settings.probe.shape != "berkovich":
        return np.zeros(3)
    if settings.beta is not None:
        return _slope(reading, "beta", settings.beta.std or 0.0)
    return np.asarray(_changed(reading, beta=BETAS[-1]) / _ONE_SIDED)


def _of_drift(curve: IndentationCurve, found: CycleReading, settings: Settings) -> Array:
    """Return what the drift that is left, or the uncertainty of what was taken off, does to depth and stiffness."""
    rate = drift_left(curve, settings)
    if not rate or curve.time is None:
        return np.zeros(3)
    start, stop = found.cycle.start, found.cycle.stop
    lasted = float(curve.time[start] - curve.time[0])
    unloading = found.cycle.peak / max(float(curve.time[stop] - curve.time[start]), 1e-9)
    changed = {"depth": found.reading.depth - rate * lasted, "compliance": found.reading.compliance + rate / unloading}
    return _changed(found.reading, **changed)


def drift_left(curve: IndentationCurve, settings: Settings) -> float:
    """Return the rate in m/s that may still be in the depth: noted, or seen while a low load rests."""
    if settings.drift is not None:
        return abs(settings.drift.si_std)
    if curve.drift_left is False or curve.time is None:
        return 0.0
    if curve.drift is not None:
        return abs(curve.drift)
    seen = low_hold_drift(curve.time, curve.depth, curve.load)
    return 0.0 if seen is None else math.hypot(*seen)


def _of_frame(reading: Reading, settings: Settings) -> Array:
    stiffness = settings.frame_stiffness
    if stiffness is None or not stiffness.std or not reading.frame_compliance:
        return np.zeros(3)
    return _slope(reading, "frame_compliance", reading.frame_compliance * stiffness.si_std / stiffness.si)
