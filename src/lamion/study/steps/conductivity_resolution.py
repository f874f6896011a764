"""Would the impedance of a blocking cell, measured as stated, resolve the digits of a printed conductivity?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.resolution import resolution_answer
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum, sweep
from lamion.techniques.conduction.blocking_resistance import blocking_resistances

_DOUBLE_LAYER = 0.1
"""F/m2, 10 uF/cm2: the order of a polished metal's double layer."""


@dataclass(frozen=True, eq=False)
class _Draws:
    """Simulated cells: true values and what was read from their spectra, each of shape (n,), in SI."""

    thickness: NDArray[np.float64]
    area: NDArray[np.float64]
    leads: NDArray[np.float64]
    resistance: NDArray[np.float64]
    measured: NDArray[np.float64]


def run(inputs: Inputs) -> Answer:
    """Simulate the measurement many times, each time with other true thickness, area, leads and noise.

    Parameters
    ----------
    inputs : Inputs
        The printed ``conductivity``; ``thickness`` and ``area`` as known to the experimenter, with uncertainties;
        ``highest_frequency`` and ``lowest_frequency``; relative ``noise``; ``lead_uncertainty``, what remains of
        lead and contact resistance after correction.

    Returns
    -------
    Answer
        ``simulated_conductivity``, ``relative_uncertainty`` and a verdict; all of it synthetic.
    """
    printed, thickness, area = (
        inputs.quantity("conductivity"),
        inputs.quantity("thickness"),
        inputs.quantity("area"),
    )
    draws = _draw(inputs, 40 if inputs.quick else 200)
    # S/m to the printed unit; the experimenter divides by the nominal geometry, not by the true one.
    factor = printed.value / printed.si
    values = factor * thickness.si / (draws.measured * area.si)
    budget = {
        "the spectrum's noise": float(np.std(draws.measured / (draws.resistance + draws.leads), ddof=1)),
        "leads and contacts": float(np.std(draws.leads / draws.resistance, ddof=1)),
        "the thickness": float(np.std(draws.thickness, ddof=1) / thickness.si),
        "the area": float(np.std(draws.area, ddof=1) / area.si),
    }
    high, low = inputs.quantity("highest_frequency"), inputs.quantity("lowest_frequency")
    conditions = (
        f"blocking cells of {thickness} and {area} from {high} to {low} with "
        f"{100 * inputs.quantity('noise').value:g} % noise"
    )
    return resolution_answer("conductivity", values, printed, budget, conditions)


def _draw(inputs: Inputs, count: int) -> _Draws:
    random = np.random.default_rng(inputs.generator_seed())
    thickness, area = inputs.quantity("thickness"), inputs.quantity("area")
    true_thickness = random.normal(thickness.si, thickness.si_std, count)
    true_area = random.normal(area.si, area.si_std, count)
    leads = random.normal(0.0, inputs.quantity("lead_uncertainty").si, count)
    resistance = true_thickness / (inputs.quantity("conductivity").si * true_area)
    frequency = sweep(inputs.quantity("highest_frequency").si, inputs.quantity("lowest_frequency").si)
    spectra = [
        _spectrum(r, _DOUBLE_LAYER * a, frequency, inputs.quantity("noise").value, int(random.integers(2**31)))
        for r, a in zip(resistance + leads, true_area, strict=True)
    ]
    measured = [one.resistance for one in blocking_resistances(frequency, spectra)]
    return _Draws(true_thickness, true_area, leads, resistance, np.array(measured))


def _spectrum(
    resistance: float, electrode: float, frequency: NDArray[np.float64], noise: float, seed: int
) -> NDArray[np.complex128]:
    return blocking_cell_spectrum(BlockingCell(resistance, electrode), frequency, noise=noise, seed=seed).impedance


KIND = StepKind(
    run,
    evidence="synthetic",
    options={
        "conductivity": Option("quantity", "S/m", printed=True),
        "thickness": Option("quantity", "m", from_subject=True),
        "area": Option("quantity", "m2", from_subject=True),
        "highest_frequency": Option("quantity", "Hz"),
        "lowest_frequency": Option("quantity", "Hz"),
        "noise": Option("quantity", "1"),
        "lead_uncertainty": Option("quantity", "ohm"),
    },
    random=True,
    quick=True,
    heavy=True,
)
