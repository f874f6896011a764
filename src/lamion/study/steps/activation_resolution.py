"""Would conductivities at the stated temperatures resolve the digits of a printed activation energy?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, units
from lamion.quantities.constants import AVOGADRO
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.resolution import resolution_answer
from lamion.synthetic.temperature_series import arrhenius_series
from lamion.techniques.conduction.arrhenius_line import fit_arrhenius
from lamion.techniques.conduction.temperature_fit import temperature_series

_PREFACTOR = 1000.0
"""S/m; it moves no activation energy."""


def run(inputs: Inputs) -> Answer:
    """Simulate the series many times, each with other noise and other errors of the temperature.

    Parameters
    ----------
    inputs : Inputs
        The printed ``activation_energy``; ``lowest`` and ``highest`` temperature and the number of ``points``, evenly
        spaced; ``noise``, relative, of each conductivity; ``temperature_uncertainty`` of each set point.

    Returns
    -------
    Answer
        ``simulated_activation_energy``, ``relative_uncertainty`` and a verdict; all of it synthetic.
    """
    printed = inputs.quantity("activation_energy")
    noise, error = inputs.quantity("noise").value, inputs.quantity("temperature_uncertainty").si
    count = 100 if inputs.quick else 400
    energies = _draw(inputs, noise, error, count)
    budget = {
        "the conductivities' noise": float(np.std(_draw(inputs, noise, 0.0, count), ddof=1) / printed.si),
        "the temperatures": float(np.std(_draw(inputs, 0.0, error, count), ddof=1) / printed.si),
    }
    low, high, points = inputs.quantity("lowest"), inputs.quantity("highest"), inputs.options["points"]
    conditions = (
        f"{points} temperatures from {low} to {high}, each known to {inputs.quantity('temperature_uncertainty')}, "
        f"with {100 * noise:g} % noise"
    )
    factor = units.scale("J", printed.unit)
    return resolution_answer("activation_energy", energies * factor, printed, budget, conditions)


def _draw(inputs: Inputs, noise: float, error: float, count: int) -> NDArray[np.float64]:
    """Return activation energies per particle in J."""
    random = np.random.default_rng(inputs.generator_seed())
    molar = inputs.quantity("activation_energy").si * AVOGADRO
    T = np.linspace(inputs.quantity("lowest").si, inputs.quantity("highest").si, inputs.options["points"])
    energies = []
    for _ in range(count):
        true = T + error * random.standard_normal(len(T))
        series = arrhenius_series(true, molar, _PREFACTOR, noise=noise, seed=int(random.integers(2**31)))
        fit = fit_arrhenius(temperature_series(T, series.conductivity))
        energies.append(fit.parameters["E"] / AVOGADRO)
    return np.array(energies)


KIND = StepKind(
    run,
    evidence="synthetic",
    options={
        "activation_energy": Option("quantity", "eV", printed=True),
        "lowest": Option("quantity", "K"),
        "highest": Option("quantity", "K"),
        "points": Option("integer", at_least=3, at_most=1000),
        "noise": Option("quantity", "1"),
        "temperature_uncertainty": Option("quantity", "K"),
    },
    random=True,
    quick=True,
    heavy=True,
)
