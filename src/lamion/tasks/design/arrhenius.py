"""Whether temperatures resolve the digits of an activation energy.

The series is simulated many times, each time with other noise and other errors of the temperature, and fitted. The
digits count as resolved where one standard uncertainty of such a fit is no larger than half of the last of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, Quantity, units
from lamion.quantities.constants import AVOGADRO
from lamion.synthetic.temperature_series import arrhenius_series
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import resolution_answer
from lamion.techniques.conduction.arrhenius_line import fit_arrhenius
from lamion.techniques.conduction.temperature_fit import temperature_series

_PREFACTOR = 1000.0
"""S/m; it moves no activation energy."""


@dataclass(frozen=True, eq=False)
class _Series:
    """A planned series: the activation energy in J/mol, the temperatures in K, and how it is repeated."""

    energy: float
    temperature: NDArray[np.float64]
    count: int
    seed: int

    def energies(self, noise: float, error: float) -> NDArray[np.float64]:
        """Return what repetitions would give, per particle in J."""
        random = np.random.default_rng(self.seed)
        T = self.temperature
        found = []
        for _ in range(self.count):
            true = T + error * random.standard_normal(len(T))
            series = arrhenius_series(true, self.energy, _PREFACTOR, noise=noise, seed=int(random.integers(2**31)))
            fit = fit_arrhenius(temperature_series(T, series.conductivity))
            found.append(fit.parameters["E"] / AVOGADRO)
        return np.array(found)


@task(
    results={
        "simulated_activation_energy": Result("eV", "median and scatter of the simulated fits", headline=True),
        "relative_uncertainty": Result("1", "of one such series", headline=True),
    },
    evidence="synthetic",
    example=(
        '--activation-energy "0.25 eV" --lowest "20 degC" --highest "80 degC" --points 7 --noise "2 %" '
        '--temperature-uncertainty "0.5 K" --quick'
    ),
    uncited="it fits straight lines to simulated series",
    random=True,
    quick=True,
    heavy=True,
)
def arrhenius(
    activation_energy: Annotated[
        Quantity, Option("with the digits that are asked about", unit="eV", example="0.25 eV", printed=True)
    ],
    lowest: Annotated[Quantity, Option("temperature", of="temperature", example="20 degC")],
    highest: Annotated[Quantity, Option("temperature", of="temperature", example="80 degC")],
    points: Annotated[int, Option("temperatures, evenly spaced", example="7", minimum=3, maximum=1000)],
    noise: Annotated[Quantity, Option("of each conductivity, relative", example="2 %")],
    temperature_uncertainty: Annotated[Quantity, Option("of each set point", unit="K", example="0.5 K")],
    context: Context,
) -> Answer:
    """Simulate the series."""
    T = np.linspace(lowest.si, highest.si, points)
    series = _Series(activation_energy.si * AVOGADRO, T, 100 if context.quick else 400, context.seed)
    error = temperature_uncertainty.si
    budget = {
        "the conductivities' noise": float(np.std(series.energies(noise.value, 0.0), ddof=1) / activation_energy.si),
        "the temperatures": float(np.std(series.energies(0.0, error), ddof=1) / activation_energy.si),
    }
    conditions = (
        f"{points} temperatures from {lowest} to {highest}, each known to {temperature_uncertainty}, "
        f"with {100 * noise.value:g} % noise"
    )
    values = series.energies(noise.value, error) * units.scale("J", activation_energy.unit)
    return resolution_answer("activation_energy", values, activation_energy, budget, conditions)
