"""A Raman spectrometer held against a standard: where its lines are found, and what is left once corrected."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Band, Figure, Line, Panel, Points
from lamion.records import RamanSpectrum
from lamion.techniques.spectra.shift_calibration import (
    MeasuredLine,
    ShiftCalibration,
    calibrate,
    measured_lines,
)
from lamion.techniques.spectra.standards import STANDARDS

_SOURCE = "a standard's line"
_OFF = 2.0
"""Standard uncertainties of the references' mean by which the lines together are off: then they are not calibrated."""
_UNIT = "1/cm"


def raman_calibration(
    record: RamanSpectrum, standard: str = "polystyrene", lines: Sequence[float] = (), check: Sequence[float] = ()
) -> Answer:
    r"""Hold a spectrometer against a standard's lines.

    .. math:: \nu_\mathrm{true} = \nu - (a + b\,(\nu - \bar\nu))

    Parameters
    ----------
    record : RamanSpectrum
        Of the standard, as the instrument gave it.
    standard : str
        ``"polystyrene"`` or ``"silicon"``.
    lines : sequence of float
        Which of its lines the correction rests on, 1/cm; all that are seen but those to check without them.
    check : sequence of float
        Lines that are not used, and corrected by the others.

    Returns
    -------
    Answer
        ``off`` at the middle of the lines, ``LINE.position`` of every line, and ``LINE.calibrated`` of those to check,
        1/cm. The verdict is calibrated or not calibrated: whether the lines together are off by more than their
        references leave.

    Raises
    ------
    InputError
        When no line is seen, or a line is not the standard's.

    References
    ----------
    ASTM E1840; N. Itoh, N. Hanari, Anal. Sci. 37 (2021) 1533, doi:10.2116/analsci.21P054; N. Itoh, K. Shirono, J.
    Raman Spectrosc. 52 (2021), doi:10.1002/jrs.6003.
    """
    checked = measured_lines(record, standard, check) if len(check) else ()
    left_out = {one.reference for one in checked}
    found = [one for one in measured_lines(record, standard, lines) if one.reference not in left_out]
    if not found:
        raise InputError("Every line is to be checked, none is left to calibrate by.", "", "Check fewer lines.")
    calibration = calibrate(found, standard)
    every = sorted([*found, *checked], key=lambda one: one.reference)
    results = {"off": Quantity(calibration.offset, calibration.uncertainty_at(calibration.middle), _UNIT, _SOURCE)}
    results |= {f"{one.reference:g}.position": one.position.quantity(_UNIT, _SOURCE) for one in every}
    results |= {f"{one.reference:g}.calibrated": _calibrated(one, calibration) for one in checked}
    uncertainty = STANDARDS[standard].uncertainty
    off = max(abs(float(calibration.off_at(one.position.value))) for one in found)
    verdict = "calibrated" if off <= _OFF * uncertainty else "not calibrated"
    return Answer(
        results,
        {
            "Line / 1/cm": [one.reference for one in every],
            "Position / 1/cm": [one.position.value for one in every],
            "Position uncertainty / 1/cm": [one.position.deviation for one in every],
            "Off / 1/cm": [one.deviation for one in every],
            "Used": ["no" if one.reference in left_out else "yes" for one in every],
        },
        {"reference_uncertainty_1_cm": uncertainty, "slope": calibration.slope},
        _doubts(found, calibration, verdict),
        {"calibration": _figure(found, checked, calibration, uncertainty)},
        verdict=verdict,
        reason=f"The lines of {standard} are off by up to {off:.1f} 1/cm, and known to {uncertainty:g} 1/cm each.",
        method=f"One {'offset' if len(found) < 3 else 'straight line'} through {len(found)} lines of {standard}.",
        headline=("off", "*.calibrated", "*.position"),
    )


def _calibrated(one: MeasuredLine, calibration: ShiftCalibration) -> Quantity:
    deviation = float(np.hypot(one.position.deviation or 0.0, calibration.uncertainty_at(one.reference)))
    value = one.position.value - float(calibration.off_at(one.position.value))
    return Quantity(value, deviation, _UNIT, _SOURCE)


def _doubts(found: Sequence[MeasuredLine], calibration: ShiftCalibration, verdict: str) -> tuple[str, ...]:
    said = []
    if verdict == "not calibrated":
        said.append(
            f"The shift is off by {calibration.offset:+.1f} 1/cm at {calibration.middle:.0f} 1/cm: the laser's "
            "wavelength or the grating's position is another than the program believes. Correct it with this spectrum "
            "as --calibration."
        )
    if len(found) == 1:
        said.append("One line tells an offset only: far from it the shift may be off by more.")
    return tuple(said)


def _figure(
    found: Sequence[MeasuredLine], checked: Sequence[MeasuredLine], calibration: ShiftCalibration, uncertainty: float
) -> FigureData:
    every = [one.reference for one in (*found, *checked)]
    x = np.linspace(min(every) - 50.0, max(every) + 50.0, 60)
    y = calibration.off_at(x)
    sizes = np.array([calibration.uncertainty_at(float(at)) for at in x])
    traces = [Band(x, y - sizes, y + sizes), Line(x, y, "off by")]
    for lines, label, open_ in ((found, "used", False), (checked, "checked", True)):
        if lines:
            errors = [float(np.hypot(uncertainty, one.position.deviation or 0.0)) for one in lines]
            at, off = [one.reference for one in lines], [one.deviation for one in lines]
            traces.append(Points(at, off, label, color="ink", y_error=errors, open=open_))
    return Figure(
        [Panel(traces, Axis("Raman shift", _UNIT), Axis("found less reference", _UNIT), legend="above")]
    ).entitled("A standard's lines")
