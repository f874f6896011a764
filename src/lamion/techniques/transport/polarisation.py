"""Transport properties from the records of a Li|Li cell, with intervals that may be open."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.models.transport.cell_response import hold
from lamion.numerics.profile_interval import ProfileInterval
from lamion.numerics.residual_correlation import is_correlated
from lamion.quantities import Answer, FigureData, Quantity
from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.fields import Checked, of
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule, prefixed
from lamion.quantities.quantity import Interval
from lamion.techniques.transport.inverse import CellFit, Measurement, fit_cell

_SOURCE = "polarisation, relaxation and spectrum together"
_EVEN = 0.15
_LARGE = 0.2
_FAR = 200.0
_SIGHT = math.log(30.0)


@dataclass(frozen=True)
class CellConditions(Checked):
    """What must be known about the cell besides its records.

    Parameters
    ----------
    thickness, area : Quantity
        Of the electrolyte and of one electrode.
    concentration, temperature : Quantity
        Of the salt, and of the cell.
    thermodynamic_factor : Quantity
        1 when ideal; the transference number depends on it.
    """

    thickness: Quantity = of("thickness")
    area: Quantity = of("area")
    concentration: Quantity = of("concentration")
    temperature: Quantity = of("temperature")
    thermodynamic_factor: Quantity = of("thermodynamic_factor")

    def spread(self, **powers: float) -> float:
        """Return the relative standard uncertainty of a product of powers.

        Parameters
        ----------
        **powers : float
            Of each fact.
        """
        return math.hypot(*(power * getattr(self, k).si_std / getattr(self, k).si for k, power in powers.items()))


def transport_properties(measured: Measurement, facts: CellConditions) -> Answer:
    r"""Find diffusivity, transference number and conductivity from a polarisation, its relaxation and a spectrum.

    .. math::
        \kappa = \frac{L}{A R_b}, \qquad
        1 - t_+ = \sqrt{\frac{F^2 D c_0 A R_D}{2 R T\chi L}}, \qquad \rho_+ = \frac{R_b}{R_b + R_D}

    Parameters
    ----------
    measured : Measurement
        The records.
    facts : CellConditions
        Of the cell.

    Returns
    -------
    Answer
        ``conductivity`` (S/cm), ``diffusivity`` (cm2/s), ``transference``, each with its interval, open where the
        data do not bound it, and left out where both ends are open (``notes.not_identifiable``);
        ``interfacial_resistance`` (ohm).

    Raises
    ------
    InputError
        As :func:`lamion.techniques.transport.inverse.fit_cell`; facts that are not positive.

    References
    ----------
    N. P. Balsara, J. Newman, J. Electrochem. Soc. 162 (2015) A2720, doi:10.1149/2.0651514jes (the relation of the
    resistances).

    Examples
    --------
    >>> from lamion.models.transport.film_impedance import Interface, diffusion_resistance, film_spectrum
    >>> from lamion.models.transport.uniform_film import UniformFilm
    >>> from lamion.records.measurements import CurrentTransient
    >>> film, rct = UniformFilm(1e-4, 8.92e-3, 0.35, 2000.0, 298.15), Interface(10e-4, 0.1)
    >>> spectrum = film_spectrum(film, np.geomspace(1e4, 0.1, 26), 1e-4, interfaces=(rct, rct))
    >>> time, ohmic = np.geomspace(10.0, 2e4, 40), 1e4 * film.ohmic_resistance + 20.0
    >>> rate = film.salt_diffusivity / film.thickness**2
    >>> answer = hold("voltage", 0.01, time, ohmic, 1e4 * diffusion_resistance(film), rate)
    >>> record = CurrentTransient(time, answer.current, answer.voltage)
    >>> facts = CellConditions(*(Quantity(v, None, u) for v, u in (
    ...     (100, "um"), (1, "cm2"), (2, "mol/L"), (25, "degC"), (1, "1"))))
    >>> round(transport_properties(Measurement(record, spectrum), facts).results["transference"].value, 4)
    0.35
    """
    found = fit_cell(measured)
    p = found.fit.parameters
    L, A = facts.thickness.si, facts.area.si
    unit = _per_anion(facts)
    given = {
        "conductivity": _given(
            found.bulk, float(p[0]), lambda x: 0.01 * L / (A * _exp(x)), "S/cm", facts.spread(thickness=1, area=-1)
        ),
        "diffusivity": _given(
            found.rate, float(p[5]), lambda x: 1e4 * L**2 * _exp(x), "cm2/s", facts.spread(thickness=2)
        ),
        "transference": _given(
            found.anion,
            found.product,
            lambda x: 1 - math.sqrt(_exp(x) / unit),
            "1",
            facts.spread(concentration=1, area=1, thickness=1, temperature=-1, thermodynamic_factor=-1),
        ),
    }
    results = {name: quantity for name, (quantity, _) in given.items() if quantity is not None}
    error = float(found.fit.standard_errors[1])
    if math.isfinite(error):
        interface = _exp(p[1])
        results["interfacial_resistance"] = Quantity(interface, interface * error, "ohm", _SOURCE)
    lost = [name for name, (quantity, _) in given.items() if quantity is None]
    return Answer(
        results,
        measured.polarisation.columns(),
        {
            "imposed": measured.imposed,
            "not_identifiable": lost,
            "bounds": {name: list(given[name][1]) for name in lost},
            "noise": found.noise,
            "model": "uniform film, small changes of concentration",
        },
        _doubts(found, measured, lost, None if "transference" in lost else _change(found, measured, facts)),
        {"polarisation": _figure(found, measured)},
        method=f"One linear model of a uniform film fitted to {_records(measured)} together; intervals from the "
        "profile of the misfit.",
    )


def _records(measured: Measurement) -> str:
    return "polarisation and spectrum" if measured.relaxation is None else "polarisation, relaxation and spectrum"


def _given(
    interval: ProfileInterval, best: float, value: Callable[[float], float], unit: str, spread: float
) -> tuple[Quantity | None, Interval]:
    """Return a quantity and its interval from that of a logarithm, widened by what the facts leave open.

    There is no quantity where both ends are open, or where one is and the best value drifted out of the other's sight.
    """
    ends = [
        None if end is None else best + math.copysign(math.hypot(end - best, spread), sign)
        for end, sign in ((interval.low, -1.0), (interval.high, 1.0))
    ]
    values = [None if end is None else value(end) for end in ends]
    bounds = (values[0], values[1]) if value(best + 0.1) > value(best) else (values[1], values[0])
    low, high = bounds
    if low is None or high is None:
        near = any(end is not None and abs(end - best) < _SIGHT for end in ends)
        return (Quantity(value(best), None, unit, _SOURCE, bounds) if near else None), bounds
    middle = value(best)
    below, above = middle - low, high - middle
    even = abs(below - above) <= _EVEN * (below + above)
    return Quantity(middle, 0.5 * (below + above), unit, _SOURCE, None if even else bounds), bounds


def _change(found: CellFit, measured: Measurement, facts: CellConditions) -> float:
    """Return the relative change of the concentration at the electrodes in the end."""
    p, current = found.fit.parameters, float(abs(np.mean(measured.polarisation.current)))
    flux = current * math.sqrt(_exp(found.product) / _per_anion(facts)) / (FARADAY * facts.area.si)
    return flux * facts.thickness.si / (2 * _exp(p[5]) * facts.thickness.si**2 * facts.concentration.si)


def _per_anion(facts: CellConditions) -> float:
    r"""Return :math:`R_D D/L^2` over :math:`(1 - t_+)^2`, ohm/s."""
    top = 2 * GAS * facts.temperature.si * facts.thermodynamic_factor.si
    return top / (FARADAY**2 * facts.concentration.si * facts.area.si * facts.thickness.si)


def _exp(x: float) -> float:
    return math.exp(min(max(x, -_FAR), _FAR))


def _doubts(found: CellFit, measured: Measurement, lost: list[str], change: float | None) -> tuple[str, ...]:
    doubts = [f"The data do not determine the {name}; notes.bounds holds what they exclude." for name in lost]
    for name, residuals in found.residuals.items():
        rows = residuals.reshape(2, -1) if name == "spectrum" else residuals[np.newaxis]
        if is_correlated(rows):
            doubts.append(
                f"The residuals of the {name} are not noise: the model leaves something out, and the intervals are too "
                "narrow."
            )
    if not found.fit.converged:
        doubts.append("The fit did not converge.")
    if change is not None and change > _LARGE:
        doubts.append(
            f"The polarisation changes the concentration at the electrodes by about {100 * change:.2g} %, where the "
            "linear model errs."
        )
    return tuple(doubts)


def _figure(found: CellFit, measured: Measurement) -> FigureData:
    record, p = measured.polarisation, found.fit.parameters
    held = measured.imposed == "voltage"
    offset = float(p[6]) if p.size > 6 else 0.0
    value = measured.value - (offset if held else 0.0)
    resistance, rate = _exp(p[0]) + _exp(p[1]), _exp(p[5])
    answer = hold(measured.imposed, value, record.time, resistance, _exp(p[4] - p[5]), rate)
    if held:
        panels = _beside(record.time, record.current, answer.current, "current", "A")
    else:
        panels = _beside(record.time, record.measured_voltage, answer.voltage + offset, "voltage", "V")
    return Figure(panels, columns=2, size=(7.6, 3.4), widths=(3, 2)).entitled(
        "Polarisation and the film that explains it"
    )


def _beside(
    time: NDArray[np.float64], measured: NDArray[np.float64], fitted: NDArray[np.float64], name: str, unit: str
) -> list[Panel]:
    """Return the record with its fit, and what the fit leaves over."""
    size, prefix = prefixed(float(np.max(np.abs(measured))), unit)
    both = [Points(time, measured / size, "measured", open=True), Line(time, fitted / size, "fit", 5)]
    rest = measured - fitted
    fine, finer = prefixed(float(np.max(np.abs(rest))), unit)
    left_over = [Points(time, rest / fine, open=True), Rule(0.0, "y", dash="solid")]
    return [
        Panel(both, Axis("time", "s"), Axis(name, prefix)),
        Panel(left_over, Axis("time", "s"), Axis("measured less fit", finer)),
    ]
