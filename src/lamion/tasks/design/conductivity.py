"""Whether a blocking cell resolves the digits of a conductivity.

The measurement is simulated many times, each time with another true thickness, area, lead resistance and noise, and
read as a conductivity with the nominal geometry. The digits count as resolved where one standard uncertainty of such a
measurement is no larger than half of the last of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, Quantity
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import resolution_answer
from lamion.tasks.options.measured_spectrum import SpectrumOptions
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


@task(
    results={
        "simulated_conductivity": Result("S/cm", "median and scatter of the simulated measurements", headline=True),
        "relative_uncertainty": Result("1", "of one such measurement", headline=True),
    },
    evidence="synthetic",
    example=(
        '--conductivity "5.62e-4 S/cm" --thickness "9 ± 0.3 um" --area "2.01 ± 0.02 cm2" --highest-frequency "1e5 Hz" '
        '--lowest-frequency "0.1 Hz" --noise "0.3 %" --lead-uncertainty "0.02 ohm" --quick'
    ),
    cites=("boukamp1986", "brug1984", "irvine1990"),
    random=True,
    quick=True,
    heavy=True,
)
def conductivity(
    conductivity: Annotated[Quantity, Option("with the digits that are asked about", printed=True)],
    thickness: Annotated[Quantity, Option("of the film", subject=True)],
    area: Annotated[Quantity, Option("of one electrode", subject=True)],
    lead_uncertainty: Annotated[
        Quantity, Option("what remains of leads and contacts after correction", unit="ohm", example="0.02 ohm")
    ],
    spectrum: SpectrumOptions,
    context: Context,
) -> Answer:
    """Simulate the measurement."""
    draws = _draw(conductivity, thickness, area, lead_uncertainty, spectrum, context)
    # S/m to the printed unit; the experimenter divides by the nominal geometry, not by the true one.
    factor = conductivity.value / conductivity.si
    values = factor * thickness.si / (draws.measured * area.si)
    budget = {
        "the spectrum's noise": float(np.std(draws.measured / (draws.resistance + draws.leads), ddof=1)),
        "leads and contacts": float(np.std(draws.leads / draws.resistance, ddof=1)),
        "the thickness": float(np.std(draws.thickness, ddof=1) / thickness.si),
        "the area": float(np.std(draws.area, ddof=1) / area.si),
    }
    conditions = f"blocking cells of {thickness} and {area} {spectrum.conditions}"
    return resolution_answer("conductivity", values, conductivity, budget, conditions)


def _draw(
    conductivity: Quantity,
    thickness: Quantity,
    area: Quantity,
    lead_uncertainty: Quantity,
    spectrum: SpectrumOptions,
    context: Context,
) -> _Draws:
    count = 40 if context.quick else 200
    random = np.random.default_rng(context.seed)
    true_thickness = random.normal(thickness.si, thickness.si_std, count)
    true_area = random.normal(area.si, area.si_std, count)
    leads = random.normal(0.0, lead_uncertainty.si, count)
    resistance = true_thickness / (conductivity.si * true_area)
    frequency, noise = spectrum.frequency, spectrum.noise.value
    spectra = [
        _spectrum(r, _DOUBLE_LAYER * a, frequency, noise, int(random.integers(2**31)))
        for r, a in zip(resistance + leads, true_area, strict=True)
    ]
    measured = [one.resistance for one in blocking_resistances(frequency, spectra)]
    return _Draws(true_thickness, true_area, leads, resistance, np.array(measured))


def _spectrum(
    resistance: float, electrode: float, frequency: NDArray[np.float64], noise: float, seed: int
) -> NDArray[np.complex128]:
    return blocking_cell_spectrum(BlockingCell(resistance, electrode), frequency, noise=noise, seed=seed).impedance
